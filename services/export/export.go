package export

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"suyuan/services/ledger"
	"suyuan/services/store/whole"
)

// Options say what to export and where to.
type Options struct {
	Ask      Ask        // of a graph that stands still, as the reader
	Log      ledger.Log // where events' contents are, byte for byte
	Role     string     // the reader's, for the manifest
	Unit     string
	To       string   // a folder, made if there is none
	Formats  []string // JSONL, CSV
	Resume   bool
	Progress func(what string, done, of int) // after every page
}

// Manifest describes a whole export. It is written last.
type Manifest struct {
	Format  int    `json:"format"`
	Role    string `json:"role"`
	Unit    string `json:"unit,omitempty"`
	Ordinal string `json:"ordinal"` // every file is of this moment
	Root    string `json:"root"`    // the Merkle root over these events
	Files   []File `json:"files"`
	// Incomplete names lists that may hold more than the graph gives out.
	Incomplete []string `json:"incomplete,omitempty"`
}

// File is one file of an export.
type File struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const lockFile = "export.lock"

// Run writes an export, or goes on with one, and returns its manifest.
func Run(ctx context.Context, o Options) (m Manifest, err error) {
	ordinal, root, err := o.Ask.now(ctx)
	if err != nil {
		return m, err
	}
	if _, err := begin(o, ordinal, root); err != nil { // nothing is touched in a folder that is somebody else's
		return m, err
	}
	held, err := hold(o.To)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	r := &run{Options: o, size: map[*source]int{}, good: map[*source]int{}}
	if r.state, err = begin(o, ordinal, root); err != nil {
		return m, err
	}
	if r.state.Walk <= len(walks)+1 {
		if err := r.write(ctx); err != nil {
			return m, err
		}
	}
	return r.finish()
}

// hold makes the folder and keeps a second export out of it.
func hold(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(errBusy(dir), f.Close())
	}
	return f, sweep(dir)
}

// sweep removes what was being written when an earlier run was killed.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if unfinished(e.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// unfinished is a file that was being written beside the one it was to replace.
func unfinished(name string) bool {
	for _, of := range []string{stateFile, manifestFile, readmeFile, schemaFileName} {
		if strings.HasPrefix(name, "."+of+"-") {
			return true
		}
	}
	return false
}

// write goes through what is left of the walks.
func (r *run) write(ctx context.Context) (err error) {
	if r.files, err = openFiles(r.To, r.Formats, r.state.Files); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.files.close()) }()
	if err := r.save(true); err != nil { // from here on --resume goes on
		return err
	}
	for r.state.Walk < len(walks) {
		if err := r.walk(ctx, walks[r.state.Walk]); err != nil {
			return err
		}
	}
	if r.state.Walk == len(walks) {
		if err := r.checkpoint(ctx); err != nil {
			return err
		}
	}
	return r.events(ctx)
}

// finish gives every file its name and writes the manifest, after which there
// is nothing to go on with.
func (r *run) finish() (Manifest, error) {
	m := Manifest{Format: version, Role: r.state.Role, Unit: r.state.Unit, Ordinal: r.state.Ordinal, Root: r.state.Root, Incomplete: r.state.Incomplete}
	described, err := describe(m, r.state.Formats)
	if err != nil {
		return m, err
	}
	for _, d := range described {
		if err := whole.Write(filepath.Join(r.To, d.name), d.content, 0o600); err != nil {
			return m, err
		}
		f, err := settle(r.To, d.name, 0) // is there already: described only
		if err != nil {
			return m, err
		}
		m.Files = append(m.Files, f)
	}
	for _, k := range kinds {
		for _, format := range r.state.Formats {
			name := k.name + "." + format
			f, err := settle(r.To, name, r.state.Files[name].Rows)
			if err == nil && f.Bytes != r.state.Files[name].Bytes {
				err = errCut(name)
			}
			if err != nil {
				return m, err
			}
			m.Files = append(m.Files, f)
		}
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err = errors.Join(err, whole.SyncDir(r.To)); err != nil {
		return m, err
	}
	if err := whole.Write(filepath.Join(r.To, manifestFile), append(text, '\n'), 0o600); err != nil {
		return m, err
	}
	return m, errors.Join(os.Remove(filepath.Join(r.To, stateFile)), os.Remove(filepath.Join(r.To, lockFile)), whole.SyncDir(r.To))
}
