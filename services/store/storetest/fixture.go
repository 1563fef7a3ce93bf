package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"testing"

	"suyuan/services/ledger"
)

// writer appends to one stream and seals as the desk does.
type writer struct {
	stream string
	next   int64
	hash   ledger.Hash
}

func newWriter(stream string) *writer { return &writer{stream: stream} }

// records makes n sealed events that follow what the writer has appended.
func (w *writer) records(n int, label string) []ledger.Record {
	out, prev := make([]ledger.Record, n), w.hash
	for i := range out {
		out[i], prev = sealed(w.stream, w.next+int64(i), prev, label, fmt.Sprintf(`{"label":%q,"i":%d}`, label, i))
	}
	return out
}

func (w *writer) append(ctx context.Context, log ledger.Log, records ...ledger.Record) (ledger.Position, error) {
	p, err := log.Append(ctx, w.stream, ledger.Exactly(w.next-1), records...)
	if err == nil {
		w.next += int64(len(records))
		w.hash, _ = ledger.HashOf(records[len(records)-1])
	}
	return p, err
}

// must appends n events one at a time.
func (w *writer) must(t *testing.T, log ledger.Log, n int) (last ledger.Position) {
	t.Helper()
	for range n {
		p, err := w.append(t.Context(), log, w.records(1, "one")...)
		if err != nil {
			t.Fatalf("append to %s: %v", w.stream, err)
		}
		last = p
	}
	return last
}

func sealed(stream string, revision int64, prev ledger.Hash, key, data string) (ledger.Record, ledger.Hash) {
	r, h, err := ledger.Seal(prev, stream, revision, ledger.Record{
		ID: ledger.EventID(stream, key, int(revision)), Type: "test.happened",
		Data: json.RawMessage(data), Meta: json.RawMessage(fmt.Sprintf(`{"name":%q}`, key)),
	})
	if err != nil {
		panic(err) // the fixture is wrong, not the log
	}
	return r, h
}

// read collects a sequence to its end.
func read(t *testing.T, seq iter.Seq2[ledger.Recorded, error]) []ledger.Recorded {
	t.Helper()
	events, err := collect(seq)
	if err != nil {
		t.Fatalf("read: %v after %d events", err, len(events))
	}
	return events
}

// collect also holds every iterator to ending with its error.
func collect(seq iter.Seq2[ledger.Recorded, error]) (events []ledger.Recorded, err error) {
	for e, failed := range seq {
		if err != nil {
			return events, fmt.Errorf("the iterator went on after its error: %w", err)
		}
		if err = failed; err == nil {
			events = append(events, e)
		}
	}
	return events, err
}

func same(a, b ledger.Record) bool {
	return a.ID == b.ID && a.Type == b.Type && bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta)
}

// holds checks that a stream has exactly these events, byte for byte.
func holds(t *testing.T, log ledger.Log, stream string, want ...ledger.Record) {
	t.Helper()
	got := read(t, log.Stream(t.Context(), stream, 0))
	if len(got) != len(want) {
		t.Fatalf("%s has %d events, want %d", stream, len(got), len(want))
	}
	for i, e := range got {
		if e.Stream != stream || e.Revision != int64(i) || !same(e.Record, want[i]) {
			t.Fatalf("%s %d: got %s %d %s %s %s, want %s %s %s", stream, i, e.Stream, e.Revision, e.ID, e.Data, e.Meta, want[i].ID, want[i].Data, want[i].Meta)
		}
	}
}

// inOrder checks a run of the log: ordinals count on from one, positions rise,
// and the events chain.
func inOrder(t *testing.T, after ledger.Position, events []ledger.Recorded) {
	t.Helper()
	last := after
	for _, e := range events {
		if !e.Position.After(last) || e.Position.Ordinal != last.Ordinal+1 {
			t.Fatalf("%s %d has position %+v behind %+v", e.Stream, e.Revision, e.Position, last)
		}
		last = e.Position
	}
}

// chained checks a whole log with the ledger's own chain.
func chained(t *testing.T, log ledger.Log) []ledger.Recorded {
	t.Helper()
	events := read(t, log.All(t.Context(), ledger.Position{}))
	inOrder(t, ledger.Position{}, events)
	chain := ledger.NewChain()
	for _, e := range events {
		if _, err := chain.Next(e); err != nil {
			t.Fatal(err)
		}
	}
	return events
}

func wrongRevision(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ledger.ErrWrongRevision) {
		t.Fatalf("got %v, want ErrWrongRevision", err)
	}
}
