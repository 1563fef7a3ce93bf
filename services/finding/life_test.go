package finding

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/liability"
)

func TestClockwork(t *testing.T) {
	unanswered := MarkUnanswered{id, village, 1}
	later := prior(fact(1, Final), fact(2, Decided))
	mark := MarkedForReview{Known: 120, Hash: "hash-2", Shares: otherwise().Shares, Originating: town}
	refusing := facts(func(k *known) {
		k.explained = Explained{Known: 130, Policy: 1, Method: 2}
		k.fault = ledger.Refuse("evidence.cycle", "绕成一圈", "a circle")
	})
	nothing := facts(func(k *known) {
		k.explained = Explained{Known: 130, Policy: 1, Method: 1, Hash: "h", Outcome: liability.NoShortfall}
	})
	other := func(how func(e *Explained)) known {
		return facts(func(k *known) { k.explained.Hash, k.explained.Method = "hash-9", 2; how(&k.explained) })
	}
	seen := ledgertest.Run[State, Facts](t, world(), []c{
		{Name: "未回应 once ten working days are over", By: engine, At: day(17), Given: at("hearing"), When: unanswered, Then: events{Unanswered{village, 1}}},
		{Name: "not before", By: engine, At: day(16), Given: at("hearing"), When: unanswered, Refused: "refused finding.not_due"},
		{Name: "nor after an answer", By: engine, At: day(17), Given: at("hearing", MirrorAnswered{Unit: village}), When: unanswered, Refused: "refused finding.not_due"},
		{Name: "a reply is one", By: engine, At: day(17), Given: at("replied"), When: MarkUnanswered{id, town, 1}, Refused: "refused finding.not_due"},
		{Name: "nor twice", By: engine, At: day(17), Given: at("hearing", Unanswered{village, 1}), When: unanswered, Refused: "refused finding.not_due"},
		{Name: "nor for another notice", By: engine, At: day(17), Given: at("hearing"), When: MarkUnanswered{id, village, 2}, Refused: "refused finding.not_due"},
		{Name: "not by a person", By: fresh, At: day(17), Given: at("hearing"), When: unanswered, Refused: "forbidden finding.system_only"},
		{Name: "nor of what is not there", By: engine, At: day(17), When: unanswered, Refused: "not_found finding.unknown at id"},
		{Name: "without a calendar nobody knows", By: engine, At: day(17), Given: at("hearing"), Facts: facts(func(k *known) { k.calendar = nil }), When: unanswered, Refused: "unavailable finding.no_calendar"},
		{Name: "it stands after thirty days", By: engine, At: day(51), Given: at("issued"), When: LetStand{id}, Then: events{AppealPeriodExpired{}}},
		{Name: "holidays count there, and no calendar is needed", By: engine, At: day(51), Given: at("issued"), Facts: facts(func(k *known) { k.calendar = nil }), When: LetStand{id}, Then: events{AppealPeriodExpired{}}},
		{Name: "not on the last", By: engine, At: day(50), Given: at("issued"), When: LetStand{id}, Refused: "refused finding.not_due"},
		{Name: "nor where somebody appealed", By: engine, At: day(90), Given: at("upheld"), When: LetStand{id}, Refused: "refused finding.not_due"},
		{Name: "an appeal is overdue after thirty days", By: engine, At: day(56), Given: at("appealed"), When: MarkOverdue{id, 1}, Then: events{AppealOverdue{1}}},
		{Name: "not on the last", By: engine, At: day(55), Given: at("appealed"), When: MarkOverdue{id, 1}, Refused: "refused finding.not_due"},
		{Name: "nor twice", By: engine, At: day(56), Given: at("appealed", AppealOverdue{1}), When: MarkOverdue{id, 1}, Refused: "refused finding.not_due"},
		{Name: "a unit that joins gives no more time", By: engine, At: day(56), Given: at("appealed", Appealed{At: day(40), N: 1, Unit: village, Days: 30}), When: MarkOverdue{id, 1}, Then: events{AppealOverdue{1}}},
		{Name: "a later one takes its place", By: engine, Facts: later, Given: at("final"), When: Supersede{id, about + "-2"}, Then: events{Superseded{about + "-2"}}},
		{Name: "once that is issued", By: engine, Facts: prior(fact(1, Final), fact(2, Hearing)), Given: at("final"), When: Supersede{id, about + "-2"}, Refused: "refused finding.not_due"},
		{Name: "that is it", By: engine, Facts: later, Given: at("final"), When: Supersede{id, about + "-3"}, Refused: "refused finding.not_due"},
		{Name: "and later", By: engine, Facts: prior(fact(1, Final)), Given: at("final"), When: Supersede{id, id}, Refused: "refused finding.not_due"},
		{Name: "an appeal is decided first", By: engine, Facts: later, Given: at("appealed"), When: Supersede{id, about + "-2"}, Refused: "refused finding.stage"},
		{Name: "what was overturned stays so", By: engine, Facts: later, Given: at("overturned"), When: Supersede{id, about + "-2"}, Refused: "refused finding.stage"},
		{Name: "not by a person", By: fresh, Facts: later, Given: at("final"), When: Supersede{id, about + "-2"}, Refused: "forbidden finding.system_only"},
		{Name: "nor what is not there", By: engine, Facts: later, When: Supersede{id, about + "-2"}, Refused: "not_found finding.unknown at id"},
		{Name: "late facts mark it", By: engine, Facts: late(), Given: at("final"), When: MarkReview{id}, Then: events{mark}},
		{Name: "once", By: engine, Facts: late(), Given: at("final", mark), When: MarkReview{id}, Refused: "refused finding.unchanged"},
		{Name: "for as long as nothing else is new", By: engine, Facts: late(), Given: at("final", MarkedForReview{Known: 110, Hash: "hash-3", Shares: set().Shares, Originating: town}), When: MarkReview{id}, Then: events{mark}},
		{Name: "not where there are none", By: engine, Given: at("final"), When: MarkReview{id}, Refused: "refused finding.unchanged"},
		{Name: "nor where other events or another method come to the same", By: engine, Given: at("final"), Facts: other(func(e *Explained) { e.Shares[1].Mass = "40" }), When: MarkReview{id}, Refused: "refused finding.unchanged"},
		{Name: "a bearing below a point is not the same as none", By: engine, Given: at("final"), Facts: other(func(e *Explained) { e.Shares[0].Mass = "1/9" }), When: MarkReview{id},
			Then: events{MarkedForReview{100, 2, "hash-9", "", []Share{{county, 0, "1/9"}, {town, 6667, "20"}, {village, 3333, "10"}}, town, ""}}},
		{Name: "nor is another origin", By: engine, Given: at("final"), Facts: other(func(e *Explained) { e.Originating = county }), When: MarkReview{id},
			Then: events{MarkedForReview{100, 2, "hash-9", "", asComputed().Shares, county, ""}}},
		{Name: "nothing is missing any more", By: engine, Given: at("final"), Facts: nothing, When: MarkReview{id},
			Then: events{MarkedForReview{Known: 130, Method: 1, Hash: "h", Outcome: liability.NoShortfall}}},
		{Name: "it cannot be divided any more", By: engine, Given: at("final"), Facts: refusing, When: MarkReview{id}, Then: events{MarkedForReview{Known: 130, Refused: "evidence.cycle"}}},
		{Name: "once", By: engine, Given: at("final", MarkedForReview{Known: 120, Refused: "evidence.cycle"}), Facts: refusing, When: MarkReview{id}, Refused: "refused finding.unchanged"},
		{Name: "which was known when it was issued", By: engine, Given: at("cleared issued"), Facts: refuted(), When: MarkReview{id}, Refused: "refused finding.unchanged"},
		{Name: "not by a person", By: fresh, Facts: late(), Given: at("final"), When: MarkReview{id}, Refused: "forbidden finding.system_only"},
		{Name: "nor what is not there", By: engine, Facts: late(), When: MarkReview{id}, Refused: "not_found finding.unknown at id"},
	})
	ledgertest.Complete(t, append(refused, seen)...)
}

