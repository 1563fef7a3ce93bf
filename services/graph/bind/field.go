package bind

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"
)

// Field binds a function to a field that the row does not carry. S is the
// row's type, an empty struct for Query. A is a struct with one exported
// field for each argument, named as in Row: nullable arguments come as a nil
// pointer or a zero value, enums as their Go type, input objects as structs.
// R is checked against the SDL now, or where it is any, when it is answered.
// fn must not change what its arguments point at: the rows of one list are
// asked with the same.
// Wherever an object is expected, its row or a pointer to its row is.
func Field[S, A, R any](typ, name string, fn func(context.Context, S, A) (R, error)) Binding {
	get := func(ctx context.Context, source any, args map[string]any, d *decoder) (none reflect.Value, err error) {
		row, ok := source.(S)
		if !ok && typ != root {
			return none, fmt.Errorf("%s.%s: the source is a %T", typ, name, source)
		}
		var a A
		if err := d.into(reflect.ValueOf(&a).Elem(), args); err != nil {
			return none, err
		}
		r, err := fn(ctx, row, a)
		return reflect.ValueOf(&r).Elem(), err
	}
	call := func(ctx context.Context, source, args unsafe.Pointer) (unsafe.Pointer, error) {
		var r R
		var err error
		if typ == root { // its row is empty, whatever it is called
			var row S
			r, err = fn(ctx, row, *(*A)(args))
		} else {
			r, err = fn(ctx, *(*S)(source), *(*A)(args))
		}
		return unsafe.Pointer(&r), err
	}
	arguments := func(d *decoder, values map[string]any) (unsafe.Pointer, error) {
		a := new(A)
		err := d.into(reflect.ValueOf(a).Elem(), values)
		return unsafe.Pointer(a), err
	}
	return func(b *builder) {
		if fn == nil {
			b.problem("%s.%s: its resolver is nil", typ, name)
		}
		b.bind(typ, name, &bound{how: "resolver", row: reflect.TypeFor[S](), args: reflect.TypeFor[A](), result: reflect.TypeFor[R](),
			get: get, call: call, arguments: arguments, without: unsafe.Pointer(new(A))})
	}
}

// Text binds a function that writes a text of the row behind dst, without
// quotes, of characters that JSON needs not escape: numbers, hashes, days. It
// is for leaves that come in numbers and are made only where asked for.
func Text[S any](typ, name string, appendTo func(ctx context.Context, dst []byte, row S) ([]byte, error)) Binding {
	get := func(ctx context.Context, source any, _ map[string]any, _ *decoder) (none reflect.Value, err error) {
		row, ok := source.(S)
		if !ok {
			return none, fmt.Errorf("%s.%s: the source is a %T", typ, name, source)
		}
		text, err := appendTo(ctx, nil, row)
		return reflect.ValueOf(string(text)), err
	}
	write := func(ctx context.Context, dst []byte, at unsafe.Pointer) (written []byte, err error) {
		defer func() {
			if r := recover(); r != nil {
				written, err = dst, recovered(r)
			}
		}()
		written, err = appendTo(ctx, append(dst, '"'), *(*S)(at))
		return append(written, '"'), err
	}
	return func(b *builder) {
		b.bind(typ, name, &bound{how: "text", row: reflect.TypeFor[S](), result: reflect.TypeFor[string](), get: get, write: write})
	}
}

// Changing says of a bound field that its answer may change while the rows
// stand still, so that no answer with it is kept.
func Changing(typ, name string) Binding {
	return func(b *builder) {
		f := b.fields[typ][name]
		if f == nil {
			b.problem("Changing(%q, %q): nothing is bound there yet", typ, name)
			return
		}
		f.changing = true
	}
}

// Personal says of a bound field that who asks decides which rows it answers
// with, also where everybody may see the field itself: an answer with it is
// never given to anybody else.
func Personal(typ, name string) Binding {
	return func(b *builder) {
		f := b.fields[typ][name]
		if f == nil {
			b.problem("Personal(%q, %q): nothing is bound there yet", typ, name)
			return
		}
		f.personal = true
	}
}

