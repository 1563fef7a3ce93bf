package complaint

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// The longest round fits into the 60 days of the regulation, an extension
// into its 30 more, whatever day they begin on.
func TestPeriodsWithinTheRegulation(t *testing.T) {
	from, to := cal.Years()
	day := time.Date(from, 1, 1, 0, 0, 0, 0, ledger.Beijing)
	for end := time.Date(to, 7, 1, 0, 0, 0, 0, ledger.Beijing); day.Before(end); day = day.AddDate(0, 0, 1) {
		for _, c := range []struct{ working, days int }{{MaxDays, 60}, {MaxExtension, 30}, {MaxDays + MaxExtension, 90}} {
			last, err := calendar.Clock{Kind: calendar.WorkingDays, Days: c.working, Started: day}.LastDay(cal)
			if err != nil {
				t.Fatal(err)
			}
			if last.Time().After(day.AddDate(0, 0, c.days)) {
				t.Errorf("%d working days from %s end on %s, after %d days", c.working, ledger.DateOf(day), last, c.days)
			}
		}
	}
}

// What runs out of a round of ten working days that began on Monday 2 March
// 2026, looked at every day and nothing left out.
func TestRound(t *testing.T) {
	s := state(at(Sent)...)
	rang := map[int][]string{}
	for n := range 60 {
		due, err := s.Timing.Due(id, cal, day(n))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range due {
			list, err := command(d).Decide(s, facts(about), engine, day(n))
			if err != nil {
				t.Fatal(err)
			}
			list[0].Evolve(&s)
			rang[n] = append(rang[n], fmt.Sprintf("%T", list[0]))
		}
	}
	want := map[int][]string{
		8: {"complaint.Reminded"}, 11: {"complaint.Reminded"}, 15: {"complaint.Supervised"}, // five days are over with the 9th, eight with the 12th, ten with the 16th
		22: {"complaint.Escalated"}, 29: {"complaint.Escalated"}, 36: {"complaint.Escalated"}, // to the city, the province, the centre
	}
	if !reflect.DeepEqual(rang, want) {
		t.Errorf("%v", rang)
	}
}

// What is due of a round is what its clock says, for every period, day by day.
func TestRoundByTheClock(t *testing.T) {
	for days := 1; days <= MaxDays; days++ {
		s := state(at(Taken, Dispatched{day(0), handler, days})...)
		for n := range 80 {
			due, err := s.Timing.Due(id, cal, day(n))
			if err != nil {
				t.Fatal(err)
			}
			over, err := s.Timing.Clock.Reached(cal, day(n), 100)
			if err != nil {
				t.Fatal(err)
			}
			want := map[any]bool{Supervise{id, 1}: over}
			for _, p := range []int{50, 80} {
				reached, err := s.Timing.Clock.Reached(cal, day(n), p)
				want[Remind{id, 1, p}] = reached && !over
				if err != nil {
					t.Fatal(err)
				}
			}
			for c, is := range want {
				if slices.ContainsFunc(due, func(d Due) bool { return d.Input == c }) != is {
					t.Fatalf("%d days, after %d: %+v", days, n, c)
				}
			}
		}
	}
}

// A server that was off reminds of nothing that is over, and misses no level.
func TestRoundAfterAPause(t *testing.T) {
	count := func(list []Due) (commands []string) {
		for _, d := range list {
			commands = append(commands, d.Command)
		}
		return commands
	}
	s := state(at(Handling)...)
	due, err := s.Timing.Due(id, cal, day(30))
	if want := []string{"complaint.supervise", "complaint.escalate", "complaint.escalate"}; err != nil || !reflect.DeepEqual(count(due), want) {
		t.Errorf("%v, %v", due, err)
	}
	// Paused from the third day on without a last day, as was recorded once,
	// nothing comes nearer but the end of the longest pause there can be.
	s = state(at(Handling, Paused{day(2), "等", ""})...)
	if due, err = s.Timing.Due(id, cal, day(2+MaxPaused).Add(-10*time.Hour)); err != nil || len(due) > 0 {
		t.Errorf("%v, %v", due, err)
	}
	if due, err = s.Timing.Due(id, cal, day(300)); err != nil || len(due) != 1 || due[0].Command != "complaint.run_on" {
		t.Errorf("%v, %v", due, err)
	}
	s = state(at(Handling, Paused{day(2), "等", ""}, Resumed{day(300)})...)
	if due, err = s.Timing.Due(id, cal, day(301)); err != nil || len(due) > 0 {
		t.Errorf("%v, %v", due, err)
	}
}

// A year that the calendar does not know: what is certain is due, and no
// holiday is guessed.
func TestUnknownYear(t *testing.T) {
	_, last := cal.Years()
	start := time.Date(last+1, 3, 1, 9, 0, 0, 0, ledger.Beijing)
	s := state(Filed{ID: id, Day: ledger.DateOf(start)}, Accepted{start}, Dispatched{start, handler, 10}, RetaliationReported{Letter{Day: ledger.DateOf(start)}})
	due, err := s.Timing.Due(id, cal, start.AddDate(0, 0, 40))
	if err == nil || len(due) != 1 || due[0].Command != "complaint.breach" {
		t.Errorf("%v, %v", due, err)
	}
	if due, err = s.Timing.Due(id, nil, start.AddDate(0, 0, 40)); err == nil || len(due) != 1 {
		t.Errorf("without a calendar: %v, %v", due, err)
	}
}

