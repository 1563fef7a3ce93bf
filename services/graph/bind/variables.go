package bind

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/graphql-go/graphql"
	"github.com/graphql-go/graphql/language/ast"

	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
)

// variable is one that an operation declares.
type variable struct {
	name      string
	typ       graphql.Type
	byDefault any
}

func (b *Bound) declared(op *ast.OperationDefinition) []variable {
	list := make([]variable, len(op.VariableDefinitions))
	for i, def := range op.VariableDefinitions {
		t := b.inputType(def.Type)
		list[i] = variable{name: def.Variable.Name.Value, typ: t}
		if def.DefaultValue != nil {
			list[i].byDefault = valueOf(def.DefaultValue, t, nil)
		}
	}
	return list
}

// values checks the values given against the operation's definitions and
// puts the defaults in: one value for each that is not null. The library
// alone would take an object for a String and print it as Go does.
func (q *query) values(given map[string]any, limits guard.Limits) (map[string]any, error) {
	if err := guard.Variables(given, limits); err != nil {
		return nil, err
	}
	vars := make(map[string]any, len(q.variables))
	for _, v := range q.variables {
		coerced, err := coerce(v.typ, given[v.name], v.name)
		if err != nil {
			return nil, err
		}
		if coerced == nil {
			coerced = v.byDefault
		}
		if coerced != nil {
			vars[v.name] = coerced
		}
	}
	return vars, nil
}

func (b *Bound) inputType(t ast.Type) graphql.Type {
	switch t := t.(type) {
	case *ast.NonNull:
		return graphql.NewNonNull(b.inputType(t.Type))
	case *ast.List:
		return graphql.NewList(b.inputType(t.Type))
	case *ast.Named:
		return b.schema.Type(t.Name.Value)
	}
	return nil
}

func coerce(t graphql.Type, value any, place string) (any, error) {
	if t, ok := t.(*graphql.NonNull); ok {
		if value == nil {
			return nil, misfit(place, t)
		}
		return coerce(t.OfType, value, place)
	}
	if value == nil {
		return nil, nil
	}
	switch t := t.(type) {
	case *graphql.List:
		return coerceList(t, value, place)
	case *graphql.InputObject:
		return coerceObject(t, value, place)
	case *graphql.Enum:
		if text, ok := value.(string); ok && t.ParseValue(text) != nil {
			return text, nil
		}
	case *graphql.Scalar:
		if v, ok := coerceScalar(t, value); ok {
			return v, nil
		}
	}
	return nil, misfit(place, t)
}

func coerceList(t *graphql.List, value any, place string) (any, error) {
	values, ok := value.([]any)
	if !ok {
		one, err := coerce(t.OfType, value, place)
		return []any{one}, err
	}
	list := make([]any, len(values))
	for i, v := range values {
		var err error
		if list[i], err = coerce(t.OfType, v, fmt.Sprintf("%s[%d]", place, i)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func coerceObject(t *graphql.InputObject, value any, place string) (any, error) {
	given, ok := value.(map[string]any)
	if !ok {
		return nil, misfit(place, t)
	}
	object := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if t.Fields()[name] == nil {
			return nil, ledger.Errorf(ledger.Invalid, "query.variable", "变量 %s 不存在。", "There is no %s in the variables' type.", place+"."+name).At("%s.%s", place, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Fields())) {
		field := t.Fields()[name]
		coerced, err := coerce(field.Type, given[name], place+"."+name)
		if err != nil {
			return nil, err
		}
		if coerced == nil {
			coerced = field.DefaultValue
		}
		if coerced != nil {
			object[name] = coerced
		}
	}
	return object, nil
}

func coerceScalar(t *graphql.Scalar, value any) (any, bool) {
	switch t {
	case graphql.Int:
		return integer(value, math.MaxInt32)
	case graphql.Boolean:
		v, ok := value.(bool)
		return v, ok
	case graphql.String:
		_, ok := value.(string)
		return value, ok
	case graphql.ID:
		if _, ok := value.(string); ok {
			return value, true
		}
		n, ok := integer(value, 1<<53)
		return strconv.Itoa(n), ok
	}
	text, ok := value.(string)
	return text, ok && t.ParseValue(text) != nil
}

// integer reads a number without a fraction, however JSON was decoded.
func integer(value any, limit float64) (int, bool) {
	switch v := value.(type) {
	case int:
		return v, within(float64(v), limit)
	case float64:
		return int(v), v == math.Trunc(v) && within(v, limit)
	case json.Number:
		n, err := v.Int64()
		return int(n), err == nil && within(float64(n), limit)
	}
	return 0, false
}

func within(v, limit float64) bool { return v >= -limit-1 && v <= limit }

func misfit(place string, t graphql.Type) error {
	return ledger.Errorf(ledger.Invalid, "query.variable", "变量 %s 的值不是 %s。", "The value of the variable %s is not a %s.", place, t).At("%s", place)
}
