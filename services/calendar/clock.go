package calendar

import (
	"strings"
	"time"

	"suyuan/services/ledger"
)

// Kind says which days a period is counted in.
type Kind string

// The kinds: where a rule says 日 every day counts, where it says 工作日 the
// working days do.
const (
	CalendarDays Kind = "calendar"
	WorkingDays  Kind = "working"
)

// Kinds are all there are.
var Kinds = []Kind{CalendarDays, WorkingDays}

// Bounds of a clock.
const (
	maxDays   = 3660
	maxPauses = 1000
)

// A Clock runs over whole days of China's civil time and never backwards:
//
//   - the day on which it starts does not count; a period of five days that
//     starts on the 1st ends with the 6th, at 24:00;
//   - a day counts once it is over, if it is of the clock's kind and the clock
//     was running at its end. A pause so costs as many days as there are
//     midnights in it: none within a day, one from Monday to Tuesday;
//   - a percentage is reached with the first whole day that makes it up: 50 %
//     of five days with the third day's end;
//   - a last day that is a holiday is not moved: whoever wants that asks for
//     working days.
//
// It is a value: Pause and Resume give a new one, and nothing resets it. What
// was answered about a moment stays the answer whatever happens after it, as
// long as no pause is dated back, the period not lengthened and the calendar
// not edited.
type Clock struct {
	Kind    Kind      `json:"kind"`
	Days    int       `json:"days"` // the period; an extension that was granted is added to it
	Started time.Time `json:"started"`
	Pauses  []Pause   `json:"pauses,omitempty"` // in order, each after the one before
}

// A Pause is a time in which the clock stood still, and why.
type Pause struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"` // zero: it still does
	Reason string    `json:"reason"`
}

// Paused reports whether the clock stands still at a moment.
func (c Clock) Paused(at time.Time) bool {
	for _, p := range c.Pauses {
		if !at.Before(p.From) && (p.To.IsZero() || at.Before(p.To)) {
			return true
		}
	}
	return false
}

// Pause is the clock as it stands still from a moment on. It takes a reason.
func (c Clock) Pause(at time.Time, reason string) (Clock, error) {
	if n := len(c.Pauses); n > 0 && c.Pauses[n-1].To.IsZero() {
		return c, ledger.Refuse("clock.already_paused", "计时已经暂停，恢复之后才能再次暂停。", "The clock is paused already; it can be paused again once it runs.")
	}
	return c.with(append(c.Pauses[:len(c.Pauses):len(c.Pauses)], Pause{From: at, Reason: reason}))
}

// Resume is the clock as it runs on from a moment.
func (c Clock) Resume(at time.Time) (Clock, error) {
	n := len(c.Pauses)
	if n == 0 || !c.Pauses[n-1].To.IsZero() {
		return c, ledger.Refuse("clock.not_paused", "计时没有暂停，不需要恢复。", "The clock is not paused; there is nothing to resume.")
	}
	last := c.Pauses[n-1]
	last.To = at
	return c.with(append(c.Pauses[:n-1:n-1], last))
}

func (c Clock) with(pauses []Pause) (Clock, error) {
	next := c
	next.Pauses = pauses
	if err := next.Check(); err != nil {
		return c, err
	}
	return next, nil
}

// Check refuses a clock that cannot be: every other question asks it first.
func (c Clock) Check() error {
	if err := ledger.First(
		ledger.CheckWord("kind", c.Kind, Kinds...),
		ledger.CheckCount("pauses", len(c.Pauses), 0, maxPauses),
		inRange("started", c.Started),
	); err != nil {
		return err
	}
	if c.Days < 1 || c.Days > maxDays {
		return outOf("days", c.Days, 1, maxDays)
	}
	after := c.Started
	for i, p := range c.Pauses {
		if err := c.checkPause(i, p, after); err != nil {
			return err
		}
		after = p.To
	}
	return nil
}

func (c Clock) checkPause(i int, p Pause, after time.Time) error {
	if strings.TrimSpace(p.Reason) == "" {
		return ledger.Errorf(ledger.Invalid, "clock.no_reason", "暂停计时要说明理由。", "A pause of the clock takes a reason; give it.").At("pauses[%d].reason", i)
	}
	if err := inRange("from", p.From); err != nil {
		return err
	}
	last := i == len(c.Pauses)-1
	switch {
	case p.From.Before(after), !p.To.IsZero() && !p.To.After(p.From), p.To.IsZero() && !last:
		return ledger.Errorf(ledger.Invalid, "clock.pause_order", "暂停与恢复的时间要按先后，且不早于开始计时。", "Pauses stand in order, end after they begin and lie after the start; check the times.").At("pauses[%d]", i)
	case p.To.IsZero():
		return nil
	}
	return inRange("to", p.To)
}

func inRange(field string, t time.Time) error {
	if year := t.In(ledger.Beijing).Year(); year < firstYear || year > lastYear {
		return outOf(field, year, firstYear, lastYear)
	}
	return nil
}
