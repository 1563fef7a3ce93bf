package view

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"suyuan/services/ledger"
)

// A snapshot is the rows in a file, so that a start need not read the whole
// log. It is derived and never needed: what does not check, or is not of this
// log, is passed over and folded anew. It holds
//
//	magic, 16 bytes · format, 4 · layout of the rows, 32 · ordinal, 8 · Merkle root, 32 · length of rows, 8 · length of texts, 8 ·
//	SHA-256 of rows, texts and everything before itself, 32 · rows · texts
//
// with numbers little-endian. See codec.

// foldVersion is raised when a fold changes what it makes of the same events
// while the rows keep their layout.
const foldVersion = 3

const (
	magic      = "suyuan snapshot\n"
	headerSize = len(magic) + 4 + 32 + 8 + 32 + 8 + 8
)

// ErrNoSnapshot: there is none, or none that this program and this log can use.
var ErrNoSnapshot = errors.New("no snapshot to start from")

type header struct {
	layout      [32]byte
	ordinal     uint64
	root        ledger.Hash
	rows, texts uint64
}

func (h *header) marshal() []byte {
	b := []byte(magic)
	b = binary.LittleEndian.AppendUint32(b, foldVersion)
	b = append(b, h.layout[:]...)
	b = binary.LittleEndian.AppendUint64(b, h.ordinal)
	b = append(b, h.root[:]...)
	b = binary.LittleEndian.AppendUint64(b, h.rows)
	return binary.LittleEndian.AppendUint64(b, h.texts)
}

func unmarshalHeader(b []byte) (h header, ok bool) {
	if len(b) != headerSize || !bytes.HasPrefix(b, []byte(magic)) {
		return h, false
	}
	b = b[len(magic):]
	if binary.LittleEndian.Uint32(b) != foldVersion {
		return h, false
	}
	copy(h.layout[:], b[4:])
	h.ordinal = binary.LittleEndian.Uint64(b[36:])
	copy(h.root[:], b[44:])
	h.rows, h.texts = binary.LittleEndian.Uint64(b[76:]), binary.LittleEndian.Uint64(b[84:])
	return h, true
}

// layout tells rows of one program from those of another: the build, where it
// is told, the names and types of all their fields, the events in the order of
// their numbers, and the keys that checkpoints were checked and claims opened
// with.
func (r *Rows) layout() [32]byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q %q\n", r.program, r.verifier, r.docket.Fingerprint())
	seen := map[reflect.Type]bool{}
	var describe func(t reflect.Type)
	describe = func(t reflect.Type) {
		fmt.Fprint(&b, t, "\n")
		if seen[t] {
			return
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Struct:
			for i := range t.NumField() {
				fmt.Fprint(&b, t.Field(i).Name, " ")
				describe(t.Field(i).Type)
			}
		case reflect.Map:
			describe(t.Key())
			describe(t.Elem())
		case reflect.Pointer, reflect.Slice, reflect.Array:
			describe(t.Elem())
		}
	}
	describe(reflect.TypeFor[Rows]())
	for _, d := range r.catalogue.All() {
		fmt.Fprintln(&b, d.Name, d.Version)
	}
	return sha256.Sum256([]byte(b.String()))
}

// Save writes a snapshot of the rows to a file: beside it first, durably, then
// under its name. Readers go on meanwhile; the fold waits.
func (v *View) Save(path string) (ordinal uint64, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return 0, fmt.Errorf("save a snapshot: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("save a snapshot: %w", errors.Join(err, f.Close(), os.Remove(f.Name())))
		}
	}()
	v.folding.Lock()
	v.mu.RLock()
	ordinal, err = v.rows.write(f)
	v.mu.RUnlock()
	v.folding.Unlock()
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return 0, err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return 0, err
	}
	_ = f.Close() // it is synced
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return ordinal, nil //nolint // the snapshot is there; whether its name outlives a power cut does not matter
	}
	defer dir.Close()
	_ = dir.Sync()
	return ordinal, nil
}

func (r *Rows) write(f io.WriteSeeker) (ordinal uint64, err error) {
	sum := sha256.New()
	if _, err := f.Seek(int64(headerSize+sha256.Size), io.SeekStart); err != nil {
		return 0, err
	}
	counted := &counter{to: io.MultiWriter(f, sum)}
	c := writer(counted)
	c.rows(r)
	c.flush()
	if c.err != nil {
		return 0, c.err
	}
	h := header{layout: r.layout(), ordinal: r.position.Ordinal, rows: counted.n, texts: uint64(c.written.Len())}
	_, h.root = r.LatestRoot()
	if _, err := io.WriteString(counted, c.written.String()); err != nil {
		return 0, err
	}
	head := h.marshal()
	sum.Write(head)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	_, err = f.Write(append(head, sum.Sum(nil)...))
	return h.ordinal, err
}

type counter struct {
	to io.Writer
	n  uint64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += uint64(n)
	return n, err
}

