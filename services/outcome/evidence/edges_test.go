package evidence

import (
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
	"suyuan/services/unit"
)

// A figure of the outcome's own day counts, one that is no more than was found
// accuses nobody.
func TestOnTheDay(t *testing.T) {
	day := ledger.DateOf(occurred)
	if got := shares(over().set(func(r *Record) { r.Verified = []Figure{found200(string(day), 24)} }).explain(t)); got != town+":10000" {
		t.Errorf("verified that day: %s", got)
	}
	s := small()
	s.r.Capacities[0].AsOf = day
	if got, want := shares(s.explain(t)), shares(small().explain(t)); got != want {
		t.Errorf("a capacity of that day: %s, not %s", got, want)
	}
	told := func(who, value string, asOf ledger.Date) bool {
		f := Figure{Unit: who, Of: measure, Value: n(value), AsOf: asOf, Event: event(90, "assignment.reported", -1)}
		_, asked := over().set(func(r *Record) { r.Reported = []Figure{f} }).explain(t).Evidence.asks(outcome.Falsification, village)
		return asked
	}
	if !told(village, "191", day) || told(village, "190", day) || told(town, "191", day) || told(village, "191", "2022-08-02") {
		t.Error("what it reported is asked about where it is more than was found, its own, and not of a later day")
	}
}

// late is a repair asked for within so many days, of which fewer are harder.
func late(capacity string) *scene {
	s := penalised(outcome.Penalised{Kind: outcome.Quantity, Mandate: "farmland-600", Measure: measure, Unit: village, Required: "20", Verified: "35", Capacity: capacity})
	return s.set(func(r *Record) {
		r.Steps = []Step{{Unit: county, Root: true, Events: []Event{event(10, "issuance.made", -24*30)}}, {Unit: town, Events: []Event{event(11, "issuance.made", -24*29)}}}
		r.Reference, r.Lower, r.Linear, r.Origin = p(n("20")), true, true, county
	}).own()
}

// A capacity of a deadline is a date, too: 25 days were needed where 20 were
// given, so that 5 of the 15 days lost could not be had.
func TestCapacityOfADeadline(t *testing.T) {
	s := late("25").state(knows(town, "no")).state(knows(village, "no"))
	if got := shares(s.explain(t)); got != county+":3333 "+village+":6667" {
		t.Errorf("25 days needed: %s", got)
	}
	e := late("15").explain(t)
	if _, asked := e.Evidence.asks(outcome.Knew, town); asked || shares(e) != village+":10000" {
		t.Errorf("15 days needed: %s, asked %t", shares(e), asked)
	}
}

// Of several objections the ground and the answer of each count for what they
// are, whatever came after them.
func TestSeveralObjections(t *testing.T) {
	first, then := decides(assignment.Insisted, town, -24*9), decides(assignment.Insisted, county, -24*7)
	s := over().objects(village, town, assignment.Unresourced, -24*10, nil).objects(village, county, assignment.OffList, -24*8, nil)
	if got := shares(s.state(outcome.Stated{Point: outcome.OverruledBy, Unit: village, By: town}).explain(t)); got != town+":10000" {
		t.Errorf("another ground after that of missing means: %s", got)
	}
	s = over().objects(village, town, assignment.Unresourced, -24*10, first).objects(village, county, assignment.Unresourced, -24*8, then)
	if got := shares(s.explain(t)); got != county+":3333 "+town+":6667" {
		t.Errorf("of two that move, the last: %s", got)
	}
	s = over().objects(village, town, assignment.Infeasible, -24*10, first).objects(village, county, assignment.OffList, -24*8, then)
	if q, _ := s.explain(t).Evidence.asks(outcome.Objected, village); q.By != county {
		t.Errorf("of two that do not move, the last: %+v", q)
	}
	illegal := func(how func(*Objection)) func(*Objection) {
		return func(o *Objection) { how(o); o.ClearlyIllegal = true }
	}
	s = ordered(-24*20, insisted(county)). // not illegal
						objects(town, county, assignment.OffList, -24*19, illegal(insisted(county))).
						objects(county, city, assignment.Illegal, -24*18, illegal(insisted(city))).                // another's
						objects(town, county, assignment.OffList, -24*17, illegal(func(*Objection) {})).           // open
						objects(town, county, assignment.OffList, -24*16, illegal(decides("insisted", county, 5))) // answered afterwards
	var named []uint64
	for _, x := range s.explain(t).Evidence.Points {
		if x.Says == SaysIllegal && x.Unit == town {
			for _, e := range x.Events {
				named = append(named, e.Ordinal)
			}
		}
	}
	if !slices.Equal(named, []uint64{71}) {
		t.Errorf("that the order was illegal rests on %v, not on 71 alone", named)
	}
}

