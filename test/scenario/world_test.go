package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"suyuan/seeds"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/store/esdb"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// store is a log that is opened and closed.
type store interface {
	ledger.Log
	Close() error
}

// engines are where a ledger can be; every scenario gives the same in each.
var engines = map[string]func(*testing.T) store{
	"sqlite": embedded,
	"esdb":   func(t *testing.T) store { return cluster(t, newProcess(t).address) },
}

func embedded(t *testing.T) store {
	t.Helper()
	log, err := sqlite.Open(t.TempDir())
	must(t, err)
	return log
}

// cluster is the store in another process, by way of an address.
func cluster(t *testing.T, address string) store {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	log, err := esdb.Open(ctx, url(address), esdb.WithCategories(catalogue.Categories...), esdb.WithLogger(told(t)))
	must(t, err)
	return log
}

// told is a log that is read where the test fails: what is cut says so often.
func told(t *testing.T) *slog.Logger {
	var said heard
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(said.String())
		}
	})
	return slog.New(slog.NewTextHandler(&said, nil))
}

type heard struct {
	mu   sync.Mutex
	text strings.Builder
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// onEach runs a test in every engine.
func onEach(t *testing.T, test func(*testing.T, func(*testing.T) *world)) {
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			test(t, func(t *testing.T) *world { return newWorld(t, open(t)) })
		})
	}
}

// world is a whole ledger: store, fold, desk and graph.
type world struct {
	log   store
	fed   *fed
	view  *view.View
	graph *graph.Graph
	desk  *desk.Desk
	clock *seeds.Clock
	last  ledger.Position // where the log was last seen to end
}

// newWorld lives in a store, which it closes.
func newWorld(t *testing.T, log store) *world {
	t.Helper()
	return newWorldThrough(t, log, log)
}

// newWorldThrough has a desk that reaches the store in a way of its own.
func newWorldThrough(t *testing.T, log store, through ledger.Log) *world {
	t.Helper()
	events, err := catalogue.Events()
	must(t, err)
	w := &world{log: log, fed: &fed{Log: log}, clock: &seeds.Clock{}}
	w.view, err = view.New(events, "")
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.view.Follow(ctx, w.fed) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the fold ended: %v", err)
		}
		must(t, log.Close())
	})
	w.desk, err = desk.New(through, events, catalogue.Commands(), desktest.Patient(w.view), w.clock.Now)
	must(t, err)
	w.graph, err = graph.New(w.view, log, func() error { return nil }, slog.New(slog.NewTextHandler(t.Output(), nil)))
	must(t, err)
	return w
}

// fed is a log that keeps what a subscription brought.
type fed struct {
	ledger.Log
	mu   sync.Mutex
	seen []ledger.Recorded
}

func (f *fed) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for e, err := range f.Log.Subscribe(ctx, after) {
			if err == nil {
				f.mu.Lock()
				f.seen = append(f.seen, e)
				f.mu.Unlock()
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (f *fed) all() []ledger.Recorded {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.seen)
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
	w.askAs(t.Context(), t, query, variables, v)
}

// askAs queries the graph as the viewer of a context.
func (w *world) askAs(ctx context.Context, t *testing.T, query string, variables map[string]any, v any) {
	t.Helper()
	result := w.graph.Execute(ctx, bind.Request{Query: query, Variables: variables})
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
	return recordsOf(t, w.log)
}

func recordsOf(t *testing.T, log ledger.Log) []ledger.Recorded {
	t.Helper()
	var all []ledger.Recorded
	for e, err := range log.All(t.Context(), ledger.Position{}) {
		must(t, err)
		all = append(all, e)
	}
	return all
}

// end is where the log ends now.
func (w *world) end(t *testing.T) ledger.Position {
	t.Helper()
	for e, err := range w.log.All(t.Context(), w.last) {
		must(t, err)
		w.last = e.Position
	}
	return w.last
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
	before := w.end(w.t)
	r, err := w.desk.Submit(ctx, by, name, key, input)
	if err != nil {
		w.refused++
	}
	if r.Repeated {
		w.repeated++
	}
	after := w.end(w.t)
	if changed := after != before; changed == (err != nil || r.Repeated) {
		w.t.Errorf("%s %s: the log moved from %d to %d, error %v, repeated %t", key, name, before.Ordinal, after.Ordinal, err, r.Repeated)
	}
	if err == nil && !r.Repeated {
		if r.Ordinal != after.Ordinal {
			w.t.Errorf("%s %s: the receipt says ordinal %d, it is %d", key, name, r.Ordinal, after.Ordinal)
		}
		w.at[r.Ordinal] = w.clock.Now()
	}
	return r, err
}
