package release

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/mandate"
)

// Somebody who knows the rules to the letter, and every figure, asks of each
// set of reports that could have a label: which numbers are possible? He goes
// through all worlds there could be and keeps those that would have told the
// same. It must never be certain that the set is there and smaller than five.
//
// The worlds are small, so what there could be is small as well: three figures
// within one share of what came down, three dimensions, three levels.
func TestKnowingTheRules(t *testing.T) {
	by := func(change func(*Report)) Report { return with(base(), change) }
	plain := func(r *Report) { r.Mandate, r.Measure = "", "" }
	asked := func(n string) Report { return by(func(r *Report) { r.CameDown, r.Asked = "10", n }) }
	dimension := func(d mandate.Dimension) Report { return by(func(r *Report) { plain(r); r.Dimension = d }) }
	level := func(l string) Report { return by(func(r *Report) { plain(r); r.Issuer, r.Level = "", l }) }
	county := func(d mandate.Dimension) Report { return with(level("COUNTY"), func(r *Report) { r.Dimension = d }) }
	three := func(Cell, []Report) int { return 3 }
	was := slices.Clone(kinds)
	t.Cleanup(func() { kinds = was })
	for i := range kinds {
		if kinds[i].room != nil && i > 1 {
			kinds[i].room = three
		}
	}
	for name, c := range map[string]struct {
		weeks int // that it takes until all of it may be told
		types []Report
	}{
		"three figures":  {0, []Report{asked("12"), asked("13"), asked("14"), asked(""), by(plain)}},
		"two changes":    {0, []Report{asked("12"), asked("13"), asked("14"), asked("15"), asked("")}},
		"mandates":       {1, []Report{base(), by(func(r *Report) { r.Mandate = "x" }), by(func(r *Report) { r.Mandate = "y" }), by(plain), level("COUNTY")}},
		"dimensions":     {2, []Report{dimension(mandate.Quantity), dimension(mandate.Trace), dimension(mandate.Meetings), county(mandate.Quantity), county(mandate.Trace), county(mandate.Meetings)}},
		"units":          {6, []Report{by(plain), by(func(r *Report) { plain(r); r.Issuer = "990101" }), level("COUNTY"), level("TOWNSHIP"), level("VILLAGE")}},
		"mandate's unit": {6, []Report{base(), by(plain), level("COUNTY"), level("TOWNSHIP"), level("VILLAGE")}},
	} {
		t.Run(name, func(t *testing.T) {
			oneRelease(t, c.types, c.weeks)
			oneRelease(t, c.types, 8)
			twoReleases(t, c.types[:3], 6)
		})
	}
}

// A dimension that was told of late holds none of those that are told without
// one: it gives the others no room. Were there three dimensions, the two that
// are left would both have to be there.
func TestRoomOfTheTold(t *testing.T) {
	was := slices.Clone(kinds)
	t.Cleanup(func() { kinds = was })
	kinds[4].room = func(Cell, []Report) int { return 3 }
	of := func(n int, d mandate.Dimension) []Report {
		return times(n, with(base(), func(r *Report) { r.Mandate, r.Measure, r.Dimension = "", "", d }))
	}
	for name, c := range map[string]struct {
		trace int // the week in which its five are filed; -1: none are
		want  string
	}{
		"none":              {-1, "VERIFIED 990101-nongye   → ×5"},
		"in this release":   {1, "VERIFIED 990101-nongye trace  → ×5"},
		"in the one before": {0, ""},
	} {
		w := newWorld()
		w.file(week(0), append(of(3, mandate.Quantity), of(2, mandate.Meetings)...)...)
		if c.trace >= 0 {
			w.file(week(c.trace), of(5, mandate.Trace)...)
		}
		w.release(t, week(1))
		if got := strings.Join(labels(w.release(t, week(2))), "\n"); got != c.want {
			t.Errorf("%s: told %q, want %q", name, got, c.want)
		}
	}
}

// oneRelease: up to nine reports, told after so many weeks.
func oneRelease(t *testing.T, kinds []Report, wait int) {
	worlds := map[string][][]int{}
	histograms(len(kinds), 9, func(h []int) {
		w := newWorld()
		for i, n := range h {
			w.file(week(0), times(n, kinds[i])...)
		}
		w.release(t, week(wait))
		said := strings.Join(labels(w.parts), "\n")
		worlds[said] = append(worlds[said], h)
	})
	certain(t, worlds, len(kinds), 9)
}

// twoReleases: up to so many reports before each of two, a week apart.
func twoReleases(t *testing.T, kinds []Report, most int) {
	worlds := map[string][][]int{}
	histograms(2*len(kinds), most, func(h []int) {
		w := newWorld()
		for i, n := range h {
			w.file(week(i/len(kinds)), times(n, kinds[i%len(kinds)])...)
		}
		w.release(t, week(0))
		w.release(t, week(1))
		w.release(t, week(9))
		said := ""
		for _, p := range w.parts {
			said += fmt.Sprint(p.Date, labels([]Published{p}), "\n")
		}
		worlds[said] = append(worlds[said], h)
	})
	certain(t, worlds, 2*len(kinds), most)
}

// certain fails where one of the sets that a label could stand for is known to
// be there and to be smaller than five. Worlds in which everything there is
// was counted cannot be told from larger ones, so the largest are left out of
// the verdict where more reports could still be waiting.
func certain(t *testing.T, worlds map[string][][]int, kinds, most int) {
	t.Helper()
	for said, list := range worlds {
		for set := 1; set < 1<<kinds; set++ {
			low, high := most+1, 0
			for _, h := range list {
				n := 0
				for i, c := range h {
					if set&(1<<i) != 0 {
						n += c
					}
				}
				low, high = min(low, n), max(high, n)
			}
			if low > 0 && high < 5 {
				t.Fatalf("%q tells that there are %d to %d of %b", said, low, high, set)
			}
		}
	}
}

// histograms calls with every way to put up to so many reports into kinds.
func histograms(kinds, most int, with func([]int)) {
	h := make([]int, kinds)
	var fill func(i, left int)
	fill = func(i, left int) {
		if i == kinds {
			with(append([]int(nil), h...))
			return
		}
		for n := range left + 1 {
			h[i] = n
			fill(i+1, left-n)
		}
		h[i] = 0
	}
	fill(0, most)
}
