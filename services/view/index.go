package view

import "hash/maphash"

// index finds rows by their keys: open addressing over handles, with the key
// itself left in the row. An entry costs 8 bytes at a load of at most 3/4,
// a tenth of what a map of strings does.
type index struct {
	slots []slot // a power of two of them
	used  int
}

// slot is a handle beside 32 bits of its key's hash. handle is 1 more than
// the row's number, so that the zero slot is empty.
type slot struct {
	hash   uint32
	handle uint32
}

// seed makes hashes of this run of the program its own.
var seed = maphash.MakeSeed()

func hashText(key string) uint32 { return uint32(maphash.String(seed, key) >> 32) }

// hashPair hashes two handles (and is itself reversible: two pairs differ
// before the upper half is taken).
func hashPair(a, b int32) uint32 {
	x := uint64(uint32(a))<<32 | uint64(uint32(b))
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return uint32(x >> 32)
}

// find answers the handle with a hash for which same holds, or none.
func (x *index) find(hash uint32, same func(int32) bool) int32 {
	if len(x.slots) == 0 {
		return none
	}
	mask := uint32(len(x.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask { // ends: a quarter of the slots is empty
		s := x.slots[i]
		if s.handle == 0 {
			return none
		}
		if h := int32(s.handle - 1); s.hash == hash && same(h) {
			return h
		}
	}
}

// add enters a handle whose key is not in the index.
func (x *index) add(hash uint32, h int32) {
	if 4*(x.used+1) > 3*len(x.slots) {
		x.reserve(max(8, x.used+1))
	}
	x.used++
	place(x.slots, slot{hash, uint32(h) + 1})
}

// swap puts a handle in the place of the one that find answers.
func (x *index) swap(hash uint32, old, h int32) {
	mask := uint32(len(x.slots) - 1)
	for i := hash & mask; x.slots[i].handle != 0; i = (i + 1) & mask {
		if x.slots[i].handle == uint32(old)+1 {
			x.slots[i].handle = uint32(h) + 1
			return
		}
	}
}

// reserve makes room for n entries.
func (x *index) reserve(n int) {
	size := 8
	for 3*size < 4*n {
		size *= 2
	}
	if size <= len(x.slots) {
		return
	}
	slots := make([]slot, size)
	for _, s := range x.slots {
		if s.handle != 0 {
			place(slots, s)
		}
	}
	x.slots = slots
}

func place(slots []slot, s slot) {
	mask := uint32(len(slots) - 1)
	i := s.hash & mask
	for slots[i].handle != 0 {
		i = (i + 1) & mask
	}
	slots[i] = s
}

// keyed is an index of rows that have a text for a key.
type keyed struct {
	index
	key func(h int32) string
}

// of finds a row by its key, or answers none.
func (x *keyed) of(key string) int32 {
	if key == "" {
		return none
	}
	return x.find(hashText(key), func(h int32) bool { return x.key(h) == key })
}

// put enters a row that is not in the index.
func (x *keyed) put(h int32) { x.add(hashText(x.key(h)), h) }

// fill enters the rows 0 to n-1 anew.
func (x *keyed) fill(n int) {
	x.index = index{}
	x.reserve(n)
	for h := range int32(n) {
		x.put(h)
	}
}
