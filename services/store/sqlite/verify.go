package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"

	"suyuan/services/ledger"
)

// Verify reads the whole ledger from the file and checks everything that can
// be checked without a key: no ordinal is missing, every event follows the
// one before it in its stream, every link follows, every hash is that of its
// contents, and the write-ahead log is whole. The error is a *ledger.Damage
// naming the first ordinal that is not what was appended; events cut off at
// the end are for checkpoints to find. progress is called now and then with
// how many of how many events were checked; it may be nil.
func (s *Store) Verify(ctx context.Context, progress func(done, of uint64)) error {
	if err := s.refresh(); err != nil {
		return err
	}
	to, _, broken := s.end()
	if progress == nil {
		progress = func(uint64, uint64) {}
	}
	c, err := s.reader() // its own: what others have in their caches proves nothing
	if err != nil {
		return err
	}
	defer func() { _ = c.close() }()
	if err := checkSchema(c); err != nil {
		return s.unopened(err)
	}
	v := verifier{streams: map[string]tail{}}
	var used []row
	for v.at < to {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, err := readPage(c, used, v.at+1, to)
		for i := range rows {
			if err := v.take(&rows[i]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		progress(v.at, to)
		used = rows
	}
	if broken != nil {
		return broken
	}
	return s.verifyWAL(to)
}

// verifier is ledger.Chain with the links, and with records that carry no
// hash, which are held by their links alone.
type verifier struct {
	at      uint64
	link    ledger.Hash
	streams map[string]tail
}

type tail struct {
	last     uint64
	revision int64
	hash     ledger.Hash
}

func (v *verifier) take(r *row) error {
	t, ok := v.streams[r.Stream]
	if !ok {
		t.revision = -1
	}
	damage := func(format string, args ...any) error {
		return &ledger.Damage{Ordinal: v.at + 1, Why: fmt.Sprintf(format, args...)}
	}
	m := mark(r.Stream, r.Revision, r.Record)
	switch {
	case r.Revision != t.revision+1:
		return damage("%s: revision %d where %d was due", r.Stream, r.Revision, t.revision+1)
	case r.prev != t.last:
		return damage("%s: it points back to %d, the event before it is %d", r.Stream, r.prev, t.last)
	case r.link != next(v.link, m):
		return damage("its link does not follow from the event before it and its own hash")
	}
	h, err := ledger.HashOf(r.Record)
	if err == nil {
		if _, err := ledger.Check(t.hash, r.Recorded); err != nil {
			return err
		}
	}
	v.at++
	v.link = r.link
	v.streams[r.Stream] = tail{v.at, r.Revision, h}
	return nil
}

// verifyWAL checks the write-ahead log: at rest where we write it ourselves,
// looked at twice where another process may.
func (s *Store) verifyWAL(to uint64) error {
	if s.writer == nil && s.lock == nil {
		st, err := s.lookAtWAL()
		if err == nil && st.lost > 0 {
			return walDamage(st, to+1)
		}
		return err
	}
	s.commit.Lock()
	defer s.commit.Unlock()
	if s.writer == nil {
		return errClosed()
	}
	st, err := readWAL(s.path + "-wal")
	if err != nil {
		return err
	}
	frames, err := s.frames()
	if err != nil {
		return err
	}
	if st.lost > 0 || frames > st.frames {
		return walDamage(st, s.firstLost(st))
	}
	return nil
}

// frames is how many frames of the write-ahead log SQLite counts on.
func (s *Store) frames() (n int, err error) {
	err = s.writer.query("PRAGMA wal_checkpoint(NOOP)", nil, func(v []driver.Value) bool { n = int(integer(v[1])); return false })
	return n, err
}

// firstLost is the first ordinal that would be gone if SQLite had to recover
// from the write-ahead log now. Where no good frame holds an event, only the
// events behind the durable head are sure.
func (s *Store) firstLost(st walState) uint64 {
	if st.last > 0 {
		return st.last + 1
	}
	to, _, _ := s.end()
	return to + 1
}
