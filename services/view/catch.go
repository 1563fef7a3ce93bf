package view

import (
	"context"
	"fmt"
	"iter"
	"reflect"

	"suyuan/services/ledger"
)

// readEvent is an event of the log as it is to be folded: what needs nothing
// but the event itself is done before its turn comes.
type readEvent struct {
	ledger.Recorded
	meta  ledger.Meta
	event any
	fold  fold
	err   error
}

func read(events *ledger.Catalogue, e ledger.Recorded) readEvent {
	out := readEvent{Recorded: e}
	if out.meta, out.err = ledger.ParseMeta(e.Record); out.err == nil {
		out.event, out.err = events.Decode(e.Record, out.meta.Version)
	}
	if out.err != nil {
		out.err = fmt.Errorf("ordinal %d: %w", e.Position.Ordinal, out.err)
		return out
	}
	out.fold = folds[reflect.TypeOf(out.event)]
	return out
}

// A long log is caught up with on several processors: one reads batches from
// the log, others take their JSON apart, and the caller folds them in order.
const (
	batchEvents = 256
	batchBytes  = 1 << 20
	batchAhead  = 8 // batches read and not yet folded
)

type batch struct {
	events []readEvent
	bytes  int
	err    error         // why the log ended after them
	ready  chan struct{} // closed when the events are taken apart
}

func newBatch() *batch {
	return &batch{events: make([]readEvent, 0, batchEvents), ready: make(chan struct{})}
}

func (b *batch) full() bool { return len(b.events) == batchEvents || b.bytes >= batchBytes }

func (b *batch) decode(events *ledger.Catalogue) {
	for i := range b.events {
		b.events[i] = read(events, b.events[i].Recorded)
	}
	close(b.ready)
}

// Catch folds everything the log holds behind what is folded already.
func (v *View) Catch(ctx context.Context, log ledger.Log) error {
	reading, stop := context.WithCancel(ctx)
	ahead := make(chan *batch, batchAhead)
	go batches(log.All(reading, v.Position()), v.events, ahead)
	var err error
	for b := range ahead { // to its end, so that nothing goes on behind our back
		<-b.ready
		if err != nil {
			continue
		}
		if err = v.applyAll(b.events); err == nil {
			err = b.err
		}
		if err != nil {
			stop()
		}
	}
	stop()
	return foldFailed(ctx, err)
}

// batches sends the events of a log ahead of the fold, in order, and how it
// ended.
func batches(events iter.Seq2[ledger.Recorded, error], known *ledger.Catalogue, ahead chan<- *batch) {
	defer close(ahead)
	b := newBatch()
	send := func() {
		ahead <- b
		go b.decode(known)
		b = newBatch()
	}
	for e, err := range events {
		if err != nil {
			b.err = err
			break
		}
		b.events = append(b.events, readEvent{Recorded: e})
		b.bytes += len(e.Data) + len(e.Meta)
		if b.full() {
			send()
		}
	}
	send()
}

// Follow folds the log as it grows, until ctx ends or an event is not good.
func (v *View) Follow(ctx context.Context, log ledger.Log) error {
	for e, err := range log.Subscribe(ctx, v.Position()) {
		if err == nil {
			err = v.Apply(e)
		}
		v.tidy()
		if err != nil {
			return foldFailed(ctx, err)
		}
	}
	return ctx.Err()
}

// foldFailed: a reader that leaves is no fault of the events.
func foldFailed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("fold: %w", err)
}
