package release

import (
	"fmt"
	"slices"
	"testing"

	"suyuan/services/mandate"
)

// wants holds a release against what it must have told.
func (w *world) wants(t *testing.T, n int, want ...string) {
	t.Helper()
	if got := labels(w.release(t, week(n))); !slices.Equal(got, want) {
		t.Errorf("week %d told\n%q, want\n%q", n, got, want)
	}
}

const exactly690 = "VERIFIED 990101-nongye quantity farmland-600 600→690 ×"

// Five agree: it is told, and told once.
func TestFive(t *testing.T) {
	w := newWorld()
	w.file(week(0), times(5, base())...)
	w.wants(t, 0, exactly690+"5")
	w.wants(t, 1)
	w.wants(t, 20)
}

// The village of four cadres, and the town above it whose people nobody
// counted: nothing is ever told of either by name, however many reports there
// are; the county's figures take them in.
func TestVillageOfFour(t *testing.T) {
	for _, code := range []string{"990101003201", "990101003", "990101-xiaoju", "990101-unknown"} {
		w := newWorld()
		w.file(week(0), times(9, with(base(), func(r *Report) { r.Issuer = code }))...)
		w.wants(t, 0)
		w.wants(t, 1)
		w.wants(t, 4, "VERIFIED 990101 quantity  → ×9")
	}
	w := newWorld() // 19 in the town itself is too few, 20 with its village is not
	town := with(base(), func(r *Report) { r.Issuer = "990101002" })
	w.file(week(0), times(5, town)...)
	w.wants(t, 0)
	w.staff["990101002201"] = 1
	w.wants(t, 1, "VERIFIED 990101002 quantity farmland-600 600→690 ×5")
}

// A county of which nobody knows how many people it has is told as its city,
// a city as its province.
func TestUnknownStaffRollsUp(t *testing.T) {
	w := newWorld()
	w.staff = map[string]int64{"0": 0, "99": 0, "9901": 0, "990101": 0, "990101-nongye": 0}
	w.file(week(0), times(5, base())...)
	w.wants(t, 4, "VERIFIED 99 quantity  → ×5")
	w = newWorld()
	w.staff["990101"], w.staff["990101001"], w.staff["990101002"] = 0, 0, 0
	w.staff["990101-nongye"], w.staff["990101001201"] = 0, 0
	w.file(week(0), times(5, base())...)
	w.wants(t, 4, "VERIFIED 9901 quantity  → ×5")
}

// Four planted reports stand beside a fifth. In the open lane they count for
// nothing; the fifth stays alone whatever is planted there.
func TestFourPlantedExposeNoFifth(t *testing.T) {
	w := newWorld()
	w.file(week(0), base())
	w.file(week(0), times(4, with(base(), open))...)
	for n := range 30 {
		w.wants(t, n)
	}
	w.file(week(30), times(19, with(base(), open))...)
	w.wants(t, 30, "OPEN 990101   → ×23")
	w.file(week(31), times(4, base())...)
	w.wants(t, 31, exactly690+"5")
}

// One cadre spends eight tokens, under eight keys, on one cell: one person.
func TestEightTokensAreOnePerson(t *testing.T) {
	w := newWorld()
	for key := range 8 {
		w.file(week(0), with(base(), func(r *Report) { r.Proof = Proof{fmt.Sprintf("990101-2026q4-%d", key+1), "his"} }))
	}
	for n := range 20 {
		w.wants(t, n)
	}
	w.file(week(20), times(3, base())...) // under key 1: with his, four people
	w.wants(t, 20)
	w.file(week(21), base())
	w.wants(t, 21, exactly690+"12")
	w = newWorld() // one token, however often it is on record, is one
	w.file(week(0), times(8, with(base(), func(r *Report) { r.Proof = Proof{"990101-2026q4-1", "same"} }))...)
	w.wants(t, 12)
	w = newWorld() // five people under five keys may be one
	for key := range 5 {
		w.file(week(0), with(base(), func(r *Report) { r.Proof = Proof{fmt.Sprint(key), fmt.Sprint(key)} }))
	}
	w.wants(t, 12)
}

