package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
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

// What had been let in behind an append when it failed has failed too, and is
// not there; what comes later is, whether anybody waited for it or not.
func TestQueueFails(t *testing.T) {
	s := start(t, t.TempDir())
	defer stop(t, s)
	full := errors.New("full")
	s.faults.insert = func(int) error { return full }
	s.commit.Lock() // what follows is let in before any of it fails
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
	for { // until the group has failed, and nobody has asked
		s.mu.Lock()
		over := s.flight == nil && len(s.open.appends) == 0
		s.mu.Unlock()
		if over {
			break
		}
		runtime.Gosched()
	}
	s.faults.insert = nil
	later, _ := event("q-later", 0, ledger.Hash{})
	if at, err := s.Append(t.Context(), "q-later", ledger.NoStream, later); err != nil || at.Ordinal != 1 {
		t.Errorf("what came later: %v %v", at, err)
	}
	for i, wait := range waits {
		if _, err := wait(t.Context()); !errors.Is(err, full) {
			t.Errorf("%d: %v", i, err)
		}
	}
	for e, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Stream != "q-later" {
			t.Errorf("%s is there though it failed", e.Stream)
		}
	}
}
