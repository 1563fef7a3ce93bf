package search

import "math/bits"

// set is a set of small numbers, a bit for each.
type set []uint64

// size is how many words hold n bits.
func size(n int) int { return (n + 63) >> 6 }

func (b set) has(i int32) bool { return int(i>>6) < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

func (b set) put(i int32) { b[i>>6] |= 1 << (i & 63) }

func (b set) drop(i int32) { b[i>>6] &^= 1 << (i & 63) }

func (b set) and(o set) {
	for i, w := range o {
		b[i] &= w
	}
}

func (b set) or(o set) {
	for i, w := range o {
		b[i] |= w
	}
}

func (b set) without(o set) {
	for i, w := range o {
		b[i] &^= w
	}
}

func (b set) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// up calls visit for the numbers of [low, high) in the set, ascending, until it says no.
func (b set) up(low, high int, visit func(int) bool) {
	for i := low >> 6; i < size(high); i++ {
		if !upWord(i<<6, b[i]&mask(i, low, high), visit) {
			return
		}
	}
}

// down is up from the other end.
func (b set) down(low, high int, visit func(int) bool) {
	for i := size(high) - 1; i >= low>>6; i-- {
		if !downWord(i<<6, b[i]&mask(i, low, high), visit) {
			return
		}
	}
}

func upWord(at int, w uint64, visit func(int) bool) bool {
	for ; w != 0; w &= w - 1 {
		if !visit(at + bits.TrailingZeros64(w)) {
			return false
		}
	}
	return true
}

func downWord(at int, w uint64, visit func(int) bool) bool {
	for w != 0 {
		top := 63 - bits.LeadingZeros64(w)
		if !visit(at + top) {
			return false
		}
		w &^= 1 << top
	}
	return true
}

// mask is what of the i-th word lies in [low, high); some of it must.
func mask(i, low, high int) uint64 {
	m := ^uint64(0)
	if at := i << 6; at < low {
		m <<= low - at
	}
	if end := (i + 1) << 6; end > high {
		m &= ^uint64(0) >> (end - high)
	}
	return m
}

// board is a set that is made for one query and in which there are mostly
// few: marks has a bit for every word that something was put in, and all else
// is passed over.
type board struct{ bits, marks set }

// room makes the empty board one for n numbers.
func (b *board) room(n int) {
	if need := size(n); need > len(b.bits) {
		b.bits, b.marks = make(set, need+need/8), make(set, size(need+need/8))
	}
}

func (b *board) empty() {
	for j, w := range b.marks {
		for ; w != 0; w &= w - 1 {
			b.bits[j<<6+bits.TrailingZeros64(w)] = 0
		}
	}
	clear(b.marks)
}

func (b *board) put(i int32) {
	b.bits.put(i)
	b.marks.put(i >> 6)
}

// or puts in a set that begins at a word.
func (b *board) or(at int, o set) {
	for i, w := range o {
		if w != 0 {
			b.bits[at+i] |= w
			b.marks[(at+i)>>6] |= 1 << ((at + i) & 63)
		}
	}
}

func (b *board) without(at int, o set) {
	b.words(at<<6, (at+len(o))<<6, func(i int) bool { b.bits[i] &^= o[i-at]; return true })
}

// fill puts in all of [low, high), which is not empty.
func (b *board) fill(low, high int) {
	for i := low >> 6; i < size(high); i++ {
		b.bits[i] |= mask(i, low, high)
		b.marks.put(int32(i))
	}
}

// words visits the words of [low, high) with something in them.
func (b *board) words(low, high int, visit func(int) bool) {
	b.marks.up(low>>6, size(high), visit)
}

func (b *board) count() (n int) {
	for j, w := range b.marks {
		for ; w != 0; w &= w - 1 {
			n += bits.OnesCount64(b.bits[j<<6+bits.TrailingZeros64(w)])
		}
	}
	return n
}

func (b *board) countIn(low, high int) (n int) {
	b.words(low, high, func(i int) bool {
		n += bits.OnesCount64(b.bits[i] & mask(i, low, high))
		return true
	})
	return n
}

func (b *board) up(low, high int, visit func(int) bool) {
	b.words(low, high, func(i int) bool { return upWord(i<<6, b.bits[i]&mask(i, low, high), visit) })
}

func (b *board) down(low, high int, visit func(int) bool) {
	b.marks.down(low>>6, size(high), func(i int) bool { return downWord(i<<6, b.bits[i]&mask(i, low, high), visit) })
}
