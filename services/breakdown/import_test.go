package breakdown_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/breakdown"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

var area = mandate.Measure{Key: "area", Name: "面积", Kind: mandate.Divisible, Dimension: mandate.Quantity, Unit: "亩"}

// small is a county with two townships, each with villages of the same names.
func small(t tester) *world {
	w := newWorld(t)
	w.unit("99", "云岭省", "")
	w.unit("9901", "清泽市", "99")
	w.unit("990101", "望溪县", "9901")
	for _, town := range []struct{ code, name string }{{"990101001", "青穗镇"}, {"990101002", "柳浦镇"}} {
		w.unit(town.code, town.name, "990101")
		for i, v := range []string{"东村", "西村", "南村"} {
			w.unit(fmt.Sprintf("%s00%d", town.code, i+1), v, town.code)
		}
	}
	w.unit("990101002004", "北村", "990101002")
	w.mandate("task", "990101", area)
	return w
}

var county = breakdown.Header{ID: "sheet", Issuer: "990101"}

func (w *world) options() breakdown.Options {
	return breakdown.Options{Measures: []breakdown.Measure{{Mandate: "task", Measure: area}}}
}

func TestReceiversAreFoundOrNamed(t *testing.T) {
	w := small(t)
	for _, c := range []struct{ name, csv, want string }{
		{"by code", "代码,任务数\n990101001001,1\n", ""},
		{"by a code with zeros behind it", "代码,任务数\n990101001000,1\n", ""},
		{"by a name that is the only one", "单位,任务数\n北村,1\n", ""},
		{"by its township", "乡镇,村,任务数\n青穗镇,东村,1\n柳浦镇,东村,1\n", ""},
		{"of several", "单位,任务数\n东村,1\n", "“东村”有几个：东村 990101001001, 东村 990101002001"},
		{"of none", "单位,任务数\n中村,1\n", "没有名为“中村”的单位"},
		{"near one", "单位,任务数\n青穗,1\n", "相近的有 青穗镇 990101001"},
		{"outside the territory", "单位,任务数\n清泽市,1\n", "990101 的区域内没有名为“清泽市”的单位"},
		{"a code that nobody has", "代码,任务数\n990101009,1\n", "没有代码为“990101009”的单位"},
		{"a code that is none", "代码,任务数\n12345,1\n", "单位代码“12345”不合规范"},
		{"a code of another name", "代码,单位,任务数\n990101001001,西村,1\n", "代码 990101001001 登记的是“东村”，表中写的是“西村”"},
		{"under another township", "乡镇,村,任务数\n青穗镇,北村,1\n", "表中写在“青穗镇”之下，登记的上级是“柳浦镇”"},
		{"twice", "代码,任务数\n990101001001,1\n990101001001,2\n", "与第 2 行是同一单位"},
		{"itself", "单位,任务数\n望溪县,1\n", "不能给自己下达"},
	} {
		plan, err := w.plan("x.csv", []byte(c.csv), county, w.options())
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(ledger.AsError(err).Text.Zh, c.want) {
			t.Errorf("%s: %+v, %v, want %q", c.name, plan, err, c.want)
		}
	}
}

