package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"suyuan/services/ledger"
)

// Store is a ledger.Log in a directory.
type Store struct {
	dir    string
	path   string
	logger *slog.Logger
	pool   *pool
	lock   *os.File // nil where the store only reads
	faults faults

	commit sync.Mutex // held over a transaction, so that Verify sees the write-ahead log at rest
	writer *conn      // under commit; nil where the store only reads
	since  int        // bytes committed since the last checkpoint, under commit
	moveAt int        // how many it takes until the next one

	mu        sync.Mutex
	heads     heads
	admitted  uint64        // ordinal of the last event that was let in
	durable   uint64        // ordinal of the last event that is on disk
	link      ledger.Hash   // of the durable head
	moved     chan struct{} // closed and made anew whenever durable moves
	open      *batch        // takes what is let in
	flight    *batch        // is being written; nil while nothing is
	wake      chan struct{}
	reason    error  // why appends are refused; nil while they are not
	broken    error  // the *ledger.Damage that stands where the log's end should be
	known     *Heads // of a snapshot, until load has looked at them
	fromHeads bool
	closed    chan struct{}
	stopped   chan struct{} // the committer has ended
}

var _ ledger.Log = (*Store)(nil)

// Option changes how a store is opened.
type Option func(*Store)

// WithLogger says where the store reports what an operator should know.
func WithLogger(l *slog.Logger) Option { return func(s *Store) { s.logger = l } }

// Err is why the store takes no more appends, nil while it takes them. Reads
// go on either way.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason
}

// MarkDamaged stops appends for good, for instance because a scrub found an
// event that is not what was appended. Appends that wait are refused; the
// group on its way to disk is finished. The first reason stays.
func (s *Store) MarkDamaged(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse(reason)
}

// refuse runs under mu.
func (s *Store) refuse(reason error) {
	if s.reason == nil {
		s.reason = reason
		s.logger.Error("the ledger takes no more events", "dir", s.dir, "reason", reason)
	}
}

// Head is the position of the last durable event.
func (s *Store) Head() ledger.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return At(s.durable)
}

// Empty reports whether nothing was ever appended.
func (s *Store) Empty(context.Context) (bool, error) { return s.Head() == ledger.Position{}, nil }

// At is the position of the event with this ordinal; on this engine both are
// the same number.
func At(ordinal uint64) ledger.Position {
	return ledger.Position{Commit: ordinal, Prepare: ordinal, Ordinal: ordinal}
}

// Close writes what was let in, moves the write-ahead log into the database
// and lets go of the directory. Readers end with an error.
func (s *Store) Close() error {
	s.mu.Lock()
	select {
	case <-s.closed:
		s.mu.Unlock()
		return nil
	default:
	}
	close(s.closed)
	s.mu.Unlock()
	<-s.stopped
	s.commit.Lock()
	defer s.commit.Unlock()
	var errs []error
	if s.writer != nil && s.Err() == nil {
		s.pool.close()
		errs = append(errs, s.checkpoint("TRUNCATE"))
	}
	errs = append(errs, s.release())
	s.pool.close()
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the ledger in %s: %w", s.dir, err)
	}
	return nil
}

// release closes the writing connection. SQLite moves the write-ahead log into
// the database when the last connection closes; the reader that load opened is
// still there, so once appends are refused the files stay as they are.
func (s *Store) release() error {
	if s.writer == nil {
		return nil
	}
	err := s.writer.close()
	s.writer = nil
	return err
}

func (s *Store) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

func newStore(dir string, opts []Option) *Store {
	s := &Store{
		dir: dir, path: filepath.Join(dir, "ledger.db"), logger: slog.New(slog.DiscardHandler),
		moved: make(chan struct{}), open: newBatch(1), wake: make(chan struct{}, 1),
		closed: make(chan struct{}), stopped: make(chan struct{}), moveAt: checkpointFirst,
	}
	for _, o := range opts {
		o(s)
	}
	s.pool = newPool(s.reader)
	return s
}

// reader opens a connection that only reads.
func (s *Store) reader() (*conn, error) {
	c, err := dial(s.path, "ro", "PRAGMA busy_timeout=10000", "PRAGMA query_only=1", "PRAGMA cache_size=-8192", "PRAGMA cell_size_check=1", "PRAGMA trusted_schema=0")
	if err != nil {
		return nil, s.unopened(fmt.Errorf("open %s for reading: %w", s.path, err))
	}
	return c, nil
}

// end is what a reader may see: everything up to a position, and what then
// stands there instead of an end.
func (s *Store) end() (uint64, <-chan struct{}, error) {
	if s.isClosed() {
		return 0, nil, errClosed()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.durable, s.moved, s.broken
}

// ends is the same for one stream.
func (s *Store) ends(stream string) (end, error) {
	if s.isClosed() {
		return nowhere, errClosed()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.heads.find(stream)
	e := s.heads.ends(h)
	if e.last > s.durable {
		e = s.under(h)
	}
	return e, s.broken
}

// under is where a stream ended that appends are under way to: what the first
// of them was let in on top of.
func (s *Store) under(h int32) end {
	for _, b := range []*batch{s.flight, s.open} {
		if b == nil {
			continue
		}
		for _, p := range b.appends {
			if p.head == h {
				return end{p.revision - 1, p.prev}
			}
		}
	}
	return nowhere
}

// wait returns once the durable head has moved on.
func (s *Store) wait(ctx context.Context, moved <-chan struct{}) error {
	select {
	case <-moved:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closed:
		return errClosed()
	}
}
