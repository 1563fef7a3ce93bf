package calendar

import (
	"time"

	"suyuan/services/ledger"
)

// ErrPaused: the clock stands still before it came so far, so nobody can say
// yet when it will.
var ErrPaused = ledger.Errorf(ledger.Refused, "clock.paused",
	"计时正在暂停，恢复之后才能算出到期日。", "The clock is paused; when it is due can be told once it runs again.")

// Due is the moment at which the period is over: the end of its last day,
// which is the first instant of the day after.
//
// A working-day clock asks the calendar for the years it needs and no others;
// a calendar-day clock asks for none, and cal may be nil.
func (c Clock) Due(cal *Calendar) (time.Time, error) { return c.At(cal, 100) }

// LastDay is the day with whose end the period is over, as papers name it.
func (c Clock) LastDay(cal *Calendar) (ledger.Date, error) {
	day, err := c.reach(cal, 100)
	if err != nil {
		return "", err
	}
	return dateOf(day), nil
}

// At is the moment at which a percentage, from 1 to 100, is reached.
func (c Clock) At(cal *Calendar, percent int) (time.Time, error) {
	day, err := c.reach(cal, percent)
	if err != nil {
		return time.Time{}, err
	}
	return timeOf(day + 1), nil
}

// Reached reports whether a percentage, from 1 to 100, is reached at a moment:
// from At on. It needs the years up to now only, and is never ErrPaused.
func (c Clock) Reached(cal *Calendar, now time.Time, percent int) (bool, error) {
	if err := c.check(percent); err != nil {
		return false, err
	}
	_, missing, err := c.run(cal, dayOf(now), c.need(percent))
	return err == nil && missing == 0, err
}

// Used is how many days of the period are over at a moment, at most all.
func (c Clock) Used(cal *Calendar, now time.Time) (int, error) {
	if err := c.Check(); err != nil {
		return 0, err
	}
	_, missing, err := c.run(cal, dayOf(now), c.Days)
	return c.Days - missing, err
}

// Overdue is how many whole calendar days have passed since the clock was due,
// whatever its kind; days that end in a pause do not count here either.
func (c Clock) Overdue(cal *Calendar, now time.Time) (int, error) {
	if err := c.Check(); err != nil {
		return 0, err
	}
	until := dayOf(now)
	last, missing, err := c.run(cal, until, c.Days)
	if err != nil || missing > 0 {
		return 0, err
	}
	days := 0
	for _, s := range c.stretches(last + 1) {
		days += max(0, min(s.to, until)-s.from)
	}
	return days, nil
}

// OverdueAt is the moment at which the clock is overdue by so many days, from
// 0, which is Due.
func (c Clock) OverdueAt(cal *Calendar, days int) (time.Time, error) {
	if days < 0 || days > maxDays {
		return time.Time{}, outOf("days", days, 0, maxDays)
	}
	last, err := c.reach(cal, 100)
	if err != nil {
		return time.Time{}, err
	}
	if days == 0 {
		return timeOf(last + 1), nil
	}
	for _, s := range c.stretches(last + 1) {
		if s.from+days <= s.to {
			return timeOf(s.from + days), nil
		}
		days -= s.to - s.from
	}
	return time.Time{}, ErrPaused
}

// reach is the day with whose end a percentage is reached.
func (c Clock) reach(cal *Calendar, percent int) (day int, err error) {
	if err := c.check(percent); err != nil {
		return 0, err
	}
	day, missing, err := c.run(cal, forever, c.need(percent))
	if err == nil && missing > 0 {
		err = ErrPaused
	}
	return day, err
}

func (c Clock) check(percent int) error {
	if percent < 1 || percent > 100 {
		return outOf("percent", percent, 1, 100)
	}
	return c.Check()
}

// need is the least number of whole days that makes up a percentage.
func (c Clock) need(percent int) int { return (c.Days*percent + 99) / 100 }

// run goes over the days that count, of those that end before the day until
// begins or as it does, and stops at the k-th: which day that is, or how many
// were still missing.
func (c Clock) run(cal *Calendar, until, k int) (day, missing int, err error) {
	for _, s := range c.stretches(dayOf(c.Started) + 1) {
		s.to = min(s.to, until)
		day, found, err := s.find(c.Kind, cal, k)
		if err != nil || found == k {
			return day, 0, err
		}
		k -= found
	}
	return 0, k, nil
}

// A stretch is days at whose end the clock runs, from one on and before
// another.
type stretch struct{ from, to int }

// stretches are those from a day on, in order. They may be empty.
func (c Clock) stretches(from int) []stretch {
	list := make([]stretch, 0, len(c.Pauses)+1)
	for _, p := range c.Pauses {
		if to := dayOf(p.From); from < to {
			list = append(list, stretch{from, to})
		}
		if p.To.IsZero() {
			return list
		}
		from = max(from, dayOf(p.To))
	}
	return append(list, stretch{from, forever})
}

// find is the k-th day of the stretch that counts, or how many there are.
func (s stretch) find(kind Kind, cal *Calendar, k int) (day, found int, err error) {
	if kind == WorkingDays {
		return cal.find(s.from, s.to, k)
	}
	if found = max(0, s.to-s.from); found >= k {
		return s.from + k - 1, k, nil
	}
	return 0, found, nil
}