func TestChangesAndOnlyThoseAreAmended(t *testing.T) {
	w := small(t)
	due := time.Date(2022, 6, 30, 18, 0, 0, 0, ledger.Beijing)
	yes := true
	w.make(issuance.Make{ID: "sheet", Issuer: "990101", Lines: []issuance.Line{
		{To: "990101001", Amounts: []issuance.Amount{{Measure: "task/area", Value: "10", Base: "8"}}, Due: &due, DirectedBy: "9901", Authority: &yes,
			Given: []issuance.Resource{{Kind: "money", Amount: "5"}, {Kind: "people", Amount: "2"}}},
		{To: "990101002", Amounts: []issuance.Amount{{Measure: "task/area", Value: "20.50"}}, Due: &due},
	}})
	for _, c := range []struct {
		csv  string
		want string // what is submitted, or part of what is refused
	}{
		{"单位,任务数\n青穗镇,10\n柳浦镇,20.5\n合计,30.5\n", ""},
		{"单位,任务数,基数\n青穗镇,10,8.0\n柳浦镇,20.5,\n", ""},
		{"单位,任务数\n青穗镇,11\n柳浦镇,20.5\n", `{"id":"sheet","line":{"to":"990101001","amounts":[{"measure":"task/area","value":"11","base":"8"}],"due":"2022-06-30T18:00:00+08:00","directedBy":"9901","authority":true,"given":[{"kind":"money","amount":"5"},{"kind":"people","amount":"2"}]}}`},
		{"单位,任务数,基数\n青穗镇,10,\n柳浦镇,20.5,\n", `{"id":"sheet","line":{"to":"990101001","amounts":[{"measure":"task/area","value":"10"}],"due":"2022-06-30T18:00:00+08:00","directedBy":"9901","authority":true,"given":[{"kind":"money","amount":"5"},{"kind":"people","amount":"2"}]}}`},
		{"单位,任务数,截止日期\n青穗镇,10,2022-06-30 18:00\n柳浦镇,20.5,\n", `{"id":"sheet","line":{"to":"990101002","amounts":[{"measure":"task/area","value":"20.5"}]}}`},
		{"单位,任务数\n青穗镇,10\n柳浦镇,20.5\n北村,1\n", `{"id":"sheet","line":{"to":"990101002004","amounts":[{"measure":"task/area","value":"1"}]}}`},
		{"单位,任务数\n青穗镇,10\n", "账上有、表中没有的接收单位 1 个：柳浦镇 990101002"},
		{"单位,任务数\n青穗镇,10\n柳浦镇,20.5\n本级,1\n", "本级自留与账上登记的不同"},
	} {
		plan, err := w.plan("x.csv", []byte(c.csv), breakdown.Header{ID: "sheet"}, breakdown.Options{})
		switch {
		case err != nil:
			if c.want == "" || !strings.Contains(ledger.AsError(err).Text.Zh, c.want) {
				t.Errorf("%q: %v, want %q", c.csv, err, c.want)
			}
		case c.want == "" && len(plan.Steps) > 0:
			t.Errorf("%q is amended: %s", c.csv, plan.Steps[0].Input)
		case c.want != "" && (len(plan.Steps) != 1 || string(plan.Steps[0].Input) != c.want):
			t.Errorf("%q: %+v, want %s", c.csv, plan.Steps, c.want)
		}
	}
	if _, err := w.plan("x.csv", []byte("单位,任务数\n青穗镇,10\n"), breakdown.Header{ID: "sheet", Issuer: "9901"}, w.options()); err == nil || !strings.Contains(err.Error(), "breakdown.other_issuer") {
		t.Errorf("another issuer: %v", err)
	}
	if err := (breakdown.Header{ID: "new"}).Begins([]string{"task"}); err == nil || !strings.Contains(err.Error(), "breakdown.new") {
		t.Errorf("nobody's: %v", err)
	}
}

// Frequencies and lists are written as they are handed down, a changed one is
// amended, and nothing in a CSV file is taken for a formula or a date.
func TestFrequenciesListsAndFormulas(t *testing.T) {
	w := small(t)
	w.unit("990101003", "=HYPERLINK(1)", "990101")
	w.mandate("more", "990101", mandate.Measure{Key: "patrols", Name: "巡查", Kind: mandate.Intensity, Dimension: mandate.Frequency},
		mandate.Measure{Key: "photos", Name: "材料", Kind: mandate.Set, Dimension: mandate.Trace})
	w.make(issuance.Make{ID: "sheet", Issuer: "990101", Lines: []issuance.Line{{To: "990101003", Amounts: []issuance.Amount{
		{Measure: "more/patrols", Value: "2/14"}, {Measure: "more/photos", Items: []string{"日照片", "轨迹"}},
	}}}})
	out := string(w.export("sheet", "zh-CN", "x.csv"))
	if want := "\uFEFF行政区划代码,单位名称,巡查,材料\r\n990101003,'=HYPERLINK(1),'1/7,\"日照片\r\n轨迹\"\r\n,合计,,\r\n"; out != want {
		t.Errorf("%q, want %q", out, want)
	}
	for _, c := range []struct{ from, to, want string }{
		{"1/7", "2/7", `{"measure":"more/patrols","value":"2/7"},{"measure":"more/photos","items":["日照片","轨迹"]}`},
		{"'1/7", "", `"line":{"to":"990101003","amounts":[{"measure":"more/photos","items":["日照片","轨迹"]}]}`},
		{"轨迹", "签到", `{"measure":"more/patrols","value":"1/7"},{"measure":"more/photos","items":["日照片","签到"]}`},
	} {
		plan, err := w.plan("x.csv", []byte(strings.Replace(out, c.from, c.to, 1)), breakdown.Header{ID: "sheet"}, breakdown.Options{})
		w.must(err)
		if len(plan.Steps) != 1 || !strings.Contains(string(plan.Steps[0].Input), c.want) {
			t.Errorf("%s for %s: %+v", c.to, c.from, plan)
		}
	}
	hidden := "代码,材料\n990101003,签到\n"
	if _, err := w.plan("x.csv", []byte(hidden), breakdown.Header{ID: "sheet"}, breakdown.Options{}); err == nil || !strings.Contains(err.Error(), "breakdown.frequency_hidden") {
		t.Errorf("a frequency out of sight is written anew: %v", err)
	}
}

