package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"suyuan/services/store/whole"
)

// Restore puts an archive's ledger into a folder that is empty or not there.
// Everything is written beside it, read back and checked, the chain up to the
// recorded root, before the folder gets its name: a crash leaves it as it was,
// or whole.
func Restore(ctx context.Context, file, data string, staged Staged, progress Progress) (m Manifest, err error) {
	if data, err = filepath.Abs(data); err != nil {
		return m, err
	}
	if err := vacant(data); err != nil {
		return m, err
	}
	if info, err := os.Stat(file); err != nil {
		return m, err
	} else if !info.Mode().IsRegular() {
		return m, errNoFile(file)
	}
	if err := os.MkdirAll(filepath.Dir(data), 0o700); err != nil {
		return m, err
	}
	s, err := newStage(data)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, s.clear()) }()
	staged(s.dir, s.left)
	dir := s.path("folder")
	if err := os.MkdirAll(filepath.Join(dir, keysFolder), 0o700); err != nil {
		return m, err
	}
	m, err = read(ctx, file, "restoring", progress, func(Manifest) error { return nil }, func(p Part, r io.Reader) error {
		return extract(filepath.Join(dir, filepath.FromSlash(p.Name)), p, r)
	})
	if err != nil {
		return m, err
	}
	if err := m.check(ctx, dir, progress); err != nil {
		return m, err
	}
	if err := errors.Join(whole.SyncDir(filepath.Join(dir, keysFolder)), whole.SyncDir(dir)); err != nil {
		return m, err
	}
	if err := os.Remove(data); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty folder
		return m, fmt.Errorf("%w; name a folder beside it with --data", err)
	}
	return m, whole.Rename(dir, data)
}

// vacant refuses a folder with anything in it.
func vacant(data string) error {
	entries, err := os.ReadDir(data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		what := entries[0].Name()
		for _, e := range entries {
			if e.Name() == ledgerFile {
				what = "a ledger (" + ledgerFile + ")"
			}
		}
		err = errOccupied(data, what)
	}
	return err
}

func extract(path string, p Part, r io.Reader) (err error) {
	mode := fs.FileMode(0o600)
	if public(p.Name) {
		mode = 0o644
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	n, err := io.Copy(f, r)
	if errors.Is(err, io.ErrUnexpectedEOF) || err == nil && n != p.Bytes {
		return errDamaged(p.Name, "the archive breaks off in it")
	}
	return errors.Join(err, f.Sync())
}

// check reads the restored events from their file.
func (m Manifest) check(ctx context.Context, dir string, progress Progress) error {
	read, err := chain(ctx, dir, progress)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return otherwise(err)
	}
	return m.holds(read)
}
