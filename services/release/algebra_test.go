package release

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// attacker is what somebody who wants a reporter's name puts among the
// reports: nothing, up to four in the open lane, or the tokens of one verified
// cadre.
type attacker struct {
	open, tokens int
}

// population draws reports of some weeks, the attacker's among them, where and
// as the attacker likes.
func population(t *rapid.T, w *world, weeks int) map[Tag]bool {
	his := map[Tag]bool{}
	a := attacker{}
	if rapid.Bool().Draw(t, "verified attacker") {
		a.tokens = rapid.IntRange(0, 8).Draw(t, "tokens")
	} else {
		a.open = rapid.IntRange(0, 4).Draw(t, "planted")
	}
	people := rapid.IntRange(5, 40).Draw(t, "people")
	used := map[Proof]bool{}
	draw := func(name string) Report {
		r := Report{
			Issuer:    rapid.SampledFrom([]string{"990101-nongye", "990101-nongye", "990101001", "990101-xiaoju", "990101003201", ""}).Draw(t, name),
			Within:    rapid.SampledFrom([]string{"990101", "990101", "990102", "9901"}).Draw(t, "within"),
			Dimension: rapid.SampledFrom([]mandate.Dimension{mandate.Quantity, mandate.Quantity, mandate.Trace}).Draw(t, "dimension"),
			Mandate:   rapid.SampledFrom([]string{"farmland-600", "farmland-600", ""}).Draw(t, "mandate"),
			CameDown:  "600", Asked: rapid.SampledFrom([]string{"690", "690", "691", "700", "1300", ""}).Draw(t, "asked"),
		}
		if r.Issuer == "" {
			r.Level = rapid.SampledFrom([]string{"COUNTY", "TOWNSHIP"}).Draw(t, "level")
		}
		return r
	}
	for n := range weeks {
		for range rapid.IntRange(0, 12).Draw(t, "reports") {
			r := draw("who added")
			r.Proof = Proof{
				fmt.Sprint("key ", rapid.IntRange(1, 2).Draw(t, "key")),
				fmt.Sprint("person ", rapid.IntRange(1, people).Draw(t, "person")),
			}
			if rapid.IntRange(0, 5).Draw(t, "lane") == 0 {
				open(&r)
			} else if used[r.Proof] {
				continue // spent
			}
			used[r.Proof] = true
			w.file(week(n), r)
		}
		for a.open > 0 && rapid.Bool().Draw(t, "plants now") {
			a.open--
			w.file(week(n), with(draw("planted at"), open))
			his[w.reports[len(w.reports)-1].Tag] = true
		}
		for a.tokens > 0 && rapid.Bool().Draw(t, "spends now") {
			r := draw("spent at")
			r.Proof = Proof{fmt.Sprint("key ", a.tokens), "the attacker"}
			a.tokens--
			w.file(week(n), r)
			his[w.reports[len(w.reports)-1].Tag] = true
		}
		w.release(t, week(n))
	}
	return his
}

// Nothing that can be computed from everything that was published, by adding
// and subtracting whatever figures of whatever tables, territories and weeks,
// counts a set that fewer than five people stand behind, or fewer than 20
// reports of the open lane; and without the attacker's own tokens there are
// still four others.
//
// Figures count with whole numbers, so each is a vector over reports: 1 where
// it counts one. Whatever is computed from such vectors is the same on two
// reports that no figure tells apart. So a set that can be counted is a union of
// classes of reports that no figure tells apart; it is large enough if every
// class is that any figure counts at all.
func TestNothingSmallCanBeComputed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		weeks := rapid.IntRange(1, 10).Draw(t, "weeks")
		his := population(t, w, weeks)
		classes := map[string][]Report{}
		vectors := publicVectors(t, w)
		for _, r := range w.reports {
			if v := vectors[r.Tag]; v != "" {
				classes[v] = append(classes[v], r)
			}
		}
		for _, class := range classes {
			k, _ := people(class)
			others, _ := people(slices.DeleteFunc(slices.Clone(class), func(r Report) bool { return his[r.Tag] }))
			switch {
			case class[0].lane() == Unproven:
				if len(class) < 20 || slices.ContainsFunc(class, func(r Report) bool { return r.lane() == Verified }) {
					t.Fatalf("%d reports of the open lane can be counted: %+v", len(class), class)
				}
			case k < 5 || others < 4 || slices.ContainsFunc(class, func(r Report) bool { return r.lane() == Unproven }):
				t.Fatalf("a set of %d people, %d besides the attacker, can be counted: %+v", k, others, class)
			}
		}
	})
}

