package bind

import (
	"context"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unsafe"
)

// leaf carries one Go type to and from a scalar or enum. Towards the library
// every leaf but Int and Boolean is a string: an enum's name, a scalar's text.
type leaf struct {
	accepts func(reflect.Type) bool
	out     func(reflect.Value) (any, error)
	in      func(dst reflect.Value, value any) error
	parse   func(text string) error // nil where every text will do

	appender func(reflect.Type) appendLeaf // what a plan writes a value of that type with
}

// Enum binds the values of an SDL enum to Go values of type E, both ways and
// without a gap. One enum may be bound to several Go types.
func Enum[E comparable](name string, values map[string]E) Binding {
	return func(b *builder) {
		declared := b.enums[name]
		if declared == nil {
			b.problem("Enum(%q): the SDL has no such enum", name)
			return
		}
		names := map[E]string{}
		quoted := map[E]string{}
		missing := maps.Clone(values)
		for _, v := range declared.values {
			value, ok := values[v.Name.Value]
			if !ok {
				b.problem("%s.%s has no value of %s", name, v.Name.Value, reflect.TypeFor[E]())
			}
			if first, taken := names[value]; ok && taken {
				b.problem("%s.%s and %s are the same value of %s", name, v.Name.Value, first, reflect.TypeFor[E]())
			}
			names[value] = v.Name.Value
			quoted[value] = `"` + v.Name.Value + `"`
			delete(missing, v.Name.Value)
		}
		for _, extra := range slices.Sorted(maps.Keys(missing)) {
			b.problem("%s.%s: the SDL has no such value", name, extra)
		}
		b.leaves[name] = append(b.leaves[name], only(
			func(e E) (any, error) {
				if text, ok := names[e]; ok {
					return text, nil
				}
				return nil, fmt.Errorf("%v is not a value of %s", e, name)
			},
			func(dst []byte, e E) ([]byte, error) {
				if text, ok := quoted[e]; ok {
					return append(dst, text...), nil
				}
				return dst, fmt.Errorf("%v is not a value of %s", e, name)
			},
			func(text string) (E, error) { return values[text], nil }))
	}
}

// Scalar binds an SDL scalar to the Go type T by its text. One scalar may be
// bound to several Go types; what the first of them parses is accepted.
func Scalar[T any](name string, serialize func(T) (string, error), parse func(string) (T, error)) Binding {
	return func(b *builder) {
		if _, ok := b.scalars[name]; !ok {
			b.problem("Scalar(%q): the SDL has no such scalar", name)
			return
		}
		b.leaves[name] = append(b.leaves[name], only(func(t T) (any, error) { return serialize(t) },
			func(dst []byte, t T) ([]byte, error) {
				text, err := serialize(t)
				return appendText(dst, text), err
			}, parse))
	}
}

// PlainScalar is Scalar for a type whose text is appended: without quotes, of
// characters that JSON needs not escape.
func PlainScalar[T any](name string, appendTo func([]byte, T) []byte, parse func(string) (T, error)) Binding {
	return func(b *builder) {
		if _, ok := b.scalars[name]; !ok {
			b.problem("PlainScalar(%q): the SDL has no such scalar", name)
			return
		}
		b.leaves[name] = append(b.leaves[name], only(func(t T) (any, error) { return string(appendTo(nil, t)), nil },
			func(dst []byte, t T) ([]byte, error) { return append(appendTo(append(dst, '"'), t), '"'), nil }, parse))
	}
}

// only is a leaf of exactly one Go type.
func only[T any](out func(T) (any, error), write func([]byte, T) ([]byte, error), in func(string) (T, error)) leaf {
	return leaf{
		appender: func(reflect.Type) appendLeaf {
			return func(_ context.Context, dst []byte, at unsafe.Pointer) (written []byte, err error) {
				defer func() { // the functions are given to us
					if r := recover(); r != nil {
						written, err = dst, recovered(r)
					}
				}()
				return write(dst, *(*T)(at))
			}
		},
		accepts: func(t reflect.Type) bool { return t == reflect.TypeFor[T]() },
		out:     func(v reflect.Value) (any, error) { return out(v.Interface().(T)) },
		in: func(dst reflect.Value, value any) error {
			t, err := in(value.(string))
			if err == nil {
				dst.Set(reflect.ValueOf(t))
			}
			return err
		},
		parse: func(text string) error { _, err := in(text); return err },
	}
}

