package evidence

import (
	"strings"
	"testing"
)

// Figures stand in sentences as people write them: with their unit, thousands
// set off, a frequency as a rate, a part in per cent.
func TestFiguresInSentences(t *testing.T) {
	names := func(code string) string { return map[string]string{town: "大柳镇", county: "青禾县"}[code] }
	mu, daily, days := Measured{Unit: "亩"}, Measured{Rate: true, Tighter: true}, Measured{Unit: "天", Tighter: true}
	for _, c := range []struct {
		p      Point
		m      Measured
		zh, en string
	}{
		{Point{Says: SaysAdded, Unit: town, By: county, Value: "220", Amount: "20"}, mu,
			"大柳镇 按 青禾县 的指令往下要求 220 亩，比承接的多出 20 亩。", "On the order of 青禾县, 大柳镇 asked 220 亩 of the next level, 20 亩 more than it had received."},
		{Point{Says: SaysBegan, Unit: county, Value: "45000"}, Measured{Unit: "人"}, "青禾县 首先提出 45,000 人。", "青禾县 began with 45,000 人."},
		{Point{Says: SaysBegan, Unit: county, Value: "4500.5"}, Measured{}, "青禾县 首先提出 4500.5。", "青禾县 began with 4500.5."},
		{Point{Says: SaysBegan, Unit: county, Value: "1000000/3"}, mu, "青禾县 首先提出 ≈333,333.33 亩。", "青禾县 began with ≈333,333.33 亩."},
		{Point{Says: SaysAdded, Unit: town, Value: "30", Amount: "180/7"}, daily,
			"大柳镇 往下要求 每天 1 次，比承接的加严 每 30 天 ≈25.71 次。", "大柳镇 asked 1 a day of the next level, ≈25.71 per 30 days stricter than it had received."},
		{Point{Says: SaysBegan, Unit: county, Value: "30/7"}, daily, "青禾县 首先提出 每 7 天 1 次。", "青禾县 began with 1 in 7 days."},
		{Point{Says: SaysAdded, Unit: town, By: county, Value: "20", Amount: "5"}, days,
			"大柳镇 按 青禾县 的指令往下要求 20 天，比承接的加严 5 天。", "On the order of 青禾县, 大柳镇 asked 20 天 of the next level, 5 天 stricter than it had received."},
		{Point{Says: SaysPassedOn, Unit: town, By: county, Value: "20"}, days, "大柳镇 原样往下要求 20 天，没有加严。", "大柳镇 passed 20 天 on unchanged."},
		{Point{Says: SaysVerified, Unit: town, Value: "25"}, days, "经核查员核实，大柳镇 实际是 25 天。", "An investigator verified 25 天 for 大柳镇."},
		{Point{Says: SaysApproved, Unit: town, Value: "30"}, daily, "大柳镇 所加的部分，有 每 30 天 30 次 事先经过批准，并随交人财物。", "Of what 大柳镇 added, 30 per 30 days had been approved beforehand and came with means."},
		{Point{Says: SaysMeans, Unit: town, Value: "0.4", Amount: "money 400000/1000000"}, mu,
			"给 大柳镇 的经费是所需的 40%（400,000/1,000,000）。", "大柳镇 was given 40% of the money that it needed (400,000/1,000,000)."},
		{Point{Says: SaysMeans, Unit: town, Value: "1/3"}, mu, "大柳镇 实有的人财物是所需的 ≈33.33%。", "大柳镇 had ≈33.33% of the means that it needed."},
		{Point{Says: SaysMeansLate, Unit: town, Value: "12000", Amount: "people"}, mu, "给 大柳镇 的人员 12,000 在结果发生之后才登记，不作数。", "12,000 of people for 大柳镇 was recorded after the outcome and does not count."},
		{Point{Says: SaysWindow, Value: "120"}, mu, "从知道隐患到事故发生有 120 分钟。", "There were 120 minutes between the first warning and the accident."},
	} {
		got := c.p.Words(names, c.m)
		if got.Zh != c.zh || got.En != c.en {
			t.Errorf("%s is said as\n%s\n%s", c.p.Says, got.Zh, got.En)
		}
	}
	if q := (Question{Why: WhyOtherDemand, Unit: town, Value: "45000"}).Words(names, mu); !strings.Contains(q.Zh, "45,000 亩") || !strings.Contains(q.En, "45,000 亩") {
		t.Error(q)
	}
}

// An addition that was approved and came without means counts as one that
// nobody approved, and is told from it: beside the case, not in its hash.
func TestApprovedWithoutMeans(t *testing.T) {
	hash := func(e Explanation) string {
		h, err := e.Hash()
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	none := hash(over().explain(t))
	for name, c := range map[string]struct {
		approved, permitted string
		want                string // what is shown as approved without means
	}{
		"nobody approved it": {"0", "0", ""}, "approved, no means": {"0", "20", "20"}, "in part": {"0", "5", "5"},
		"means for a part": {"5", "20", "15"}, "with means": {"20", "20", ""},
	} {
		e := over().set(func(r *Record) {
			r.Steps[1].Approved, r.Steps[1].Permitted = n(c.approved), n(c.permitted)
		}).explain(t)
		got := ""
		for _, p := range e.Evidence.Ignored {
			if p.Says == SaysApprovedOnly && p.Field == "issued[1]" && p.Unit == town && len(p.Events) > 0 {
				got = p.Value
			}
		}
		if got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		if c.approved == "0" && hash(e) != none {
			t.Errorf("%s: another hash", name)
		}
	}
	late := over().set(func(r *Record) {
		r.Steps[1].Permitted = n("20")
		r.Steps[1].Events[0].Recorded = r.At.AddDate(0, 0, 1)
	}).explain(t)
	for _, p := range late.Evidence.Ignored {
		if p.Says == SaysApprovedOnly {
			t.Error("what was approved after the outcome is called approved")
		}
	}
}
