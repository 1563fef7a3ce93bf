package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"suyuan/portal"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/graph/graphtest"
	"suyuan/services/ledger"
)

// askers are one of each kind of reader, two where one must not get what is
// the other's.
var askers = []ledger.Actor{
	{}, as(ledger.Clerk, ""), as(ledger.Clerk, "9902"), as(ledger.Clerk, "990201001"), as(ledger.Clerk, "990201"), {Account: "x", Unit: "990201001"},
	as(ledger.Investigator, ""), as(ledger.Reviewer, "99"), as(ledger.Admin, ""), as(ledger.Auditor, ""),
}

// asking draws queries that find something in the ledger of the scenarios.
func asking(w *world) *graphtest.Schema {
	w.t.Helper()
	result := w.graph.Execute(graph.WithViewer(w.t.Context(), as(ledger.Auditor, ""), "en"), bind.Request{Query: graphtest.Introspection})
	s, err := graphtest.Read(result.Data)
	w.must(err)
	s.Often = []string{"Query.objections", "Objection.reason"} // a party's
	mandates, units := []any{"farmland-600", "funds-150", "none"}, []any{"990101001002", "990201", "990201001", "99", "98"}
	s.Samples = map[string][]any{
		"Query.unit(code:)": units, "Query.trace(unit:)": units, "Query.cascade(under:)": units, "Query.objections(unit:)": units,
		"Query.units(within:)": units, "Query.mandates(within:)": units,
		"Query.mandate(id:)": mandates, "Query.trace(mandate:)": mandates, "Query.cascade(mandate:)": mandates, "Query.objections(mandate:)": mandates,
		"Unit.received(mandate:)": mandates, "Unit.passedDown(mandate:)": mandates,
		"Query.trace(measure:)": {"area", "none"}, "Query.cascade(measure:)": {"area", "money"},
		"Query.issuance(id:)":   {"funds-150-county", "farmland-600-town", "none"},
		"Query.event(ordinal:)": {"1", "7", "31", "x"}, "AsOf(ordinal:)": {"1", "40", "1000", "x"},
	}
	return s
}

// Whatever is asked by whomever, a plan answers what the library answers, and
// a kept answer is the one that would be given now: to this reader, with
// these values, in this language.
func TestOneAnswerByAllWays(t *testing.T) {
	w := played(t)
	s := asking(w)
	fresh, err := graph.New(w.view, w.log, func() error { return nil }, slog.New(slog.DiscardHandler))
	w.must(err)
	ran, party := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		q := s.Draw(t, 3)
		lang := rapid.SampledFrom([]string{"en", "zh"}).Draw(t, "lang")
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}).Draw(t, "askers")[:4] {
			r := bind.Request{Query: q.Text, Variables: q.Variables}
			ctx := graph.WithViewer(context.Background(), askers[i], lang)
			first, again, library := w.graph.Reply(ctx, r), w.graph.Reply(ctx, r), fresh.ByLibrary(ctx, r)
			if err := graphtest.Differ(first.Body, library.Body()); err != nil {
				t.Fatalf("%v\n%s %v\nas %v\ngiven   %s\nlibrary %s", err, q.Text, q.Variables, askers[i], first.Body, library.Body())
			}
			if string(first.Body) != string(again.Body) || first.Executed != again.Executed {
				t.Fatalf("%s %v\nfirst %s\nagain %s", q.Text, q.Variables, first.Body, again.Body)
			}
			if first.Executed {
				ran++
			}
			if strings.Contains(q.Text, "reason") {
				party++
			}
		}
	})
	if ran < 200 || party == 0 {
		t.Errorf("only %d queries ran, %d asked what is a party's", ran, party)
	}
}

// What every role asks of one secret row, in every order: nobody is given
// another's answer.
func TestNoAnswerOfAnothers(t *testing.T) {
	w := played(t)
	document := `{ objections(mandate: "funds-150") { id reason answer unit { code } owedBy { code } } event(ordinal: "2") { hash data } }`
	alone := map[int]string{}
	for i, by := range askers {
		g, err := graph.New(w.view, w.log, func() error { return nil }, slog.New(slog.DiscardHandler))
		w.must(err)
		alone[i] = string(g.Reply(graph.WithViewer(t.Context(), by, "en"), bind.Request{Query: document}).Body)
	}
	if alone[0] == alone[3] || alone[0] == alone[6] || alone[3] == alone[6] || alone[2] == alone[3] {
		t.Fatalf("the roles see the same: %s", alone[0])
	}
	for from := range askers {
		for i := range askers {
			i = (from + i*3) % len(askers)
			if got := string(w.graph.Reply(graph.WithViewer(t.Context(), askers[i], "en"), bind.Request{Query: document}).Body); got != alone[i] {
				t.Fatalf("%v got\n%s\nwhere alone it gets\n%s", askers[i], got, alone[i])
			}
		}
	}
}

// The next event drops every answer, each time it is asked for.
func TestKeptAnswersEndWithTheNextEvent(t *testing.T) {
	w := played(t)
	ask := func() string {
		return string(w.graph.Reply(graph.WithViewer(t.Context(), ledger.Actor{}, "en"), bind.Request{Query: `{ unit(code: "990101") { name } }`}).Body)
	}
	ask()
	for i := range 3 {
		_, err := w.desk.Submit(t.Context(), as(ledger.Admin, ""), "unit.rename", fmt.Sprint(i), fmt.Appendf(nil, `{"code":"990101","name":"某县%d"}`, i))
		w.must(err)
		for range 3 {
			if after := ask(); !strings.Contains(after, fmt.Sprint("某县", i)) {
				t.Errorf("still %s", after)
			}
		}
	}
}

// failing is a log that cannot be read for a moment.
type failing struct {
	ledger.Log
	err error
}

