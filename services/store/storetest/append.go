package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

func expectations(t *testing.T, h Harness) {
	for _, c := range []struct {
		length int
		expect ledger.Expect
		ok     bool
	}{
		{0, ledger.NoStream, true}, {0, 0, false}, {0, 1, false}, {0, -2, false},
		{1, ledger.NoStream, false}, {1, 0, true}, {1, 1, false}, {1, 7, false}, {1, -2, false},
		{3, ledger.NoStream, false}, {3, 0, false}, {3, 1, false}, {3, 2, true}, {3, 3, false},
	} {
		w := newWriter("matrix-" + string(rune('a'+c.length)) + "-" + string(rune('m'+c.expect)))
		w.must(t, h.Log, c.length)
		_, err := h.Log.Append(t.Context(), w.stream, c.expect, w.records(1, "tried")...)
		if c.ok && err != nil {
			t.Errorf("%d events, expect %d: %v", c.length, c.expect, err)
		}
		if !c.ok && !errors.Is(err, ledger.ErrWrongRevision) {
			t.Errorf("%d events, expect %d: got %v, want ErrWrongRevision", c.length, c.expect, err)
		}
		want := c.length
		if c.ok {
			want++
		}
		if got := len(read(t, h.Log.Stream(t.Context(), w.stream, 0))); got != want {
			t.Errorf("%d events, expect %d: the stream has %d events after it, want %d", c.length, c.expect, got, want)
		}
	}
	chained(t, h.Log)
}

func dashes(t *testing.T, h Harness) {
	names := []string{"assignment-x-99-a-b", "assignment-x-99-a", "assignment-x-99", "assignment", "assignment-x-99-a-", "-", "Assignment-x-99-a", "单位-430121-卫健局", "a b%_'\"", "assignment-x-99-a-b-"}
	want := map[string][]ledger.Record{}
	for i, name := range names {
		w := newWriter(name)
		want[name] = w.records(i+1, name)
		if _, err := w.append(t.Context(), h.Log, want[name]...); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		holds(t, h.Log, name, want[name]...)
	}
	chained(t, h.Log)
}

func batches(t *testing.T, h Harness) {
	a, b := newWriter("batch-a"), newWriter("batch-b")
	first, second := a.records(5, "first"), b.records(3, "second")
	p, err := a.append(t.Context(), h.Log, first...)
	if err != nil {
		t.Fatal(err)
	}
	q, err := b.append(t.Context(), h.Log, second...)
	if err != nil {
		t.Fatal(err)
	}
	events := chained(t, h.Log)
	if len(events) != 8 || !q.After(p) {
		t.Fatalf("%d events, positions %+v then %+v", len(events), p, q)
	}
	for i, e := range events {
		if want := []string{"batch-a", "batch-b"}[min(i/5, 1)]; e.Stream != want {
			t.Errorf("event %d is of %s, want %s: a batch stays together", i, e.Stream, want)
		}
	}
	if got := events[4].Position; got.Commit != p.Commit || got.Prepare != p.Prepare || p.Ordinal != 0 && p.Ordinal != got.Ordinal {
		t.Errorf("the append answered %+v, its last event is at %+v", p, got)
	}
	holds(t, h.Log, "batch-a", first...)
}

func exactBytes(t *testing.T, h Harness) {
	var want []ledger.Record
	var prev ledger.Hash
	for i, data := range []string{
		`{"a":1}`, " {\t\"a\" : 1 }\r\n", `{"a":1,"a":2}`, `{"b":1.0,"a":1e400,"c":-0}`, `{"溯源":"谁加的码 🏮","é":"é"}`,
		`{"nul":"\u0000","half":"\ud800","slash":"\/"}`, "{\"raw\":\"\xff\xfe\"}", "{\"bom\":\"\ufeff\",\"line\":\"\u2028\"}", `"a string"`, `null`, `{}`, `[]`, `0`, `{"x":"` + strings.Repeat("长", 30000) + `"}`,
	} {
		r, hash := sealed("bytes-1", int64(i), prev, "bytes", data)
		want, prev = append(want, r), hash
	}
	odd := ledger.Record{ID: ledger.ID{255, 0, 128}, Type: "test.没有 hash", Data: json.RawMessage(`{"x":'`), Meta: json.RawMessage("{ }\n")}
	if _, err := h.Log.Append(t.Context(), "bytes-1", ledger.NoStream, want...); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Log.Append(t.Context(), "bytes-2", ledger.NoStream, odd); err != nil {
		t.Fatal(err)
	}
	holds(t, h.Log, "bytes-1", want...)
	holds(t, h.Log, "bytes-2", odd)
	for i, e := range read(t, h.Log.All(t.Context(), ledger.Position{})) {
		if w := append(want, odd)[i]; !same(e.Record, w) {
			t.Errorf("all: %q, want %q", e.Data, w.Data)
		}
	}
}

