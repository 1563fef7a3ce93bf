package evidence

import (
	"fmt"
	"testing"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

const (
	province, city, county, town, village = "99", "9901", "990101", "990101001", "990101001001"
	lead, office, street                  = "990101-csgl", "990101-jd", "990101002"
	measure                               = "farmland-600/area"
)

var (
	occurred = time.Date(2022, 8, 1, 9, 0, 0, 0, ledger.Beijing)
	jra1     = Policy{Name: "jra-1", Version: 1, Parameters: liability.Proposed()}
)

func hours(h int) time.Time     { return occurred.Add(time.Duration(h) * time.Hour) }
func hoursPtr(h int) *time.Time { t := hours(h); return &t }

func p[T any](x T) *T { return &x }

func n(s string) exact.Rat {
	r, err := exact.ParseRat(s)
	if err != nil {
		panic(err)
	}
	return r
}

// event is one recorded so many hours after the outcome, or before.
func event(ordinal uint64, kind string, h int) Event {
	return Event{Ordinal: ordinal, Type: kind, Hash: fmt.Sprintf("%064x", ordinal), Recorded: hours(h)}
}

// scene is an outcome and the record around it, as a test changes them.
type scene struct {
	o outcome.State
	r Record
}

// penalised starts a scene with the outcome recorded two days after it.
func penalised(x outcome.Penalised) *scene {
	x.ID = outcome.ID(x.Mandate, x.Measure, x.Unit, occurred)
	x.OccurredAt, x.Document = occurred, "penalty"
	s := &scene{r: Record{Executor: x.Unit, At: occurred}}
	s.happens(x)
	return s
}

// happens records an event of the outcome itself.
func (s *scene) happens(e ledger.Evolver[outcome.State]) *scene {
	e.Evolve(&s.o)
	s.r.Own = append(s.r.Own, event(uint64(900+len(s.r.Own)), fmt.Sprintf("%T", e), 48))
	return s
}

func (s *scene) state(x outcome.Stated) *scene {
	x.ID, x.Document = outcome.StatementID(x.Point, x.Unit), "minutes"
	return s.happens(x)
}

func (s *scene) set(how func(*Record)) *scene { how(&s.r); return s }

// quantity is a shortfall of so much against what the steps ask, each unit's
// issuance recorded a day after the one before it, all before the outcome.
func quantity(executor, verified string, steps ...Step) *scene {
	var sum exact.Rat
	for i := range steps {
		sum = sum.Add(steps[i].Amount)
		steps[i].Events = []Event{event(uint64(10*(i+1)), "issuance.made", -24*30+24*i)}
		steps[i].Issuance = "sheet-" + steps[i].Unit
		steps[i].Root = i == 0
	}
	return penalised(outcome.Penalised{Kind: outcome.Quantity, Mandate: "farmland-600", Measure: measure, Unit: executor, Required: sum.String(), Verified: verified}).
		set(func(r *Record) { r.Steps, r.Linear, r.Origin = steps, true, steps[0].Unit })
}

func step(unit, amount string) Step { return Step{Unit: unit, Amount: n(amount)} }

// own: the task is the executor's, it had power, notice and means.
func (s *scene) own() *scene {
	return s.set(func(r *Record) {
		r.Duty, r.Authority, r.AuthorityFrom = "farmland", p(true), []Event{event(30, "issuance.made", -24*20)}
		r.Duties = []Duty{{Unit: r.Executor, HasList: true, Class: "basic", Event: p(event(5, "unit.duty_listed", -24*60))}}
		r.Delivered = &Receipt{Event: event(40, "assignment.delivered", -24*19)}
		r.Needed, r.Given = []Resource{{Kind: "money", Amount: n("100"), Event: event(30, "issuance.made", -24*20)}}, []Resource{{Kind: "money", Amount: n("100"), By: town, Event: event(30, "issuance.made", -24*20)}}
	})
}

// objects records an objection h hours after the outcome, or before.
func (s *scene) objects(unit, owedBy string, ground assignment.Ground, h int, how func(*Objection)) *scene {
	o := Objection{Unit: unit, ID: "o1", Ground: ground, OwedBy: owedBy, Raised: event(uint64(60+len(s.r.Objections)), "assignment.objected", h)}
	if how != nil {
		how(&o)
	}
	s.r.Objections = append(s.r.Objections, o)
	return s
}

// decides answers an objection h hours after the outcome, or before.
func decides(d assignment.Decision, by string, h int) func(*Objection) {
	return func(o *Objection) {
		o.Decision, o.DecidedBy, o.Decided = d, by, p(event(o.Raised.Ordinal+10, "assignment.objection_decided", h))
	}
}

// able is a capacity an investigator established before.
func able(unit, value string) Figure {
	return Figure{Unit: unit, Of: measure, Value: n(value), Verified: true, AsOf: "2022-06-01", Document: "survey", Event: event(7, "unit.capacity_verified", -24*50)}
}

func (s *scene) explain(t testing.TB) Explanation {
	t.Helper()
	e, err := Explain(s.o, s.r, jra1)
	if err != nil {
		t.Fatalf("%v; %+v", err, e.Evidence)
	}
	return e
}

// shares are written "990101:6667 990101001:3333", units that bear nothing left
// out.
func shares(e Explanation) string {
	text := ""
	for _, s := range e.Explained.Masses {
		if s.Points > 0 {
			text += fmt.Sprintf(" %s:%d", s.Unit, s.Points)
		}
	}
	if text == "" {
		return e.Explained.Answer.Outcome
	}
	return text[1:]
}

func (e Evidence) asks(point outcome.Point, unit string) (Question, bool) {
	for _, q := range e.Questions {
		if q.Point == point && q.Unit == unit {
			return q, true
		}
	}
	return Question{}, false
}

func (e Evidence) says(what Says, unit string) (Point, bool) { return found(e.Points, what, unit) }
func (e Evidence) leaves(what Says, unit string) (Point, bool) {
	return found(e.Ignored, what, unit)
}

func found(list []Point, what Says, unit string) (Point, bool) {
	for _, x := range list {
		if x.Says == what && x.Unit == unit {
			return x, true
		}
	}
	return Point{}, false
}
