package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"
	"github.com/graphql-go/graphql/language/printer"

	"suyuan/services/graph/bind"
	"suyuan/services/graph/guard"
)

// Published is the schema as anybody may read it: what can be asked, how much
// at once, and who is shown which field.
type Published struct {
	Text          string // all documents, in GraphQL's own language
	Types         []PublishedType
	Public, Staff guard.Limits
}

// PublishedType is an object (Query first), an input, an enum or a scalar. An
// enum has Values, a scalar nothing, the others Fields.
type PublishedType struct {
	Kind        string // object, input, enum, scalar
	Name        string
	Description string
	Fields      []PublishedField
	Values      []string
}

// PublishedField is one field; To is empty for an input's.
type PublishedField struct {
	Name, Description string
	Type              PublishedRef
	Arguments         []PublishedArgument
	To                bind.Visibility
}

// PublishedArgument is what a field may be asked with.
type PublishedArgument struct {
	Name    string
	Type    PublishedRef
	Default string // as GraphQL writes it, "" for none
}

// PublishedRef is a type with what stands around its name: "[", Unit, "!]!".
type PublishedRef struct{ Before, Name, After string }

// Publish reads the schema's documents. What it says of visibility is what the
// binder enforces; a test holds the two together.
func Publish() (Published, error) {
	p := Published{Public: guard.Public, Staff: guard.Staff}
	documents, err := sources()
	if err != nil {
		return p, err
	}
	slices.SortStableFunc(documents, func(a, b bind.Source) int { // the one with Query first
		return -cmp.Compare(strings.Count(a.Text, "\ntype Query "), strings.Count(b.Text, "\ntype Query "))
	})
	var text strings.Builder
	for _, d := range documents {
		fmt.Fprintf(&text, "# %s\n\n%s\n", d.Name, strings.TrimSpace(d.Text)+"\n")
		if err := p.read(d); err != nil {
			return p, fmt.Errorf("schema %s: %w", d.Name, err)
		}
	}
	p.Text = text.String()
	slices.SortStableFunc(p.Types, func(a, b PublishedType) int { return cmp.Compare(rank(a), rank(b)) })
	return p, nil
}

// rank puts Query first, then objects, inputs, enums and scalars, each in the
// documents' order.
func rank(t PublishedType) int {
	if t.Name == "Query" {
		return -1
	}
	return slices.Index([]string{"object", "input", "enum", "scalar"}, t.Kind)
}

func (p *Published) read(d bind.Source) error {
	clean, err := guard.Clean(d.Text)
	if err != nil {
		return err
	}
	doc, err := parser.Parse(parser.ParseParams{Source: clean})
	if err != nil {
		return err
	}
	for _, def := range doc.Definitions {
		switch def := def.(type) {
		case *ast.ObjectDefinition:
			p.Types = append(p.Types, publishedObject(def))
		case *ast.InputObjectDefinition:
			t := PublishedType{Kind: "input", Name: def.Name.Value, Description: described(def.Description)}
			for _, f := range def.Fields {
				t.Fields = append(t.Fields, PublishedField{Name: f.Name.Value, Description: described(f.Description), Type: publishedRef(f.Type)})
			}
			p.Types = append(p.Types, t)
		case *ast.EnumDefinition:
			if def.Name.Value != "Visibility" { // the directive's words, which nothing answers with
				p.Types = append(p.Types, publishedEnum(def))
			}
		case *ast.ScalarDefinition:
			p.Types = append(p.Types, PublishedType{Kind: "scalar", Name: def.Name.Value, Description: described(def.Description)})
		}
	}
	return nil
}

func publishedObject(def *ast.ObjectDefinition) PublishedType {
	t := PublishedType{Kind: "object", Name: def.Name.Value, Description: described(def.Description)}
	for _, f := range def.Fields {
		field := PublishedField{Name: f.Name.Value, Description: described(f.Description), Type: publishedRef(f.Type),
			To: cmp.Or(visible(f.Directives), visible(def.Directives))}
		for _, a := range f.Arguments {
			argument := PublishedArgument{Name: a.Name.Value, Type: publishedRef(a.Type)}
			if a.DefaultValue != nil {
				argument.Default = fmt.Sprint(printer.Print(a.DefaultValue))
			}
			field.Arguments = append(field.Arguments, argument)
		}
		t.Fields = append(t.Fields, field)
	}
	return t
}

func publishedEnum(def *ast.EnumDefinition) PublishedType {
	t := PublishedType{Kind: "enum", Name: def.Name.Value, Description: described(def.Description)}
	for _, v := range def.Values {
		t.Values = append(t.Values, v.Name.Value)
	}
	return t
}

func publishedRef(t ast.Type) PublishedRef {
	switch t := t.(type) {
	case *ast.NonNull:
		r := publishedRef(t.Type)
		r.After += "!"
		return r
	case *ast.List:
		r := publishedRef(t.Type)
		return PublishedRef{"[" + r.Before, r.Name, r.After + "]"}
	case *ast.Named:
		return PublishedRef{Name: t.Name.Value}
	}
	return PublishedRef{}
}

func visible(directives []*ast.Directive) bind.Visibility {
	for _, d := range directives {
		if d.Name.Value == "visible" && len(d.Arguments) == 1 {
			return bind.Visibility(fmt.Sprint(d.Arguments[0].Value.GetValue()))
		}
	}
	return ""
}

func described(s *ast.StringValue) string {
	if s == nil {
		return ""
	}
	return s.Value
}
