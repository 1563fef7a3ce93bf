package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The sorts of answer a reporter gets and gives.
func silent() Answer          { return Answer{Handler: "990101-nongye"} }
func unrated(days int) Answer { return Answer{Handler: "990101-nongye", Responded: true, Days: days} }
func rated(s, ok bool) Answer {
	return Answer{Handler: "990101-nongye", Responded: true, Days: 3, Solved: &s, Satisfied: &ok}
}
func many(n int, a Answer) []Answer { return slices.Repeat([]Answer{a}, n) }

// said is what was told of answers, one line a batch, without members.
func said(parts []Published) string {
	var lines []string
	for _, p := range parts {
		for _, b := range p.Answers {
			b.Members = ""
			line, _ := json.Marshal(b)
			lines = append(lines, strings.ReplaceAll(string(line), `,"members":""`, ""))
		}
	}
	return strings.Join(lines, "\n")
}

func TestAnswers(t *testing.T) {
	const at = `{"lane":"VERIFIED","unit":"990101-nongye",`
	for name, c := range map[string]struct {
		settled []Answer
		now     string // told in the first week
		later   string // told after four weeks
	}{
		"four":                     {many(4, rated(true, true)), "", ""},
		"five: a number, no share": {many(5, rated(true, true)), "", at + `"count":5}`},
		"nine":                     {many(9, silent()), "", at + `"count":9}`},
		"ten, of one mind":         {many(10, rated(true, true)), at + `"count":10,"responded":{"yes":10,"of":10},"rated":{"yes":10,"of":10},"solved":{"yes":10,"of":10},"satisfied":{"yes":10,"of":10},"days":[{"from":0,"to":5,"count":10}]}`, ""},
		"ten, none answered":       {many(10, silent()), at + `"count":10,"responded":{"yes":0,"of":10}}`, ""},
		"one was not answered":     {append(many(12, rated(true, true)), silent()), "", at + `"count":13}`},
		"five were not":            {append(many(10, rated(true, true)), many(5, silent())...), at + `"count":15,"responded":{"yes":10,"of":15},"rated":{"yes":10,"of":10},"solved":{"yes":10,"of":10},"satisfied":{"yes":10,"of":10},"days":[{"from":0,"to":5,"count":10}]}`, ""},
		"one is dissatisfied":      {append(many(11, rated(true, true)), rated(true, false)), "", at + `"count":12,"responded":{"yes":12,"of":12},"rated":{"yes":12,"of":12},"solved":{"yes":12,"of":12},"days":[{"from":0,"to":5,"count":12}]}`},
		"shares and their rest": {slices.Concat(many(10, rated(true, true)), many(5, rated(false, false)), many(5, unrated(20))),
			at + `"count":20,"responded":{"yes":20,"of":20},"rated":{"yes":15,"of":20},"solved":{"yes":10,"of":15},"satisfied":{"yes":10,"of":15},"days":[{"from":0,"to":5,"count":15},{"from":5,"to":30,"count":5}]}`, ""},
		"helped less content is one": {slices.Concat(many(10, rated(true, true)), many(1, rated(true, false)), many(5, rated(false, false))), "",
			at + `"count":16,"responded":{"yes":16,"of":16},"rated":{"yes":16,"of":16},"solved":{"yes":11,"of":16},"days":[{"from":0,"to":5,"count":16}]}`},
		"half a rating is none": {append(many(9, rated(true, true)), Answer{Handler: "990101-nongye", Responded: true, Solved: new(bool)}), "", at + `"count":10,"responded":{"yes":10,"of":10},"days":[{"from":0,"to":5,"count":10}]}`},
		"too few took long":     {append(many(8, unrated(4)), many(2, unrated(16))...), at + `"count":10,"responded":{"yes":10,"of":10},"rated":{"yes":0,"of":10},"days":[{"from":0,"count":10}]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.settle(week(0), c.settled...)
			if got := said(w.release(t, week(0))); got != c.now {
				t.Errorf("told\n%s, want\n%s", got, c.now)
			}
			for n := 1; n < 4; n++ {
				if got := said(w.release(t, week(n))); got != "" {
					t.Errorf("week %d told\n%s", n, got)
				}
			}
			if got := said(w.release(t, week(4))); got != c.later {
				t.Errorf("later told\n%s, want\n%s", got, c.later)
			}
		})
	}
}

// Who is too small to be named is counted with the county; the open lane is,
// whoever handled, and only from 20.
func TestAnswersRollUp(t *testing.T) {
	w := newWorld()
	small := func(a Answer) Answer { a.Handler = "990101-xiaoju"; return a }
	w.settle(week(0), many(10, small(rated(true, true)))...)
	proved := rated(true, true)
	proved.Key = "open"
	w.settle(week(0), many(19, proved)...)
	w.release(t, week(0))
	if got := said(w.release(t, week(4))); !strings.HasPrefix(got, `{"lane":"VERIFIED","place":"990101","count":10,`) || strings.Contains(got, "\n") {
		t.Errorf("told %s", got)
	}
	w.settle(week(5), proved)
	w.release(t, week(9))
	if got := said(w.release(t, week(14))); got != `{"lane":"OPEN","place":"990101","count":20}` {
		t.Errorf("told %s", got)
	}
	w = newWorld() // eight tokens of one
	for key := range 8 {
		a := rated(true, true)
		a.Proof = Proof{fmt.Sprint(key), "his"}
		w.settle(week(0), a)
	}
	if got := said(w.release(t, week(12))); got != "" {
		t.Errorf("told %s", got)
	}
}

// As TestKnowingTheRules, of answers: whatever is told or left out, no set of
// those that were answered, rated, helped or content is known to be there and
// to be smaller than five.
func TestKnowingTheRulesOfAnswers(t *testing.T) {
	for name, types := range map[string][]Answer{
		"ratings": {silent(), unrated(1), rated(true, true), rated(true, false), rated(false, false)},
		"all":     {rated(true, true), rated(true, false), rated(false, true), rated(false, false)},
		"days":    {silent(), unrated(1), unrated(6), unrated(16), unrated(31)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, wait := range []int{0, 4} {
				worlds := map[string][][]int{}
				histograms(len(types), 12, func(h []int) {
					w := newWorld()
					for i, n := range h {
						w.settle(week(0), many(n, types[i])...)
					}
					w.release(t, week(wait))
					worlds[said(w.parts)] = append(worlds[said(w.parts)], h)
				})
				certain(t, worlds, len(types), 12)
			}
		})
	}
}

// The shares of a table are those of its batches, the denominator beside them,
// and a batch of which a share may not be told is in neither.
func TestShares(t *testing.T) {
	w := newWorld()
	w.settle(week(0), slices.Concat(many(11, rated(true, true)), many(5, rated(false, false)))...)
	county := func(a Answer) Answer { a.Handler = "990101"; return a }
	w.settle(week(0), slices.Concat(many(11, county(rated(true, true))), many(1, county(rated(true, false))))...)
	w.release(t, week(0))
	w.release(t, week(4))
	for _, c := range []struct {
		metric      Metric
		by          Grouping
		within, say string
	}{
		{Responded, Whole, "", "28/28"}, {Solved, Whole, "", "23/28"}, {Satisfied, Whole, "", "11/16"}, {Satisfied, ByUnit, "", "990101-nongye 11/16"},
		{Solved, ByUnit, "99", "990101 12/12, 990101-nongye 11/16"}, {Solved, ByUnit, "990101-nongye", "990101-nongye 11/16"},
		{Rated, ByWeek, "", "2026-10-05 16/16, 2026-11-02 12/12"}, {Days, Whole, "", "0–5 28/28"}, {Solved, Whole, "990102", ""}, {Solved, ByLevel, "", ""},
	} {
		var rows []string
		for _, f := range Figures(w.parts, Query{Metric: c.metric, GroupBy: c.by, Within: c.within}) {
			row := ""
			if f.Unit != "" {
				row += f.Unit + " "
			}
			if f.Release != "" {
				row += string(f.Release) + " "
			}
			if f.Period != nil {
				row += fmt.Sprintf("%d–%d ", f.Period.From, f.Period.To)
			}
			rows = append(rows, row+fmt.Sprintf("%d/%d", f.Count, f.Of))
		}
		if got := strings.Join(rows, ", "); got != c.say {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// What is told of random answers is true, and every part of it is large
// enough.
func TestAnswersAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		types := []Answer{silent(), unrated(2), unrated(9), unrated(40), rated(true, true), rated(true, true), rated(true, false), rated(false, false), rated(false, true)}
		for n := range rapid.IntRange(1, 9).Draw(t, "weeks") {
			for range rapid.IntRange(0, 15).Draw(t, "settled") {
				a := types[rapid.IntRange(0, len(types)-1).Draw(t, "what")]
				a.Handler = rapid.SampledFrom([]string{"990101-nongye", "990101", "990101-xiaoju"}).Draw(t, "who")
				if rapid.IntRange(0, 4).Draw(t, "lane") == 0 {
					a.Key = "open"
				}
				w.settle(week(n), a)
			}
			w.release(t, week(n))
		}
		by := map[Tag]Answer{}
		for _, a := range w.answers {
			by[a.Tag] = a
		}
		for _, p := range w.parts {
			for _, b := range p.Answers {
				var set []Answer
				for _, tag := range b.Members.Tags() {
					set = append(set, by[tag])
				}
				least := map[Lane]int{Verified: 5, Unproven: 20}[b.Lane]
				count := func(yes func(Answer) bool) (n int) {
					for _, a := range set {
						if (a.Nullifier != "") != (b.Lane == Verified) || b.Unit != "" && b.Unit != a.Handler {
							t.Fatalf("%+v is in %+v", a, b)
						}
						if yes(a) {
							n++
						}
					}
					return n
				}
				is := func(what string, p *Part, of, yes func(Answer) bool) {
					if p == nil {
						return
					}
					if p.Of != count(of) || p.Yes != count(func(a Answer) bool { return of(a) && yes(a) }) {
						t.Fatalf("%s: %+v of %+v", what, *p, set)
					}
					if p.Yes > 0 && p.Yes < least || p.Of > p.Yes && p.Of-p.Yes < least {
						t.Fatalf("%s: %+v", what, *p)
					}
				}
				all := func(Answer) bool { return true }
				answered := func(a Answer) bool { return a.Responded }
				both := func(a Answer) bool { return a.Solved != nil }
				is("responded", b.Responded, all, answered)
				is("rated", b.Rated, answered, both)
				is("solved", b.Solved, both, func(a Answer) bool { return *a.Solved })
				is("satisfied", b.Satisfied, both, func(a Answer) bool { return *a.Satisfied })
				if b.Count != len(set) || b.Count < least {
					t.Fatalf("%+v has %d", b, len(set))
				}
				sum := 0
				for _, d := range b.Days {
					sum += d.Count
					if n := count(func(a Answer) bool {
						return a.Responded && (a.Days > d.From || d.From == 0) && (d.To == 0 || a.Days <= d.To)
					}); n != d.Count || n < least {
						t.Fatalf("%+v counts %d", d, n)
					}
				}
				if len(b.Days) > 0 && sum != b.Responded.Yes {
					t.Fatalf("%+v of %d", b.Days, b.Responded.Yes)
				}
			}
		}
	})
}

// A release of 100,000 reports takes seconds, in parts that a log takes.
func TestHundredThousand(t *testing.T) {
	w := newWorld()
	r := base()
	for i := range 100_000 {
		county := fmt.Sprintf("99%04d", i%500)
		w.staff[county], w.staff[county+"-nongye"] = 100, 50
		r.Issuer, r.Within, r.Mandate = county+"-nongye", county, fmt.Sprint("m", i%7)
		w.file(week(0), r)
		if i%5 == 0 {
			w.settle(week(0), Answer{Handler: county + "-nongye", Responded: true})
		}
	}
	staffed := sized{w}
	var s State
	began := time.Now()
	told, commands := 0, 0
	for ; !s.Last && commands < 20; commands++ {
		events, err := Publish{week(0), s.Parts + 1}.Decide(s, staffed, system, week(0).Time())
		if err != nil {
			t.Fatal(err)
		}
		all := 0
		for _, e := range events {
			e.Evolve(&s)
			text, err := json.Marshal(e)
			if all += len(text); err != nil || len(text) > 400<<10 || all > 900<<10 {
				t.Fatalf("a part of %d bytes, %d in one append (%v)", len(text), all, err)
			}
			for _, b := range e.(Published).Reports {
				told += b.Count
			}
			for _, b := range e.(Published).Answers {
				told += b.Count
			}
		}
	}
	took := time.Since(began)
	t.Logf("%d told in %d parts by %d commands in %v", told, s.Parts, commands, took)
	if told != 120_000 || took > time.Minute {
		t.Errorf("%d told in %v", told, took)
	}
}

// sized answers from the codes, so that what is measured is the release.
type sized struct{ *world }

func (s sized) Staffed(code string, least int64) bool { return s.staff[code] >= least }
