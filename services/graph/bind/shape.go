package bind

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"unsafe"
)

// shape is the way from a Go type to an SDL type, compiled once: what a plan
// does with the address of a value. A shape is only ever given the address of
// a value of the Go type it was made for; that is all that makes the unsafe
// reads here good, and why shapes are made in this file alone.
type shape struct {
	kind    shapeKind
	nonNull bool // the SDL type at this level
	typ     reflect.Type
	inner   *shape // what a pointer or a list holds
	append  appendLeaf
	dynamic func(reflect.Type) (*shape, error)
}

type shapeKind uint8

const (
	isLeaf shapeKind = iota
	isObject
	isPointer
	isSlice
	isDynamic
)

// appendLeaf writes the value at an address as JSON. Where it fails, what it
// has written is thrown away.
type appendLeaf func(ctx context.Context, dst []byte, at unsafe.Pointer) ([]byte, error)

// slice is how Go lays a slice out.
type slice struct {
	first    unsafe.Pointer
	len, cap int
}

// shape mirrors output, which has complained already where the two types do
// not fit.
func (b *builder) shape(place string, r *ref, t reflect.Type) *shape {
	s := &shape{nonNull: r.nonNull, typ: t}
	switch {
	case t.Kind() == reflect.Interface:
		s.kind, s.dynamic = isDynamic, b.dynamicShape(place, r)
	case t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer:
		s.kind, s.inner = isPointer, b.shape(place, r, t.Elem())
	case r.list != nil && t.Kind() == reflect.Slice:
		s.kind, s.inner = isSlice, b.shape(place, r.list, t.Elem())
	case r.list == nil && b.objects[r.name] != nil:
		s.kind = isObject
	default:
		s.append = func(context.Context, []byte, unsafe.Pointer) ([]byte, error) {
			return nil, errors.New(place + " is not bound")
		}
		for _, leaf := range b.leaves[r.name] {
			if r.list == nil && leaf.accepts(t) {
				s.append = leaf.appender(t)
				break
			}
		}
	}
	return s
}

// dynamicShape is for a resolver that returns any: compiled for each Go type
// when it first comes, and kept.
func (b *builder) dynamicShape(place string, r *ref) func(reflect.Type) (*shape, error) {
	var known sync.Map // reflect.Type to *shape
	return func(t reflect.Type) (*shape, error) {
		if s, ok := known.Load(t); ok {
			return s.(*shape), nil
		}
		once := &builder{document: b.document, rows: b.rows, leaves: b.leaves}
		once.output(place, r, t)
		if len(once.problems) > 0 {
			return nil, errors.New(strings.Join(once.problems, "; "))
		}
		s, _ := known.LoadOrStore(t, once.shape(place, r, t))
		return s.(*shape), nil
	}
}

// open finds the shape and the address of what an interface holds; nil where
// it holds nothing.
func (s *shape) open(at unsafe.Pointer) (*shape, unsafe.Pointer, error) {
	held := reflect.NewAt(s.typ, at).Elem().Elem()
	if !held.IsValid() {
		return nil, nil, nil
	}
	inner, err := s.dynamic(held.Type())
	if err != nil {
		return nil, nil, err
	}
	own := reflect.New(held.Type())
	own.Elem().Set(held)
	return inner, own.UnsafePointer(), nil
}

// empty reports whether a row field says nothing, for omitempty.
func (s *shape) empty(at unsafe.Pointer) bool {
	switch s.kind {
	case isSlice:
		return (*slice)(at).len == 0
	case isPointer:
		return *(*unsafe.Pointer)(at) == nil
	}
	if s.typ.Kind() == reflect.String {
		return *(*string)(at) == ""
	}
	return reflect.NewAt(s.typ, at).Elem().IsZero()
}
