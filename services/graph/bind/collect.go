package bind

import (
	"github.com/graphql-go/graphql/language/ast"
)

// asked is one entry of an answer: the name it is answered under and the
// places of the document that ask for it, merged.
type asked struct {
	key   string
	nodes []*ast.Field
}

func (a asked) field() string { return a.nodes[0].Name.Value }

// collector puts selection sets together in the order of the document, as the
// specification's CollectFields does. There are no interfaces and no unions
// here, so in a validated document every fragment applies.
type collector struct {
	fragments map[string]*ast.FragmentDefinition
	vars      map[string]any
}

func newCollector(doc *ast.Document, vars map[string]any) *collector {
	c := &collector{fragments: map[string]*ast.FragmentDefinition{}, vars: vars}
	for _, def := range doc.Definitions {
		if f, ok := def.(*ast.FragmentDefinition); ok {
			c.fragments[f.Name.Value] = f
		}
	}
	return c
}

// below are the entries that several places of one field ask for together.
func (c *collector) below(nodes []*ast.Field) []asked {
	sets := make([]*ast.SelectionSet, len(nodes))
	for i, n := range nodes {
		sets[i] = n.SelectionSet
	}
	return c.of(sets...)
}

func (c *collector) of(sets ...*ast.SelectionSet) []asked {
	var entries []asked
	places, seen := map[string]int{}, map[string]bool{}
	for _, set := range sets {
		entries = c.add(entries, set, places, seen)
	}
	return entries
}

func (c *collector) add(entries []asked, set *ast.SelectionSet, places map[string]int, seen map[string]bool) []asked {
	if set == nil {
		return entries
	}
	for _, sel := range set.Selections {
		switch sel := sel.(type) {
		case *ast.Field:
			if !c.wanted(sel.Directives) {
				continue
			}
			key := sel.Name.Value
			if sel.Alias != nil {
				key = sel.Alias.Value
			}
			at, ok := places[key]
			if !ok {
				at = len(entries)
				places[key] = at
				entries = append(entries, asked{key: key})
			}
			entries[at].nodes = append(entries[at].nodes, sel)
		case *ast.InlineFragment:
			if c.wanted(sel.Directives) {
				entries = c.add(entries, sel.SelectionSet, places, seen)
			}
		case *ast.FragmentSpread:
			f := c.fragments[sel.Name.Value]
			if f == nil || seen[sel.Name.Value] || !c.wanted(sel.Directives) {
				continue
			}
			seen[sel.Name.Value] = true
			entries = c.add(entries, f.SelectionSet, places, seen)
		}
	}
	return entries
}

// wanted reads @skip and @include; where one is repeated the last counts, as
// with the library.
func (c *collector) wanted(directives []*ast.Directive) bool {
	skip, include := false, true
	for _, d := range directives {
		switch d.Name.Value {
		case "skip":
			skip = c.condition(d) == true
		case "include":
			include = c.condition(d) != false
		}
	}
	return include && !skip
}

// condition is true, false or nil.
func (c *collector) condition(d *ast.Directive) any {
	for _, arg := range d.Arguments {
		switch v := arg.Value.(type) {
		case *ast.BooleanValue:
			return v.Value
		case *ast.Variable:
			return c.vars[v.Name.Value]
		}
	}
	return nil
}

// switches are the variables that say what is asked for at all.
func switches(doc *ast.Document) []string {
	var names []string
	known := map[string]bool{}
	note := func(directives []*ast.Directive) {
		for _, d := range directives {
			for _, arg := range d.Arguments {
				if v, ok := arg.Value.(*ast.Variable); ok && !known[v.Name.Value] {
					known[v.Name.Value] = true
					names = append(names, v.Name.Value)
				}
			}
		}
	}
	var walk func(set *ast.SelectionSet) // the guard has bounded the depth
	walk = func(set *ast.SelectionSet) {
		if set == nil {
			return
		}
		for _, sel := range set.Selections {
			switch sel := sel.(type) {
			case *ast.Field:
				note(sel.Directives)
			case *ast.InlineFragment:
				note(sel.Directives)
			case *ast.FragmentSpread:
				note(sel.Directives)
				continue // its own set is the fragment's, walked there
			}
			walk(sel.GetSelectionSet())
		}
	}
	for _, def := range doc.Definitions {
		if d, ok := def.(interface{ GetSelectionSet() *ast.SelectionSet }); ok {
			walk(d.GetSelectionSet())
		}
	}
	return names
}