// Load takes the rows from a snapshot into a view that has folded nothing
// yet. The error wraps ErrNoSnapshot where the file is absent, not whole, or
// of another program; the view is as it was then. Check holds what was loaded
// against the log.
func (v *View) Load(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSnapshot, err)
	}
	defer f.Close()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.rows.position != (ledger.Position{}) {
		return errors.New("load a snapshot: the view has folded events already")
	}
	rows, err := v.rows.loaded(f)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSnapshot, err)
	}
	v.rows = rows
	close(v.moved)
	v.moved = make(chan struct{})
	return nil
}

// loaded reads rows like r's from a file.
func (r *Rows) loaded(f *os.File) (*Rows, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	head := make([]byte, headerSize+sha256.Size)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, errShort
	}
	h, ok := unmarshalHeader(head[:headerSize])
	if !ok || h.layout != r.layout() {
		return nil, errors.New("it was written by another version of this program")
	}
	if start := int64(len(head)); h.rows > uint64(info.Size()) || h.texts > uint64(info.Size()) || start+int64(h.rows)+int64(h.texts) != info.Size() {
		return nil, errShort
	}
	hashed := make(chan error, 1)
	go func() { hashed <- checkSum(f, head, info.Size()) }()
	fresh, err := r.decode(f, h, int64(len(head)))
	if sum := <-hashed; sum != nil { // whatever else is wrong comes from that
		return nil, sum
	}
	if err == nil {
		fresh.reindex() // follows the rows' handles: only now are they what was written
	}
	return fresh, err
}

func checkSum(f io.ReaderAt, head []byte, size int64) error {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, int64(len(head)), size-int64(len(head)))); err != nil {
		return err
	}
	sum.Write(head[:headerSize])
	if !bytes.Equal(sum.Sum(nil), head[headerSize:]) {
		return errors.New("its SHA-256 does not match")
	}
	return nil
}

func (r *Rows) decode(f io.ReaderAt, h header, start int64) (*Rows, error) {
	var texts strings.Builder
	texts.Grow(int(h.texts))
	if _, err := io.Copy(&texts, io.NewSectionReader(f, start+int64(h.rows), int64(h.texts))); err != nil {
		return nil, err
	}
	fresh := r.anew()
	c := reader(io.NewSectionReader(f, start, int64(h.rows)), int64(h.rows), texts.String())
	c.rows(fresh)
	switch {
	case c.err != nil:
		return nil, c.err
	case c.left+int64(len(c.buf)-c.at) != 0 || c.texts != "":
		return nil, errors.New("it holds more than its rows")
	}
	if _, root := fresh.LatestRoot(); fresh.position.Ordinal != h.ordinal || root != h.root || uint64(len(fresh.events)) != h.ordinal {
		return nil, errors.New("its rows are not what its header says")
	}
	return fresh, nil
}

// reindex makes everything that is not kept because the rows say it already.
func (r *Rows) reindex() {
	var both sync.WaitGroup
	both.Go(func() {
		r.streamAt.fill(len(r.streams))
		r.issuanceAt.fill(len(r.issuances))
		r.ranks = make([]int32, len(r.units))
		for i, h := range r.order {
			r.ranks[h] = int32(i)
		}
	})
	both.Go(func() {
		r.unitAt.fill(len(r.units))
	})
	r.askAt.reserve(len(r.asks))
	for a := range r.asks {
		r.enterAsk(int32(a))
	}
	r.groupAt.reserve(len(r.groups))
	for g := range r.groups {
		r.groupAt.add(hashPair(r.groups[g].issuer, r.groups[g].measure), int32(g))
	}
	r.assignmentAt.reserve(len(r.assignments))
	for h := range r.assignments {
		r.assignmentAt.add(hashPair(r.assignments[h].issuance, r.assignments[h].unit), int32(h))
	}
	r.documentAt.fill(len(r.documents))
	for h := range r.documents {
		if id := r.documents[h].blob.ID; id != "" {
			r.fileAt[id] = int32(h)
		}
	}
	r.mandateAt.fill(len(r.mandates))
	r.measureAt.fill(len(r.measures))
	r.itemAt.fill(len(r.items))
	r.handoffAt.fill(len(r.handoffs))
	r.finder.fill(r)
	both.Wait()
}

// Check holds what was loaded against the log: the event it ends with must
// stand there with the same hash. Where it does not, the view is empty again
// and the error wraps ErrNoSnapshot.
func (v *View) Check(ctx context.Context, log ledger.Log) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := len(v.rows.events)
	if n == 0 {
		return nil
	}
	var before ledger.Position
	if n > 1 {
		e := &v.rows.events[n-2]
		before = ledger.Position{Commit: e.commit, Prepare: e.prepare, Ordinal: uint64(n - 1)}
	}
	for e, err := range log.All(ctx, before) {
		if err != nil && !errors.Is(err, ledger.ErrDamaged) {
			return err
		}
		last := &v.rows.events[n-1]
		hash, _ := ledger.HashOf(e.Record)
		if err == nil && e.Position == v.rows.position && e.ID == last.id && hash == last.hash {
			return nil
		}
		break
	}
	v.rows = v.rows.anew()
	return fmt.Errorf("%w: the snapshot is of another log than this one", ErrNoSnapshot)
}
