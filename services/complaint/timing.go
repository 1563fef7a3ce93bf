package complaint

import (
	"fmt"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// Periods, in days. Those of a round are working days, all others calendar
// days; the day on which one begins does not count.
const (
	DefaultDays   = 15 // of a round, where the dispatch names none
	MaxDays       = 36 // of a round: within the 60 days of the 信访工作条例 (Art. 34)
	MaxExtension  = 15 // once a round: within its 30 days more
	ReturnDays    = 5  // working days in which a unit can send it back
	AssignDays    = 15 // to take on and dispatch, to order a redo, to take retaliation up, to answer it
	ReviewDays    = 30 // to ask for a review, to rate; to decide a review
	EscalateEvery = 7  // days overdue for each level
)

// MaxRedos is how often it can be handled again without a review.
const MaxRedos = 2

// CutDays is how much later than it was sent a letter may come on record: a
// step taken on its last day arrives with the cut of the next.
const CutDays = 1

// Due is a command of the system whose day has come. It holds no date: asked
// for again, or by another server, it is the same command under the same key.
type Due struct {
	Command string // complaint.remind …
	Key     string // idempotency key
	Input   any    // Remind, Supervise, Escalate, CloseUnrated, Breach or RunOn
}

// Due lists what has run out at a moment, in order. An error of the calendar,
// such as a year that it does not know, comes with what is certain without it.
func (t Timing) Due(id string, cal *calendar.Calendar, now time.Time) (list []Due, err error) {
	switch {
	case t.Running && cal == nil:
		err = errNoCalendar
	case t.Running:
		list, err = t.round(id, cal, now)
	}
	if t.Running && t.Held && t.over(now) {
		list = append(list, due("complaint.run_on", RunOn{id, t.Round, len(t.Clock.Pauses)}, id, t.Round, len(t.Clock.Pauses)))
	}
	if t.Turn != "" && over(t.Since, t.Turn.days()*(t.Lates+1), now) {
		list = append(list, due("complaint.breach", Breach{id, t.Turn, t.Turns}, id, t.Turn, t.Turns))
	}
	if t.Silent && over(t.Last, ReviewDays, now) {
		list = append(list, due("complaint.close_unrated", CloseUnrated{id, t.Given}, id, "silence", t.Given))
	}
	if !t.Attacked.IsZero() && over(t.Attacked, AssignDays*(t.Neglects+1), now) {
		list = append(list, due("complaint.breach", Breach{id, Protecting, t.Attacks}, id, Protecting, t.Attacks))
	}
	return list, err
}

// round lists what has run out of the round's clock, which is read once: a
// look goes over every complaint that is handled.
func (t Timing) round(id string, cal *calendar.Calendar, now time.Time) (list []Due, err error) {
	used, err := t.Clock.Used(cal, now)
	if err != nil {
		return nil, err
	}
	if used < t.Clock.Days {
		for _, p := range []int{50, 80} {
			if t.Reminded < p && !t.Supervised && used*100 >= t.Clock.Days*p {
				list = append(list, due("complaint.remind", Remind{id, t.Round, p}, id, t.Round, fmt.Sprint(p, "-of-", t.Clock.Days)))
			}
		}
		return list, nil
	}
	if !t.Supervised {
		list = append(list, due("complaint.supervise", Supervise{id, t.Round}, id, t.Round, 100))
	}
	if t.Escalations == t.Levels {
		return list, nil
	}
	days, err := t.Clock.Overdue(cal, now)
	for step := t.Escalations + 1; step <= t.Levels && step*EscalateEvery <= days; step++ {
		list = append(list, due("complaint.escalate", Escalate{id, t.Round, step}, id, t.Round, fmt.Sprint("level-", step)))
	}
	return list, err
}

func due(command string, input any, id string, what, which any) Due {
	return Due{command, fmt.Sprintf("%s-%s-%v-%v", command, id, what, which), input}
}

func (t Turn) days() int {
	if t == Reviewing || t == Finalising {
		return ReviewDays
	}
	return AssignDays
}

// over reports whether so many calendar days are over.
func over(since time.Time, days int, now time.Time) bool {
	ok, err := period(since, days).Reached(nil, now, 100)
	return ok && err == nil
}

func period(since time.Time, days int) calendar.Clock {
	return calendar.Clock{Kind: calendar.CalendarDays, Days: days, Started: since}
}

// by is the last of so many calendar days; empty where they never began.
func by(since time.Time, days int) ledger.Date {
	day, err := period(since, days).LastDay(nil)
	if since.IsZero() || err != nil {
		return ""
	}
	return day
}

// TurnBy is the day by which whoever's turn it is has to act; empty where it
// is nobody's.
func (t Timing) TurnBy() ledger.Date {
	if t.Turn == "" {
		return ""
	}
	return by(t.Since, t.Turn.days())
}

// ReturnBy is the last day on which the handling unit can send it back.
func (t Timing) ReturnBy(cal *calendar.Calendar) (ledger.Date, error) {
	return t.returning().LastDay(cal)
}

func (t Timing) returning() calendar.Clock {
	c := t.Clock
	c.Days = ReturnDays
	return c
}

// Step is what a reporter can do with an open box, and the last day for it;
// no day where nothing runs out.
type Step struct {
	Act claim.Act
	By  ledger.Date
}

// Open lists the steps that are open to the reporter on a day, in the order
// of claim.Acts. Writing, and reporting retaliation, always are.
func (s State) Open(day ledger.Date) (steps []Step) {
	for _, act := range claim.Acts {
		if by, ok := s.open(act, day, 0); ok {
			steps = append(steps, Step{act, by})
		}
	}
	return steps
}

// open: grace are the days that a letter may have been under way.
func (s State) open(act claim.Act, day ledger.Date, grace int) (ledger.Date, bool) {
	if s.Withdrew && (act == claim.Withdraw || act == claim.Rate || act == claim.Review) {
		return "", false
	}
	last := by(s.Timing.Last, ReviewDays)
	inTime := last != "" && !day.Time().After(last.Time().AddDate(0, 0, grace))
	switch act {
	case claim.Withdraw:
		return "", s.Filed != nil && s.handled()
	case claim.Rate:
		return last, inTime && s.Rating == nil && (s.in(Replying, Visited) || s.Stage == Ended && s.How == BySilence)
	case claim.Review:
		return last, inTime && s.in(Replying, Visited, Ended, ReviewGiven)
	}
	return "", s.Filed != nil
}

// handled: something is still to be done that the reporter can call off.
func (s State) handled() bool {
	return s.in(Registered, Taken, Sent, SentBack, Handling, Replying, Visited)
}

func (s State) in(stages ...Stage) bool {
	for _, x := range stages {
		if s.Stage == x {
			return true
		}
	}
	return false
}
