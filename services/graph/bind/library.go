package bind

import (
	"context"
	"encoding/json"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"

	"suyuan/services/ledger"
)

// ExecuteByLibrary answers a query as Execute does, by the library's own
// executor: the yardstick that plans are held to and measured against. A
// resolver may outlive it where ctx ends; it serves nobody.
func (b *Bound) ExecuteByLibrary(ctx context.Context, r Request) *Result {
	p, refused := b.prepare(ctx, r)
	if refused != nil {
		return refused
	}
	return p.byLibrary(ctx)
}

// byLibrary runs what plans do not cover: questions about the schema itself.
// No resolver of ours is called by those.
func (p *Prepared) byLibrary(ctx context.Context) *Result {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	got := graphql.Execute(graphql.ExecuteParams{
		Schema:  p.bound.schema,
		Root:    &request{viewer: p.viewer, left: p.limits.Resolved, stop: stop},
		AST:     &ast.Document{Loc: p.query.doc.Loc, Definitions: p.query.chosen()},
		Args:    p.vars,
		Context: ctx,
	})
	if ctx.Err() != nil {
		return p.bound.abandoned(ctx, whyEnded(ctx), p.viewer.Lang())
	}
	body := []byte(dataKey)
	if data, ok := got.Data.(map[string]any); ok {
		c := newCollector(p.query.doc, p.vars)
		body = c.append(body, data, c.of(p.query.operation.SelectionSet))
	} else {
		body = append(body, "null"...)
	}
	return newResult(body, p.bound.fieldErrors(ctx, got.Errors, p.viewer.Lang()))
}

// chosen are the operation to run and all fragments.
func (q *query) chosen() []ast.Node {
	list := []ast.Node{q.operation}
	for _, def := range q.doc.Definitions {
		if f, ok := def.(*ast.FragmentDefinition); ok {
			list = append(list, f)
		}
	}
	return list
}

// append writes what the library answered, which is maps, in the order of the
// query.
func (c *collector) append(dst []byte, v any, entries []asked) []byte {
	switch v := v.(type) {
	case map[string]any:
		dst = append(dst, '{')
		for i, e := range entries {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendText(dst, e.key), ':')
			dst = c.append(dst, v[e.key], c.below(e.nodes))
		}
		return append(dst, '}')
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = c.append(dst, item, entries)
		}
		return append(dst, ']')
	}
	leaf, err := json.Marshal(v)
	if err != nil { // the library answers with strings, numbers and booleans
		return append(dst, "null"...)
	}
	return append(dst, leaf...)
}

// alone reports whether the schema is all a query asks for.
func alone(q *query) bool {
	for _, e := range newCollector(q.doc, nil).of(q.operation.SelectionSet) {
		if name := e.field(); name != "__schema" && name != "__type" && name != "__typename" {
			return false
		}
	}
	return true
}

// windings is how often a question about the schema goes from types to their
// fields and on to types: each time the answer grows by as much again, and the
// library does not count what it answers.
func (c *collector) windings(entries []asked) int {
	most := 0
	for _, e := range entries {
		n := c.windings(c.below(e.nodes))
		switch e.field() {
		case "fields", "inputFields", "interfaces", "possibleTypes":
			n++
		}
		most = max(most, n)
	}
	return most
}

// maxWindings is more than any tool asks with.
const maxWindings = 2

// answerable refuses a question about the schema that is not one alone, or
// whose answer would never end.
func answerable(q *query, vars map[string]any) error {
	if !alone(q) {
		return ledger.Errorf(ledger.Invalid, "query.introspection_alone", "查询接口结构时，请不要在同一查询中取数据。", "Ask for the schema in a query of its own, without data beside it.")
	}
	c := newCollector(q.doc, vars)
	if c.windings(c.of(q.operation.SelectionSet)) > maxWindings {
		return ledger.Errorf(ledger.Invalid, "query.introspection_deep", "接口结构的查询从类型到字段最多往返%d次；请分步查询。", "A query of the schema may go from types to fields %d times at most; ask in steps.", maxWindings)
	}
	return nil
}
