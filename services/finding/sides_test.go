package finding

import (
	"reflect"
	"slices"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/liability"
)

// What each stage is to those who ask for it, and how it is called.
func TestStages(t *testing.T) {
	type is struct {
		underway, public, stands bool
		zh                       string
	}
	want := map[Stage]is{
		"": {zh: "未起草"}, Draft: {underway: true, zh: "起草"}, Passed: {underway: true, zh: "复核通过"}, Hearing: {underway: true, zh: "陈述申辩"},
		Decided: {public: true, stands: true, zh: "已作出决定"}, OnAppeal: {public: true, stands: true, zh: "申诉中"}, Upheld: {public: true, stands: true, zh: "维持"},
		Varied: {public: true, stands: true, zh: "变更"}, Overturned: {public: true, zh: "撤销"}, Final: {public: true, stands: true, zh: "申诉期满"},
		Replaced: {public: true, zh: "被取代"}, Dropped: {zh: "撤回"},
	}
	if len(want) != len(Stages)+1 {
		t.Errorf("%d stages are looked at, there are %d", len(want)-1, len(Stages))
	}
	for x, w := range want {
		if got := (is{x.Underway(), x.Public(), x.Stands(), x.zh()}); got != w {
			t.Errorf("%q: %+v, want %+v", x, got, w)
		}
	}
}

// Whoever belongs to one of these takes no part.
func TestAllConcerned(t *testing.T) {
	s := State{Executor: "a", Charged: []string{"b", "a", liability.Unattributed, ""}, Versions: []Version{
		{Computed: []Share{{Unit: "c"}, {Unit: liability.Unattributed}}, Shares: []Share{{Unit: "d"}, {Unit: "c"}}, Originating: "e"},
		{Computed: []Share{{Unit: "f", Points: 1}}, Shares: []Share{{Unit: "g"}}, Originating: ""},
	}}
	if got := s.Concerned(); !slices.Equal(got, []string{"a", "b", "c", "d", "e", "f", "g"}) {
		t.Error(got)
	}
}

// Of the two who decide one may have made it, whoever of them votes first.
func TestOneMakerInEitherOrder(t *testing.T) {
	vote := CastVote{ID: id, Version: 1, Agrees: true}
	voted := func(who ledger.Actor) Voted {
		return Voted{At: day(19), By: who.Account, Version: 1, Agrees: true}
	}
	issued := func(who ledger.Actor) events {
		return events{Voted{At: day(20), By: who.Account, Version: 1, Agrees: true}, Issued{day(20), 1, 30}}
	}
	set := Version{N: 1, By: author.Account}
	ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "the drafter first", By: second, At: day(20), Given: at("ready", voted(drafter)), When: vote, Then: issued(second)},
		{Name: "the drafter second", By: drafter, At: day(20), Given: at("ready", voted(voter)), When: vote, Then: issued(drafter)},
	})
	s := state(at("ready", voted(drafter))...)
	s.Versions = append([]Version{set}, s.Versions...)
	if _, err := vote.Decide(s, world(), author, day(20)); ledger.AsError(err).Rule != "finding.makers_only" {
		t.Errorf("two who made it decide: %v", err)
	}
}

// Notice is owed to whoever bears something and to where it began, as long as
// anybody bears anything; a mirrored item begins with 3000 points.
func TestOwedNotices(t *testing.T) {
	shares := func(a, b int64, nobody int64) []Share {
		return []Share{{county, 0, "0"}, {town, a, "1"}, {village, b, "1"}, {liability.Unattributed, nobody, "1"}}
	}
	for name, x := range map[string]struct {
		v    Version
		want []Noticed
	}{
		"where it began is one of them": {Version{Shares: shares(7000, 3000, 0), Originating: town}, []Noticed{{town, 7000, true, true}, {village, 3000, false, true}}},
		"it bears nothing":              {Version{Shares: shares(7001, 2999, 0), Originating: county}, []Noticed{{town, 7001, false, true}, {village, 2999, false, false}, {county, 0, true, true}}},
		"nobody knows where":            {Version{Shares: shares(5000, 5000, 0)}, []Noticed{{town, 5000, false, true}, {village, 5000, false, true}}},
		"nobody bears anything":         {Version{Shares: []Share{{town, 0, "0"}, {liability.Unattributed, 10000, "1"}}, Originating: town}, nil},
		"nothing is missing":            {Version{Outcome: liability.NoShortfall}, nil},
	} {
		if got := (State{Versions: []Version{x.v}}).owed(); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %+v, want %+v", name, got, x.want)
		}
	}
	lifted := State{Versions: []Version{{Shares: shares(5000, 5000, 0)}}, Notices: []Notice{{Unit: town}, {Unit: village}}, Mirrors: []Mirror{{Unit: town, State: MirrorLifted}, {Unit: village, State: MirrorDone}}}
	if got := lifted.owed(); len(got) != 1 || got[0].Unit != town {
		t.Errorf("whose mirrored item was lifted is owed another: %+v", got)
	}
}

