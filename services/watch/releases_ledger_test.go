package watch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"suyuan/services/catalogue"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/desk"
	"suyuan/services/desk/desktest"
	"suyuan/services/ledger"
	"suyuan/services/release"
	"suyuan/services/view"
	"suyuan/services/view/docket/dockettest"
	"suyuan/services/watch"
)

// reporting is a ledger with a county, a town of 20 and one of 19, and cards
// for its cadres.
type reporting struct {
	*house
	maker *dockettest.Reports
	keys  int
	ids   []string
}

func openReporting(t *testing.T) *reporting {
	t.Helper()
	h := &reporting{house: open(t), maker: dockettest.New()}
	h.now = time.Date(2026, 10, 5, 9, 0, 0, 0, ledger.Beijing) // a Monday
	h.reopen()
	for _, u := range []string{
		`{"code":"99","name":"省","kind":"government"}`, `{"code":"9901","name":"市","kind":"government","parent":"99"}`,
		`{"code":"990101","name":"县","kind":"government","parent":"9901","staff":200}`, `{"code":"990101001","name":"大镇","kind":"government","parent":"990101","staff":16}`,
		`{"code":"990101001201","name":"村","kind":"village","parent":"990101001","staff":4}`, `{"code":"990101002","name":"小镇","kind":"government","parent":"990101","staff":19}`,
	} {
		h.must(h.submit(ledger.Actor{Account: "admin", Roles: []ledger.Role{ledger.Admin}}, "unit.register", json.RawMessage(u)))
	}
	clerk := ledger.Actor{Account: "clerk", Roles: []ledger.Role{ledger.Clerk}, Unit: "990101"}
	h.must(h.submit(clerk, "mandate.issue", json.RawMessage(`{"id":"trees","title":"造林","field":"林业","origin":"990101","measures":[{"key":"area","name":"面积","kind":"divisible","dimension":"quantity","unit":"亩"}]}`)))
	h.must(h.maker.Publish(h.submit, "990101", "2026Q4", 1, 60))
	return h
}

// reopen is a start of the server: the read model is folded anew.
func (h *reporting) reopen() {
	h.t.Helper()
	events, err := catalogue.Events()
	h.must(err)
	h.view, err = view.New(events, h.verifier, view.WithClaims(h.maker.Key))
	h.must(err)
	h.desk, err = desk.New(h.store, events, catalogue.Commands(), desktest.Patient(h.view), func() time.Time { return h.now })
	h.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	v := h.view
	go func() {
		defer close(ended)
		_ = v.Follow(ctx, h.store) // ends with ctx
	}()
	h.t.Cleanup(func() { cancel(); <-ended })
	var last ledger.Position
	for e, err := range h.store.All(h.t.Context(), ledger.Position{}) {
		h.must(err)
		last = e.Position
	}
	h.must(v.Wait(h.t.Context(), last))
}

func (h *reporting) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *reporting) submit(by ledger.Actor, name string, input any) error {
	h.t.Helper()
	h.keys++
	_, err := h.desk.Submit(h.t.Context(), by, name, fmt.Sprint("test-", h.keys), dockettest.JSON(input))
	return err
}

func (h *reporting) file(n int, lane complaint.Lane, unit, asked string) {
	h.t.Helper()
	for range n {
		id, err := h.maker.File(h.submit, ledger.DateOf(h.now), lane, claim.Facts{
			Mandate: "trees", Measure: "trees/area", Issuer: unit, Within: "990101", Dimension: "quantity", CameDown: "600", Asked: asked,
		})
		h.must(err)
		h.ids = append(h.ids, id)
	}
}

// week releases as a server that was just started does, and then moves on to
// the next Monday. It gives what the public was told anew.
func (h *reporting) week() string {
	h.t.Helper()
	before := h.claims()
	r := watch.Releases{Desk: h.desk, Clock: func() time.Time { return h.now }, Faults: quiet}
	h.must(r.Once(h.t.Context()))
	h.must(r.Once(h.t.Context()))
	h.now = h.now.AddDate(0, 0, 7)
	return strings.TrimPrefix(h.claims(), before)
}

// claims is everything released of the mandate, week by week.
func (h *reporting) claims() (out string) {
	h.t.Helper()
	h.view.Read(func(r *view.Rows) {
		for d := ledger.Date("2026-10-05"); d < ledger.DateOf(h.now.AddDate(0, 0, 8)); d = ledger.DateOf(d.Time().AddDate(0, 0, 7)) {
			rows, err := r.Statistics(release.Query{Metric: release.Reports, GroupBy: release.ByClaim, From: d, To: d})
			h.must(err)
			for _, f := range rows {
				figures := "?"
				if f.Asked != nil {
					figures = *f.Asked
				} else if f.Change != nil {
					figures = string(*f.Change)
				}
				out += fmt.Sprintf("%s %s ×%s;", f.Unit.Code, figures, f.Count)
			}
		}
	})
	return out
}

// On a real ledger: what may be told is told, once; what was told holds over a
// start of the server; and the release names no complaint and no card.
func TestReleasesOfALedger(t *testing.T) {
	h := openReporting(t)
	wants := func(want string) {
		t.Helper()
		if got := h.week(); got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	wants("")
	h.file(4, complaint.Verified, "990101001", "690")
	h.file(19, complaint.Open, "990101001", "690")
	h.file(6, complaint.Verified, "990101002", "690") // a town of 19
	wants("")
	h.file(1, complaint.Verified, "990101001", "690")
	wants("990101001 690 ×5;")
	h.reopen()
	wants("")
	h.file(4, complaint.Verified, "990101001", "690")
	h.file(1, complaint.Verified, "990101001", "691")
	wants("990101001 PLUS_10_20 ×5;")
	h.file(1, complaint.Open, "990101001", "690")
	for range 8 {
		h.reopen()
		wants("")
	}
	whole := ""
	h.view.Read(func(r *view.Rows) {
		rows, err := r.Statistics(release.Query{Metric: release.Reports, GroupBy: release.Whole})
		h.must(err)
		for _, f := range rows {
			whole += fmt.Sprint(f.Lane, " ", f.Count, ";")
		}
	})
	if whole != "VERIFIED 16;OPEN 20;" {
		t.Errorf("in all %s", whole)
	}
	secret := append([]string{"cards-990101"}, h.ids...)
	for e, err := range h.store.All(t.Context(), ledger.Position{}) {
		h.must(err)
		if !strings.HasPrefix(e.Stream, "release-") {
			if strings.HasPrefix(e.Stream, "nullifier-") {
				secret = append(secret, strings.TrimPrefix(e.Stream, "nullifier-"))
			}
			continue
		}
		for _, s := range secret {
			if bytes.Contains(e.Data, []byte(s)) || bytes.Contains(e.Meta, []byte(s)) {
				t.Errorf("%s holds %s", e.Stream, s)
			}
		}
	}
}
