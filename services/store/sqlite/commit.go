package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"slices"

	sq "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"suyuan/services/ledger"
)

// faults are where tests make a group fail; nil hooks do nothing. An error
// has the same effect as one of SQLite's at that point.
type faults struct {
	begin  func() error
	insert func(n int) error // before the n-th event of the group, from 0
	commit func() error      // instead of the commit
	after  func() error      // the commit succeeded, and is reported to have failed
}

func (f faults) at(hook func() error) error {
	if hook == nil {
		return nil
	}
	return hook()
}

// errCommit marks an error after which nobody knows what is on disk.
type errCommit struct{ error }

func (e errCommit) Unwrap() error { return e.error }

// errTaken: an append that was let in on top of one that failed.
var errTaken = errors.New("an append before it in the same group failed")

const (
	insertEvent = "INSERT INTO events (position, stream, revision, prev, id, type, data, meta, link) VALUES (?,?,?,?,?,?,?,?,?)"
	// The write-ahead log is moved into the database whenever it has come to
	// about so many bytes: the first of these at first, and each time a quarter
	// more up to the last. Its file keeps its length, and a sync after frames
	// that overwrite costs half of one after frames that make the file longer,
	// so it is made longer slowly. Beyond the last, less often is no cheaper.
	checkpointFirst = 1 << 20
	checkpointBytes = 16 << 20
	restartFrames   = 16 << 10 // a log grown beyond this makes readers wait their turn
	patience        = 64       // how often the committer looks in vain for writers to come back
)

// run is the one goroutine that writes. There is no timer: while a group is
// on its way to disk, the next one gathers.
func (s *Store) run() {
	defer close(s.stopped)
	for {
		select {
		case <-s.wake:
		case <-s.closed:
		}
		b := s.take()
		if b == nil {
			if s.isClosed() {
				return
			}
			continue
		}
		s.commit.Lock()
		link, err := s.write(b)
		if err != nil {
			s.fail(b, err)
		} else {
			s.publish(b, link)
			err = s.relieve(b)
		}
		s.commit.Unlock()
		s.gather(len(b.appends))
		if err != nil && s.Err() == nil {
			s.logger.Warn("a group of appends failed and was taken back", "dir", s.dir, "events", b.events, "error", err)
		}
	}
}

// gather lets the writers that a group has woken come back with what they
// have next, before the next group is taken: otherwise they would fall into
// two halves of which one gathers while the other syncs, at two syncs for
// what needs one. It ends when all are back, or nobody comes any more.
func (s *Store) gather(woken int) {
	had := s.waiting()
	for want, idle := had+woken, 0; had < want && idle < patience; idle++ {
		runtime.Gosched()
		if now := s.waiting(); now > had {
			had, idle = now, 0
		}
	}
}

// waiting is how many appends are in the open group.
func (s *Store) waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open.appends)
}

// take closes the open group and starts the next, nil if it is empty. Once
// appends are refused, those that wait are.
func (s *Store) take() *batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open.events == 0 {
		return nil
	}
	if s.reason != nil {
		s.rollBack(s.open, errReadOnly(s.reason))
		return nil
	}
	b := s.open
	s.flight, s.open = b, newBatch(s.admitted+1)
	close(b.taken)
	return b
}

// write commits a group. An errCommit means that its fate is unknown; after
// any other error nothing of it is in the file.
func (s *Store) write(b *batch) (link ledger.Hash, err error) {
	if err := s.faults.at(s.faults.begin); err != nil {
		return link, err
	}
	if err := s.writer.exec("BEGIN IMMEDIATE"); err != nil {
		return link, err
	}
	link, err = s.insert(b)
	if err != nil {
		if undo := s.writer.exec("ROLLBACK"); undo != nil {
			return link, errCommit{errors.Join(err, undo)}
		}
		return link, err
	}
	if err := s.faults.at(s.faults.commit); err != nil {
		_ = s.writer.exec("ROLLBACK")
		return link, errCommit{err}
	}
	if err := s.writer.exec("COMMIT"); err != nil {
		return link, errCommit{err}
	}
	if err := s.faults.at(s.faults.after); err != nil {
		return link, errCommit{err}
	}
	return link, nil
}

