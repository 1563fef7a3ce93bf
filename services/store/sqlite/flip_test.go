package sqlite

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestFlippedEventByte flips bytes of events in the file itself: of every
// column, in the middle of data and at its ends.
func TestFlippedEventByte(t *testing.T) {
	t.Parallel()
	dir := alter(t, filled(t), "VACUUM") // so that only the root page, the second, keeps copies of rows in its free space
	file, err := os.ReadFile(filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []uint64{1, 2, 49, 50, 120, 222, 299, 300} {
		for column, value := range valuesOf(t, dir, at) {
			id := valuesOf(t, dir, at)["id"]
			row := bytes.LastIndex(file, id) - 40 // a row's columns stand together, others may hold the same bytes
			i := bytes.Index(file[row:], value)
			if i < 0 {
				t.Fatalf("%s of %d is not in the file", column, at)
			}
			for _, offset := range []int{0, len(value) / 2, len(value) - 1} {
				for _, bit := range []byte{1, 0x20, 0x80} {
					to := flipped(t, dir, "ledger.db", row+i+offset, bit)
					if err := verified(t, to); damagedAt(err) != at {
						t.Errorf("%s of %d, byte %d, bit %x: %v", column, at, offset, bit, err)
					}
				}
			}
		}
	}
}

// valuesOf gives an event's columns as they stand in the file, of a large
// event's data the part that is certain to stand on the row's own page.
func valuesOf(t *testing.T, dir string, at uint64) map[string][]byte {
	t.Helper()
	s, err := OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	rows, err := s.page(at, at)
	if err != nil {
		t.Fatal(err)
	}
	r := rows[0]
	out := map[string][]byte{"id": r.ID[:], "stream": []byte(r.Stream), "type": []byte(r.Type), "data": r.Data, "meta": r.Meta, "link": r.link[:]}
	if len(r.Data) > 4000 {
		out["data"] = r.Data[:300]
		delete(out, "meta")
		delete(out, "link")
	}
	return out
}

func flipped(t *testing.T, dir, name string, at int, bit byte) string {
	t.Helper()
	to := copied(t, dir, "ledger.db")
	if name != "ledger.db" {
		to = copied(t, dir, "ledger.db", name)
	}
	flip(t, filepath.Join(to, name), at, bit)
	return to
}

func flip(t *testing.T, path string, at int, bit byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1)
	_, err = f.ReadAt(b, int64(at))
	b[0] ^= bit
	if err == nil {
		_, err = f.WriteAt(b, int64(at))
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestFlippedFileByte flips any byte of the file: either the damage is found,
// or every event is what it was (free space, counters nobody reads).
func TestFlippedFileByte(t *testing.T) {
	t.Parallel()
	dir, random := filled(t), rand.New(rand.NewPCG(3, 4))
	info, err := os.Stat(filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	want, found := contents(t, dir), 0
	spots := []int{}
	for i := range 100 { // the file's header, all of it
		spots = append(spots, i)
	}
	for range 60 { // the schema and the root page's header
		spots = append(spots, 100+random.IntN(2*pageSize))
	}
	for range 500 {
		spots = append(spots, random.IntN(int(info.Size())))
	}
	for _, at := range spots {
		bit := byte(1) << random.IntN(8)
		to := flipped(t, dir, "ledger.db", at, bit)
		if err := verified(t, to); err != nil {
			version := at >= 60 && at < 64 // of the format: refused for another reason
			if found++; !version && (damagedAt(err) == 0 || damagedAt(err) > tampered) {
				t.Errorf("byte %d bit %x: %v", at, bit, err)
			}
			continue
		}
		if got := contents(t, to); !slices.Equal(got, want) {
			t.Errorf("byte %d bit %x changed an event and was not found", at, bit)
		}
	}
	t.Logf("%d of %d flips damaged events and were found", found, len(spots))
}
