package nation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// House is an open ledger with its read model, as a server wires it, and with
// a desk where it is written.
type House struct {
	Store *sqlite.Store
	View  *view.View
	Desk  *desk.Desk
	stop  func() error
}

// Open opens or makes the ledger in dir, folds it and goes on folding.
func Open(ctx context.Context, dir string, clock ledger.Clock) (*House, error) {
	store, err := sqlite.Open(dir)
	if err != nil {
		return nil, err
	}
	h, events, err := fold(ctx, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if h.Desk, err = desk.New(h.Store, events, catalogue.Commands(), h.View, clock); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- h.View.Follow(ctx, h.Store) }()
	h.stop = func() error {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}
	return h, nil
}

// OpenReadOnly opens the ledger in dir and folds it from its first event.
func OpenReadOnly(ctx context.Context, dir string) (*House, error) {
	store, err := sqlite.OpenReadOnly(dir)
	if err != nil {
		return nil, err
	}
	h, _, err := fold(ctx, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return h, nil
}

// Resume takes the rows from a snapshot, opens the ledger in dir with what they
// know of it, and folds only what came later. It tells how long the rows took,
// and the store.
func Resume(ctx context.Context, dir, snapshot string) (h *House, rows, store time.Duration, err error) {
	began := time.Now()
	h = &House{stop: func() error { return nil }}
	events, err := catalogue.Events()
	if err == nil {
		h.View, err = view.New(events, "")
	}
	if err == nil {
		err = h.View.Load(snapshot)
	}
	if err != nil {
		return nil, 0, 0, err
	}
	rows = time.Since(began)
	if h.Store, err = sqlite.OpenReadOnly(dir, heads(h.View)); err != nil {
		return nil, 0, 0, err
	}
	err = h.View.Check(ctx, h.Store)
	if err == nil && !h.Store.FromHeads() {
		err = errors.New("the store read its whole log for the streams' ends")
	}
	if err == nil {
		err = h.View.Catch(ctx, h.Store)
	}
	if err != nil {
		return nil, 0, 0, errors.Join(err, h.Store.Close())
	}
	return h, rows, time.Since(began) - rows, nil
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

func fold(ctx context.Context, store *sqlite.Store) (*House, *ledger.Catalogue, error) {
	events, err := catalogue.Events()
	if err != nil {
		return nil, nil, err
	}
	v, err := view.New(events, "")
	if err != nil {
		return nil, nil, err
	}
	return &House{Store: store, View: v, stop: func() error { return nil }}, events, v.Catch(ctx, store)
}

// Close ends the fold and lets go of the folder.
func (h *House) Close() error { return errors.Join(h.stop(), h.Store.Close()) }

// Copy copies a ledger that nobody writes.
func Copy(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	in, err := os.Open(filepath.Join(from, "ledger.db"))
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(filepath.Join(to, "ledger.db"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(fmt.Errorf("copy the ledger: %w", err), out.Close())
	}
	return errors.Join(out.Sync(), out.Close())
}