// bound is a field of the SDL with what answers it.
type bound struct {
	how       string       // to people: a row field, a resolver
	row       reflect.Type // what it reads from
	args      reflect.Type // nil for a row field
	result    reflect.Type
	omitEmpty bool
	changing  bool
	personal  bool

	// What the library's executor goes by.
	get func(ctx context.Context, source any, args map[string]any, d *decoder) (reflect.Value, error)

	// What plans go by: where in its row a row field is, or what writes a text
	// of the row; or the resolver, from the addresses of a row and of the
	// arguments to the address of a result.
	offset    uintptr
	write     appendLeaf
	call      func(ctx context.Context, source, args unsafe.Pointer) (unsafe.Pointer, error)
	arguments func(d *decoder, values map[string]any) (unsafe.Pointer, error)
	without   unsafe.Pointer // the arguments of a field that takes none

	// Filled in by check.
	decode  *decoder
	convert convert
	shape   *shape
}

func (b *builder) bind(typ, name string, f *bound) {
	o := b.objects[typ]
	if o == nil {
		b.problem("%s.%s (%s): the SDL has no type %s", typ, name, f.how, typ)
		return
	}
	if b.fields[typ] == nil {
		b.fields[typ] = map[string]*bound{}
	}
	if first := b.fields[typ][name]; first != nil {
		b.problem("%s.%s is bound twice: %s and %s", typ, name, first.how, f.how)
		return
	}
	b.fields[typ][name] = f
}

// check compares both sides and compiles what runs at query time.
func (b *builder) check() {
	if b.objects[root] == nil {
		b.problem("the SDL has no type %s", root)
	}
	b.checkLeaves()
	for _, in := range b.inputs {
		for _, arg := range in.fields {
			b.checkInput(fmt.Sprintf("%s(%s:)", in.name, arg.name), arg)
		}
	}
	for _, o := range b.objects {
		if b.rows[o.name] == nil && o.name != root {
			b.problem("%s has no Row", o.name)
		}
		declared := map[string]bool{}
		for _, f := range o.fields {
			declared[f.name] = true
			for _, arg := range f.args {
				b.checkInput(fmt.Sprintf("%s.%s(%s:)", o.name, f.name, arg.name), arg)
			}
			b.checkField(f)
		}
		for name, f := range b.fields[o.name] {
			if !declared[name] {
				b.problem("%s.%s (%s): the SDL has no such field", o.name, name, f.how)
			}
		}
	}
}

func (b *builder) checkField(f *field) {
	place := f.on + "." + f.name
	if name := f.typ.named(); b.objects[name] == nil && !b.isLeaf(name) {
		b.problem("%s: %s is not a type that can be answered", place, f.typ)
		return
	}
	bound := b.fields[f.on][f.name]
	if bound == nil {
		b.problem("%s: %s is bound to neither a row field nor a resolver", place, f.typ)
		return
	}
	if row := b.rows[f.on]; row != nil && bound.row != row.typ {
		b.problem("%s: its resolver reads from %s, the row is %s", place, bound.row, row.typ)
	}
	if bound.args == nil && len(f.args) > 0 {
		b.problem("%s has arguments that a row field cannot use; bind a resolver", place)
	}
	if bound.omitEmpty && f.typ.nonNull {
		b.problem("%s: %s is never null, but its row field says omitempty", place, f.typ)
	}
	if bound.args != nil {
		bound.decode = b.decoder(place, f.args, bound.args)
	}
	if bound.write != nil {
		b.checkText(place, f, bound)
		return
	}
	bound.convert = b.output(place, f.typ, bound.result)
	bound.shape = b.shape(place, f.typ, bound.result)
	if bound.omitEmpty {
		bound.convert = omitEmpty(bound.convert)
	}
}

// checkText compiles a field bound by Text.
func (b *builder) checkText(place string, f *field, bound *bound) {
	if _, scalar := b.scalars[f.typ.name]; !scalar || f.typ.name == "Int" || f.typ.name == "Boolean" || f.on == root {
		b.problem("%s: %s is not a text of a row", place, f.typ)
	}
	bound.convert = func(v reflect.Value) (any, error) { return v.String(), nil }
	bound.shape = &shape{nonNull: f.typ.nonNull, typ: bound.result, append: bound.write}
}
