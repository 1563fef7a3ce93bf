package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// A file that a copy did not make is not its to take away, least of all the
// ledger that is being copied.
func TestCopyOverSomething(t *testing.T) {
	s := start(t, t.TempDir())
	defer stop(t, s)
	fill(t, s, 3)
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{s.path, other} {
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Copy(t.Context(), path, nil); !errors.Is(err, fs.ErrExist) {
			t.Errorf("copied onto a file: %v", err)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
			t.Errorf("%s is not what it was: %v", filepath.Base(path), err)
		}
	}
	if err := one(t, s, "w-after"); err != nil {
		t.Error(err)
	}
}

// What a copy did make is gone when it fails, and not in the way of the next.
func TestCopyFails(t *testing.T) {
	s := start(t, t.TempDir())
	defer stop(t, s)
	fill(t, s, 3)
	path := filepath.Join(t.TempDir(), "copy.db")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Copy(ctx, path, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted, it says %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
	if _, _, err := s.Copy(t.Context(), path, nil); err != nil {
		t.Error(err)
	}
}