// An error of the evidence is passed on by everybody who asks for it.
func TestFaultsOfEvidence(t *testing.T) {
	k := facts(func(k *known) { k.fault = errExplain })
	for _, x := range []struct {
		given string
		when  ledger.Decider[State, Facts]
		by    ledger.Actor
	}{
		{"none", Begin{about, 1}, fresh}, {"draft", Recompute{ID: id, Because: ByStatement}, fresh},
		{"voted", CastVote{ID: id, Version: 1, Agrees: true}, fresh}, {"final", MarkReview{id}, engine},
	} {
		if got, err := x.when.Decide(state(at(x.given)...), k, x.by, day(20)); err != errExplain || got != nil {
			t.Errorf("%T: %v, %v", x.when, got, err)
		}
	}
}

// What runs out, and when.
func TestDue(t *testing.T) {
	commands := func(situation string, on int, how func(x *Timing)) (names []string) {
		timing := state(at(situation)...).Timing
		if how != nil {
			how(&timing)
		}
		list, err := timing.Due(id, cal, day(on))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			names = append(names, d.Command)
			if d.Key == "" || len(d.Key) > 200 || !strings.Contains(d.Key, id) {
				t.Errorf("key %q", d.Key)
			}
		}
		if len(list) > 0 && !timing.Runs() {
			t.Errorf("%s: something is due of what does not run", situation)
		}
		return names
	}
	replaced := func(x *Timing) { x.ReplacedBy = about + "-2" }
	for _, x := range []struct {
		situation string
		on        int
		how       func(*Timing)
		want      []string
	}{
		{"checked", 400, nil, nil},
		{"hearing", 16, nil, nil},
		{"hearing", 17, nil, []string{"finding.mark_unanswered", "finding.mark_unanswered"}},
		{"replied", 17, nil, []string{"finding.mark_unanswered"}},
		{"ready", 400, nil, nil},
		{"withdrawn", 400, nil, nil},
		{"issued", 50, nil, nil},
		{"issued", 51, nil, []string{"finding.let_stand"}},
		{"issued", 30, replaced, []string{"finding.supersede"}},
		{"appealed", 30, replaced, nil},
		{"appealed", 56, nil, []string{"finding.mark_overdue"}},
		{"upheld", 400, nil, nil},
		{"varied", 400, replaced, []string{"finding.supersede"}},
		{"cleared issued", 400, nil, []string{"finding.let_stand"}},
		{"overturned", 400, nil, nil},
		{"final", 400, nil, nil},
		{"superseded", 400, nil, nil},
	} {
		if got := commands(x.situation, x.on, x.how); !slices.Equal(got, x.want) {
			t.Errorf("%s on day %d: %v, want %v", x.situation, x.on, got, x.want)
		}
		if s := state(at(x.situation)...); x.want == nil && x.on == 400 && s.Timing.Runs() {
			t.Errorf("%s: something still runs", x.situation)
		}
	}
	// What needs no calendar is told without one.
	timing := state(at("hearing")...).Timing
	timing.ReplacedBy = about + "-2"
	if list, err := timing.Due(id, nil, day(17)); len(list) != 1 || err == nil {
		t.Errorf("%v, %v", list, err)
	}
	// What replaces it outlasts an appeal, but nothing takes the place of what
	// was overturned.
	for result, want := range map[Result]string{Uphold: "x", Vary: "x", Overturn: ""} {
		s := state(at("appealed")...)
		s.Timing.ReplacedBy = "x"
		AppealDecided{Appeal: 1, Result: result, Shares: s.Standing}.Evolve(&s)
		if s.Timing.ReplacedBy != want {
			t.Errorf("%s: replaced by %q", result, s.Timing.ReplacedBy)
		}
	}
}

