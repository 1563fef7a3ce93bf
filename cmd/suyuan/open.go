package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"

	"github.com/spf13/cobra"

	"suyuan/services/calendar"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/graph"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// place is where a ledger lives.
type place struct {
	data    string             // blobs, keys
	store   string             // sqlite:DIR, esdb://…; "": the data folder
	working *calendar.Calendar // nil: the official one
}

func (p *place) dataFlag(c *cobra.Command) {
	c.Flags().StringVar(&p.data, "data", "./.suyuan", "folder for the ledger, its keys and files")
}

func (p *place) flags(c *cobra.Command) {
	p.dataFlag(c)
	c.Flags().StringVar(&p.store, "store", "", "where the events are: sqlite:DIR, or a cluster, esdb://USER:PASSWORD@HOST:PORT or esdb+discover://… (default: sqlite: and the data folder)")
}

func (p place) keys() string { return filepath.Join(p.data, "keys") }

// house is an open ledger with its read model.
type house struct {
	store  engine
	spared bool // the start took its rows from a snapshot and has not read the events before
	events *ledger.Catalogue
	view   *view.View
	graph  *graph.Graph
	vault  *blob.Vault // documents' files; nil where the ledger is only read
	report reportKeys  // where the ledger may be written
	made   []string    // those of them that were made just now
}

// open opens the ledger and makes an empty read model over it.
func (p place) open(ctx context.Context, write bool, log *slog.Logger) (*house, error) {
	return p.openWith(ctx, nil, write, log)
}

// openKnown opens the ledger with the read model of its snapshot, where there
// is one, and an empty one else.
func (p place) openKnown(ctx context.Context, write bool, log *slog.Logger) (*house, error) {
	return p.openWith(ctx, p.known(log), write, log)
}

func (p place) openWith(ctx context.Context, known *view.View, write bool, log *slog.Logger) (*house, error) {
	h := &house{}
	var err error
	if h.events, err = catalogue.Events(); err != nil {
		return nil, err
	}
	var options []sqlite.Option
	if known != nil {
		options = append(options, heads(known))
	}
	if h.store, err = p.events(ctx, write, log, options...); err != nil {
		return nil, err
	}
	empty, err := h.store.Empty(ctx)
	if err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	verifier, err := p.checkpointKeys(ctx, write, empty, h.store)
	if err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	if write {
		if h.report, h.made, err = p.reportKeys(); err != nil {
			return nil, errors.Join(err, h.store.Close())
		}
	}
	model, err := p.readModel()
	if err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	if h.view, err = view.New(h.events, verifier, model...); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	h.view.By(build())
	if err := p.settled(ctx, h, known, write, log); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	if h.graph, err = graph.New(h.view, h.store, h.store.Err, log); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	return h, nil
}

// readModel is what the read model is given: what opens claims, where it is
// there, and the working days.
func (p place) readModel() (options []view.Option, err error) {
	key, err := p.claimsKey()
	if err != nil {
		return nil, err
	}
	if key != nil {
		options = append(options, view.WithClaims(*key))
	}
	if p.working != nil {
		options = append(options, view.WithCalendar(p.working))
	}
	return options, nil
}

// read opens the ledger for reading, folded to its end. Damage is an error.
func (p place) read(ctx context.Context) (*house, error) {
	h, err := p.openKnown(ctx, false, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := h.view.Catch(ctx, h.store); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	return h, nil
}

func (h *house) desk(clock ledger.Clock) (*desk.Desk, error) {
	return desk.New(h.store, h.events, catalogue.Commands(), h.view, clock)
}
