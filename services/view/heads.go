package view

import (
	"iter"

	"suyuan/services/ledger"
)

// Heads is where every stream ended when the fold stood at a position: what a
// store wants to know to open without reading its log. The sequence may be
// ranged over once, before the view is read or written to.
type Heads struct {
	Position ledger.Position
	Hash     ledger.Hash // of the event there
	Count    int
	All      iter.Seq[Head]
}

// Head is a stream's last event. Last is its ordinal.
type Head struct {
	Stream   string
	Revision int64
	Last     uint64
}

// Heads are those of the rows as they stand.
func (v *View) Heads() Heads {
	r := v.rows
	h := Heads{Position: r.position, Count: len(r.streams), All: func(yield func(Head) bool) {
		for i := range r.streams {
			s := &r.streams[i]
			if !yield(Head{s.name, int64(s.count) - 1, s.last}) {
				return
			}
		}
	}}
	if n := len(r.events); n > 0 {
		h.Hash = r.events[n-1].hash
	}
	return h
}