func (s *Store) insert(b *batch) (ledger.Hash, error) {
	link, n := s.link, 0
	var args [9]driver.Value // SQLite is given copies
	for _, p := range b.appends {
		prev := p.prev
		for i := range p.records {
			if s.faults.insert != nil {
				if err := s.faults.insert(n); err != nil {
					return link, err
				}
			}
			r, position, revision := &p.records[i], p.position+uint64(i), p.revision+int64(i)
			link = next(link, r.mark(p.stream, revision))
			args = [...]driver.Value{int64(position), p.stream, revision, int64(prev), r.id[:], r.typ, r.data, r.meta, link[:]}
			if err := s.writer.exec(insertEvent, args[:]...); err != nil {
				return link, fmt.Errorf("ordinal %d: %w", position, err)
			}
			prev = position
			n++
		}
	}
	return link, nil
}

// publish makes a group visible and wakes who waits for it.
func (s *Store) publish(b *batch, link ledger.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.durable = b.appends[len(b.appends)-1].last()
	s.link, s.flight = link, nil
	close(s.moved)
	s.moved = make(chan struct{})
	close(b.done)
}

// fail takes a group back, and with it everything let in on top of it.
func (s *Store) fail(b *batch, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mine, above := errNotWritten(cause), errNotWritten(fmt.Errorf("%w: %w", errTaken, cause))
	if _, unknown := errors.AsType[errCommit](cause); unknown || foreign(cause) {
		s.refuse(cause)
		above = errReadOnly(cause)
		if unknown {
			mine = errUnknown(cause)
		}
	}
	s.flight = nil
	s.rollBack(s.open, above)
	s.undo(b, mine)
}

// rollBack empties the open group; it runs under mu.
func (s *Store) rollBack(open *batch, err error) {
	s.undo(open, err)
	close(open.taken)
	s.admitted = s.durable
	s.open = newBatch(s.admitted + 1)
}

// undo takes the appends of a group out of the heads, the last first. What was
// let in on top of it has been taken out before, so that a stream the append
// began is the last row there is.
func (s *Store) undo(b *batch, err error) {
	for _, p := range slices.Backward(b.appends) {
		s.heads.at(p.head).end = end{p.revision - 1, p.prev}
		if p.prev == 0 {
			s.heads.drop()
		}
	}
	b.err = err
	close(b.done)
}

// foreign reports that a position was taken: somebody else writes this file.
func foreign(err error) bool {
	e, ok := errors.AsType[*sq.Error](err)
	return ok && e.Code()&0xff == lib.SQLITE_CONSTRAINT
}

// relieve moves the write-ahead log into the database now and then, after
// everyone has been woken. SQLite would do so by itself and keep quiet about
// a sync that failed.
func (s *Store) relieve(b *batch) error {
	s.since += b.bytes + 512*b.events + 2*pageSize // the last leaf once more, and what is above it
	if s.since < s.moveAt {
		return nil
	}
	s.since, s.moveAt = 0, min(s.moveAt+s.moveAt/4, checkpointBytes)
	err := s.checkpoint("PASSIVE")
	if err != nil {
		s.MarkDamaged(err)
	}
	return err
}

func (s *Store) checkpoint(mode string) error {
	var frames, moved int64
	err := s.writer.query("PRAGMA wal_checkpoint("+mode+")", nil, func(v []driver.Value) bool {
		frames, moved = integer(v[1]), integer(v[2])
		return false
	})
	if err == nil && mode == "PASSIVE" && frames > restartFrames {
		s.logger.Info("the write-ahead log has grown", "dir", s.dir, "frames", frames, "moved", moved)
		return s.checkpoint("RESTART")
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}