// A recusal takes what its own people did, and nobody else's; what was issued
// stays issued whoever checked it.
func TestRecusalsTakeTheirOwn(t *testing.T) {
	votes := func(more ...ledger.Evolver[State]) int {
		own := []ledger.Evolver[State]{Voted{By: "x", Unit: "990196", Version: 1, Agrees: true}, Voted{By: "y", Version: 1, Agrees: true}}
		return len(state(at("ready", append(own, more...)...)...).Votes)
	}
	if a, u := votes(Recused{Account: "z"}), votes(Recused{Unit: "9902"}); a != 2 || u != 2 {
		t.Errorf("%d and %d votes of 2 are left, none was theirs", a, u)
	}
	for _, situation := range []string{"issued", "appealed", "appeal voted", "upheld", "varied"} {
		before, after := state(at(situation)...), state(at(situation, Recused{Account: checker.Account})...)
		if after.Stage != before.Stage || len(after.Votes) != len(before.Votes) {
			t.Errorf("%s: with its checker recused it stands at %s", situation, after.Stage)
		}
	}
	if s := state(at("draft", Recused{Account: "z"}, Recused{Unit: "9902"})...); s.Stage != Draft || s.Checker != (Vote{}) {
		t.Errorf("%+v", s)
	}
	merged := facts(func(k *known) { k.merged = map[string]string{"990199": "990198"} })
	unit := Recuse{ID: id, Unit: "990198", Reason: "利害关系"}
	list, err := unit.Decide(state(at("appeal voted", AppealVoted{By: "x", Unit: "990199", Appeal: 1, Result: Uphold}, Recused{Unit: "9903"})...), merged, fresh, day(27))
	if err != nil || !slices.Equal(list[0].(Recused).Undone, []string{"x"}) {
		t.Errorf("who voted on the appeal and belongs to it now: %+v %v", list, err)
	}
	list, err = unit.Decide(state(at("hearing", Checked{By: "x", Unit: "990199", Version: 1, Passed: true}, Voted{By: "x", Unit: "990199", Version: 1, Agrees: true})...), merged, fresh, day(20))
	if err != nil || !slices.Equal(list[0].(Recused).Undone, []string{"x"}) {
		t.Errorf("who did two things is named once: %+v %v", list, err)
	}
}

// A person cannot put into a finding what would tie him to it; the system can.
func TestNobodyTiesHimself(t *testing.T) {
	named := facts(func(k *known) {
		k.explained = otherwise()
		k.explained.Shares = append(k.explained.Shares, Share{Unit: "990107"})
	})
	own := actor("own", "990107-sj", ledger.Reviewer)
	recompute := Recompute{ID: id, Because: ByStatement}
	if _, err := recompute.Decide(state(at("draft")...), named, own, day(6)); ledger.AsError(err).Rule != "finding.tied" {
		t.Errorf("a reviewer of the unit that it comes to name: %v", err)
	}
	engines := named
	late := Recompute{ID: id, Because: ByLateFacts}
	if list, err := late.Decide(state(at("draft")...), engines, engine, day(6)); err != nil || len(list) != 1 {
		t.Errorf("the system: %v %v", list, err)
	}
}

// What was checked stays checked as long as its shares are; a version that
// comes to clear everybody is checked anew, also in the middle of a hearing.
func TestCheckedAnew(t *testing.T) {
	again := Recomputed{version(asComputed(), 2, drafter, day(5))}
	cleared := Recomputed{version(refuted().explained, 2, drafter, day(5))}
	charging := clears()
	charging.Version = version(asComputed(), 1, drafter, day(0))
	heard := events{charging, Checked{At: day(1), By: checker.Account, Version: 1, Passed: true}, given}
	for name, x := range map[string]struct {
		given events
		then  ledger.Evolver[State]
		want  Stage
	}{
		"a draft":                {at("draft"), again, Draft},
		"checked":                {at("checked"), again, Draft},
		"heard":                  {at("hearing"), again, Hearing},
		"heard, nobody to clear": {at("hearing"), cleared, Hearing},
		"heard, and cleared":     {heard, cleared, Draft},
		"heard as before":        {heard, again, Hearing},
	} {
		if s := state(append(x.given, x.then)...); s.Stage != x.want || (s.Checker == Vote{}) != (x.want == Draft) {
			t.Errorf("%s: stands at %s, checked by %q", name, s.Stage, s.Checker.Account)
		}
	}
}

