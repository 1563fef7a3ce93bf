package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"suyuan/portal"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// ladder is a ledger in which a task went down five levels to 500 villages,
// each level adding.
type ladder struct {
	testing.TB
	graph *graph.Graph
	view  *view.View
	desk  *desk.Desk
	n     int
}

type object = map[string]any

func newLadder(t testing.TB) *ladder {
	l := &ladder{TB: t}
	events, err := catalogue.Events()
	l.must(err)
	log, err := sqlite.Open(t.TempDir(), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	l.must(err)
	t.Cleanup(func() { _ = log.Close() })
	v, err := view.New(events, "")
	l.must(err)
	l.view = v
	l.desk, err = desk.New(log, events, catalogue.Commands(), desktest.Caught(v, log), time.Now)
	l.must(err)
	l.graph, err = graph.New(v, log, func() error { return nil }, slog.New(slog.DiscardHandler))
	l.must(err)
	l.must(l.graph.Register(portal.Documents()))
	l.fill()
	return l
}

func (l *ladder) fill() {
	admin := ledger.Actor{Account: "admin", Roles: []ledger.Role{ledger.Admin}}
	clerk := func(code string) ledger.Actor {
		return ledger.Actor{Account: "clerk", Roles: []ledger.Role{ledger.Clerk}, Unit: code}
	}
	chain := []string{"0", "99", "9901", "990101", "990101001"}
	for _, code := range chain {
		l.do(admin, "unit.register", object{"code": code, "name": "第" + code + "级人民政府", "kind": "government"})
	}
	l.do(clerk("0"), "mandate.issue", object{"id": "task", "title": "高标准农田建设任务", "field": "农业", "origin": "0",
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}}})
	for i := 0; i < 4; i++ {
		c := object{"id": fmt.Sprint("i", i), "issuer": chain[i], "lines": []object{{"to": chain[i+1], "amounts": []object{{"measure": "task/area", "value": fmt.Sprint(1000 + i)}}}}}
		if i > 0 {
			c["basis"] = []string{fmt.Sprint("i", i-1)}
		}
		l.do(clerk(chain[i]), "issuance.make", c)
	}
	var lines []object
	for i := range 500 {
		l.do(admin, "unit.register", object{"code": village(i), "name": village(i), "kind": "village"})
		lines = append(lines, object{"to": village(i), "amounts": []object{{"measure": "task/area", "value": "2.5"}}})
	}
	l.do(clerk("990101001"), "issuance.make", object{"id": "i4", "issuer": "990101001", "basis": []string{"i3"}, "lines": lines})
}

func village(i int) string { return fmt.Sprintf("990101001%03d", i%500) }

func (l *ladder) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *ladder) do(by ledger.Actor, name string, command object) {
	l.Helper()
	input, err := json.Marshal(command)
	l.must(err)
	l.n++
	_, err = l.desk.Submit(context.Background(), by, name, fmt.Sprint(l.n), input)
	l.must(err)
}

// short asks for a trace of five levels: by whom and how much.
const short = `query($mandate: ID!, $unit: ID!) { trace(mandate: $mandate, unit: $unit) {
	unit { code name level } value provisional asOf
	steps { unit { code name level } amount ratio kind authorised }
	layers { unit { code } amount } originating { code name } } }`

// One trace by each way there is, of the short query and of the portal's page.
func BenchmarkTrace(b *testing.B) {
	l := newLadder(b)
	ctx := graph.WithViewer(b.Context(), ledger.Actor{}, "zh")
	for name, text := range map[string]string{"short": short, "page": portal.Documents()["trace"]} {
		ask := func(i int) bind.Request {
			return bind.Request{Query: text, Variables: map[string]any{"mandate": "task", "unit": village(i)}}
		}
		for _, way := range []struct {
			name string
			ask  func(r bind.Request, i int) *bind.Result
		}{
			{"do", func(r bind.Request, i int) *bind.Result {
				r.Query += fmt.Sprint("#", i)
				return l.graph.ByLibrary(ctx, r)
			}},
			{"execute", func(r bind.Request, _ int) *bind.Result { return l.graph.ByLibrary(ctx, r) }},
			{"plan", func(r bind.Request, _ int) *bind.Result { return l.graph.Anew(ctx, r) }},
			{"kept", func(r bind.Request, _ int) *bind.Result { return l.graph.Execute(ctx, r) }},
		} {
			b.Run(name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if r := way.ask(ask(i), i); len(r.Errors) > 0 || len(r.Body()) < 500 {
						b.Fatal(string(r.Body()))
					}
				}
			})
		}
	}
	b.Run("view", func(b *testing.B) {
		b.ReportAllocs()
		l.view.Read(func(rows *view.Rows) {
			for i := 0; b.Loop(); i++ {
				if _, err := rows.Traces("task", village(i), "", view.Now); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
