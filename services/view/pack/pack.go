// Package pack writes rows to texts and reads them again, for the parts of a
// snapshot whose rows belong to several packages. It knows no row: every
// exported field is kept unless its tag says pack:"-". It must never make
// anything for a count that cannot be true.
package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Rows are packed field by field, in the order in which they are declared:
// what is added to a row is kept without a line here. The same rows give the
// same bytes. A count that cannot be true is found before anything is made for
// it.

// ErrShort: what is read ends before the rows that it promises.
var ErrShort = errors.New("packed rows: they end too early")

// To writes what v points to behind dst. It panics on a type that has no
// packing: one that is an interface, or has fields that cannot be reached.
func To(dst []byte, v any) []byte {
	at := reflect.ValueOf(v).Elem()
	return packings{}.of(at.Type()).put(dst, at)
}

// From reads what To wrote of the type that v points to, and gives what is
// left. Texts are parts of s.
func From(s string, v any) (rest string, err error) {
	p := &unpacker{left: s}
	at := reflect.ValueOf(v).Elem()
	packings{}.of(at.Type()).get(p, at)
	return p.left, p.err
}

type packing struct {
	put func(dst []byte, v reflect.Value) []byte
	get func(p *unpacker, v reflect.Value)
}

type unpacker struct {
	left string
	err  error
}

func (p *unpacker) fail() {
	if p.err == nil {
		p.err = ErrShort
	}
	p.left = ""
}

func (p *unpacker) uvarint() uint64 {
	var x uint64
	for i := 0; i < len(p.left) && i < binary.MaxVarintLen64; i++ {
		b := p.left[i]
		x |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			p.left = p.left[i+1:]
			return x
		}
	}
	p.fail()
	return 0
}

func (p *unpacker) varint() int64 {
	x := p.uvarint()
	return int64(x>>1) ^ -int64(x&1)
}

// count is a number of things that take a byte each at least.
func (p *unpacker) count() int {
	n := p.uvarint()
	if n > uint64(len(p.left)) {
		p.fail()
		return 0
	}
	return int(n)
}

func (p *unpacker) take(n int) string {
	if n > len(p.left) {
		p.fail()
		return ""
	}
	s := p.left[:n]
	p.left = p.left[n:]
	return s
}

// packings are made once for each type and call.
type packings map[reflect.Type]*packing

func (all packings) of(t reflect.Type) *packing {
	p, ok := all[t]
	if !ok {
		p = all.make(t)
		all[t] = p
	}
	return p
}

var timeType = reflect.TypeFor[time.Time]()

