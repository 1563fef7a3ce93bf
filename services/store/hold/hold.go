// Package hold keeps a ledger for one writer: whoever holds its file is the
// only one, on this machine, until it lets go or its process ends, however it
// ends.
package hold

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// ErrHeld: another process holds the file.
var ErrHeld = errors.New("held by another process")

// File makes the file where there is none and holds it; closing what it
// returns lets go. It does not wait: ErrHeld where somebody else has it.
func File(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, ErrHeld
		}
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return f, nil
}
