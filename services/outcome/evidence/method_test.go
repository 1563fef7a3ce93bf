package evidence

import (
	"testing"

	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

// Who was ordered against the law keeps its part, whichever other answer the
// same unit gave; and an explanation says by which rules it was made where the
// first ones would have said something else.
func TestInsistedTwice(t *testing.T) {
	const kept, moved = county + ":4667 " + town + ":2000 " + village + ":3333", county + ":6667 " + village + ":3333"
	illegal := func(by string, h int) func(*Objection) {
		return func(o *Objection) { decides(assignment.Insisted, by, h)(o); o.ClearlyIllegal = true }
	}
	lawful := func(by string) func(*Objection) { return decides(assignment.Insisted, by, -24*8) }
	lapsed := func(o *Objection) { decides(assignment.Lapsed, county, -24*8)(o); o.ClearlyIllegal = true }
	first := func(how func(*Objection)) *scene { return ordered(-24*20, how) }
	means := func(ground assignment.Ground) *scene {
		return over().objects(village, town, ground, -24*20, illegal(town, -24*9)).objects(village, town, assignment.Unresourced, -24*19, lawful(town))
	}
	refused := func(by string, h int, against bool) Stop {
		return Stop{Unit: contractor, OwedBy: by, Requested: event(71, "assignment.stop_requested", -5), Answered: event72(h), DecidedBy: by, ClearlyIllegal: against}
	}
	asked := func(stops ...Stop) *scene { return site(nil).set(func(r *Record) { r.Stops = stops }) }
	for _, c := range []struct {
		name   string
		of     *scene
		want   string
		method int
	}{
		{"against the law, then lawfully", first(illegal(county, -24*9)).objects(town, county, assignment.OffList, -24*19, lawful(county)), kept, 2},
		{"lawfully, then against the law", first(lawful(county)).objects(town, county, assignment.OffList, -24*19, illegal(county, -24*7)), kept, 1},
		{"once against the law", first(illegal(county, -24*9)), kept, 1},
		{"twice lawfully", first(lawful(county)).objects(town, county, assignment.OffList, -24*19, lawful(county)), moved, 1},
		{"against the law by another", over().objects(town, city, assignment.OffList, -24*20, illegal(city, -24*9)).set(func(r *Record) { r.Steps[1].DirectedBy = county }).objects(town, county, assignment.OffList, -24*19, lawful(county)), moved, 1},
		{"by another in between", first(illegal(county, -24*9)).objects(town, city, assignment.OffList, -24*18, lawful(city)).objects(town, county, assignment.OffList, -24*17, lawful(county)), kept, 2},
		{"let lapse, then lawfully", first(lapsed).objects(town, county, assignment.OffList, -24*19, lawful(county)), moved, 1},
		{"against the law after the outcome", first(illegal(county, 1)).objects(town, county, assignment.OffList, -24*19, lawful(county)), moved, 1},
		{"raised after the outcome", first(lawful(county)).objects(town, county, assignment.OffList, 1, illegal(county, -24*9)), moved, 1},
		{"which a reviewer denies", first(illegal(county, -24*9)).objects(town, county, assignment.OffList, -24*19, lawful(county)).state(outcome.Stated{Point: outcome.ClearlyIllegal, Unit: town, Value: "no"}), moved, 1},
		{"which a reviewer states himself", first(illegal(county, -24*9)).objects(town, county, assignment.OffList, -24*19, lawful(county)).state(outcome.Stated{Point: outcome.ClearlyIllegal, Unit: town, Value: "yes"}), kept, 1},
		{"that nobody insisted, as is stated", first(illegal(county, -24*9)).objects(town, county, assignment.OffList, -24*19, lawful(county)).state(outcome.Stated{Point: outcome.OverruledBy, Unit: town, Value: "no"}), shares(over().explain(t)), 1},
		{"whoever is stated to have insisted", first(illegal(county, -24*9)).objects(town, county, assignment.OffList, -24*19, lawful(county)).state(outcome.Stated{Point: outcome.OverruledBy, Unit: town, By: county}), kept, 2},
		{"an executor without means", means(assignment.Unresourced), town + ":9000 " + village + ":1000", 2},
		{"an executor on another ground", means(assignment.OffList), town + ":10000", 1},
		{"a stop, against the law, then lawfully", asked(refused(housing, -4, true), refused(housing, -3, false)), contractor + ":1800 " + supervisor + ":4000 " + housing + ":4200", 2},
		{"a stop, lawfully, then against the law", asked(refused(housing, -4, false), refused(housing, -3, true)), contractor + ":1800 " + supervisor + ":4000 " + housing + ":4200", 1},
		{"a stop, against the law by another", asked(refused(supervisor, -4, true), refused(housing, -3, false)), supervisor + ":4000 " + housing + ":6000", 1},
		{"a stop, against the law after the harm", asked(refused(housing, 1, true), refused(housing, -3, false)), supervisor + ":4000 " + housing + ":6000", 1},
		{"a stop, which a reviewer denies", asked(refused(housing, -4, true), refused(housing, -3, false)).state(outcome.Stated{Point: outcome.ClearlyIllegal, Unit: contractor, Value: "no"}), supervisor + ":4000 " + housing + ":6000", 1},
		{"a date that passed one unit twice", dated("25", step(county, "5"), step(town, "3"), step(county, "2")), county + ":7000 " + town + ":3000", 2},
		{"a date that passed each once", dated("25", step(county, "5"), step(town, "3")), county + ":6250 " + town + ":3750", 1},
	} {
		e := c.of.explain(t)
		if got := shares(e); got != c.want || e.Method() != c.method {
			t.Errorf("%s: %s by method %d, want %s by %d", c.name, got, e.Method(), c.want, c.method)
		}
	}
}

func event72(h int) *Event { return p(event(72, "assignment.stop_decided", h)) }

// What is refused was refused by some rules too; where nothing could be built,
// by the first.
func TestMethodOfARefusal(t *testing.T) {
	s := dated("25", step(county, "5"), step(town, "3"), step(county, "2")).
		objects(county, town, assignment.Infeasible, -24*20, decides(assignment.Insisted, town, -24*9)).
		objects(town, county, assignment.Infeasible, -24*20, decides(assignment.Insisted, county, -24*9)).
		set(func(r *Record) {
			for i := range r.Steps {
				r.Steps[i].DirectedBy = map[string]string{county: town, town: county}[r.Steps[i].Unit]
			}
		})
	if e, err := Explain(s.o, s.r, jra1); err == nil || e.Method() != 2 {
		t.Errorf("a date that passed one unit twice is refused by method %d: %v", e.Method(), err)
	}
	s = over().set(func(r *Record) { r.Steps = nil })
	if e, err := Explain(s.o, s.r, jra1); err == nil || e.Method() != 1 {
		t.Errorf("what nobody asked is refused by method %d: %v", e.Method(), err)
	}
	if e, err := Explain(outcome.State{}, Record{}, jra1); err == nil || e.Method() != 1 {
		t.Errorf("nothing is refused by method %d: %v", e.Method(), err)
	}
}
