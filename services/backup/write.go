package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"suyuan/services/store/blob"
	"suyuan/services/store/sqlite"
	"suyuan/services/store/whole"
)

// Progress is told how much of what is under way was done.
type Progress func(what string, done, of uint64)

// Staged is told in which folder everything is made ready, and whether an
// earlier run that was killed had left something in it. While it is there it
// holds what the ledger holds, keys too.
type Staged func(dir string, left bool)

// Source is a ledger to be copied.
type Source struct {
	Data  string // files and keys
	Store string // events
	Keys  bool   // private keys, and those of the files, as well
}

// Write makes an archive of a ledger, which another process may be serving. to
// is the archive's name, which must not exist, or a folder that does, and then
// the archive is called after its last event. No folder is made for it: one that
// is not there may be a disk that is not mounted. It returns the archive's name.
func Write(ctx context.Context, from Source, to string, staged Staged, progress Progress) (name string, m Manifest, err error) {
	base := to
	info, err := os.Stat(to)
	folder := err == nil && info.IsDir()
	if folder {
		base = filepath.Join(to, "suyuan")
	} else if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return "", m, errors.Join(errTaken(to), err)
	} else if info, err := os.Stat(filepath.Dir(to)); err != nil || !info.IsDir() {
		return "", m, errNowhere(filepath.Dir(to), err)
	}
	s, err := newStage(base)
	if err != nil {
		return "", m, err
	}
	staged(s.dir, s.left)
	defer func() { err = errors.Join(err, s.clear()) }()
	if m, err = from.copy(ctx, s, progress); err != nil {
		return "", m, err
	}
	if folder {
		to = filepath.Join(to, fmt.Sprintf("suyuan-%d-%.8s.tar.gz", m.Ordinal, m.Root))
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			return "", m, errors.Join(errTaken(to), err)
		}
	}
	made := s.path("archive")
	if err := s.write(ctx, made, compressed(to), m, progress); err != nil {
		return "", m, err
	}
	if err := reread(ctx, made, m, progress); err != nil {
		return "", m, err
	}
	return to, m, whole.Rename(made, to)
}

func compressed(name string) bool {
	return strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".tgz")
}

// copy puts every part into the stage. The events come first: a blob is
// durable before the event that names it, so that every blob these events name
// is among those copied afterwards.
func (from Source) copy(ctx context.Context, s *stage, progress Progress) (m Manifest, err error) {
	store, err := sqlite.OpenReadOnly(from.Store, sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return m, err
	}
	head, link, err := store.Copy(ctx, s.path(ledgerFile), func(done, of uint64) { progress("copying events", done, of) })
	if err = errors.Join(err, store.Close()); err != nil {
		return m, err
	}
	files, err := blob.Copy(ctx, from.Data, s.dir, from.Keys)
	if err != nil {
		return m, err
	}
	keys, err := from.copyKeys(s)
	if err != nil {
		return m, err
	}
	read, err := chain(ctx, s.dir, progress)
	if err != nil {
		return m, err
	}
	m = Manifest{Version: Version, Ordinal: head.Ordinal, Root: read.Root.String(), Link: link.String(), Keys: from.Keys}
	for _, name := range append(append([]string{ledgerFile}, files...), keys...) {
		part, err := describe(s.path(name), name)
		if err != nil {
			return m, err
		}
		m.Parts = append(m.Parts, part)
	}
	return m, m.holds(read)
}

// copyKeys copies the keys folder's files; without keys, only the public
// halves, which check what was signed.
func (from Source) copyKeys(s *stage) (names []string, err error) {
	dir := filepath.Join(from.Data, keysFolder)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(s.path(keysFolder), 0o700); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !keyName.MatchString(e.Name()) || !from.Keys && !public(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if len(text) > maxKey {
			return nil, fmt.Errorf("%s is too large for a key: move it elsewhere", filepath.Join(dir, e.Name()))
		}
		name := keysFolder + "/" + e.Name()
		if err := os.WriteFile(s.path(name), text, 0o600); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

func public(name string) bool { return strings.HasSuffix(name, ".pub") }

func describe(path, name string) (Part, error) {
	f, err := os.Open(path)
	if err != nil {
		return Part{}, err
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Part{Name: name, Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, errors.Join(err, f.Close())
}

// write writes the archive and makes it durable.
func (s *stage) write(ctx context.Context, path string, compress bool, m Manifest, progress Progress) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Sync(), f.Close()) }()
	var to io.Writer = f
	if compress {
		z := gzip.NewWriter(f)
		defer func() { err = errors.Join(err, z.Close()) }()
		to = z
	}
	archive := tar.NewWriter(to)
	defer func() { err = errors.Join(err, archive.Close()) }()
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(header(manifestFile, int64(len(text)))); err != nil {
		return err
	}
	if _, err := archive.Write(text); err != nil {
		return err
	}
	count := &counter{ctx: ctx, what: "writing the archive", of: m.size(), progress: progress}
	for _, p := range m.Parts {
		if err := s.put(archive, p, count); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) put(archive *tar.Writer, p Part, count *counter) error {
	if err := archive.WriteHeader(header(p.Name, p.Bytes)); err != nil {
		return err
	}
	f, err := os.Open(s.path(p.Name))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.MultiWriter(archive, count), f)
	return errors.Join(err, f.Close())
}

// header says nothing of who made the archive and when.
func header(name string, size int64) *tar.Header {
	mode := int64(0o600)
	if public(name) {
		mode = 0o644
	}
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: mode, Format: tar.FormatPAX}
}

func (m Manifest) size() (n uint64) {
	for _, p := range m.Parts {
		n += uint64(p.Bytes)
	}
	return n
}

// counter tells how many KiB went by and stops when ctx ends.
type counter struct {
	ctx      context.Context
	what     string
	done, of uint64 // bytes
	progress Progress
}

func (c *counter) Write(p []byte) (int, error) {
	c.done += uint64(len(p))
	c.progress(c.what+", KiB", (c.done+1023)/1024, (c.of+1023)/1024)
	return len(p), c.ctx.Err()
}
