package wire

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"google.golang.org/grpc/mem"
)

// What was written stays as it is until whoever got it has freed it, however
// many frames and sheets come after it, larger ones than a sheet too.
func TestSheet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	type part struct {
		mem.Buffer
		of []byte
	}
	var s sheet
	var held []part
	for n := range 2000 {
		size := 1 + random.IntN(2000)
		if n%97 == 0 {
			size = sheetBytes + n // more than there is on a sheet, one of them exactly as much
		}
		text := bytes.Repeat([]byte{byte(n)}, size)
		if got := append(s.room(size), text...); len(got) != size {
			t.Fatalf("%d bytes in a room of %d", len(got), size)
		}
		held = append(held, part{s.cut(size), text})
		if n%50 == 49 {
			s.leave()
		}
		for len(held) > 40 {
			i := random.IntN(len(held))
			if !bytes.Equal(held[i].ReadOnlyData(), held[i].of) {
				t.Fatalf("part of %d bytes was written over", len(held[i].of))
			}
			held[i].Free()
			held = append(held[:i], held[i+1:]...)
		}
	}
	s.leave()
	s.leave()
	for _, p := range held {
		if !bytes.Equal(p.ReadOnlyData(), p.of) {
			t.Fatalf("part of %d bytes was written over", len(p.of))
		}
		p.Free()
	}
}
