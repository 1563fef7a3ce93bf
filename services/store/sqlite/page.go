package sqlite

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unsafe"

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

func rowOf(v []driver.Value) (r row) {
	r.read(v)
	return r
}

// read takes over what the driver gives. It reads every value into memory of
// its own that it does not look at again, so that texts become bytes as they
// are.
func (r *row) read(v []driver.Value) {
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
	r.Type, r.Data, r.Meta = typ, bytesOf(data), bytesOf(meta)
	copy(r.link[:], link)
}

// bytesOf gives a text's own bytes. Whoever held the text would see it change
// with them; nobody else does.
func bytesOf(text string) json.RawMessage {
	if text == "" {
		return json.RawMessage{}
	}
	return unsafe.Slice(unsafe.StringData(text), len(text))
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
		rows, err = readPage(c, nil, from, to)
		return err
	})
	return rows, err
}

// readPage puts the events into the memory of rows that are done with.
func readPage(c *conn, used []row, from, to uint64) (rows []row, err error) {
	if rows = used[:0]; rows == nil {
		rows = make([]row, 0, min(to-from+1, pageEvents))
	}
	size, next := 0, from
	var damage error
	take := func(v []driver.Value) bool {
		rows = append(rows, row{})
		r := &rows[len(rows)-1]
		r.read(v)
		if damage = r.stored(); r.odd != "position" && r.Position.Commit != next {
			damage = &ledger.Damage{Ordinal: next, Why: fmt.Sprintf("missing: position %d follows %d", r.Position.Commit, next-1)}
		}
		if damage != nil {
			rows = rows[:len(rows)-1]
			return false
		}
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
