package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
)

// house is a ledger as serve opens it: the store, a fold that follows it, and
// the desk, with the clock in the test's hand.
type house struct {
	t     *testing.T
	dir   string
	store *sqlite.Store
	log   *between
	view  *view.View
	desk  *desk.Desk
	now   time.Time
	close func()
}

// between stands before the store and does to a call what the test says.
type between struct {
	ledger.Log
	append func(ctx context.Context, stream string, expect ledger.Expect, events []ledger.Record) (ledger.Position, error)
	read   func(e *ledger.Recorded)
}

func (b *between) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	if b.append != nil {
		return b.append(ctx, stream, expect, events)
	}
	return b.Log.Append(ctx, stream, expect, events...)
}

func (b *between) Stream(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for e, err := range b.Log.Stream(ctx, stream, from) {
			if b.read != nil {
				b.read(&e)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), now: time.Date(2022, 8, 9, 10, 0, 0, 0, ledger.Beijing)}
	h.start()
	t.Cleanup(func() { h.close() })
	return h
}

func (h *house) start() {
	h.t.Helper()
	events, err := catalogue.Events()
	if err != nil {
		h.t.Fatal(err)
	}
	if h.store, err = sqlite.Open(h.dir); err != nil {
		h.t.Fatal(err)
	}
	h.log = &between{Log: h.store}
	if h.view, err = view.New(events, ""); err != nil {
		h.t.Fatal(err)
	}
	if err := h.view.Catch(h.t.Context(), h.store); err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.view.Follow(ctx, h.store) }()
	h.close = func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			h.t.Errorf("the fold ended with %v", err)
		}
		if err := h.store.Close(); err != nil {
			h.t.Error(err)
		}
		h.close = func() {}
	}
	if h.desk, err = desk.New(h.log, events, catalogue.Commands(), desktest.Patient(h.view), func() time.Time { return h.now }); err != nil {
		h.t.Fatal(err)
	}
}

// again closes the house and opens it anew.
func (h *house) again() {
	h.t.Helper()
	h.close()
	h.start()
}

var admin = ledger.Actor{Account: "admin", Roles: []ledger.Role{ledger.Admin}}

func clerk(unit string) ledger.Actor {
	return ledger.Actor{Account: "clerk", Roles: []ledger.Role{ledger.Clerk}, Unit: unit}
}

func (h *house) submit(by ledger.Actor, name, key, input string) (desk.Receipt, error) {
	return h.desk.Submit(h.t.Context(), by, name, key, []byte(input))
}

func (h *house) must(by ledger.Actor, name, key, input string) desk.Receipt {
	h.t.Helper()
	r, err := h.submit(by, name, key, input)
	if err != nil {
		h.t.Fatalf("%s: %v", name, err)
	}
	return r
}

// unit enters one.
func (h *house) unit(code string) desk.Receipt {
	h.t.Helper()
	return h.must(admin, "unit.register", "unit-"+code, fmt.Sprintf(`{"code":%q,"name":"单位","kind":"government"}`, code))
}

// refused holds an answer to a refusal, and the ledger to what it was before.
func (h *house) refused(err error, code ledger.Code, rule, field string, size int) *ledger.Error {
	h.t.Helper()
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok || e.Code != code || e.Rule != rule || e.Field != field {
		h.t.Fatalf("got %v, want %s %s at %q", err, code, rule, field)
	}
	if strings.Contains(e.Text.Zh+e.Text.En, "%!") || e.Text.Zh == "" || e.Text.En == "" {
		h.t.Errorf("%s says %+v", e.Rule, e.Text)
	}
	if n := len(h.events()); n != size {
		h.t.Fatalf("%s left %d events, want %d", rule, n, size)
	}
	return e
}

func (h *house) events() (all []ledger.Recorded) {
	h.t.Helper()
	for e, err := range h.store.All(h.t.Context(), ledger.Position{}) {
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// meta reads the metadata of an event.
func (h *house) meta(ordinal uint64) (m ledger.Meta) {
	h.t.Helper()
	if err := json.Unmarshal(h.events()[ordinal-1].Meta, &m); err != nil {
		h.t.Fatal(err)
	}
	return m
}
