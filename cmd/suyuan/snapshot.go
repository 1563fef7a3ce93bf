package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// A snapshot spares a start the reading of the whole log. Below so many events
// that takes no time, and the start that reads and checks everything is kept.
const worthSnapshot = 20_000

func (p place) snapshot() string { return filepath.Join(p.data, "view.snapshot") }

// known is a read model from the snapshot, nil where there is none to use.
func (p place) known(log *slog.Logger) *view.View {
	if _, err := os.Stat(p.snapshot()); err != nil {
		return nil
	}
	events, err := catalogue.Events()
	if err != nil {
		return nil
	}
	verifier, err := p.key(verifierFile)
	if err != nil {
		return nil
	}
	v, err := view.New(events, verifier)
	if err != nil {
		return nil
	}
	if err := v.Load(p.snapshot()); err != nil {
		log.Warn("the snapshot is passed over; the log is read from its start", "error", err)
		return nil
	}
	return v
}

// heads is what a read model knows of where the streams end.
func heads(v *view.View) sqlite.Option {
	h := v.Heads()
	return sqlite.WithHeads(sqlite.Heads{Position: h.Position, Hash: h.Hash, Count: h.Count, All: func(yield func(sqlite.Head) bool) {
		for s := range h.All {
			if !yield(sqlite.Head{Stream: s.Stream, Revision: s.Revision, Last: s.Last}) {
				return
			}
		}
	}})
}

// settled keeps a read model that is of this log, and gives a fresh one in the
// place of one that is not. A snapshot that is not is thrown away by whoever
// may write.
func (p place) settled(ctx context.Context, h *house, known *view.View, write bool, log *slog.Logger) error {
	if known == nil {
		return nil
	}
	if h.view.Verifier() != known.Verifier() {
		return nil
	}
	err := known.Check(ctx, h.store)
	if err == nil && h.store.FromHeads() {
		h.view = known
		return nil
	}
	if err != nil && !errors.Is(err, view.ErrNoSnapshot) {
		return err
	}
	log.Warn("the snapshot is not of this ledger and is passed over; the log is read from its start")
	if write {
		if err := os.Remove(p.snapshot()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			log.Warn("remove the snapshot", "error", err)
		}
	}
	return nil
}

// keeper saves snapshots while the ledger grows and when it is closed.
type keeper struct {
	path  string
	every uint64 // events that make another, 0: none is made
	view  *view.View
	log   *slog.Logger
	saved uint64       // ordinal of the newest
	at    atomic.Int64 // Unix seconds when it was made, 0 where there is none
}

func newKeeper(p place, every int, h *house, log *slog.Logger) *keeper {
	k := &keeper{path: p.snapshot(), every: uint64(every), view: h.view, log: log}
	if info, err := os.Stat(k.path); err == nil && h.store.FromHeads() {
		k.saved = h.view.Position().Ordinal
		k.at.Store(info.ModTime().Unix())
	}
	return k
}

// run saves whenever enough has come in.
func (k *keeper) run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			k.save(k.every)
		case <-ctx.Done():
			return
		}
	}
}

// last saves when the ledger is closed.
func (k *keeper) last() { k.save(min(k.every, worthSnapshot/10)) }

// save makes a snapshot if at least so many events came in since the last.
func (k *keeper) save(least uint64) {
	ordinal := k.view.Position().Ordinal
	if k.every == 0 || ordinal < min(k.every, worthSnapshot) || ordinal < k.saved+least {
		return
	}
	saved, err := k.view.Save(k.path)
	if err != nil {
		k.log.Error("the snapshot was not saved; the next start reads the log instead", "error", err)
		return
	}
	k.saved = saved
	k.at.Store(wallClock().Unix())
}

// Made is when the newest snapshot was made, zero where there is none.
func (k *keeper) Made() time.Time {
	if at := k.at.Load(); at != 0 {
		return time.Unix(at, 0)
	}
	return time.Time{}
}

// leaner keeps the memory of a large ledger near what its rows take: they live
// for ever and hold few pointers, so that collecting often costs little. GOGC
// in the environment has the last word.
func leaner() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(40)
	}
	debug.FreeOSMemory()
}
