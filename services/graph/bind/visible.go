package bind

import (
	"cmp"
	"context"
	"slices"
)

// Visibility is who may see a field, as @visible(to: …) says in the SDL.
type Visibility string

// The four circles of readers. What Party and Case mean for a row is decided
// by the Viewer.
const (
	Public Visibility = "PUBLIC" // everybody; the viewer is not asked
	Party  Visibility = "PARTY"  // clerks of the units concerned
	Staff  Visibility = "STAFF"  // investigator, reviewer, admin, auditor
	Case   Visibility = "CASE"   // those assigned to the case, never one who is recused
)

var visibilities = []Visibility{Public, Party, Staff, Case}

// Viewer is who asks. May gets the row the field belongs to, by value and
// never nil; for a field of Query it is the empty root row. May must be safe
// for concurrent use.
type Viewer interface {
	May(ctx context.Context, to Visibility, row any) bool
	Staff() bool  // signed in as staff: wider limits, introspection
	Lang() string // "en", else Chinese
}

// Access is one line of the access table.
type Access struct {
	Type, Field string
	To          Visibility
}

// Access returns who may see what, sorted by type and field.
func (b *Bound) Access() []Access { return slices.Clone(b.access) }

func (b *builder) access() []Access {
	var table []Access
	for _, o := range b.objects {
		for _, f := range o.fields {
			table = append(table, Access{o.name, f.name, f.to})
		}
	}
	slices.SortFunc(table, func(x, y Access) int {
		return cmp.Or(cmp.Compare(x.Type, y.Type), cmp.Compare(x.Field, y.Field))
	})
	return table
}

// nobody is the viewer of a request that names none.
type nobody struct{}

func (nobody) May(context.Context, Visibility, any) bool { return false }
func (nobody) Staff() bool                               { return false }
func (nobody) Lang() string                              { return "" }
