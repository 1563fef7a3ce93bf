package graph_test

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"os"
	"testing"

	"suyuan/seeds"
	"suyuan/services/catalogue"
	"suyuan/services/checkpoint"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/graph"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// peopled is the ledger of the scenarios with something in every field that
// there is: one row of every kind more, a signed checkpoint, a log that is
// damaged.
func peopled(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &seeds.Clock{}}
	signer, verifier, err := checkpoint.NewKey(rand.Reader)
	w.must(err)
	events, err := catalogue.Events()
	w.must(err)
	w.log, err = sqlite.Open(t.TempDir(), sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	w.must(err)
	t.Cleanup(func() { _ = w.log.Close() })
	w.view, err = view.New(events, verifier)
	w.must(err)
	w.desk, err = desk.New(w.log, events, catalogue.Commands(), desktest.Caught(w.view, w.log), w.clock.Now)
	w.must(err)
	damaged := func() error { return &ledger.Damage{Ordinal: 7, Why: "for the test"} }
	w.graph, err = graph.New(w.view, w.log, damaged, slog.New(slog.NewTextHandler(t.Output(), nil)))
	w.must(err)
	scenarios, err := seeds.All()
	w.must(err)
	for _, s := range append(scenarios, w.scenario("testdata/every-kind.json")) {
		w.must(seeds.Play(t.Context(), w.desk, w.clock.Set, s, nil))
	}
	w.sign(signer)
	return w
}

func (w *world) scenario(file string) seeds.Scenario {
	w.t.Helper()
	text, err := os.ReadFile(file)
	w.must(err)
	s, err := seeds.Parse(text)
	w.must(err)
	return s
}

// sign puts a checkpoint over the whole log on record.
func (w *world) sign(signer string) {
	w.t.Helper()
	size, root, _, _ := w.view.State()
	note, err := checkpoint.Write(signer, size, root)
	w.must(err)
	input, err := json.Marshal(checkpoint.Sign{Note: note})
	w.must(err)
	_, err = w.desk.Submit(w.t.Context(), ledger.Actor{Account: ledger.System}, "checkpoint.sign", "sign", input)
	w.must(err)
}
