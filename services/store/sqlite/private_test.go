package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"suyuan/services/store/sqlite"
)

// A new ledger is its owner's alone, its log and index too, whatever the
// process lets others read.
func TestPrivate(t *testing.T) {
	before := unix.Umask(0o022)
	t.Cleanup(func() { unix.Umask(before) })
	dir := t.TempDir()
	s, err := sqlite.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, name := range []string{"ledger.db", "ledger.db-wal", "ledger.db-shm"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}
