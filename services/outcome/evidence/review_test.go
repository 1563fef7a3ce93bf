package evidence

import (
	"slices"
	"testing"

	"suyuan/services/liability"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

// A receiver cannot clear itself by signing late: what it signs for after the
// outcome is asked about, and a delivery that was on record in time stands.
func TestSigningLateClearsNobody(t *testing.T) {
	late := &Receipt{At: hoursPtr(24), Event: event(99, "assignment.acknowledged", 24)}
	s := half60(func(r *Record) { r.Acknowledged = late })
	if got := shares(s.explain(t)); got != street+":10000" {
		t.Errorf("delivered in time: %s", got)
	}
	e := half60(func(r *Record) { r.Delivered, r.Acknowledged = nil, late }).explain(t)
	if _, asked := e.Evidence.asks(outcome.Notice, street); shares(e) != street+":10000" || !asked {
		t.Errorf("with no delivery on record: %s, asked %v", shares(e), asked)
	}
	if _, left := e.Evidence.leaves(SaysNotice, street); !left {
		t.Error("the late signature is not shown among what does not count")
	}
	before := &Receipt{At: hoursPtr(-24), Event: event(99, "assignment.acknowledged", 24)}
	e = half60(func(r *Record) { r.Delivered, r.Acknowledged = nil, before }).explain(t)
	if !slices.Contains(e.Explained.Flags, liability.NoticeUnknown) {
		t.Errorf("entered afterwards under an earlier date, it counts: %v", e.Explained.Flags)
	}
	own := &Receipt{At: hoursPtr(1), Event: event(98, "assignment.delivered", 24)}
	if got := shares(half60(func(r *Record) { r.Delivered, r.Acknowledged = own, late }).explain(t)); got != lead+":10000" {
		t.Errorf("late by the issuer's own word: %s", got)
	}
	signed := &Receipt{Event: event(97, "assignment.acknowledged", -24)}
	if got := shares(half60(func(r *Record) { r.Delivered, r.Acknowledged = own, signed }).explain(t)); got != street+":10000" {
		t.Errorf("late by the issuer's word, and signed for before: %s", got)
	}
}

// A stop that was refused moves what the asker bears to who refused it,
// whatever power the asker had.
func TestRefusedStopMoves(t *testing.T) {
	request := func(how func(*Stop)) *scene {
		return penalised(outcome.Penalised{Kind: outcome.Conduct, Unit: contractor, KnownSince: hoursPtr(-2), Warned: []outcome.Warning{{Unit: supervisor, At: hours(-2), Power: outcome.PowerSupervise, Document: "chat"}}}).
			set(func(r *Record) {
				s := Stop{Unit: supervisor, ID: "s1", OwedBy: housing, Requested: event(71, "assignment.stop_requested", -1)}
				how(&s)
				r.Stops = []Stop{s}
			})
	}
	refused := func(h int, illegal bool) func(*Stop) {
		return func(s *Stop) {
			s.Answered, s.DecidedBy, s.ClearlyIllegal = p(event(72, "assignment.stop_decided", h)), housing, illegal
		}
	}
	for _, c := range []struct {
		name, want string
		of         *scene
	}{
		{"refused", housing + ":10000", request(refused(-1, false))},
		{"refused against the law", supervisor + ":3000 " + housing + ":7000", request(refused(-1, true))},
		{"refused after the harm", liability.Unattributed + ":10000", request(refused(1, false))},
		{"granted", liability.Unattributed + ":10000", request(func(s *Stop) { refused(-1, false)(s); s.Granted = true })},
		{"left open", liability.Unattributed + ":10000", request(func(*Stop) {})},
		{"left open on record, and refused by a paper", housing + ":10000", request(func(*Stop) {}).state(outcome.Stated{Point: outcome.OverruledBy, Unit: supervisor, By: housing})},
	} {
		if got := shares(c.of.explain(t)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Competing divides what adds up, and nothing else.
func TestCompetingHasToAddUp(t *testing.T) {
	for name, how := range map[string]func(*Record){
		"a frequency": func(r *Record) { r.Frequency = true },
		"a deadline":  func(r *Record) { r.Lower = true },
		"a standard":  func(r *Record) { r.Reference = p(n("3")) },
	} {
		s := competing("1", "1", "1", county, town).set(how)
		if _, err := Build(s.o, s.r); err == nil {
			t.Errorf("%s is added up", name)
		}
	}
}

// What was falsified of another measure is not charged to this one.
func TestFalsifiedElsewhere(t *testing.T) {
	s := small()
	was := shares(s.explain(t))
	e := s.set(func(r *Record) { r.Falsifications = []Falsification{faked(village, "", 5)} }).explain(t)
	if _, left := e.Evidence.leaves(SaysFalsifiedElse, village); shares(e) != was || !left {
		t.Errorf("%s, want %s; shown among what does not count: %v", shares(e), was, left)
	}
}

// Silence is about what a unit passed on itself: not about what was added
// after it, and no author's.
func TestSilentOfWhatItPassedOn(t *testing.T) {
	of := func(steps ...Step) *scene {
		return quantity(village, "110", steps...).own().set(func(r *Record) {
			r.Capacities = []Figure{able(village, "110")}
			for i := range r.Steps {
				if i > 0 {
					r.Steps[i].Approved = r.Steps[i].Amount
				}
			}
		})
	}
	for _, c := range []struct {
		name, want string
		of         *scene
	}{
		{"who began is no relay", town + ":9000 " + village + ":1000", of(step(county, "100"), step(town, "20"))},
		{"nor charged for what came after it", town + ":9000 " + village + ":1000", of(step(city, "100"), step(county, "0"), step(town, "20"))},
		{"a relay of too much", city + ":8000 " + county + ":1000 " + village + ":1000", of(step(city, "120"), step(county, "0"))},
		{"who began knew, as a reviewer states", town + ":9000 " + village + ":1000", of(step(county, "100"), step(town, "20")).state(knows(county, "yes"))},
		{"what was added without approval is no base", town + ":6667 " + village + ":3333",
			of(step(county, "100"), step(town, "20")).set(func(r *Record) { r.Steps[1].Approved = n("0") }).happens(outcome.Corrected{Verified: p("90")})},
	} {
		if got := shares(c.of.explain(t)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	silent := of(step(city, "100"), step(county, "0"), step(town, "20")).explain(t).Evidence.Case.Silent
	if slices.Contains(silent, county) || slices.Contains(silent, city) {
		t.Errorf("silent of what came after them: %v", silent)
	}
	above := of(step(county, "120"), step(town, "0")).set(func(r *Record) { r.Above = p(n("120")) }).explain(t).Evidence
	if !slices.Contains(above.Case.Silent, county) {
		t.Errorf("a first unit that had received all of it is a relay: %v", above.Case.Silent)
	}
}

// Where branches merged, a relay passed on its own branch at least.
func TestSilentWhereBranchesMerged(t *testing.T) {
	s := merge("190", func(r *Record) { r.Capacities = []Figure{able(r.Executor, "1")} })
	first := s.r.Steps[0].Unit
	e := s.explain(t).Evidence
	if slices.Contains(e.Case.Silent, first) {
		t.Errorf("who began a branch is silent: %v", e.Case.Silent)
	}
	s = merge("190", func(r *Record) { r.Capacities = []Figure{able(r.Executor, "97")} })
	e = s.explain(t).Evidence
	if _, asked := e.asks(outcome.Knew, town); !slices.Equal(e.Case.Silent, []string{office, village}) || !asked {
		t.Errorf("of 100 and 96, 97 being possible: silent %v, the town asked %v", e.Case.Silent, asked)
	}
	s = merge("190", func(r *Record) { r.Capacities = []Figure{able(r.Executor, "100000")} })
	if e := s.explain(t).Evidence; len(e.Case.Silent) > 0 {
		t.Errorf("all could be done, and yet silent: %v", e.Case.Silent)
	}
}

// Overrulers are followed upwards though they stand beside the chain.
func TestOverrulersBesideTheChain(t *testing.T) {
	of := func() *scene {
		return quantity(village, "200", step(county, "200"), step(town, "20")).own().set(func(r *Record) { r.Steps[1].DirectedBy = lead }).
			objects(town, lead, assignment.Infeasible, -240, decides(assignment.Insisted, lead, -230))
	}
	if got := shares(of().objects(lead, city, assignment.Infeasible, -239, decides(assignment.Insisted, city, -229)).explain(t)); got != city+":10000" {
		t.Errorf("by an objection on record: %s", got)
	}
	stated := of().state(outcome.Stated{Point: outcome.OverruledBy, Unit: lead, By: city}).state(outcome.Stated{Point: outcome.OverruledBy, Unit: city, By: province}).explain(t)
	if got := shares(stated); got != province+":10000" {
		t.Errorf("as a reviewer states it, twice: %s", got)
	}
	round := of().state(outcome.Stated{Point: outcome.OverruledBy, Unit: lead, By: town})
	if _, err := Build(round.o, round.r); err == nil {
		t.Error("a round of overrulers is divided")
	}
}

// A statement that nothing rests on is shown as such.
func TestStatementsNobodyUses(t *testing.T) {
	for _, x := range []outcome.Stated{
		{Point: outcome.Above, Unit: town, Value: "10"},
		{Point: outcome.OverruledBy, Unit: office, By: lead},
		{Point: outcome.Objected, Unit: office, Value: "yes", By: lead},
		{Point: outcome.ClearlyIllegal, Unit: town, Value: "yes"},
		{Point: outcome.Approved, Unit: county, Value: "3"},
		{Point: outcome.Knew, Unit: county, Value: "yes"},
	} {
		s := over()
		was := shares(s.explain(t))
		e := s.state(x).explain(t)
		left, shown := e.Evidence.leaves(SaysUnused, x.Unit)
		if !shown || shares(e) != was || len(left.Events) == 0 || left.Words(nil, Measured{}).Zh == "" {
			t.Errorf("%s of %s: %s, shown %v", x.Point, x.Unit, shares(e), shown)
		}
		if e := s.state(outcome.Stated{Point: x.Point, Unit: x.Unit, Value: outcome.Unknown}).explain(t); len(e.Evidence.Ignored) > 0 {
			t.Errorf("%s was taken back and is shown", x.Point)
		}
	}
	merged := merge("190", nil)
	if _, shown := merged.state(outcome.Stated{Point: outcome.Above, Unit: merged.r.Steps[0].Unit, Value: "10"}).explain(t).Evidence.leaves(SaysUnused, merged.r.Steps[0].Unit); !shown {
		t.Error("what a merged line received from above is used by nobody, and not shown")
	}
	used := over().state(outcome.Stated{Point: outcome.Notice, Unit: village, Value: "yes"}).explain(t).Evidence
	if _, shown := used.leaves(SaysUnused, village); shown {
		t.Error("a statement that counts is shown as unused")
	}
}

// Where the burden began leaves out what came from above the chain.
func TestOriginLeavesOutWhatCameFromAbove(t *testing.T) {
	of := func(above string, steps ...Step) string {
		return quantity(village, "190", steps...).own().set(func(r *Record) { r.Provisional = true }).
			state(outcome.Stated{Point: outcome.Above, Unit: county, Value: above}).explain(t).Evidence.Originating
	}
	if got := of("195", step(county, "200"), step(town, "20")); got != town {
		t.Errorf("5 of the county's own, 20 of the town's: %s", got)
	}
	if got := of("100", step(county, "200"), step(town, "20")); got != county {
		t.Errorf("100 of the county's own: %s", got)
	}
	if got := of("200", step(county, "200"), step(town, "0")); got != "" {
		t.Errorf("nobody here added anything: %s", got)
	}
}

// Each part of a that is not on record is flagged, and counts as there.
func TestEachUnknownIsFlagged(t *testing.T) {
	for _, c := range []struct {
		how  func(*Record)
		want []liability.Flag
	}{
		{func(r *Record) { r.Authority = nil }, []liability.Flag{liability.AuthorityUnknown}},
		{func(r *Record) { r.Delivered = nil }, []liability.Flag{liability.NoticeUnknown}},
		{func(r *Record) { r.Needed = nil }, []liability.Flag{liability.ResourcesUnknown}},
		{func(r *Record) { r.Authority, r.Delivered = nil, nil }, []liability.Flag{liability.AuthorityUnknown, liability.NoticeUnknown}},
		{func(r *Record) { r.Authority, r.Delivered, r.Needed = nil, nil, nil },
			[]liability.Flag{liability.AdequacyUnknown, liability.AuthorityUnknown, liability.NoticeUnknown, liability.ResourcesUnknown}},
		{func(*Record) {}, nil},
	} {
		e := half60(c.how).explain(t)
		flags := slices.DeleteFunc(slices.Clone(e.Explained.Flags), func(f liability.Flag) bool { return f == liability.CapacityUnknown })
		if !slices.Equal(flags, c.want) || shares(e) != street+":10000" {
			t.Errorf("%v, want %v; %s", flags, c.want, shares(e))
		}
	}
}
