package complaint

import (
	"reflect"
	"testing"
	"time"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// going is the world in which the complaint goes on in another one, with what
// happened there.
func going(into ...interface{ Evolve(*State) }) known {
	f := facts(about)
	other := state(at(Handling)...)
	with := Into{Since: day(1)}
	for _, e := range into {
		e.Evolve(&other)
		if given, ok := e.(Answered); ok {
			with.Answered = &given
		}
	}
	with.State = other
	f.complaints[id] = Fact{Named: NamedBy(about), Stage: Joined, Into: &with}
	return f
}

// What a reporter can do whose complaint goes on in another, and what becomes
// of it: the other's reporter has no part in it.
func TestTogether(t *testing.T) {
	answered := Answered{day(3), blob, Partly}
	waits, told := going(), going(answered)
	rated := going(answered, Rated{letter(1, 4), true, true}, FollowedUp{day(5), true, ""}, Closed{day(6), ByRating})
	reviewed := going(answered, ReviewAsked{letter(1, 4)}, ReviewDecided{day(6), Upheld, blob, "r1"})
	under := going(answered, ReviewAsked{letter(1, 4)})
	late := going(answered, Closed{day(33), BySilence})
	before := going(answered) // which this reporter was never told
	before.complaints[id].Into.Answered = nil
	alone := events{Dispatched{day(0), handler, 10}, SignedFor{day(3)}, answered}
	no := false
	hear := func(act claim.Act, on int) Hear {
		h := Hear{ID: id, Letter: letter(9, on).Letter, Day: date(on), Act: act, Narrative: story}
		if act == claim.Rate {
			h.Solved, h.Satisfied = &no, &no
		}
		return h
	}
	l := func(on int) Letter { return letter(9, on) }
	for _, c := range []struct {
		name string
		f    known
		when Hear
		then events
	}{
		{"a word more", waits, hear(claim.Reply, 2), events{Replied{Letter: l(2)}}},
		{"taken back", waits, hear(claim.Withdraw, 2), events{Withdrawn{l(2)}, Closed{day(2), ByWithdrawal}}},
		{"retaliation", waits, hear(claim.Retaliation, 2), events{RetaliationReported{l(2)}}},
		{"nothing to judge", waits, hear(claim.Rate, 2), events{Replied{l(2), claim.Rate}}},
		{"nothing to review", waits, hear(claim.Review, 2), events{Replied{l(2), claim.Review}}},
		{"an answer of before to judge", before, hear(claim.Rate, 5), events{Replied{l(5), claim.Rate}}},
		{"judged", told, hear(claim.Rate, 5), append(alone[:3:3], Rated{l(5), false, false})},
		{"reviewed", told, hear(claim.Review, 5), append(alone[:3:3], ReviewAsked{l(5)})},
		{"taken back after the answer", told, hear(claim.Withdraw, 5), events{Withdrawn{l(5)}, Closed{day(5), ByWithdrawal}}},
		{"judged though the other was content and it is closed", rated, hear(claim.Rate, 7), append(alone[:3:3], Rated{l(7), false, false})},
		{"not taken back when it is closed", rated, hear(claim.Withdraw, 7), events{Replied{l(7), claim.Withdraw}}},
		{"the first review of one's own after the other's", reviewed, hear(claim.Review, 36), append(alone[:3:3], ReviewAsked{l(36)})},
		{"not while the other's runs", under, hear(claim.Review, 5), events{Replied{l(5), claim.Review}}},
		{"judged on the last day, cut on the next", late, hear(claim.Rate, 34), append(alone[:3:3], Rated{l(34), false, false})},
		{"too late", late, hear(claim.Rate, 35), events{Replied{l(35), claim.Rate}}},
	} {
		s := state(at(Joined)...)
		at := c.when.Day.Time().Add(9 * time.Hour)
		got, err := c.when.Decide(s, c.f, engine, at)
		if err != nil || !reflect.DeepEqual(got, c.then) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
			continue
		}
		for _, e := range got {
			e.Evolve(&s)
		}
		if apart := len(c.then) > 2; apart != (s.Stage == Replying || s.Stage == InReview) || apart && (s.Handler != handler || s.Timing.Running) {
			t.Errorf("%s: it stands at %s with %q", c.name, s.Stage, s.Handler)
		}
	}
}

