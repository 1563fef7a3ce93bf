package sqlite

import (
	"database/sql/driver"
	"iter"

	"suyuan/services/ledger"
)

// Heads is what a snapshot knows of the ledger up to an event, so that opening
// need not walk over everything before it.
type Heads struct {
	Position ledger.Position // of the last event the snapshot holds
	Hash     ledger.Hash     // which that event carries at the end of its metadata
	Count    int             // how many streams there are
	All      iter.Seq[Head]  // each once, in any order; ranged over at most once
}

// Head is where a stream ended then. The name is kept, not copied.
type Head struct {
	Stream   string
	Revision int64
	Last     uint64 // ordinal of the event that has this revision
}

// WithHeads lets Open and OpenReadOnly take a snapshot's word for where the
// streams ended and walk on from there. They take it if the event at its
// position is there and carries its hash, if every stream is named once and
// its numbers can be, if the revisions add up to the number of events, and if
// what follows fits; otherwise they walk over everything as if there were no
// snapshot, which is never an error. FromHeads tells.
//
// A snapshot that lies and adds up all the same loses nothing: events are only
// ever added, each at a position of its own behind the last, so that what was
// acknowledged stays where it is. The first append to a stream whose head is a
// lie gets a revision and a prev that do not follow from the event that is
// really the stream's last. Reading the stream stops there with a
// *ledger.Damage if the lie points at an event of another revision, and
// skips the events between if it points at an older one of the same stream;
// Verify, a scrub and the next full walk check revision and prev of every
// event against all before it and name the appended one, and from then on the
// ledger takes no more. Whoever writes snapshots must therefore guard them
// by a digest of their own.
func WithHeads(h Heads) Option { return func(s *Store) { s.known = &h } }

// FromHeads reports whether the heads of WithHeads were taken.
func (s *Store) FromHeads() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fromHeads
}

// adopt takes the heads of a snapshot, once, if they check. It runs under mu.
// An error of the file is left for the full walk to meet.
func (s *Store) adopt(c *conn) {
	known := s.known
	s.known = nil
	if known == nil || s.durable != 0 {
		return
	}
	n := known.Position.Ordinal
	last, ok := eventAt(c, n)
	if !ok || known.Position != At(n) || known.All == nil {
		return
	}
	if h, err := ledger.HashOf(last.Record); err != nil || h != known.Hash {
		return
	}
	taken, ok := known.rows(n)
	if !ok || taken.ends(taken.find(last.Stream)) != (end{last.Revision, n}) {
		return
	}
	s.heads, s.durable, s.link, s.fromHeads = taken, n, last.link, true
}

// forsake goes back to before the first event.
func (s *Store) forsake() {
	s.heads, s.durable, s.link, s.fromHeads = heads{}, 0, ledger.Hash{}, false
}

// rows enters the heads, if n events can have made them.
func (h *Heads) rows(n uint64) (x heads, ok bool) {
	if h.Count < 1 || uint64(h.Count) > n {
		return x, false
	}
	x.reserve(h.Count)
	events := uint64(0)
	for e := range h.All {
		if x.count == h.Count || e.Stream == "" || e.Revision < 0 || e.Last > n || uint64(e.Revision) >= e.Last || x.find(e.Stream) != unknown {
			return x, false
		}
		if events += uint64(e.Revision) + 1; events > n {
			return x, false
		}
		x.add(e.Stream, end{e.Revision, e.Last})
	}
	return x, x.count == h.Count && events == n
}

// eventAt reads one event; false if it is not there as it was written.
func eventAt(c *conn, n uint64) (r row, ok bool) {
	err := c.query("SELECT "+columns+" FROM events WHERE position = ?", []driver.Value{int64(n)}, func(v []driver.Value) bool {
		r = rowOf(v)
		ok = r.stored() == nil && r.Position == At(n)
		return false
	})
	return r, ok && err == nil
}
