package esdb

import (
	"context"
	"time"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"suyuan/services/ledger"
)

// ahead is how many messages are received before anybody asks for them.
const ahead = 64

// message is one thing a read or a subscription brings.
type message struct {
	kind  kind
	event ledger.Recorded // of a checkpoint, its position alone
}

type kind uint8

const (
	opened kind = iota // the server has taken the call
	happened
	checkpoint
	caughtUp
	other
)

// source receives the messages of one call, io.EOF behind the last.
type source func() (message, error)

// feed receives in a goroutine of its own, so that whoever waits can go. A
// reader that is slow holds up the feed, which holds up the server.
type feed struct {
	hold *hold
	out  chan message
	err  error // once out is closed
}

func newFeed(ctx context.Context, h *hold, open func(context.Context, *es.Client) (source, error)) *feed {
	f := &feed{hold: h, out: make(chan message, ahead)}
	go func() {
		defer h.leave()
		defer close(f.out)
		defer caught(&f.err)
		f.err = f.receive(ctx, open)
	}()
	return f
}

func (f *feed) receive(ctx context.Context, open func(context.Context, *es.Client) (source, error)) error {
	inside, out, err := f.hold.begin(ctx)
	if err != nil {
		return err
	}
	defer out()
	next, err := open(inside, f.hold.client)
	out()
	m := message{kind: opened}
	for ; err == nil; m, err = next() {
		select {
		case f.out <- m:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// next is the next message. It waits no longer than patience, where that is
// not 0.
func (f *feed) next(ctx context.Context, patience time.Duration) (message, error) {
	if err := ctx.Err(); err != nil {
		return message{}, err
	}
	select {
	case m, ok := <-f.out:
		return f.got(m, ok)
	default:
	}
	var late <-chan time.Time
	if patience > 0 {
		t := time.NewTimer(patience)
		defer t.Stop()
		late = t.C
	}
	select {
	case m, ok := <-f.out:
		return f.got(m, ok)
	case <-ctx.Done():
		return message{}, ctx.Err()
	case <-f.hold.stale:
		return message{}, errStale
	case <-late:
		return message{}, errNoAnswer
	}
}

func (f *feed) got(m message, ok bool) (message, error) {
	if !ok {
		return message{}, f.err
	}
	return m, nil
}

// recorded is an event as the ledger knows it, without its ordinal. The bytes
// are the event's own.
func recorded(e *es.RecordedEvent) ledger.Recorded {
	return ledger.Recorded{
		Record:   ledger.Record{ID: ledger.ID(e.EventID), Type: e.EventType, Data: e.Data, Meta: e.UserMetadata},
		Stream:   e.StreamID,
		Revision: int64(e.EventNumber),
		Position: ledger.Position{Commit: e.Position.Commit, Prepare: e.Position.Prepare},
	}
}
