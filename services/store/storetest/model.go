package storetest

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
)

// model plays random appends and reads against the log and against a list in
// memory, which must agree after every step.
func model(t *testing.T, open func(t *testing.T) Harness) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &memory{streams: map[string][]ledger.Recorded{}, names: []string{"model-a", "model-a-b", "model-"}}
		h := open(t)
		m.log = h.Log
		steps := map[string]func(*rapid.T){"append": m.append, "stream": m.stream, "all": m.readAll, "": m.agree}
		if h.Reopen != nil {
			steps["reopen"] = func(*rapid.T) { m.log = h.Reopen(t) }
		}
		rt.Repeat(steps)
	})
}

type memory struct {
	log     ledger.Log
	names   []string
	all     []ledger.Recorded
	streams map[string][]ledger.Recorded
	made    int
}

func (m *memory) append(t *rapid.T) {
	stream := rapid.SampledFrom(m.names).Draw(t, "stream")
	past := m.streams[stream]
	end := int64(len(past)) - 1
	expect := rapid.OneOf(rapid.Just(end), rapid.Int64Range(-1, end+2)).Draw(t, "expect")
	records := make([]ledger.Record, rapid.IntRange(1, 4).Draw(t, "events"))
	for i := range records {
		at := expect + 1 + int64(i)
		if at < int64(len(past)) && rapid.Bool().Draw(t, "known") {
			records[i] = past[at].Record
			continue
		}
		m.made++
		records[i] = ledger.Record{
			ID: ledger.EventID("model", "k", m.made), Type: rapid.SampledFrom([]string{"a.b", "c.d"}).Draw(t, "type"),
			Data: []byte(rapid.String().Draw(t, "data")), Meta: fmt.Appendf(nil, `{"n":%d}`, m.made),
		}
	}
	p, err := m.log.Append(t.Context(), stream, ledger.Expect(expect), records...)
	if expect == end {
		if err != nil {
			t.Fatalf("append to %s at %d: %v", stream, expect, err)
		}
		for i, r := range records {
			e := ledger.Recorded{Record: r, Stream: stream, Revision: end + 1 + int64(i)}
			m.all, m.streams[stream] = append(m.all, e), append(m.streams[stream], e)
		}
		return
	}
	repeat := expect+int64(len(records)) <= end
	for i := 0; repeat && i < len(records); i++ {
		repeat = records[i].ID == past[expect+1+int64(i)].ID
	}
	if !repeat && !errors.Is(err, ledger.ErrWrongRevision) {
		t.Fatalf("append to %s at %d of %d: got %v, want ErrWrongRevision", stream, expect, end, err)
	}
	if repeat && (err != nil || p == ledger.Position{}) {
		t.Fatalf("repeat in %s at %d of %d: %+v, %v", stream, expect, end, p, err)
	}
}

func (m *memory) stream(t *rapid.T) {
	stream := rapid.SampledFrom(m.names).Draw(t, "stream")
	past := m.streams[stream]
	from := rapid.Int64Range(0, int64(len(past))+1).Draw(t, "from")
	got, err := collect(m.log.Stream(t.Context(), stream, from))
	if err != nil {
		t.Fatal(err)
	}
	m.compare(t, got, past[min(from, int64(len(past))):])
}

func (m *memory) readAll(t *rapid.T) {
	got, err := collect(m.log.All(t.Context(), ledger.Position{}))
	if err != nil || len(got) == 0 {
		m.compare(t, got, m.all)
		return
	}
	from := rapid.IntRange(0, len(got)-1).Draw(t, "from")
	rest, err := collect(m.log.All(t.Context(), got[from].Position))
	if err != nil {
		t.Fatal(err)
	}
	m.compare(t, rest, m.all[from+1:])
}

func (m *memory) agree(t *rapid.T) {
	got, err := collect(m.log.All(t.Context(), ledger.Position{}))
	if err != nil {
		t.Fatal(err)
	}
	m.compare(t, got, m.all)
	for i, e := range got {
		if e.Position.Ordinal != uint64(i)+1 || i > 0 && !e.Position.After(got[i-1].Position) {
			t.Fatalf("event %d has position %+v", i, e.Position)
		}
	}
}

func (m *memory) compare(t *rapid.T, got, want []ledger.Recorded) {
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i].Stream != want[i].Stream || got[i].Revision != want[i].Revision || !same(got[i].Record, want[i].Record) {
			t.Fatalf("event %d: %s %d %q, want %s %d %q", i, got[i].Stream, got[i].Revision, got[i].Data, want[i].Stream, want[i].Revision, want[i].Data)
		}
	}
}
