package storetest

import (
	"errors"
	"testing"

	"suyuan/services/ledger"
)

func repeats(t *testing.T, h Harness) {
	w, other := newWriter("repeat-1"), newWriter("repeat-2")
	one, three := w.records(1, "one"), []ledger.Record(nil)
	first, err := w.append(t.Context(), h.Log, one...)
	if err != nil {
		t.Fatal(err)
	}
	three = w.records(3, "three")
	second, err := w.append(t.Context(), h.Log, three...)
	if err != nil {
		t.Fatal(err)
	}
	other.must(t, h.Log, 2)
	w.must(t, h.Log, 1)

	again := func(expect ledger.Expect, want ledger.Position, records ...ledger.Record) {
		t.Helper()
		got, err := h.Log.Append(t.Context(), w.stream, expect, records...)
		if err != nil || got.Commit != want.Commit || got.Prepare != want.Prepare {
			t.Errorf("repeat at %d: %+v, %v; want %+v", expect, got, err, want)
		}
	}
	again(ledger.NoStream, first, one...)
	again(0, second, three...)
	again(ledger.NoStream, first, one...)
	again(ledger.NoStream, second, one[0], three[0], three[1], three[2]) // cut otherwise, the same ids at the same place
	again(1, second, three[1:]...)

	for name, c := range map[string]struct {
		expect  ledger.Expect
		records []ledger.Record
	}{
		"other ids":                  {0, w.records(3, "others")},
		"another place":              {1, three},
		"one place early":            {ledger.NoStream, three},
		"a known start, then new":    {3, append(read1(t, h.Log, w.stream, 4), w.records(1, "new")...)},
		"a new start, then known":    {0, append(w.records(1, "new"), three[1:]...)},
		"more than the stream holds": {0, append(append([]ledger.Record{}, three...), w.records(4, "more")...)},
	} {
		if _, err := h.Log.Append(t.Context(), w.stream, c.expect, c.records...); !errors.Is(err, ledger.ErrWrongRevision) {
			t.Errorf("%s: got %v, want ErrWrongRevision", name, err)
		}
	}
	if n := len(chained(t, h.Log)); n != 7 {
		t.Errorf("%d events, want 7: a repeat changes nothing", n)
	}
}

func read1(t *testing.T, log ledger.Log, stream string, revision int64) []ledger.Record {
	t.Helper()
	for _, e := range read(t, log.Stream(t.Context(), stream, revision)) {
		return []ledger.Record{e.Record}
	}
	t.Fatalf("%s has no revision %d", stream, revision)
	return nil
}

func repeatAtHead(t *testing.T, h Harness) {
	r := ledger.Record{ID: ledger.EventID("head", "k", 0), Type: "test.happened", Data: []byte(`{}`), Meta: []byte(`{"n":1}`)}
	p, err := h.Log.Append(t.Context(), "head-1", ledger.NoStream, r)
	if err != nil {
		t.Fatal(err)
	}
	q, err := h.Log.Append(t.Context(), "head-1", 0, r)
	if err != nil || !q.After(p) {
		t.Fatalf("at the head a known id is written again: %+v then %+v, %v", p, q, err)
	}
	if p, err = h.Log.Append(t.Context(), "head-1", ledger.NoStream, r, r); err != nil || p != q {
		t.Fatalf("repeat of both: %+v, %v; want %+v", p, err, q)
	}
	holds(t, h.Log, "head-1", r, r)
}
