package sqlite

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"suyuan/services/ledger"
)

// unfinished is a directory as a process leaves it that was killed after n
// commits of one event each, all in the write-ahead log.
func unfinished(t *testing.T, n int) string {
	t.Helper()
	s := start(t, t.TempDir())
	defer stop(t, s)
	fill(t, s, n)
	return copied(t, s.dir, "ledger.db", "ledger.db-wal", "ledger.db-shm")
}

const frameSize = frameHeader + pageSize

// commits gives the frames of a log that end a commit.
func commits(t *testing.T, dir string) (frames []int, all int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "ledger.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	for at := walHeader; at+frameSize <= len(b); at += frameSize {
		all++
		if binary.BigEndian.Uint32(b[at+4:]) != 0 {
			frames = append(frames, all)
		}
	}
	return frames, all
}

func TestWALIsRead(t *testing.T) {
	dir := unfinished(t, 40)
	ends, all := commits(t, dir)
	st, err := readWAL(filepath.Join(dir, "ledger.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	// One commit made the table, forty the events.
	if len(ends) != 41 || st.frames != all || st.bad != 0 || st.lost != 0 || st.last != 40 || st.end != st.size {
		t.Fatalf("%d commits, %d frames: %+v", len(ends), all, st)
	}
	if n := synced(filepath.Join(dir, "ledger.db-shm"), st.salts); n != all {
		t.Fatalf("the index counts %d frames, the log has %d", n, all)
	}
	if err := verified(t, copied(t, dir, "ledger.db", "ledger.db-wal")); err != nil {
		t.Fatal(err)
	}
}

// TestChecksumEndian holds the reader to both ways a log may be written.
func TestChecksumEndian(t *testing.T) {
	dir := unfinished(t, 5)
	b, err := os.ReadFile(filepath.Join(dir, "ledger.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(b, walMagic^1^binary.BigEndian.Uint32(b)&1|walMagic)
	sum := checksum{big: b[3]&1 == 1}
	sum.add(b[:24])
	put := func(at int) { binary.BigEndian.PutUint32(b[at:], sum.a); binary.BigEndian.PutUint32(b[at+4:], sum.b) }
	put(24)
	for at := walHeader; at+frameSize <= len(b); at += frameSize {
		sum.add(b[at : at+8])
		sum.add(b[at+frameHeader : at+frameSize])
		put(at + 16)
	}
	if err := os.WriteFile(filepath.Join(dir, "ledger.db-wal"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := readWAL(filepath.Join(dir, "ledger.db-wal"))
	if err != nil || st.bad != 0 || st.last != 5 {
		t.Fatalf("%+v, %v", st, err)
	}
	if got := contents(t, copied(t, dir, "ledger.db", "ledger.db-wal")); len(got) != 5 { // SQLite agrees
		t.Fatalf("%d events", len(got))
	}
}

// TestFlippedWALByte flips a byte of every frame of the write-ahead log.
func TestFlippedWALByte(t *testing.T) {
	t.Parallel()
	dir, random := unfinished(t, 40), rand.New(rand.NewPCG(5, 6))
	ends, all := commits(t, dir)
	before := func(frame int) (n uint64) { // commits that end before a frame: the first made the table
		for _, e := range ends {
			if e < frame {
				n++
			}
		}
		return n
	}
	for frame := ends[0] + 1; frame <= all; frame++ {
		for _, offset := range []int{0, 3, 8, 15, 16, 23, frameHeader, frameHeader + random.IntN(pageSize), frameSize - 1} {
			if frame == all && offset >= 8 && offset < 16 {
				continue // the last frame's salts: looks like what an earlier log left; the index tells, see below
			}
			at := walHeader + (frame-1)*frameSize + offset
			to := flipped(t, dir, "ledger.db-wal", at, 1<<random.IntN(8))
			if err := verified(t, to); damagedAt(err) != before(frame) {
				t.Errorf("frame %d of %d, byte %d: %v, want ordinal %d", frame, all, offset, err, before(frame))
			}
		}
	}
	for at := range walHeader { // the header takes everything along
		if err := verified(t, flipped(t, dir, "ledger.db-wal", at, 1)); damagedAt(err) != 1 {
			t.Errorf("byte %d of the header: %v", at, err)
		}
	}
}

// TestDamagedWALOpens opens for writing what has lost commits for certain: it
// must stay as it is, and take nothing.
func TestDamagedWALOpens(t *testing.T) {
	dir := unfinished(t, 40)
	ends, all := commits(t, dir)
	for _, c := range []struct {
		name  string
		frame int
		files []string
		lost  bool
	}{
		{"in the middle", ends[20], []string{"ledger.db", "ledger.db-wal"}, true},
		{"last but one", ends[39], []string{"ledger.db", "ledger.db-wal"}, true},
		{"the last, and no index to say it was synced", all, []string{"ledger.db", "ledger.db-wal"}, false},
		{"the last, which the index says was synced", all, []string{"ledger.db", "ledger.db-wal", "ledger.db-shm"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := copied(t, dir, c.files...)
			flip(t, filepath.Join(to, "ledger.db-wal"), walHeader+(c.frame-1)*frameSize+frameHeader+2000, 1)
			was, err := os.ReadFile(filepath.Join(to, "ledger.db-wal"))
			if err != nil {
				t.Fatal(err)
			}
			s := start(t, to)
			r, _ := event("new-1", 0, ledger.Hash{})
			_, err = s.Append(t.Context(), "new-1", ledger.NoStream, r)
			n, last := 0, error(nil)
			for _, err := range s.All(t.Context(), ledger.Position{}) {
				if last = err; err == nil {
					n++
				}
			}
			if !c.lost {
				if err != nil || last != nil || n != 40 || s.Err() != nil {
					t.Errorf("append: %v, read: %d, %v, state: %v", err, n, last, s.Err())
				}
				stop(t, s)
				if err := verified(t, to); err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, ledger.ErrReadOnly) || !errors.Is(err, ledger.ErrDamaged) || !errors.Is(s.Err(), ledger.ErrDamaged) {
				t.Errorf("append: %v, state: %v", err, s.Err())
			}
			if damagedAt(last) != uint64(n)+1 {
				t.Errorf("read %d events, then %v", n, last)
			}
			stop(t, s)
			is, err := os.ReadFile(filepath.Join(to, "ledger.db-wal"))
			if err != nil || !bytes.Equal(is, was) {
				t.Errorf("the damaged log was touched: %v", err)
			}
		})
	}
}

// TestTornCommit leaves the last commit as a power cut does: some of its
// blocks on disk and some not. What comes later must not be taken for damage.
func TestTornCommit(t *testing.T) {
	s := start(t, t.TempDir())
	fill(t, s, 20)
	prev, batch := ledger.Hash{}, make([]ledger.Record, 60)
	for i := range batch {
		batch[i], prev = event("large-1", int64(i), prev)
	}
	if _, err := s.Append(t.Context(), "large-1", ledger.NoStream, batch...); err != nil {
		t.Fatal(err)
	}
	dir := copied(t, s.dir, "ledger.db", "ledger.db-wal")
	stop(t, s)
	ends, all := commits(t, dir)
	first := ends[len(ends)-2] + 1 // frame of the large commit
	for name, tear := range map[string]func(b []byte) []byte{
		"cut short":          func(b []byte) []byte { return b[:len(b)-2*frameSize-700] },
		"without its end":    func(b []byte) []byte { return b[:len(b)-frameSize] },
		"a hole at its head": func(b []byte) []byte { clear(b[walHeader+(first-1)*frameSize:][:frameSize]); return b },
		"a hole inside":      func(b []byte) []byte { clear(b[walHeader+first*frameSize+100:][:4096]); return b },
	} {
		t.Run(name, func(t *testing.T) {
			to := copied(t, dir, "ledger.db", "ledger.db-wal")
			wal := filepath.Join(to, "ledger.db-wal")
			b, err := os.ReadFile(wal)
			if err == nil {
				err = os.WriteFile(wal, tear(b), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			s := start(t, to)
			r, h := event("small-1", 0, ledger.Hash{})
			if _, err := s.Append(t.Context(), "small-1", ledger.NoStream, r); err != nil {
				t.Fatal(err)
			}
			if s.Head().Ordinal != 21 {
				t.Fatalf("%d events of %d frames", s.Head().Ordinal, all)
			}
			if err := s.Verify(t.Context(), nil); err != nil {
				t.Errorf("after the next append: %v", err)
			}
			if err := verified(t, copied(t, to, "ledger.db", "ledger.db-wal")); err != nil {
				t.Errorf("killed after the next append: %v", err)
			}
			r, _ = event("small-1", 1, h)
			if _, err := s.Append(t.Context(), "small-1", 0, r); err != nil {
				t.Fatal(err)
			}
			stop(t, s)
			if err := verified(t, to); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestFlippedWALUnderStore damages the write-ahead log of an open store, which
// would notice only when it has to recover from it.
func TestFlippedWALUnderStore(t *testing.T) {
	for _, c := range []struct {
		name   string
		frame  func(ends []int, all int) int
		offset int
		want   uint64
	}{
		{"a salt in the middle", func(ends []int, _ int) int { return ends[30] }, 9, 30},
		{"a salt of the last", func(_ []int, all int) int { return all }, 9, 40},
		{"the last commit's mark, so that nothing says it was one", func(_ []int, all int) int { return all }, 7, 40},
	} {
		s := start(t, t.TempDir())
		fill(t, s, 40)
		ends, all := commits(t, s.dir)
		at := walHeader + (c.frame(ends, all)-1)*frameSize
		b, err := os.ReadFile(s.path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		flip(t, s.path+"-wal", at+c.offset, b[at+c.offset]) // to zero; SQLite's own index of the log is untouched
		if err := s.Verify(t.Context(), nil); damagedAt(err) != c.want {
			t.Errorf("%s: %v, want ordinal %d", c.name, err, c.want)
		}
		stop(t, s)
	}
}

func TestWALWithoutDatabase(t *testing.T) {
	dir := copied(t, unfinished(t, 3), "ledger.db-wal")
	if _, err := Open(dir); damagedAt(err) != 1 {
		t.Errorf("a log without its database: %v", err)
	}
	if st, err := readWAL(filepath.Join(dir, "ledger.db-wal")); err != nil || st.last != 3 {
		t.Errorf("the log was touched: %+v, %v", st, err)
	}
}

// TestNoFalseAlarm verifies, here and as another process would, while many
// write and the write-ahead log is moved and begun anew.
func TestNoFalseAlarm(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	defer stop(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	pad := bytes.Repeat([]byte("x"), 3000)
	for n := range 8 {
		wg.Go(func() {
			stream, prev := fmt.Sprintf("busy-%d", n), ledger.Hash{}
			for i := int64(0); ctx.Err() == nil; i++ {
				r, h, err := ledger.Seal(prev, stream, i, ledger.Record{ID: ledger.EventID(stream, "k", int(i)), Type: "x", Data: pad, Meta: []byte(`{"n":1}`)})
				if err == nil {
					_, err = s.Append(t.Context(), stream, ledger.Exactly(i-1), r)
				}
				if err != nil {
					t.Error(err)
					return
				}
				prev = h
			}
		})
	}
	other, err := OpenReadOnly(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for s.Head().Ordinal < 6000 { // some 18 MB, several times what makes it move the log
		for name, store := range map[string]*Store{"own": s, "other": other} {
			if err := store.Verify(t.Context(), nil); err != nil {
				t.Errorf("%s at %d: %v", name, s.Head().Ordinal, err)
			}
		}
		if t.Failed() {
			break
		}
	}
	cancel()
	wg.Wait()
	stop(t, other)
	if info, err := os.Stat(s.path); err != nil || info.Size() < 4<<20 {
		t.Errorf("the write-ahead log was never moved: %v, %v", info, err)
	}
}
