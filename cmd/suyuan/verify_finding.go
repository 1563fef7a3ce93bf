package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// verifyFinding divides again what a finding divided, from the log as it was
// known then, and holds both together. All of the log is read, whatever a
// snapshot says, and every event checked on the way.
func verifyFinding(ctx context.Context, out io.Writer, at place, id, lang string) error {
	h, err := at.readWhole(ctx)
	if err != nil {
		return notVerified(err)
	}
	defer func() { _ = h.store.Close() }()
	var again view.Recomputed
	h.view.Read(func(r *view.Rows) { again, err = r.Recompute(id) })
	if v := again.Version; v.N > 0 && again.OtherMethod() {
		return said(lang, fmt.Sprintf("核验未通过：认定 %s 第 %d 版按另一种方法（第 %d 版取证与说明方法）作出，本程序对这一结果用的是第 %d 版；请用当时的程序核验，这不说明记录被改动过", id, v.N, v.Method, again.Method),
			fmt.Sprintf("not verified: version %[2]d of the finding %[1]s was explained by another method, version %[3]d of how evidence is read and explained; this program explains this outcome by version %[4]d. Verify it with a program of that time; this does not say that anything was altered", id, v.N, v.Method, again.Method))
	}
	if e := ledger.AsError(err); err != nil && e.Code != ledger.NotFound {
		return said(lang, fmt.Sprintf("核验未通过：按当时的账本已无法重算认定 %s：%s", id, e.Text.Zh), fmt.Sprintf("not verified: the log as it was known then allows no division for the finding %s any more: %s", id, e.Text.En))
	}
	if err != nil {
		return err
	}
	if !again.Same() {
		tellDifference(out, again, lang)
		return said(lang, fmt.Sprintf("核验未通过：认定 %s 与按账本重算的结果不符；它所依据的记录被改动过，请取另一份副本比对", id),
			fmt.Sprintf("not verified: the finding %s is not what the log gives again; something it rests on was changed, compare with another copy", id))
	}
	say := func(zh, en string) { fmt.Fprintln(out, inLang(lang, zh, en)) }
	v := again.Version
	say(fmt.Sprintf("核验无误：认定 %s 第 %d 版，依据截至第 %d 号事件的账本和第 %d 版参数重算，份额与哈希一致", id, v.N, v.Known, v.Policy),
		fmt.Sprintf("verified: finding %s, version %d, divided again from the log up to event %d under version %d of the parameters: the same shares, the same hash", id, v.N, v.Known, v.Policy))
	events := make([]string, 0, len(again.Events))
	for _, o := range again.Events {
		events = append(events, "#"+strconv.FormatUint(o, 10))
	}
	say("说明的哈希："+again.Hash, "hash of the explanation: "+again.Hash)
	say("所依据的事件："+strings.Join(events, " "), "events it rests on: "+strings.Join(events, " "))
	for _, s := range again.Shares {
		fmt.Fprintf(out, "  %-20s %5d\n", s.Unit, s.Points)
	}
	if v.Override != nil {
		say("本版份额经审议员另定，理由和依据见认定；以上为计算所得", "a reviewer set other shares for reasons that the finding gives; these are the computed ones")
	}
	return nil
}

// tellDifference names what the finding says and what comes out again.
func tellDifference(out io.Writer, x view.Recomputed, lang string) {
	differs := func(zh, en, was, is string) {
		if was != is {
			fmt.Fprintf(out, "  %s: %s → %s\n", inLang(lang, zh, en), was, is)
		}
	}
	fmt.Fprintln(out, inLang(lang, "认定所载 → 重算所得：", "what the finding says → what comes out again:"))
	differs("取证与说明方法的版本", "version of the method", strconv.Itoa(x.Version.Method), strconv.Itoa(x.Method))
	differs("说明的哈希", "hash of the explanation", x.Version.Hash, x.Hash)
	differs("结论", "outcome", x.Version.Outcome, x.Outcome)
	differs("不能计算的原因", "why it cannot be divided", x.Version.Refused, x.Refused)
	differs("问题的起点", "where it began", x.Version.Originating, x.Originating)
	differs("暂定", "provisional", strconv.FormatBool(x.Version.Provisional), strconv.FormatBool(x.Provisional))
	differs("提示", "flags", strings.Join(x.Version.Flags, " "), strings.Join(x.Flags, " "))
	units := x.Shares
	for _, s := range x.Version.Computed {
		if !slices.ContainsFunc(units, func(u finding.Share) bool { return u.Unit == s.Unit }) {
			units = append(slices.Clone(units), finding.Share{Unit: s.Unit})
		}
	}
	for _, u := range units {
		differs(u.Unit, u.Unit, shareOf(x.Version.Computed, u.Unit), shareOf(x.Shares, u.Unit))
	}
	if !slices.Equal(x.Standing, x.Left) {
		fmt.Fprintln(out, inLang(lang, "  现有份额不是原认定减去申诉决定所减的份额", "  the shares that stand are not those issued less what the appeals removed"))
	}
	for _, n := range x.Unvoted {
		fmt.Fprintf(out, inLang(lang, "  第 %d 次申诉的决定不是合议表决的结果\n", "  appeal %d was decided otherwise than two of its panel voted\n"), n)
	}
	if x.Version.Override == nil && !slices.Equal(x.Version.Shares, x.Version.Computed) {
		fmt.Fprintln(out, inLang(lang, "  认定的份额不是计算所得，又没有写明由谁另定", "  the shares of the finding are not the computed ones, and nobody is on record for having set others"))
	}
}

func shareOf(list []finding.Share, code string) string {
	for _, s := range list {
		if s.Unit == code {
			return fmt.Sprintf("%d (%s)", s.Points, s.Mass)
		}
	}
	return "0"
}
