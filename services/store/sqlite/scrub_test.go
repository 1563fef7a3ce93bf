package sqlite

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// TestScrub damages the file under an open store, whose caches still hold the
// event as it was.
func TestScrub(t *testing.T) {
	dir := filled(t)
	s := start(t, dir)
	defer stop(t, s)
	for _, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	flip(t, s.path, bytes.Index(file, valuesOf(t, dir, 123)["link"])+3, 4)
	err = s.Verify(t.Context(), nil)
	if damagedAt(err) != 123 {
		t.Fatal(err)
	}
	s.MarkDamaged(err)
	_, err = s.Append(t.Context(), "w-9", ledger.NoStream, ledger.Record{Type: "x"})
	if !errors.Is(err, ledger.ErrReadOnly) || !errors.Is(err, ledger.ErrDamaged) || damagedAt(err) != 123 {
		t.Fatalf("append after the scrub: %v", err)
	}
}

// TestScrubRows alters rows under an open store, which has checked them once.
func TestScrubRows(t *testing.T) {
	dir := filled(t)
	for _, c := range []struct {
		at     uint64
		change string
	}{
		{200, "UPDATE events SET prev = prev - 1 WHERE position = 200"}, {200, "UPDATE events SET revision = revision + 1 WHERE position = 200"},
		{200, "UPDATE events SET stream = 'w-8' WHERE position = 200"}, {200, "DELETE FROM events WHERE position = 200"},
		{300, "DELETE FROM events WHERE position = 300"}, {251, "DELETE FROM events WHERE position > 250"}, {1, "DELETE FROM events"},
	} {
		s := start(t, copied(t, dir, "ledger.db"))
		other, err := dial(s.path, "rw")
		if err == nil {
			err = errors.Join(other.exec(c.change), other.close())
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(t.Context(), nil); damagedAt(err) != c.at {
			t.Errorf("%s: %v", c.change, err)
		}
		if !strings.HasPrefix(c.change, "DELETE") {
			stop(t, s)
			continue
		}
		n, last := uint64(0), error(nil)
		for _, err := range s.All(t.Context(), ledger.Position{}) {
			if last = err; err == nil {
				n++
			}
		}
		if n != c.at-1 || damagedAt(last) != c.at {
			t.Errorf("%s: all ended after %d with %v", c.change, n, last)
		}
		stop(t, s)
	}
}

// TestReadersNotice holds the readers to ending with an error, not quietly.
func TestReadersNotice(t *testing.T) {
	dir := filled(t)
	for name, change := range map[string]string{
		"gone":    "DELETE FROM events WHERE position = 150",
		"link":    "UPDATE events SET link = zeroblob(32) WHERE position = 150",
		"meta":    "UPDATE events SET meta = '{}' WHERE position = 150",
		"swapped": "UPDATE events SET revision = revision + 1 WHERE position = 150",
	} {
		s, err := OpenReadOnly(alter(t, dir, change))
		if err != nil {
			t.Fatal(err)
		}
		for _, after := range []uint64{0, 100, 148, 149} {
			n, last := after, error(nil)
			for _, err := range s.All(t.Context(), At(after)) {
				if last = err; err == nil {
					n++
				}
			}
			if n != 149 || damagedAt(last) != 150 {
				t.Errorf("%s: all behind %d ended at %d with %v", name, after, n, last)
			}
		}
		stop(t, s)
	}
	// A store that was open when the row went: the stream it belonged to too.
	s := start(t, dir)
	defer stop(t, s)
	stream := string(valuesOf(t, dir, 150)["stream"])
	if err := s.writer.exec("DELETE FROM events WHERE position = 150"); err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range s.Stream(t.Context(), stream, 0) {
		last = err
	}
	if !errors.Is(last, ledger.ErrDamaged) {
		t.Errorf("the stream ended with %v", last)
	}
}
