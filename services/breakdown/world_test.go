package breakdown_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"suyuan/services/breakdown"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/graph"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is a real desk on a real store, with the fold and GraphQL over it.
type world struct {
	t     tester
	store *sqlite.Store
	view  *view.View
	graph *graph.Graph
	desk  *desk.Desk
	keys  int
}

func newWorld(t tester) *world {
	t.Helper()
	w := &world{t: t}
	dir, err := os.MkdirTemp("", "breakdown-")
	w.must(err)
	log := slog.New(slog.DiscardHandler)
	events, err := catalogue.Events()
	w.must(err)
	w.store, err = sqlite.Open(dir, sqlite.WithLogger(log))
	w.must(err)
	w.view, err = view.New(events, "")
	w.must(err)
	w.graph, err = graph.New(w.view, w.store, w.store.Err, log)
	w.must(err)
	w.desk, err = desk.New(w.store, events, catalogue.Commands(), desktest.Caught(w.view, w.store), func() time.Time { return time.Date(2022, 3, 1, 9, 0, 0, 0, ledger.Beijing) })
	w.must(err)
	end := func() { _ = errors.Join(w.store.Close(), os.RemoveAll(dir)) }
	t.(interface{ Cleanup(func()) }).Cleanup(end)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v", err)
	}
}

func (w *world) ask(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	return w.graph.Query(graph.WithViewer(ctx, ledger.Actor{}, "en"), document, variables)
}

func (w *world) submit(role ledger.Role, unit, name, key string, command any) error {
	input, ok := command.([]byte)
	if !ok {
		var err error
		input, err = json.Marshal(command)
		w.must(err)
	}
	if key == "" {
		w.keys++
		key = fmt.Sprint(w.keys)
	}
	_, err := w.desk.Submit(context.Background(), ledger.Actor{Account: string(role) + "-" + unit, Roles: []ledger.Role{role}, Unit: unit}, name, key, input)
	return err
}

func (w *world) unit(code, name, parent string) {
	w.t.Helper()
	w.must(w.submit(ledger.Admin, "", "unit.register", "", map[string]any{"code": code, "name": name, "kind": "government", "parent": parent}))
}

func (w *world) mandate(id, origin string, measures ...mandate.Measure) {
	w.t.Helper()
	w.must(w.submit(ledger.Clerk, origin, "mandate.issue", "", mandate.Issue{Issued: mandate.Issued{ID: id, Title: "任务", Field: "农业", Origin: origin, Measures: measures}}))
}

// on is what is on record of an issuance, in parts or whole.
func (w *world) on(id string) (on []*breakdown.Record) {
	w.t.Helper()
	for k := range 10 {
		name := id
		if k > 0 {
			name = breakdown.PartID(id, k)
		}
		r, err := breakdown.Load(context.Background(), w.ask, name)
		w.must(err)
		if r != nil {
			on = append(on, r)
		}
	}
	return on
}

// plan reads a file and compares it with the record.
func (w *world) plan(name string, data []byte, h breakdown.Header, o breakdown.Options) (*breakdown.Plan, error) {
	w.t.Helper()
	ctx := context.Background()
	on := w.on(h.ID)
	if len(o.Measures) == 0 && len(on) > 0 {
		o.Measures = on[0].Measures
	}
	if len(on) > 0 {
		o.Recorded = on[0].Stated
		var mandates []string
		for _, m := range o.Measures {
			mandates = append(mandates, m.Mandate)
		}
		if err := h.Agrees(on, mandates); err != nil {
			return nil, err
		}
	}
	s, problems, err := breakdown.Read(ctx, name, data, o)
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		return nil, err
	}
	issuer := h.Issuer
	if issuer == "" {
		issuer = on[0].Issuer
	}
	lines, problems, err := s.Resolve(ctx, w.ask, issuer, func() {})
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		return nil, err
	}
	return s.Plan(h, lines, on)
}

// carry submits the first n steps of a plan.
func (w *world) carry(p *breakdown.Plan, unit string, n int) {
	w.t.Helper()
	for _, step := range p.Steps[:min(n, len(p.Steps))] {
		w.must(w.submit(ledger.Clerk, unit, step.Name, step.Key, step.Input))
	}
}

func (w *world) make(m issuance.Make) {
	w.t.Helper()
	w.must(w.submit(ledger.Clerk, m.Issuer, "issuance.make", "", m))
}

func (w *world) export(id, lang, format string) []byte {
	w.t.Helper()
	var b bytes.Buffer
	write := breakdown.WriteCSV
	if format == "x.xlsx" {
		write = breakdown.WriteWorkbook
	}
	if err := write(&b, lang, w.on(id)...); err != nil {
		w.t.Fatalf("export: %v", err)
	}
	return b.Bytes()
}

var _ tester = (*testing.T)(nil)
