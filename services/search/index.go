// Package search finds Chinese text by the pairs of characters in it.
//
// An index holds, for every pair, the documents that have it; documents are
// numbers that the caller gave them, and their texts stay with the caller. A
// query of two characters is answered by one such list and is right, which
// words of fixed length three (SQLite's trigram) never are; of longer words
// the pairs are looked for together and the text is read again, because pairs
// may stand apart. Lists are differences of a byte or two, and bits where a
// pair is in every thirtieth document, as in 村委会.
//
// It is kept in memory and not in SQLite's FTS5, contentless and fed with the
// same pairs, which is as right. Over the names of 665,276 divisions it takes 9
// MB, and a third of a second to make: less than a file is worth that must be
// kept in step with the log. FTS5 takes twelve times as long and 25 MB; its
// first fifty hits come 3 times later for a frequent pair, 15 times for a rare
// one, more than a hundred times for the number of a document, and the total of
// a frequent pair after 10 to 20 ms where it is at hand here. BenchmarkFind and
// BenchmarkFTS5 measure both.
//
// It never stores a text, never writes a file and never starts a goroutine.
package search

import "sync"

// Source appends a document's texts to dst, a zero byte between two of them,
// and returns it; nothing for a document that is gone. It must answer the same
// until Set is told, for Find and Settle to be right, and answer all readers at
// once.
type Source func(dst []byte, handle int32) []byte

// Index is over documents with handles from 0 up, densely. Set and Settle are
// the writer's: nothing else may run beside them. Any number of readers may
// call Find and Dirty at once. One sync.RWMutex held by its owner is enough.
type Index struct {
	source   Source
	segments []*segment // oldest first; a document counts in the last that covers it
	queued   set
	lowest   int // words of queued below this are empty
	waiting  int
	lent     sync.Pool // of *scratch
}

const (
	slack = 256     // documents may wait: reading so many costs a query some ten microseconds
	batch = 1 << 19 // terms that one Settle takes in, or those of a single document
)

// New is an empty index over documents whose texts source knows.
func New(source Source) *Index {
	return &Index{source: source, lent: sync.Pool{New: func() any { return new(scratch) }}}
}

// Set says that a document is new, or that its texts are no longer what they
// were, or that it is gone. It costs nanoseconds; the text is read later.
// Negative handles are nobody's.
func (x *Index) Set(handle int32) {
	if handle < 0 {
		return
	}
	at := int(handle >> 6)
	for at >= len(x.queued) {
		x.queued = append(x.queued, 0)
	}
	if !x.queued.has(handle) {
		x.queued.put(handle)
		x.waiting++
		x.lowest = min(x.lowest, at)
	}
}

// Dirty reports whether so many documents wait that a Settle is worth the
// writer's lock. What waits is found all the same: Find reads each of them.
func (x *Index) Dirty() bool { return x.waiting > slack }

// Settle takes in some of what waits, for some milliseconds, and reports
// whether more is waiting: whoever has much to take in can let readers pass in
// between.
func (x *Index) Settle() (more bool) {
	if x.waiting == 0 {
		return false
	}
	x.segments = append(x.segments, x.build())
	for n := len(x.segments); n > 1 && x.segments[n-2].weight() < 2*x.segments[n-1].weight(); n-- {
		if x.segments[n-2].weight()+x.segments[n-1].weight() > most {
			break
		}
		x.segments = append(x.segments[:n-2], merge(x.segments[n-2], x.segments[n-1]))
	}
	return x.waiting > 0
}

// most is as much as two segments may hold to become one: places in it are numbers of 32 bits.
const most = 1 << 31

func (s *segment) weight() int { return len(s.data) + 8*len(s.keys) + 8*len(s.covers)*(1+len(s.sets)) }

// build makes a segment of the first that wait.
func (x *Index) build() *segment {
	pairs := make([]uint64, 0, min(batch, 8*x.waiting))
	var taken []int32
	var text []byte
	x.queued.up(x.lowest<<6, len(x.queued)<<6, func(i int) bool {
		h := int32(i)
		text = x.source(text[:0], h)
		terms(text, func(t uint32) { pairs = append(pairs, uint64(t)<<32|uint64(h)) })
		taken = append(taken, h)
		return len(pairs) < batch
	})
	s := newSegment(taken[0], taken[len(taken)-1]+1)
	for _, h := range taken {
		s.covers.put(h - s.base)
		x.queued.drop(h)
	}
	x.waiting -= len(taken)
	x.lowest = int(taken[len(taken)-1] >> 6)
	if x.waiting == 0 {
		x.lowest = len(x.queued)
	}
	s.fillFrom(byTerm(pairs))
	return s.done()
}

// fillFrom adds what is sorted by term and document.
func (s *segment) fillFrom(pairs []uint64) {
	var list []int32
	for len(pairs) > 0 {
		key, n := uint32(pairs[0]>>32), 0
		list = list[:0]
		for n < len(pairs) && uint32(pairs[n]>>32) == key {
			if h := int32(uint32(pairs[n])) - s.base; len(list) == 0 || list[len(list)-1] != h {
				list = append(list, h)
			}
			n++
		}
		s.add(key, list)
		pairs = pairs[n:]
	}
}

// byTerm sorts by the upper half and leaves equals in their order: three
// passes of eleven bits, a tenth of the time of a sort by comparison.
func byTerm(pairs []uint64) []uint64 {
	const digit = 11
	other := make([]uint64, len(pairs))
	for shift := 32; shift < 64; shift += digit {
		var at [1 << digit]int
		for _, p := range pairs {
			at[p>>shift&(1<<digit-1)]++
		}
		sum := 0
		for d, n := range at {
			at[d], sum = sum, sum+n
		}
		for _, p := range pairs {
			d := p >> shift & (1<<digit - 1)
			other[at[d]] = p
			at[d]++
		}
		pairs, other = other, pairs
	}
	return pairs
}
