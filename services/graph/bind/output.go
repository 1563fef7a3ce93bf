package bind

import (
	"errors"
	"reflect"
	"strings"
	"sync"
)

// convert turns a Go value into what the library answers with: nil, a
// string, an int, a bool, a list of those, or a row by value.
type convert func(reflect.Value) (any, error)

// output compiles the way from a Go type to an SDL type, or complains.
func (b *builder) output(place string, r *ref, t reflect.Type) convert {
	switch {
	case t.Kind() == reflect.Interface:
		return b.dynamic(place, r)
	case t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer:
		return dereference(b.output(place, r, t.Elem()))
	case r.list != nil && t.Kind() == reflect.Slice:
		return each(b.output(place, r.list, t.Elem()), r.nonNull)
	case r.list != nil:
		b.problem("%s: %s is a list, %s is not a slice", place, r, t)
	case b.objects[r.name] != nil:
		if row := b.rows[r.name]; row == nil || row.typ == t {
			return func(v reflect.Value) (any, error) { return v.Interface(), nil }
		}
		b.problem("%s: %s wants the row %s, not %s", place, r, b.rows[r.name].typ, t)
	default:
		for _, leaf := range b.leaves[r.name] {
			if leaf.accepts(t) {
				return leaf.out
			}
		}
		b.problem("%s: %s cannot be answered with %s", place, r, t)
	}
	return func(reflect.Value) (any, error) { return nil, errors.New(place + " is not bound") }
}

func dereference(inner convert) convert {
	return func(v reflect.Value) (any, error) {
		if v.IsNil() {
			return nil, nil
		}
		return inner(v.Elem())
	}
}

func each(item convert, nonNull bool) convert {
	return func(v reflect.Value) (any, error) {
		if v.IsNil() && !nonNull {
			return nil, nil
		}
		items := make([]any, v.Len())
		for i := range items {
			var err error
			if items[i], err = item(v.Index(i)); err != nil {
				return nil, err
			}
		}
		return items, nil
	}
}

func omitEmpty(inner convert) convert {
	return func(v reflect.Value) (any, error) {
		if v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 {
			return nil, nil
		}
		return inner(v)
	}
}

// dynamic is for a resolver that returns any: the way is compiled for each Go
// type when it first comes, and kept.
func (b *builder) dynamic(place string, r *ref) convert {
	var known sync.Map // reflect.Type to convert
	return func(v reflect.Value) (any, error) {
		if v.IsNil() {
			return nil, nil
		}
		v = v.Elem()
		if c, ok := known.Load(v.Type()); ok {
			return c.(convert)(v)
		}
		once := &builder{document: b.document, rows: b.rows, leaves: b.leaves}
		c := once.output(place, r, v.Type())
		if len(once.problems) > 0 {
			return nil, errors.New(strings.Join(once.problems, "; "))
		}
		known.Store(v.Type(), c)
		return c(v)
	}
}
