// Package calendar knows the working days of the People's Republic of China
// and runs the clocks by which handling is held to its time.
//
// It is pure: it reads no clock, keeps no state and guesses no holiday. A year
// that was not announced yet is an error and never taken for weekends only.
package calendar

import (
	_ "embed"
	"time"

	"suyuan/services/ledger"
)

//go:generate sh renew/renew

//go:embed calendar.json
var official []byte

// Calendar tells working days from days off, for whole years one after the
// other. It does not change and may be shared.
type Calendar struct {
	from, to int   // years
	first    int   // the number of the first day of from
	before   []int // how many of the first i days are working days, i from 0 to all of them
	working  []int // the numbers of the working days, in order
}

// Official is the calendar that comes with the program. A ledger whose
// operator keeps another reads that with Read.
func Official() (*Calendar, error) { return Read("services/calendar/calendar.json", official) }

// Years are the first and the last year the calendar knows.
func (c *Calendar) Years() (from, to int) { return c.from, c.to }

// Working reports whether people work on a day.
func (c *Calendar) Working(day ledger.Date) (bool, error) {
	n, err := number("day", day)
	if err != nil {
		return false, err
	}
	count, err := c.count(n, n+1)
	return count == 1, err
}

// Add is the n-th working day after a day that itself does not count, as the
// day on which a period begins does not; the day itself where n is 0.
func (c *Calendar) Add(day ledger.Date, n int) (ledger.Date, error) {
	from, err := number("day", day)
	switch {
	case err != nil:
		return "", err
	case n < 0 || n > maxDays:
		return "", outOf("n", n, 0, maxDays)
	case n == 0:
		return day, nil
	}
	at, _, err := c.find(from+1, forever, n)
	if err != nil {
		return "", err
	}
	return dateOf(at), nil
}

// Between is how many working days come after the first day up to and with the
// last: Add's inverse. It is negative where the last comes before the first.
func (c *Calendar) Between(first, last ledger.Date) (int, error) {
	a, err := number("first", first)
	if err != nil {
		return 0, err
	}
	b, err := number("last", last)
	if err != nil {
		return 0, err
	}
	if b < a {
		n, err := c.count(b+1, a+1)
		return -n, err
	}
	return c.count(a+1, b+1)
}

// count is how many of the days from a on and before b are working days.
func (c *Calendar) count(a, b int) (int, error) {
	if b <= a {
		return 0, nil
	}
	if a < c.first || b > c.end() {
		return 0, c.missing(a)
	}
	return c.before[b-c.first] - c.before[a-c.first], nil
}

// find is the k-th working day from a on and before b; where there are not so
// many, how many there are. What lies behind the day found is not asked for.
func (c *Calendar) find(a, b, k int) (day, found int, err error) {
	if b <= a {
		return 0, 0, nil
	}
	if a < c.first || a >= c.end() {
		return 0, 0, c.missing(a)
	}
	earlier := c.before[a-c.first]
	found = c.before[min(b, c.end())-c.first] - earlier
	switch {
	case found >= k:
		return c.working[earlier+k-1], k, nil
	case b > c.end():
		return 0, 0, c.missing(a)
	}
	return 0, found, nil
}

// end is the number of the day after the last one known.
func (c *Calendar) end() int { return c.first + len(c.before) - 1 }

// missing names the first year that days from a on need and the calendar lacks.
func (c *Calendar) missing(a int) error {
	year := timeOf(a).Year()
	if year >= c.from {
		year = max(year, c.to+1)
	}
	return ledger.Errorf(ledger.Unavailable, "calendar.year_missing",
		"工作日历没有 %[1]d 年（现有 %[2]d 至 %[3]d 年），算不出工作日期限；请照国务院办公厅的放假通知把 %[1]d 年写进日历文件。",
		"The calendar of working days lacks the year %[1]d (it has %[2]d to %[3]d), so a time limit in working days cannot be told; enter %[1]d into the calendar file as the State Council's office announced it.",
		year, c.from, c.to)
}

// build lays out the days of the years from and to, both included: weekends
// are off unless worked, other days are worked unless off.
func build(from, to int, off, work map[int]bool) *Calendar {
	c := &Calendar{from: from, to: to, first: dayOf(newYear(from))}
	days := dayOf(newYear(to+1)) - c.first
	c.before = make([]int, 1, days+1)
	for n := c.first; n < c.first+days; n++ {
		if work[n] || !weekend(n) && !off[n] {
			c.working = append(c.working, n)
		}
		c.before = append(c.before, len(c.working))
	}
	return c
}

// Days are numbered from 1970-01-01 in China's civil time, so that a period is
// a difference.
const (
	secondsOfDay = 24 * 60 * 60
	eastOfUTC    = 8 * 60 * 60
	forever      = 1 << 30 // later than any day
)

func dayOf(t time.Time) int {
	s := t.Unix() + eastOfUTC
	n := s / secondsOfDay
	if s%secondsOfDay < 0 {
		n--
	}
	return int(n)
}

// timeOf is the first instant of a day.
func timeOf(n int) time.Time {
	return time.Unix(int64(n)*secondsOfDay-eastOfUTC, 0).In(ledger.Beijing)
}

func dateOf(n int) ledger.Date { return ledger.DateOf(timeOf(n)) }

func newYear(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, ledger.Beijing) }

func weekend(n int) bool {
	d := timeOf(n).Weekday()
	return d == time.Saturday || d == time.Sunday
}

func number(field string, day ledger.Date) (int, error) {
	if err := ledger.CheckDate(field, day, true); err != nil {
		return 0, err
	}
	return dayOf(day.Time()), nil
}

func outOf(field string, n, low, high int) error {
	return ledger.Errorf(ledger.Invalid, "calendar.number", "%[1]s 是 %[2]d，应在 %[3]d 到 %[4]d 之间。", "%[1]s is %[2]d; it must be from %[3]d to %[4]d.", field, n, low, high).At("%s", field)
}
