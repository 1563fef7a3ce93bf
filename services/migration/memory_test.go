package migration_test

import (
	"context"
	"iter"
	"slices"

	"suyuan/services/ledger"
)

// memory is a log for properties that need many of them, with the expected
// revisions and repeats of ledger.Log's contract. One writer at a time.
type memory struct {
	ledger.Log // nobody subscribes
	events     []ledger.Recorded
	streams    map[string][]int // where each event of a stream stands
}

func newMemory() *memory { return &memory{streams: map[string][]int{}} }

func (m *memory) Append(_ context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	past, at := m.streams[stream], int(expect)+1
	if at < len(past) && at+len(events) <= len(past) { // a repeat, or somebody else's
		for i, e := range events {
			if m.events[past[at+i]].ID != e.ID {
				return ledger.Position{}, ledger.ErrWrongRevision
			}
		}
		return m.events[past[at+len(events)-1]].Position, nil
	}
	if at != len(past) {
		return ledger.Position{}, ledger.ErrWrongRevision
	}
	for i, e := range events {
		n := uint64(len(m.events) + 1)
		e.Data, e.Meta = slices.Clone(e.Data), slices.Clone(e.Meta)
		m.streams[stream] = append(m.streams[stream], len(m.events))
		m.events = append(m.events, ledger.Recorded{Record: e, Stream: stream, Revision: int64(at + i), Position: ledger.Position{Commit: 100 * n, Prepare: 100*n + 1, Ordinal: n}})
	}
	return m.events[len(m.events)-1].Position, nil
}

func (m *memory) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for _, e := range m.events[after.Ordinal:] {
			if ctx.Err() != nil {
				yield(ledger.Recorded{}, ctx.Err())
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}