// What a state says of itself stays what it was by one event more.
func TestStateStays(t *testing.T) {
	answered := state(at("hearing", MirrorAnswered{Unit: town}, Recomputed{version(asComputed(), 2, drafter, day(5))}, Unanswered{town, 1})...)
	if m := answered.Mirrors[0]; m.State != MirrorDone {
		t.Errorf("an answered item is %s", m.State)
	}
	low := version(asComputed(), 2, drafter, day(5))
	low.Shares = []Share{{county, 0, "0"}, {town, 10000, "30"}, {village, 0, "0"}}
	lifted := state(at("hearing", Recomputed{low}, MirrorAnswered{Unit: village})...)
	if m := lifted.Mirrors[1]; m.Unit != village || m.State != MirrorLifted {
		t.Errorf("a lifted item is %s", m.State)
	}
	hands := state(at("issued", Recomputed{version(asComputed(), 2, engine, day(5))}, Checked{By: drafter.Account, Version: 1}, Checked{By: drafter.Account, Version: 1})...).Hands
	if slices.Contains(hands, ledger.System) || len(hands) != len(slices.Compact(slices.Sorted(slices.Values(hands)))) {
		t.Errorf("hands are %v", hands)
	}
	twice := state(at("hearing", Replied{At: day(3), N: 1, Unit: town, Text: "x", Hearing: true}, HearingHeld{At: day(5), On: ledger.DateOf(day(5)), Units: []string{town}}, HearingHeld{At: day(6), On: ledger.DateOf(day(6)), Units: []string{village}})...)
	if !twice.Replies[0].Heard {
		t.Error("what was heard is not, after another unit's hearing")
	}
	for _, situation := range []string{"upheld", "varied", "overturned"} {
		if s := state(at(situation)...); len(s.AppealVotes) != 0 {
			t.Errorf("%s: the votes of an appeal that was decided are left for the next", situation)
		}
	}
	if s := state(at("appealed", AppealOverdue{1})...); !s.Appeals[0].Overdue || !s.Timing.Overdue {
		t.Errorf("overdue: %+v, %+v", s.Appeals[0], s.Timing)
	}
	twiceVaried := state(at("varied", Appealed{At: day(28), N: 2, Unit: town, Days: 30}, AppealDecided{At: day(29), Appeal: 2, Result: Vary, Shares: []Share{{county, 0, "0"}, {town, 3000, ""}, {village, 3333, "10"}, {liability.Unattributed, 3667, ""}}})...)
	if !slices.Equal(twiceVaried.Relieved, []string{town}) {
		t.Errorf("relieved twice: %v", twiceVaried.Relieved)
	}
}

// What is no finding's id names none.
func TestSplit(t *testing.T) {
	if of, n, ok := Split(id); of != about || n != 1 || !ok {
		t.Error(of, n, ok)
	}
	for _, x := range []string{"", "-1", "1", about, about + "-", about + "-0", about + "-01", about + "-x", about + "-1-1", about + "-100", "x-1"} {
		if of, n, ok := Split(x); ok && (of != about || n < 1 || n > maxRounds) || x != about && ok && x != about+"-1" {
			t.Errorf("%q is %q, %d, %t", x, of, n, ok)
		}
	}
}

// A clerk of no unit is a party to nothing, and before a finding is issued is
// not told that there is one.
func TestPartiesOfNothing(t *testing.T) {
	nowhere := ledger.Actor{Account: "clerk", Roles: []ledger.Role{ledger.Clerk}}
	reply, appeal := Respond{ID: id, Text: "申辩"}, Contest{ID: id, Text: "不服"}
	merged := facts(func(k *known) { k.merged = map[string]string{town: ""} })
	ledgertest.Run[State, Facts](t, merged, []c{
		{Name: "before", By: nowhere, At: day(3), Given: at("hearing"), When: reply, Refused: "not_found finding.unknown at id"},
		{Name: "afterwards", By: nowhere, At: day(21), Given: at("issued"), When: appeal, Refused: "forbidden finding.not_party"},
		{Name: "another unit's, before", By: clerk("9902"), At: day(3), Given: at("hearing"), When: reply, Refused: "not_found finding.unknown at id"},
		{Name: "another unit's, afterwards", By: clerk("9902"), At: day(21), Given: at("issued"), When: appeal, Refused: "forbidden finding.not_party"},
	})
	if MayRead(state(at("hearing")...), nowhere, world()) {
		t.Error("a clerk of no unit reads it")
	}
}
