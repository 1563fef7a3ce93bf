package bind

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/graphql-go/graphql/gqlerrors"
	"github.com/graphql-go/graphql/language/ast"
	"github.com/graphql-go/graphql/language/parser"
	"github.com/graphql-go/graphql/language/source"

	"suyuan/services/graph/guard"
)

// document is the SDL as read: what there is, by name.
type document struct {
	objects map[string]*object
	inputs  map[string]*input
	enums   map[string]*enum
	scalars map[string]string // description
}

type object struct {
	name, description string
	to                Visibility // of the fields that say nothing themselves
	fields            []*field
}

type field struct {
	on, name, description, deprecated string
	args                              []argument
	typ                               *ref
	to                                Visibility
}

type input struct {
	name, description string
	fields            []argument
}

type argument struct {
	name, description string
	typ               *ref
	byDefault         ast.Value
}

type enum struct {
	name, description string
	values            []*ast.EnumValueDefinition
}

func newDocument() *document {
	return &document{objects: map[string]*object{}, inputs: map[string]*input{}, enums: map[string]*enum{},
		scalars: map[string]string{"ID": "", "String": "", "Int": "", "Boolean": ""}}
}

func (b *builder) read(sdl []Source) {
	var extensions []*ast.ObjectDefinition
	for _, src := range sdl {
		doc, err := parse(src)
		if err != nil {
			b.problem("%s: %v", src.Name, err)
			continue
		}
		for _, def := range doc.Definitions {
			switch def := def.(type) {
			case *ast.ObjectDefinition:
				b.object(src.Name, def)
			case *ast.TypeExtensionDefinition:
				extensions = append(extensions, def.Definition)
			case *ast.InputObjectDefinition:
				b.once(src.Name, def.Name.Value)
				b.directives(def.Name.Value, def.Directives)
				b.inputs[def.Name.Value] = &input{def.Name.Value, text(def.Description), b.arguments(def.Name.Value, def.Fields)}
			case *ast.EnumDefinition:
				b.once(src.Name, def.Name.Value)
				b.directives(def.Name.Value, def.Directives)
				b.enums[def.Name.Value] = &enum{def.Name.Value, text(def.Description), def.Values}
			case *ast.ScalarDefinition:
				b.once(src.Name, def.Name.Value)
				b.directives(def.Name.Value, def.Directives)
				b.scalars[def.Name.Value] = text(def.Description)
			case *ast.DirectiveDefinition:
				if def.Name.Value != "visible" {
					b.problem("%s: directive @%s: only @visible and @deprecated mean something here", src.Name, def.Name.Value)
				}
			case *ast.InterfaceDefinition:
				b.problem("%s: interface %s: interfaces are not bound; write the fields out", src.Name, def.Name.Value)
			case *ast.UnionDefinition:
				b.problem("%s: union %s: unions are not bound; give each kind a field of its own", src.Name, def.Name.Value)
			default:
				b.problem("%s: a %s has no place here: the root is type Query and nothing writes", src.Name, def.GetKind())
			}
		}
	}
	for _, ext := range extensions {
		b.extend(ext)
	}
}

// parse reads one SDL document; the library's parser is sloppy enough to
// panic on some mistakes.
func parse(src Source) (doc *ast.Document, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cannot be read: %v", r)
		}
	}()
	clean, err := guard.Clean(src.Text)
	if err != nil {
		return nil, err
	}
	doc, err = parser.Parse(parser.ParseParams{Source: source.NewSource(&source.Source{Body: []byte(clean), Name: src.Name})})
	if e, ok := errors.AsType[*gqlerrors.Error](err); ok {
		first, _, _ := strings.Cut(e.Message, "\n")
		return nil, errors.New(first)
	}
	return doc, err
}

func (b *builder) once(src, name string) {
	_, scalar := b.scalars[name]
	if b.objects[name] != nil || b.inputs[name] != nil || b.enums[name] != nil || scalar {
		b.problem("%s: %s is defined twice", src, name)
	}
	if name == "Mutation" || name == "Subscription" || strings.HasPrefix(name, "__") {
		b.problem("%s: %s has no place here", src, name)
	}
}

func (b *builder) object(src string, def *ast.ObjectDefinition) {
	b.once(src, def.Name.Value)
	o := &object{name: def.Name.Value, description: text(def.Description)}
	b.objects[o.name] = o
	b.outputs(o, def)
}

func (b *builder) extend(def *ast.ObjectDefinition) {
	if o := b.objects[def.Name.Value]; o != nil {
		b.outputs(o, def)
		return
	}
	b.problem("extend type %s: there is no such type", def.Name.Value)
}

func (b *builder) outputs(o *object, def *ast.ObjectDefinition) {
	if len(def.Interfaces) > 0 {
		b.problem("%s: interfaces are not bound; write the fields out", o.name)
	}
	inherited, _ := b.directives(o.name, def.Directives, "visible")
	if inherited = or(inherited, o.to); o.to == "" {
		o.to = inherited
	}
	for _, f := range def.Fields {
		place := o.name + "." + f.Name.Value
		if slices.ContainsFunc(o.fields, func(have *field) bool { return have.name == f.Name.Value }) {
			b.problem("%s is defined twice", place)
			continue
		}
		to, deprecated := b.directives(place, f.Directives, "visible", "deprecated")
		if to = or(to, inherited); to == "" {
			b.problem("%s has no @visible(to: …), nor has its type", place)
		}
		o.fields = append(o.fields, &field{on: o.name, name: f.Name.Value, description: text(f.Description), deprecated: deprecated,
			args: b.arguments(place, f.Arguments), typ: b.ref(place, f.Type), to: to})
	}
}

func (b *builder) arguments(place string, defs []*ast.InputValueDefinition) []argument {
	args := make([]argument, 0, len(defs))
	for _, def := range defs {
		at := fmt.Sprintf("%s(%s:)", place, def.Name.Value)
		if slices.ContainsFunc(args, func(have argument) bool { return have.name == def.Name.Value }) {
			b.problem("%s is defined twice", at)
			continue
		}
		b.directives(at, def.Directives, "deprecated")
		arg := argument{def.Name.Value, text(def.Description), b.ref(at, def.Type), def.DefaultValue}
		if arg.typ.nonNull && def.DefaultValue != nil {
			b.problem("%s: with a default it must be nullable, else the library asks for it all the same", at)
		}
		args = append(args, arg)
	}
	return args
}

func text(s *ast.StringValue) string {
	if s == nil {
		return ""
	}
	return s.Value
}
