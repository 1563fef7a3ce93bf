package esdb

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"suyuan/services/ledger"
)

// Store is a ledger.Log on a cluster. Positions that Append and Stream give
// have no ordinal; those of All and Subscribe count on from where the reader
// starts, so that a reader must start at the beginning or where a reader was.
type Store struct {
	*connection
	logger *slog.Logger
	own    owner

	backoff func(tries int) time.Duration // before the next try
	grace   time.Duration                 // for calls under way on a link that is retired, and on Close
	aside   func(func())                  // runs what nobody waits for

	mu       sync.Mutex
	current  *link
	reason   error // why appends are refused; nil while they are not
	isClosed bool
	appends  sync.WaitGroup // under way; added to under mu while not closed

	open    context.Context // ends when no call begins any more and reads end
	shut    context.CancelCauseFunc
	running context.Context // ends when appends under way are left behind
	stop    context.CancelCauseFunc
	out     atomic.Bool // the cluster could not be reached when last tried
}

var _ ledger.Log = (*Store)(nil)

// Option changes how a store is opened.
type Option func(*Store)

// WithLogger says where the store reports what an operator should know.
func WithLogger(l *slog.Logger) Option { return func(s *Store) { s.logger = l } }

// WithCategories names the ledger's own streams by their categories, which is
// what stands before the first dash of a stream's name. Events of any other
// stream are passed over, on the cluster already. Without this option every
// stream is the ledger's own but those whose name begins with a dollar sign.
func WithCategories(names ...string) Option {
	return func(s *Store) { s.own = newOwner(names) }
}

// Open connects to the cluster that the connection string names, as the
// client's documentation describes it (esdb:// and esdb+discover://, several
// nodes, user:password@, tls, tlsCAFile, userCertFile, userKeyFile, …), and
// looks whether the ledger's account may read there. Its errors say what to
// do, and never repeat the password.
func Open(ctx context.Context, text string, opts ...Option) (*Store, error) {
	c, err := parse(text)
	if err != nil {
		return nil, err
	}
	s := &Store{connection: c, logger: slog.New(slog.DiscardHandler), backoff: doubling, grace: 5 * time.Second, aside: func(f func()) { go f() }}
	s.open, s.shut = context.WithCancelCause(context.Background())
	s.running, s.stop = context.WithCancelCause(context.Background())
	for _, o := range opts {
		o(s)
	}
	if err := s.own.check(); err != nil {
		return nil, err
	}
	if s.unproven {
		s.logger.Warn("the cluster's certificate is not checked: anybody between can read and change what is exchanged; take tlsVerifyCert=false out", "cluster", s.at)
	}
	if _, err := s.end(ctx); err != nil {
		_ = s.Close()
		return nil, atOpening(s.at, err)
	}
	return s, nil
}

// doubling waits from 50 ms to 2 s, half of it by chance, so that those who
// lost the cluster at the same moment do not all come back at the same moment.
func doubling(tries int) time.Duration {
	d := min(50*time.Millisecond<<min(tries, 6), 2*time.Second)
	return d/2 + rand.N(d/2)
}

// fromClient takes what the client wants logged. To it every call that ends is
// an error, so none of it is worth an operator's eye.
func (s *Store) fromClient(_ string, format string, args ...any) {
	if s.logger.Enabled(context.Background(), slog.LevelDebug) {
		s.logger.Debug("EventStoreDB client: " + fmt.Sprintf(format, args...))
	}
}

// Err is why the store takes no more appends, nil while it takes them. Reads
// go on either way.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason
}

// MarkDamaged stops appends through this store for good, for instance because
// a scrub found an event that is not what was appended. Appends under way are
// finished. The first reason stays.
func (s *Store) MarkDamaged(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason == nil {
		s.reason = reason
		s.logger.Error("the ledger takes no more events", "cluster", s.at, "reason", reason)
	}
}

// Empty reports whether the log holds no event of the ledger's own.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	for _, err := range s.All(ctx, ledger.Position{}) {
		return false, err
	}
	return true, nil
}

// Close lets go of the cluster. Readers end with an error; appends under way
// are given a moment to finish, and then their outcome is open.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.isClosed {
		s.mu.Unlock()
		return nil
	}
	s.isClosed = true
	s.shut(errClosed())
	l := s.current
	s.mu.Unlock()

	finished := make(chan struct{})
	go func() { s.appends.Wait(); close(finished) }()
	t := time.NewTimer(s.grace)
	defer t.Stop()
	select {
	case <-finished:
	case <-t.C:
	}
	s.stop(errClosed())
	if l != nil {
		l.retire(s.grace)
	}
	return nil
}

// begin counts an append, unless there must be none.
func (s *Store) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.isClosed:
		return errClosed()
	case s.reason != nil:
		return errReadOnly(s.reason)
	}
	s.appends.Add(1)
	return nil
}
