package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
)

// reading runs a read until it has come to its end. once reads on from where
// the time before it stopped and says whether it came any further; it ends
// with nil at the end and with errEnough where the reader wants no more. An
// endless read never gives up while trying again may mend it.
func (s *Store) reading(parent context.Context, endless bool, once func(context.Context, *hold) (bool, error)) error {
	ctx, cancel := until(s.open, parent)
	defer cancel()
	for tries := 1; ; tries++ {
		moved, f, err := s.readOnce(ctx, once)
		if err == nil || errors.Is(err, errEnough) {
			return err
		}
		if over := ended(ctx, parent); over != nil {
			return over
		}
		if moved {
			tries = 1
		}
		if f == final || !endless && tries > s.attempts {
			return err
		}
		if s.pause(ctx, tries) != nil {
			return ended(ctx, parent)
		}
	}
}

func (s *Store) readOnce(ctx context.Context, once func(context.Context, *hold) (bool, error)) (bool, fate, error) {
	h, err := s.enter(ctx)
	if err != nil {
		f, told := s.doubt(ctx, nil, err)
		return false, f, told
	}
	defer h.abandon()
	ctx, cancel := context.WithCancel(toLeader(ctx))
	defer cancel()
	moved, err := once(ctx, h)
	if err == nil || errors.Is(err, errEnough) {
		return moved, final, err
	}
	f, told := s.doubt(ctx, h, err)
	return moved, f, told
}

// Stream implements ledger.Log. Events that lack in the middle, or at the
// beginning, are damage: somebody truncated the stream on the cluster.
func (s *Store) Stream(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		r := &streamReader{Store: s, stream: stream, next: max(from, 0), yield: yield}
		if err := s.reading(ctx, false, r.once); err != nil && !errors.Is(err, errEnough) {
			yield(ledger.Recorded{}, fmt.Errorf("read %s: %w", stream, err))
		}
	}
}

type streamReader struct {
	*Store
	stream string
	next   int64 // the revision that comes next
	begun  bool  // some event was delivered
	yield  func(ledger.Recorded, error) bool
}

func (r *streamReader) once(ctx context.Context, h *hold) (moved bool, err error) {
	f := newFeed(ctx, h, func(ctx context.Context, c *es.Client) (source, error) {
		opts := es.ReadStreamOptions{Direction: es.Forwards, From: es.Revision(uint64(r.next)), RequiresLeader: true}
		return events(c.ReadStream(ctx, r.stream, opts, math.MaxInt64))
	})
	for {
		m, err := f.next(ctx, r.patient(ctx))
		switch {
		case errors.Is(err, io.EOF):
			r.found()
			return moved, nil
		case isNotThere(err) && r.begun:
			return moved, &ledger.Damage{Why: fmt.Sprintf("%s was deleted on the cluster while it was read", r.stream)}
		case isNotThere(err):
			r.found()
			return moved, nil
		case err != nil:
			return moved, err
		case m.kind == opened:
			continue
		}
		r.found()
		if m.event.Stream != r.stream || m.event.Revision != r.next {
			return moved, &ledger.Damage{Why: fmt.Sprintf("%s has %s %d where its revision %d should be: it was truncated or cleaned up on the cluster", r.stream, m.event.Stream, m.event.Revision, r.next)}
		}
		r.next++
		r.begun, moved = true, true
		if !r.yield(m.event, nil) {
			return moved, errEnough
		}
	}
}

// isNotThere: the stream never was, or none of it is left. A follower that
// cannot name its leader answers with the same code, as a status.
func isNotThere(err error) bool {
	e, ok := errors.AsType[*es.Error](err)
	if !ok || e.Code() != es.ErrorCodeResourceNotFound {
		return false
	}
	code, _ := said(err)
	return code != codes.NotFound
}

// events are what a read brings.
func events(r *es.ReadStream, err error) (source, error) {
	if err != nil {
		return nil, err
	}
	return func() (message, error) {
		e, err := r.Recv()
		if err != nil {
			return message{}, err
		}
		return event(e)
	}, nil
}

func event(e *es.ResolvedEvent) (message, error) {
	if e == nil || e.OriginalEvent() == nil {
		return message{}, errHollow
	}
	return message{kind: happened, event: recorded(e.OriginalEvent())}, nil
}

// end is the position of the last event on the cluster, whoever's it is; the
// zero Position where there is none.
func (s *Store) end(ctx context.Context) (end ledger.Position, err error) {
	err = s.reading(ctx, false, func(ctx context.Context, h *hold) (bool, error) {
		end, err = s.endOf(ctx, h)
		return err == nil, err
	})
	return end, err
}

// endOf is what end is on one node.
func (s *Store) endOf(ctx context.Context, h *hold) (last ledger.Position, err error) {
	f := newFeed(ctx, h, func(ctx context.Context, c *es.Client) (source, error) {
		return events(c.ReadAll(ctx, es.ReadAllOptions{Direction: es.Backwards, From: es.End{}, RequiresLeader: true}, 1))
	})
	for {
		m, err := f.next(ctx, s.patient(ctx))
		if errors.Is(err, io.EOF) {
			s.found()
			return last, nil
		}
		if err != nil {
			return last, err
		}
		if m.kind == happened {
			last = m.event.Position
		}
	}
}
