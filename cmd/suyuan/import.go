package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"
)

func importCommand(io streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Take units or a breakdown sheet into the ledger",
		Args:  noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_ = c.Help()
			return usage{errors.New("import: say what: divisions or breakdown")}
		},
	}
	c.AddCommand(importDivisionsCommand(io), importBreakdownCommand(io))
	return c
}

// writing opens the ledger for writing, folds it and calls use with it. What
// was written is kept whatever use returns.
func (p place) writing(ctx context.Context, io streams, use func(*house) error) error {
	log := slog.New(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	h, err := p.openKnown(ctx, true, log)
	if err != nil {
		return err
	}
	w := newWork(h, log)
	w.keeper = newKeeper(p, snapshotAfter, h, log)
	err = w.fold(ctx)
	if err == nil {
		err = h.store.Err() // a damaged ledger takes nothing
	}
	if err == nil {
		err = use(h)
	}
	w.stop()
	return errors.Join(err, h.store.Close())
}