// A quota given to one village alone is not told while it is rare: it goes
// with the others as a share of what came down, and alone it waits.
func TestCanaryQuota(t *testing.T) {
	w := newWorld()
	canary := with(base(), func(r *Report) { r.Asked = "691" })
	w.file(week(0), append(times(4, base()), canary)...)
	w.wants(t, 0, "VERIFIED 990101-nongye quantity farmland-600 →PLUS_10_20 ×5")

	w = newWorld()
	w.file(week(0), append(times(5, base()), canary)...)
	w.wants(t, 0, exactly690+"5") // six less five would be the canary: it is in no batch
	w.wants(t, 1)
	w.file(week(2), times(4, canary)...)
	w.wants(t, 2, "VERIFIED 990101-nongye quantity farmland-600 600→691 ×5")

	w = newWorld() // what came down can be the canary as well
	came := with(base(), func(r *Report) { r.CameDown = "601" })
	w.file(week(0), append(times(4, base()), came)...)
	w.wants(t, 0, "VERIFIED 990101-nongye quantity farmland-600 →PLUS_10_20 ×5")

	w = newWorld() // how a number is written is no canary: it is told in one way
	often := func(came, asked string) Report {
		return with(base(), func(r *Report) { r.CameDown, r.Asked = came, asked })
	}
	w.file(week(0), often("1/7", "1/1"), often("2/14", "2/2"), often("1/7", "7/7"), often("3/21", "1/1"), often("1/7", "30/30"))
	w.wants(t, 0, "VERIFIED 990101-nongye quantity farmland-600 1/7→1/1 ×5")
	w = newWorld()
	w.file(week(0), append(times(4, base()), often("600.000", "690.0"))...)
	w.wants(t, 0, exactly690+"5")

	w = newWorld() // far-off shares do not meet in one band either
	w.file(week(0), append(times(4, base()), with(base(), func(r *Report) { r.Asked = "1200" }))...)
	w.wants(t, 0, "VERIFIED 990101-nongye quantity farmland-600 → ×5")
}

// Two releases a week apart: what came between them is not told until it is
// enough by itself, in any table.
func TestTwoReleases(t *testing.T) {
	w := newWorld()
	w.file(week(0), times(5, base())...)
	w.wants(t, 0, exactly690+"5")
	w.file(week(1), times(4, base())...)
	for n := 1; n < 20; n++ {
		w.wants(t, n)
	}
	w.file(week(20), base())
	w.wants(t, 20, exactly690+"5")
	for _, f := range Figures(w.parts, Query{Metric: Reports, GroupBy: ByWeek}) {
		if f.Count != 5 || f.Of != 10 {
			t.Errorf("%+v", f)
		}
	}
}

// Subtraction between two tables: by dimension and by unit, the whole and its
// parts. Whatever is left over is 0 or five.
func TestSubtraction(t *testing.T) {
	w := newWorld()
	w.file(week(0), times(6, base())...)
	w.file(week(0), times(2, with(base(), func(r *Report) { r.Dimension, r.Mandate = mandate.Trace, "" }))...)
	w.file(week(0), with(base(), func(r *Report) { r.Issuer, r.Mandate = "990101001", "" }))
	w.file(week(0), with(base(), func(r *Report) { r.Issuer, r.Level = "", "TOWNSHIP" }))
	for n := range 20 {
		w.release(t, week(n))
	}
	all := Figures(w.parts, Query{Metric: Reports, GroupBy: Whole})
	if len(all) != 1 || all[0].Count != 6 {
		t.Fatalf("%+v", all)
	}
	w.file(week(20), with(base(), func(r *Report) { r.Dimension, r.Mandate = mandate.Meetings, "" }))
	for n := 20; n < 40; n++ { // two, one, one and one: five, and only the county can tell
		w.release(t, week(n))
	}
	for _, within := range []string{"", "0", "99", "9901", "990101"} {
		whole := Figures(w.parts, Query{Metric: Reports, GroupBy: Whole, Within: within})[0].Count
		for _, by := range []Grouping{ByLevel, ByDimension, ByBoth, ByUnit, ByMandate, ByChange, ByClaim, ByWeek} {
			rest := whole
			for _, f := range Figures(w.parts, Query{Metric: Reports, GroupBy: by, Within: within}) {
				rest -= f.Count
			}
			if whole != 11 || rest != 0 && rest != 5 {
				t.Errorf("%q by %s: %d of %d are left over", within, by, rest, whole)
			}
		}
	}
}

// What was told stays told: a report that is withdrawn later takes nothing
// off, and one that is withdrawn before was never there.
func TestWithdrawnLater(t *testing.T) {
	w := newWorld()
	w.file(week(0), times(5, base())...)
	w.wants(t, 0, exactly690+"5")
	w.reports = w.reports[1:]
	w.file(week(1), base())
	w.wants(t, 1)
	if f := Figures(w.parts, Query{Metric: Reports, GroupBy: Whole}); f[0].Count != 5 {
		t.Errorf("%+v", f)
	}
}

// What a reporter made up is free text and never told, however many made it up
// together: a mandate, a measure, a unit, a figure in words.
func TestNothingMadeUp(t *testing.T) {
	for _, change := range []func(*Report){
		func(r *Report) { r.Mandate = "made-up" },
		func(r *Report) { r.CameDown, r.Measure, r.Mandate = "call me", "made-up/area", "made-up" },
	} {
		w := newWorld()
		w.file(week(0), times(5, with(base(), change))...)
		w.wants(t, 0)
		w.wants(t, 1, "VERIFIED 990101-nongye quantity  → ×5")
	}
	w := newWorld()
	w.file(week(0), times(5, with(base(), func(r *Report) { r.Measure, r.Asked = "farmland-600/call-me", "call me" }))...)
	if parts := w.release(t, week(0)); len(parts[0].Reports) != 1 || parts[0].Reports[0].Measure != "" || parts[0].Reports[0].Asked != "" {
		t.Errorf("%+v", parts)
	}
}
