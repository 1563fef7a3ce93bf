package complaint

import (
	"slices"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
)

// MaxPaused is how many calendar days the pauses of one round have in all: as
// long as the one extension that the 信访工作条例 (Art. 34) allows.
const MaxPaused = 30

// Decide stops the clock of a round that runs, until the end of a day.
func (c Pause) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Investigator), s.at(Sent, Handling),
		ledger.CheckText("reason", c.Reason, 300, true), ledger.CheckDate("until", c.Until, false),
	); err != nil {
		return nil, err
	}
	t := s.Timing
	if t.Held && !t.over(at) {
		return nil, ledger.Refuse("clock.already_paused", "计时已经暂停，恢复之后才能再次暂停。", "The clock is paused already; it can be paused again once it runs.")
	}
	left := MaxPaused - t.paused()
	if left < 1 {
		return nil, ledger.Refuse("complaint.paused_enough", "本轮办理暂停计时合计已满 %d 天，不能再暂停；确需更多时间的，请审议员批准延期。",
			"The clock of this round stood still for %d days in all, and can be paused no more; where more time is needed, a reviewer extends it.", MaxPaused)
	}
	today := ledger.DateOf(at)
	last := ledger.DateOf(today.Time().AddDate(0, 0, left-1))
	until := c.Until
	if until == "" {
		until = last
	}
	if until < today || until > last {
		return nil, ledger.Errorf(ledger.Invalid, "complaint.pause_until", "暂停的最后一天应在 %[1]s 至 %[2]s 之间。", "The last day of the pause lies from %[1]s to %[2]s.", today, last).At("until")
	}
	if _, err := t.Clock.Pause(at, c.Reason); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Paused{at, c.Reason, until}}, nil
}

// Decide lets it run on before the pause's last day is over.
func (c Resume) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator), s.at(Sent, Handling)); err != nil {
		return nil, err
	}
	if !s.Timing.Held {
		return nil, ledger.Refuse("clock.not_paused", "计时没有暂停，不需要恢复。", "The clock is not paused; there is nothing to resume.")
	}
	if _, err := s.Timing.reopened().Resume(at); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Resumed{at}}, nil
}

// Decide records that the clock runs on, from the end of the pause's last day.
func (c RunOn) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	if p := s.Timing.pause(); !p.To.IsZero() {
		at = p.To
	}
	return []ledger.Evolver[State]{Resumed{at}}, nil
}

// pause is the last one; zero where there is none.
func (t Timing) pause() (p calendar.Pause) {
	if n := len(t.Clock.Pauses); n > 0 {
		p = t.Clock.Pauses[n-1]
	}
	return p
}

// reopened is the clock as if its last pause had no end.
func (t Timing) reopened() calendar.Clock {
	c := t.Clock
	c.Pauses = slices.Clone(c.Pauses)
	if n := len(c.Pauses); n > 0 {
		c.Pauses[n-1].To = time.Time{}
	}
	return c
}

// ends is when the pause on record is over at the latest. One that was recorded
// without a last day lasts no longer than those that have one may.
func (t Timing) ends() time.Time {
	if p := t.pause(); !p.To.IsZero() {
		return p.To
	}
	return ledger.DateOf(t.pause().From).Time().AddDate(0, 0, MaxPaused)
}

// over reports whether the last day of the pause on record is over.
func (t Timing) over(now time.Time) bool { return !now.Before(t.ends()) }

// paused is how many days the clock of this round stood still, or is going to.
func (t Timing) paused() (days int) {
	for _, p := range t.Clock.Pauses {
		to := p.To
		if to.IsZero() {
			to = t.ends()
		}
		days += int(ledger.DateOf(to).Time().Sub(ledger.DateOf(p.From).Time()).Hours()) / 24
	}
	return days
}

// PausedUntil is the last day of the pause that the clock stands in; empty
// where it stands in none.
func (t Timing) PausedUntil() ledger.Date {
	if !t.Held {
		return ""
	}
	return ledger.DateOf(t.ends().AddDate(0, 0, -1))
}

// dayAfter is the first instant after a day.
func dayAfter(day ledger.Date) time.Time { return day.Time().AddDate(0, 0, 1) }
