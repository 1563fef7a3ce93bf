package sqlite

import "hash/maphash"

// heads is where every stream ends, as let in: rows in pages that stay where
// they are, and open addressing over their numbers with the names left in the
// rows. A stream takes 32 bytes for its row and some 12 for its slots, a third
// of what a map of pointers does. The number of a row is its stream's for as
// long as the row is there.
type heads struct {
	pages [][]head
	count int
	slots []slot
}

const (
	headsAPage = 1024
	unknown    = int32(-1) // the number of no row
)

type head struct {
	stream string
	end
}

// end is the last revision of a stream, and where it stands: -1 at 0 for none.
type end struct {
	revision int64
	last     uint64
}

var nowhere = end{revision: -1}

// slot is a row beside 32 bits of its name's hash. row is 1 more than the
// row's number, so that the zero slot is empty.
type slot struct{ hash, row uint32 }

// seed makes the hashes of this run of the program its own.
var seed = maphash.MakeSeed()

func hashOf(stream string) uint32 { return uint32(maphash.String(seed, stream) >> 32) }

// home is where the search for a hash begins: its share of the slots, so that
// there may be any number of them.
func home(hash uint32, slots int) int { return int(uint64(hash) * uint64(slots) >> 32) }

func (x *heads) at(row int32) *head { return &x.pages[row/headsAPage][row%headsAPage] }

// ends is where the stream of a row ends.
func (x *heads) ends(row int32) end {
	if row == unknown {
		return nowhere
	}
	return x.at(row).end
}

// find gives the row of a stream, or unknown.
func (x *heads) find(stream string) int32 {
	if len(x.slots) == 0 {
		return unknown
	}
	hash := hashOf(stream)
	for i := home(hash, len(x.slots)); x.slots[i].row != 0; i = x.after(i) { // ends: a quarter of the slots is empty
		if s := x.slots[i]; s.hash == hash && x.at(int32(s.row-1)).stream == stream {
			return int32(s.row - 1)
		}
	}
	return unknown
}

func (x *heads) after(slot int) int {
	if slot++; slot < len(x.slots) {
		return slot
	}
	return 0
}

// add enters a stream that is not there.
func (x *heads) add(stream string, e end) int32 {
	if 4*(x.count+1) > 3*len(x.slots) {
		x.reserve(max(x.count+x.count/4, 8))
	}
	if x.count%headsAPage == 0 {
		x.pages = append(x.pages, make([]head, 0, headsAPage))
	}
	page := &x.pages[len(x.pages)-1]
	*page = append(*page, head{stream, e})
	x.count++
	x.place(slot{hashOf(stream), uint32(x.count)})
	return int32(x.count - 1)
}

// reserve makes room for n streams.
func (x *heads) reserve(n int) {
	size := (4*n + 2) / 3
	if size <= len(x.slots) {
		return
	}
	old := x.slots
	x.slots = make([]slot, size+1)
	for _, s := range old {
		if s.row != 0 {
			x.place(s)
		}
	}
}

func (x *heads) place(s slot) {
	i := home(s.hash, len(x.slots))
	for x.slots[i].row != 0 {
		i = x.after(i)
	}
	x.slots[i] = s
}

// drop forgets the stream that was added last.
func (x *heads) drop() {
	page := &x.pages[len(x.pages)-1]
	i := home(hashOf((*page)[len(*page)-1].stream), len(x.slots))
	for x.slots[i].row != uint32(x.count) {
		i = x.after(i)
	}
	x.empty(i)
	(*page)[len(*page)-1] = head{}
	*page = (*page)[:len(*page)-1]
	if len(*page) == 0 {
		x.pages = x.pages[:len(x.pages)-1]
	}
	x.count--
}

// empty clears a slot and moves up what a search would no longer come to.
func (x *heads) empty(hole int) {
	n := len(x.slots)
	for i := x.after(hole); x.slots[i].row != 0; i = x.after(i) {
		from := home(x.slots[i].hash, n)
		if (i-from+n)%n >= (i-hole+n)%n { // its search passes the hole
			x.slots[hole] = x.slots[i]
			hole = i
		}
	}
	x.slots[hole] = slot{}
}
