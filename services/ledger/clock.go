package ledger

import "time"

// Clock tells the time; it is injected everywhere so that a scenario can be
// played at its own dates.
type Clock func() time.Time

// Date is a calendar day as papers carry it, written 2022-08-09. The empty
// string is no date.
type Date string

// Valid reports whether d is a real calendar day. There is no year 0: seen
// from another zone it would lie before what a time can be written as.
func (d Date) Valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Year() > 0 && t.Format(time.DateOnly) == string(d)
}

// Time is the first instant of the day in China's civil time, the zero time
// where d is not a date.
func (d Date) Time() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Beijing)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Beijing is the civil time all dates on papers are in. A fixed zone: it needs
// no zone database, and China has kept no other since 1991.
var Beijing = time.FixedZone("CST", 8*60*60)

// DateOf is the calendar day of an instant.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return ""
	}
	return Date(t.In(Beijing).Format(time.DateOnly))
}