// Whoever was overruled had objected, though no objection is on record.
func TestOverruledWasNotSilent(t *testing.T) {
	s := small().state(outcome.Stated{Point: outcome.OverruledBy, Unit: town, By: county})
	if e := s.explain(t).Evidence; slices.Contains(e.Case.Silent, town) || !slices.Contains(small().explain(t).Evidence.Case.Silent, town) {
		t.Errorf("silent are %v", e.Case.Silent)
	}
}

// Whether an order was illegal is asked of one that was insisted on and that
// nobody called so clearly.
func TestIllegalIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		how  func(*Objection)
		asks bool
	}{
		"insisted":             {insisted(county), true},
		"and clearly illegal":  {func(o *Objection) { insisted(county)(o); o.ClearlyIllegal = true }, false},
		"heard":                {decides(assignment.Accepted, county, -24), false},
		"left to lapse":        {func(o *Objection) { o.Due = hoursPtr(-1) }, false},
		"insisted, too late":   {decides(assignment.Insisted, county, 1), false},
		"open, and not due":    {nil, false},
		"let lapse, by record": {decides(assignment.Lapsed, "", -1), false},
	} {
		s := over().objects(town, county, assignment.Illegal, -24*20, c.how)
		if _, asked := s.explain(t).Evidence.asks(outcome.ClearlyIllegal, town); asked != c.asks {
			t.Errorf("%s: asked %t", name, asked)
		}
	}
}

// Of the words on what a unit could do the greatest counts, in whatever order
// they stand and whoever else is spoken of.
func TestGreatestPower(t *testing.T) {
	warn := func(powers ...string) *scene {
		x := outcome.Penalised{Kind: outcome.Conduct, Unit: contractor, KnownSince: hoursPtr(-2)}
		for _, w := range powers {
			who, power, _ := strings.Cut(w, " ")
			x.Warned = append(x.Warned, outcome.Warning{Unit: who, At: hours(-2), Power: power, Document: "chat"})
		}
		return penalised(x)
	}
	const even = contractor + ":5000 " + supervisor + ":5000"
	for _, powers := range [][]string{
		{contractor + " stop", supervisor + " stop", supervisor + " none"}, {contractor + " stop", supervisor + " none", supervisor + " stop"},
		{supervisor + " coordinate", contractor + " stop", supervisor + " stop", supervisor + " "}, {contractor + " ", contractor + " stop", supervisor + " stop"},
	} {
		s := warn(powers...)
		if got := shares(s.explain(t)); got != even && got != supervisor+":5000 "+contractor+":5000" {
			t.Errorf("%v: %s", powers, got)
		}
	}
	e := warn(contractor+" none", contractor+" none").explain(t).Evidence
	if _, asked := e.asks(outcome.Power, contractor); asked {
		t.Error("that it could do nothing was said and is asked")
	}
	acted := func(who string, powers ...string) *scene {
		return site(func(a, _ *outcome.Warning) { a.Power = "" }).set(func(r *Record) {
			for i, power := range powers {
				r.Acts = append(r.Acts, Act{Unit: who, Kind: "reply", Power: power, Event: event(uint64(70+i), "assignment.acted", -1)})
			}
		})
	}
	if got := acted(contractor, "coordinate", "stop", "none").explain(t).Evidence.Case.Conduct[contractor].Power; got != 3 {
		t.Errorf("by its own acts: %d", got)
	}
	if got := acted(housing, "stop").explain(t).Evidence.Case.Conduct[contractor].Power; got != 0 {
		t.Errorf("by another's acts: %d", got)
	}
}

// What others knew, asked and did says nothing of a unit.
func TestOthersSayNothing(t *testing.T) {
	patrolled := func(how func(r *Record)) *scene {
		return site(nil).set(func(r *Record) {
			r.Acts = []Act{{Unit: patrol, Kind: "reply", Power: "supervise", Event: event(70, "assignment.acted", 1)}}
			how(r)
		})
	}
	for name, how := range map[string]func(r *Record){
		"another's act": func(r *Record) {
			r.Acts = append(r.Acts, Act{Unit: housing, Kind: "reply", Power: "none", KnownAt: hoursPtr(-1), Event: event(71, "assignment.acted", -1)})
		},
		"another's request": func(r *Record) {
			r.Stops = []Stop{{Unit: contractor, OwedBy: housing, Requested: event(72, "assignment.stop_requested", -1)}}
		},
		"its own request of afterwards": func(r *Record) {
			r.Stops = []Stop{{Unit: patrol, OwedBy: housing, Requested: event(72, "assignment.stop_requested", 1)}}
		},
		"another's receipt": func(r *Record) { r.Acks = []Ack{{Unit: housing, Event: event(73, "assignment.acknowledged", -1)}} },
	} {
		e := patrolled(how).explain(t).Evidence
		if _, asked := e.asks(outcome.Knew, patrol); !asked || e.Case.Conduct[patrol].Knew {
			t.Errorf("%s: it knew %t, asked %t", name, e.Case.Conduct[patrol].Knew, asked)
		}
	}
	for name, how := range map[string]func(r *Record){
		"it asked to stop": func(r *Record) {
			r.Stops = []Stop{{Unit: patrol, OwedBy: housing, Requested: event(72, "assignment.stop_requested", -1)}}
		},
		"it was asked to": func(r *Record) {
			r.Stops = []Stop{{Unit: contractor, OwedBy: patrol, Requested: event(72, "assignment.stop_requested", -1)}}
		},
	} {
		if e := patrolled(how).explain(t).Evidence; !e.Case.Conduct[patrol].Knew {
			t.Errorf("%s, and did not know", name)
		}
	}
	blind := site(nil)
	blind.o.Penalised.KnownSince, blind.o.Penalised.Warned = nil, nil
	blind.r.Acks = []Ack{{Unit: contractor, Event: event(73, "assignment.acknowledged", -1)}}
	if e := blind.explain(t).Evidence; e.Case.Conduct[contractor].Knew {
		t.Error("a receipt where nobody was warned says that it knew")
	}
}

