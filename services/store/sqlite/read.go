package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"suyuan/services/ledger"
)

// A page is read in one go and holds no transaction while its events are
// handed out.
const (
	pageEvents = 512
	pageBytes  = 4 << 20
)

const columns = "position, stream, revision, prev, events.id, events.type, data, meta, link"

// row is an event as the table holds it.
type row struct {
	ledger.Recorded
	prev uint64
	link ledger.Hash
	odd  string // what about its columns' types is not as written
}

func (r *row) size() int { return len(r.Data) + len(r.Meta) }

func rowOf(v []driver.Value) row {
	var r row
	id, idOK := v[4].([]byte)
	link, linkOK := v[8].([]byte)
	position, posOK := v[0].(int64)
	revision, revOK := v[2].(int64)
	prev, prevOK := v[3].(int64)
	stream, streamOK := v[1].(string)
	typ, typeOK := v[5].(string)
	data, dataOK := v[6].(string)
	meta, metaOK := v[7].(string)
	for _, c := range []struct {
		ok   bool
		name string
	}{
		{posOK, "position"}, {streamOK, "stream"}, {revOK, "revision"}, {prevOK, "prev"}, {idOK && len(id) == len(r.ID), "id"},
		{typeOK, "type"}, {dataOK, "data"}, {metaOK, "meta"}, {linkOK && len(link) == len(r.link), "link"},
	} {
		if !c.ok {
			r.odd = c.name
		}
	}
	r.Position, r.Stream, r.Revision, r.prev = At(uint64(position)), stream, revision, uint64(prev)
	copy(r.ID[:], id)
	r.Type, r.Data, r.Meta = typ, json.RawMessage(data), json.RawMessage(meta)
	copy(r.link[:], link)
	return r
}

// stored checks what a row says of itself: that its columns are of the types
// they were written with.
func (r *row) stored() error {
	if r.odd != "" {
		return &ledger.Damage{Ordinal: r.Position.Ordinal, Why: fmt.Sprintf("column %s is not of the type it was written with", r.odd)}
	}
	return nil
}

// page reads the events from one position to another, as far as they fit on a
// page. There is at least one, or an error; what cannot be read, or is not
// there, is a *ledger.Damage behind the events before it.
func (s *Store) page(from, to uint64) (rows []row, err error) {
	err = s.pool.with(func(c *conn) error {
		rows, err = readPage(c, from, to)
		return err
	})
	return rows, err
}

func readPage(c *conn, from, to uint64) (rows []row, err error) {
	size, next := 0, from
	var damage error
	take := func(v []driver.Value) bool {
		r := rowOf(v)
		if r.odd != "position" && r.Position.Commit != next {
			damage = &ledger.Damage{Ordinal: next, Why: fmt.Sprintf("missing: position %d follows %d", r.Position.Commit, next-1)}
			return false
		}
		if damage = r.stored(); damage != nil {
			return false
		}
		rows = append(rows, r)
		size += r.size()
		next++
		return len(rows) < pageEvents && size < pageBytes
	}
	err = c.query("SELECT "+columns+" FROM events WHERE position BETWEEN ? AND ? ORDER BY position", []driver.Value{int64(from), int64(to)}, take)
	switch {
	case unreadable(err):
		return rows, locate(c, next-1, err)
	case err != nil:
		return rows, err
	case damage == nil && len(rows) < pageEvents && size < pageBytes && next <= to:
		return rows, &ledger.Damage{Ordinal: next, Why: "missing"}
	}
	return rows, damage
}

// locate finds the first position behind a readable one that cannot be read,
// going on row by row where a scan gave up.
func locate(c *conn, readable uint64, cause error) *ledger.Damage {
	for p := readable + 1; p <= readable+pageEvents; p++ {
		found := false
		err := c.query("SELECT "+columns+" FROM events WHERE position = ?", []driver.Value{int64(p)}, func([]driver.Value) bool { found = true; return false })
		if err != nil || !found {
			return &ledger.Damage{Ordinal: p, Why: fmt.Sprintf("cannot be read: %v", cause)}
		}
	}
	return &ledger.Damage{Ordinal: readable + 1, Why: fmt.Sprintf("can be read alone but not in order: %v", cause)}
}

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
		rows, err := s.page(from, to)
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
		positions, err := s.walk(ctx, stream, h.durableRev, h.durableLast, max(from, 0))
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
func (s *Store) walk(ctx context.Context, stream string, revision int64, last uint64, from int64) ([]uint64, error) {
	if revision < from {
		return nil, nil
	}
	positions := make([]uint64, revision-from+1)
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

// pick reads the events at given positions, in order, as far as they fit on a
// page.
func (s *Store) pick(positions []uint64) (rows []row, err error) {
	var list bytes.Buffer
	for i, p := range positions {
		list.WriteByte("[,"[min(i, 1)])
		list.WriteString(strconv.FormatUint(p, 10))
	}
	list.WriteByte(']')
	err = s.pool.with(func(c *conn) error {
		size, done := 0, false
		var damage error
		err := c.query("SELECT "+columns+" FROM json_each(?) j CROSS JOIN events ON position = j.value", []driver.Value{list.String()}, func(v []driver.Value) bool {
			r := rowOf(v)
			if damage = r.stored(); damage != nil || r.Position.Commit != positions[len(rows)] {
				return false
			}
			rows = append(rows, r)
			size += r.size()
			done = len(rows) == len(positions) || size >= pageBytes
			return !done
		})
		switch {
		case unreadable(err):
			return locate(c, positions[len(rows)]-1, err)
		case err == nil && damage == nil && !done:
			return &ledger.Damage{Ordinal: positions[len(rows)], Why: "missing"}
		}
		return errors.Join(damage, err)
	})
	return rows, err
}

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
