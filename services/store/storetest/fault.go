package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"suyuan/services/ledger"
)

func halfway(t *testing.T, h Harness) {
	if h.FailHalfway == nil {
		t.Skip("this engine cannot be made to fail halfway")
	}
	w, before := newWriter("halfway-1"), newWriter("halfway-2")
	w.must(t, h.Log, 2)
	before.must(t, h.Log, 1)
	for n := range 4 {
		lost := w.records(4, fmt.Sprintf("lost-%d", n))
		h.FailHalfway(n)
		had := w.next
		_, err := w.append(t.Context(), h.Log, lost...)
		if err == nil && !h.Repeats || errors.Is(err, ledger.ErrWrongRevision) || errors.Is(err, ledger.ErrReadOnly) {
			t.Fatalf("failing at event %d: %v", n, err)
		}
		if err == nil {
			had += 4
		}
		if got := len(read(t, h.Log.Stream(t.Context(), w.stream, 0))); got != int(had) {
			t.Fatalf("failing at event %d (%v) left %d events, want %d", n, err, got, had)
		}
		w.must(t, h.Log, 1) // the stream goes on where it was
	}
	fresh := newWriter("halfway-3")
	h.FailHalfway(1)
	if _, err := fresh.append(t.Context(), h.Log, fresh.records(2, "lost")...); err == nil && !h.Repeats {
		t.Fatal("did not fail")
	}
	if _, err := h.Log.Append(t.Context(), fresh.stream, ledger.Exactly(fresh.next+1), fresh.records(1, "x")...); !errors.Is(err, ledger.ErrWrongRevision) {
		t.Fatalf("behind events that never were: %v", err)
	}
	fresh.must(t, h.Log, 1)
	if n := len(chained(t, h.Log)); int64(n) != w.next+before.next+fresh.next {
		t.Fatalf("%d events, want %d", n, w.next+before.next+fresh.next)
	}
}

// halfwayOthers fails a group while others join it and gather behind it: who
// was told success is there, who was told failure is not, all can go on.
func halfwayOthers(t *testing.T, h Harness) {
	if h.FailHalfway == nil {
		t.Skip("this engine cannot be made to fail halfway")
	}
	var wg sync.WaitGroup
	var failed atomic.Int64
	for n := range 16 {
		wg.Go(func() {
			w := newWriter(fmt.Sprintf("others-%d", n))
			var want []ledger.Record
			for i := range 12 {
				if n == 0 && i%4 == 1 {
					h.FailHalfway(1)
				}
				records := w.records(2, fmt.Sprint(i))
				_, err := w.append(t.Context(), h.Log, records...)
				if errors.Is(err, ledger.ErrWrongRevision) {
					t.Errorf("%s: %v", w.stream, err)
				}
				if err == nil {
					want = append(want, records...)
				} else {
					failed.Add(1)
				}
			}
			holds(t, h.Log, w.stream, want...)
		})
	}
	wg.Wait()
	if failed.Load() == 0 && !h.Repeats {
		t.Error("nothing failed")
	}
	chained(t, h.Log)
}

func persisted(t *testing.T, h Harness) {
	if h.PersistButFail == nil {
		t.Skip("this engine cannot be made to persist and fail")
	}
	w := newWriter("persisted-1")
	w.must(t, h.Log, 1)
	records := w.records(3, "persisted")
	h.PersistButFail()
	_, err := h.Log.Append(t.Context(), w.stream, 0, records...)
	if err == nil && !h.Repeats {
		t.Fatal("did not fail")
	}
	for _, settled := range []error{ledger.ErrWrongRevision, ledger.ErrTooLarge, ledger.ErrReadOnly} {
		if errors.Is(err, settled) {
			t.Fatalf("got %v, which says that nothing was recorded", err)
		}
	}
	log := h.Log
	if h.Reopen != nil {
		log = h.Reopen(t)
	}
	p, err := log.Append(t.Context(), w.stream, 0, records...)
	if err != nil {
		t.Fatalf("the repeat: %v", err)
	}
	q, err := log.Append(t.Context(), w.stream, 0, records...)
	if err != nil || p != q {
		t.Fatalf("the repeat again: %+v, %v; want %+v", q, err, p)
	}
	if n := len(chained(t, log)); n != 4 {
		t.Fatalf("%d events, want 4", n)
	}
}

func restart(t *testing.T, h Harness) {
	if h.Reopen == nil {
		t.Skip("this engine cannot be restarted here")
	}
	a, b, log := newWriter("restart-a"), newWriter("restart-b"), h.Log
	var place ledger.Position
	for round := range 4 {
		last := a.records(2, "last")
		p, err := a.append(t.Context(), log, last...)
		if err != nil {
			t.Fatal(err)
		}
		b.must(t, log, 1)
		before := chained(t, log)
		log = h.Reopen(t)
		after := chained(t, log)
		if len(before) != len(after) || len(after) != 3*(round+1) {
			t.Fatalf("%d events before, %d after", len(before), len(after))
		}
		for i := range after {
			if !same(after[i].Record, before[i].Record) || after[i].Position != before[i].Position {
				t.Fatalf("event %d is another after the restart", i)
			}
		}
		if q, err := log.Append(t.Context(), a.stream, ledger.Exactly(a.next-3), last...); err != nil || q.Commit != p.Commit {
			t.Fatalf("repeat after the restart: %+v, %v; want %+v", q, err, p)
		}
		_, err = log.Append(t.Context(), a.stream, ledger.Exactly(a.next-3), a.records(1, "new")...)
		wrongRevision(t, err)
		if rest := read(t, log.All(t.Context(), place)); len(rest) != 3 {
			t.Fatalf("from the position of before: %d events", len(rest))
		}
		place = after[len(after)-1].Position
	}
}
