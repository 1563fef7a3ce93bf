package sqlite

import (
	"errors"
	"sync/atomic"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/store/storetest"
)

var errDisk = errors.New("injected: the disk failed")

// stop closes a store and reports what goes wrong at it.
func stop(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func start(t *testing.T, dir string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func withFaults(f faults) Option { return func(s *Store) { s.faults = f } }

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		var at atomic.Int64 // event of the next group at which to fail; -1: none
		var after atomic.Bool
		at.Store(-1)
		f := faults{
			insert: func(n int) error {
				if at.CompareAndSwap(int64(n), -1) {
					return errDisk
				}
				return nil
			},
			after: func() error {
				if after.CompareAndSwap(true, false) {
					return errDisk
				}
				return nil
			},
		}
		dir := t.TempDir()
		s := start(t, dir, withFaults(f))
		t.Cleanup(func() { stop(t, s) })
		return storetest.Harness{
			Log: s,
			Reopen: func(t *testing.T) ledger.Log {
				stop(t, s)
				s = start(t, dir, withFaults(f))
				return s
			},
			FailHalfway:    func(n int) { at.Store(int64(n)) },
			PersistButFail: func() { after.Store(true) },
		}
	})
}
