package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"suyuan/services/ledger"
)

func neverWas(t *testing.T, h Harness) {
	newWriter("never-was-not").must(t, h.Log, 1)
	for _, from := range []int64{0, 5} {
		if got := read(t, h.Log.Stream(t.Context(), "never-was", from)); len(got) != 0 {
			t.Errorf("from %d: %d events", from, len(got))
		}
	}
}

func fromRevision(t *testing.T, h Harness) {
	w, noise := newWriter("from-1"), newWriter("from-10")
	for range 10 {
		w.must(t, h.Log, 1)
		noise.must(t, h.Log, 1)
	}
	for from, want := range map[int64]int{-3: 10, 0: 10, 1: 9, 9: 1, 10: 0, 11: 0, 1 << 40: 0} {
		got := read(t, h.Log.Stream(t.Context(), w.stream, from))
		if len(got) != want {
			t.Errorf("from %d: %d events, want %d", from, len(got), want)
		}
		for i, e := range got {
			if e.Revision != max(from, 0)+int64(i) || e.Stream != w.stream {
				t.Errorf("from %d: event %d is %s %d", from, i, e.Stream, e.Revision)
			}
		}
	}
}

func fromPosition(t *testing.T, h Harness) {
	if got := read(t, h.Log.All(t.Context(), ledger.Position{})); len(got) != 0 {
		t.Fatalf("an empty log has %d events", len(got))
	}
	w := newWriter("position-1")
	w.must(t, h.Log, 12)
	all := chained(t, h.Log)
	for i, e := range all {
		rest := read(t, h.Log.All(t.Context(), e.Position))
		inOrder(t, e.Position, rest)
		if len(rest) != len(all)-i-1 {
			t.Fatalf("behind event %d there are %d events, want %d", i, len(rest), len(all)-i-1)
		}
		for j, r := range rest {
			if !same(r.Record, all[i+1+j].Record) || r.Position != all[i+1+j].Position {
				t.Errorf("behind event %d, event %d differs", i, j)
			}
		}
	}
	end := all[len(all)-1].Position
	w.must(t, h.Log, 1)
	if got := read(t, h.Log.All(t.Context(), end)); len(got) != 1 || got[0].Revision != 12 {
		t.Errorf("behind the old end: %d events", len(got))
	}
}

func agree(t *testing.T, h Harness) {
	writers := []*writer{newWriter("agree-a"), newWriter("agree-b"), newWriter("agree-a-b")}
	for i := range 30 {
		writers[i*i%3].must(t, h.Log, 1+i%2)
	}
	byStream := map[string][]ledger.Recorded{}
	for _, e := range chained(t, h.Log) {
		byStream[e.Stream] = append(byStream[e.Stream], e)
	}
	for stream, want := range byStream {
		got := read(t, h.Log.Stream(t.Context(), stream, 0))
		if len(got) != len(want) {
			t.Fatalf("%s: %d events by stream, %d in all", stream, len(got), len(want))
		}
		for i := range got {
			a, b := got[i].Position, want[i].Position
			if !same(got[i].Record, want[i].Record) || got[i].Revision != want[i].Revision || a.Commit != b.Commit || a.Prepare != b.Prepare || a.Ordinal != 0 && a.Ordinal != b.Ordinal {
				t.Errorf("%s %d: by stream at %+v, in all at %+v", stream, i, a, b)
			}
		}
	}
}

func longRead(t *testing.T, h Harness) {
	const batches = 6
	w, noise := newWriter("long-1"), newWriter("long-2")
	var want []ledger.Record
	for range batches {
		records := w.records(ledger.MaxBatch, "long")
		if _, err := w.append(t.Context(), h.Log, records...); err != nil {
			t.Fatal(err)
		}
		want = append(want, records...)
		noise.must(t, h.Log, 1)
	}
	holds(t, h.Log, w.stream, want...)
	if n := len(chained(t, h.Log)); n != batches*(ledger.MaxBatch+1) {
		t.Fatalf("%d events in all", n)
	}
	rest := read(t, h.Log.Stream(t.Context(), w.stream, 700))
	if len(rest) != len(want)-700 || !same(rest[0].Record, want[700]) {
		t.Fatalf("from 700: %d events", len(rest))
	}
}

// sequences are the ways to read a log, each with at least three events.
func sequences(t *testing.T, h Harness) map[string]func(context.Context) iter.Seq2[ledger.Recorded, error] {
	newWriter("seq-1").must(t, h.Log, 5)
	return map[string]func(context.Context) iter.Seq2[ledger.Recorded, error]{
		"stream": func(ctx context.Context) iter.Seq2[ledger.Recorded, error] { return h.Log.Stream(ctx, "seq-1", 0) },
		"all":    func(ctx context.Context) iter.Seq2[ledger.Recorded, error] { return h.Log.All(ctx, ledger.Position{}) },
		"subscribe": func(ctx context.Context) iter.Seq2[ledger.Recorded, error] {
			return h.Log.Subscribe(ctx, ledger.Position{})
		},
	}
}

func cancelledRead(t *testing.T, h Harness) {
	for name, seq := range sequences(t, h) {
		for after := range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			if after == 0 {
				cancel()
			}
			n, last := 0, error(nil)
			for _, err := range seq(ctx) {
				if last != nil {
					t.Errorf("%s: went on after its error", name)
				}
				if last = err; err == nil {
					n++
				}
				if n == after {
					cancel()
				}
			}
			cancel()
			if !errors.Is(last, context.Canceled) {
				t.Errorf("%s cancelled after %d events: ended after %d with %v", name, after, n, last)
			}
		}
	}
}

func breakEarly(t *testing.T, h Harness) {
	for name, seq := range sequences(t, h) {
		for range 50 { // more often than there may be connections
			for e, err := range seq(t.Context()) {
				if err != nil || e.Revision != 0 {
					t.Fatalf("%s: %v, %v", name, e, err)
				}
				break
			}
		}
		next, stop := iter.Pull2(seq(t.Context()))
		if _, _, ok := next(); !ok {
			t.Fatalf("%s: nothing", name)
		}
		newWriter(fmt.Sprintf("break-%s", name)).must(t, h.Log, 2) // a reader that stands still holds nothing up
		stop()
	}
}
