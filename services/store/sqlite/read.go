package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"

	"suyuan/services/ledger"
)

// All implements ledger.Log. Besides the order it checks that every link
// follows from the one before it and from the hash the event carries.
func (s *Store) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		if err := s.refresh(); err != nil {
			yield(ledger.Recorded{}, err)
			return
		}
		to, _, broken := s.end()
		if s.deliver(ctx, &cursor{at: after.Commit}, to, yield) && broken != nil {
			yield(ledger.Recorded{}, broken)
		}
	}
}

// Subscribe implements ledger.Log.
func (s *Store) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		c := &cursor{at: after.Commit}
		for {
			// The channel is taken together with the head: whatever moves the
			// head later closes it, so nothing falls in between.
			to, moved, broken := s.end()
			if !s.deliver(ctx, c, to, yield) {
				return
			}
			if broken == nil && s.lock == nil {
				broken = ledger.Errorf(ledger.Unavailable, "store.not_followed",
					"只读打开的账本不能实时跟随；请改为订阅正在服务的账本。", "A ledger opened for reading only cannot be followed; subscribe to the one that is served.")
			}
			if broken == nil {
				broken = s.wait(ctx, moved)
			}
			if broken != nil {
				yield(ledger.Recorded{}, broken)
				return
			}
		}
	}
}

// cursor is how far a reader has come in the log.
type cursor struct {
	at    uint64 // position of the last event handed out
	link  ledger.Hash
	known bool // link is that of at
	used  []row
}

// page is the store's, into the rows of the page before: what was handed out
// of them are copies, and the bytes they share are read anew for every event.
func (c *cursor) page(s *Store, from, to uint64) (rows []row, err error) {
	err = s.pool.with(func(conn *conn) error {
		rows, err = readPage(conn, c.used, from, to)
		return err
	})
	c.used = rows
	return rows, err
}

// deliver hands out the events up to a position. It answers false when it is
// over: the reader has had enough or has been given an error.
func (s *Store) deliver(ctx context.Context, c *cursor, to uint64, yield func(ledger.Recorded, error) bool) bool {
	for c.at < to || ctx.Err() != nil {
		if err := ctx.Err(); err != nil {
			yield(ledger.Recorded{}, err)
			return false
		}
		from := c.at + 1
		if !c.known && c.at > 0 {
			from = c.at // the event before is read for its link
		}
		rows, err := c.page(s, from, to)
		for i := range rows {
			r := &rows[i]
			if r.Position.Commit == c.at {
				c.link, c.known = r.link, true
				continue
			}
			if r.link != next(c.link, mark(r.Stream, r.Revision, r.Record)) {
				err = &ledger.Damage{Ordinal: r.Position.Ordinal, Why: "its link does not follow from the event before it and its own hash"}
				break
			}
			if e := ctx.Err(); e != nil {
				err = e
				break
			}
			c.at, c.link, c.known = r.Position.Commit, r.link, true
			if !yield(r.Recorded, nil) {
				return false
			}
		}
		if err != nil {
			yield(ledger.Recorded{}, err)
			return false
		}
		clear(rows) // a subscription at rest holds no events
	}
	return true
}

// Stream implements ledger.Log.
func (s *Store) Stream(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		fail := func(err error) { yield(ledger.Recorded{}, err) }
		if err := errors.Join(ctx.Err(), s.refresh()); err != nil {
			fail(err)
			return
		}
		h, broken := s.ends(stream)
		positions, err := s.walk(ctx, stream, h, max(from, 0))
		if err != nil {
			fail(err)
			return
		}
		for len(positions) > 0 {
			n := min(pageEvents, len(positions))
			rows, err := s.pick(positions[:n])
			for i := range rows {
				if err := ctx.Err(); err != nil {
					fail(err)
					return
				}
				if !yield(rows[i].Recorded, nil) {
					return
				}
			}
			if err != nil {
				fail(err)
				return
			}
			positions = positions[len(rows):]
		}
		if err := ctx.Err(); err != nil {
			broken = err
		}
		if broken != nil {
			fail(broken)
		}
	}
}

// walk follows prev from a stream's end back to a revision and gives the
// positions in order. It keeps eight bytes an event.
func (s *Store) walk(ctx context.Context, stream string, e end, from int64) ([]uint64, error) {
	if e.revision < from {
		return nil, nil
	}
	last, positions := e.last, make([]uint64, e.revision-from+1)
	for n := len(positions); n > 0; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var damage error
		before := n
		err := s.pool.with(func(c *conn) error {
			err := c.query(backwards, []driver.Value{int64(last), int64(min(n, pageEvents))}, func(v []driver.Value) bool {
				position, prev := uint64(integer(v[0])), uint64(integer(v[1]))
				if position != last || integer(v[2]) != from+int64(n)-1 || prev >= position {
					damage = &ledger.Damage{Ordinal: last, Why: fmt.Sprintf("%s: revision %d was due here", stream, from+int64(n)-1)}
					return false
				}
				n--
				positions[n], last = position, prev
				return n > 0
			})
			if unreadable(err) {
				err = &ledger.Damage{Ordinal: last, Why: fmt.Sprintf("cannot be read: %v", err)}
			}
			return err
		})
		if err := errors.Join(damage, err); err != nil {
			return nil, err
		}
		switch {
		case n == before:
			return nil, &ledger.Damage{Ordinal: last, Why: fmt.Sprintf("missing: %s, revision %d", stream, from+int64(n)-1)}
		case n > 0 && last == 0:
			return nil, &ledger.Damage{Ordinal: positions[n], Why: fmt.Sprintf("%s: the events before revision %d are missing", stream, from+int64(n))}
		}
	}
	return positions, nil
}

const backwards = `WITH RECURSIVE back(position, prev, revision, n) AS (
	SELECT position, prev, revision, 1 FROM events WHERE position = ?1
	UNION ALL SELECT e.position, e.prev, e.revision, n + 1 FROM back JOIN events e ON e.position = back.prev WHERE n < ?2)
	SELECT position, prev, revision FROM back`

// refresh looks for what another process has appended since.
func (s *Store) refresh() error {
	if s.isClosed() {
		return errClosed()
	}
	if s.lock != nil {
		return nil
	}
	s.commit.Lock()
	defer s.commit.Unlock()
	if _, _, broken := s.end(); broken != nil {
		return nil
	}
	return s.load()
}
