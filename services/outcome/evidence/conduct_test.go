package evidence

import (
	"testing"
	"time"

	"suyuan/services/outcome"
)

// site is an accident two hours after a danger was told: the contractor has the
// duty to stop the work, the safety officer's office supervises.
func site(how func(contractor, safety *outcome.Warning)) *scene {
	told := func(unit, power string) outcome.Warning {
		return outcome.Warning{Unit: unit, At: hours(-2), Answer: "收到", AnsweredAt: hoursPtr(-2), Power: power, Document: "chat"}
	}
	a, b := told(contractor, outcome.PowerStop), told(supervisor, outcome.PowerSupervise)
	if how != nil {
		how(&a, &b)
	}
	return penalised(outcome.Penalised{Kind: outcome.Conduct, Unit: contractor, KnownSince: hoursPtr(-2), Warned: []outcome.Warning{a, b}})
}

// Who had the power, knew, and acted: what counts, and from when.
func TestConduct(t *testing.T) {
	did := func(kind string, h int) *scene {
		return site(func(a, _ *outcome.Warning) { a.Did, a.DidAt = kind, hoursPtr(h) })
	}
	safetyDid := func(kind string) *scene {
		return site(func(_, b *outcome.Warning) { b.Did, b.DidAt = kind, hoursPtr(-1) })
	}
	act := func(unit, kind, power string, recorded int, how func(*Act)) *scene {
		x := Act{Unit: unit, Kind: kind, Power: power, Event: event(70, "assignment.acted", recorded)}
		if how != nil {
			how(&x)
		}
		return site(nil).set(func(r *Record) { r.Acts = []Act{x} })
	}
	known := func(h int) func(*Act) { return func(a *Act) { a.KnownAt = hoursPtr(h) } }
	at := func(h int) func(*Act) { return func(a *Act) { a.At = hoursPtr(h) } }
	stop := func(unit, owedBy string, asked int, how func(*Stop)) *scene {
		x := Stop{Unit: unit, ID: "s1", OwedBy: owedBy, Requested: event(71, "assignment.stop_requested", asked)}
		if how != nil {
			how(&x)
		}
		return site(nil).set(func(r *Record) { r.Stops = []Stop{x} })
	}
	refused := func(h int) func(*Stop) {
		return func(x *Stop) { x.Answered, x.DecidedBy = p(event(72, "assignment.stop_decided", h)), x.OwedBy }
	}
	granted := func(h int) func(*Stop) { return func(x *Stop) { refused(h)(x); x.Granted = true } }
	says := func(s *scene, point outcome.Point, unit, value, by string) *scene {
		return s.state(outcome.Stated{Point: point, Unit: unit, Value: value, By: by})
	}
	const both, safetyOnly = contractor + ":6000 " + supervisor + ":4000", supervisor + ":10000"
	for _, c := range []struct {
		name string
		of   *scene
		want string
	}{
		{"both answered, neither stopped it", site(nil), both},
		{"a stop order before the harm clears", did("stop_order", -1), safetyOnly},
		{"one after it does not", did("stop_order", 1), both},
		{"nor one at the very moment", did("stop_order", 0), both},
		{"nor a drafted penalty", did("drafted_penalty", -1), both},
		{"nor a reply", did("reply", -1), both},
		{"nor a remedy that let the work go on", did("remedy", -1), both},
		{"nor reporting up, where it could have stopped it", did("escalation", -1), both},
		{"reporting up where it could not", safetyDid("escalation"), contractor + ":10000"},
		{"a stop order by one that need not", safetyDid("stop_order"), contractor + ":10000"},
		{"an act on record before the harm clears too", act(contractor, "stop_order", "stop", -1, nil), safetyOnly},
		{"one entered afterwards does not, whatever its date", act(contractor, "stop_order", "stop", 1, at(-1)), both},
		{"nor one that was still to come", act(contractor, "stop_order", "stop", -1, at(1)), both},
		{"unless a reviewer states it", says(act(contractor, "stop_order", "stop", 1, at(-1)), outcome.Effective, contractor, "yes", ""), safetyOnly},
		{"or denies it", says(did("stop_order", -1), outcome.Effective, contractor, "no", ""), both},

		{"the power that the outcome gives goes before the unit's own word", act(contractor, "reply", "none", -1, nil), both},
		{"a unit known by its acts alone", act(housing, "reply", "coordinate", 1, known(-1)), contractor + ":5000 " + supervisor + ":3333 " + housing + ":1667"},
		{"of several words on its power the greatest", act(housing, "reply", "coordinate", 1, known(-1)).set(func(r *Record) {
			more := r.Acts[0]
			more.Power = "supervise"
			less := r.Acts[0]
			less.Power = "none"
			r.Acts = append(r.Acts, more, less)
		}), contractor + ":4286 " + supervisor + ":2857 " + housing + ":2857"},
		{"as a reviewer states it", says(site(nil), outcome.Power, supervisor, "none", ""), contractor + ":10000"},
		{"no power on record is none, and asked", site(func(_, b *outcome.Warning) { b.Power = "" }), contractor + ":10000"},

		{"told at the very moment, it did not know before", site(func(a, _ *outcome.Warning) { a.At = occurred }), safetyOnly},
		{"an act says that it knew only afterwards", act(housing, "reply", "supervise", 1, known(1)), both},
		{"or not since when", act(housing, "reply", "supervise", 1, nil), both},
		{"a receipt after the warning says that it knew", act(housing, "reply", "supervise", 1, nil).set(func(r *Record) { r.Acks = []Ack{{Unit: housing, Event: event(73, "assignment.acknowledged", -1)}} }),
			contractor + ":4286 " + supervisor + ":2857 " + housing + ":2857"},
		{"one of before the warning says nothing of it", act(housing, "reply", "supervise", 1, nil).set(func(r *Record) { r.Acks = []Ack{{Unit: housing, Event: event(73, "assignment.acknowledged", -3)}} }), both},
		{"nor one of after the harm", act(housing, "reply", "supervise", 1, nil).set(func(r *Record) {
			r.Acks = []Ack{{Unit: housing, At: hoursPtr(1), Event: event(73, "assignment.acknowledged", -1)}}
		}), both},
		{"as a reviewer states that it knew", says(act(housing, "reply", "supervise", 1, nil), outcome.Knew, housing, "yes", ""), contractor + ":4286 " + supervisor + ":2857 " + housing + ":2857"},
		{"or did not", says(site(nil), outcome.Knew, contractor, "no", ""), safetyOnly},
		{"a stated unit takes part", says(says(site(nil), outcome.Knew, patrol, "yes", ""), outcome.Power, patrol, "coordinate", ""), contractor + ":5000 " + supervisor + ":3333 " + patrol + ":1667"},
		{"what was taken back names nobody", says(says(says(says(site(nil), outcome.Knew, patrol, "yes", ""), outcome.Power, patrol, "coordinate", ""), outcome.Knew, patrol, "unknown", ""), outcome.Power, patrol, "unknown", ""), both},

		{"a refused request to stop goes to who refused it", stop(contractor, housing, -1, refused(-1)), supervisor + ":4000 " + housing + ":6000"},
		{"not one recorded afterwards", stop(contractor, housing, 1, refused(2)), both},
		{"nor one that was refused afterwards", stop(contractor, housing, -1, refused(1)), both},
		{"nor one without an answer", stop(contractor, housing, -1, nil), both},
		{"a clearly illegal refusal leaves κ", stop(contractor, housing, -1, func(x *Stop) { refused(-1)(x); x.ClearlyIllegal = true }), contractor + ":1800 " + supervisor + ":4000 " + housing + ":4200"},
		{"as a reviewer states it of the refusal", says(stop(contractor, housing, -1, refused(-1)), outcome.ClearlyIllegal, contractor, "yes", ""), contractor + ":1800 " + supervisor + ":4000 " + housing + ":4200"},
		{"who refused answers for its own part besides", says(stop(contractor, housing, -1, refused(-1)), outcome.Power, housing, "supervise", ""), supervisor + ":2857 " + housing + ":7143"},
		{"a granted request stops the work", stop(contractor, housing, -1, granted(-1)), safetyOnly},
		{"not if it was granted afterwards", stop(contractor, housing, -1, granted(1)), both},
		{"who granted it acted", says(stop(contractor, housing, -1, granted(-1)), outcome.Power, housing, "stop", ""), safetyOnly},
		{"to ask for a stop is to report up, for one that cannot stop it", stop(supervisor, housing, -1, nil), contractor + ":10000"},
		{"not afterwards", stop(supervisor, housing, 1, nil), both},
		{"a refusal stated by a reviewer", says(site(nil), outcome.OverruledBy, contractor, "", housing), supervisor + ":4000 " + housing + ":6000"},
		{"an objection stated with who insisted", says(site(nil), outcome.Objected, contractor, "yes", housing), supervisor + ":4000 " + housing + ":6000"},
		{"an objection stated alone takes no refusal back", says(stop(contractor, housing, -1, refused(-1)), outcome.Objected, contractor, "yes", ""), supervisor + ":4000 " + housing + ":6000"},
		{"a refusal denied by a reviewer, its illegality with it", says(stop(contractor, housing, -1, func(x *Stop) { refused(-1)(x); x.ClearlyIllegal = true }), outcome.OverruledBy, contractor, "no", ""), both},

		{"a group in the place of the site", says(site(nil), outcome.GroupInsteadOfSite, supervisor, "yes", ""), contractor + ":5000 " + supervisor + ":5000"},
		{"not as a reviewer denies it", says(site(nil), outcome.GroupInsteadOfSite, supervisor, "no", ""), both},
		{"the penalised unit takes part though nothing says that it knew", penalised(outcome.Penalised{Kind: outcome.Conduct, Unit: contractor}), "UNATTRIBUTED:10000"},
		{"a unit of the chain that had nothing to do with it does not", site(nil).set(func(r *Record) { r.Steps = []Step{{Unit: city}, {Unit: county}} }), both},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shares(c.of.explain(t)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A unit of the chain takes no part, and is asked nothing, unless something
// says that it had to do with the danger; a receipt of the warning does.
func TestOnlyTheInvolved(t *testing.T) {
	chain := func(r *Record) { r.Steps = []Step{{Unit: city}, {Unit: county}} }
	for name, c := range map[string]struct {
		of   *scene
		want int
	}{
		"nothing says so":                {site(nil).set(chain), 2},
		"a receipt of the task":          {site(nil).set(chain).set(func(r *Record) { r.Acks = []Ack{{Unit: county, Event: event(73, "assignment.acknowledged", -3)}} }), 2},
		"a receipt of the warning":       {site(nil).set(chain).set(func(r *Record) { r.Acks = []Ack{{Unit: county, Event: event(73, "assignment.acknowledged", -1)}} }), 3},
		"one by a unit beside the chain": {site(nil).set(func(r *Record) { r.Acks = []Ack{{Unit: housing, Event: event(73, "assignment.acknowledged", -1)}} }), 3},
		"a statement":                    {site(nil).set(chain).state(knows(city, "no")), 3},
	} {
		e := c.of.explain(t).Evidence
		if len(e.Case.Conduct) != c.want {
			t.Errorf("%s: %v take part", name, e.Case.Conduct)
		}
		for _, q := range e.Questions {
			if _, ok := e.Case.Conduct[q.Unit]; !ok {
				t.Errorf("%s: asked %+v", name, q)
			}
		}
	}
}

// Units stand in the order of the chain, then as they were warned, then as
// they acted.
func TestOrder(t *testing.T) {
	s := site(nil).set(func(r *Record) {
		r.Steps = []Step{{Unit: supervisor}}
		r.Acts = []Act{{Unit: patrol, Power: "none", Event: event(70, "assignment.acted", -1)}}
		r.Stops = []Stop{{Unit: builder_, OwedBy: housing, Requested: event(71, "assignment.stop_requested", -1)}}
	}).state(knows(office, "yes"))
	got := s.explain(t).Evidence.Case.Units
	want := []string{supervisor, contractor, patrol, builder_, housing, office}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

// The window begins when the danger was first told; under 15 minutes halve
// what everybody bears, and where it is not known nothing is halved.
func TestWindow(t *testing.T) {
	minutes := func(s *scene) int64 {
		if w := s.explain(t).Evidence.Case.WindowMinutes; w != nil {
			return *w
		}
		return -1
	}
	late := site(func(a, b *outcome.Warning) {
		a.At, b.At = occurred.Add(-10*time.Minute), occurred.Add(-14*time.Minute-59*time.Second)
	})
	for name, c := range map[string]struct {
		of   *scene
		want int64
	}{
		"since it was known":             {site(nil), 120},
		"else since the first warning":   {late.set(func(*Record) { late.o.Penalised.KnownSince = nil }), 14},
		"as a reviewer states it":        {site(nil).state(outcome.Stated{Point: outcome.WindowMinutes, Value: "7"}), 7},
		"nothing says it":                {penalised(outcome.Penalised{Kind: outcome.Conduct, Unit: contractor}), -1},
		"the hour of the harm corrected": {corrected(), 180},
	} {
		if got := minutes(c.of); got != c.want {
			t.Errorf("%s: %d minutes, want %d", name, got, c.want)
		}
	}
}

func corrected() *scene {
	s := site(nil).happens(outcome.Corrected{OccurredAt: hoursPtr(1)})
	return s.set(func(r *Record) { r.At = hours(1) })
}
