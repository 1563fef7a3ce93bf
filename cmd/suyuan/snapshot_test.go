package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"suyuan/seeds"
	"suyuan/services/ledger"
)

// housed is an empty ledger and its keeper.
func housed(t *testing.T, every int) (place, *house, *keeper) {
	t.Helper()
	p := place{data: t.TempDir()}
	h, err := p.openKnown(t.Context(), true, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	return p, h, newKeeper(p, every, h, slog.New(slog.DiscardHandler))
}

// play appends scenarios and folds them.
func play(t *testing.T, h *house, from, to int) {
	t.Helper()
	following, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = h.view.Follow(following, h.store) }()
	all, err := seeds.All()
	if err != nil {
		t.Fatal(err)
	}
	if err := playAll(t.Context(), h, all[from:to], streams{out: io.Discard, err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	end()
	<-ended
}

// While a ledger grows, a tick saves it once enough came in, and never once
// it is damaged.
func TestKeeperTicks(t *testing.T) {
	p, h, k := housed(t, 60)
	play(t, h, 0, 1)
	tick := make(chan time.Time)
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); k.run(ctx, tick) }()
	defer func() { end(); <-ended }()
	looked := func() { tick <- time.Time{}; tick <- time.Time{} } // the first is over when the second is taken
	saved := func() os.FileInfo {
		info, err := os.Stat(p.snapshot())
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return info
	}
	if looked(); saved() != nil || !k.Made().IsZero() {
		t.Fatalf("saved after %d events", h.view.Position().Ordinal)
	}
	play(t, h, 1, 4)
	if looked(); saved() == nil || k.Made().IsZero() {
		t.Fatalf("not saved after %d events", h.view.Position().Ordinal)
	}
	first := saved()
	if looked(); !os.SameFile(first, saved()) {
		t.Error("saved again with nothing new")
	}
	k.damaged(&ledger.Damage{Ordinal: 3, Why: "not what it was"})
	reason := h.store.Err()
	if !errors.Is(reason, ledger.ErrDamaged) || saved() != nil || !k.Made().IsZero() {
		t.Errorf("a damaged ledger, %v, has a snapshot", reason)
	}
	k.mu.Lock()
	k.saved = 0
	k.mu.Unlock()
	looked()
	k.mu.Lock()
	defer k.mu.Unlock()
	if saved() != nil || k.saved != 0 {
		t.Error("a damaged ledger was saved")
	}
}

// A disk that was full is no reason to throw away what is good.
func TestKeeperKeeps(t *testing.T) {
	p, h, k := housed(t, 1)
	play(t, h, 0, 1)
	k.last()
	h.store.MarkDamaged(errors.New("no space left"))
	k.last()
	if _, err := os.Stat(p.snapshot()); err != nil {
		t.Error(err)
	}
}

// Small ledgers have none unless it is asked for.
func TestKeeperSmall(t *testing.T) {
	for every, want := range map[int]bool{0: false, 1: true, 100_000: false, int(^uint(0) >> 1): false} {
		p, h, k := housed(t, every)
		play(t, h, 0, 1)
		k.last()
		k.save(1) // what is large enough for a save is small for a snapshot
		if _, err := os.Stat(p.snapshot()); (err == nil) != want {
			t.Errorf("every %d: %v", every, err)
		}
	}
}
