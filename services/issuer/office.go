package issuer

import (
	"crypto/rsa"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"suyuan/services/intake/gate"
	"suyuan/services/intake/token"
	"suyuan/services/store/hold"
)

// Bounds of an office.
const (
	MaxCodes   = 20_000  // of one roster
	maxRosters = 64      // of one term
	maxAll     = 500_000 // codes in all rosters, at 32 bytes of memory each
	maxTerms   = 512
)

// An Office is an issuer's data folder, open in one process. It may be used by
// many goroutines at once.
type Office struct {
	dir    string
	random io.Reader
	held   *os.File
	gate   *gate.Gate

	mu      sync.Mutex // of all that follows, and of writes to rosters
	keys    map[Term]*[token.PerQuarter]*rsa.PrivateKey
	rosters []*roster
}

// Signatures made at once, and requests that may wait for their turn.
const (
	atOnce  = 2
	mayWait = 256
)

// Open opens the folder, which is made where there is none. Another process
// that has it open is an error. What is damaged is named, and nothing opened.
func Open(dir string, random io.Reader) (*Office, error) {
	return open(dir, random, func(f *os.File) file { return f })
}

func open(dir string, random io.Reader, as func(*os.File) file) (_ *Office, err error) {
	for _, d := range []string{dir, filepath.Join(dir, "keys"), filepath.Join(dir, "rosters")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, err
		}
	}
	o := &Office{dir: dir, random: random, gate: gate.New(atOnce, mayWait), keys: map[Term]*[token.PerQuarter]*rsa.PrivateKey{}}
	if o.held, err = hold.File(filepath.Join(dir, "hold")); errors.Is(err, hold.ErrHeld) {
		return nil, inUse()
	} else if err != nil {
		return nil, err
	}
	if err := errors.Join(o.readKeys(), o.readRosters(as)); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// Close lets go of the folder.
func (o *Office) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var errs []error
	for _, r := range o.rosters {
		errs = append(errs, r.file.Close())
	}
	o.rosters = nil
	return errors.Join(append(errs, o.held.Close())...)
}
