package view

import (
	"context"
	"time"

	"suyuan/services/search"
)

// finder finds units, mandates and documents by what they are called. Its
// indexes keep no text; they read the rows.
type finder struct{ units, mandates, documents *search.Index }

func newFinder(r *Rows) finder {
	return finder{
		units: search.New(func(dst []byte, h int32) []byte { return append(dst, r.units[h].name...) }),
		mandates: search.New(func(dst []byte, h int32) []byte {
			m := &r.mandates[h]
			return apart(dst, m.title, m.field, m.id)
		}),
		documents: search.New(func(dst []byte, h int32) []byte {
			d := &r.documents[h]
			return apart(dst, d.title, d.number)
		}),
	}
}

// apart puts several texts behind each other, told apart.
func apart(dst []byte, all ...string) []byte {
	for i, s := range all {
		if i > 0 {
			dst = append(dst, 0)
		}
		dst = append(dst, s...)
	}
	return dst
}

// fill enters everything there is.
func (f finder) fill(r *Rows) {
	for h := range r.units {
		f.units.Set(int32(h))
	}
	for h := range r.mandates {
		f.mandates.Set(int32(h))
	}
	for h := range r.documents {
		f.documents.Set(int32(h))
	}
}

// settle takes in some of what is new and reports whether more is waiting.
// What waits is found too, only slower.
func (f finder) settle() (more bool) {
	for _, x := range []*search.Index{f.units, f.mandates, f.documents} {
		if x.Dirty() && x.Settle() {
			return true
		}
	}
	return f.waiting()
}

// waiting reports whether there is much that is not taken in.
func (f finder) waiting() bool {
	return f.units.Dirty() || f.mandates.Dirty() || f.documents.Dirty()
}

// Settle makes what a long replay brought quick to find, step by step, with
// readers passing in between.
func (v *View) Settle(ctx context.Context) {
	for ctx.Err() == nil {
		more := false
		v.change(func(r *Rows) { more = r.finder.settle() })
		if !more {
			return
		}
		select {
		case <-time.After(time.Millisecond): // those who wait come first
		case <-ctx.Done():
		}
	}
}

// maxCounted bounds the rows that are looked at for a total alone.
const maxCounted = 100_000

// found turns hits into a page.
func found[T any](p Paging, x *search.Index, q search.Query, in search.Page, value func(int32) T) (Page[T], error) {
	from, _, err := p.window(int(^uint32(0) >> 1))
	if err != nil {
		return Page[T]{}, err
	}
	in.Skip, in.First, in.Count = from, p.First, maxCounted
	hits := x.Find(q, in)
	out := Page[T]{Total: hits.Total, AtLeast: !hits.Exact, More: !hits.Exact || from+len(hits.Handles) < hits.Total}
	for i, h := range hits.Handles {
		out.add(value(h), from+i+1)
	}
	return out, nil
}