func (f *failing) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	if f.err != nil {
		return func(yield func(ledger.Recorded, error) bool) { yield(ledger.Recorded{}, f.err) }
	}
	return f.Log.All(ctx, after)
}

// A fault of ours is not kept.
func TestFaultsAreNotKept(t *testing.T) {
	w := played(t)
	log := &failing{w.log, errors.New("disk")}
	g, err := graph.New(w.view, log, func() error { return nil }, slog.New(slog.DiscardHandler))
	w.must(err)
	ask := func() string {
		return string(g.Reply(graph.WithViewer(t.Context(), as(ledger.Auditor, ""), "en"), bind.Request{Query: `{ event(ordinal: "2") { data } }`}).Body)
	}
	if got := ask(); !strings.Contains(got, `"internal"`) || strings.Contains(got, "disk") {
		t.Error(got)
	}
	log.err = nil
	if got := ask(); strings.Contains(got, "errors") || !strings.Contains(got, `"data":"{`) {
		t.Error(got)
	}
}

// What changes while the fold stands still is not kept.
func TestWhatChangesIsNotKept(t *testing.T) {
	w := played(t)
	var reason error
	g, err := graph.New(w.view, w.log, func() error { return reason }, slog.New(slog.DiscardHandler))
	w.must(err)
	ask := func() string {
		return string(g.Reply(graph.WithViewer(t.Context(), ledger.Actor{}, "en"), bind.Request{Query: `{ ledger { readOnly damagedAt } }`}).Body)
	}
	if got := ask(); got != `{"data":{"ledger":{"readOnly":false,"damagedAt":null}}}` {
		t.Error(got)
	}
	reason = &ledger.Damage{Ordinal: 7}
	if got := ask(); got != `{"data":{"ledger":{"readOnly":true,"damagedAt":"7"}}}` {
		t.Error(got)
	}
}

// The portal's documents answer by their id alone, and no other does.
func TestDocumentsById(t *testing.T) {
	w := played(t)
	w.must(w.graph.Register(portal.Documents()))
	ctx := graph.WithViewer(t.Context(), ledger.Actor{}, "en")
	text := portal.Documents()["trace"]
	vars := map[string]any{"mandate": "farmland-600", "unit": "990101001002"}
	want := w.graph.Reply(ctx, bind.Request{Query: text, Variables: vars})
	other := `{ unit(code: "99") { code } }`
	if !want.Executed || !strings.Contains(string(want.Body), `"220"`) {
		t.Fatalf("%s", want.Body)
	}
	for name, c := range map[string]struct {
		r    bind.Request
		rule string
	}{
		"by id":               {bind.Request{ID: bind.DocumentID(text), Variables: vars}, ""},
		"both":                {bind.Request{ID: bind.DocumentID(text), Query: text, Variables: vars}, ""},
		"with its operation":  {bind.Request{ID: bind.DocumentID(text), Operation: "Trace", Variables: vars}, ""},
		"another operation":   {bind.Request{ID: bind.DocumentID(text), Operation: "Tracts", Variables: vars}, "query.operation"},
		"without its values":  {bind.Request{ID: bind.DocumentID(text)}, "query.variable"},
		"unknown":             {bind.Request{ID: bind.DocumentID(other)}, "query.unknown_document"},
		"no id at all":        {bind.Request{ID: "x"}, "query.unknown_document"},
		"upper case":          {bind.Request{ID: strings.ToUpper(bind.DocumentID(text)), Variables: vars}, "query.unknown_document"},
		"another's text":      {bind.Request{ID: bind.DocumentID(text), Query: other}, "query.id_mismatch"},
		"an id that is wrong": {bind.Request{ID: "x", Query: text, Variables: vars}, "query.id_mismatch"},
	} {
		got := w.graph.Reply(ctx, c.r)
		if c.rule == "" && (!got.Executed || string(got.Body) != string(want.Body)) {
			t.Errorf("%s: %s", name, got.Body)
		}
		if c.rule != "" && (got.Executed || !strings.Contains(string(got.Body), `"rule":"`+c.rule+`"`)) {
			t.Errorf("%s: %s", name, got.Body)
		}
	}
	// A stranger's query is answered, and is no more known by its id than before.
	if got := w.graph.Reply(ctx, bind.Request{ID: bind.DocumentID(other), Query: other}); !got.Executed {
		t.Errorf("%s", got.Body)
	}
	if got := w.graph.Reply(ctx, bind.Request{ID: bind.DocumentID(other)}); got.Executed {
		t.Errorf("a stranger's query was registered: %s", got.Body)
	}
	if err := w.graph.Register(map[string]string{"wrong": `{ unit(code: "0") { nickname } }`}); err == nil {
		t.Error("a document that does not fit was registered")
	}
}

// Readers and the fold at once; the race detector is the judge.
func TestKeptAnswersAtOnce(t *testing.T) {
	w := played(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				code := fmt.Sprint(990101 + n%3)
				reply := w.graph.Reply(graph.WithViewer(t.Context(), askers[i], "en"), bind.Request{
					Query: `query($c: ID!) { unit(code: $c) { code children { edges { node { code } } } } }`, Variables: map[string]any{"c": code}})
				var got struct {
					Data struct{ Unit *struct{ Code string } }
				}
				if err := json.Unmarshal(reply.Body, &got); err != nil || got.Data.Unit != nil && got.Data.Unit.Code != code {
					t.Errorf("%s: %s", code, reply.Body)
				}
			}
		})
	}
	for i := range 20 {
		_, err := w.desk.Submit(t.Context(), as(ledger.Admin, ""), "unit.rename", fmt.Sprint("at once", i), fmt.Appendf(nil, `{"code":"990101","name":"某县%d"}`, i))
		w.must(err)
	}
	all.Wait()
}
