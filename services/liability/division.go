package liability

import (
	"slices"

	"suyuan/services/exact"
)

// division is a case under way. Units are known by their place in order, the
// chain's first; the place behind the last is nobody's.
type division struct {
	c      Case
	p      Parameters
	units  []string
	mass   []exact.Rat
	result Result
}

func newDivision(c Case, p Parameters) *division {
	units := append(slices.Clone(c.Units), c.Others...)
	return &division{c: c, p: p, units: units, mass: make([]exact.Rat, len(units)+1), result: Result{Lines: make([]Line, 0, 4*len(units)+8)}}
}

func (d *division) place(unit string) int { return slices.Index(d.units, unit) }
func (d *division) nobody() int           { return len(d.units) }

func (d *division) name(at int) string {
	if at == d.nobody() {
		return Unattributed
	}
	return d.units[at]
}

func (d *division) flag(f Flag) {
	if !slices.Contains(d.result.Flags, f) {
		d.result.Flags = append(d.result.Flags, f)
	}
}

func (d *division) say(l Line) { d.result.Lines = append(d.result.Lines, l) }

// charge puts mass on a unit for good.
func (d *division) charge(at int, l Line) {
	if l.Amount.IsZero() {
		return
	}
	l.Unit = d.name(at)
	d.mass[at] = d.mass[at].Add(l.Amount)
	d.say(l)
}

// follow charges a unit, or, where it had objected in time and was overruled,
// the one who insisted, and so on upwards; at each clearly illegal order κ
// stays with the one who obeyed (公务员法 Art 60, 问责条例 Art 17). The case was
// checked: nobody is met twice.
func (d *division) follow(at int, l Line) {
	amount := l.Amount
	for {
		by := ""
		if at != d.nobody() {
			by = d.c.overruler(d.units[at])
		}
		if by == "" {
			l.Amount = amount
			d.charge(at, l)
			return
		}
		l, amount = d.move(at, by, d.c.illegal(d.units[at]), amount, "overruled."+d.units[at])
		at = d.place(by)
	}
}

// move leaves with a unit what it keeps of a charge, and gives the line under
// which the rest goes on.
func (d *division) move(at int, by string, illegal bool, amount exact.Rat, from string) (Line, exact.Rat) {
	unit := d.units[at]
	if illegal {
		kept := amount.Mul(d.p.IllegalOrderRetention)
		d.charge(at, Line{Clause: ClauseRetained, By: by, Amount: kept, Terms: []Term{{"κ", d.p.IllegalOrderRetention}, {"charge", amount}}, From: []string{"illegalOrder." + unit}})
		amount = amount.Sub(kept)
	}
	return Line{Clause: ClauseOverruled, By: unit, From: []string{from}}, amount
}

// prorata charges an amount over weights, in order.
func (d *division) prorata(amount exact.Rat, weights []exact.Rat, charge func(at int, share, weight, sum exact.Rat)) {
	var sum exact.Rat
	for _, w := range weights {
		sum = sum.Add(w)
	}
	if sum.IsZero() {
		return
	}
	each, _ := amount.Quo(sum)
	for at, w := range weights {
		if !w.IsZero() {
			charge(at, each.Mul(w), w, sum)
		}
	}
}

// finish turns masses into basis points.
func (d *division) finish() {
	var sum exact.Rat
	for _, m := range d.mass {
		sum = sum.Add(m)
	}
	if sum.IsZero() {
		d.mass[d.nobody()] = one
		d.say(Line{Clause: ClauseNobody, Unit: Unattributed, Amount: one})
		d.result.Shares = []Share{{Unit: Unattributed, Mass: one, Points: Whole}}
		return
	}
	points := apportion(d.mass, sum)
	for at, m := range d.mass {
		if at < d.nobody() || !m.IsZero() {
			d.result.Shares = append(d.result.Shares, Share{Unit: d.name(at), Mass: m, Points: points[at]})
		}
	}
}

// apportion divides the whole in proportion to masses none of which is below
// 0: whole points first, then one each to the largest remainders, of equals to
// the one that stands first, which is the one further upstream.
func apportion(mass []exact.Rat, sum exact.Rat) []int64 {
	points := make([]int64, len(mass))
	rest := make([]exact.Rat, len(mass))
	left := int64(Whole)
	for i, m := range mass {
		quota, _ := m.Mul(exact.FromInt(Whole)).Quo(sum)
		points[i] = floor(quota)
		rest[i] = quota.Sub(exact.FromInt(points[i]))
		left -= points[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rest {
			if rest[i].Cmp(rest[best]) > 0 {
				best = i
			}
		}
		points[best]++
		rest[best] = exact.FromInt(-1)
	}
	return points
}

// floor is the whole part of a quota between 0 and Whole.
func floor(r exact.Rat) int64 {
	low, high := int64(0), int64(Whole)
	for low < high {
		middle := (low + high + 1) / 2
		if exact.FromInt(middle).Cmp(r) <= 0 {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

func least(a, b exact.Rat) exact.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// clamp is r, but not below 0 nor above most.
func clamp(r, most exact.Rat) exact.Rat {
	if r.Sign() < 0 {
		return exact.Rat{}
	}
	return least(r, most)
}

func held(r exact.Rat) *exact.Rat { return &r }
