// Package exact holds the numbers of the ledger: decimals as they are recorded, rationals as they are computed, and
// frequencies. It must never round, and it must never panic on what somebody typed.
package exact

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// What can be wrong with a number's text. Errors of this package wrap exactly one of them.
var (
	ErrNotNumber  = errors.New("not a number: write digits such as 200, 0.5 or -3.25")
	ErrTooPrecise = errors.New("more than six decimal places: write at most six")
	ErrTooLarge   = errors.New("number too large: write fewer digits")
)

const (
	// places is how many decimal places a recorded value may have, unit how many parts that makes of one.
	places = 6
	unit   = 1_000_000
	// decimalText bounds the text of a Decimal; the longest canonical one has 21 characters.
	decimalText = 40
)

// Decimal is a recorded value in millionths: Decimal(500_000) is 0.5. Its range is ±9,223,372,036,854.775807.
type Decimal int64

// ParseDecimal reads an optional '-', digits, and up to six decimals after a '.', with digits on both sides of it. It
// takes no exponent, no '+', no space. The error wraps ErrNotNumber, ErrTooPrecise or ErrTooLarge.
func ParseDecimal(s string) (Decimal, error) {
	p, err := scan(s, decimalText)
	if err != nil {
		return 0, err
	}
	n, ok := p.millionths()
	if !ok {
		return 0, refuse(s, ErrTooLarge)
	}
	return n, nil
}

// String is canonical: no trailing zeros, no "-0", no point without decimals after it.
func (d Decimal) String() string {
	m := magnitude(int64(d))
	return string(appendFixed(nil, d < 0, strconv.AppendUint(nil, m/unit, 10), m%unit))
}

// MarshalText writes String, so that JSON holds a string and no reader rounds it.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDecimal reads.
func (d *Decimal) UnmarshalText(text []byte) error {
	n, err := ParseDecimal(string(text))
	if err == nil {
		*d = n
	}
	return err
}

// Add returns d + b, and false with 0 where the sum is out of range.
func (d Decimal) Add(b Decimal) (Decimal, bool) {
	sum := d + b
	if (sum > d) != (b > 0) && b != 0 {
		return 0, false
	}
	return sum, true
}

// Sub returns d − b, and false with 0 where the difference is out of range.
func (d Decimal) Sub(b Decimal) (Decimal, bool) {
	diff := d - b
	if (diff < d) != (b > 0) && b != 0 {
		return 0, false
	}
	return diff, true
}

// magnitude is |n|, right for the smallest int64 too.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// parts are the pieces of a decimal text that has been found well formed.
type parts struct {
	negative    bool
	whole, frac string
}

// scan checks a decimal's form. Form is judged before precision, and precision before size, so that a person is told
// the first thing to put right.
func scan(s string, limit int) (parts, error) {
	if len(s) > limit {
		return parts{}, refuse(s, ErrTooLarge)
	}
	var p parts
	rest := s
	if rest != "" && rest[0] == '-' {
		p.negative, rest = true, rest[1:]
	}
	n := digits(rest)
	p.whole, rest = rest[:n], rest[n:]
	if n == 0 || rest != "" && rest[0] != '.' {
		return parts{}, refuse(s, ErrNotNumber)
	}
	if rest != "" {
		p.frac = rest[1:]
		if p.frac == "" || digits(p.frac) != len(p.frac) {
			return parts{}, refuse(s, ErrNotNumber)
		}
	}
	if len(p.frac) > places {
		return parts{}, refuse(s, ErrTooPrecise)
	}
	return p, nil
}

// millionths is false where the number does not fit a Decimal.
func (p parts) millionths() (Decimal, bool) {
	var m uint64
	for _, text := range [...]string{p.whole, p.frac, "000000"[len(p.frac):]} {
		for i := range len(text) {
			d := uint64(text[i] - '0')
			if m > (math.MaxUint64-d)/10 {
				return 0, false
			}
			m = m*10 + d
		}
	}
	switch {
	case !p.negative && m <= math.MaxInt64:
		return Decimal(m), true
	case p.negative && m <= 1<<63:
		return Decimal(-m), true
	}
	return 0, false
}

// digits counts the ASCII digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// appendFixed writes sign, whole part and millionths without trailing zeros.
func appendFixed(to []byte, negative bool, whole []byte, frac uint64) []byte {
	if negative {
		to = append(to, '-')
	}
	to = append(to, whole...)
	if frac == 0 {
		return to
	}
	to = append(to, '.')
	for div := uint64(unit / 10); frac > 0; div /= 10 {
		to = append(to, byte('0'+frac/div))
		frac %= div
	}
	return to
}

// refuse quotes at most the beginning of what was given: it may be long and is shown to people.
func refuse(s string, why error) error {
	const shown = 40
	if len(s) > shown {
		s = s[:shown] + "…"
	}
	return fmt.Errorf("%q: %w", s, why)
}
