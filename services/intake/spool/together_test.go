package spool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// gated is a spool whose syncs wait until they are let through.
func gated(t *testing.T, slots int) (m *ram, s *Spool, begun chan struct{}, let chan struct{}) {
	t.Helper()
	m = newRAM()
	s = begin(t, m, slots, 2)
	begun, let = make(chan struct{}, 100), make(chan struct{})
	m.gate = func() {
		begun <- struct{}{}
		<-let
	}
	return m, s, begun, let
}

// together puts all entries at once and gives each one's answer.
func together(s *Spool, entries []Entry) []error {
	errs := make([]error, len(entries))
	var wg sync.WaitGroup
	for i, e := range entries {
		wg.Go(func() { errs[i] = s.Put(context.Background(), e) })
	}
	wg.Wait()
	return errs
}

func count(errs []error, want error) (n int) {
	for _, err := range errs {
		if err == want || want != nil && errors.Is(err, want) {
			n++
		}
	}
	return n
}

func TestTogether(t *testing.T) {
	t.Parallel()
	const many = 48
	for name, c := range map[string]struct {
		entry   func(i int) Entry
		in      int
		refused error
	}{
		"the same":          {func(int) Entry { return entry("a", "1", "n", false, smallBytes) }, many, nil},
		"one nullifier":     {func(i int) Entry { return entry(fmt.Sprint(i), fmt.Sprint(i), "n", false, smallBytes) }, 1, ErrSpent},
		"one box":           {func(i int) Entry { return entry(fmt.Sprint(i), "1", "", false, smallBytes) }, 1, ErrTaken},
		"follow-ups of one": {func(i int) Entry { return entry(fmt.Sprint(i), "1", "", true, smallBytes) }, MaxFollowUps, ErrFollowUps},
		"more than slots":   {func(i int) Entry { return entry(fmt.Sprint(i), fmt.Sprint(i), "", false, smallBytes) }, 9, ErrFull},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newRAM()
			s := begin(t, m, 12, 1)
			var entries []Entry
			for i := range many {
				entries = append(entries, c.entry(i))
			}
			errs := together(s, entries)
			if in, refused := count(errs, nil), count(errs, c.refused); in != c.in || c.refused != nil && in+refused != many {
				t.Fatalf("%d in, %d refused: %v", in, refused, errs)
			}
			model := newModel()
			for i, e := range entries {
				if errs[i] == nil {
					model.has[e.ID] = e
				}
			}
			if err := model.sets(s); err != nil {
				t.Error(err)
			}
			m = m.powerCut(func() bool { return false })
			_ = s.Close()
			s = begin(t, m, 12, 1)
			if err := model.settle(s); err != nil {
				t.Error(err)
			}
			end(t, s)
		})
	}
}

// TestUnderWay: while the first is on its way to disk nobody is answered, the
// repeat no more than the one that it excludes, and all learn what became of
// it. An own follow-up of the box goes its own way.
func TestUnderWay(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		m, s, begun, let := gated(t, 4)
		first := entry("first", "1", "n", false, smallBytes)
		others := map[string]struct {
			e    Entry
			want error
		}{
			"first":  {first, nil},
			"repeat": {first, nil},
			"spent":  {entry("second", "2", "n", false, smallBytes), ErrSpent},
			"taken":  {entry("third", "1", "", false, smallBytes), ErrTaken},
		}
		type answer struct {
			name string
			err  error
		}
		answers := make(chan answer)
		go func() { answers <- answer{"first", s.Put(context.Background(), first)} }()
		<-begun
		if s.Has(first.ID) || s.Spent(*first.Nullifier) || s.Pending(first.Box).Report {
			t.Error("it is said to wait before it is on disk")
		}
		if n, err := collect(s); len(n) != 0 || err != nil {
			t.Errorf("it is read before it is on disk: %v", err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Put(ctx, first); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller who went away: %v", err)
		}
		for name, o := range others {
			if name != "first" {
				_, w, refusal := s.admit(s.classes[0], o.e, [8]byte{})
				if w == nil || !errors.Is(refusal, o.want) {
					t.Errorf("%s is answered before the first is on disk", name)
				}
				go func() { answers <- answer{name, s.Put(context.Background(), o.e)} }()
			}
		}
		m.mu.Lock()
		if fails {
			m.fault = func(_ int, op string, _ int) fate { return fate{fails: op == "sync", keeps: -1} }
		}
		m.mu.Unlock()
		select {
		case a := <-answers:
			t.Errorf("%s was answered before the sync ended: %v", a.name, a.err)
		default:
		}
		close(let)
		for range len(others) {
			a := <-answers
			want := others[a.name].want
			if fails {
				want = ErrStopped
			}
			if !errors.Is(a.err, want) || want == nil && a.err != nil {
				t.Errorf("fails %v, %s: %v, want %v", fails, a.name, a.err, want)
			}
		}
		end(t, s)
	}
}

