package spool

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"suyuan/services/store/hold"
	"suyuan/services/store/whole"
)

// A folder is what the spool needs of a filesystem; tests put one in its
// place that fails and loses what was not synced.
type folder interface {
	hold() (io.Closer, error)             // hold.ErrHeld where another process has it
	open(name string) (file, error)       // os.ErrNotExist where there is none
	create(name string) (file, error)     // opens it where there is one
	rename(from, to string, f file) error // durably
	remove(name string) error
}

// A file is written in place only. Its sync is asked for by one goroutine at
// a time: the kernel tells a failure to the first who asks, and to no other.
type file interface {
	io.ReaderAt
	io.WriterAt
	size() (int64, error)
	grow(size int64) error // takes the room for it, or fails before anything is written
	sync() error           // times set to the constant, then the data made durable
	soon(at, length int64) // this will be read
	forget()               // what is synced is read from the disk again, where the kernel listens
	Close() error
}

type osFolder struct{ dir string }

func (d osFolder) path(name string) string { return filepath.Join(d.dir, name) }

func (d osFolder) hold() (io.Closer, error) {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return nil, err
	}
	if err := whole.SyncDir(filepath.Dir(filepath.Clean(d.dir))); err != nil {
		return nil, err
	}
	return hold.File(d.path("spool.lock"))
}

func (d osFolder) open(name string) (file, error) { return openFile(d.path(name), os.O_RDWR) }
func (d osFolder) create(name string) (file, error) {
	return openFile(d.path(name), os.O_RDWR|os.O_CREATE)
}

// O_NOATIME is for the owner only; where it is refused, sync sets the time.
func openFile(path string, how int) (file, error) {
	f, err := os.OpenFile(path, how|unix.O_NOATIME, 0o600)
	if errors.Is(err, unix.EPERM) {
		f, err = os.OpenFile(path, how, 0o600)
	}
	if err != nil {
		return nil, err
	}
	return &osFile{f, path}, nil
}

func (d osFolder) rename(from, to string, f file) error {
	f.(*osFile).path = d.path(to)
	return whole.Rename(d.path(from), d.path(to))
}

func (d osFolder) remove(name string) error {
	return errors.Join(os.Remove(d.path(name)), whole.SyncDir(d.dir))
}

type osFile struct {
	*os.File
	path string // os.File has the name it was opened under
}

func (f *osFile) size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f *osFile) grow(size int64) error {
	if err := unix.Fallocate(int(f.Fd()), 0, 0, size); err != nil && !errors.Is(err, unix.EOPNOTSUPP) {
		return errors.Join(&os.PathError{Op: "fallocate", Path: f.path, Err: err}, f.Truncate(0))
	}
	return f.Truncate(size)
}

// constant is the time every file of the spool has: 2000-01-01.
var constant = []unix.Timespec{{Sec: 946684800}, {Sec: 946684800}}

func (f *osFile) sync() error {
	if err := unix.UtimesNanoAt(unix.AT_FDCWD, f.path, constant, 0); err != nil {
		return &os.PathError{Op: "utimensat", Path: f.path, Err: err}
	}
	if err := unix.Fdatasync(int(f.Fd())); err != nil {
		return &os.PathError{Op: "fdatasync", Path: f.path, Err: err}
	}
	return nil
}

// Only a hint: where it is not heard, reading is slower.
func (f *osFile) soon(at, length int64) {
	_ = unix.Fadvise(int(f.Fd()), at, length, unix.FADV_WILLNEED)
}

func (f *osFile) forget() {
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}
