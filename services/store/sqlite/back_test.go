package sqlite

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/ledger"
)

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

// paged is a log of several pages, by number and by size.
func paged(t *testing.T, s *Store) []ledger.Recorded {
	t.Helper()
	fill(t, s, 40)
	pad := strings.Repeat("p", ledger.MaxEvent-1000)
	for i := range 2*pageBytes/ledger.MaxEvent + 3 {
		r, _ := event("large-"+fmt.Sprint(i%3), int64(i/3), ledger.Hash{})
		r.Data = fmt.Appendf(nil, `{"pad":%q}`, pad)
		if _, err := s.Append(t.Context(), "large-"+fmt.Sprint(i%3), ledger.Exactly(int64(i/3)-1), r); err != nil {
			t.Fatal(err)
		}
	}
	prev, revision := ledger.Hash{}, int64(0)
	for range 3 * pageEvents / 200 {
		records := make([]ledger.Record, 200)
		for i := range records {
			records[i], prev = event("long", revision, prev)
			revision++
		}
		if _, err := s.Append(t.Context(), "long", ledger.Exactly(revision-201), records...); err != nil {
			t.Fatal(err)
		}
	}
	all, err := collect(s.All(t.Context(), ledger.Position{}))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestBackIsForwardsTurned holds both readers to giving what the forward ones
// give, from any place, in the opposite order.
func TestBackIsForwardsTurned(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	defer stop(t, s)
	all := paged(t, s)
	reader, err := OpenReadOnly(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, reader)
	if rows, err := s.pageBack(nil, 40+2*pageBytes/ledger.MaxEvent+3); err != nil || len(rows) > pageBytes/(ledger.MaxEvent-1000)+2 {
		t.Errorf("a page of large events has %d, %v", len(rows), err)
	}
	same := func(t *rapid.T, got, want []ledger.Recorded) {
		if len(got) != len(want) {
			t.Fatalf("%d events, want %d", len(got), len(want))
		}
		for i, e := range got {
			w := want[len(want)-1-i]
			if e.Stream != w.Stream || e.Revision != w.Revision || e.Position != w.Position || digest(e.Record) != digest(w.Record) {
				t.Fatalf("event %d is %s %d at %d, want %s %d at %d", i, e.Stream, e.Revision, e.Position.Ordinal, w.Stream, w.Revision, w.Position.Ordinal)
			}
		}
	}
	edges := []uint64{0, 1, 2, 3, 40, 41, pageEvents, pageEvents + 1, uint64(len(all)), uint64(len(all)) + 1, uint64(len(all)) + 2, math.MaxInt64, math.MaxUint64}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]*Store{s, reader}).Draw(t, "store")
		before := rapid.OneOf(rapid.SampledFrom(edges), rapid.Uint64Range(0, uint64(len(all)))).Draw(t, "before")
		limit := rapid.SampledFrom([]int{1, 600, len(all) + 1}).Draw(t, "limit")
		want := all[:min(max(before, 1)-1, uint64(len(all)))]
		var got []ledger.Recorded
		for e, err := range s.AllBack(t.Context(), ledger.Position{Commit: before, Prepare: before}) {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, e); len(got) == limit {
				break
			}
		}
		same(t, got, want[len(want)-min(limit, len(want)):])

		stream := rapid.SampledFrom([]string{"long", "large-1", "w-0", "w-4", "none", "lon"}).Draw(t, "stream")
		of := slices.DeleteFunc(slices.Clone(all), func(e ledger.Recorded) bool { return e.Stream != stream })
		from := rapid.OneOf(rapid.SampledFrom([]int64{-1, 0, 1, int64(len(of)) - 1, int64(len(of)), math.MaxInt64}), rapid.Int64Range(0, int64(len(of)))).Draw(t, "from")
		got, err := collect(s.StreamBack(t.Context(), stream, from))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, of[:min(from, int64(len(of))-1)+1])
	})
}

