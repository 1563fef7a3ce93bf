package breakdown

import (
	"math/big"
	"regexp"
	"strconv"
	"time"

	"suyuan/services/ledger"
)

var (
	dated   = regexp.MustCompile(`^(\d{4})(?:年|-|/|\.)(\d{1,2})(?:月|-|/|\.)(\d{1,2})日?(?:[ T]*(\d{1,2})(?::|时|点)(?:(\d{1,2})分?)?(?::(\d{2})(?:\.(\d{3}))?)?)?$`)
	compact = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
)

// Serial numbers a deadline can have, counted from 1899-12-30: 2000 to 2199.
const (
	firstSerial = 36_526
	lastSerial  = 109_573
	days1904    = 1462 // between the two ways spreadsheet programs count
)

// readDue reads a deadline in China's civil time. A day without an hour lasts
// to its end.
func readDue(c cell, from1904 bool) (time.Time, *ledger.Text) {
	switch c.kind {
	case number:
		if t, ok := serial(shortest(c.text), from1904); ok {
			return t, nil
		}
	case text:
		if t, ok := written(plain(c.text)); ok {
			return t, nil
		}
	default:
		return time.Time{}, unreadable(c)
	}
	return time.Time{}, told("“%s”不是日期；请写成 2022-08-09 或 2022年8月9日，需要时再写几点，如 2022-08-09 18:00。",
		"%q is not a date; write 2022-08-09 or 2022年8月9日, with an hour where there is one: 2022-08-09 18:00.", c.text)
}

func written(s string) (time.Time, bool) {
	m := dated.FindStringSubmatch(s)
	if m == nil {
		if m = compact.FindStringSubmatch(s); m == nil {
			return time.Time{}, false
		}
		m = append(m, "", "", "", "")
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v } // digits only, at most four
	day := time.Date(n(1), time.Month(n(2)), n(3), 0, 0, 0, 0, ledger.Beijing)
	if day.Month() != time.Month(n(2)) || day.Day() != n(3) || n(1) < 1900 || n(1) > 2199 {
		return time.Time{}, false
	}
	if m[4] == "" {
		return endOf(day), true
	}
	past := n(4)*3600 + n(5)*60 + n(6)
	if n(5) > 59 || n(6) > 59 || past > 24*3600 {
		return time.Time{}, false
	}
	return day.Add(time.Duration(past)*time.Second + time.Duration(n(7))*time.Millisecond), true
}

// endOf is the last second of a day.
func endOf(day time.Time) time.Time { return day.Add(24*time.Hour - time.Second) }

// serial reads a day's number with the time of day as its fraction.
func serial(s string, from1904 bool) (time.Time, bool) {
	if compact.MatchString(s) {
		return written(s)
	}
	v, ok := new(big.Rat).SetString(s)
	if !ok {
		return time.Time{}, false
	}
	if from1904 {
		v.Add(v, big.NewRat(days1904, 1))
	}
	if v.Cmp(big.NewRat(firstSerial, 1)) < 0 || v.Cmp(big.NewRat(lastSerial, 1)) > 0 {
		return time.Time{}, false
	}
	whole := new(big.Int).Quo(v.Num(), v.Denom())
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, ledger.Beijing).AddDate(0, 0, int(whole.Int64()))
	rest := v.Sub(v, new(big.Rat).SetInt(whole))
	if rest.Sign() == 0 {
		return endOf(day), true
	}
	rest.Mul(rest, big.NewRat(24*3600, 1)).Add(rest, big.NewRat(1, 2)) // to the nearest second: the fraction is binary
	return day.Add(time.Duration(new(big.Int).Quo(rest.Num(), rest.Denom()).Int64()) * time.Second), true
}

// dueText is how a deadline is written so that readDue reads the same.
func dueText(t time.Time) string {
	t = t.In(ledger.Beijing)
	switch {
	case t.Equal(endOf(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, ledger.Beijing))):
		return t.Format("2006-01-02")
	case t.Nanosecond() != 0:
		return t.Format("2006-01-02 15:04:05.000")
	case t.Second() != 0:
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}