// What a merger left undone the system does: what everybody took back ends, and
// what no answer comes to goes on alone, on a clock of its own.
func TestSettle(t *testing.T) {
	f := facts(about)
	back := func(stage Stage) State { return state(at(stage, Withdrawn{letter(9, 3)})...) }
	then := func(stage Stage, answered *Answered) Fact {
		return Fact{Named: NamedBy(about), Stage: Joined, Into: &Into{State: State{Stage: stage}, Answered: answered}}
	}
	ends, alone := events{Closed{day(5), ByWithdrawal}}, events{Accepted{day(5)}}
	for name, c := range map[string]struct {
		s    State
		fact Fact
		then events
	}{
		"taken back by all":              {back(Handling), Fact{}, ends},
		"and answered":                   {back(Visited), Fact{}, ends},
		"not by another":                 {back(Handling), Fact{Others: 1}, nil},
		"not by its own reporter":        {state(at(Handling)...), Fact{Took: true}, nil},
		"ended already":                  {back(Ended), Fact{}, nil},
		"goes on in one that is handled": {state(at(Joined)...), then(Handling, nil), nil},
		"or waits to be":                 {state(at(Joined)...), then(Registered, nil), nil},
		"answered there":                 {state(at(Joined)...), then(Ended, &Answered{}), nil},
		"too late for the answer":        {state(at(Joined)...), then(Replying, nil), alone},
		"or when it ended":               {state(at(Joined)...), then(Ended, nil), alone},
		"in none":                        {state(at(Joined)...), Fact{}, alone},
	} {
		f.complaints[id] = c.fact
		got, err := Settle{id}.Decide(c.s, f, engine, day(5))
		if (c.then == nil) != (err != nil) || c.then != nil && !reflect.DeepEqual(got, c.then) || err != nil && ledger.AsError(err).Rule != "complaint.not_due" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		for _, e := range got {
			e.Evolve(&c.s)
		}
		if c.s.Unsettled(c.fact) != "" && c.then != nil {
			t.Errorf("%s: it is asked for again", name)
		}
		if x := c.s.Timing; len(c.then) > 0 && c.then[0] == alone[0] && (c.s.Stage != Taken || x.Turn != Assigning || !x.Since.Equal(day(5))) {
			t.Errorf("%s: it goes on at %s, %+v", name, c.s.Stage, x)
		}
	}
	if _, err := (Settle{id}).Decide(State{}, f, engine, day(5)); ledger.AsError(err).Rule != "complaint.unknown" {
		t.Errorf("what was never filed: %v", err)
	}
}

// A report without readable facts that an older ledger let go on in another is
// never stuck, whatever its reporter asks for: it can be declined from there.
func TestUntoldIsNeverStuck(t *testing.T) {
	f := going(Answered{day(3), blob, Partly})
	fact := f.complaints[id]
	fact.Named = Named{Untold: true}
	f.complaints[id] = fact
	no, yes := false, true
	for name, c := range map[string]struct {
		act   claim.Act
		rated *bool
		then  ledger.Decider[State, Facts]
	}{
		"content": {claim.Rate, &yes, FollowUp{id, true, ""}}, "not content": {claim.Rate, &no, nil}, "and recalled": {claim.Rate, &no, Recall{id, "x"}}, "and visited": {claim.Rate, &no, FollowUp{id, true, ""}}, "reviewed": {claim.Review, nil, nil},
	} {
		s := state(at(Joined)...)
		do := func(c ledger.Decider[State, Facts], by ledger.Actor) {
			t.Helper()
			got, err := c.Decide(s, f, by, day(5))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, e := range got {
				e.Evolve(&s)
			}
		}
		do(Hear{ID: id, Letter: letter(9, 4).Letter, Day: date(4), Act: c.act, Solved: c.rated, Satisfied: c.rated, Narrative: story}, engine)
		if c.then != nil {
			do(c.then, investigator)
		} else if _, err := (Redo{ID: id, Reason: "x"}).Decide(s, f, investigator, day(5)); c.act == claim.Rate && ledger.AsError(err).Rule != "complaint.untold" {
			t.Errorf("%s: a redo is refused by %v", name, err)
		}
		do(Decline{id, "读不出", "请重新反映"}, investigator)
		if due, err := s.Timing.Due(id, cal, day(400)); s.Stage != Declined || len(due) > 0 || err != nil {
			t.Errorf("%s: it stands at %s, and %v is due, %v", name, s.Stage, due, err)
		}
	}
}

// A review that older ledgers let one ask for after a withdrawal goes on.
func TestReviewAfterAWithdrawal(t *testing.T) {
	s := state(at(Replying, Withdrawn{letter(1, 3)}, Closed{day(3), ByWithdrawal}, ReviewAsked{letter(2, 4)}, ReviewDecided{day(6), Changed, blob, "r1"})...)
	if s.Withdrew || s.Stage != ReviewGiven || len(s.Open(date(7))) < 2 {
		t.Errorf("taken back %v, %s, %v", s.Withdrew, s.Stage, s.Open(date(7)))
	}
}

// One who takes back a complaint that others go on in ends it for nobody else,
// and can do with it what everybody can who took theirs back.
func TestTakenBackWithOthers(t *testing.T) {
	f := facts(about)
	f.complaints[id] = Fact{Named: NamedBy(about), Stage: Handling, Others: 1}
	s := state(at(Handling)...)
	h := Hear{ID: id, Letter: letter(9, 3).Letter, Day: date(3), Act: claim.Withdraw, Narrative: story}
	got, err := h.Decide(s, f, engine, day(3))
	if err != nil || !reflect.DeepEqual(got, events{Withdrawn{letter(9, 3)}}) {
		t.Fatalf("%+v, %v", got, err)
	}
	alone := state(at(Handling, Withdrawn{letter(9, 3)}, Closed{day(3), ByWithdrawal})...)
	for _, more := range []events{nil, {Answered{day(4), blob, Partly}}, {Answered{day(4), blob, Partly}, Closed{day(34), BySilence}}} {
		with := state(append(at(Handling, Withdrawn{letter(9, 3)}), more...)...)
		if !reflect.DeepEqual(with.Open(date(5)), alone.Open(date(5))) {
			t.Errorf("after %d more: %v, alone %v", len(more), with.Open(date(5)), alone.Open(date(5)))
		}
	}
	if s = state(at(Handling, Withdrawn{letter(9, 3)})...); s.Stage != Handling || !s.Timing.Running {
		t.Error("it does not go on for the others")
	}
}
