package graph_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"suyuan/portal"
	"suyuan/portal/report"
	"suyuan/seeds"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// world is a ledger with the published cases in it.
type world struct {
	t     *testing.T
	log   *sqlite.Store
	view  *view.View
	desk  *desk.Desk
	clock *seeds.Clock
	graph *graph.Graph
	more  map[string][]string // ways into it besides starts, by field
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &seeds.Clock{}}
	events, err := catalogue.Events()
	w.must(err)
	w.log, err = sqlite.Open(t.TempDir(), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	w.must(err)
	t.Cleanup(func() { _ = w.log.Close() })
	w.view, err = view.New(events, "")
	w.must(err)
	w.desk, err = desk.New(w.log, events, catalogue.Commands(), desktest.Caught(w.view, w.log), w.clock.Now)
	w.must(err)
	w.graph, err = graph.New(w.view, w.log, func() error { return nil }, slog.New(slog.NewTextHandler(t.Output(), nil)))
	w.must(err)
	return w
}

// played is a world in which all scenarios were played.
func played(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	all, err := seeds.All()
	w.must(err)
	for _, s := range all {
		w.must(seeds.Play(t.Context(), w.desk, w.clock.Set, s, nil))
	}
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// ask answers a query for a role of a unit, as encoding/json reads it.
func (w *world) ask(by ledger.Actor, lang, query string) (data any, errs []bind.Error) {
	w.t.Helper()
	result := w.graph.Execute(graph.WithViewer(w.t.Context(), by, lang), bind.Request{Query: query})
	text, err := json.Marshal(result.Data)
	w.must(err)
	w.must(json.Unmarshal(text, &data))
	return data, result.Errors
}

func as(role ledger.Role, unit string) ledger.Actor {
	return ledger.Actor{Account: string(role) + unit, Roles: []ledger.Role{role}, Unit: unit}
}

// The schema starts: every field has an answer, every answer a field.
func TestSchemaIsBound(t *testing.T) { newWorld(t) }

// Whatever a page shows, anybody can query.
func TestPortalDocumentsFit(t *testing.T) {
	w := newWorld(t)
	documents := portal.Documents()
	if len(documents) < 7 {
		t.Fatalf("only %d documents", len(documents))
	}
	maps.Copy(documents, report.Documents())
	for name, text := range documents {
		if err := w.graph.CheckDocument(name, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.graph.CheckDocument("wrong", "{ unit(code: \"0\") { nickname } }"); err == nil {
		t.Error("a document with an unknown field passed")
	}
}

// The 600-mu case: 220 = 200 by the county + 20 by the town.
func TestTraceOf600Mu(t *testing.T) {
	w := played(t)
	data, errs := w.ask(ledger.Actor{}, "en", `{ trace(mandate: "farmland-600", unit: "990101001002") {
		value provisional steps { unit { code } amount ratio kind events { ordinal type } } layers { amount } originating { code } flags { code found expected } } }`)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	got := fmt.Sprint(data)
	for _, part := range []string{"value:220", "amount:200", "amount:20 ", "kind:ORIGIN", "kind:ADDITION", "ratio:0.1", "originating:map[code:990101]", "OVER_RECEIVED", "expected:600", "type:issuance.made"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
}

// Errors are told in the reader's language, with a code programs rely on.
func TestErrorsInBothLanguages(t *testing.T) {
	w := played(t)
	for _, c := range []struct{ query, rule, zh, en string }{
		{`{ trace(mandate: "none", unit: "990101") { value } }`, "mandate.unknown", "没有编号", "There is no mandate"},
		{`{ trace(mandate: "farmland-600", unit: "98") { value } }`, "unit.unknown", "没有代码", "There is no unit"},
		{`{ units(first: 201) { total } }`, "page.first", "每页最多", "A page holds at most"},
		{`{ units(first: -1) { total } }`, "page.first", "每页最多", "A page holds at most"},
		{`{ units(after: "x") { total } }`, "page.after", "翻页标记", "page mark"},
		{`{ event(ordinal: "0") { id } }`, "event.ordinal", "序号", "ordinal"},
		{`{ event(ordinal: "-1") { id } }`, "event.ordinal", "序号", "ordinal"},
		{`{ event(ordinal: "9223372036854775808") { id } }`, "event.ordinal", "序号", "ordinal"},
		{`{ mandate(id: "farmland-600", asOf: {ordinal: "x"}) { id } }`, "event.ordinal", "序号", "ordinal"},
		{`{ mandates(search: "` + strings.Repeat("长", 65) + `") { total } }`, "search.too_long", "最多 64 个字", "has at most 64"},
		{`{ cascade(mandate: "farmland-600", measure: "area", under: "98") { total } }`, "unit.unknown", "没有代码", "There is no unit"},
	} {
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en, "": c.zh} {
			_, errs := w.ask(ledger.Actor{}, lang, c.query)
			if len(errs) != 1 || errs[0].Extensions.Rule != c.rule || !strings.Contains(errs[0].Message, want) {
				t.Errorf("%s %q: %+v", c.query, lang, errs)
			}
		}
	}
}

// A query's whole answer is of one ordinal, which it can name.
func TestAsOfInput(t *testing.T) {
	w := played(t)
	w.clock.Set(time.Date(2030, 1, 1, 0, 0, 0, 0, ledger.Beijing))
	for query, want := range map[string]string{
		`{ trace(mandate: "farmland-600", unit: "990101001002", asOf: {ordinal: "1"}) { value asOf } }`:       "map[trace:[]]",
		`{ trace(mandate: "farmland-600", unit: "990101001002", asOf: {recorded: "2000-01-01"}) { value } }`:  "map[trace:[]]",
		`{ trace(mandate: "farmland-600", unit: "990101001002", asOf: {recorded: "2100-01-01"}) { value } }`:  "map[trace:[map[value:220]]]",
		`{ trace(mandate: "farmland-600", unit: "990101001002", asOf: {effective: "2000-01-01"}) { value } }`: "map[trace:[]]",
		`{ mandate(id: "farmland-600", asOf: {ordinal: "1"}) { id } }`:                                        "map[mandate:<nil>]",
		`{ mandate(id: "none") { id } }`:                                               "map[mandate:<nil>]",
		`{ issuance(id: "farmland-600-town", asOf: {recorded: "2000-01-01"}) { id } }`: "map[issuance:<nil>]",
		`{ cascade(mandate: "none", measure: "area") { total } }`:                      "map[cascade:<nil>]",
		`{ cascade(mandate: "farmland-600", measure: "none") { total } }`:              "map[cascade:<nil>]",
		`{ event(ordinal: "999999") { id } }`:                                          "map[event:<nil>]",
		`{ cascade(mandate: "farmland-600", measure: "area", under: "990101001", first: 0) { total edges { cursor } pageInfo { hasNextPage endCursor } } }`: "map[cascade:map[edges:[] pageInfo:map[endCursor:<nil> hasNextPage:true] total:3]]",
	} {
		data, errs := w.ask(ledger.Actor{}, "en", query)
		if got := fmt.Sprint(data); len(errs) > 0 || got != want {
			t.Errorf("%s\n got %s %v\nwant %s", query, got, errs, want)
		}
	}
}

// Only staff may ask for the schema.
func TestIntrospectionIsForStaff(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		by ledger.Actor
		ok bool
	}{{ledger.Actor{}, false}, {as(ledger.Clerk, "990101"), false}, {as(ledger.Investigator, ""), true}, {as(ledger.Reviewer, ""), true}, {as(ledger.Admin, ""), true}, {as(ledger.Auditor, ""), true}} {
		_, errs := w.ask(c.by, "en", "{ __schema { queryType { name } } }")
		if c.ok != (len(errs) == 0) || !c.ok && errs[0].Extensions.Rule != "query.introspection" {
			t.Errorf("%v: %+v", c.by.Roles, errs)
		}
	}
}

// A date counts to its end, in China's civil time.
func TestAsOfADate(t *testing.T) {
	w := played(t)
	text := w.one(`{ issuance(id: "farmland-600-town") { events { recorded } } }`, "issuance", "events", "recorded")
	made, err := time.Parse(time.RFC3339, text)
	w.must(err)
	for _, c := range []struct {
		day  time.Time
		want string
	}{{made, "map[trace:[map[value:220]]]"}, {made.AddDate(0, 0, -1), "map[trace:[]]"}} {
		data, errs := w.ask(ledger.Actor{}, "en", fmt.Sprintf(`{ trace(mandate: "farmland-600", unit: "990101001002", asOf: {recorded: "%s"}) { value } }`, ledger.DateOf(c.day)))
		if got := fmt.Sprint(data); len(errs) > 0 || got != c.want {
			t.Errorf("%s: %s %v", c.day, got, errs)
		}
	}
}
