package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Formats an export is written in.
const (
	JSONL = "jsonl"
	CSV   = "csv"
)

// partly is what a file is called until the export is whole.
const partly = ".part"

// files are the files of an export under way.
type files struct {
	dir   string
	order []string
	parts map[string]*part
	line  []byte
}

// part is one file and how far it has come.
type part struct {
	kind        string
	file        *os.File
	to          *bufio.Writer
	dirty       bool // written to since it was last made durable
	Rows, Bytes int64
}

// openFiles opens the files where the state left them: what was written after
// that is cut off.
func openFiles(dir string, formats []string, at map[string]extent) (*files, error) {
	f := &files{dir: dir, parts: map[string]*part{}}
	for _, k := range kinds {
		for _, format := range formats {
			name := k.name + "." + format
			p, err := openPart(filepath.Join(dir, name+partly), at[name])
			if err != nil {
				return nil, errors.Join(err, f.close())
			}
			p.kind = k.name
			f.parts[name], f.order = p, append(f.order, name)
			if format == CSV && p.Bytes == 0 {
				if err := p.write(appendHeader(nil, k), 0); err != nil {
					return nil, errors.Join(err, f.close())
				}
			}
		}
	}
	return f, nil
}

func openPart(path string, at extent) (*part, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < at.Bytes {
		err = errCut(filepath.Base(path))
	}
	if err == nil {
		err = file.Truncate(at.Bytes)
	}
	if err == nil {
		_, err = file.Seek(at.Bytes, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &part{file: file, to: bufio.NewWriterSize(file, 64<<10), Rows: at.Rows, Bytes: at.Bytes}, nil
}

func (p *part) write(line []byte, rows int64) error {
	n, err := p.to.Write(line)
	p.dirty = true
	p.Bytes += int64(n)
	p.Rows += rows
	return err
}

// write puts a row into its kind's files.
func (f *files) write(k *kind, row []any) (err error) {
	if p := f.parts[k.name+"."+JSONL]; p != nil {
		if f.line, err = appendJSON(f.line[:0], k, row); err == nil {
			err = p.write(f.line, 1)
		}
		if err != nil {
			return err
		}
	}
	if p := f.parts[k.name+"."+CSV]; p != nil {
		f.line = appendCSV(f.line[:0], k, row)
		return p.write(f.line, 1)
	}
	return nil
}

// sync makes everything written durable and says how far each file is.
func (f *files) sync() (map[string]extent, error) {
	at := map[string]extent{}
	for name, p := range f.parts {
		if p.dirty {
			if err := errors.Join(p.to.Flush(), p.file.Sync()); err != nil {
				return nil, err
			}
			p.dirty = false
		}
		at[name] = extent{Rows: p.Rows, Bytes: p.Bytes}
	}
	return at, nil
}

func (f *files) close() error {
	var errs []error
	for _, p := range f.parts {
		errs = append(errs, p.file.Close())
	}
	return errors.Join(errs...)
}

// settle gives a whole file its name, unless an earlier run has, and describes
// it. The folder is still to be synced.
func settle(dir, name string, rows int64) (File, error) {
	path := filepath.Join(dir, name)
	if err := os.Rename(path+partly, path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return File{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, errGone(path, err)
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return File{Name: name, Rows: rows, Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}
