package bind

import (
	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"
)

// valueOf reads a value of a validated document as the library does: a
// variable stands for what it holds, whatever the type.
func valueOf(v ast.Value, t graphql.Type, vars map[string]any) any {
	if variable, ok := v.(*ast.Variable); ok {
		return vars[variable.Name.Value]
	}
	switch t := t.(type) {
	case *graphql.NonNull:
		return valueOf(v, t.OfType, vars)
	case *graphql.List:
		given, ok := v.(*ast.ListValue)
		if !ok {
			return []any{valueOf(v, t.OfType, vars)}
		}
		list := make([]any, len(given.Values))
		for i, item := range given.Values {
			list[i] = valueOf(item, t.OfType, vars)
		}
		return list
	case *graphql.InputObject:
		return objectOf(v, t, vars)
	case *graphql.Scalar:
		return t.ParseLiteral(v)
	case *graphql.Enum:
		return t.ParseLiteral(v)
	}
	return nil
}

func objectOf(v ast.Value, t *graphql.InputObject, vars map[string]any) any {
	given, ok := v.(*ast.ObjectValue)
	if !ok {
		return nil
	}
	object := map[string]any{}
	for name, field := range t.Fields() {
		value := field.DefaultValue
		for _, f := range given.Fields {
			if f.Name.Value == name {
				value = valueOf(f.Value, field.Type, vars)
			}
		}
		if value != nil {
			object[name] = value
		}
	}
	return object
}

// argumentsOf are a field's arguments by name, those that are null left out.
func argumentsOf(defs []*graphql.Argument, given []*ast.Argument, vars map[string]any) map[string]any {
	values := make(map[string]any, len(defs))
	for _, def := range defs {
		var value any
		for _, arg := range given {
			if arg.Name.Value == def.PrivateName {
				value = valueOf(arg.Value, def.Type, vars)
			}
		}
		if value == nil {
			value = def.DefaultValue
		}
		if value != nil {
			values[def.PrivateName] = value
		}
	}
	return values
}
