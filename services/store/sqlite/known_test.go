package sqlite

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"suyuan/services/ledger"
)

// snapshot is what a snapshot of the store at an ordinal would hold.
func snapshot(t *testing.T, s *Store, at uint64) Heads {
	t.Helper()
	ends, k := map[string]Head{}, Heads{Position: At(at)}
	for e, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		ends[e.Stream] = Head{e.Stream, e.Revision, e.Position.Ordinal}
		if k.Hash, err = ledger.HashOf(e.Record); err != nil {
			t.Fatal(err)
		}
		if e.Position.Ordinal == at {
			break
		}
	}
	k.Count, k.All = len(ends), maps.Values(ends)
	return k
}

// grown is a ledger of n events in streams that come again at random.
func grown(t *testing.T, random *rand.Rand, n int) *Store {
	t.Helper()
	s := start(t, t.TempDir())
	next, prev := map[string]int64{}, map[string]ledger.Hash{}
	for i := 0; i < n; {
		stream := fmt.Sprintf("g-%d", random.IntN(1+random.IntN(n)))
		batch := make([]ledger.Record, min(1+random.IntN(3), n-i))
		expect := ledger.Exactly(next[stream] - 1)
		for j := range batch {
			batch[j], prev[stream] = event(stream, next[stream], prev[stream])
			next[stream]++
		}
		if _, err := s.Append(t.Context(), stream, expect, batch...); err != nil {
			t.Fatal(err)
		}
		i += len(batch)
	}
	return s
}