// The same change made twice, with another in between, is made twice; the
// same change sent twice is made once.
func TestKeysHoldWhereTheRecordStood(t *testing.T) {
	w := small(t)
	a, b := []byte("单位,任务数\n青穗镇,10\n"), []byte("单位,任务数\n青穗镇,11\n")
	for i, data := range [][]byte{a, b, a, b} {
		plan, err := w.plan("x.csv", data, county, w.options())
		w.must(err)
		if len(plan.Steps) != 1 {
			t.Fatalf("change %d: %d steps", i, len(plan.Steps))
		}
		w.carry(plan, "990101", 1)
		before := w.view.Position()
		w.carry(plan, "990101", 1)
		if w.view.Position() != before {
			t.Fatalf("change %d was made twice", i)
		}
	}
	if got := w.on("sheet")[0].Lines[0].Amounts[0].Value; got != "11" {
		t.Errorf("%s", got)
	}
}

// A sheet that is too long goes in parts. Interrupted anywhere and sent again
// it is whole, and the same as sent at once.
func TestPartsAndInterruptions(t *testing.T) {
	w := newWorld(t)
	w.unit("99", "云岭省", "")
	w.unit("9901", "清泽市", "99")
	w.unit("990101", "望溪县", "9901")
	w.unit("990101001", "青穗镇", "990101")
	w.mandate("task", "990101", area)
	var sheet bytes.Buffer
	sheet.WriteString("代码,任务数\n")
	const n = issuance.MaxLines + 3
	for i := range n {
		town := fmt.Sprintf("9901%02d%03d", 1+i/900, 2+i%900)
		if i%900 == 0 && i > 0 {
			w.unit(town[:6], "县"+town[:6], "9901")
		}
		w.unit(town, "镇"+town, town[:6])
		fmt.Fprintf(&sheet, "%s,%d\n", town, i)
	}
	plan, err := w.plan("x.csv", sheet.Bytes(), county, w.options())
	w.must(err)
	if plan.Parts != 2 || len(plan.Steps) != 2 || plan.Added != n {
		t.Fatalf("%d parts, %d steps", plan.Parts, len(plan.Steps))
	}
	w.carry(plan, "990101", 1) // interrupted
	rest, err := w.plan("x.csv", sheet.Bytes(), county, w.options())
	w.must(err)
	if len(rest.Steps) != 1 || !bytes.Equal(rest.Steps[0].Input, plan.Steps[1].Input) || rest.Same != issuance.MaxLines {
		t.Fatalf("%+v", rest)
	}
	w.carry(rest, "990101", 1)
	again, err := w.plan("x.csv", sheet.Bytes(), county, w.options())
	w.must(err)
	if len(again.Steps) != 0 || again.Same != n {
		t.Fatalf("%+v", again)
	}
	for _, format := range []string{"x.csv", "x.xlsx"} {
		back, err := w.plan(format, w.export("sheet", "en", format), county, w.options())
		w.must(err)
		if len(back.Steps) != 0 || back.Same != n {
			t.Fatalf("%s: %+v", format, back)
		}
	}
	first, err := w.plan("x.csv", []byte("代码,任务数\n990101002,1\n"), breakdown.Header{ID: "sheet-p1", WithdrawMissing: true}, breakdown.Options{})
	w.must(err)
	if first.Withdrawn != issuance.MaxLines-1 || first.Changed != 1 {
		t.Errorf("a part by itself: %+v", first)
	}
}

