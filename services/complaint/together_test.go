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

// With a complaint go those that go on in it.
func TestMergeTakesOthersAlong(t *testing.T) {
	f := facts(about)
	for others, rule := range map[int]string{MaxOthers - 1: "", MaxOthers: "complaint.merge_full"} {
		f.complaints[id] = Fact{Named: NamedBy(about), Stage: Taken, Others: others}
		_, err := Merge{ID: id, Into: "other"}.Decide(state(at(Taken)...), f, investigator, day(1))
		if (err == nil) != (rule == "") || err != nil && ledger.AsError(err).Rule != rule {
			t.Errorf("with %d others: %v", others, err)
		}
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
