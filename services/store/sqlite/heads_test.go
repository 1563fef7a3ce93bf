package sqlite

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"testing"
)

// TestHeadsAsMap holds heads to a map, adding, moving and dropping.
func TestHeadsAsMap(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for round := range 20 {
		var x heads
		want, order := map[string]end{}, []string{}
		for step := range 6000 {
			name := fmt.Sprintf("s-%d", random.IntN(4000))
			row := x.find(name)
			e, known := want[name]
			if known != (row != unknown) || known && x.ends(row) != e || !known && x.ends(row) != nowhere {
				t.Fatalf("round %d, step %d: %s is %v in row %d, want %v, %v", round, step, name, x.ends(row), row, e, known)
			}
			now := end{int64(step), uint64(step + 1)}
			switch {
			case known && random.IntN(3) > 0:
				x.at(row).end, want[name] = now, now
			case known || len(order) > 0 && random.IntN(4) == 0:
				for range 1 + random.IntN(8) {
					if len(order) == 0 {
						break
					}
					last := order[len(order)-1]
					order = order[:len(order)-1]
					delete(want, last)
					x.drop()
					if x.find(last) != unknown {
						t.Fatalf("%s was dropped and is there", last)
					}
				}
			default:
				x.add(name, now)
				want[name], order = now, append(order, name)
			}
		}
		if got := all(&x); !maps.Equal(got, want) || x.count != len(want) {
			t.Fatalf("%d streams, want %d, or they differ", x.count, len(want))
		}
	}
}

// all is every stream with its end, by its rows and found again by name.
func all(x *heads) map[string]end {
	out := map[string]end{}
	for _, page := range x.pages {
		for _, h := range page {
			out[h.stream] = x.ends(x.find(h.stream))
		}
	}
	return out
}

// TestHeadsAreSmall measures what a stream takes besides its name.
func TestHeadsAreSmall(t *testing.T) {
	const streams, most = 750_000, 45
	names := make([]string, streams)
	for i := range names {
		names[i] = fmt.Sprintf("unit-%d", i)
	}
	var x heads
	before := inUse()
	for i, name := range names {
		x.add(name, end{0, uint64(i + 1)})
	}
	size := float64(inUse()-before) / streams
	if t.Logf("%.1f bytes a stream", size); size > most {
		t.Errorf("%.1f bytes a stream, at most %d", size, most)
	}
	if x.find(names[streams-1]) != streams-1 || x.find("no such") != unknown {
		t.Error("the last is not found, or one that is not there is")
	}
	runtime.KeepAlive(names)
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
