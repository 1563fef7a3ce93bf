package intake

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"suyuan/services/complaint"
	"suyuan/services/store/blob"
)

// table reads all rows of a table as the file holds them, in the order in
// which they were written.
func table(t testing.TB, path, query string, columns int) (rows [][]string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	must(t, err)
	defer func() { _ = db.Close() }()
	found, err := db.Query(query)
	must(t, err)
	defer func() { _ = found.Close() }()
	for found.Next() {
		row, into := make([][]byte, columns), make([]any, columns)
		for i := range row {
			into[i] = &row[i]
		}
		must(t, found.Scan(into...))
		texts := make([]string, columns)
		for i := range row {
			texts[i] = string(row[i])
		}
		rows = append(rows, texts)
	}
	must(t, found.Err())
	return rows
}

func blobIDs(t testing.TB, dir string) (ids []string) {
	t.Helper()
	for _, row := range table(t, filepath.Join(dir, "blobs.db"), "SELECT id FROM blobs ORDER BY rowid", 1) {
		ids = append(ids, row[0])
	}
	return ids
}

func refOf(b complaint.Blob) blob.Ref { return blob.Ref{ID: b.ID, Hash: b.Hash} }
