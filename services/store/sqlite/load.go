package sqlite

import (
	"database/sql/driver"
	"fmt"

	"suyuan/services/ledger"
)

// load walks over the events that are not known yet and remembers where every
// stream ends. It checks what costs nothing; the rest is Verify's and the
// replay's.
func (s *Store) load() error {
	return s.pool.with(func(c *conn) error {
		if err := checkSchema(c); err != nil {
			return s.unopened(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.adopt(c)
		damage, err := s.extend(c)
		if damage != nil && s.fromHeads {
			// What follows does not fit: that may be the snapshot's fault.
			s.forsake()
			damage, err = s.extend(c)
		}
		s.admitted, s.broken = s.durable, damage
		s.open = newBatch(s.durable + 1)
		return err
	})
}

// extend walks on from the durable head to the end, or to the event where
// that is not possible: the damage.
func (s *Store) extend(c *conn) (damage, err error) {
	at := s.durable
	take := func(v []driver.Value) bool {
		damage = s.follow(at, uint64(integer(v[0])), text(v[1]), integer(v[2]), uint64(integer(v[3])))
		if damage == nil {
			at++
		}
		return damage == nil
	}
	err = c.query("SELECT position, stream, revision, prev FROM events WHERE position > ? ORDER BY position", []driver.Value{int64(at)}, take)
	if unreadable(err) {
		damage, err = locate(c, at, err), nil
	}
	link := s.link
	if err == nil && at > s.durable {
		err = c.query("SELECT link FROM events WHERE position = ?", []driver.Value{int64(at)}, func(v []driver.Value) bool {
			b, _ := v[0].([]byte)
			copy(link[:], b)
			return false
		})
		if unreadable(err) {
			at, damage, err = at-1, &ledger.Damage{Ordinal: at, Why: fmt.Sprintf("cannot be read: %v", err)}, nil
		}
	}
	s.durable, s.link = at, link
	return damage, err
}

// follow enters the event that follows the one at a position.
func (s *Store) follow(at, position uint64, stream string, revision int64, prev uint64) error {
	h := s.heads.find(stream)
	e := s.heads.ends(h)
	switch {
	case position != at+1:
		return &ledger.Damage{Ordinal: at + 1, Why: fmt.Sprintf("missing: position %d follows %d", position, at)}
	case revision != e.revision+1 || prev != e.last || stream == "":
		return &ledger.Damage{Ordinal: position, Why: fmt.Sprintf("%s: revision %d with prev %d where %d with %d was due", stream, revision, prev, e.revision+1, e.last)}
	case h == unknown:
		s.heads.add(stream, end{revision, position})
	default:
		s.heads.at(h).end = end{revision, position}
	}
	return nil
}

// checkSchema reports a database that is not a ledger, or one of a program to
// come.
func checkSchema(c *conn) error {
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	if version > schemaVersion {
		return fmt.Errorf("it was written by a newer version of this program (format %d, this one knows %d)", version, schemaVersion)
	}
	found := ""
	err = c.query("SELECT sql FROM sqlite_schema WHERE name = 'events'", nil, func(v []driver.Value) bool { found = text(v[0]); return false })
	if err == nil && found != schema {
		err = &ledger.Damage{Ordinal: 1, Why: "the definition of the table events is not the one it was made with"}
	}
	return err
}

func integer(v driver.Value) int64 { n, _ := v.(int64); return n }
func text(v driver.Value) string   { t, _ := v.(string); return t }