// TestSnapshotHeads opens random ledgers with what a snapshot at every kind of
// place knows, for reading and for writing, and compares with a full walk.
func TestSnapshotHeads(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	for range 12 {
		n := 1 + random.IntN(60)
		s := grown(t, random, n)
		want := all(&s.heads)
		at := []uint64{1, uint64(n), 1 + random.Uint64N(uint64(n))}[random.IntN(3)]
		known := snapshot(t, s, at)
		stop(t, s)
		reader, err := OpenReadOnly(s.dir, WithHeads(known))
		if err != nil {
			t.Fatal(err)
		}
		walked, same := start(t, copied(t, s.dir, "ledger.db")), start(t, s.dir, WithHeads(known))
		if walked.FromHeads() || !same.FromHeads() || !reader.FromHeads() {
			t.Fatalf("%d of %d: taken %v, %v, want both, and not where none were given", at, n, same.FromHeads(), reader.FromHeads())
		}
		for name, x := range map[string]*Store{"writer": same, "reader": reader} {
			if !maps.Equal(all(&x.heads), want) || x.Head() != walked.Head() || x.Link() != walked.Link() || x.Err() != nil && name == "writer" {
				t.Fatalf("%s, %d of %d: %v %v %v, want %v %v", name, at, n, all(&x.heads), x.Head(), x.Err(), want, walked.Head())
			}
		}
		for _, x := range []*Store{walked, same} {
			fill(t, x, 20)
		}
		for stream, e := range want {
			r, _ := event(stream, e.revision+1, ledger.Hash{})
			r.Meta = []byte(`{"unsealed":1}`)
			for _, x := range []*Store{walked, same} {
				if _, err := x.Append(t.Context(), stream, ledger.Exactly(e.revision), r); err != nil {
					t.Fatal(err)
				}
				if _, err := x.Append(t.Context(), stream, ledger.Exactly(e.revision), r); err != nil {
					t.Fatalf("a repeat: %v", err)
				}
				other, _ := event(stream, e.revision+2, ledger.Hash{})
				if _, err := x.Append(t.Context(), stream, ledger.Exactly(e.revision), other); !errors.Is(err, ledger.ErrWrongRevision) {
					t.Fatalf("a late one: %v", err)
				}
			}
		}
		for _, err := range reader.All(t.Context(), ledger.Position{}) { // goes on from where the heads ended
			if err != nil {
				t.Fatal(err)
			}
		}
		if walked.Head() != same.Head() || walked.Link() != same.Link() || reader.Head() != same.Head() || !maps.Equal(all(&walked.heads), all(&same.heads)) || !maps.Equal(all(&walked.heads), all(&reader.heads)) {
			t.Fatalf("%d of %d: after the same appends %v and %v, the reader %v", at, n, walked.Head(), same.Head(), reader.Head())
		}
		if err := same.Verify(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		stop(t, reader)
		stop(t, walked)
		stop(t, same)
	}
}

// TestSnapshotHeadsRefused gives heads that cannot be: everything is walked.
func TestSnapshotHeadsRefused(t *testing.T) {
	t.Parallel()
	const n = 60
	s := grown(t, rand.New(rand.NewPCG(11, 12)), n)
	good, next := snapshot(t, s, n-10), snapshot(t, s, n-9)
	want, link := all(&s.heads), s.Link()
	stop(t, s)
	list := slices.Collect(good.All)
	long := slices.IndexFunc(list, func(h Head) bool { return h.Revision >= 1 })
	at := slices.IndexFunc(list, func(h Head) bool { return h.Last == n-10 })
	other := slices.IndexFunc(list, func(h Head) bool { return h.Last != n-10 && h.Last > uint64(h.Revision)+2 })
	if long < 0 || other < 0 {
		t.Fatal("the history has no stream to lie about")
	}
	lie := func(change func(l []Head) []Head) func(*Heads) {
		return func(h *Heads) {
			l := change(slices.Clone(list))
			h.Count, h.All = len(l), slices.Values(l)
		}
	}
	for name, change := range map[string]func(*Heads){
		"another hash":          func(h *Heads) { h.Hash[5] ^= 1 },
		"no hash":               func(h *Heads) { h.Hash = ledger.Hash{} },
		"the next position":     func(h *Heads) { h.Position = At(n - 9) },
		"the next event":        func(h *Heads) { h.Position, h.Hash = next.Position, next.Hash },
		"a position behind all": func(h *Heads) { h.Position = At(n + 1) },
		"no position":           func(h *Heads) { h.Position = ledger.Position{} },
		"half a position":       func(h *Heads) { h.Position.Commit-- },
		"a negative position":   func(h *Heads) { h.Position = At(1 << 63) },
		"one too many counted":  func(h *Heads) { h.Count++ },
		"one too few counted":   func(h *Heads) { h.Count-- },
		"a count beyond memory": func(h *Heads) { h.Count = 1 << 60 },
		"a negative count":      func(h *Heads) { h.Count = -1 },
		"nothing to range over": func(h *Heads) { h.All = nil },
		"without end": func(h *Heads) {
			all := h.All
			h.All = func(yield func(Head) bool) {
				for i := 0; ; i++ {
					for e := range all {
						e.Stream += fmt.Sprint("-", i)
						if !yield(e) {
							return
						}
					}
				}
			}
		},
		"one left out":           lie(func(l []Head) []Head { return l[1:] }),
		"one twice":              lie(func(l []Head) []Head { return append(l, l[0]) }),
		"one instead of another": lie(func(l []Head) []Head { l[0] = l[1]; return l }),
		"one under another's name": lie(func(l []Head) []Head {
			for i := range l {
				if j := (i + 1) % len(l); i != at && j != at {
					l[i].Stream = l[j].Stream
					break
				}
			}
			return l
		}),
		"no name":                   lie(func(l []Head) []Head { l[0].Stream = ""; return l }),
		"a negative revision":       lie(func(l []Head) []Head { l[0].Revision = -1; return l }),
		"a revision too low":        lie(func(l []Head) []Head { l[long].Revision--; return l }),
		"a revision too high":       lie(func(l []Head) []Head { l[other].Revision++; return l }),
		"past the position":         lie(func(l []Head) []Head { l[0].Last = n - 9; return l }),
		"nowhere":                   lie(func(l []Head) []Head { l[0].Last = 0; return l }),
		"the last stream elsewhere": lie(func(l []Head) []Head { l[at].Last--; return l }),
		"what follows does not fit": lie(func(l []Head) []Head { // adds up, and is found out behind it
			for i := range l {
				if i != at && want[l[i].Stream].last > n-10 {
					l[i].Last--
				}
			}
			return l
		}),
	} {
		h := good
		h.All = slices.Values(list)
		change(&h)
		for _, open := range []func() (*Store, error){
			func() (*Store, error) { return OpenReadOnly(s.dir, WithHeads(h)) },
			func() (*Store, error) { return Open(copied(t, s.dir, "ledger.db"), WithHeads(h)) },
		} {
			x, err := open()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if x.FromHeads() || !maps.Equal(all(&x.heads), want) || x.Head() != At(n) || x.Link() != link || x.broken != nil {
				t.Errorf("%s: taken %v, head %v, %v", name, x.FromHeads(), x.Head(), x.broken)
			}
			stop(t, x)
		}
	}
}

// TestSnapshotHeadsLie takes heads that add up and are not so. What was
// acknowledged stays, and Verify and the next full walk name what was put on
// top of the lie.
func TestSnapshotHeadsLie(t *testing.T) {
	s := start(t, t.TempDir())
	hash := map[string]ledger.Hash{}
	for i, stream := range []string{"a", "a", "b", "b", "c"} {
		r, h := event(stream, int64(i%2)*int64(1-i/4), hash[stream])
		if _, err := s.Append(t.Context(), stream, ledger.Exactly(int64(i%2)*int64(1-i/4)-1), r); err != nil {
			t.Fatal(err)
		}
		hash[stream] = h
	}
	stop(t, s)
	acknowledged := contents(t, s.dir)
	lies := []Head{{"a", 0, 1}, {"b", 2, 4}, {"c", 0, 5}} // a goes on behind 0, b has no 2
	x := start(t, s.dir, WithHeads(Heads{Position: At(5), Hash: hash["c"], Count: 3, All: slices.Values(lies)}))
	if !x.FromHeads() {
		t.Fatal("the lie was found out at once, so nothing is tested here")
	}
	r, _ := event("a", 1, ledger.Hash{})
	r.ID[0] ^= 1
	if p, err := x.Append(t.Context(), "a", 0, r); err != nil || p != At(6) {
		t.Fatalf("%v, %v", p, err)
	}
	if err := x.Verify(t.Context(), nil); damagedAt(err) != 6 {
		t.Errorf("verify: %v, want ordinal 6", err)
	}
	stop(t, x)
	x = start(t, s.dir)
	defer stop(t, x)
	if damagedAt(x.Err()) != 6 {
		t.Errorf("the next full walk: %v, want ordinal 6", x.Err())
	}
	got, last := []string{}, error(nil)
	for e, err := range x.All(t.Context(), ledger.Position{}) {
		if last = err; err == nil {
			got = append(got, described(e))
		}
	}
	if !slices.Equal(got, acknowledged) || damagedAt(last) != 6 {
		t.Errorf("of what was acknowledged there is %v, then %v", got, last)
	}
}
