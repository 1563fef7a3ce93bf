package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"suyuan/services/ledger"
)

// searchWindow is how many events the cluster looks at for each page of a
// filtered read, and how often it then says how far it has come.
const searchWindow = 1000

// All implements ledger.Log. A read of $all cannot be filtered by the client,
// a subscription can: All is one that ends where the log ended when it began,
// so it also ends while others go on appending.
func (s *Store) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		err := s.all(ctx, &allReader{Store: s, at: after, yield: yield})
		if err != nil && !errors.Is(err, errEnough) {
			yield(ledger.Recorded{}, fmt.Errorf("read the log: %w", err))
		}
	}
}

func (s *Store) all(ctx context.Context, r *allReader) error {
	end, err := s.end(ctx)
	if err != nil || !end.After(r.at) {
		return err
	}
	r.end = end
	return s.reading(ctx, false, r.once)
}

// Subscribe implements ledger.Log. It goes on by itself when the connection,
// the leader or the cluster is lost, from the last event it delivered or the
// last place the cluster said it had looked up to. It ends only with ctx or
// where trying again mends nothing: the account is not accepted, what is
// stored is damaged, the store is closed.
func (s *Store) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		r := &allReader{Store: s, at: after, live: true, yield: yield}
		if err := s.reading(ctx, true, r.once); err != nil && !errors.Is(err, errEnough) {
			yield(ledger.Recorded{}, fmt.Errorf("follow the log: %w", err))
		}
	}
}

// allReader is how far a reader has come in the log.
type allReader struct {
	*Store
	at    ledger.Position // everything up to here is done with; the ordinal is that of the last own event
	end   ledger.Position // where to stop
	live  bool            // never
	yield func(ledger.Recorded, error) bool
}

func (r *allReader) once(ctx context.Context, h *hold) (moved bool, err error) {
	f := newFeed(ctx, h, func(ctx context.Context, c *es.Client) (source, error) {
		opts := es.SubscribeToAllOptions{From: es.Start{}, MaxSearchWindow: searchWindow, CheckpointInterval: 1, Filter: r.own.filter(), RequiresLeader: true}
		if r.at.Commit != 0 || r.at.Prepare != 0 {
			opts.From = es.Position{Commit: r.at.Commit, Prepare: r.at.Prepare}
		}
		return notices(c.SubscribeToAll(ctx, opts))
	})
	wait := r.patient(ctx)
	for {
		m, err := f.next(ctx, wait)
		if err != nil {
			return moved, err
		}
		if m.kind == opened {
			if r.live {
				wait = 0 // however long nothing happens
			}
			continue
		}
		r.found()
		further, over, err := r.take(m)
		moved = moved || further
		if err == nil && over && m.kind == caughtUp {
			err = r.whole(ctx, h)
		}
		if err != nil || over {
			return moved, err
		}
	}
}

// take deals with a message: whether it came from further on, and whether the
// reader has come to its end.
func (r *allReader) take(m message) (further, over bool, err error) {
	if m.kind == caughtUp {
		return false, !r.live, nil
	}
	p := m.event.Position
	switch {
	case m.kind == other || !p.After(r.at) || m.kind == checkpoint && p.Commit > math.MaxInt64:
		return false, false, nil // seen before a connection was lost, or no place in the log
	case !r.live && m.kind == happened && p.After(r.end):
		return false, true, nil // was appended since
	}
	r.at.Commit, r.at.Prepare = p.Commit, p.Prepare
	if m.kind == happened && r.own.owns(m.event.Stream) {
		r.at.Ordinal++
		m.event.Position = r.at
		if !r.yield(m.event, nil) {
			return true, true, errEnough
		}
	}
	return true, !r.live && !r.end.After(r.at), nil
}

// whole looks whether the node that has no more to tell has the log as far as
// it is to be read. It seldom tells of the last events, which are others'; but
// a leader that was cut off and has not noticed has never had them, and ours
// may be among them.
func (r *allReader) whole(ctx context.Context, h *hold) error {
	if !r.end.After(r.at) {
		return nil
	}
	same := h.enter()
	if same == nil {
		return errStale
	}
	defer same.abandon()
	end, err := r.endOf(ctx, same)
	if err == nil && r.end.After(end) {
		return errBehind
	}
	return err
}

// notices are what a subscription brings. It has no end of its own.
func notices(sub *es.Subscription, err error) (source, error) {
	if err != nil {
		return nil, err
	}
	return func() (message, error) {
		switch n := sub.Recv(); {
		case n.EventAppeared != nil:
			return event(n.EventAppeared)
		case n.CheckPointReached != nil:
			p := n.CheckPointReached
			return message{kind: checkpoint, event: ledger.Recorded{Position: ledger.Position{Commit: p.Commit, Prepare: p.Prepare}}}, nil
		case n.CaughtUp != nil:
			return message{kind: caughtUp}, nil
		case n.SubscriptionDropped == nil:
			return message{kind: other}, nil
		case n.SubscriptionDropped.Error == nil || errors.Is(n.SubscriptionDropped.Error, io.EOF):
			return message{}, errDropped
		default:
			return message{}, n.SubscriptionDropped.Error
		}
	}, nil
}
