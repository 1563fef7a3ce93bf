package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"iter"

	"suyuan/services/ledger"
)

// AllBack yields every event that lies before a position, the last first. A
// position behind the end gives all; the end is that of the moment. It checks
// what All checks, every link against the event before it. Where the log's
// end is damaged and within what was asked for, that is told first.
func (s *Store) AllBack(ctx context.Context, before ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		fail := func(err error) { yield(ledger.Recorded{}, err) }
		if err := s.refresh(); err != nil {
			fail(err)
			return
		}
		to, _, broken := s.end()
		if broken != nil && before.Commit > to+1 {
			fail(broken)
			return
		}
		if before.Commit == 0 {
			return
		}
		var used []row
		for at := min(before.Commit-1, to); at > 0; {
			if err := ctx.Err(); err != nil {
				fail(err)
				return
			}
			rows, err := s.pageBack(used, at)
			for i := range rows {
				if e := ctx.Err(); e != nil {
					err = e
					break
				}
				if !linked(rows[i:]) {
					// The last row of a page is there for its link alone,
					// except where it is the first of the log.
					if i < len(rows)-1 || at == 1 {
						err = unlinked(rows[i].Position.Ordinal)
					}
					break
				}
				at = rows[i].Position.Commit - 1
				if !yield(rows[i].Recorded, nil) {
					return
				}
			}
			if err != nil {
				fail(err)
				return
			}
			used = rows
		}
		if err := ctx.Err(); err != nil {
			fail(err)
		}
	}
}

// linked reports whether the link of the first row follows from the row
// behind it, which stands before it in the log.
func linked(rows []row) bool {
	var prev ledger.Hash
	switch {
	case rows[0].Position.Commit == 1:
	case len(rows) > 1:
		prev = rows[1].link
	default:
		return false
	}
	r := &rows[0]
	return r.link == next(prev, mark(r.Stream, r.Revision, r.Record))
}

func unlinked(ordinal uint64) error {
	return &ledger.Damage{Ordinal: ordinal, Why: "its link does not follow from the event before it and its own hash"}
}

// pageBack reads the events from a position down, as far as they fit on a
// page, into the memory of rows that are done with. There are at least two
// where the log has them, so that one can be checked. What cannot be read, or
// is not there, is a *ledger.Damage behind the events before it.
func (s *Store) pageBack(used []row, from uint64) (rows []row, err error) {
	rows = used[:0]
	err = s.pool.with(func(c *conn) error {
		size, due := 0, from
		var damage error
		err := c.query(downwards, []driver.Value{int64(from), int64(pageEvents)}, func(v []driver.Value) bool {
			rows = append(rows, row{})
			r := &rows[len(rows)-1]
			r.read(v)
			if damage = r.stored(); r.odd != "position" && r.Position.Commit != due {
				damage = missing(due)
			}
			if damage != nil {
				rows = rows[:len(rows)-1]
				return false
			}
			size += r.size()
			due--
			return due > 0 && (size < pageBytes || len(rows) < 2)
		})
		switch {
		case unreadable(err):
			return locateBack(c, due, err)
		case err != nil:
			return err
		case damage == nil && due > 0 && len(rows) < min(2, int(from)):
			return missing(due)
		}
		return damage
	})
	return rows, err
}

const downwards = "SELECT " + columns + " FROM events WHERE position <= ? ORDER BY position DESC LIMIT ?"

func missing(ordinal uint64) error { return &ledger.Damage{Ordinal: ordinal, Why: "missing"} }

// locateBack finds the first position from one down that cannot be read,
// going on row by row where a scan gave up.
func locateBack(c *conn, from uint64, cause error) *ledger.Damage {
	for p := from; p > 0 && p+pageEvents > from; p-- {
		found := false
		err := c.query("SELECT "+columns+" FROM events WHERE position = ?", []driver.Value{int64(p)}, func([]driver.Value) bool { found = true; return false })
		if err != nil || !found {
			return &ledger.Damage{Ordinal: p, Why: fmt.Sprintf("cannot be read: %v", cause)}
		}
	}
	return &ledger.Damage{Ordinal: from, Why: fmt.Sprintf("can be read alone but not in order: %v", cause)}
}

// StreamBack yields the stream's events from a revision down to the first. A
// revision behind the end begins at the end; a stream that never was is
// empty. It checks what Stream checks, and tells a damaged end first, where
// that is within what was asked for.
func (s *Store) StreamBack(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		fail := func(err error) { yield(ledger.Recorded{}, err) }
		if err := ctx.Err(); err != nil {
			fail(err)
			return
		}
		if err := s.refresh(); err != nil {
			fail(err)
			return
		}
		e, broken := s.ends(stream)
		if broken != nil && from > e.revision {
			fail(broken)
			return
		}
		for from >= 0 && e.revision >= 0 {
			if err := ctx.Err(); err != nil {
				fail(err)
				return
			}
			positions, before, err := s.walkBack(stream, e)
			if err != nil {
				fail(err)
				return
			}
			// What lies behind from was only walked over.
			skip := min(max(e.revision-from, 0), int64(len(positions)))
			if !s.hand(ctx, stream, positions[skip:], yield) {
				return
			}
			e = before
		}
	}
}

// hand reads the events at positions and hands them out. It answers false
// when it is over.
func (s *Store) hand(ctx context.Context, stream string, positions []uint64, yield func(ledger.Recorded, error) bool) bool {
	for len(positions) > 0 {
		rows, err := s.pick(positions)
		for i := range rows {
			if e := ctx.Err(); e != nil {
				err = e
				break
			}
			if r := &rows[i]; r.Stream != stream {
				err = &ledger.Damage{Ordinal: r.Position.Ordinal, Why: fmt.Sprintf("an event of %s was due here", stream)}
				break
			}
			if !yield(rows[i].Recorded, nil) {
				return false
			}
		}
		if err != nil {
			yield(ledger.Recorded{}, err)
			return false
		}
		positions = positions[len(rows):]
	}
	return true
}

// walkBack follows prev from an event of a stream, for a page at most, and
// gives the positions as it met them and where it got to.
func (s *Store) walkBack(stream string, e end) (positions []uint64, before end, err error) {
	positions = make([]uint64, 0, min(e.revision+1, pageEvents))
	before = e
	err = s.pool.with(func(c *conn) error {
		var damage error
		err := c.query(backwards, []driver.Value{int64(e.last), int64(cap(positions))}, func(v []driver.Value) bool {
			position, prev := uint64(integer(v[0])), uint64(integer(v[1]))
			if position != before.last || integer(v[2]) != before.revision || prev >= position {
				damage = &ledger.Damage{Ordinal: before.last, Why: fmt.Sprintf("%s: revision %d was due here", stream, before.revision)}
				return false
			}
			positions = append(positions, position)
			before = end{before.revision - 1, prev}
			return true
		})
		switch {
		case unreadable(err):
			return &ledger.Damage{Ordinal: before.last, Why: fmt.Sprintf("cannot be read: %v", err)}
		case err != nil:
			return err
		case damage == nil && len(positions) == 0:
			return &ledger.Damage{Ordinal: before.last, Why: fmt.Sprintf("missing: %s, revision %d", stream, before.revision)}
		case damage == nil && before.revision >= 0 && before.last == 0:
			return &ledger.Damage{Ordinal: positions[len(positions)-1], Why: fmt.Sprintf("%s: the events before revision %d are missing", stream, before.revision+1)}
		}
		return damage
	})
	return positions, before, err
}