// builtin are the leaves that need no binding: ID, String, Int, Boolean, and
// Date, an ISO day as a string or a time.Time.
func builtin() map[string][]leaf {
	text := leaf{
		accepts: func(t reflect.Type) bool { return t.Kind() == reflect.String },
		out:     func(v reflect.Value) (any, error) { return v.String(), nil },
		in:      func(dst reflect.Value, value any) error { dst.SetString(value.(string)); return nil },
		appender: func(reflect.Type) appendLeaf {
			return func(_ context.Context, dst []byte, at unsafe.Pointer) ([]byte, error) {
				return appendText(dst, *(*string)(at)), nil
			}
		},
	}
	truth := leaf{
		accepts: func(t reflect.Type) bool { return t.Kind() == reflect.Bool },
		out:     func(v reflect.Value) (any, error) { return v.Bool(), nil },
		in:      func(dst reflect.Value, value any) error { dst.SetBool(value.(bool)); return nil },
		appender: func(reflect.Type) appendLeaf {
			return func(_ context.Context, dst []byte, at unsafe.Pointer) ([]byte, error) {
				return strconv.AppendBool(dst, *(*bool)(at)), nil
			}
		},
	}
	number := leaf{accepts: intKind, out: intOut, in: intIn, appender: intAppender}
	day := leaf{accepts: text.accepts,
		out: func(v reflect.Value) (any, error) { _, err := parseDay(v.String()); return v.String(), err },
		in:  text.in, parse: func(text string) error { _, err := parseDay(text); return err },
		appender: func(reflect.Type) appendLeaf {
			return func(_ context.Context, dst []byte, at unsafe.Pointer) ([]byte, error) {
				_, err := parseDay(*(*string)(at))
				return appendText(dst, *(*string)(at)), err
			}
		},
	}
	moment := only(func(t time.Time) (any, error) { return t.Format(time.DateOnly), nil },
		func(dst []byte, t time.Time) ([]byte, error) {
			return append(t.AppendFormat(append(dst, '"'), time.DateOnly), '"'), nil
		}, parseDay)
	return map[string][]leaf{"ID": {text}, "String": {text}, "Int": {number}, "Boolean": {truth}, "Date": {day, moment}}
}

func parseDay(text string) (time.Time, error) { return time.Parse(time.DateOnly, text) }

func intKind(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 }

func intOut(v reflect.Value) (any, error) {
	if n := v.Int(); n >= math.MinInt32 && n <= math.MaxInt32 {
		return int(n), nil
	}
	return nil, fmt.Errorf("%d does not fit an Int of 32 bits; answer with a string", v.Int())
}

func intAppender(t reflect.Type) appendLeaf {
	return func(_ context.Context, dst []byte, at unsafe.Pointer) ([]byte, error) {
		n := reflect.NewAt(t, at).Elem().Int()
		if n < math.MinInt32 || n > math.MaxInt32 {
			return dst, fmt.Errorf("%d does not fit an Int of 32 bits; answer with a string", n)
		}
		return strconv.AppendInt(dst, n, 10), nil
	}
}

func intIn(dst reflect.Value, value any) error {
	n := int64(value.(int))
	if n < math.MinInt32 || n > math.MaxInt32 || dst.OverflowInt(n) {
		return fmt.Errorf("%d is out of range", n)
	}
	dst.SetInt(n)
	return nil
}

func (b *builder) isLeaf(name string) bool {
	_, scalar := b.scalars[name]
	return scalar || b.enums[name] != nil
}

func (b *builder) checkLeaves() {
	if own := b.enums["Visibility"]; own != nil && b.leaves["Visibility"] == nil { // the argument of @visible itself
		values := map[string]Visibility{}
		for _, v := range visibilities {
			values[string(v)] = v
		}
		Enum("Visibility", values)(b)
	}
	for name, e := range b.enums {
		if b.leaves[name] == nil {
			for _, v := range e.values {
				b.problem("%s.%s has no Go value; bind.Enum is missing", name, v.Name.Value)
			}
		}
	}
	for name := range b.scalars {
		if b.leaves[name] == nil {
			b.problem("scalar %s has no Go type; bind.Scalar is missing", name)
		}
	}
}
