package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"suyuan/services/ledger"
)

const tampered = 300 // events in the log that is tampered with

// filled makes a log of several streams, events small and large, and closes it.
func filled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s := start(t, dir)
	fill(t, s, tampered)
	stop(t, s)
	return dir
}

func fill(t *testing.T, s *Store, n int) {
	t.Helper()
	heads, next := map[string]ledger.Hash{}, map[string]int64{}
	for i := range n {
		stream := fmt.Sprintf("w-%d", i*i%7)
		r, h := event(stream, next[stream], heads[stream])
		if i%50 == 49 { // larger than a page
			var err error
			r.Data, r.Meta = fmt.Appendf(nil, `{"at":"<%s/%d>","pad":"%09000d"}`, stream, next[stream], i), []byte(`{"name":"large"}`)
			if r, h, err = ledger.Seal(heads[stream], stream, next[stream], r); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Append(t.Context(), stream, ledger.Exactly(next[stream]-1), r); err != nil {
			t.Fatal(err)
		}
		heads[stream], next[stream] = h, next[stream]+1
	}
}

func copied(t *testing.T, dir string, files ...string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// verified opens a directory as the command verify does and gives its verdict.
func verified(t *testing.T, dir string) error {
	t.Helper()
	s, err := OpenReadOnly(dir)
	if err != nil {
		return err
	}
	defer stop(t, s)
	return s.Verify(t.Context(), nil)
}

func damagedAt(err error) uint64 {
	if d, ok := errors.AsType[*ledger.Damage](err); ok {
		return d.Ordinal
	}
	return 0
}

// alter runs SQL on a copy, as somebody with the file and the stock program.
func alter(t *testing.T, dir string, statements ...string) string {
	t.Helper()
	to := copied(t, dir, "ledger.db")
	c, err := dial(filepath.Join(to, "ledger.db"), "rw")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range statements {
		if err := c.exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestUntouched(t *testing.T) {
	dir := filled(t)
	if err := verified(t, dir); err != nil {
		t.Fatal(err)
	}
	if err := verified(t, alter(t, dir, "PRAGMA user_version")); err != nil {
		t.Fatalf("the test's own way of altering: %v", err)
	}
}

func TestAlteredColumn(t *testing.T) {
	t.Parallel()
	dir := filled(t)
	for _, change := range []string{
		"position = position + 100000",
		"stream = substr(stream, 1, length(stream) - 1) || char(unicode(substr(stream, -1)) + 1)",
		"stream = stream || ' '",
		"revision = revision + 1", "revision = revision - 1",
		"prev = prev + 1", "prev = prev - 1", "prev = 0 - 1",
		"id = substr(id, 1, 15) || x'00'", "id = id || x'00'", "id = zeroblob(16)",
		"type = upper(type)",
		"data = substr(data, 1, length(data) - 3) || '1' || substr(data, -2)",
		"data = data || ' '", "data = CAST(data AS BLOB)",
		"meta = replace(meta, 'e', 'f')", "meta = '{}'",
		"meta = substr(meta, 1, length(meta) - 3) || CASE substr(meta, -3, 1) WHEN '0' THEN '1' ELSE '0' END || '\"}'",
		"meta = upper(meta)",
		"link = zeroblob(32)", "link = substr(link, 1, 31)",
		"link = (SELECT link FROM events e WHERE e.position = events.position % 300 + 1)",
	} {
		for _, at := range []int{1, 2, 3, 50, 51, 100, 149, 150, 221, 299, 300} {
			altered := alter(t, dir, fmt.Sprintf("UPDATE events SET %s WHERE position = %d", change, at))
			err := verified(t, altered)
			if at == tampered && change == "position = position + 100000" || damagedAt(err) == uint64(at) {
				if err == nil {
					t.Errorf("%s at %d: nothing was found", change, at)
				}
				continue
			}
			t.Errorf("%s at %d: %v", change, at, err)
		}
	}
}

func TestAlteredRows(t *testing.T) {
	t.Parallel()
	dir := filled(t)
	renumber := func(at int) []string {
		return []string{
			fmt.Sprintf("DELETE FROM events WHERE position = %d", at),
			fmt.Sprintf("UPDATE events SET position = 1 - position WHERE position > %d", at), "UPDATE events SET position = -position WHERE position < 0",
		}
	}
	// relinked also mends what renumbering breaks and can be mended without a
	// hash: prev, revision and link. The hashes give it away.
	prevs := "UPDATE events SET prev = coalesce((SELECT max(position) FROM events e WHERE e.stream = events.stream AND e.position < events.position), 0)"
	for _, at := range []int{1, 2, 60, 150, 298, 299} {
		if err := verified(t, alter(t, dir, fmt.Sprintf("DELETE FROM events WHERE position = %d", at))); damagedAt(err) != uint64(at) {
			t.Errorf("deleted %d: %v", at, err)
		}
		if err := verified(t, alter(t, dir, renumber(at)...)); damagedAt(err) != uint64(at) {
			t.Errorf("deleted %d and renumbered: %v", at, err)
		}
		if err := verified(t, alter(t, dir, append(renumber(at), prevs)...)); damagedAt(err) != uint64(at) {
			t.Errorf("deleted %d, renumbered and pointed back anew: %v", at, err)
		}
	}
	for _, pair := range [][2]int{{1, 2}, {1, 300}, {10, 11}, {140, 150}, {299, 300}, {8, 15}, {64, 71}} {
		if err := verified(t, alter(t, dir, swap("position", pair)...)); damagedAt(err) != uint64(pair[0]) {
			t.Errorf("swapped %v: %v", pair, err)
		}
		if err := verified(t, alter(t, dir, append(swap("position", pair), prevs)...)); damagedAt(err) != uint64(pair[0]) {
			t.Errorf("swapped %v and pointed back anew: %v", pair, err)
		}
		contents := slices.Concat(swap("id", pair), swap("type", pair), swap("data", pair), swap("meta", pair))
		if err := verified(t, alter(t, dir, contents...)); damagedAt(err) != uint64(pair[0]) {
			t.Errorf("swapped the contents of %v: %v", pair, err)
		}
	}
}

// swap exchanges one column of two rows; where it is the position, the rows.
func swap(column string, pair [2]int) []string {
	a, b := pair[0], pair[1]
	if column == "position" {
		return []string{
			fmt.Sprintf("UPDATE events SET position = -1 WHERE position = %d", a), fmt.Sprintf("UPDATE events SET position = %d WHERE position = %d", a, b),
			fmt.Sprintf("UPDATE events SET position = %d WHERE position = -1", b),
		}
	}
	return []string{fmt.Sprintf("UPDATE events SET %[1]s = (SELECT %[1]s FROM events e WHERE e.position = %[2]d + %[3]d - events.position) WHERE position IN (%[2]d, %[3]d)", column, a, b)}
}

// TestRelinked changes an event and computes every link anew, as the one who
// knows how it is done would: the hashes in the events give it away.
func TestRelinked(t *testing.T) {
	t.Parallel()
	dir := filled(t)
	for _, at := range []uint64{1, 77, 300} {
		to := alter(t, dir, fmt.Sprintf("UPDATE events SET data = replace(data, '0', '1') WHERE position = %d", at))
		c, err := dial(filepath.Join(to, "ledger.db"), "rw")
		if err != nil {
			t.Fatal(err)
		}
		link := ledger.Hash{}
		var links []ledger.Hash
		if err := c.query("SELECT "+columns+" FROM events ORDER BY position", nil, func(v []driver.Value) bool {
			r := rowOf(v)
			link = next(link, mark(r.Stream, r.Revision, r.Record))
			links = append(links, link)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		for i, l := range links {
			if err := c.exec("UPDATE events SET link = ? WHERE position = ?", l[:], int64(i+1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.close(); err != nil {
			t.Fatal(err)
		}
		if err := verified(t, to); damagedAt(err) != at {
			t.Errorf("changed %d and linked anew: %v", at, err)
		}
	}
}

func contents(t *testing.T, dir string) (all []string) {
	t.Helper()
	s, err := OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	for e, err := range s.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, described(e))
	}
	return all
}

func described(e ledger.Recorded) string {
	return fmt.Sprintf("%d %s %d %x", e.Position.Ordinal, e.Stream, e.Revision, digest(e.Record))
}
