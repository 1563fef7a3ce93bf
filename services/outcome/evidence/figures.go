package evidence

import (
	"suyuan/services/exact"
	"suyuan/services/figure"
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
	f := figure.Parse(text)
	switch {
	case f.Absent():
		return ledger.Text{Zh: text, En: text}
	case m.Rate && f.Sign() > 0:
		return rate(f)
	}
	return m.with(f.Short())
}

// bare is a number without a unit; what is none stands as it is.
func bare(text string) string {
	f := figure.Parse(text)
	if f.Absent() {
		return text
	}
	return f.Short()
}

// change is the difference of two figures.
func (m Measured) change(text string) ledger.Text {
	f := figure.Parse(text)
	switch {
	case f.Absent():
		return ledger.Text{Zh: text, En: text}
	case m.Rate:
		n := f.Short()
		return ledger.Text{Zh: "每 30 天 " + n + " 次", En: n + " per 30 days"}
	}
	return m.with(f.Short())
}

func (m Measured) with(number string) ledger.Text {
	if m.Unit != "" {
		number += " " + m.Unit
	}
	return ledger.Text{Zh: number, En: number}
}

// rate reads a count per 30 days as times per days.
func rate(f figure.Figure) ledger.Text {
	times, days, _ := f.Rate()
	times, days = figure.Parse(times).Short(), figure.Parse(days).Short()
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
	return figure.Parse(r.Mul(exact.FromInt(100)).String()).Short() + "%"
}
