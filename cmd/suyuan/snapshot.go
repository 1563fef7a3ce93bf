package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// A snapshot spares a start the reading of the whole log. Below so many events
// that takes no time, and the start that reads and checks everything is kept.
const worthSnapshot = 20_000

// snapshotAfter is how many events make another, unless told otherwise.
const snapshotAfter = 100_000

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
	options, err := p.readModel()
	if err != nil {
		return nil
	}
	v, err := view.New(events, verifier, options...)
	if err != nil {
		return nil
	}
	v.By(build())
	// Everything that loading makes is kept: collecting would look at it again
	// and again for nothing.
	percent := debug.SetGCPercent(-1)
	err = v.Load(p.snapshot())
	debug.SetGCPercent(percent)
	if err != nil {
		log.Warn("the snapshot is passed over; the log is read from its start", "error", err)
		return nil
	}
	return v
}

// build is this program's own SHA-256: another build may make something else
// of the same events. Where the program cannot be read it is "", and the
// layout of the rows has to do.
var build = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
})

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

// readWhole opens the ledger for reading and reads all of it, whatever a
// snapshot says: who hands the events themselves on must have checked each.
func (p place) readWhole(ctx context.Context) (*house, error) {
	h, err := p.open(ctx, false, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := h.view.Catch(ctx, h.store); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	return h, nil
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
	if s, ok := h.store.(*sqlite.Store); err == nil && (!ok || s.FromHeads()) {
		h.view, h.spared = known, true
		log.Info("started from a snapshot", "ordinal", known.Position().Ordinal)
		return nil
	}
	if err != nil && !errors.Is(err, view.ErrNoSnapshot) {
		return err
	}
	log.Warn("the snapshot is not of this ledger and is passed over; the log is read from its start")
	if write {
		p.discard(log)
	}
	return nil
}

// discard removes the snapshot, so that the next start reads the log.
func (p place) discard(log *slog.Logger) {
	if err := os.Remove(p.snapshot()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("the snapshot was not removed", "error", err)
	}
}

// sweep removes what an earlier server was writing when it was killed. Nobody
// else may be serving.
func (p place) sweep(log *slog.Logger) {
	found, err := os.ReadDir(p.data)
	for _, f := range found {
		if strings.HasPrefix(f.Name(), filepath.Base(p.snapshot())+".new-") {
			err = errors.Join(err, os.Remove(filepath.Join(p.data, f.Name())))
		}
	}
	if err != nil {
		log.Warn("half a snapshot was not removed", "error", err)
	}
}

// keeper saves snapshots while the ledger grows and when it is closed. A
// ledger that is damaged has none: its next start is to read everything, and
// take nothing from its first moment on.
type keeper struct {
	place place
	every uint64 // events that make another, 0: none is made
	house *house
	log   *slog.Logger
	at    atomic.Int64 // Unix seconds when the newest was made, 0 where there is none

	mu    sync.Mutex
	saved uint64 // ordinal of the newest
}

// newKeeper is for a house that nobody else has open to write and that has
// folded nothing since it was opened.
func newKeeper(p place, every int, h *house, log *slog.Logger) *keeper {
	k := &keeper{place: p, every: uint64(every), house: h, log: log}
	p.sweep(log)
	k.saved = h.view.Position().Ordinal
	if info, err := os.Stat(p.snapshot()); err == nil && k.saved > 0 {
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
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.house.store.Err(); err != nil {
		k.drop(err)
		return
	}
	ordinal := k.house.view.Position().Ordinal
	if k.every == 0 || ordinal < min(k.every, worthSnapshot) || ordinal < k.saved+least {
		return
	}
	saved, err := k.house.view.Save(k.place.snapshot())
	if err != nil {
		k.saved = ordinal // a full disk is not full of snapshots tried again and again
		k.log.Error("the snapshot was not saved; the next start reads the log instead", "error", err)
		return
	}
	k.saved = saved
	k.at.Store(wallClock().Unix())
}

// damaged stops appends for good and throws the snapshot away.
func (k *keeper) damaged(err error) {
	k.house.store.MarkDamaged(err)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop(k.house.store.Err())
}

// drop throws the snapshot away if a ledger takes nothing because it is
// damaged, and not because a disk is full. It runs under mu.
func (k *keeper) drop(reason error) {
	if errors.Is(reason, ledger.ErrDamaged) {
		k.place.discard(k.log)
		k.at.Store(0)
	}
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
		debug.SetGCPercent(25)
	}
	debug.FreeOSMemory()
}
