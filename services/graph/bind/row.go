package bind

import (
	"context"
	"reflect"
	"strings"
	"unicode"
)

// root is the one type that queries start from. Its row is empty.
const root = "Query"

// Row binds the exported fields of the struct R to the fields of an SDL type,
// by the tag `graphql:"name"` or the Go name in lowerCamel. The tag option
// omitempty answers null for a zero value or an empty list, `graphql:"-"`
// keeps a field to the resolvers. A nil pointer or a nil slice is null where
// the SDL allows null, and a nil slice is empty where it does not.
func Row[R any](typ string) Binding {
	return func(b *builder) { b.row(typ, reflect.TypeFor[R]()) }
}

type row struct{ typ reflect.Type }

func (b *builder) row(typ string, t reflect.Type) {
	switch {
	case b.objects[typ] == nil:
		b.problem("Row[%s](%q): the SDL has no such type", t, typ)
		return
	case b.rows[typ] != nil:
		b.problem("%s has two rows: %s and %s", typ, b.rows[typ].typ, t)
		return
	case t.Kind() != reflect.Struct:
		b.problem("%s: a row is a struct, %s is not", typ, t)
		return
	case typ == root && t.NumField() > 0:
		b.problem("%s: the root row is empty, %s has fields", typ, t)
		return
	}
	b.rows[typ] = &row{t}
	for _, f := range b.members(typ, t) {
		index := f.index
		b.bind(typ, f.name, &bound{how: "row field " + f.goName, row: t, result: f.typ, omitEmpty: f.omitEmpty, offset: offset(t, index),
			get: func(_ context.Context, source any, _ map[string]any, _ *decoder) (reflect.Value, error) {
				return reflect.ValueOf(source).FieldByIndex(index), nil
			}})
	}
}

// member is an exported struct field as the SDL would name it.
type member struct {
	name, goName string
	index        []int
	typ          reflect.Type
	omitEmpty    bool
}

func (b *builder) members(place string, t reflect.Type) []member {
	var list []member
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("graphql")
		if f.Anonymous && f.Type.Kind() == reflect.Pointer {
			b.problem("%s: %s embeds a pointer; embed the struct", place, t)
		}
		if !f.IsExported() || f.Anonymous && tag == "" || tag == "-" || throughPointer(t, f.Index) {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		if option != "" && option != "omitempty" {
			b.problem("%s: %s.%s: the tag option %q is not understood", place, t, f.Name, option)
		}
		list = append(list, member{or(name, lowerCamel(f.Name)), f.Name, f.Index, f.Type, option == "omitempty"})
	}
	return list
}

// offset is where in a struct a field is that is not behind a pointer.
func offset(t reflect.Type, index []int) (sum uintptr) {
	for _, i := range index {
		f := t.Field(i)
		sum += f.Offset
		t = f.Type
	}
	return sum
}

func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}

// lowerCamel turns AsOf into asOf, ID into id and HTTPStatus into httpStatus.
func lowerCamel(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}
