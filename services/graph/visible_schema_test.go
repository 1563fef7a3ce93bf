package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"

	"suyuan/schema"
	"suyuan/services/complaint"
	"suyuan/services/graph/bind"
	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
	"suyuan/services/view/docket/dockettest"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// sdl is the schema as it stands in the files, read without the binder's help.
func sdl(t *testing.T) []*ast.ObjectDefinition {
	t.Helper()
	names, err := schema.GraphQL.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var objects []*ast.ObjectDefinition
	for _, name := range names {
		text, err := schema.GraphQL.ReadFile(name.Name())
		if err != nil {
			t.Fatal(err)
		}
		clean, err := guard.Clean(string(text))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := parser.Parse(parser.ParseParams{Source: clean})
		if err != nil {
			t.Fatal(err)
		}
		for _, def := range doc.Definitions {
			if o, ok := def.(*ast.ObjectDefinition); ok {
				objects = append(objects, o)
			}
		}
	}
	return objects
}

// directives is who may see what by @visible: on the field, else on its type.
func directives(t *testing.T) map[string]map[string]bind.Visibility {
	t.Helper()
	circles := map[string]map[string]bind.Visibility{}
	for _, o := range sdl(t) {
		circles[o.Name.Value] = map[string]bind.Visibility{}
		for _, f := range o.Fields {
			to := visibleTo(f.Directives)
			if to == "" {
				to = visibleTo(o.Directives)
			}
			circles[o.Name.Value][f.Name.Value] = to
		}
	}
	return circles
}

func visibleTo(directives []*ast.Directive) bind.Visibility {
	for _, d := range directives {
		if d.Name.Value == "visible" {
			return bind.Visibility(d.Arguments[0].Value.(*ast.EnumValue).Value)
		}
	}
	return ""
}

// links are the fields that lead from type to type: by type and field, the
// type they lead to.
func links(objects []*ast.ObjectDefinition) map[string]map[string]string {
	known := map[string]bool{}
	for _, o := range objects {
		known[o.Name.Value] = true
	}
	to := map[string]map[string]string{}
	for _, o := range objects {
		to[o.Name.Value] = map[string]string{}
		for _, f := range o.Fields {
			if name := namedType(f.Type); known[name] {
				to[o.Name.Value][f.Name.Value] = name
			}
		}
	}
	return to
}

func namedType(t ast.Type) string {
	switch t := t.(type) {
	case *ast.List:
		return namedType(t.Type)
	case *ast.NonNull:
		return namedType(t.Type)
	case *ast.Named:
		return t.Name.Value
	}
	return ""
}

// starts are the ways into the ledger of the scenarios: questions whose
// answers, between them, have something in every field.
func starts(later string) map[string][]string {
	return map[string][]string{
		"unit":           {`(code: "990201")`, `(code: "990101001")`, `(code: "990102001")`, `(code: "990201001")`, `(code: "990202001001")`, `(code: "990101001003")`},
		"units":          {``, `(level: TOWNSHIP)`, `(level: COUNTY)`},
		"mandate":        {`(id: "funds-150")`, `(id: "farmland-600")`, `(id: "river-patrol")`, `(id: "key-villages")`},
		"mandates":       {``},
		"issuance":       {`(id: "funds-150-county")`, `(id: "farmland-600-town")`, `(id: "every-town")`, `(id: "every-part")`},
		"document":       {`(id: "every-paper")`},
		"documents":      {``},
		"trace":          {`(mandate: "farmland-600", unit: "990101001002")`, `(mandate: "river-patrol", unit: "990202001001")`, `(mandate: "key-villages", unit: "990102001")`, `(mandate: "every", unit: "990101001001")`},
		"cascade":        {`(mandate: "farmland-600", measure: "area")`, `(mandate: "farmland-600", measure: "area", under: "990101001")`, `(mandate: "river-patrol", measure: "traces")`},
		"burdenByOrigin": {``}, "obligations": {`(unit: "990101001")`},
		"objections": {`(mandate: "funds-150")`}, // of the parties that the table has columns for
		"handoffs":   {``},
		"event":      {`(ordinal: "2")`, fmt.Sprintf(`(ordinal: %q)`, later)},
		"ledger":     {``},
		"complaint":  {fmt.Sprintf(`(id: %q)`, complaint.IDOf(dockettest.Box(1)))}, "case": {`(id: "town")`},
		"policies": {``}, "policy": {`(name: "jra-1")`}, "rules": {``}, "rule": {`(id: "gwy-60")`}, "rewards": {``}, "clarifications": {``},
		"penalties": {``}, "findings": {``}, "whatIf": {whatIfStart},
		"complaints": {``}, "cases": {``}, "unreadableClaims": {``}, "recipients": {``}, "issuerKeys": {``}, "releases": {``},
		"statistics": {`(metric: REPORTS, groupBy: CLAIM)`, `(metric: REPORTS, groupBy: RELEASE)`, `(metric: DAYS)`, `(metric: REPORTS, groupBy: LEVEL_AND_DIMENSION)`},
	}
}