// publicVectors asks for every figure there is and works out for each, from
// its row and the batches on record, which reports it counts. The number must
// be theirs, and what the row says must be true of each of them.
func publicVectors(t *rapid.T, w *world) map[Tag]string {
	byTag := map[Tag]Report{}
	for _, r := range w.reports {
		byTag[r.Tag] = r
	}
	counted := map[Tag]*strings.Builder{}
	n := 0
	for _, q := range queries(w) {
		for _, f := range Figures(w.parts, q) {
			n++
			sum, of := 0, 0
			whole := q
			whole.GroupBy = Whole
			for _, p := range w.parts {
				for _, b := range p.Reports {
					if inRow(whole, f, p.Date, b) {
						of += b.Count
					}
					if !inRow(q, f, p.Date, b) {
						continue
					}
					sum += b.Count
					for _, tag := range b.Members.Tags() {
						if !isTrue(q, f, byTag[tag]) {
							t.Fatalf("%+v is told of %+v", f, byTag[tag])
						}
						if counted[tag] == nil {
							counted[tag] = &strings.Builder{}
						}
						fmt.Fprint(counted[tag], n, " ")
					}
				}
			}
			if int64(sum) != f.Count || int64(of) != f.Of {
				t.Fatalf("%+v asked by %+v counts %d of %d in the batches on record", f, q, sum, of)
			}
		}
	}
	vectors := map[Tag]string{}
	for tag, v := range counted {
		vectors[tag] = v.String()
	}
	return vectors
}

// queries are all ways to ask for numbers of reports.
func queries(w *world) (list []Query) {
	spans := [][2]ledger.Date{{"", ""}}
	for _, p := range w.parts {
		spans = append(spans, [2]ledger.Date{p.Date, p.Date}, [2]ledger.Date{"", p.Date})
	}
	for _, by := range []Grouping{Whole, ByLevel, ByDimension, ByBoth, ByUnit, ByMandate, ByChange, ByClaim, ByWeek} {
		for _, within := range []string{"", "99", "9901", "990101", "990101-nongye", "990101001", "990102"} {
			for _, m := range []string{"", "farmland-600"} {
				for _, s := range spans {
					list = append(list, Query{Reports, by, within, m, s[0], s[1]})
				}
			}
		}
	}
	return list
}

// inRow says in the test's own words whether a row takes a batch in.
func inRow(q Query, f Figure, date ledger.Date, b Batch) bool {
	same := map[Grouping]bool{
		Whole: true, ByLevel: f.Level == b.Level, ByDimension: f.Dimension == b.Dimension, ByBoth: f.Level == b.Level && f.Dimension == b.Dimension,
		ByUnit: b.Unit != "" && f.Unit == b.Unit, ByMandate: b.Mandate != "" && f.Mandate == b.Mandate,
		ByChange: b.Mandate != "" && f.Change == b.Cell.change(), ByWeek: f.Release == date,
		ByClaim: b.Mandate != "" && f.Unit == b.Unit && f.Mandate == b.Mandate && f.Measure == b.Measure && f.Dimension == b.Dimension &&
			f.CameDown == b.CameDown && f.Asked == b.Asked && f.Change == b.Change,
	}[q.GroupBy]
	at := b.Unit + b.Place
	return same && f.Lane == b.Lane && (q.Within == "" || unit.Contains(q.Within, at)) && (q.Mandate == "" || q.Mandate == b.Mandate) &&
		(q.From == "" || date >= q.From) && (q.To == "" || date <= q.To)
}

// isTrue: what a row says must hold for every report it counts.
func isTrue(q Query, f Figure, r Report) bool {
	is := func(said, is string) bool { return said == "" || said == is }
	return is(f.Unit, r.Issuer) && is(f.Level, r.level()) && is(string(f.Dimension), string(r.Dimension)) && is(f.Mandate, r.Mandate) &&
		is(f.CameDown, r.CameDown) && is(f.Asked, r.Asked) && (f.Change == "" || f.Change == changeOf(figureOf(r.CameDown), figureOf(r.Asked))) &&
		(q.Within == "" || unit.Contains(q.Within, r.place()) || r.Issuer != "" && unit.Contains(q.Within, r.Issuer)) && (f.Lane == Verified) == (r.Nullifier != "")
}

// Reports of the open lane change nothing among the verified ones: whoever
// plants there learns nothing of them.
func TestPlantedChangeNothingVerified(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		weeks := rapid.IntRange(1, 8).Draw(t, "weeks")
		population(t, w, weeks)
		without := newWorld()
		without.reports = slices.DeleteFunc(slices.Clone(w.reports), func(r Report) bool { return r.lane() == Unproven })
		for n := range weeks {
			without.release(t, week(n))
		}
		verified := func(parts []Published) []string {
			return slices.DeleteFunc(labels(parts), func(l string) bool { return strings.HasPrefix(l, string(Unproven)) })
		}
		if a, b := verified(w.parts), verified(without.parts); !slices.Equal(a, b) {
			t.Fatalf("with reports of the open lane\n%q, without\n%q", a, b)
		}
	})
}

// The order in which the read model hands out its pool changes nothing.
func TestOrderChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		population(t, w, 3)
		for i := range w.answers {
			w.answers[i].Day = week(0)
		}
		other := newWorld()
		other.reports = rapid.Permutation(w.reports).Draw(t, "order")
		for n := range 3 {
			other.release(t, week(n))
		}
		if a, b := fmt.Sprintf("%+v", w.parts), fmt.Sprintf("%+v", other.parts); a != b {
			t.Fatalf("in another order\n%s, not\n%s", b, a)
		}
	})
}
