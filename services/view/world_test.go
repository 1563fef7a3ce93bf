package view

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/catalogue"
	"suyuan/services/checkpoint"
	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view/docket/dockettest"
)

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// world is a real desk on a real store, with the fold caught up after every
// command unless it lags.
type world struct {
	t        tester
	events   *ledger.Catalogue
	log      *sqlite.Store
	view     *View
	desk     *desk.Desk
	now      time.Time
	keys     int
	lag      bool // the fold does not follow: decisions look at what was
	signer   string
	verifier string
	folder   string
	calendar *calendar.Calendar
}

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, ledger.Beijing)

func newWorld(t tester, dir string) *world {
	t.Helper()
	w := &world{t: t, now: start, folder: dir}
	var err error
	w.events, err = catalogue.Events()
	w.must(err)
	w.signer, w.verifier, err = checkpoint.NewKey(rand.Reader)
	w.must(err)
	w.log, err = sqlite.Open(dir, sqlite.WithLogger(slog.New(slog.DiscardHandler)))
	w.must(err)
	w.calendar, err = calendar.Official()
	w.must(err)
	w.view = w.fresh()
	w.desk, err = desk.New(w.log, w.events, catalogue.Commands(), w, func() time.Time { return w.now })
	w.must(err)
	return w
}

func small(t *testing.T) *world {
	w := newWorld(t, t.TempDir())
	t.Cleanup(func() { _ = w.log.Close() })
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v", err)
	}
}

func (w *world) fresh() *View {
	v, err := New(w.events, w.verifier, WithClaims(dockettest.New().Key), WithCalendar(w.calendar))
	w.must(err)
	return v
}

// Look implements desk.Facts.
func (w *world) Look(use func(facts any, ordinal uint64)) { w.view.Look(use) }

// Wait implements desk.Facts: what was written is folded at once.
func (w *world) Wait(ctx context.Context, _ ledger.Position) error {
	if w.lag {
		return nil
	}
	return w.view.Catch(context.WithoutCancel(ctx), w.log) // however long that takes
}

func (w *world) Ordinal(stream string, revision int64) uint64 {
	return w.view.Ordinal(stream, revision)
}

// try submits a command a minute later; it reports whether it was carried out
// and fails on anything that is no refusal.
func (w *world) try(by ledger.Actor, name string, command any) error {
	w.t.Helper()
	w.keys++
	w.now = w.now.Add(time.Minute)
	input, err := json.Marshal(command)
	w.must(err)
	_, err = w.desk.Submit(context.Background(), by, name, fmt.Sprint("k", w.keys), input)
	if own, ok := errors.AsType[*ledger.Error](err); err != nil && (!ok || own.Code == ledger.Internal || own.Code == ledger.Unavailable) {
		w.t.Fatalf("%s %s: %v", name, input, err)
	}
	return err
}

// do submits a command that must be carried out and returns its ordinal.
func (w *world) do(by ledger.Actor, name string, command any) uint64 {
	w.t.Helper()
	if err := w.try(by, name, command); err != nil {
		w.t.Fatalf("%s %+v: %v", name, command, err)
	}
	return w.log.Head().Ordinal
}

// records is the whole log.
func (w *world) records() []ledger.Recorded {
	w.t.Helper()
	var all []ledger.Recorded
	for e, err := range w.log.All(context.Background(), ledger.Position{}) {
		w.must(err)
		all = append(all, e)
	}
	return all
}

// folded is a fresh view of some events.
func (w *world) folded(events []ledger.Recorded) *View {
	w.t.Helper()
	v := w.fresh()
	for _, e := range events {
		w.must(v.Apply(e))
	}
	return v
}

func (w *world) sign() error {
	size, root, _, _ := w.view.State()
	note, err := checkpoint.Write(w.signer, size, root)
	w.must(err)
	return w.try(ledger.Actor{Account: ledger.System}, "checkpoint.sign", checkpoint.Sign{Note: note})
}

func as(role ledger.Role, unit string) ledger.Actor {
	return ledger.Actor{Account: string(role) + unit, Roles: []ledger.Role{role}, Unit: unit}
}

func clerk(unit string) ledger.Actor { return as(ledger.Clerk, unit) }

var (
	admin        = as(ledger.Admin, "")
	investigator = as(ledger.Investigator, "")
)

// rows reads the world's rows.
func (w *world) rows() (rows *Rows) {
	w.view.Read(func(r *Rows) { rows = r })
	return rows
}