// Last days, as papers name them: ten working days from Wednesday the 4th.
func TestLastDays(t *testing.T) {
	s := state(at("appealed")...)
	if day, err := s.Notices[0].ReplyBy(cal); day != "2026-03-18" || err != nil {
		t.Error(day, err)
	}
	if day, err := s.Mirrors[1].AnswerBy(cal); day != "2026-03-18" || err != nil {
		t.Error(day, err)
	}
	if _, err := s.Notices[0].ReplyBy(nil); err == nil {
		t.Error("counted without a calendar")
	}
	if s.AppealBy() != "2026-04-21" || s.Appeals[0].DecideBy() != "2026-04-26" || state(at("hearing")...).AppealBy() != "" {
		t.Error(s.AppealBy(), s.Appeals[0].DecideBy())
	}
}

// Mirrored items follow the shares: opened by a notice, lifted where they are
// not called for any more, opened anew by another notice.
func TestMirrors(t *testing.T) {
	look := func(list ...ledger.Evolver[State]) (out []string) {
		for _, m := range state(list...).Mirrors {
			out = append(out, m.Unit[len(county):]+" "+string(m.State))
		}
		return out
	}
	low := version(asComputed(), 2, author, day(5))
	low.Shares = []Share{{county, 7000, "21"}, {town, 2000, "6"}, {village, 1000, "3"}}
	high := version(asComputed(), 3, author, day(6))
	again := Notified{day(7), 3, []Noticed{{county, 0, false, false}, {village, 3333, false, true}}, 10, 10}
	for _, x := range []struct {
		given events
		want  []string
	}{
		{at("hearing"), []string{"002 pending", "002001 pending"}},
		{at("hearing", Recomputed{low}), []string{"002 pending", "002001 lifted"}}, // it began with the town
		{at("replied", Recomputed{change(low, func(v *Version) { v.Originating = county })}), []string{"002 answered", "002001 lifted"}},
		{at("hearing", Recomputed{low}, Recomputed{high}), []string{"002 pending", "002001 lifted"}},
		{at("hearing", Recomputed{low}, Recomputed{high}, again), []string{"002 pending", "002001 pending"}},
		{at("issued"), []string{"002 answered", "002001 unanswered"}},
		{at("issued", MirrorAnswered{Unit: village}), []string{"002 answered", "002001 answered"}},
		{at("varied"), []string{"002 answered", "002001 unanswered"}},
		{at("overturned"), []string{"002 answered", "002001 lifted"}},
	} {
		if got := look(x.given...); !slices.Equal(got, x.want) {
			t.Errorf("%v, want %v", got, x.want)
		}
	}
	s := state(at("hearing", Recomputed{low}, Recomputed{high})...)
	if owed := s.owed(); len(owed) != 2 || owed[1] != (Noticed{village, 3333, false, true}) {
		t.Errorf("a lifted item that is called for again is to be opened by another notice: %+v", owed)
	}
	// What was overturned still tells what its items were opened for.
	before, after := state(at("issued")...), state(at("overturned")...)
	for i, m := range after.Mirrors {
		if was := before.Mirrors[i]; m.Points != was.Points || m.Origin != was.Origin {
			t.Errorf("%+v, was %+v", m, was)
		}
	}
	// An appeal that takes all from where it began lifts that one as well.
	s = state(at("appealed")...)
	s.Mirrors[0].State = MirrorUnanswered
	AppealDecided{Appeal: 1, Result: Vary, Removals: []Removal{{town, 6667}}, Shares: []Share{{county, 0, "0"}, {town, 0, ""}, {village, 3333, "10"}, {liability.Unattributed, 6667, ""}}}.Evolve(&s)
	if s.Mirrors[0].State != MirrorLifted || s.Mirrors[1].State != MirrorUnanswered {
		t.Errorf("%+v", s.Mirrors)
	}
}

