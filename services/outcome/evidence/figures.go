package evidence

import (
	"math/big"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/ledger"
)

// Measured says how figures of the outcome's measure are written. The zero
// value writes plain numbers.
type Measured struct {
	Unit    string // as recorded: 亩, 户, 天
	Rate    bool   // figures are times per 30 days
	Tighter bool   // of several the strictest governs: what is added tightens
}

// valued are the sentences whose value is a figure of the measure, and whose
// amount, where there is one, is a difference of two; of those that differ the
// value is such a difference.
var (
	valued = map[Says]bool{
		SaysBegan: true, SaysAdded: true, SaysPassedOn: true, SaysEased: true, SaysAbove: true, SaysVerified: true, SaysVerifiedThen: true,
		SaysCapacity: true, SaysCapacityThen: true, SaysCapacityOwn: true, SaysToldCapacity: true, SaysAsked: true,
	}
	differs = map[Says]bool{SaysApproved: true, SaysApprovedOnly: true, SaysFalsified: true}
)

// value is a figure as people read it.
func (m Measured) value(text string) ledger.Text {
	r, err := exact.ParseRat(text)
	if err != nil {
		return ledger.Text{Zh: text, En: text}
	}
	if m.Rate && r.Sign() > 0 {
		return rate(r)
	}
	return m.with(short(r))
}

// change is the difference of two figures.
func (m Measured) change(text string) ledger.Text {
	r, err := exact.ParseRat(text)
	switch {
	case err != nil:
		return ledger.Text{Zh: text, En: text}
	case m.Rate:
		n := short(r)
		return ledger.Text{Zh: "每 30 天 " + n + " 次", En: n + " per 30 days"}
	}
	return m.with(short(r))
}

func (m Measured) with(number string) ledger.Text {
	if m.Unit != "" {
		number += " " + m.Unit
	}
	return ledger.Text{Zh: number, En: number}
}

// rate reads a count per 30 days as times per days in lowest terms.
func rate(r exact.Rat) ledger.Text {
	per, _ := new(big.Rat).SetString(r.String())
	per.Quo(per, big.NewRat(30, 1))
	times, days := group(per.Num().String()), group(per.Denom().String())
	if days == "1" {
		return ledger.Text{Zh: "每天 " + times + " 次", En: times + " a day"}
	}
	return ledger.Text{Zh: "每 " + days + " 天 " + times + " 次", En: times + " in " + days + " days"}
}

// percent is a part of a whole, given as a number from 0 to 1.
func percent(text string) string {
	r, err := exact.ParseRat(text)
	if err != nil {
		return text
	}
	return short(r.Mul(exact.FromInt(100))) + "%"
}

// short is a number with its thousands set off; what six places do not hold
// is rounded and says so.
func short(r exact.Rat) string {
	text := r.String()
	if strings.Contains(text, "/") {
		per, _ := new(big.Rat).SetString(text)
		return "≈" + group(per.FloatString(2))
	}
	return group(text)
}

// group sets off thousands from five digits on.
func group(text string) string {
	digits, negative := strings.CutPrefix(text, "-")
	whole, places, _ := strings.Cut(digits, ".")
	if len(whole) > 4 {
		var b strings.Builder
		for i, c := range whole {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b.WriteByte(',')
			}
			b.WriteRune(c)
		}
		whole = b.String()
	}
	if places != "" {
		whole += "." + places
	}
	if negative {
		whole = "−" + whole
	}
	return whole
}
