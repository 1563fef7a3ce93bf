package sqlite

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"testing"

	"suyuan/services/ledger"
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

// TestHeadsAreDropped drops, one by one, streams that were placed anew in an
// order that is not theirs, and looks for all that remain.
func TestHeadsAreDropped(t *testing.T) {
	for n := 2; n < 300; n += 7 {
		var x heads
		for i := range n {
			x.add(fmt.Sprintf("s-%d", i), end{0, uint64(i + 1)})
		}
		x.reserve(len(x.slots)) // new slots, filled in the order of the old
		for left := n - 1; left >= 0; left-- {
			x.drop()
			for i := range n {
				want := int32(i)
				if i >= left {
					want = unknown
				}
				if got := x.find(fmt.Sprintf("s-%d", i)); got != want {
					t.Fatalf("%d of %d left: s-%d is in row %d, want %d", left, n, i, got, want)
				}
			}
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
	for i, name := range names { // among so many, some have one hash
		if x.find(name) != int32(i) {
			t.Fatalf("%s is found in row %d, not %d", name, x.find(name), i)
		}
	}
	if x.find("no such") != unknown {
		t.Error("one that is not there is found")
	}
	runtime.KeepAlive(names)
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestUndoneHeads fails a group of several appends to old and new streams
// with as many let in on top of it: every head is where it was, and until
// then readers see only what is durable.
func TestUndoneHeads(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan error)
	s := start(t, t.TempDir(), withFaults(faults{begin: func() error { begun <- struct{}{}; return <-goOn }}))
	defer stop(t, s)
	done := make(chan error)
	in := func(stream string, revision int64) {
		r, _ := event(stream, revision, ledger.Hash{})
		go func() {
			_, err := s.Append(t.Context(), stream, ledger.Exactly(revision-1), r)
			done <- err
		}()
	}
	then := func(stream string, revision int64) { // once it is let in
		had := s.waiting()
		in(stream, revision)
		for s.waiting() == had {
			runtime.Gosched()
		}
	}
	in("a", 0)
	<-begun
	for _, e := range []head{{"a", end{1, 0}}, {"b", end{0, 0}}, {"a", end{2, 0}}, {"b", end{1, 0}}, {"c", end{0, 0}}} {
		then(e.stream, e.revision)
	}
	goOn <- nil // a 0 is durable, the others are under way
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	<-begun
	for _, e := range []head{{"b", end{2, 0}}, {"d", end{0, 0}}, {"a", end{3, 0}}, {"d", end{1, 0}}, {"e", end{0, 0}}} {
		then(e.stream, e.revision)
	}
	want := map[string]end{"a": {0, 1}}
	for _, stream := range []string{"a", "b", "c", "d", "e", "f"} {
		e, known := want[stream]
		if !known {
			e = nowhere
		}
		if got, err := s.ends(stream); got != e || err != nil {
			t.Errorf("a reader sees %s end at %v, %v, want %v", stream, got, err, e)
		}
	}
	goOn <- errDisk
	for range 10 {
		if err := <-done; !errors.Is(err, errDisk) {
			t.Errorf("an append that was taken back: %v", err)
		}
	}
	if got := all(&s.heads); !maps.Equal(got, want) || s.heads.count != 1 {
		t.Errorf("%d heads: %v, want %v", s.heads.count, got, want)
	}
}
