package esdb

import (
	"context"
	"fmt"
	"time"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// The first version whose subscriptions always say when they have caught up,
// and which fall back to catching up when the reader is slow.
const needMajor, needMinor = 24, 2

// enter gives the link of the moment, entered, once it has found its node.
func (s *Store) enter(ctx context.Context) (*hold, error) {
	h, err := s.hold()
	if err != nil {
		return nil, err
	}
	select {
	case <-h.ready:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err == nil {
		err = h.err
	}
	if err != nil {
		h.leave()
		return nil, err
	}
	return h, nil
}

// hold enters the current link, or a new one where that takes no more calls.
func (s *Store) hold() (*hold, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed {
		return nil, errClosed()
	}
	if s.current != nil {
		if h := s.current.enter(); h != nil {
			return h, nil
		}
	}
	l, err := newLink(s.config, s.fromClient, s.grace)
	if err != nil {
		return nil, err
	}
	s.current = l
	h, discovering := l.enter(), l.enter() // both now: a link whose discovery has failed takes no more
	s.aside(func() { s.discover(l, discovering) })
	return h, nil
}

// discover has the client find its node, for which it may need as long as
// every node of the connection string keeps it waiting.
func (s *Store) discover(l *link, h *hold) {
	defer h.leave()
	defer close(l.ready)
	v, err := version(l.client)
	switch {
	case err != nil && holds(err.Error(), "version format"): // the client takes numbers only
		l.err = errOld("?").Because(err)
	case err != nil:
		l.err = err
	case v.Major < needMajor || v.Major == needMajor && v.Minor < needMinor:
		l.err = errOld(fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch))
	default:
		s.logger.Debug("connected to a node of the cluster", "cluster", s.at, "version", fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch))
		return
	}
	l.retire(s.grace)
}

func version(c *es.Client) (v *es.ServerVersion, err error) {
	defer caught(&err)
	return c.GetServerVersion()
}

// toLeader asks the node to pass the call to nobody and to serve it only as
// the leader, so that what was appended is read. The client means to say so
// too, but says it to itself.
func toLeader(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "requires-leader", "true")
}

// doubt takes what a call ended with, on a link or before it had one, and
// gives what to do. A link that may be the reason takes no further calls; one
// whose call was ended by the caller's own context is not the reason, though
// the server may have kept the deadline a little sooner than we did.
func (s *Store) doubt(ctx context.Context, h *hold, err error) (fate, error) {
	f, told := judge(err)
	if f == final {
		return final, told
	}
	if ctx.Err() != nil {
		return final, ctx.Err()
	}
	if code, _ := said(err); h != nil && code == codes.DeadlineExceeded && s.patient(ctx) == 0 {
		return final, context.DeadlineExceeded
	}
	if h != nil && f == renew {
		h.retire(s.grace)
	}
	s.lost(err)
	return f, told
}

// lost and found report an outage once and its end once, however many calls
// meet it.
func (s *Store) lost(err error) {
	if s.out.CompareAndSwap(false, true) {
		s.logger.Warn("the cluster cannot be reached; trying again until it can", "cluster", s.at, "error", err)
	}
}

func (s *Store) found() {
	if s.out.Load() && s.out.CompareAndSwap(true, false) {
		s.logger.Info("the cluster can be reached again", "cluster", s.at)
	}
}

// pause waits before the next try.
func (s *Store) pause(ctx context.Context, tries int) error {
	t := time.NewTimer(s.backoff(tries))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// until is the caller's context, which ends besides when over does, with its
// cause.
func until(over, parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	stop := context.AfterFunc(over, func() { cancel(context.Cause(over)) })
	return ctx, func() { stop(); cancel(nil) }
}

// ended is why ctx, which until made of parent, has ended; nil while it has
// not.
func ended(ctx, parent context.Context) error {
	if err := parent.Err(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// patient is how long to wait for an answer where the caller set no deadline,
// else 0.
func (s *Store) patient(ctx context.Context) time.Duration {
	if _, ok := ctx.Deadline(); ok {
		return 0
	}
	return s.patience
}