// The next round charges nobody with what an appeal took from him, and what
// he was spared in earlier rounds; facts that are new undo that.
func TestCaps(t *testing.T) {
	spared := change(first(), func(d *Drafted) { d.Caps = []Cap{{county, 100}, {town, 9000}} })
	list := append(events{spared}, ways["varied"][2:]...)
	worse := []Share{{county, 0, "0"}, {town, 6668, "21"}, {village, 3332, "10"}}
	for _, x := range []struct {
		given events
		want  []Cap
	}{
		{at("issued"), nil},
		{at("upheld"), nil},
		{at("varied"), []Cap{{town, 3667}}},
		{at("varied", MarkedForReview{Shares: asComputed().Shares}), []Cap{{town, 3667}}},
		{at("varied", MarkedForReview{Shares: worse}), nil},
		{at("varied", MarkedForReview{Shares: otherwise().Shares}), []Cap{{town, 3667}}}, // worse for the county
		{at("varied", MarkedForReview{Outcome: liability.NoShortfall}), []Cap{{town, 3667}}},
		{at("varied", MarkedForReview{Shares: worse}, MarkedForReview{Shares: asComputed().Shares}), []Cap{{town, 3667}}},
		{at("varied", MarkedForReview{Shares: worse}, MarkedForReview{Refused: "evidence.cycle"}), nil},
		{at("issued", MarkedForReview{Shares: worse}), nil},
		{at("appealed", append(events{MarkedForReview{Shares: worse}}, ways["varied"][len(ways["varied"])-1])...), []Cap{{town, 3667}}},
		{at("appealed", append(events{MarkedForReview{Shares: worse}}, ways["varied"][len(ways["varied"])-1], MarkedForReview{Shares: worse})...), []Cap{{town, 3667}}},
		{at("overturned"), []Cap{{town, 0}, {village, 0}}},
		{list, []Cap{{town, 3667}, {county, 100}}},
	} {
		if got := state(x.given...).Fact().Caps; !slices.Equal(got, x.want) {
			t.Errorf("%v, want %v", got, x.want)
		}
	}
}

