package migration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
	"suyuan/services/migration"
	"suyuan/services/store/sqlite"
)

// world is a log that a test fills, and the tree of what it put there.
type world struct {
	log      ledger.Log
	heads    map[string]head
	tree     checkpoint.Tree
	covered  uint64
	signer   string
	verifier string
}

type head struct {
	next int64
	hash ledger.Hash
}

func newWorld(t testing.TB, log ledger.Log) *world {
	t.Helper()
	signer, verifier, err := checkpoint.NewKey(rng{})
	if err != nil {
		t.Fatal(err)
	}
	return &world{log: log, heads: map[string]head{}, signer: signer, verifier: verifier}
}

// rng is the same key every time; nothing here depends on its being secret.
type rng struct{}

func (rng) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte{7}, len(p))), nil }

// add appends events with these data to a stream, sealed as the desk does.
func (w *world) add(t testing.TB, stream string, data ...string) {
	t.Helper()
	h := w.heads[stream]
	first, records := h.next, make([]ledger.Record, len(data))
	for i, d := range data {
		var err error
		records[i], h.hash, err = ledger.Seal(h.hash, stream, h.next, ledger.Record{
			ID: ledger.EventID(stream, "test", int(h.next)), Type: "test.happened", Data: json.RawMessage(d), Meta: json.RawMessage(`{"name":"测试"}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		h.next++
		w.tree.Add(h.hash)
	}
	w.heads[stream] = h
	if _, err := w.log.Append(t.Context(), stream, ledger.Exactly(first-1), records...); err != nil {
		t.Fatal(err)
	}
}

// sign appends a checkpoint over everything before it.
func (w *world) sign(t testing.TB) {
	t.Helper()
	size, root := uint64(w.tree.Size()), w.root(t)
	if size == w.covered {
		return
	}
	note, err := checkpoint.Write(w.signer, size, root)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(checkpoint.Signed{Size: size, Root: root.String(), Note: note})
	if err != nil {
		t.Fatal(err)
	}
	w.covered = size
	w.add(t, checkpoint.Stream, string(text))
}

func (w *world) root(t testing.TB) ledger.Hash {
	t.Helper()
	root, err := w.tree.Root(w.tree.Size())
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// some fills it with so many turns of a few streams, runs and single events,
// and a checkpoint now and then.
func (w *world) some(t testing.TB, turns int) {
	t.Helper()
	for n := range turns {
		w.add(t, fmt.Sprintf("unit-99-%d", n%5), fmt.Sprintf(`{"n":%d}`, n))
		w.add(t, fmt.Sprintf("document-%d", n), `{"a":1}`, `{"b":"二"}`, ` {"c" : 3.0}`)
		if n%7 == 6 {
			w.sign(t)
		}
	}
}

func store(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func all(t testing.TB, log ledger.Log) (events []ledger.Recorded) {
	t.Helper()
	for e, err := range log.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

func equal(a, b ledger.Recorded) bool {
	return a.ID == b.ID && a.Stream == b.Stream && a.Revision == b.Revision && a.Type == b.Type && string(a.Data) == string(b.Data) && string(a.Meta) == string(b.Meta) && a.Position.Ordinal == b.Position.Ordinal
}

// begins wants one log to be the beginning of the other, byte for byte, and
// tells how long it is.
func begins(t testing.TB, part, whole ledger.Log) int {
	t.Helper()
	p, w := all(t, part), all(t, whole)
	if len(p) > len(w) {
		t.Fatalf("%d events of %d", len(p), len(w))
	}
	for i := range p {
		if !equal(p[i], w[i]) {
			t.Fatalf("event %d is %s %d %s %s, in the source %s %d %s %s", i+1, p[i].Stream, p[i].Revision, p[i].Data, p[i].Meta, w[i].Stream, w[i].Revision, w[i].Data, w[i].Meta)
		}
	}
	return len(p)
}

// copied wants the target to be the source, and the report to say so.
func copied(t testing.TB, w *world, to ledger.Log, r migration.Report) {
	t.Helper()
	n := begins(t, to, w.log)
	if uint64(n) != uint64(w.tree.Size()) || r.Events != uint64(n) || r.Root != w.root(t) || r.Found+r.Written != r.Events || r.Covered != w.covered {
		t.Fatalf("%d events in the target of %d, root %s, reported as %+v", n, w.tree.Size(), w.root(t), r)
	}
}

// refusal wants an error of a rule that speaks both languages.
func refusal(t testing.TB, err error, rule string, says ...string) {
	t.Helper()
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok || e.Rule != rule {
		t.Fatalf("%v, want %s", err, rule)
	}
	for _, text := range says {
		if !strings.Contains(e.Text.En, text) && !strings.Contains(e.Text.Zh, text) {
			t.Errorf("%q and %q do not say %q", e.Text.Zh, e.Text.En, text)
		}
	}
	if !strings.HasSuffix(e.Text.Zh, "。") || !strings.HasSuffix(e.Text.En, ".") || strings.Contains(e.Text.Zh+e.Text.En, "..") || strings.Contains(e.Text.Zh+e.Text.En, "%!") {
		t.Errorf("%q and %q are not written out well", e.Text.Zh, e.Text.En)
	}
}

// hurried does not wait, and counts how often it should have.
func hurried(n *int) func(context.Context, int) error {
	return func(ctx context.Context, _ int) error { *n++; return ctx.Err() }
}

// errEnd lets a log end early as if there were no more.
var errEnd = errors.New("no more")

// faulty is a log that fails where it is told to.
type faulty struct {
	ledger.Log
	before func() error                          // instead of an append
	after  func() error                          // of an append that was persisted
	read   func(e ledger.Recorded) error         // instead of an event
	change func(ledger.Recorded) ledger.Recorded // what an event reads as
}

func (f *faulty) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	if f.before != nil {
		if err := f.before(); err != nil {
			return ledger.Position{}, err
		}
	}
	p, err := f.Log.Append(ctx, stream, expect, events...)
	if err == nil && f.after != nil {
		if err := f.after(); err != nil {
			return ledger.Position{}, err
		}
	}
	return p, err
}

func (f *faulty) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for e, err := range f.Log.All(ctx, after) {
			if err == nil && f.read != nil {
				err = f.read(e)
			}
			if err == errEnd {
				return
			}
			if err == nil && f.change != nil {
				e = f.change(e)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