// The steps that are open to the reporter, each with its last day.
func TestOpen(t *testing.T) {
	by := date(2 + ReviewDays)
	reply, withdraw, retaliation := Step{claim.Reply, ""}, Step{claim.Withdraw, ""}, Step{claim.Retaliation, ""}
	rate, review := Step{claim.Rate, by}, Step{claim.Review, by}
	always := []Step{reply, retaliation}
	for _, c := range []struct {
		name  string
		given events
		on    int
		steps []Step
	}{
		{"nothing is there", nil, 1, nil},
		{"registered", at(Registered), 1, []Step{reply, withdraw, retaliation}},
		{"handled", at(Handling), 2, []Step{reply, withdraw, retaliation}},
		{"answered", at(Replying), 3, []Step{reply, withdraw, rate, review, retaliation}},
		{"on the last day", at(Replying), 32, []Step{reply, withdraw, rate, review, retaliation}},
		{"the day after", at(Replying), 33, []Step{reply, withdraw, retaliation}},
		{"rated", at(Replying, Rated{letter(1, 3), true, true}), 4, []Step{reply, withdraw, review, retaliation}},
		{"closed", at(Ended), 5, []Step{reply, review, retaliation}},
		{"taken back before an answer", at(Handling, Withdrawn{letter(1, 3)}, Closed{day(3), ByWithdrawal}), 4, always},
		{"in review", at(InReview), 4, always},
		{"reviewed", at(ReviewGiven), 5, []Step{reply, {claim.Review, date(4 + ReviewDays)}, retaliation}},
		{"given back to be handled again", at(InReview, ReviewDecided{day(4), Again, blob, "r1"}), 5, []Step{reply, withdraw, retaliation}},
		{"over", at(Over), 7, always},
		{"declined", at(Declined), 2, always},
	} {
		if got := state(c.given...).Open(date(c.on)); !reflect.DeepEqual(got, c.steps) {
			t.Errorf("%s: %v, want %v", c.name, got, c.steps)
		}
	}
}

// The days by which staff have to act.
func TestBy(t *testing.T) {
	if got := state(at(Registered)...).Timing.TurnBy(); got != date(15) {
		t.Error(got)
	}
	if got := state(at(InReview)...).Timing.TurnBy(); got != date(33) {
		t.Error(got)
	}
	if got := state(at(Handling)...).Timing.TurnBy(); got != "" {
		t.Error(got)
	}
	if got, err := state(at(Sent)...).Timing.ReturnBy(cal); err != nil || got != date(7) {
		t.Error(got, err)
	}
}

// Whatever the stage and whatever a letter asks for, it is kept.
func TestNoLetterIsLost(t *testing.T) {
	yes := true
	for stage := range ways {
		for _, act := range claim.Acts {
			h := hear(act, nil)
			if act == claim.Rate {
				h = hear(act, &yes)
			}
			s := state(at(stage)...)
			list, err := h.Decide(s, facts(about), engine, day(7))
			if err != nil {
				t.Fatalf("%s at %s: %v", act, stage, err)
			}
			for _, e := range list {
				e.Evolve(&s)
			}
			if n := len(s.Letters); n == 0 || s.Letters[n-1] != h.Letter {
				t.Errorf("%s at %s is not kept", act, stage)
			}
		}
	}
}

// States are copied by read models: what happens to one does not show in
// another.
func TestStatesShareNothing(t *testing.T) {
	given := at(Handling)
	for i := range byte(3) { // a list with room for more
		given = append(given, Replied{Letter: letter(i, 2)}, Recusal{Account: string('a' + rune(i))}, ClaimVerified{day(2), string('a' + rune(i))}, Paused{day(2).Add(time.Duration(2 * i)), "等", ""}, Resumed{day(2).Add(time.Duration(2*i + 1))})
	}
	s := state(given...)
	a, b := s, s
	for _, e := range (events{Replied{Letter: letter(5, 3)}, Recusal{Account: "y"}, ClaimVerified{day(3), "y"}, Paused{day(4), "甲", ""}}) {
		e.Evolve(&a)
	}
	for _, e := range (events{Replied{Letter: letter(6, 3)}, Recusal{Account: "z"}, ClaimVerified{day(3), "z"}, Paused{day(5), "乙", ""}}) {
		e.Evolve(&b)
	}
	if a.Letters[3] == b.Letters[3] || a.Recusals[3] == b.Recusals[3] || a.Issuances[3] == b.Issuances[3] || a.Timing.Clock.Pauses[3] == b.Timing.Clock.Pauses[3] || len(s.Letters) != 3 {
		t.Error("two states share a list")
	}
}
