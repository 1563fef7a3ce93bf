package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"fmt"

	"suyuan/services/ledger"
)

// A group takes this much; whoever comes later waits until it is on its way.
const (
	batchEvents = 8192
	batchBytes  = 32 << 20
)

// batch is a group of appends that share one transaction.
type batch struct {
	first   uint64 // ordinal of its first event
	appends []*pending
	events  int
	bytes   int
	taken   chan struct{} // closed when it takes no more
	done    chan struct{} // closed when err is settled
	err     error
}

func newBatch(first uint64) *batch {
	return &batch{first: first, taken: make(chan struct{}), done: make(chan struct{})}
}

func (b *batch) full() bool { return b.events >= batchEvents || b.bytes >= batchBytes }

// pending is one append that was let in.
type pending struct {
	stream   string
	head     int32  // row of its stream
	revision int64  // of its first event
	position uint64 // of its first event
	prev     uint64
	records  []sealed
	batch    *batch
}

func (p *pending) last() uint64 { return p.position + uint64(len(p.records)) - 1 }

// sealed is a record of our own, which no caller can change any more.
type sealed struct {
	id         ledger.ID
	typ        string
	data, meta string
	hash       ledger.Hash // zero where it carries none
	hashed     bool
}

func seal(events []ledger.Record) (out []sealed, size int) {
	out = make([]sealed, len(events))
	for i, e := range events {
		h, err := ledger.HashOf(e)
		out[i] = sealed{e.ID, e.Type, string(e.Data), string(e.Meta), h, err == nil}
		size += len(e.Data) + len(e.Meta)
	}
	return out, size
}

func (r *sealed) mark(stream string, revision int64) ledger.Hash {
	if r.hashed {
		return r.hash
	}
	return mark(stream, revision, ledger.Record{ID: r.id, Type: r.typ, Data: []byte(r.data), Meta: []byte(r.meta)})
}

// Append implements ledger.Log.
func (s *Store) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	wait, err := s.Queue(ctx, stream, expect, events...)
	if err != nil {
		return ledger.Position{}, err
	}
	return wait(ctx)
}

// Queue is Append in two parts: it returns once the append is let in, behind
// all that were let in before it, and wait gives what Append would have given.
// So one caller's appends keep their order and share a sync. Until wait has
// returned without an error the caller may not count on it; if it gives one,
// whatever had been let in behind it when it failed has failed too. What is let
// in after that stands on its own and may be on record, though nobody has
// waited for the one that failed: a caller whose second append must not be
// there without his first waits in between. Whoever does not wait does not
// know.
func (s *Store) Queue(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (wait func(context.Context) (ledger.Position, error), err error) {
	if err := ledger.CheckAppend(stream, events); err != nil {
		return nil, fmt.Errorf("append to %.40q: %w", stream, err)
	}
	records, size := seal(events)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p, until, behind, err := s.admit(stream, expect, records, size)
		switch {
		case err != nil:
			return nil, fmt.Errorf("append to %s: %w", stream, err)
		case behind != nil:
			at, err := s.repeat(ctx, stream, *behind, expect, events)
			return func(context.Context) (ledger.Position, error) { return at, nil }, err
		case p != nil:
			return p.result, nil
		}
		select {
		case <-until:
		case <-ctx.Done():
		}
	}
}

func (p *pending) result(ctx context.Context) (ledger.Position, error) {
	select {
	case <-p.batch.done:
	case <-ctx.Done():
		select {
		case <-p.batch.done:
		default:
			return ledger.Position{}, fmt.Errorf("append to %s: %w", p.stream, errLeft(ctx.Err()))
		}
	}
	if p.batch.err != nil {
		return ledger.Position{}, fmt.Errorf("append to %s: %w", p.stream, p.batch.err)
	}
	return At(p.last()), nil
}

// admit lets the append into the open group if the stream ends where the
// writer believes, counting what is not durable yet. Otherwise it says what
// to wait for, or that the stream is durably further on (its end).
func (s *Store) admit(stream string, expect ledger.Expect, records []sealed, size int) (*pending, <-chan struct{}, *end, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.isClosed():
		return nil, nil, nil, errClosed()
	case s.reason != nil:
		return nil, nil, nil, errReadOnly(s.reason)
	}
	h := s.heads.find(stream)
	at := s.heads.ends(h)
	switch {
	case at.last > s.durable && int64(expect) != at.revision:
		// Who loses against an append that is not durable yet is told once it
		// is: told earlier, it would read the stream and see nothing new.
		if at.last >= s.open.first {
			return nil, s.open.done, nil, nil
		}
		return nil, s.flight.done, nil, nil
	case expect < ledger.NoStream || int64(expect) > at.revision:
		return nil, nil, nil, ledger.ErrWrongRevision
	case int64(expect) < at.revision:
		return nil, nil, &at, nil
	case s.open.full() || s.open.events > 0 && s.open.bytes+size > batchBytes:
		return nil, s.open.taken, nil, nil
	}
	if h == unknown {
		h = s.heads.add(stream, nowhere)
	}
	p := &pending{stream: stream, head: h, revision: at.revision + 1, position: s.admitted + 1, prev: at.last, records: records, batch: s.open}
	s.admitted = p.last()
	s.heads.at(h).end = end{at.revision + int64(len(records)), s.admitted}
	s.open.appends = append(s.open.appends, p)
	s.open.events += len(records)
	s.open.bytes += size
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return p, nil, nil, nil
}

// repeat answers an append whose place is already taken: by the same events,
// which makes it a repeat, or by others.
func (s *Store) repeat(ctx context.Context, stream string, at end, expect ledger.Expect, events []ledger.Record) (ledger.Position, error) {
	from, to := int64(expect)+1, int64(expect)+int64(len(events))
	if at.revision < to {
		return ledger.Position{}, fmt.Errorf("append to %s: %w", stream, ledger.ErrWrongRevision)
	}
	positions, err := s.walk(ctx, stream, at, from)
	if err != nil {
		return ledger.Position{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	positions = positions[:len(events)]
	for i, p := range positions {
		var id []byte
		err := s.pool.with(func(c *conn) error {
			return c.query("SELECT id FROM events WHERE position = ?", []driver.Value{int64(p)}, func(v []driver.Value) bool { id, _ = v[0].([]byte); return false })
		})
		if err == nil && !bytes.Equal(id, events[i].ID[:]) {
			err = ledger.ErrWrongRevision
		}
		if err != nil {
			return ledger.Position{}, fmt.Errorf("append to %s: %w", stream, err)
		}
	}
	return At(positions[len(positions)-1]), nil
}