// TestLeft: who goes away while the entry is on its way is told that nobody
// knows; the entry goes on, and the same put again is answered.
func TestLeft(t *testing.T) {
	t.Parallel()
	_, s, begun, let := gated(t, 4)
	ctx, cancel := context.WithCancel(context.Background())
	e := entry("a", "1", "n", false, smallBytes)
	answer := make(chan error)
	go func() { answer <- s.Put(ctx, e) }()
	<-begun
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Errorf("left: %v", err)
	}
	close(let)
	if err := s.Put(context.Background(), e); err != nil || s.Len() != 1 {
		t.Errorf("again: %v, %d entries", err, s.Len())
	}
	end(t, s)
}

// TestShared: those that come while a sync is under way share the next one.
func TestShared(t *testing.T) {
	t.Parallel()
	m, s, begun, let := gated(t, 100)
	var wg sync.WaitGroup
	put := func(i int) {
		wg.Go(func() {
			if err := s.Put(context.Background(), entry(fmt.Sprint(i), fmt.Sprint(i), "", false, smallBytes)); err != nil {
				t.Error(err)
			}
		})
	}
	put(0)
	<-begun
	for i := range 60 {
		put(1 + i)
	}
	for s.waiting(s.classes[0]) < 60 {
		yieldTo()
	}
	before := m.count("sync")
	close(let)
	wg.Wait()
	if syncs := m.count("sync") - before; syncs != 2 {
		t.Errorf("%d syncs for the first and the 60 that came meanwhile, want 2", syncs)
	}
	end(t, s)
}

// TestCutWhilePutting lets a cut run beside writers: what it hands out and
// clears and what is left is everything, once.
func TestCutWhilePutting(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 40
	m := newRAM()
	s := begin(t, m, 30, 3)
	seen := map[[32]byte]int{}
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				e := entry(fmt.Sprint(w, i), fmt.Sprint(w, i), fmt.Sprint(w, i), false, smallBytes)
				for {
					err := s.Put(context.Background(), e)
					if err == nil {
						break
					}
					if !errors.Is(err, ErrFull) {
						t.Error(err)
						return
					}
					yieldTo()
				}
			}
		})
	}
	over := make(chan struct{})
	go func() { writing.Wait(); close(over) }()
	for last := false; ; {
		for e, err := range s.Ordered([32]byte{1}) {
			if err != nil {
				t.Fatal(err)
			}
			seen[e.ID]++
			if err := s.Clear(e.ID); err != nil {
				t.Fatal(err)
			}
		}
		if last {
			break
		}
		select {
		case <-over:
			last = true
		default:
		}
	}
	for _, n := range seen {
		if n != 1 {
			t.Errorf("one came %d times", n)
		}
	}
	if len(seen) != writers*each || s.Len() != 0 {
		t.Errorf("%d of %d came, %d are left", len(seen), writers*each, s.Len())
	}
	end(t, s)
}

// TestClearedWhileRead: an entry that somebody clears between the cut's look
// and its reading is left out, and is no damage.
func TestClearedWhileRead(t *testing.T) {
	t.Parallel()
	m := newRAM()
	s := begin(t, m, 4, 1)
	a := entry("a", "1", "", false, smallBytes)
	if err := s.Put(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	reads := 0
	m.reading = func() {
		reads++
		if err := s.Clear(a.ID); err != nil {
			t.Error(err)
		}
	}
	if all, err := collect(s); len(all) != 0 || err != nil || reads != 1 {
		t.Errorf("%d came after %d reads, %v", len(all), reads, err)
	}
	m.reading = nil
	end(t, s)
}
