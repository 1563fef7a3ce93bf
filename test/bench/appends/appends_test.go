package appends

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"suyuan/services/ledger"
	"suyuan/test/bench/postgres"
)

// Writers share no stream, know its revision, and bring events of the size
// that is spoken of.
func TestWorkload(t *testing.T) {
	owner, revision := map[string]int{}, map[string]int64{}
	for n := range 3 {
		w := newWriter("x", n, 3)
		for range 2000 {
			e := w.next()
			if by, ok := owner[e.stream]; ok && by != n {
				t.Fatalf("%s is of writers %d and %d", e.stream, by, n)
			}
			if want, ok := revision[e.stream]; e.revision != want && ok || !ok && e.revision != 0 {
				t.Fatalf("%s: revision %d, want %d", e.stream, e.revision, want)
			}
			owner[e.stream], revision[e.stream] = n, e.revision+1
			r, hash, err := ledger.Seal(e.prev, e.stream, e.revision, e.record)
			if err != nil {
				t.Fatal(err)
			}
			if size := len(r.Data) + len(r.Meta); size < 800 || size > 880 {
				t.Fatalf("an event has %d bytes", size)
			}
			w.done(e, hash)
		}
	}
	if len(owner) < 500 {
		t.Errorf("only %d streams", len(owner))
	}
}

// What the segment file was given is in it, every frame whole.
func TestSegment(t *testing.T) {
	dir := t.TempDir()
	s, err := openSegment(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			w := newWriter("x", n, 8)
			for range 50 {
				e := w.next()
				hash, err := s.append(t.Context(), n, e)
				if err != nil {
					t.Error(err)
					return
				}
				w.done(e, hash)
			}
		})
	}
	all.Wait()
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "segment"))
	if err != nil {
		t.Fatal(err)
	}
	frames := 0
	for ; len(text) > 8; frames++ {
		n, sum := binary.BigEndian.Uint32(text), binary.BigEndian.Uint32(text[4:])
		if len(text) < int(8+n) || crc32.ChecksumIEEE(text[8:8+n]) != sum {
			t.Fatalf("frame %d is not whole", frames)
		}
		text = text[8+n:]
	}
	if frames != 8*50 {
		t.Errorf("%d frames, want %d", frames, 8*50)
	}
}

// Whoever is compared refuses an append to a stream that has moved on: ours,
// and both ways of PostgreSQL where it is installed.
func TestExpectedRevisionIsChecked(t *testing.T) {
	engines := map[string]engine{}
	open := func(name string, e engine, err error) {
		if err != nil {
			t.Fatal(err)
		}
		engines[name] = e
	}
	e, err := openOurs(t.TempDir())
	open("ours", e, err)
	if postgres.Installed() {
		server, err := postgres.Start(t.Context(), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
		})
		if err := prepare(t.Context(), server.URL); err != nil {
			t.Fatal(err)
		}
		for name, query := range map[string]string{"function": byFunction, "insert": byInsert} {
			e, err := openPostgres(t.Context(), server.URL, query, 1)
			open(name, e, err)
		}
	}
	for name, e := range engines {
		stream, hash := "bench-x", ledger.Hash{}
		for i, c := range []struct {
			revision int64
			taken    bool
		}{{0, true}, {1, true}, {0, false}, {1, false}, {2, true}} {
			v := event{stream, c.revision, ledger.Record{ID: ledger.EventID(name, "k", i), Type: "bench.appended", Data: data, Meta: meta}, hash}
			got, err := e.append(t.Context(), 0, v)
			if (err == nil) != c.taken {
				t.Fatalf("%s: append %d, revision %d: %v", name, i, c.revision, err)
			}
			if c.taken {
				hash = got
			}
		}
		if err := e.close(); err != nil {
			t.Error(err)
		}
	}
}
