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

// count is how many numbers of [low, high) are in the set.
func (b set) count(low, high int) int {
	n := 0
	for i := low >> 6; i < size(high); i++ {
		n += bits.OnesCount64(b.word(i, low, high))
	}
	return n
}

// word is the i-th word with all outside [low, high) taken out.
func (b set) word(i, low, high int) uint64 {
	return b[i] & mask(i, low, high)
}

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

// up calls visit for the numbers of [low, high) in the set, ascending, until it says no.
func (b set) up(low, high int, visit func(int) bool) {
	for i := low >> 6; i < size(high); i++ {
		for w := b.word(i, low, high); w != 0; w &= w - 1 {
			if !visit(i<<6 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}

// down is up from the other end.
func (b set) down(low, high int, visit func(int) bool) {
	for i := size(high) - 1; i >= low>>6; i-- {
		for w := b.word(i, low, high); w != 0; {
			top := 63 - bits.LeadingZeros64(w)
			if !visit(i<<6 + top) {
				return
			}
			w &^= 1 << top
		}
	}
}

// fill puts all of [low, high) in.
func (b set) fill(low, high int) {
	for i := low >> 6; i < size(high); i++ {
		b[i] |= mask(i, low, high)
	}
}
