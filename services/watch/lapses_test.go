package watch_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
	"suyuan/services/view"
	"suyuan/services/watch"
)

// do is one command that must succeed.
func (h *house) do(role ledger.Role, unit, name, input string) {
	h.t.Helper()
	h.as(string(role)+"-"+unit, role, unit, name, input)
}

func (h *house) as(account string, role ledger.Role, unit, name, input string) {
	h.t.Helper()
	by := ledger.Actor{Account: account, Roles: []ledger.Role{role}, Unit: unit}
	if _, err := h.desk.Submit(h.t.Context(), by, name, fmt.Sprintf("%s-%x", name, sha256.Sum256([]byte(input))), []byte(input)); err != nil {
		h.t.Fatalf("%s %s: %v", name, input, err)
	}
}

func (h *house) lapses() *watch.Lapses {
	return &watch.Lapses{Desk: h.desk, Objections: h.view, Clock: func() time.Time { return h.now }, Faults: quiet}
}

func (h *house) states() (states []string) {
	h.t.Helper()
	h.view.Read(func(r *view.Rows) {
		all, err := r.Objections(view.ObjectionQuery{}, 50)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, o := range slices.Backward(all) {
			by := ""
			if o.DecidedBy != nil {
				by = " " + o.DecidedBy.Code
			}
			states = append(states, o.ID+" "+o.State+by)
		}
	})
	return states
}

// From a county to two villages, one of which gets its answer.
func TestLapses(t *testing.T) {
	h := open(t) // Tuesday 9 August 2022
	for _, u := range []string{`"code":"990101","name":"县","kind":"government"`, `"code":"990101001001","name":"东村","kind":"village"`, `"code":"990101001002","name":"西村","kind":"village"`} {
		h.do(ledger.Admin, "99-bb", "unit.register", "{"+u+"}")
	}
	h.do(ledger.Clerk, "990101", "document.register", `{"id":"paper","number":"1号","issuer":"990101","date":"2022-08-08","title":"通知"}`)
	h.do(ledger.Clerk, "990101", "mandate.issue", `{"id":"task","title":"任务","field":"农业农村","origin":"990101","document":"paper","measures":[{"key":"area","name":"面积","kind":"divisible","dimension":"split","unit":"亩"}]}`)
	h.do(ledger.Clerk, "990101", "issuance.make", `{"id":"sheet","issuer":"990101","document":"paper","lines":[{"to":"990101001001","amounts":[{"measure":"task/area","value":"10"}]},{"to":"990101001002","amounts":[{"measure":"task/area","value":"10"}]}]}`)
	object := func(unit, id string) {
		h.do(ledger.Clerk, unit, "assignment.object", fmt.Sprintf(`{"issuance":"sheet","unit":%q,"id":%q,"ground":"infeasible","reason":"没有地。"}`, unit, id))
	}
	object("990101001001", "early")
	h.now = h.now.AddDate(0, 0, 30)
	one, two := h.lapses(), h.lapses()
	look := func(watchers ...*watch.Lapses) {
		t.Helper()
		for _, w := range watchers {
			if err := w.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	is := func(want ...string) {
		t.Helper()
		if got := h.states(); !slices.Equal(got, want) {
			t.Fatalf("on %s: %v, want %v", h.now, got, want)
		}
	}
	look(one)
	is("early open") // nobody set any days

	h.do(ledger.Admin, "99-bb", "policy.adopt", `{"name":"terms","title":"期限","document":"paper","values":{"objectionDays":"3","noticeDays":"10","extensionDays":"5","mirrorDays":"10","appealDays":"30","appealDecisionDays":"30"}}`)
	h.now = time.Date(2022, 9, 9, 9, 0, 0, 0, ledger.Beijing) // Friday, the day after
	object("990101001002", "answered")
	object("990101001002", "late")
	h.do(ledger.Clerk, "990101", "assignment.decide_objection", `{"issuance":"sheet","unit":"990101001002","id":"answered","decision":"insisted","reason":"照办。"}`)
	want := []string{"early open", "answered insisted 990101", "late open"}
	for _, c := range []struct{ day, hour int }{{9, 10}, {9, 12}, {12, 0}, {13, 23}} { // the 10th to 12th were the Mid-Autumn holiday
		h.now = time.Date(2022, 9, c.day, c.hour, 0, 0, 0, ledger.Beijing)
		look(one, two)
		is(want...)
	}
	// The policy was adopted on the 8th: its three days are over with the 14th.
	h.now = time.Date(2022, 9, 15, 0, 0, 0, 0, ledger.Beijing)
	look(one, two, one)
	want[0] = "early lapsed 990101"
	is(want...)
	h.now = time.Date(2022, 9, 16, 0, 0, 0, 0, ledger.Beijing)
	look(two, one)
	want[2] = "late lapsed 990101"
	is(want...)
	events := h.view.Position().Ordinal
	h.now = h.now.AddDate(0, 1, 0)
	look(one, two, h.lapses())
	if got := h.view.Position().Ordinal; got != events {
		t.Errorf("%d events more, although all was answered", got-events)
	}
}

// shelfOf is a list of objections that are due and a desk that refuses some.
type shelfOf struct {
	n     int
	fault error
	bad   map[string]error
	keys  []string
}

func (s *shelfOf) Lapsing(_ time.Time, use func(assignment.Lapse) bool) error {
	for i := range s.n {
		if !use(assignment.Lapse{Ref: assignment.Ref{Issuance: "sheet", Unit: "990101"}, ID: fmt.Sprint(i)}) {
			break
		}
	}
	return s.fault
}

func (s *shelfOf) Submit(_ context.Context, _ ledger.Actor, _, key string, _ []byte) (desk.Receipt, error) {
	s.keys = append(s.keys, key)
	return desk.Receipt{}, s.bad[key]
}

func TestLapsesAreBounded(t *testing.T) {
	now := time.Date(2022, 9, 15, 0, 0, 0, 0, ledger.Beijing)
	s := &shelfOf{n: 10_001, bad: map[string]error{"lapse-sheet-990101-0": ledger.Refuse("assignment.not_due", "期限未到。", "Not due.")}}
	w := &watch.Lapses{Desk: s, Objections: s, Clock: func() time.Time { return now }, Faults: quiet}
	if err := w.Once(t.Context()); err != nil || len(s.keys) != 10_000 {
		t.Fatalf("%d were asked for (%v), 10000 are one look's", len(s.keys), err)
	}
	s.n, s.keys = 1, nil
	if err := w.Once(t.Context()); err != nil || len(s.keys) != 1 {
		t.Errorf("the rest of what did not fit into one look: %v, %v", s.keys, err)
	}
	if err := w.Once(t.Context()); err != nil || len(s.keys) != 1 {
		t.Errorf("all was asked for within the hour, and again %v, %v", s.keys, err)
	}
	// One day whose days cannot be told holds up none of the others.
	now, s.n, s.keys, s.fault = now.AddDate(0, 0, 1), 2, nil, ledger.Errorf(ledger.Unavailable, "calendar.year_missing", "缺年。", "A year is missing.")
	if err := w.Once(t.Context()); !errors.Is(err, s.fault) || len(s.keys) != 2 {
		t.Errorf("%v, asked for %v", err, s.keys)
	}
}