func boundsHold(t *testing.T, h Harness) {
	record := func(bytes int) ledger.Record {
		meta := `{"m":1}`
		return ledger.Record{ID: ledger.EventID("bounds", "k", bytes), Type: "test.happened", Meta: json.RawMessage(meta), Data: json.RawMessage(`"` + strings.Repeat("x", bytes-len(meta)-2) + `"`)}
	}
	many := func(n int) []ledger.Record {
		out := make([]ledger.Record, n)
		for i := range out {
			out[i] = record(100 + i)
		}
		return out
	}
	long := func(n int) ledger.Record { r := record(100); r.Type = strings.Repeat("t", n); return r }
	for _, c := range []struct {
		name   string
		stream string
		events []ledger.Record
		err    error
	}{
		{"largest event", "bounds-1", []ledger.Record{record(ledger.MaxEvent)}, nil},
		{"event too large", "bounds-2", []ledger.Record{record(ledger.MaxEvent + 1)}, ledger.ErrTooLarge},
		{"second event too large", "bounds-2", []ledger.Record{record(100), record(ledger.MaxEvent + 1)}, ledger.ErrTooLarge},
		{"largest batch", "bounds-3", many(ledger.MaxBatch), nil},
		{"batch too large", "bounds-4", many(ledger.MaxBatch + 1), ledger.ErrTooLarge},
		{"longest name", strings.Repeat("s", ledger.MaxNameLen), many(1), nil},
		{"name too long", strings.Repeat("s", ledger.MaxNameLen+1), many(1), ledger.ErrTooLarge},
		{"longest type", "bounds-5", []ledger.Record{long(ledger.MaxNameLen)}, nil},
		{"type too long", "bounds-6", []ledger.Record{long(ledger.MaxNameLen + 1)}, ledger.ErrTooLarge},
		{"nothing", "bounds-7", nil, errAny},
		{"no name", "", many(1), errAny},
		{"no type", "bounds-8", []ledger.Record{long(0)}, errAny},
	} {
		_, err := h.Log.Append(t.Context(), c.stream, ledger.NoStream, c.events...)
		if (err == nil) != (c.err == nil) || c.err != nil && !errors.Is(c.err, errAny) && !errors.Is(err, c.err) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.err)
		}
		if c.err == nil {
			holds(t, h.Log, c.stream, c.events...)
		} else if c.stream != "" && len(read(t, h.Log.Stream(t.Context(), c.stream, 0))) != 0 {
			t.Errorf("%s: something was recorded", c.name)
		}
	}
}

var errAny = errors.New("any error")

func cancelledAppend(t *testing.T, h Harness) {
	w := newWriter("cancelled-1")
	w.must(t, h.Log, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	records := w.records(2, "cancelled")
	_, err := h.Log.Append(ctx, w.stream, ledger.Exactly(0), records...)
	if err == nil {
		t.Fatal("an append whose context had ended succeeded")
	}
	// Whether it was recorded is open; the repeat settles it.
	if _, err := w.append(t.Context(), h.Log, records...); err != nil {
		t.Fatal(err)
	}
	if n := len(chained(t, h.Log)); n != 3 {
		t.Fatalf("%d events, want 3", n)
	}
	// Many at once, cancelled at some moment: a repeat of each settles all.
	done := make(chan *writer)
	for i := range 20 {
		go func() {
			w := newWriter("cancelled-many-" + string(rune('a'+i)))
			ctx, cancel := context.WithCancel(t.Context())
			go cancel()
			batch := w.records(3, "many")
			kept := clone(batch)
			if _, err := h.Log.Append(ctx, w.stream, ledger.NoStream, batch...); err != nil {
				for _, r := range batch { // the caller may do with its bytes what it likes now
					clear(r.Data)
					clear(r.Meta)
				}
			}
			if _, err := h.Log.Append(t.Context(), w.stream, ledger.NoStream, kept...); err != nil {
				t.Errorf("%s: %v", w.stream, err)
			}
			done <- w
		}()
	}
	for range 20 {
		<-done
	}
	if n := len(chained(t, h.Log)); n != 63 {
		t.Fatalf("%d events, want 63", n)
	}
}

func clone(records []ledger.Record) []ledger.Record {
	out := make([]ledger.Record, len(records))
	for i, r := range records {
		out[i] = r
		out[i].Data, out[i].Meta = append(json.RawMessage(nil), r.Data...), append(json.RawMessage(nil), r.Meta...)
	}
	return out
}

func ownBuffers(t *testing.T, h Harness) {
	w := newWriter("buffers-1")
	records := w.records(2, "own")
	want := clone(records)
	if _, err := h.Log.Append(t.Context(), w.stream, ledger.NoStream, records...); err != nil {
		t.Fatal(err)
	}
	clear(records[0].Data)
	clear(records[1].Meta)
	holds(t, h.Log, w.stream, want...)
	for _, e := range read(t, h.Log.Stream(t.Context(), w.stream, 0)) {
		clear(e.Data)
		clear(e.Meta)
	}
	holds(t, h.Log, w.stream, want...)
}
