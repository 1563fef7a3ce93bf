package script

import (
	"crypto/sha256"
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"suyuan/services/ledger"
)

// row is an event as the file holds it.
type row struct {
	position   uint64
	stream     string
	revision   int64
	prev       uint64
	id         []byte
	kind       string
	data, meta string
	link       []byte
}

func database(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

func rows(t testing.TB, dir string) (all []row) {
	t.Helper()
	db := database(t, dir)
	defer func() { _ = db.Close() }()
	found, err := db.Query("SELECT position, stream, revision, prev, id, type, data, meta, link FROM events ORDER BY position")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var r row
		if err := found.Scan(&r.position, &r.stream, &r.revision, &r.prev, &r.id, &r.kind, &r.data, &r.meta, &r.link); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// alter runs statements on a copy, as somebody with the file and the stock
// program would.
func alter(t testing.TB, dir string, statements ...string) string {
	t.Helper()
	to := copied(t, dir)
	db := database(t, to)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}

// forge writes a history of its own over a copy, with everything computed anew
// that needs no key: ordinals, revisions, hashes, prev and link.
func forge(t testing.TB, dir string, history []row) string {
	t.Helper()
	to := copied(t, dir)
	db := database(t, to)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("DELETE FROM events"); err != nil {
		t.Fatal(err)
	}
	for _, r := range sealed(t, history) {
		if _, err := tx.Exec("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", r.position, r.stream, r.revision, r.prev, r.id, r.kind, r.data, r.meta, r.link); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}

func sealed(t testing.TB, history []row) []row {
	t.Helper()
	const hash = len(`,"hash":"`) + 64 + len(`"}`)
	type head struct {
		hash ledger.Hash
		last uint64
		next int64
	}
	heads, link := map[string]head{}, ledger.Hash{}
	out := slices.Clone(history)
	for i := range out {
		r := &out[i]
		h := heads[r.stream]
		r.position, r.revision, r.prev = uint64(i+1), h.next, h.last
		record := ledger.Record{ID: ledger.ID(r.id), Type: r.kind, Data: []byte(r.data), Meta: []byte(r.meta[:len(r.meta)-hash] + "}")}
		record, own, err := ledger.Seal(h.hash, r.stream, r.revision, record)
		if err != nil {
			t.Fatal(err)
		}
		r.meta = string(record.Meta)
		link = sha256.Sum256(append(link[:], own[:]...))
		r.link = link[:]
		r.link = slices.Clone(r.link)
		heads[r.stream] = head{own, r.position, r.revision + 1}
	}
	return out
}

// checkpoints tells at which ordinals checkpoints stand and what each covers.
func checkpoints(t testing.TB, all []row) (at, covered []uint64) {
	t.Helper()
	for _, r := range all {
		if r.stream == "checkpoint-log" {
			at = append(at, r.position)
			covered = append(covered, read[struct{ Size uint64 }](t, r.data).Size)
		}
	}
	if len(at) < 3 {
		t.Fatalf("the ledger has %d checkpoints only", len(at))
	}
	return at, covered
}

// sample picks ordinals from the first to the last, of many streams: both
// ends, both sides of the checkpoints and others in between.
func sample(t testing.TB, all []row) []uint64 {
	at, _ := checkpoints(t, all)
	picked := []uint64{1, 2, 11, 42, 45, 77, 96, uint64(len(all))}
	for n := uint64(150); n < uint64(len(all)); n += 211 {
		picked = append(picked, n)
	}
	for _, c := range at {
		picked = append(picked, c-1, c)
	}
	slices.Sort(picked)
	return slices.Compact(picked)
}

// pairOfOneStream finds two neighbours in a stream, the second of them before
// an ordinal.
func pairOfOneStream(t testing.TB, all []row, before uint64) (a, b uint64) {
	t.Helper()
	for _, r := range slices.Backward(all) {
		if r.position < before && r.prev > 1 && r.stream != "checkpoint-log" {
			return r.prev, r.position
		}
	}
	t.Fatalf("no stream has two events before %d", before)
	return 0, 0
}
