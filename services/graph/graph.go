// Package graph answers GraphQL over the read model: it binds schema/*.graphql
// to the view's values and functions, holds one query to one ordinal and lets
// each field be seen by those it is meant for. It reads only.
package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"suyuan/schema"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

// Graph answers queries. It is safe for concurrent use.
type Graph struct {
	view  *view.View
	log   ledger.Log
	state func() error
	bound *bind.Bound
	kept  *kept
	told  func(way string) // nil where nobody asks
}

// New binds the schema and refuses to start on a field without an answer. log
// is asked only for the bytes of a single event that staff look at; state says
// why the log takes no entries, nil while it takes them.
func New(v *view.View, log ledger.Log, state func() error, faults *slog.Logger) (*Graph, error) {
	g := &Graph{view: v, log: log, state: state, kept: newKept()}
	sources, err := sources()
	if err != nil {
		return nil, err
	}
	g.bound, err = bind.Schema(sources, bind.Bindings{
		Bind:   g.bindings(),
		Viewer: viewerOf,
		Log: func(ctx context.Context, path string, err error) {
			faults.ErrorContext(ctx, "query failed", "path", path, "error", err)
		},
	})
	return g, err
}

func sources() ([]bind.Source, error) {
	names, err := fs.Glob(schema.GraphQL, "*.graphql")
	if err != nil {
		return nil, err
	}
	var out []bind.Source
	for _, name := range names {
		text, err := fs.ReadFile(schema.GraphQL, name)
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		out = append(out, bind.Source{Name: name, Text: string(text)})
	}
	return out, nil
}

// Access is who may see which field, for tests and the public schema page.
func (g *Graph) Access() []bind.Access { return g.bound.Access() }

// CheckDocument holds a document against the schema.
func (g *Graph) CheckDocument(name, text string) error { return g.bound.CheckDocument(name, text) }

// Register makes the portal's own documents known by name: they are never
// forgotten, and a request may ask for one by its id.
func (g *Graph) Register(documents map[string]string) error { return g.bound.Register(documents) }

// The ways in which a query is answered.
const (
	Refused = "refused" // it is not run
	Schema  = "schema"  // it asks for the schema
	Kept    = "kept"    // an answer given before
	Run     = "run"     // its plan is run
)

// Tell has every answer's way told to someone, who must be quick; call it
// before the first query.
func (g *Graph) Tell(told func(way string)) { g.told = told }

type untold struct{}

// Untold is under which a query's way is told to nobody: one of a reporter,
// whose every look would else be counted.
func Untold(ctx context.Context) context.Context { return context.WithValue(ctx, untold{}, true) }

// Execute answers a query for the viewer in ctx, all of it at one ordinal.
func (g *Graph) Execute(ctx context.Context, r bind.Request) (result *bind.Result) {
	way := Refused
	if g.told != nil && ctx.Value(untold{}) == nil {
		defer func() { g.told(way) }()
	}
	p, refused := g.bound.Prepare(ctx, r)
	if refused != nil {
		return refused
	}
	if p.Introspects() { // the schema stands still without a lock
		way = Schema
		return p.Run(ctx)
	}
	var space [512]byte
	key, keep := appendKey(space[:0], ctx, p)
	fresh, ordinal := false, uint64(0)
	g.view.Read(func(rows *view.Rows) {
		ordinal = rows.Size()
		if keep {
			result = g.kept.get(key, ordinal)
		}
		if fresh = result == nil; fresh {
			result = p.Run(lend(ctx, rows))
		}
	})
	if way = Kept; fresh {
		way = Run
	}
	if fresh && keep && len(result.Errors) == 0 {
		g.kept.put(key, ordinal, result)
	}
	return result
}

// ByLibrary answers a query as Execute does, but for its speed: see
// bind.ExecuteByLibrary. It serves nobody.
func (g *Graph) ByLibrary(ctx context.Context, r bind.Request) (result *bind.Result) {
	g.view.Read(func(rows *view.Rows) { result = g.bound.ExecuteByLibrary(lend(ctx, rows), r) })
	return result
}

// Reply is an answer as it goes over the wire: the whole JSON object, and
// whether the query was run at all. Body is shared; it must not be changed.
type Reply struct {
	Body     []byte
	Executed bool
}

// Reply answers a query for the viewer in ctx, all of it at one ordinal.
func (g *Graph) Reply(ctx context.Context, r bind.Request) Reply {
	result := g.Execute(ctx, r)
	return Reply{Body: result.Body(), Executed: result.Executed}
}

// Query answers one of the portal's own documents: its data, or the first
// error as a *ledger.Error. It is held to the reader's limits like any other.
func (g *Graph) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	result := g.Execute(ctx, bind.Request{Query: document, Variables: variables})
	if len(result.Errors) > 0 {
		e := result.Errors[0]
		return nil, &ledger.Error{Code: e.Extensions.Code, Rule: e.Extensions.Rule, Text: ledger.Text{Zh: e.Message, En: e.Message}, Field: e.Extensions.Field}
	}
	return result.Data, nil
}

// lend gives the rows to the resolvers of one query, which runs to its end
// while they stand still, and with them how many of them they may look at. A query's goroutine is the reader's own, so nothing
// outlives it that could see rows in motion.
func lend(ctx context.Context, rows *view.Rows) context.Context {
	limit := allowance(ctx)
	return context.WithValue(ctx, rowsKey{}, &lent{rows: rows, left: limit, limit: limit})
}

type rowsKey struct{}

var errNoRows = errors.New("asked outside of a query")

// read runs a resolver with the query's rows.
func read[R any](ctx context.Context, use func(*view.Rows) (R, error)) (R, error) {
	l, ok := ctx.Value(rowsKey{}).(*lent)
	if !ok {
		var nothing R
		return nothing, errNoRows
	}
	return use(l.rows)
}
