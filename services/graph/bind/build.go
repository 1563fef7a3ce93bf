package bind

import (
	"fmt"
	"math"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// schema builds the library's types. Everything was checked: what it still
// complains about are defaults.
func (b *builder) schema() (graphql.Schema, error) {
	for _, t := range []*graphql.Scalar{graphql.ID, graphql.String, graphql.Int, graphql.Boolean} {
		b.types[t.Name()] = t
	}
	for name, description := range b.scalars {
		if b.types[name] == nil {
			b.types[name] = b.scalar(name, description)
		}
	}
	for _, e := range b.enums {
		values := graphql.EnumValueConfigMap{}
		for _, v := range e.values {
			_, deprecated := b.directives(e.name+"."+v.Name.Value, v.Directives, "deprecated")
			values[v.Name.Value] = &graphql.EnumValueConfig{Value: v.Name.Value, Description: text(v.Description), DeprecationReason: deprecated}
		}
		b.types[e.name] = graphql.NewEnum(graphql.EnumConfig{Name: e.name, Description: e.description, Values: values})
	}
	for _, in := range b.inputs {
		b.types[in.name] = graphql.NewInputObject(graphql.InputObjectConfig{Name: in.name, Description: in.description,
			Fields: graphql.InputObjectConfigFieldMapThunk(func() graphql.InputObjectConfigFieldMap { return b.inputFields(in) })})
	}
	for _, o := range b.objects {
		b.types[o.name] = graphql.NewObject(graphql.ObjectConfig{Name: o.name, Description: o.description,
			Fields: graphql.FieldsThunk(func() graphql.Fields { return b.outputFields(o) })})
	}
	all := make([]graphql.Type, 0, len(b.types))
	for _, t := range b.types {
		all = append(all, t)
	}
	return graphql.NewSchema(graphql.SchemaConfig{Query: b.types[root].(*graphql.Object), Types: all})
}

func (b *builder) typ(r *ref) graphql.Type {
	var t graphql.Type
	if r.list != nil {
		t = graphql.NewList(b.typ(r.list))
	} else {
		t = b.types[r.name]
	}
	if r.nonNull {
		t = graphql.NewNonNull(t)
	}
	return t
}

func (b *builder) outputFields(o *object) graphql.Fields {
	fields := graphql.Fields{}
	for _, f := range o.fields {
		args := graphql.FieldConfigArgument{}
		for _, arg := range f.args {
			args[arg.name] = &graphql.ArgumentConfig{Type: b.typ(arg.typ), Description: arg.description,
				DefaultValue: b.byDefault(fmt.Sprintf("%s.%s(%s:)", o.name, f.name, arg.name), arg)}
		}
		answer := &answer{field: f, bound: b.fields[o.name][f.name]}
		fields[f.name] = &graphql.Field{Type: b.typ(f.typ), Args: args, Description: f.description, DeprecationReason: f.deprecated, Resolve: answer.resolve}
	}
	return fields
}

func (b *builder) inputFields(in *input) graphql.InputObjectConfigFieldMap {
	fields := graphql.InputObjectConfigFieldMap{}
	for _, arg := range in.fields {
		fields[arg.name] = &graphql.InputObjectFieldConfig{Type: b.typ(arg.typ), Description: arg.description,
			DefaultValue: b.byDefault(fmt.Sprintf("%s(%s:)", in.name, arg.name), arg)}
	}
	return fields
}

// scalar accepts a text that its first Go type can parse. Both ways the
// library only ever sees the text.
func (b *builder) scalar(name, description string) *graphql.Scalar {
	accept := func(value any) any {
		text, ok := value.(string)
		if !ok || !b.parses(name, text) {
			return nil
		}
		return text
	}
	return graphql.NewScalar(graphql.ScalarConfig{Name: name, Description: description,
		Serialize:  func(value any) any { return value },
		ParseValue: accept,
		ParseLiteral: func(v ast.Value) any {
			if s, ok := v.(*ast.StringValue); ok {
				return accept(s.Value)
			}
			return nil
		}})
}

func (b *builder) parses(name, text string) (ok bool) {
	defer func() { ok = recover() == nil && ok }()
	parse := b.leaves[name][0].parse
	return parse == nil || parse(text) == nil
}

// byDefault reads a default from the SDL as the library wants it.
func (b *builder) byDefault(place string, arg argument) any {
	if arg.byDefault == nil {
		return nil
	}
	value, ok := literal(b.typ(arg.typ), arg.byDefault)
	if !ok {
		b.problem("%s: its default is not a %s", place, arg.typ)
	}
	return value
}

func literal(t graphql.Type, v ast.Value) (any, bool) {
	switch t := t.(type) {
	case *graphql.NonNull:
		return literal(t.OfType, v)
	case *graphql.List:
		items, ok := v.(*ast.ListValue)
		if !ok {
			one, ok := literal(t.OfType, v)
			return []any{one}, ok
		}
		list := make([]any, len(items.Values))
		for i, item := range items.Values {
			if list[i], ok = literal(t.OfType, item); !ok {
				return nil, false
			}
		}
		return list, true
	case *graphql.Enum:
		value := t.ParseLiteral(v)
		return value, value != nil
	case *graphql.Scalar:
		value := t.ParseLiteral(v)
		if n, ok := value.(int); ok && (n < math.MinInt32 || n > math.MaxInt32) {
			return nil, false
		}
		return value, value != nil
	}
	return nil, false
}
