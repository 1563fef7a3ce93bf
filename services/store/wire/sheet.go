package wire

import (
	"sync"

	"google.golang.org/grpc/mem"
)

// sheet is what frames are written on, one behind the other, until it is full
// and the next one is begun: memory for each frame by itself would have to be
// found, and wiped, for every event. A sheet is used again once all that was
// written on it has gone out and its writer has left it. It is one writer's;
// the zero sheet is ready.
type sheet struct {
	whole mem.Buffer // counts who holds a part of it; nil before the first
	bytes []byte
	used  int
}

const sheetBytes = 32 << 10

// room is an empty slice with room for so many bytes.
func (s *sheet) room(size int) []byte {
	if s.whole == nil || s.used+size > len(s.bytes) {
		s.leave()
		b := sheets.Get(max(size, sheetBytes))
		s.whole, s.bytes = mem.NewBuffer(b, sheets), *b
	}
	return s.bytes[s.used : s.used : s.used+size]
}

// cut gives away what was written into the room of the same size. Whoever gets
// it frees it.
func (s *sheet) cut(size int) mem.Buffer {
	part := s.whole.Slice(s.used, s.used+size)
	s.used += size
	return part
}

// leave ends the writing on this sheet.
func (s *sheet) leave() {
	if s.whole != nil {
		s.whole.Free()
	}
	*s = sheet{}
}

// sheets keeps those that are free. Larger ones, for an event that is larger,
// are not kept.
var sheets = &drawer{}

type drawer struct{ pool sync.Pool }

func (d *drawer) Get(size int) *[]byte {
	if size == sheetBytes {
		if b, ok := d.pool.Get().(*[]byte); ok {
			return b
		}
	}
	b := make([]byte, size)
	return &b
}

func (d *drawer) Put(b *[]byte) {
	if len(*b) == sheetBytes {
		d.pool.Put(b)
	}
}
