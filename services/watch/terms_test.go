package watch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/desk"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/policy"
	"suyuan/services/unit"
	"suyuan/services/watch"
)

// bench is findings about one outcome and a desk in one: commands are decided
// on them as they stand.
type bench struct {
	all      []*finding.State
	calendar *calendar.Calendar
	now      time.Time
	asked    []string // commands
	keys     []string
	changed  []string // events that came of it
	fail     error
}

func (b *bench) Running(use func(id string, t finding.Timing) bool) {
	for _, s := range b.all {
		if s.Timing.Runs() && !use(s.ID, s.Timing) {
			return
		}
	}
}

func (b *bench) Submit(_ context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	b.asked, b.keys = append(b.asked, name), append(b.keys, key)
	if b.fail != nil {
		return desk.Receipt{}, b.fail
	}
	for _, def := range finding.Commands {
		if def.Name != name {
			continue
		}
		var at struct{ ID string }
		bound, err := def.Bind(input)
		if err := errors.Join(err, json.Unmarshal(input, &at)); err != nil {
			return desk.Receipt{}, err
		}
		for _, s := range b.all {
			if s.ID != at.ID {
				continue
			}
			list, err := bound.Value().(ledger.Decider[finding.State, finding.Facts]).Decide(*s, b, by, b.now)
			if err != nil {
				return desk.Receipt{}, err
			}
			for _, e := range list {
				e.Evolve(s)
				b.changed = append(b.changed, fmt.Sprintf("%T", e))
			}
			return desk.Receipt{}, nil
		}
	}
	return desk.Receipt{}, ledger.Errorf(ledger.NotFound, "finding.unknown", "没有。", "There is none.")
}

func (b *bench) Unit(code string) (unit.Fact, bool)     { return unit.Fact{Code: code}, true }
func (b *bench) HasDocument(string) bool                { return true }
func (b *bench) HasRule(string) bool                    { return true }
func (b *bench) Calendar() *calendar.Calendar           { return b.calendar }
func (b *bench) Subject(string) (finding.Subject, bool) { return finding.Subject{}, true }
func (b *bench) Policy(string, ledger.Date) (policy.Adopted, bool) {
	return policy.Adopted{}, false
}
func (b *bench) Explain(string, int) (finding.Explained, error) { return finding.Explained{}, nil }
func (b *bench) Rounds(string) (list []finding.Fact) {
	for _, s := range b.all {
		list = append(list, s.Fact())
	}
	return list
}

const outcomeOf = "990102002001-20260220-0123abcd"

// round is a finding to which something happened.
func round(n int, list ...ledger.Evolver[finding.State]) *finding.State {
	s := &finding.State{}
	finding.Drafted{
		ID: finding.ID(outcomeOf, n), Outcome: outcomeOf, Round: n, Executor: "990102002001",
		Version: finding.Version{N: 1, Shares: []finding.Share{{Unit: "990102002", Points: 10000, Mass: "20"}}, Originating: "990102002"},
	}.Evolve(s)
	for _, e := range list {
		e.Evolve(s)
	}
	return s
}

func TestTerms(t *testing.T) {
	days, err := calendar.Official()
	if err != nil {
		t.Fatal(err)
	}
	notified := finding.Notified{At: monday, Version: 1, Units: []finding.Noticed{{Unit: "990102002", Points: 10000, Origin: true, Mirror: true}}, Days: 10, MirrorDays: 10}
	b := &bench{calendar: days, now: monday, all: []*finding.State{round(1, notified)}}
	terms := func() *watch.Terms {
		return &watch.Terms{Desk: b, Of: "findings", Subjects: b, Calendar: days, Clock: func() time.Time { return b.now }, Faults: quiet}
	}
	one, two := terms(), terms()
	look := func(on time.Time, want ...string) {
		t.Helper()
		b.now, b.asked, b.changed = on, nil, nil
		for _, w := range []*watch.Terms{one, two} {
			if err := w.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(b.changed, want) {
			t.Errorf("on %s: %v, want %v", on, b.changed, want)
		}
	}
	// Ten working days from Monday 2 March are over with Monday the 16th.
	look(time.Date(2026, 3, 16, 23, 59, 59, 0, ledger.Beijing))
	look(time.Date(2026, 3, 17, 0, 0, 0, 0, ledger.Beijing), "finding.Unanswered")
	look(time.Date(2026, 3, 17, 0, 30, 0, 0, ledger.Beijing))

	finding.Issued{At: b.now, Version: 1, Days: 30}.Evolve(b.all[0])
	look(time.Date(2026, 4, 16, 23, 0, 0, 0, ledger.Beijing))
	look(time.Date(2026, 4, 17, 1, 0, 0, 0, ledger.Beijing), "finding.AppealPeriodExpired")

	b.all = append(b.all, round(2, finding.Issued{At: b.now, Version: 1, Days: 30}, finding.Appealed{At: b.now, N: 1, Unit: "990102002", Days: 30}))
	b.all[0].Timing.ReplacedBy = b.all[1].ID
	look(time.Date(2026, 4, 18, 1, 0, 0, 0, ledger.Beijing), "finding.Superseded")
	look(time.Date(2026, 5, 17, 1, 0, 0, 0, ledger.Beijing))
	look(time.Date(2026, 5, 18, 1, 0, 0, 0, ledger.Beijing), "finding.AppealOverdue")
	look(time.Date(2026, 8, 18, 1, 0, 0, 0, ledger.Beijing))
	if len(b.asked) != 0 {
		t.Errorf("nothing runs, and %v was asked for", b.asked)
	}
}

// The same command has the same key, whoever asks; a calendar that lacks a
// year holds up nothing that needs none; a desk that is not there is asked
// again.
func TestTermsGoOn(t *testing.T) {
	notified := finding.Notified{At: monday, Version: 1, Units: []finding.Noticed{{Unit: "990102002", Points: 10000, Mirror: true}}, Days: 10, MirrorDays: 10}
	b := &bench{now: monday.AddDate(0, 3, 0), all: []*finding.State{round(1, notified), round(2, finding.Issued{At: monday, Version: 1, Days: 30})}}
	w := &watch.Terms{Desk: b, Of: "findings", Subjects: b, Clock: func() time.Time { return b.now }, Faults: quiet}
	if err := w.Once(t.Context()); !ledger.IsCode(err, ledger.Unavailable) || !slices.Equal(b.asked, []string{"finding.let_stand"}) {
		t.Errorf("%v, %v", err, b.asked)
	}
	b.all = []*finding.State{round(1, finding.Issued{At: monday, Version: 1, Days: 30})}
	b.now, b.keys, b.fail = b.now.AddDate(0, 0, 1), nil, ledger.Errorf(ledger.Unavailable, "x", "停用。", "It is down.")
	for range 2 {
		if err := w.Once(t.Context()); !errors.Is(err, b.fail) {
			t.Error(err)
		}
	}
	if len(b.keys) != 2 || b.keys[0] != b.keys[1] {
		t.Errorf("keys %v", b.keys)
	}
	for i := range 10_001 {
		s := round(1, finding.Issued{At: monday, Version: 1, Days: 30})
		s.ID = finding.ID(outcomeOf, i+1)
		b.all = append(b.all, s)
	}
	b.keys, b.fail = nil, ledger.Refuse("finding.not_due", "期限未到。", "Not due.")
	if err := w.Once(t.Context()); err != nil || len(b.keys) != 10_000 {
		t.Errorf("one look asked for %d: %v", len(b.keys), err)
	}
}
