package blob

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// The two files of a vault.
const (
	ContentsFile = "blobs.db"
	KeysFile     = "blobkeys.db"
)

// atOnce bounds what Copy holds in memory: so many blobs of at most MaxSize.
const atOnce = 4

// Copy copies the vault in one folder to another, also while a server uses it,
// the keys only where they are asked for, and returns the files it made, none
// where there is no vault. It goes row by row and keeps nobody from destroying
// a blob. Every blob that was there when Copy began is in the copy with its
// key, unless it was destroyed meanwhile: so a copy of the events that is made
// first finds every blob it names. What is destroyed leaves no trace in the
// copy, for only rows are copied.
func Copy(ctx context.Context, from, to string, keys bool) (made []string, err error) {
	if to, err = filepath.Abs(to); err != nil {
		return nil, err
	}
	// Put writes the key first: contents that are copied before the keys have theirs.
	tables := []table{{ContentsFile, contentsSchema, "blobs", "id, sealed"}}
	if keys {
		tables = append(tables, table{KeysFile, keysSchema, "keys", "id, key, salt"})
	}
	for _, t := range tables {
		if _, err := os.Stat(filepath.Join(from, t.file)); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := t.copy(ctx, filepath.Join(from, t.file), filepath.Join(to, t.file)); err != nil {
			return nil, fmt.Errorf("copy the files' %s: %w", t.name, err)
		}
		made = append(made, t.file)
	}
	return made, nil
}

type table struct{ file, schema, name, columns string }

func (t table) copy(ctx context.Context, from, to string) (err error) {
	source, err := reading(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Sync(), f.Close()) }()
	target, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: to, RawQuery: "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"}).String())
	if err != nil {
		return err
	}
	target.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, target.Close()) }()
	if _, err := target.ExecContext(ctx, t.schema); err != nil {
		return err
	}
	for after := ""; ; {
		n, last, err := t.some(ctx, source, target, after)
		if err != nil || n < atOnce {
			return err
		}
		after = last
	}
}

// some copies the next few rows behind an id.
func (t table) some(ctx context.Context, source, target *sql.DB, after string) (n int, last string, err error) {
	rows, err := source.QueryContext(ctx, "SELECT "+t.columns+" FROM "+t.name+" WHERE id > ? ORDER BY id LIMIT ?", after, atOnce)
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	marks := "?" + strings.Repeat(", ?", strings.Count(t.columns, ","))
	for rows.Next() {
		values := make([][]byte, strings.Count(t.columns, ",")+1)
		into, row := make([]any, len(values)), make([]any, len(values))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return n, last, err
		}
		last = string(values[0])
		row[0] = last
		for i := 1; i < len(row); i++ {
			row[i] = orNull(values[i])
		}
		if _, err := target.ExecContext(ctx, "INSERT INTO "+t.name+" VALUES ("+marks+")", row...); err != nil {
			return n, last, err
		}
		n++
	}
	return n, last, rows.Err()
}

// orNull keeps a destroyed key a NULL.
func orNull(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// reading opens one file of a vault that another process may be using.
func reading(path string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	q := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)", "query_only(1)", "trusted_schema(0)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: abs, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}