func TestAppealsOneAfterAnother(t *testing.T) {
	s := state(at("varied", Appealed{At: day(30), N: 2, Unit: village, Days: 30})...)
	if s.Stage != OnAppeal || s.Timing.Appeal != 2 || s.Timing.Appealed != day(30) {
		t.Errorf("%s, %+v", s.Stage, s.Timing)
	}
	AppealDecided{Appeal: 2, Result: Uphold, Shares: s.Standing}.Evolve(&s)
	if s.Stage != Varied || s.Appeals[0].Result != Vary || s.Appeals[1].Result != Uphold {
		t.Errorf("what an earlier appeal varied stays so: %s", s.Stage)
	}
	if s := state(at("appeal voted", Appealed{At: day(30), N: 1, Unit: village, Days: 30})...); len(s.AppealVotes) != 0 || len(s.Appeals) != 1 || len(s.Appeals[0].Units) != 2 {
		t.Error("who voted before another unit joined did not hear it")
	}
}

// What makes votes void.
func TestVotesAreOnWhatIsKnown(t *testing.T) {
	void := events{Replied{N: 2, Unit: village}, Recomputed{version(otherwise(), 2, engine, day(20))}, Overridden{set()}, given, HearingHeld{}, ReplyAnswered{Reply: 1}}
	for _, e := range void {
		if s := state(at("voted", e)...); len(s.Votes) != 0 {
			t.Errorf("%T: the vote before it still counts", e)
		}
	}
	if s := state(at("sent back")...); len(s.Votes) != 0 {
		t.Error("what was sent back keeps its votes")
	}
	for _, e := range (events{Recomputed{version(otherwise(), 2, engine, day(2))}, Overridden{set()}}) {
		if s := state(at("checked", e)...); s.Stage != Draft {
			t.Errorf("%T: nobody checked that version, and it stands at %s", e, s.Stage)
		}
	}
	if s := state(at("checked again", given)...); s.Stage != Hearing {
		t.Error("a notice opens the hearing")
	}
	same := change(version(otherwise(), 3, drafter, day(20)), func(v *Version) {
		v.Shares = []Share{{county, 0, "0"}, {town, 6667, "20"}, {village, 3333, "10"}}
	})
	if s := state(at("sent back", Recomputed{same}, Checked{By: checker.Account, Version: 2, Passed: true})...); s.Stage != Hearing {
		t.Error("what nobody has to be told goes to the panel at once")
	}
}