// Whatever is on record: written out and read back it changes nothing.
func TestWhatIsWrittenOutComesBackUnchanged(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		w.unit("99", "云岭省", "")
		towns := rapid.IntRange(1, 5).Draw(rt, "towns")
		for i := range towns {
			w.unit(fmt.Sprintf("99%02d", i+1), rapid.SampledFrom([]string{"东村", "本级", "合计", "=1+1", "'东村", "望溪县", "村,\"x\"", "注：村"}).Draw(rt, "name"), "99")
		}
		measures := drawMeasures(rt)
		w.mandate("task", "99", measures...)
		m := issuance.Make{ID: "sheet", Issuer: "99", Lines: drawLines(rt, towns, measures)}
		if rapid.Bool().Draw(rt, "stated") {
			m.Stated = []issuance.Amount{drawAmount(rt, measures[0])}
			m.Stated[0].Base = ""
		}
		w.make(m)
		lang := rapid.SampledFrom([]string{"zh-CN", "en"}).Draw(rt, "lang")
		for _, format := range []string{"x.csv", "x.xlsx"} {
			plan, err := w.plan(format, w.export("sheet", lang, format), breakdown.Header{ID: "sheet"}, breakdown.Options{})
			if err != nil {
				rt.Fatalf("%s: %v\n%s", format, ledger.AsError(err).Text.Zh, w.export("sheet", lang, "x.csv"))
			}
			if len(plan.Steps) > 0 || plan.Same != len(m.Lines) {
				rt.Fatalf("%s: %s\n%s", format, plan.Steps[0].Input, w.export("sheet", lang, "x.csv"))
			}
		}
	})
}

func drawMeasures(rt *rapid.T) []mandate.Measure {
	names := []string{"面积", "面积基数", "任务数", "单位", "代码", "截止日期", "序号", "area", "村（社区）", "base", "资金（万元）"}
	kinds := []mandate.Measure{
		{Kind: mandate.Divisible, Dimension: mandate.Quantity, Unit: "亩"}, {Kind: mandate.Divisible, Dimension: mandate.Quantity, Unit: "万元"},
		{Kind: mandate.Divisible, Dimension: mandate.Quantity}, {Kind: mandate.Intensity, Dimension: mandate.Deadline, Unit: "天"},
		{Kind: mandate.Intensity, Dimension: mandate.Frequency, Unit: "次"}, {Kind: mandate.Set, Dimension: mandate.Trace, Unit: "项"},
	}
	keys := []string{"area", "base", "code", "value", "m-1"}
	var all []mandate.Measure
	for i := range rapid.IntRange(1, 5).Draw(rt, "measures") {
		m := rapid.SampledFrom(kinds).Draw(rt, "kind")
		m.Key, m.Name = keys[i], rapid.SampledFrom(names).Draw(rt, "measure")
		all = append(all, m)
	}
	return all
}

func drawLines(rt *rapid.T, towns int, measures []mandate.Measure) (lines []issuance.Line) {
	for i := range towns {
		l := issuance.Line{To: fmt.Sprintf("99%02d", i+1)}
		for j, m := range measures {
			if j == i%len(measures) || rapid.Bool().Draw(rt, "has") {
				l.Amounts = append(l.Amounts, drawAmount(rt, m))
			}
		}
		if rapid.Bool().Draw(rt, "due") {
			due := time.UnixMilli(rapid.Int64Range(1_000_000_000_000, 4_000_000_000_000).Draw(rt, "at"))
			l.Due = &due
		}
		lines = append(lines, l)
	}
	return lines
}

func drawAmount(rt *rapid.T, m mandate.Measure) issuance.Amount {
	a := issuance.Amount{Measure: "task/" + m.Key}
	value := func() string {
		return exact.Decimal(rapid.OneOf(rapid.Int64Range(0, 3_000_000), rapid.Int64Min(0)).Draw(rt, "value")).String()
	}
	switch {
	case m.Kind == mandate.Set:
		a.Items = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"日照片", "轨迹、签到", " 台账", "=1", "1/7", "'x", "a;b", "小计"}), 1, 4, rapid.ID).Draw(rt, "items")
	case m.IsFrequency():
		a.Value = fmt.Sprintf("%d/%d", rapid.IntRange(0, 60).Draw(rt, "count"), rapid.IntRange(1, 60).Draw(rt, "days"))
	default:
		a.Value = value()
		if m.Kind == mandate.Divisible && rapid.Bool().Draw(rt, "based") {
			a.Base = value()
		}
	}
	return a
}
