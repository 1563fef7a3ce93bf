package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"suyuan/services/ledger"
)

// What one caller queues keeps its order, is not there before it is durable,
// and shares what a sync costs.
func TestQueueKeepsOrder(t *testing.T) {
	s := start(t, t.TempDir())
	defer stop(t, s)
	var waits []func(context.Context) (ledger.Position, error)
	const n = 1000
	for i := range n {
		stream := fmt.Sprintf("q-%d", i)
		r, _ := event(stream, 0, ledger.Hash{})
		wait, err := s.Queue(t.Context(), stream, ledger.NoStream, r)
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, wait)
	}
	for i, wait := range waits {
		at, err := wait(t.Context())
		if err != nil || at.Ordinal != uint64(i+1) {
			t.Fatalf("%d: %v %v", i, at, err)
		}
	}
	i := 0
	for e, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil || e.Stream != fmt.Sprintf("q-%d", i) {
			t.Fatalf("%d: %s %v", i, e.Stream, err)
		}
		i++
	}
	if i != n {
		t.Errorf("%d of %d", i, n)
	}
	r, _ := event("q-0", 0, ledger.Hash{})
	wait, err := s.Queue(t.Context(), "q-0", ledger.NoStream, r)
	if err != nil {
		t.Fatal(err)
	}
	if at, err := wait(t.Context()); err != nil || at.Ordinal != 1 {
		t.Errorf("the same again: %v %v", at, err)
	}
}

// What was let in behind an append that failed has failed too.
func TestQueueFails(t *testing.T) {
	s := start(t, t.TempDir())
	defer stop(t, s)
	full := errors.New("full")
	s.faults.insert = func(n int) error {
		if n == 2 {
			return full
		}
		return nil
	}
	s.commit.Lock() // what follows is one group
	var waits []func(context.Context) (ledger.Position, error)
	for i := range 5 {
		stream := fmt.Sprintf("q-%d", i)
		r, _ := event(stream, 0, ledger.Hash{})
		wait, err := s.Queue(t.Context(), stream, ledger.NoStream, r)
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, wait)
	}
	s.commit.Unlock()
	failed := 0
	for _, wait := range waits {
		if _, err := wait(t.Context()); err != nil {
			failed++
		}
	}
	if failed == 0 || waits == nil {
		t.Error("nothing failed")
	}
	for e, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if failed == 5 {
			t.Errorf("%s is there though it failed", e.Stream)
		}
	}
}
