package watch_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/checkpoint"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/view"
	"suyuan/services/watch"
)

var quiet = slog.New(slog.DiscardHandler)

// house is a ledger as serve opens it, with a signing key.
type house struct {
	t                *testing.T
	dir              string
	signer, verifier string
	store            *sqlite.Store
	view             *view.View
	desk             *desk.Desk
	now              time.Time
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), now: time.Date(2022, 8, 9, 10, 0, 0, 0, ledger.Beijing)}
	events, err := catalogue.Events()
	if err != nil {
		t.Fatal(err)
	}
	if h.signer, h.verifier, err = checkpoint.NewKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	if h.store, err = sqlite.Open(h.dir); err != nil {
		t.Fatal(err)
	}
	h.view = h.fresh()
	if h.desk, err = desk.New(h.store, events, catalogue.Commands(), desktest.Patient(h.view), func() time.Time { return h.now }); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	first := h.view // a test may put another in its place
	go func() {
		defer close(ended)
		_ = first.Follow(ctx, h.store) // ends with ctx
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// fresh is a read model that has folded nothing.
func (h *house) fresh() *view.View {
	h.t.Helper()
	events, err := catalogue.Events()
	if err != nil {
		h.t.Fatal(err)
	}
	v, err := view.New(events, h.verifier)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// units enters n of them.
func (h *house) units(from, n int) {
	h.t.Helper()
	for i := from; i < from+n; i++ {
		code := fmt.Sprintf("99%04d", i)
		input := fmt.Sprintf(`{"code":%q,"name":"单位","kind":"government"}`, code)
		admin := ledger.Actor{Account: "admin", Roles: []ledger.Role{ledger.Admin}}
		if _, err := h.desk.Submit(h.t.Context(), admin, "unit.register", code, []byte(input)); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) checkpoints() watch.Checkpoints {
	return watch.Checkpoints{Desk: h.desk, Log: h.view, Signer: h.signer, Clock: func() time.Time { return h.now }, Faults: quiet}
}

// report verifies the whole log.
func (h *house) report() checkpoint.Report {
	h.t.Helper()
	r, err := checkpoint.Verify(h.t.Context(), h.store, h.verifier, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}
