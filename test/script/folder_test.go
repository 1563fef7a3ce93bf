package script

import (
	"os"
	"path/filepath"
	"testing"
)

var folders string // where the ledgers stand that several tests copy

func copied(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "ledger")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}
