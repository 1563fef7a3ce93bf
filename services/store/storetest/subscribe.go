package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"suyuan/services/ledger"
)

func catchUp(t *testing.T, h Harness) {
	w := newWriter("live-1")
	w.must(t, h.Log, 5)
	var got []ledger.Recorded
	for e, err := range h.Log.Subscribe(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
		if len(got) == 15 {
			break
		}
		if len(got) >= 5 { // caught up: from here each event is appended once the one before has come
			w.must(t, h.Log, 1)
		}
	}
	inOrder(t, ledger.Position{}, got)
	for i, e := range got {
		if e.Revision != int64(i) {
			t.Fatalf("event %d is revision %d", i, e.Revision)
		}
	}
}

// underLoad subscribes at several moments and places while many append: each
// subscription sees everything behind its place once, in order.
func underLoad(t *testing.T, h Harness) {
	const writers, each, total = 8, 40, 8*40 + 20
	newWriter("load-first").must(t, h.Log, 20)
	start := read(t, h.Log.All(t.Context(), ledger.Position{}))
	follow := func(after ledger.Position) []ledger.Recorded {
		var got []ledger.Recorded
		for e, err := range h.Log.Subscribe(t.Context(), after) {
			if err != nil {
				t.Error(err)
				break
			}
			if got = append(got, e); e.Position.Ordinal == total {
				break
			}
		}
		return got
	}
	var writing, following sync.WaitGroup
	results := make([][]ledger.Recorded, 6)
	places := []ledger.Position{{}, start[10].Position, start[19].Position, {}, start[19].Position, {}}
	halfway := make(chan struct{}, writers)
	for n := range writers {
		writing.Go(func() {
			w := newWriter(fmt.Sprintf("load-%d", n))
			for i := range each {
				if _, err := w.append(t.Context(), h.Log, w.records(1, "load")...); err != nil {
					t.Error(err)
					return
				}
				if i == each/2 {
					halfway <- struct{}{}
				}
			}
		})
	}
	for i := range results {
		if i == 3 {
			<-halfway
		}
		following.Go(func() { results[i] = follow(places[i]) })
	}
	writing.Wait()
	following.Wait()
	all := chained(t, h.Log)
	for i, got := range results {
		inOrder(t, places[i], got)
		if want := all[places[i].Ordinal:]; len(got) != len(want) {
			t.Errorf("subscriber %d: %d events, want %d", i, len(got), len(want))
		}
		for j, e := range got {
			if want := all[places[i].Ordinal+uint64(j)]; !same(e.Record, want.Record) || e.Position != want.Position {
				t.Errorf("subscriber %d: event %d is not that of the log", i, j)
			}
		}
	}
}

func slow(t *testing.T, h Harness) {
	w := newWriter("slow-1")
	w.must(t, h.Log, 1)
	n := 0
	for _, err := range h.Log.Subscribe(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 { // while it is busy with the first, more comes than any buffer holds
			for range 6 {
				if _, err := w.append(t.Context(), h.Log, w.records(200, "slow")...); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n == 1201 {
			break
		}
	}
}

func cancelledSubscribe(t *testing.T, h Harness) {
	w := newWriter("stop-1")
	w.must(t, h.Log, 1)
	ctx, cancel := context.WithCancel(t.Context())
	seen, ended := make(chan struct{}, 10), make(chan error)
	for range 3 {
		go func() {
			var last error
			for _, err := range h.Log.Subscribe(ctx, ledger.Position{}) {
				last = err
				seen <- struct{}{}
			}
			ended <- last
		}()
	}
	for range 3 {
		<-seen
	}
	cancel()
	for range 3 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	}
	w.must(t, h.Log, 1)
}
