package hold_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"suyuan/services/store/hold"
)

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "one.lock")
	first, err := hold.File(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.File(path); !errors.Is(err, hold.ErrHeld) {
		t.Errorf("a second holder: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := hold.File(path)
	if err != nil {
		t.Fatalf("after it was let go: %v", err)
	}
	_ = again.Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := hold.File(filepath.Join(path, "below a file")); err == nil || errors.Is(err, hold.ErrHeld) {
		t.Errorf("below a file: %v", err)
	}
}
