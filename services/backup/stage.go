package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// stage is a folder beside the final name in which everything is made ready.
// One that a crash left behind is emptied and used again.
type stage struct {
	dir  string
	lock *os.File
	left bool // something was in it, which is gone now
}

func newStage(of string) (*stage, error) {
	s := &stage{dir: filepath.Join(filepath.Dir(of), "."+filepath.Base(of)+".making")}
	if err := os.Mkdir(s.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	f, err := os.Open(s.dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(errBusy(of), f.Close())
	}
	s.lock = f
	left, err := os.ReadDir(s.dir)
	s.left = len(left) > 0
	for _, e := range left {
		err = errors.Join(err, os.RemoveAll(filepath.Join(s.dir, e.Name())))
	}
	if err != nil {
		return nil, errors.Join(err, s.clear())
	}
	return s, nil
}

func (s *stage) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// clear removes the folder and all that is still in it.
func (s *stage) clear() error { return errors.Join(os.RemoveAll(s.dir), s.lock.Close()) }
