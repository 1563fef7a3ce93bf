package bind

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/graphql-go/graphql/language/ast"

	"suyuan/services/ledger"
)

// decoder fills a struct with arguments or an input object's fields. The
// values are the library's: validated, a nullable one perhaps absent.
type decoder struct{ members []decodeMember }

type decodeMember struct {
	name  string
	index []int
	set   decode
}

type decode func(dst reflect.Value, value any) error

type decoderKey struct {
	input string
	typ   reflect.Type
}

func (d *decoder) into(dst reflect.Value, values map[string]any) error {
	for _, m := range d.members {
		value := values[m.name]
		if value == nil {
			continue
		}
		err := m.set(dst.FieldByIndex(m.index), value)
		if own, ok := errors.AsType[*ledger.Error](err); ok {
			return own.At("%s", joined(m.name, own.Field))
		}
		if err != nil {
			return ledger.Errorf(ledger.Invalid, "query.argument", "参数 %s 的值不能用。", "The value of %s cannot be used.", m.name).At("%s", m.name).Because(err)
		}
	}
	return nil
}

func joined(outer, inner string) string {
	if inner == "" {
		return outer
	}
	return outer + "." + inner
}

// decoder compiles the way from arguments to a struct and complains about
// whatever only one side has.
func (b *builder) decoder(place string, args []argument, t reflect.Type) *decoder {
	d := &decoder{}
	b.fill(d, place, args, t)
	return d
}

func (b *builder) fill(d *decoder, place string, args []argument, t reflect.Type) {
	if t.Kind() != reflect.Struct {
		b.problem("%s: arguments go into a struct, not %s", place, t)
		return
	}
	known := map[string]member{}
	for _, m := range b.members(place, t) {
		if _, twice := known[m.name]; twice {
			b.problem("%s: %s takes %s twice", place, t, m.name)
		}
		known[m.name] = m
	}
	for _, arg := range args {
		m, ok := known[arg.name]
		if !ok {
			b.problem("%s(%s:) has no field in %s", place, arg.name, t)
			continue
		}
		delete(known, arg.name)
		d.members = append(d.members, decodeMember{arg.name, m.index, b.input(fmt.Sprintf("%s(%s:)", place, arg.name), arg.typ, m.typ)})
	}
	for name, m := range known {
		b.problem("%s: the SDL has no argument %s for %s.%s", place, name, t, m.goName)
	}
}

func (b *builder) input(place string, r *ref, t reflect.Type) decode {
	switch in := b.inputs[r.name]; {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer:
		inner := b.input(place, r, t.Elem())
		return func(dst reflect.Value, value any) error {
			p := reflect.New(t.Elem())
			dst.Set(p)
			return inner(p.Elem(), value)
		}
	case r.list != nil && t.Kind() == reflect.Slice:
		return decodeList(b.input(place, r.list, t.Elem()), t)
	case r.list != nil:
		b.problem("%s: %s is a list, %s is not a slice", place, r, t)
	case in != nil:
		key := decoderKey{in.name, t}
		d := b.decoders[key]
		if d == nil { // kept before it is filled: an input may contain itself
			d = &decoder{}
			b.decoders[key] = d
			b.fill(d, in.name, in.fields, t)
		}
		return func(dst reflect.Value, value any) error { return d.into(dst, value.(map[string]any)) }
	default:
		for _, leaf := range b.leaves[r.name] {
			if leaf.accepts(t) {
				return leaf.in
			}
		}
		b.problem("%s: %s does not go into %s", place, r, t)
	}
	return nil
}

func decodeList(item decode, t reflect.Type) decode {
	return func(dst reflect.Value, value any) error {
		values := value.([]any)
		s := reflect.MakeSlice(t, len(values), len(values))
		dst.Set(s)
		for i, v := range values {
			if v == nil {
				continue
			}
			if err := item(s.Index(i), v); err != nil {
				return err
			}
		}
		return nil
	}
}

// checkInput looks at one argument whether or not anything takes it.
func (b *builder) checkInput(place string, arg argument) {
	if name := arg.typ.named(); b.inputs[name] == nil && !b.isLeaf(name) {
		b.problem("%s: %s is not a type that can be asked with", place, arg.typ)
		return
	}
	if _, ok := arg.byDefault.(*ast.ObjectValue); ok {
		b.problem("%s: an object as default is lost in introspection; let the resolver decide", place)
	}
}
