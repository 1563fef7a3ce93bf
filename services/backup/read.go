package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
)

// read reads an archive to its end: the manifest and every part in its order,
// each held to its size and SHA-256. part is given each part's content and
// must read it whole.
func read(ctx context.Context, file, what string, progress Progress, begin func(Manifest) error, part func(Part, io.Reader) error) (m Manifest, err error) {
	f, err := os.Open(file)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	plain, err := open(f)
	if err != nil {
		return m, err
	}
	end := &ending{from: plain}
	archive := tar.NewReader(end)
	if m, err = readManifest(archive); err != nil {
		return m, err
	}
	if err := begin(m); err != nil {
		return m, err
	}
	count := &counter{ctx: ctx, what: what, of: m.size(), progress: progress}
	for _, p := range m.Parts {
		if err := readPart(archive, p, count, part); err != nil {
			return m, err
		}
	}
	if h, err := archive.Next(); !errors.Is(err, io.EOF) {
		if err == nil {
			return m, errName(h.Name)
		}
		return m, errDamaged("the archive's end", err.Error())
	}
	before := end.total - end.zeros
	if _, err := io.Copy(io.Discard, end); err != nil || end.total-end.zeros != before || end.zeros < 2*block || end.total%block != 0 {
		return m, errDamaged("the archive's end", "it breaks off, or something follows")
	}
	return m, nil
}

// block is what a tar file is made of; two of zeros end it.
const block = 512

// ending counts the zeros that a stream ends with.
type ending struct {
	from         io.Reader
	total, zeros int64
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.from.Read(p)
	e.total += int64(n)
	zeros := int64(n - len(bytes.TrimRight(p[:n], "\x00")))
	if zeros < int64(n) {
		e.zeros = 0
	}
	e.zeros += zeros
	return n, err
}

// open finds out by the first bytes whether an archive is compressed.
func open(f io.Reader) (io.Reader, error) {
	r := bufio.NewReaderSize(f, 1<<20)
	if head, _ := r.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, errNoBackup()
		}
		return z, nil
	}
	return r, nil
}

func readManifest(archive *tar.Reader) (Manifest, error) {
	h, err := archive.Next()
	if err != nil || h.Name != manifestFile || h.Typeflag != tar.TypeReg || h.Size > maxManifest {
		return Manifest{}, errNoBackup()
	}
	text, err := io.ReadAll(io.LimitReader(archive, maxManifest))
	if err != nil {
		return Manifest{}, errDamaged(manifestFile, err.Error())
	}
	return parseManifest(text)
}

func readPart(archive *tar.Reader, p Part, count *counter, use func(Part, io.Reader) error) error {
	h, err := archive.Next()
	switch {
	case err != nil:
		return errDamaged(p.Name, fmt.Sprintf("the archive ends or breaks off before it: %v", err))
	case !known(h.Name) || h.Typeflag != tar.TypeReg:
		return errName(h.Name)
	case h.Name != p.Name || h.Size != p.Bytes:
		return errDamaged(p.Name, fmt.Sprintf("%s with %d bytes stands in its place", h.Name, h.Size))
	}
	sum := sha256.New()
	if err := use(p, io.TeeReader(archive, io.MultiWriter(sum, count))); err != nil {
		if count.ctx.Err() != nil {
			return count.ctx.Err()
		}
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != p.SHA256 {
		return errDamaged(p.Name, "its SHA-256 is "+got)
	}
	return nil
}

// reread checks a finished archive from disk against what went into it.
func reread(ctx context.Context, file string, want Manifest, progress Progress) error {
	same := func(m Manifest) error {
		if !reflect.DeepEqual(m, want) {
			return errDamaged(manifestFile, "it was read back otherwise")
		}
		return nil
	}
	_, err := read(ctx, file, "reading it back", progress, same, func(p Part, r io.Reader) error {
		if n, err := io.Copy(io.Discard, r); err != nil || n != p.Bytes {
			return errDamaged(p.Name, fmt.Sprintf("%d bytes, %v", n, err))
		}
		return nil
	})
	return err
}
