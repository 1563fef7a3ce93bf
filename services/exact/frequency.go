package exact

import (
	"strconv"
	"strings"
)

// Frequency is a whole count per whole number of days: {1, 7} is weekly. Days is above 0 and Count not below 0 in every
// Frequency that ParseFrequency returns.
type Frequency struct{ Count, Days int64 }

// ParseFrequency reads "COUNT/DAYS", such as "1/7", digits only; each at most math.MaxInt64. It keeps the two as
// written: 2/14 is as often as 1/7, but it is not the same duty. The error wraps ErrNotNumber or ErrTooLarge.
func ParseFrequency(s string) (Frequency, error) {
	count, days, ok := strings.Cut(s, "/")
	if !ok || !whole(count) || !whole(days) {
		return Frequency{}, refuse(s, ErrNotNumber)
	}
	c, cerr := strconv.ParseInt(count, 10, 64)
	d, derr := strconv.ParseInt(days, 10, 64)
	switch {
	case cerr != nil || derr != nil:
		return Frequency{}, refuse(s, ErrTooLarge)
	case d == 0:
		return Frequency{}, refuse(s, ErrNotNumber)
	}
	return Frequency{Count: c, Days: d}, nil
}

// Per30 is how often that is in 30 days, exactly: once per 7 days is 30/7. A Frequency without days, or with any number
// below 0, is none at all: 0.
func (f Frequency) Per30() Rat {
	if f.Days <= 0 || f.Count < 0 {
		return Rat{}
	}
	r, _ := NewRat(f.Count, f.Days)
	return r.Mul(FromInt(30))
}

// String is what ParseFrequency reads.
func (f Frequency) String() string {
	return strconv.FormatInt(f.Count, 10) + "/" + strconv.FormatInt(f.Days, 10)
}

// MarshalText writes String.
func (f Frequency) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what ParseFrequency reads.
func (f *Frequency) UnmarshalText(text []byte) error {
	g, err := ParseFrequency(string(text))
	if err == nil {
		*f = g
	}
	return err
}

func whole(s string) bool { return s != "" && digits(s) == len(s) }
