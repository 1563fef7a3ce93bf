package guard

import "github.com/graphql-go/graphql/language/ast"

// extent is what a selection set amounts to once fragments are put in.
type extent struct{ selections, depth int }

// expander counts each fragment once and reuses the count. The library's own
// rule against cycles is not enough: of two fragments with one name it looks
// at the first and its other rules at the last, so a circle in the last still
// overflows their stack.
type expander struct {
	fragments map[string]*ast.FragmentDefinition
	known     map[string]extent
	inside    map[string]bool
	used      *Limits
	limits    Limits
}

// expand adds to what was measured what shows once fragments are put in.
func expand(doc *ast.Document, used *Limits, l Limits) error {
	e := expander{map[string]*ast.FragmentDefinition{}, map[string]extent{}, map[string]bool{}, used, l}
	for _, def := range doc.Definitions {
		if f, ok := def.(*ast.FragmentDefinition); ok {
			if e.fragments[f.Name.Value] != nil {
				return refuse("query.fragment_twice", "片段 %s 定义了两次。", "The fragment %s is defined twice.", f.Name.Value)
			}
			e.fragments[f.Name.Value] = f
		}
	}
	for _, def := range doc.Definitions {
		var x extent
		var err error
		switch def := def.(type) {
		case *ast.FragmentDefinition: // also one that nothing spreads: validation walks it too
			x, err = e.fragment(def.Name.Value)
			used.Selections = max(used.Selections, x.selections)
		case *ast.OperationDefinition:
			x, err = e.set(def.SelectionSet)
			used.Selections = e.cap(used.Selections + x.selections)
		}
		if err != nil {
			return err
		}
		used.Depth = max(used.Depth, x.depth)
	}
	return used.Within(l)
}

func (e *expander) set(set *ast.SelectionSet) (extent, error) {
	return e.within(set, map[string]int{})
}

// within adds up a set; names counts how often a name is asked for in it and
// in the inline fragments that are merged into it.
func (e *expander) within(set *ast.SelectionSet, names map[string]int) (extent, error) {
	if set == nil {
		return extent{}, nil
	}
	sum := extent{}
	for _, sel := range set.Selections {
		var x extent
		var err error
		switch sel := sel.(type) {
		case *ast.Field:
			if x, err = e.set(sel.SelectionSet); err == nil {
				err = e.repeated(sel, names)
			}
		case *ast.InlineFragment:
			x, err = e.within(sel.SelectionSet, names)
		case *ast.FragmentSpread:
			x, err = e.fragment(sel.Name.Value)
			x.depth = max(0, x.depth-1) // the fragment's own braces are these
		}
		if err != nil {
			return sum, err
		}
		sum = extent{e.cap(sum.selections + 1 + x.selections), max(sum.depth, x.depth)}
	}
	sum.depth++
	return sum, nil
}

// repeated counts a field under the name it is answered with. The library
// compares all fields of one name in pairs, and dearly reports each pair.
func (e *expander) repeated(f *ast.Field, names map[string]int) error {
	name := f.Name
	if f.Alias != nil {
		name = f.Alias
	}
	names[name.Value]++
	e.used.Repeats = max(e.used.Repeats, names[name.Value])
	return Limits{Repeats: e.used.Repeats}.Within(e.limits)
}

// fragment recurses no deeper than there are fragments, which the scan bounds.
func (e *expander) fragment(name string) (extent, error) {
	if x, ok := e.known[name]; ok {
		return x, nil
	}
	if e.inside[name] {
		return extent{}, refuse("query.fragment_cycle", "片段 %s 引用了自身。", "The fragment %s leads back to itself.", name)
	}
	f := e.fragments[name]
	if f == nil {
		return extent{}, nil // validation will say so
	}
	e.inside[name] = true
	x, err := e.set(f.SelectionSet)
	e.inside[name] = false
	if err == nil {
		e.known[name] = x
	}
	return x, err
}

// cap keeps a sum that only has to be too large from overflowing.
func (e *expander) cap(n int) int { return min(n, e.limits.Selections+1) }