// A list of duties says that a task is not on it only where there is a list,
// and where it is known which duty the task would be.
func TestOffTheList(t *testing.T) {
	listed := func(how func(*Record)) string {
		s := half60(func(r *Record) { r.Duties[0].Class = ""; how(r) })
		if p, ok := s.explain(t).Evidence.says(SaysDuty, street); ok {
			return p.Value
		}
		return ""
	}
	unapproved := &Split{By: lead, Events: []Event{event(33, "issuance.made", -24*20)}}
	for name, c := range map[string]struct {
		want string
		how  func(*Record)
	}{
		"on no class of its list":       {outcome.DutyOffList, func(*Record) {}},
		"no list":                       {"", func(r *Record) { r.Duties[0].HasList = false }},
		"no duty named":                 {"", func(r *Record) { r.Duty = "" }},
		"a list of afterwards":          {"", func(r *Record) { r.Duties[0].Event.Recorded = hours(1) }},
		"a list of always":              {outcome.DutyOffList, func(r *Record) { r.Duties[0].Event = nil }},
		"another unit's list":           {"", func(r *Record) { r.Duties[0].Unit = lead }},
		"handed over without approval":  {outcome.DutyUnapproved, func(r *Record) { r.Split = unapproved }},
		"handed over with":              {outcome.DutyApprovedSplit, func(r *Record) { r.Split = approvedSplit(-24 * 20) }},
		"approved afterwards":           {outcome.DutyOffList, func(r *Record) { r.Split = approvedSplit(1) }},
		"approved by nothing on record": {outcome.DutyOffList, func(r *Record) { r.Split = &Split{Approved: true, By: county} }},
		"basic, and on no list at all":  {"", func(r *Record) { r.Duties[0].Class, r.Duties[0].HasList = unit.Basic, false }},
	} {
		if got := listed(c.how); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if p, _ := half60(func(r *Record) { r.Duties, r.Split = nil, approvedSplit(-24*20) }).explain(t).Evidence.says(SaysDuty, street); p.By != county || p.Document != "approval" || p.Rule != "licang-approval" {
		t.Errorf("who approved it by which paper is not told: %+v", p)
	}
}

// Whether who was asked by several at once knew is asked where it could not be
// done, and only there; that the figures differ is asked, too.
func TestCompetingAsks(t *testing.T) {
	for capacity, asks := range map[string]bool{"1": true, "2": false, "": false} {
		s := competing("1", "1", capacity, county, town)
		if _, asked := s.explain(t).Evidence.asks(outcome.Knew, village); asked != asks {
			t.Errorf("with a capacity of %q: asked %t", capacity, asked)
		}
	}
	s := competing("1", "1", "1", county, town).happens(outcome.Corrected{Required: p("3")})
	if q, asked := s.explain(t).Evidence.asks(outcome.RequiredAmount, village); !asked || q.Value != "2" {
		t.Errorf("3 were required, 2 are on record: %+v", q)
	}
	if _, err := Explain(s.o, s.set(func(r *Record) { r.Frequency = true }).r, jra1); ledger.AsError(err).Rule != "evidence.not_additive" {
		t.Errorf("a frequency adds up: %v", err)
	}
}

// A capacity of a third unit tells nobody that it could not be done, whether
// or not it was verified.
func TestAnothersCapacity(t *testing.T) {
	s := small().set(func(r *Record) {
		r.Capacities[0].Event.Recorded = hours(-1) // when all had passed it on
		r.Capacities = append(r.Capacities, Figure{Unit: street, Of: measure, Value: n("1"), Verified: true, AsOf: "2022-06-01", Event: event(8, "unit.capacity_verified", -24*50)})
	})
	if e := s.explain(t).Evidence; slices.Contains(e.Case.Silent, county) || slices.Contains(e.Case.Silent, town) {
		t.Errorf("silent are %v", e.Case.Silent)
	}
}
