package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"suyuan/seeds"
)

func seedCommand(io streams) *cobra.Command {
	var at place
	c := &cobra.Command{
		Use:   "seed FILE…",
		Short: "Play scenarios into the ledger; playing one again changes nothing",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage{errors.New("seed: name at least one scenario file")}
			}
			return nil
		},
	}
	at.flags(c)
	c.RunE = func(c *cobra.Command, files []string) error {
		list := make([]seeds.Scenario, 0, len(files))
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				return usage{fmt.Errorf("seed: %w; name a scenario file", err)}
			}
			one, err := seeds.Parse(data)
			if err != nil {
				return fmt.Errorf("%s: %s", name, oneLine(err, language(""))) // a refusal in a file, by the file's name
			}
			list = append(list, one)
		}
		log := slog.New(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
		h, err := at.open(c.Context(), true, log)
		if err != nil {
			return err
		}
		w := newWork(h, log)
		err = w.fold(c.Context())
		if err == nil {
			err = playAll(c.Context(), h, list, io)
		}
		w.stop()
		return errors.Join(err, h.store.Close())
	}
	return c
}

// playAll plays scenarios to a desk whose clock stands at their dates.
func playAll(ctx context.Context, h *house, list []seeds.Scenario, io streams) error {
	var clock seeds.Clock
	d, err := h.desk(clock.Now)
	if err != nil {
		return err
	}
	for i, one := range list {
		if err := seeds.Play(ctx, d, clock.Set, one, nil); err != nil {
			return err
		}
		fmt.Fprintf(io.err, "[%d/%d] %s %s\n", i+1, len(list), one.ID, one.Title.In(language("")))
	}
	return nil
}