// A state is copied: what one copy learns no other sees.
func TestStatesShareNothing(t *testing.T) {
	for _, situation := range situations {
		s := state(at(situation)...)
		before, _ := json.Marshal(s)
		for name, x := range steps() {
			if x.facts == nil {
				x.facts = here
			}
			if x.at.IsZero() {
				x.at = day(200)
			}
			for _, who := range x.who[situation] {
				list, err := x.when(s).Decide(s, x.facts(s), everybody[who], x.at)
				if err != nil {
					t.Fatal(err)
				}
				then := s
				for _, e := range list {
					e.Evolve(&then)
				}
				if after, _ := json.Marshal(s); string(after) != string(before) {
					t.Fatalf("%s at %s changed what was there", name, situation)
				}
				break
			}
		}
	}
}

func TestIDs(t *testing.T) {
	long := strings.Repeat("9", 12) + "-" + strings.Repeat("a", 35) + "-20260220-0123abcd"
	if outcome, n, ok := Split(ID(long, 99)); outcome != long || n != 99 || !ok || len(ID(long, 99)) <= ledger.MaxIDLen {
		t.Error("an outcome of a unit with a long code has findings too:", outcome, n, ok)
	}
	if outcome, n, ok := Split(ID(about, 12)); outcome != about || n != 12 || !ok {
		t.Error(outcome, n, ok)
	}
	for _, bad := range []string{"", "x", "-1", about + "-0", about + "-01", about + "-", about + "-x", about + "-100", about + "--1", "X-1"} {
		if outcome, _, ok := Split(bad); ok {
			t.Errorf("%q is a finding about %q", bad, outcome)
		}
	}
	if got := (Begin{about, 2}).Stream(); got != "finding-"+about+"-2" || (Notify{id}).Stream() != "finding-"+id {
		t.Error(got)
	}
}

// Suggestions, at the edges of the bands.
func TestSuggest(t *testing.T) {
	for points, want := range map[int64]Band{0: OnRecord, 999: OnRecord, 1000: Rectify, 2999: Rectify, 3000: SelfExamination, 5999: SelfExamination, 6000: Circular, 10000: Circular} {
		if got := BandOf(points); got != want {
			t.Errorf("%d: %s", points, got)
		}
	}
	shares := []Share{{county, 2999, "3"}, {town, 3667, ""}, {village, 3333, "10"}, {"office", 0, "1/900"}, {"beside", 0, "0"}, {liability.Unattributed, 1, "1"}}
	quantity := liability.Explained{Case: liability.Case{Kind: liability.Quantity, Units: []string{county, town, village}}, Answer: liability.Answer{Execution: rat("10")}}
	want := []Suggestion{{county, ImportantLeading, Rectify}, {town, MainLeading, SelfExamination}, {village, Direct, SelfExamination}, {"office", ImportantLeading, OnRecord}}
	if got := Suggest(shares, quantity); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	direct := func(e liability.Explained) (units []string) {
		for _, x := range Suggest(shares, e) {
			if x.Class == Direct {
				units = append(units, x.Unit)
			}
		}
		return units
	}
	none := quantity
	none.Answer.Execution = rat("0")
	competing := liability.Explained{Case: liability.Case{Kind: liability.Competing, Executor: town}, Answer: liability.Answer{Execution: rat("1/2")}}
	conduct := liability.Explained{Case: liability.Case{Kind: liability.Conduct, Conduct: map[string]liability.Act{county: {Power: 2}, town: {Power: 3}, village: {Power: 3}, "beside": {Power: 3}}}}
	for name, x := range map[string]struct {
		e    liability.Explained
		want []string
	}{
		"no gap in execution": {none, nil}, "competing": {competing, []string{town}}, "conduct": {conduct, []string{town, village}},
		"contradiction": {liability.Explained{Case: liability.Case{Kind: liability.Contradiction, Units: []string{village}}}, nil},
	} {
		if got := direct(x.e); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}
