package search

import (
	"encoding/binary"
	"slices"
)

// A segment holds the postings of the documents it covers, once and for all.
// Documents are counted from base. A term's are the differences between one
// and the next, or, where more than one in sparse has it, a bit for each.
type segment struct {
	base   int32 // a multiple of 64
	covers set
	keys   []uint32 // terms, ascending
	ends   []uint32 // keys[i]'s list ends before data[ends[i]]; an empty list means that the term is a wide one
	data   []byte
	wide   []uint32
	sets   []set
}

const sparse = 32

func (s *segment) limit() int32 { return s.base + int32(len(s.covers))<<6 }

// posting is the documents of one term: a list or, where that is empty, a set.
type posting struct {
	list []byte
	set  set
}

func (s *segment) find(key uint32) (posting, bool) {
	i, ok := slices.BinarySearch(s.keys, key)
	if !ok {
		return posting{}, false
	}
	return s.at(i), true
}

func (s *segment) at(i int) posting {
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	if from < s.ends[i] {
		return posting{list: s.data[from:s.ends[i]]}
	}
	w, _ := slices.BinarySearch(s.wide, s.keys[i])
	return posting{set: s.sets[w]}
}

// append decodes into dst, ascending.
func (p posting) append(dst []int32) []int32 {
	p.set.up(0, len(p.set)<<6, func(i int) bool { dst = append(dst, int32(i)); return true })
	h := int32(-1)
	for at := 0; at < len(p.list); {
		h, at = p.next(h, at)
		dst = append(dst, h)
	}
	return dst
}

// addTo puts all into a set.
func (p posting) addTo(dst set) {
	dst.or(p.set)
	h := int32(-1)
	for at := 0; at < len(p.list); {
		h, at = p.next(h, at)
		dst.put(h)
	}
}

// keep leaves in list what the term has too.
func (p posting) keep(list []int32) []int32 {
	kept := list[:0]
	if p.set != nil {
		for _, h := range list {
			if p.set.has(h) {
				kept = append(kept, h)
			}
		}
		return kept
	}
	h := int32(-1)
	for at, i := 0, 0; at < len(p.list) && i < len(list); {
		h, at = p.next(h, at)
		for i < len(list) && list[i] < h {
			i++
		}
		if i < len(list) && list[i] == h {
			kept = append(kept, h)
		}
	}
	return kept
}

// next decodes the document behind h, at a place in the list.
func (p posting) next(h int32, at int) (int32, int) {
	if d := p.list[at]; d < 0x80 {
		return h + int32(d) + 1, at + 1
	}
	d, n := binary.Uvarint(p.list[at:])
	return h + int32(d) + 1, at + n
}

// newSegment covers [from, limit), both rounded to whole words.
func newSegment(from, limit int32) *segment {
	base := from &^ 63
	return &segment{base: base, covers: make(set, size(int(limit-base)))}
}

// add appends a term behind all others, with its documents, ascending.
func (s *segment) add(key uint32, list []int32) {
	if len(list) == 0 {
		return
	}
	if len(list)*sparse > len(s.covers)<<6 {
		all := make(set, len(s.covers))
		for _, h := range list {
			all.put(h)
		}
		s.addSet(key, all)
		return
	}
	last := int32(-1)
	for _, h := range list {
		s.data = binary.AppendUvarint(s.data, uint64(h-last-1))
		last = h
	}
	s.keys, s.ends = append(s.keys, key), append(s.ends, uint32(len(s.data)))
}

// done gives back what growing took too much.
func (s *segment) done() *segment {
	s.keys, s.ends, s.data = tight(s.keys), tight(s.ends), tight(s.data)
	return s
}

func tight[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }
