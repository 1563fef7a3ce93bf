package sqlite

import (
	"errors"
	"fmt"
	"os"
	"time"

	"suyuan/services/ledger"
)

// schema is the whole database. It is compared with what the file holds.
const schema = `CREATE TABLE events (
	position INTEGER PRIMARY KEY, -- the event's ordinal: 1, 2, 3 ... without gaps
	stream   TEXT    NOT NULL,
	revision INTEGER NOT NULL,    -- 0, 1, 2 ... within the stream
	prev     INTEGER NOT NULL,    -- position of the event before it in its stream, 0 for none
	id       BLOB    NOT NULL,
	type     TEXT    NOT NULL,
	data     TEXT    NOT NULL,
	meta     TEXT    NOT NULL,
	link     BLOB    NOT NULL     -- SHA-256(link of position - 1, or 32 zero bytes; hash at the end of meta)
)`

const (
	appID         = 0x5375796e // "Suyn": what the file command shows
	schemaVersion = 1
)

// Open opens the ledger in dir for reading and writing, making it if there is
// none. A second writer is refused (rule store.in_use). A ledger with a
// damaged event opens all the same, read-only: Err says why, reads give what
// is there and end with the *ledger.Damage. A file that is no ledger at all
// does not open; the error is the *ledger.Damage then.
func Open(dir string, opts ...Option) (*Store, error) {
	s := newStore(dir, opts)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	held, err := lock(dir)
	if err != nil {
		return nil, err
	}
	s.lock = held
	if err := s.start(); err != nil {
		_ = s.release()
		s.pool.close()
		_ = held.Close()
		return nil, fmt.Errorf("open the ledger in %s: %w", dir, err)
	}
	return s, nil
}

func (s *Store) start() error {
	damage, err := s.settleWAL()
	if err != nil {
		return err
	}
	if damage == nil {
		if err := s.create(); err != nil {
			return err
		}
	}
	if err := s.load(); err != nil {
		return err
	}
	if s.broken == nil && damage != nil {
		damage.Ordinal = s.durable + 1
		s.broken = damage
	}
	if s.broken != nil {
		s.refuse(s.broken)
		close(s.stopped)
		return s.release() // from here on nothing may change the file
	}
	go s.run()
	return nil
}

// create opens the writing connection and makes the table if it is not there.
func (s *Store) create() error {
	if err := private(s.path); err != nil {
		return err
	}
	c, err := dial(s.path, "rwc", "PRAGMA busy_timeout=10000", fmt.Sprintf("PRAGMA page_size=%d", pageSize), "PRAGMA journal_mode=WAL",
		"PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=0", "PRAGMA cell_size_check=1", "PRAGMA trusted_schema=0")
	if err != nil {
		return s.unopened(err)
	}
	s.writer = c
	if known, err := c.number("SELECT count(*) FROM sqlite_schema"); err != nil || known > 0 {
		return s.unopened(err)
	}
	for _, q := range []string{"BEGIN IMMEDIATE", schema, fmt.Sprintf("PRAGMA application_id=%d", appID), fmt.Sprintf("PRAGMA user_version=%d", schemaVersion), "COMMIT"} {
		if err := c.exec(q); err != nil {
			return err
		}
	}
	return syncDir(s.dir)
}

// private makes the file before SQLite does, which would let everybody read
// it; its log and index get the file's own mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// unopened makes a damage of an error that says the file is no database.
func (s *Store) unopened(err error) error {
	if unreadable(err) {
		return &ledger.Damage{Ordinal: 1, Why: fmt.Sprintf("%s cannot be opened: %v", s.path, err)}
	}
	return err
}

// OpenReadOnly opens the ledger in dir for reading, also while a server
// writes it. Appends are refused and Subscribe ends at once: nothing tells it
// of what another process appends. A process must not open the same directory
// both ways, except Open first.
func OpenReadOnly(dir string, opts ...Option) (*Store, error) {
	s := newStore(dir, opts)
	close(s.stopped)
	if info, err := os.Stat(s.path); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, errAbsent(dir)
	} else if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	s.reason = errors.New("it was opened for reading only")
	st, err := s.lookAtWAL()
	if err == nil {
		err = s.load()
	}
	if err != nil {
		s.pool.close()
		return nil, fmt.Errorf("open the ledger in %s: %w", dir, err)
	}
	if s.broken == nil && st.lost >= 2 {
		s.broken = walDamage(st, s.durable+1)
	}
	return s, nil
}

// settleWAL looks at the write-ahead log before SQLite does. A last commit
// that was never finished is cut off, so that its frames are not taken for
// damage later; more than that is damage, and nothing is touched.
func (s *Store) settleWAL() (*ledger.Damage, error) {
	wal := s.path + "-wal"
	st, err := readWAL(wal)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(s.path); st.frames > 0 && (errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0) {
		return nil, &ledger.Damage{Ordinal: 1, Why: "there is a write-ahead log of committed events and no database beside it"}
	}
	if st.lost >= 2 || synced(s.path+"-shm", st.salts) > st.frames {
		return walDamage(st, 0), nil
	}
	if st.size <= st.end {
		return nil, nil
	}
	if st.bad > 0 {
		s.logger.Warn("the last commit was never finished and is dropped", "dir", s.dir, "frame", st.bad, "commits", st.lost)
	}
	return nil, cut(wal, st.end)
}

// cut shortens the write-ahead log to what SQLite would recover from it.
func cut(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Sync(), f.Close())
}

func walDamage(st walState, ordinal uint64) *ledger.Damage {
	return &ledger.Damage{Ordinal: ordinal, Why: fmt.Sprintf("the write-ahead log is damaged: frame %d does not check, and %d commits from there on are lost to SQLite (%d frames can be read). "+
		"Keep a copy of ledger.db, ledger.db-wal and ledger.db-shm before anything else, then restore a backup", max(st.bad, st.frames+1), st.lost, st.frames)}
}

// lookAtWAL reads the log that another process may be writing. What does not
// check is believed once it looks the same twice.
func (s *Store) lookAtWAL() (walState, error) {
	before, err := readWAL(s.path + "-wal")
	for range 10 {
		if err != nil || before.bad == 0 {
			return before, err
		}
		time.Sleep(20 * time.Millisecond)
		var now walState
		if now, err = readWAL(s.path + "-wal"); now.bad == before.bad && now.seen == before.seen && now.salts == before.salts {
			return now, err
		} else {
			before = now
		}
	}
	return walState{}, err // it is being written faster than it can be read
}
