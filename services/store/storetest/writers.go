package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"suyuan/services/ledger"
)

// oneStream lets many writers contend for one stream, each reading on when it
// loses: every revision has one winner and no append that succeeded is lost.
func oneStream(t *testing.T, h Harness) {
	const writers, each = 12, 15
	var wg sync.WaitGroup
	var mu sync.Mutex
	winner := map[int64]ledger.ID{}
	for n := range writers {
		wg.Go(func() {
			next, won := int64(0), 0
			for won < each {
				r := ledger.Record{ID: ledger.EventID(fmt.Sprint(n), "contend", won), Type: "test.happened", Data: []byte(`{}`), Meta: []byte(`{"n":1}`)}
				_, err := h.Log.Append(t.Context(), "contend-1", ledger.Exactly(next-1), r)
				if err == nil {
					mu.Lock()
					if _, taken := winner[next]; taken {
						t.Errorf("revision %d was given twice", next)
					}
					winner[next] = r.ID
					mu.Unlock()
					won++
					next++
					continue
				}
				if !errors.Is(err, ledger.ErrWrongRevision) {
					t.Error(err)
					return
				}
				before := next
				for _, err := range h.Log.Stream(t.Context(), "contend-1", next) {
					if err != nil {
						t.Error(err)
						return
					}
					next++
				}
				if next == before {
					t.Errorf("the append at %d was refused, and there is nothing to read there", next)
					return
				}
			}
		})
	}
	wg.Wait()
	events := read(t, h.Log.Stream(t.Context(), "contend-1", 0))
	if len(events) != writers*each {
		t.Fatalf("%d events, want %d", len(events), writers*each)
	}
	for _, e := range events {
		if winner[e.Revision] != e.ID {
			t.Errorf("revision %d is %s, its writer was told %s", e.Revision, e.ID, winner[e.Revision])
		}
	}
}

func onePlace(t *testing.T, h Harness) {
	for round := range int64(10) {
		var wg sync.WaitGroup
		var won atomic.Int64
		for n := range 16 {
			wg.Go(func() {
				r := ledger.Record{ID: ledger.EventID(fmt.Sprint(n), "place", int(round)), Type: "test.happened", Data: []byte(`{}`), Meta: []byte(`{"n":1}`)}
				_, err := h.Log.Append(t.Context(), "place-1", ledger.Exactly(round-1), r)
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, ledger.ErrWrongRevision) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d writers won", round, won.Load())
		}
	}
}

func manyStreams(t *testing.T, h Harness) {
	const writers, each = 32, 20
	var wg sync.WaitGroup
	all := make([][]ledger.Record, writers)
	for n := range writers {
		wg.Go(func() {
			w, last := newWriter(fmt.Sprintf("many-%d", n)), ledger.Position{}
			for i := range each {
				records := w.records(1+i%3, "many")
				p, err := w.append(t.Context(), h.Log, records...)
				if err != nil {
					t.Error(err)
					return
				}
				if !p.After(last) {
					t.Errorf("%s: position %+v after %+v", w.stream, p, last)
				}
				all[n], last = append(all[n], records...), p
			}
		})
	}
	wg.Wait()
	for n := range writers {
		holds(t, h.Log, fmt.Sprintf("many-%d", n), all[n]...)
	}
	chained(t, h.Log)
}