// whatIfStart asks about a case with something in every field of its answer.
const whatIfStart = `(case: "{\"kind\":\"quantity\",\"units\":[\"990101\",\"990101001\",\"990101001002\"],\"issued\":[\"200\",\"220\"],\"verified\":\"190\",\"overruled\":{\"990101001\":\"990101\"}}")`

// way is one way to rows of a type.
type way []struct{ field, arguments string }

// witness is a query whose answer has something in one field, and all that
// staff are answered there.
type witness struct {
	query  string
	path   []string
	values []any
}

// witnesses finds for every field of a type a query that has something to
// show there, and what that is, as the auditor is answered.
func (w *world) witnesses(typ string, fields []string) map[string]witness {
	w.t.Helper()
	return w.found(as(ledger.Auditor, ""), typ, fields)
}

func (w *world) argumentsOf(typ, field string) []string {
	if typ == "Query" {
		if more, ok := w.more[field]; ok {
			return more
		}
		return starts(w.later())[field]
	}
	return []string{""}
}

// mostWays bounds the search for rows of one type.
const mostWays = 400

// ways lead from Query to a type, the short ones first.
func (w *world) ways(to map[string]map[string]string, typ string) []way {
	type place struct {
		typ string
		way way
	}
	var found []way
	queue := []place{{"Query", nil}}
	for len(queue) > 0 && len(found) < mostWays {
		p := queue[0]
		queue = queue[1:]
		if p.typ == typ {
			found = append(found, p.way)
			continue
		}
		if len(p.way) == 5 {
			continue
		}
		for _, field := range sortedKeys(to[p.typ]) {
			if p.typ == "Query" && (field == "complaint" || field == "case") {
				continue // what they lead to is in the lists, for those who may see it
			}
			for _, arguments := range w.argumentsOf(p.typ, field) {
				next := append(slices.Clone(p.way), struct{ field, arguments string }{field, arguments})
				queue = append(queue, place{to[p.typ][field], next})
			}
		}
	}
	return found
}

// to asks for one more field at the end of the way.
func (v way) to(field, arguments string, object bool) witness {
	full := append(slices.Clone(v), struct{ field, arguments string }{field, arguments})
	text := ""
	if object {
		text = "{ __typename }"
	}
	path := make([]string, len(full))
	for i := len(full) - 1; i >= 0; i-- {
		text = fmt.Sprintf("{ %s%s %s }", full[i].field, full[i].arguments, text)
		path[i] = full[i].field
	}
	return witness{query: text, path: path}
}

// collect gives what an answer holds at a path, in every row of every list.
func collect(v any, path []string) []any {
	if list, ok := v.([]any); ok && len(path) > 0 {
		var values []any
		for _, item := range list {
			values = append(values, collect(item, path)...)
		}
		return values
	}
	if len(path) == 0 {
		return []any{v}
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	return collect(m[path[0]], path[1:])
}

// later is the ordinal of an event that is not the first of its stream.
func (w *world) later() string {
	return w.one(`{ unit(code: "990201001") { capacities { events { ordinal } } } }`, "unit", "capacities", "events", "ordinal")
}

// one reads a single text out of an answer.
func (w *world) one(query string, path ...string) string {
	w.t.Helper()
	data, errs := w.ask(ledger.Actor{}, "en", query)
	values := collect(data, path)
	if len(errs) > 0 || len(values) == 0 {
		w.t.Fatalf("%s: %v %v", query, data, errs)
	}
	text, ok := values[0].(string)
	if !ok {
		w.t.Fatalf("%s: %v", query, data)
	}
	return text
}
