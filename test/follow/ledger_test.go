package follow

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suyuan/seeds"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/ledger"
	"suyuan/services/store/wire/wiretest"
	"suyuan/services/view"
)

// patience is longer than anything here takes.
const patience = 2 * time.Minute

// served is a ledger of the scenarios behind the protocol, with a desk that
// goes on writing to it.
type served struct {
	*wiretest.Server
	desk  *desk.Desk
	clock *seeds.Clock
	left  []seeds.Scenario // not played yet
}

func serve(t *testing.T) *served {
	t.Helper()
	if _, err := os.Stat(filepath.Join("node_modules", "@eventstore")); err != nil {
		t.Fatalf("the Node client is not installed: run make test, or npm ci in test/follow (%v)", err)
	}
	server, err := wiretest.Start(wiretest.Config{Dir: t.TempDir(), TLS: true, Bare: true})
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	events, err := catalogue.Events()
	must(t, err)
	w := &served{Server: server, clock: &seeds.Clock{}}
	w.left, err = seeds.All()
	must(t, err)
	seen, err := view.New(events, "")
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- seen.Follow(ctx, server.Store()) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the fold ended: %v", err)
		}
	})
	w.desk, err = desk.New(server.Store(), events, catalogue.Commands(), desktest.Patient(seen), w.clock.Now)
	must(t, err)
	return w
}

// play plays the next scenario.
func (w *served) play(t *testing.T) {
	t.Helper()
	must(t, seeds.Play(t.Context(), w.desk, w.clock.Set, w.left[0], nil))
	w.left = w.left[1:]
}

// holds is what the ledger itself has behind a position.
func (w *served) holds(t *testing.T, after ledger.Position, which func(ledger.Recorded) bool) (out []ledger.Recorded) {
	t.Helper()
	total := 0
	for e, err := range w.Store().All(t.Context(), after) {
		must(t, err)
		total++
		if which(e) {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		t.Fatalf("none of %d events is meant: the test would prove nothing", total)
	}
	return out
}

func of(category string) func(ledger.Recorded) bool {
	return func(e ledger.Recorded) bool { return strings.HasPrefix(e.Stream, category+"-") }
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
