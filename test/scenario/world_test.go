package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"suyuan/seeds"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// world is a whole ledger: store, fold, desk and graph.
type world struct {
	log   *sqlite.Store
	graph *graph.Graph
	desk  *desk.Desk
	clock *seeds.Clock
}

func newWorld(t *testing.T) *world {
	t.Helper()
	events, err := catalogue.Events()
	must(t, err)
	log, err := sqlite.Open(t.TempDir())
	must(t, err)
	v, err := view.New(events, "")
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- v.Follow(ctx, log) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the fold ended: %v", err)
		}
		must(t, log.Close())
	})
	w := &world{log: log, clock: &seeds.Clock{}}
	w.desk, err = desk.New(log, events, catalogue.Commands(), v, w.clock.Now)
	must(t, err)
	w.graph, err = graph.New(v, log, func() error { return nil }, slog.New(slog.NewTextHandler(t.Output(), nil)))
	must(t, err)
	return w
}

// play plays every scenario through a submitter of the test's own.
func (w *world) play(t *testing.T, to seeds.Submitter) error {
	t.Helper()
	for _, s := range all(t) {
		if err := seeds.Play(t.Context(), to, w.clock.Set, s, nil); err != nil {
			return err
		}
	}
	return nil
}

// ask queries the graph as the public and reads the answer into v.
func (w *world) ask(t *testing.T, query string, variables map[string]any, v any) {
	t.Helper()
	result := w.graph.Execute(t.Context(), bind.Request{Query: query, Variables: variables})
	for _, e := range result.Errors {
		t.Fatalf("%s: %s\n%s", e.Extensions.Rule, e.Message, query)
	}
	data, err := json.Marshal(result.Data)
	must(t, err)
	must(t, json.Unmarshal(data, v))
}

// records is the whole log.
func (w *world) records(t *testing.T) []ledger.Recorded {
	t.Helper()
	var all []ledger.Recorded
	for e, err := range w.log.All(t.Context(), ledger.Position{}) {
		must(t, err)
		all = append(all, e)
	}
	return all
}

func all(t *testing.T) []seeds.Scenario {
	t.Helper()
	list, err := seeds.All()
	must(t, err)
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// watched is a desk that is looked at: what a refusal leaves behind and when
// each event is said to have been recorded.
type watched struct {
	*world
	t        *testing.T
	at       map[uint64]time.Time // by ordinal of a command's last event
	refused  int
	repeated int
}

func (w *watched) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	before := w.log.Head()
	r, err := w.desk.Submit(ctx, by, name, key, input)
	if err != nil {
		w.refused++
	}
	if r.Repeated {
		w.repeated++
	}
	if changed := w.log.Head() != before; changed == (err != nil || r.Repeated) {
		w.t.Errorf("%s %s: the log moved from %d to %d, error %v, repeated %t", key, name, before.Ordinal, w.log.Head().Ordinal, err, r.Repeated)
	}
	if err == nil && !r.Repeated {
		w.at[r.Ordinal] = w.clock.Now()
	}
	return r, err
}
