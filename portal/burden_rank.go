package portal

import (
	"math/big"

	"suyuan/services/figure"
)

// burdenRow is what one unit added of one measure.
type burdenRow struct {
	Unit    unitRef
	Mandate mandateRef
	Measure measure
	Added   string // signed; "" where amounts of the measure do not add up
	Times   string
	Events  []eventRef
}

// ranking is rows in order, the most first.
type ranking struct {
	Rows     []burdenRow
	ByAmount bool // by what was added, else by how often
	More     bool // there are further rows
	most     *big.Rat
}

// rank keeps the first rows; one is whether they are of one measure, so that
// their amounts compare.
func rank(rows []burdenRow, one bool, first int) ranking {
	r := ranking{Rows: rows[:min(first, len(rows))], More: len(rows) > first, most: new(big.Rat)}
	r.ByAmount = one && len(rows) > 0 && figure.Parse(rows[0].Added).Sign() > 0
	for _, row := range r.Rows {
		if v := r.weight(row).Rat(); v.Cmp(r.most) > 0 {
			r.most = v
		}
	}
	return r
}

// weight is what the rows are compared by.
func (r ranking) weight(row burdenRow) figure.Figure {
	if r.ByAmount {
		return figure.Parse(row.Added)
	}
	return figure.Parse(row.Times)
}

// meterWidth is the longest bar, in pixels.
const meterWidth = 144

// meter is a row's bar; its length 0 where there is nothing to draw.
type meter struct {
	Level  string
	Length int
}

// Meter measures a row against the first.
func (r ranking) Meter(row burdenRow) meter {
	v := r.weight(row).Rat()
	if r.most == nil || r.most.Sign() <= 0 || v.Sign() <= 0 {
		return meter{Level: row.Unit.Level}
	}
	v.Mul(v, big.NewRat(meterWidth, 1)).Quo(v, r.most)
	n := new(big.Int).Quo(v.Num(), v.Denom()).Int64()
	return meter{row.Unit.Level, int(max(n, 2))}
}

// tied counts the rows as heavy as the first.
func (r ranking) tied() int {
	n := 0
	for _, row := range r.Rows {
		if r.weight(row).Cmp(r.weight(r.Rows[0])) == 0 {
			n++
		}
	}
	return n
}

// burdenFinding says who added most, "" where nobody added anything.
func (p *Page) burdenFinding(r ranking) string {
	if len(r.Rows) == 0 {
		return ""
	}
	top, tied := r.Rows[0], r.tied()
	switch {
	case r.ByAmount && tied == 1:
		return p.say("burden.most", "who", top.Unit.Name, "amount", p.short(top.Measure, top.Added))
	case r.ByAmount:
		return p.say("burden.mostEqual", "amount", p.short(top.Measure, top.Added), "n", tied)
	case len(r.Rows) == 1:
		return p.say("burden.one", "who", top.Unit.Name, "measure", top.Measure.Name, "n", top.Times)
	case tied == 1:
		return p.say("burden.oftenest", "who", top.Unit.Name, "measure", top.Measure.Name, "n", top.Times)
	case tied == len(r.Rows) && !r.More:
		return p.say("burden.allEqual", "rows", tied, "n", top.Times)
	}
	return p.say("burden.oftenestEqual", "n", top.Times)
}
