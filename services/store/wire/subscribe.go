package wire

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
)

// subscribe follows a stream or $all: what is there, CaughtUp, and from then
// on what is appended. What is sent waits for the reader; nothing is kept for
// one that is slow, it goes on reading the log from where it is.
func (a *answer) subscribe(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-ctx.Done():
		case <-a.stopping:
			callOf(ctx).end(errStopping)
			cancel(errStopping)
		}
	}()
	err := a.follow(ctx)
	// A context that is done says why only through its cause.
	if errors.Is(err, context.Canceled) {
		return context.Cause(ctx)
	}
	return err
}

var errStopping = say(codes.Unavailable, "服务正在停止；请稍后从上次的位置续订。", "The server is stopping; subscribe again later from the last position.")

func (a *answer) follow(ctx context.Context) error {
	// The end is looked up before the confirmation, so that a subscription
	// from the end gets whatever is appended once the reader has that.
	head, err := a.head(ctx)
	if err != nil {
		return err
	}
	confirmed := &streams.ReadResp_Confirmation{Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: newID()}}
	if err := a.out.SendMsg(&streams.ReadResp{Content: confirmed}); err != nil {
		return err
	}
	t := &trail{answer: a, last: a.position, revision: -1}
	live := head
	switch {
	case a.from == end:
		t.last = head
	case a.stream == "":
		err = t.pass(a.log.All(ctx, a.position))
		live = t.last
	default:
		if a.from == there {
			t.revision = a.revision
		}
		err = t.pass(a.log.Stream(ctx, a.stream, t.revision+1))
	}
	if err == nil {
		err = t.caughtUp()
	}
	if err != nil {
		return err
	}
	return t.pass(a.log.Subscribe(ctx, live))
}

// trail is how far a subscription has come.
type trail struct {
	*answer
	last       ledger.Position // of the last event considered, or the start
	revision   int64           // of the last event of the stream, or the start
	considered uint64          // since the last checkpoint
	unmarked   bool            // last lies behind the last checkpoint and the start
}

func (t *trail) pass(events iter.Seq2[ledger.Recorded, error]) error {
	for e, err := range events {
		if err != nil {
			return err
		}
		if err := t.take(&e); err != nil {
			return err
		}
	}
	return nil
}

func (t *trail) take(e *ledger.Recorded) error {
	if t.stream != "" {
		if e.Stream != t.stream || e.Revision <= t.revision || !t.visible(e) {
			return nil
		}
		t.revision = e.Revision
		return t.send(e)
	}
	if !t.visible(e) {
		return nil
	}
	t.last, t.unmarked = e.Position, true
	if t.filter.passes(e) {
		if err := t.send(e); err != nil {
			return err
		}
	}
	if t.filter == nil {
		return nil
	}
	if t.considered++; t.considered < t.filter.every {
		return nil
	}
	return t.checkpoint()
}

// checkpoint tells how far the filter has looked, unless it was told before.
func (t *trail) checkpoint() error {
	t.considered = 0
	if !t.unmarked {
		return nil
	}
	t.unmarked = false
	return t.out.SendMsg(&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{Checkpoint: &streams.ReadResp_Checkpoint{
		CommitPosition: t.last.Commit, PreparePosition: t.last.Prepare,
	}}})
}

func (t *trail) caughtUp() error {
	if t.filter != nil {
		if err := t.checkpoint(); err != nil {
			return err
		}
	}
	return t.out.SendMsg(&streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}})
}

// head is the position of the log's last event.
func (s *Streams) head(ctx context.Context) (ledger.Position, error) {
	if log, ok := s.log.(interface{ Head() ledger.Position }); ok {
		return log.Head(), nil
	}
	s.known.Lock()
	at := s.end
	s.known.Unlock()
	for e, err := range s.log.All(ctx, at) {
		if err != nil {
			return at, err
		}
		at = e.Position
	}
	s.known.Lock()
	defer s.known.Unlock()
	if at.After(s.end) {
		s.end = at
	}
	return at, nil
}

// newID names a subscription, for the reader alone.
func newID() string {
	var id ledger.ID
	_, _ = rand.Read(id[:]) // never fails
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}
