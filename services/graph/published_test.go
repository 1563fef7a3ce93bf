package graph_test

import (
	"slices"
	"strings"
	"testing"

	"suyuan/services/graph"
	"suyuan/services/graph/bind"
)

// What is published is what the binder enforces, to the last field.
func TestPublished(t *testing.T) {
	p, err := graph.Publish()
	if err != nil {
		t.Fatal(err)
	}
	var told []bind.Access
	known := map[string]bool{"ID": true, "String": true, "Int": true, "Boolean": true}
	for _, typ := range p.Types {
		known[typ.Name] = true
	}
	for _, typ := range p.Types {
		for _, f := range typ.Fields {
			if typ.Kind == "object" {
				told = append(told, bind.Access{Type: typ.Name, Field: f.Name, To: f.To})
			}
			for _, a := range append(f.Arguments, graph.PublishedArgument{Type: f.Type}) {
				if !known[a.Type.Name] {
					t.Errorf("%s.%s names the type %q, which is not published", typ.Name, f.Name, a.Type.Name)
				}
			}
		}
	}
	slices.SortFunc(told, func(x, y bind.Access) int { return strings.Compare(x.Type+"."+x.Field, y.Type+"."+y.Field) })
	enforced := newWorld(t).graph.Access()
	slices.SortFunc(enforced, func(x, y bind.Access) int { return strings.Compare(x.Type+"."+x.Field, y.Type+"."+y.Field) })
	if !slices.Equal(told, enforced) {
		t.Errorf("published %v\nenforced %v", told, enforced)
	}
	query := p.Types[0]
	i := slices.IndexFunc(query.Fields, func(f graph.PublishedField) bool { return f.Name == "units" })
	if query.Name != "Query" || i < 0 {
		t.Fatalf("the first type is %+v", query)
	}
	units := query.Fields[i]
	if units.Type != (graph.PublishedRef{Name: "UnitConnection", After: "!"}) || units.Arguments[3] != (graph.PublishedArgument{Name: "first", Type: graph.PublishedRef{Name: "Int"}, Default: "50"}) {
		t.Errorf("units is %+v", units)
	}
	for _, want := range []string{"type Query @visible(to: PUBLIC) {", "scalar Date", "directive @visible", "(条线)"} {
		if !strings.Contains(p.Text, want) {
			t.Errorf("the text has no %s", want)
		}
	}
}