// TestBackNotices holds the backward readers to ending with an error where
// the log is not what was appended, with nothing below it handed out.
func TestBackNotices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  string
		at      uint64 // what AllBack names
		down    uint64 // and the last event it hands out: whose link can still be checked
		streams bool   // a stream read meets it too
	}{
		"gone":                  {"DELETE FROM events WHERE position = 150", 150, 152, true},
		"link":                  {"UPDATE events SET link = zeroblob(32) WHERE position = 150", 151, 152, false},
		"meta":                  {"UPDATE events SET meta = '{}' WHERE position = 150", 150, 151, false},
		"data":                  {"UPDATE events SET data = CAST(data AS BLOB) WHERE position = 150", 150, 152, true},
		"revision":              {"UPDATE events SET revision = revision + 1 WHERE position = 150", 0, 1, true},
		"prev":                  {"UPDATE events SET prev = position WHERE position = 150", 0, 1, true},
		"stream":                {"UPDATE events SET stream = stream || 'x' WHERE position = 150", 0, 1, true},
		"first":                 {"UPDATE events SET link = zeroblob(32) WHERE position = 1", 2, 3, false},
		"the mark of the first": {"UPDATE events SET meta = replace(meta, '\"hash\":\"', '\"hash\":\"0') WHERE position = 1", 1, 2, false},
		"the first gone":        {"DELETE FROM events WHERE position = 1", 1, 3, false},
		"larger than any page":  {"UPDATE events SET data = hex(zeroblob(2500000)) WHERE position = 150", 0, 1, false}, // Verify finds it
		"cut short":             {"UPDATE events SET prev = 0 WHERE position = 150", 0, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, t.TempDir())
			defer stop(t, s)
			fill(t, s, tampered)
			all, err := collect(s.All(t.Context(), ledger.Position{}))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.writer.exec(c.change); err != nil {
				t.Fatal(err)
			}
			got, err := collect(s.AllBack(t.Context(), At(math.MaxUint64)))
			switch {
			case c.at == 0 && err != nil: // no link covers that column; Verify finds it
				t.Errorf("all: %v", err)
			case c.at > 0 && (damagedAt(err) != c.at || len(got) != tampered+1-int(c.down)):
				t.Errorf("all: %v after %d events, want damage at %d", err, len(got), c.at)
			}
			got, err = collect(s.StreamBack(t.Context(), all[149].Stream, math.MaxInt64))
			if c.streams != errors.Is(err, ledger.ErrDamaged) || c.streams && damagedAt(err) != 150 {
				t.Errorf("the stream: %v", err)
			}
			for _, e := range got {
				if c.streams && e.Position.Ordinal < 150 {
					t.Errorf("the stream's event at %d was handed out from below the damage", e.Position.Ordinal)
				}
			}
		})
	}
}

// TestBackFromDamagedEnd: where the log should go on and cannot be read, a
// reader that starts at the end is told before anything else.
func TestBackFromDamagedEnd(t *testing.T) {
	t.Parallel()
	dir := filled(t)
	stream := string(valuesOf(t, dir, 149)["stream"])
	s, err := OpenReadOnly(alter(t, dir, "DELETE FROM events WHERE position = 150"))
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	for _, before := range []uint64{151, 300, math.MaxUint64} {
		if got, err := collect(s.AllBack(t.Context(), At(before))); len(got) != 0 || damagedAt(err) != 150 {
			t.Errorf("before %d: %d events, %v", before, len(got), err)
		}
	}
	if got, err := collect(s.AllBack(t.Context(), At(150))); len(got) != 149 || err != nil {
		t.Errorf("before the damage: %d events, %v", len(got), err)
	}
	if got, err := collect(s.StreamBack(t.Context(), stream, math.MaxInt64)); len(got) != 0 || damagedAt(err) != 150 {
		t.Errorf("the stream from its end: %d events, %v", len(got), err)
	}
	if got, err := collect(s.StreamBack(t.Context(), stream, 3)); len(got) != 4 || err != nil {
		t.Errorf("the stream from within: %d events, %v", len(got), err)
	}
}

func TestBackEnds(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	fill(t, s, 20)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.AllBack(ctx, At(21)) {
		last = err
		if n++; n == 5 {
			cancel()
		}
	}
	if n != 6 || !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled: ended after %d with %v", n-1, last)
	}
	if _, err := collect(s.StreamBack(ctx, "w-0", math.MaxInt64)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled stream read: %v", err)
	}
	stop(t, s)
	if _, err := collect(s.AllBack(t.Context(), At(21))); !ledger.IsCode(err, ledger.Unavailable) {
		t.Errorf("closed: %v", err)
	}
	if _, err := collect(s.StreamBack(t.Context(), "w-0", 1)); !ledger.IsCode(err, ledger.Unavailable) {
		t.Errorf("closed: %v", err)
	}
}
