package bind

import (
	"slices"
	"strings"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// ref is a type as a field or argument names it: a list of something, or a
// name; nonNull or not.
type ref struct {
	name    string
	list    *ref
	nonNull bool
}

func (r *ref) String() string {
	s := r.name
	if r.list != nil {
		s = "[" + r.list.String() + "]"
	}
	if r.nonNull {
		s += "!"
	}
	return s
}

// named is the name within all lists.
func (r *ref) named() string {
	for r.list != nil {
		r = r.list
	}
	return r.name
}

// ref reads a type; the library's parser lets half of one pass.
func (b *builder) ref(place string, t ast.Type) *ref {
	switch t := t.(type) {
	case *ast.Named:
		if t != nil && t.Name != nil {
			return &ref{name: t.Name.Value}
		}
	case *ast.List:
		return &ref{list: b.ref(place, t.Type)}
	case *ast.NonNull:
		inner := b.ref(place, t.Type)
		inner.nonNull = true
		return inner
	}
	b.problem("%s: its type cannot be read", place)
	return &ref{name: "String"}
}

// directives reads what is said about a place and complains about all but
// the allowed directives.
func (b *builder) directives(place string, list []*ast.Directive, allowed ...string) (to Visibility, deprecated string) {
	for _, d := range list {
		switch {
		case !slices.Contains(allowed, d.Name.Value):
			b.problem("%s: @%s has no meaning here", place, d.Name.Value)
		case d.Name.Value == "visible":
			given := Visibility(b.onlyArgument(place, d, "to"))
			if !slices.Contains(visibilities, given) {
				b.problem("%s: @visible(to: %s): one of PUBLIC, PARTY, STAFF, CASE", place, given)
			}
			if to != "" {
				b.problem("%s: @visible twice", place)
			}
			to = given
		case d.Name.Value == "deprecated":
			deprecated = or(b.onlyArgument(place, d, "reason"), graphql.DefaultDeprecationReason)
		}
	}
	return to, deprecated
}

func (b *builder) onlyArgument(place string, d *ast.Directive, name string) string {
	value := ""
	for _, arg := range d.Arguments {
		v, ok := arg.Value.GetValue().(string)
		if arg.Name.Value != name || !ok {
			b.problem("%s: @%s(%s:) is not understood", place, d.Name.Value, arg.Name.Value)
			continue
		}
		value = strings.TrimSpace(v)
	}
	return value
}
