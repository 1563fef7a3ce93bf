package view

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// memory is a file in memory.
type memory struct {
	b  []byte
	at int
}

func (m *memory) Seek(to int64, _ int) (int64, error) { m.at = int(to); return to, nil }

func (m *memory) Write(b []byte) (int, error) {
	if more := m.at + len(b) - len(m.b); more > 0 {
		m.b = append(m.b, make([]byte, more)...)
	}
	m.at += copy(m.b[m.at:], b)
	return len(b), nil
}

// kept is the rows as a snapshot has them: all of them, byte for byte.
func (w *world) kept(r *Rows) []byte {
	var m memory
	_, err := r.write(&m)
	w.must(err)
	return m.b
}

// Starting from a snapshot taken anywhere on the way is the same as folding
// from the first event.
func TestSnapshotEqualsReplay(t *testing.T) { histories(t, goneOn) }

func TestSnapshotOfFindingsEqualsReplay(t *testing.T) { played(t, playFindings, goneOn) }

func goneOn(h *history) {
	all := h.records()
	k := rapid.IntRange(1, len(all)).Draw(h.T, "taken at")
	path := filepath.Join(h.folder, "rows")
	saved, err := h.folded(all[:k]).Save(path)
	h.must(err)
	if saved != uint64(k) {
		h.Fatalf("saved at %d of %d", saved, k)
	}
	v := h.fresh()
	h.must(v.Load(path))
	h.must(v.Check(context.Background(), listed(all)))
	if !bytes.Equal(h.kept(v.rows), h.kept(h.folded(all[:k]).rows)) {
		h.Fatalf("rows differ after loading")
	}
	h.must(v.Catch(context.Background(), listed(all)))
	if d := differ(answers(h.view), answers(v)); d != "" {
		h.Fatalf("answers differ:\n%s", d)
	}
	if !bytes.Equal(h.kept(h.rows()), h.kept(v.rows)) {
		h.Fatalf("rows differ after going on")
	}
}

// Whatever happens to the file, a view starts empty or with what was saved.
func TestSnapshotDamaged(t *testing.T) {
	w := newWorld(t, t.TempDir())
	t.Cleanup(func() { _ = w.log.Close() })
	fewEvents(w)
	good := w.kept(w.rows())
	path := filepath.Join(t.TempDir(), "rows")
	load := func(b []byte) (*View, error) {
		w.must(os.WriteFile(path, b, 0o600))
		v := w.fresh()
		err := v.Load(path)
		if err == nil && !bytes.Equal(w.kept(v.rows), good) {
			t.Fatal("something else was loaded")
		}
		return v, err
	}
	if _, err := load(good); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(good); i += step(i) {
		bad := bytes.Clone(good)
		bad[i] ^= 0x10
		if v, err := load(bad); !errors.Is(err, ErrNoSnapshot) || len(v.rows.events) != 0 {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	for n := 0; n < len(good); n += 1 + len(good)/300 {
		if _, err := load(good[:n]); !errors.Is(err, ErrNoSnapshot) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	if _, err := load(append(bytes.Clone(good), 0)); !errors.Is(err, ErrNoSnapshot) {
		t.Fatalf("longer: %v", err)
	}
}

// step leaves out bytes of a long file, none of its header's.
func step(i int) int {
	if i < headerSize+sha256.Size {
		return 1
	}
	return 41
}

// A body that is not what the rows are ends in an error, never in a panic or
// an endless allocation, before its sum is known.
func TestSnapshotDecode(t *testing.T) {
	w := small(t)
	fewEvents(w)
	good := w.kept(w.rows())
	h, _ := unmarshalHeader(good[:headerSize])
	body := headerSize + sha256.Size
	for i := body; i < len(good); i += 13 {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			bad := bytes.Clone(good)
			bad[i] ^= flip
			_, _ = w.rows().decode(bytes.NewReader(bad), h, int64(body)) // what is well-formed may come out: the sum is its only seal
		}
	}
}

// A snapshot of another log is passed over.
func TestSnapshotOfAnotherLog(t *testing.T) {
	one, other := newWorld(t, t.TempDir()), newWorld(t, t.TempDir())
	t.Cleanup(func() { _, _ = one.log.Close(), other.log.Close() })
	fewEvents(one)
	other.now = other.now.Add(time.Hour)
	fewEvents(other)
	path := filepath.Join(t.TempDir(), "rows")
	_, err := one.view.Save(path)
	one.must(err)
	for name, log := range map[string]listed{"another": listed(other.records()), "a shorter one": listed(one.records()[:2]), "an empty one": nil} {
		v := one.fresh()
		one.must(v.Load(path))
		if err := v.Check(context.Background(), log); !errors.Is(err, ErrNoSnapshot) || len(v.rows.events) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	v := one.fresh()
	one.must(v.Load(path))
	if err := v.Load(path); err == nil || errors.Is(err, ErrNoSnapshot) {
		t.Errorf("loaded twice: %v", err)
	}
	if _, err := one.view.Save(filepath.Join(t.TempDir(), "missing", "rows")); err == nil {
		t.Error("saved into nothing")
	}
}

// Nothing is left of a save that fails, wherever it does.
func TestSnapshotFailsHalfway(t *testing.T) {
	w := small(t)
	fewEvents(w)
	if _, err := w.rows().write(full{}); !errors.Is(err, errFull) {
		t.Errorf("written to a full disk: %v", err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "rows")
	w.must(os.MkdirAll(filepath.Join(path, "in the way"), 0o700)) // no file takes the name of a folder that is not empty
	if _, err := w.view.Save(path); err == nil {
		t.Error("saved onto a folder")
	}
	found, err := os.ReadDir(dir)
	w.must(err)
	if len(found) != 1 || found[0].Name() != "rows" {
		t.Errorf("left behind: %v", found)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Seek(int64, int) (int64, error) { return 0, nil }
func (full) Write([]byte) (int, error)      { return 0, errFull }

var _ io.WriteSeeker = full{}
