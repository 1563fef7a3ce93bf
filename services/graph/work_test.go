package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// times asks for a field under so many names.
func times(n int, field string) string {
	var q strings.Builder
	for i := range n {
		fmt.Fprintf(&q, "a%d:%s ", i, field)
	}
	return "{" + q.String() + "}"
}

// What looks at many rows may be asked for, but not any number of times.
func TestWorkIsBounded(t *testing.T) {
	w := played(t)
	past := func(n int) string {
		return times(n, `cascade(mandate: "farmland-600", measure: "area", asOf: {ordinal: "30"}) { total }`)
	}
	for _, c := range []struct {
		query         string
		public, staff bool
	}{
		{past(1), true, true}, {past(4), true, true}, {past(5), false, true}, {past(28), false, true},
		{times(4, `cascade(mandate: "farmland-600", measure: "area", under: "990101") { total }`), true, true},
		{times(8, `units(search: "县") { total }`), true, true},
		{"{" + past(3)[1:len(past(3))-1] + past(1)[1:len(past(1))-1] + "}", true, true},
	} {
		for who, ok := range map[string]bool{"": c.public, "staff": c.staff} {
			by := ledger.Actor{}
			if who != "" {
				by = as(ledger.Auditor, "")
			}
			start := time.Now()
			data, errs := w.ask(by, "en", c.query)
			t.Logf("%.60s… %s: %v", c.query, who, time.Since(start))
			if ok && len(errs) > 0 || !ok && (data != nil || len(errs) != 1 || errs[0].Extensions.Rule != "query.too_much_work") {
				t.Errorf("%.80s as %q: %v %+v", c.query, who, data, errs)
			}
		}
	}
}

// What each field looks at, held against an allowance of as many rows: asked
// for so often it is answered, and once more it is not.
func TestWorkOfFields(t *testing.T) {
	w := played(t)
	public := guard.Public
	t.Cleanup(func() { guard.Public = public })
	const cascade = `cascade(mandate: "farmland-600", measure: "area"`
	for field, c := range map[string]struct{ allowance, often int }{
		cascade + `, asOf: {ordinal: "30"}) { total }`:                   {150_000, 3},
		cascade + `, under: "990101", asOf: {ordinal: "30"}) { total }`:  {150_000, 3},
		cascade + `, under: "990101") { total }`:                         {6000, 3},
		cascade + `) { total }`:                                          {0, 32},
		`burdenByOrigin { added }`:                                       {w.groups(""), 1},
		`burdenByOrigin(measure: "farmland-600/area") { added }`:         {5 * w.groups("farmland-600/area"), 5},
		`burdenByOrigin(within: "990101", from: "2020-01-01") { added }`: {2 * w.groups(""), 2},
		`burdenByOrigin(dimension: QUANTITY) { added }`:                  {w.groups("") / 2, 1}, // on its own it always may
		`units(level: VILLAGE, first: 1) { total }`:                      {3 * (w.units("") / 8), 3},
		`units(level: VILLAGE, search: " \u00a0") { total }`:             {3 * (w.units("") / 8), 3},
		`units(level: VILLAGE, within: "9901", first: 1) { total }`:      {2 * (w.units("9901") / 8), 2},
		`units(search: "县", level: VILLAGE) { total }`:                   {8000, 4},
		`units(first: 1) { total }`:                                      {0, 32},
		`mandates(search: "耕地") { total }`:                               {4000, 2},
		`mandates { total }`:                                             {1000, 2},
		`documents(search: "号") { total }`:                               {4000, 2},
		`obligations(unit: "990101001") { due }`:                         {1500, 3},
		`objections { id }`:                                              {1500, 3},
		`handoffs { id }`:                                                {1500, 3},
		`trace(mandate: "farmland-600", unit: "990101001002") { value }`: {0, 32},
		`unit(code: "990101") { received { total } objections { id } }`:  {0, 16},
	} {
		guard.Public.Work = c.allowance
		if _, errs := w.ask(ledger.Actor{}, "en", times(c.often, field)); len(errs) > 0 {
			t.Errorf("%d of %s: %v", c.often, field, errs)
		}
		if c.often >= 16 {
			continue
		}
		if _, errs := w.ask(ledger.Actor{}, "en", times(c.often+1, field)); len(errs) != 1 || errs[0].Extensions.Rule != "query.too_much_work" {
			t.Errorf("%d of %s: %v", c.often+1, field, errs)
		}
	}
}

func (w *world) groups(measure string) (n int) {
	w.view.Read(func(r *view.Rows) { n = r.GroupCount(measure) })
	return n
}

func (w *world) units(within string) int {
	w.t.Helper()
	query := `{ units(first: 0) { total } }`
	if within != "" {
		query = `{ units(first: 0, within: "` + within + `") { total } }`
	}
	var n int
	_, err := fmt.Sscan(w.one(query, "units", "total"), &n)
	w.must(err)
	return n
}

// Too much work is one error of the whole query, in the reader's language,
// and it says at which field.
func TestTooMuchWorkIsSaid(t *testing.T) {
	w := played(t)
	query := `{ unit(code: "990101") { name } ` + times(28, `cascade(mandate: "farmland-600", measure: "area", asOf: {ordinal: "30"}) { total }`)[1:]
	for lang, want := range map[string][]string{"en": {"200000", "cascade", "Narrow it with"}, "zh": {"200000", "cascade", "缩小范围"}} {
		reply := w.graph.Reply(graph.WithViewer(t.Context(), ledger.Actor{}, lang), bind.Request{Query: query})
		body := string(reply.Body)
		if !reply.Executed || !strings.HasPrefix(body, `{"data":null,"errors":[{"message":`) || strings.Count(body, `"rule"`) != 1 ||
			slices.ContainsFunc(want, func(s string) bool { return !strings.Contains(body, s) }) {
			t.Errorf("%s: %s", lang, body)
		}
		library := w.graph.ByLibrary(graph.WithViewer(t.Context(), ledger.Actor{}, lang), bind.Request{Query: query})
		if string(library.Body()) != body {
			t.Errorf("the library says %s", library.Body())
		}
	}
}
