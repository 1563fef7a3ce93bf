package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"suyuan/services/store/hold"
)

// lock holds the directory for one writer.
func lock(dir string) (*os.File, error) {
	f, err := hold.File(filepath.Join(dir, "ledger.lock"))
	if errors.Is(err, hold.ErrHeld) {
		return nil, errInUse(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the ledger: %w", err)
	}
	return f, nil
}

// syncDir makes the directory's entries durable: SQLite does so for the
// write-ahead log and not for the database beside it.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