func (all packings) make(t reflect.Type) *packing {
	if t == timeType {
		return &packing{putTime, getTime}
	}
	switch t.Kind() {
	case reflect.String:
		return &packing{
			func(dst []byte, v reflect.Value) []byte {
				return append(binary.AppendUvarint(dst, uint64(v.Len())), v.String()...)
			},
			func(p *unpacker, v reflect.Value) { v.SetString(p.take(p.count())) },
		}
	case reflect.Bool:
		return &packing{
			func(dst []byte, v reflect.Value) []byte {
				if v.Bool() {
					return append(dst, 1)
				}
				return append(dst, 0)
			},
			func(p *unpacker, v reflect.Value) { v.SetBool(p.take(1) == "\x01") },
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &packing{
			func(dst []byte, v reflect.Value) []byte { return binary.AppendVarint(dst, v.Int()) },
			func(p *unpacker, v reflect.Value) { v.SetInt(p.varint()) },
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &packing{
			func(dst []byte, v reflect.Value) []byte { return binary.AppendUvarint(dst, v.Uint()) },
			func(p *unpacker, v reflect.Value) { v.SetUint(p.uvarint()) },
		}
	case reflect.Pointer:
		return all.pointer(t)
	case reflect.Slice:
		return all.slice(t)
	case reflect.Array:
		return all.array(t)
	case reflect.Map:
		return all.byText(t)
	case reflect.Struct:
		return all.row(t)
	}
	panic(fmt.Sprintf("pack: no packing for %s", t))
}

// putTime keeps an instant to the millisecond, as the ledger records it.
func putTime(dst []byte, v reflect.Value) []byte {
	t := v.Interface().(time.Time)
	if t.IsZero() {
		return append(dst, 0)
	}
	return binary.AppendVarint(append(dst, 1), t.UnixMilli())
}

func getTime(p *unpacker, v reflect.Value) {
	var t time.Time
	if p.take(1) == "\x01" {
		t = time.UnixMilli(p.varint()).UTC()
	}
	v.Set(reflect.ValueOf(t))
}

func (all packings) pointer(t reflect.Type) *packing {
	inner := all.of(t.Elem())
	return &packing{
		func(dst []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(dst, 0)
			}
			return inner.put(append(dst, 1), v.Elem())
		},
		func(p *unpacker, v reflect.Value) {
			if p.take(1) == "\x01" {
				v.Set(reflect.New(t.Elem()))
				inner.get(p, v.Elem())
			}
		},
	}
}

func (all packings) slice(t reflect.Type) *packing {
	inner := all.of(t.Elem())
	return &packing{
		func(dst []byte, v reflect.Value) []byte {
			dst = binary.AppendUvarint(dst, uint64(v.Len()))
			for i := range v.Len() {
				dst = inner.put(dst, v.Index(i))
			}
			return dst
		},
		func(p *unpacker, v reflect.Value) {
			n := p.count()
			for i := 0; i < n && p.err == nil; i++ {
				if i == v.Cap() { // grown as it is read: of many that the count promises few may come
					v.Grow(min(n-i, 1+i))
				}
				v.SetLen(i + 1)
				inner.get(p, v.Index(i))
			}
		},
	}
}

func (all packings) array(t reflect.Type) *packing {
	if t.Elem().Kind() == reflect.Uint8 {
		return &packing{
			func(dst []byte, v reflect.Value) []byte {
				if v.CanAddr() {
					return append(dst, v.Bytes()...)
				}
				for i := range v.Len() {
					dst = append(dst, byte(v.Index(i).Uint()))
				}
				return dst
			},
			func(p *unpacker, v reflect.Value) { copy(v.Bytes(), p.take(t.Len())) },
		}
	}
	inner := all.of(t.Elem())
	return &packing{
		func(dst []byte, v reflect.Value) []byte {
			for i := range v.Len() {
				dst = inner.put(dst, v.Index(i))
			}
			return dst
		},
		func(p *unpacker, v reflect.Value) {
			for i := range v.Len() {
				inner.get(p, v.Index(i))
			}
		},
	}
}

// byText is for maps by text, in the order of their keys.
func (all packings) byText(t reflect.Type) *packing {
	if t.Key().Kind() != reflect.String {
		panic(fmt.Sprintf("pack: no packing for %s", t))
	}
	key, inner := all.of(t.Key()), all.of(t.Elem())
	return &packing{
		func(dst []byte, v reflect.Value) []byte {
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			dst = binary.AppendUvarint(dst, uint64(len(keys)))
			for _, k := range keys {
				dst = inner.put(key.put(dst, k), v.MapIndex(k))
			}
			return dst
		},
		func(p *unpacker, v reflect.Value) {
			n := p.count()
			if n == 0 {
				return
			}
			v.Set(reflect.MakeMap(t))
			for range n {
				if p.err != nil {
					return
				}
				k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
				key.get(p, k)
				inner.get(p, e)
				v.SetMapIndex(k, e)
			}
		},
	}
}

func (all packings) row(t reflect.Type) *packing {
	var fields []int
	var inner []*packing
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("pack") == "-" {
			continue
		}
		if !f.IsExported() && !f.Anonymous {
			panic(fmt.Sprintf("pack: %s.%s cannot be packed", t, f.Name))
		}
		fields, inner = append(fields, i), append(inner, all.of(f.Type))
	}
	return &packing{
		func(dst []byte, v reflect.Value) []byte {
			for n, i := range fields {
				dst = inner[n].put(dst, v.Field(i))
			}
			return dst
		},
		func(p *unpacker, v reflect.Value) {
			for n, i := range fields {
				inner[n].get(p, v.Field(i))
			}
		},
	}
}
