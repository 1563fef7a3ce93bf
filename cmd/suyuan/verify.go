package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
)

func verifyCommand(io streams) *cobra.Command {
	var at place
	var key string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check that no event was changed, removed or moved, and that every checkpoint holds",
		Args:  noArgs,
	}
	at.flags(c)
	c.Flags().StringVar(&key, "key", "", "file with the checkpoints' public key, kept elsewhere (default: the data folder's)")
	c.RunE = func(c *cobra.Command, _ []string) error {
		verifier, err := verifierKey(at, key)
		if err != nil {
			return err
		}
		dir, err := at.dir()
		if err != nil {
			return err
		}
		store, err := sqlite.OpenReadOnly(dir, sqlite.WithLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			return notVerified(err)
		}
		defer func() { _ = store.Close() }()
		if err := store.Verify(c.Context(), nil); err != nil {
			return notVerified(err)
		}
		report, err := checkpoint.Verify(c.Context(), store, verifier, nil)
		if err != nil {
			return notVerified(err)
		}
		if verifier == "" && report.Checkpoints > 0 {
			return fmt.Errorf("not verified: the events agree with each other, but nothing tells who signed the %d checkpoints; give the public key, %s, with --key", report.Checkpoints, verifierFile)
		}
		fmt.Fprintf(io.out, "verified: %d events, Merkle root %s\n", report.Events, report.Root)
		fmt.Fprintf(io.out, "checkpoints: %d, the last covers %d events\n", report.Checkpoints, report.Covered)
		return nil
	}
	return c
}

func verifierKey(at place, file string) (string, error) {
	if file == "" {
		return at.key(verifierFile)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", usage{fmt.Errorf("verify: --key: %w", err)}
	}
	return strings.TrimSpace(string(text)), nil
}

// notVerified names the ordinal where there is one.
func notVerified(err error) error {
	if d, ok := errors.AsType[*ledger.Damage](err); ok {
		return fmt.Errorf("not verified: %w; restore a backup and compare", d)
	}
	return err
}
