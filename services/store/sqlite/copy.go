package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"

	"suyuan/services/ledger"
)

// Copy writes every event that is durable now into a new ledger file at path,
// also while another process appends, and returns the last one's position and
// link. It reads page by page and holds up nobody: events never change, so
// that those up to an ordinal are the same whenever they are read. Each is
// checked to follow from the one before it. The file is durable on return;
// after an error there is none. A file that is there already, whatever it is,
// is an error and stays as it is. progress is called now and then; it may be nil.
func (s *Store) Copy(ctx context.Context, path string, progress func(done, of uint64)) (ledger.Position, ledger.Hash, error) {
	if progress == nil {
		progress = func(uint64, uint64) {}
	}
	if err := s.refresh(); err != nil {
		return ledger.Position{}, ledger.Hash{}, err
	}
	to, _, broken := s.end()
	if broken != nil {
		return ledger.Position{}, ledger.Hash{}, broken
	}
	if err := create(path); err != nil {
		return ledger.Position{}, ledger.Hash{}, fmt.Errorf("copy the ledger: %w", err)
	}
	link, err := s.copyTo(ctx, path, to, progress)
	if err != nil { // the file is our own: create made it
		return ledger.Position{}, ledger.Hash{}, errors.Join(fmt.Errorf("copy the ledger: %w", err), remove(path))
	}
	return At(to), link, nil
}

func (s *Store) copyTo(ctx context.Context, path string, to uint64, progress func(done, of uint64)) (link ledger.Hash, err error) {
	// Nothing is promised before the end, so that there is nothing to roll back.
	c, err := dial(path, "rw", fmt.Sprintf("PRAGMA page_size=%d", pageSize), "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA trusted_schema=0")
	if err != nil {
		return link, err
	}
	defer func() {
		if err = errors.Join(err, c.close()); err == nil {
			err = syncFile(path)
		}
	}()
	for _, q := range []string{"BEGIN", schema, fmt.Sprintf("PRAGMA application_id=%d", appID), fmt.Sprintf("PRAGMA user_version=%d", schemaVersion)} {
		if err := c.exec(q); err != nil {
			return link, err
		}
	}
	if link, err = s.copyEvents(ctx, c, to, progress); err != nil {
		return link, err
	}
	return link, c.exec("COMMIT")
}

func (s *Store) copyEvents(ctx context.Context, c *conn, to uint64, progress func(done, of uint64)) (link ledger.Hash, err error) {
	for at := uint64(0); at < to; progress(at, to) {
		if err := ctx.Err(); err != nil {
			return link, err
		}
		rows, err := s.page(at+1, to)
		for i := range rows {
			r := &rows[i]
			if r.link != next(link, mark(r.Stream, r.Revision, r.Record)) {
				return link, &ledger.Damage{Ordinal: r.Position.Ordinal, Why: "its link does not follow from the event before it and its own hash"}
			}
			err := c.exec("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
				[]driver.Value{int64(r.Position.Ordinal), r.Stream, r.Revision, int64(r.prev), r.ID[:], r.Type, string(r.Data), string(r.Meta), r.link[:]}...)
			if err != nil {
				return link, err
			}
			at, link = r.Position.Ordinal, r.link
		}
		if err != nil {
			return link, err
		}
	}
	return link, nil
}

// create makes an empty file that was not there, for its owner alone: SQLite
// would let others read it.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Link is the durable head's link: one hash that every event up to it, its
// order and its place went into.
func (s *Store) Link() ledger.Hash {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link
}
