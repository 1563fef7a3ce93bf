package liability

import (
	"fmt"
	"slices"

	"suyuan/services/exact"
)

// layer is what is left of a unit's part of the demand on the executor's line.
type layer struct {
	unit       int // the place behind the last: from above the recorded chain
	amount     exact.Rat
	authorised bool
	root       bool // with it the line, or a branch of it, begins
	from       string
}

// stack builds the layers: the origin's base, then each addition as a layer
// upon it, the approved part first; a cut takes from the nearest layers above
// it. What a cut takes beyond every layer lowers the base.
func (d *division) stack() []layer {
	if len(d.c.Layers) > 0 {
		return d.sayLayers(d.given())
	}
	c := d.c
	before := c.Issued[0]
	stack := []layer{{unit: 0, amount: before, authorised: true, root: true, from: "issued[0]"}}
	if c.ReceivedByFirst != nil {
		before = *c.ReceivedByFirst
		stack = []layer{{unit: d.nobody(), amount: before, authorised: true, root: true, from: "receivedByFirst"}}
	}
	for i, issued := range c.Issued {
		added := issued.Sub(before)
		before = issued
		from := fmt.Sprintf("issued[%d]", i)
		if added.Sign() < 0 {
			stack = cut(stack, added.Neg())
			continue
		}
		approved := clamp(d.approved(c.Units[i], added), added)
		stack = push(stack, layer{unit: i, amount: approved, authorised: true, from: from})
		stack = push(stack, layer{unit: i, amount: added.Sub(approved), from: from})
	}
	return d.sayLayers(stack)
}

// given are the layers of a line that was taken apart already.
func (d *division) given() (stack []layer) {
	for i, l := range d.c.Layers {
		at, from := d.nobody(), fmt.Sprintf("layers[%d]", i)
		if l.Unit != "" {
			at = d.place(l.Unit)
		}
		if l.Root {
			stack = append(stack, layer{unit: at, amount: l.Amount, authorised: true, root: true, from: from})
			continue
		}
		stack = push(stack, layer{unit: at, amount: l.Approved, authorised: true, from: from})
		stack = push(stack, layer{unit: at, amount: l.Amount.Sub(l.Approved), from: from})
	}
	return stack
}

func (d *division) sayLayers(stack []layer) []layer {
	for _, l := range stack {
		d.say(Line{Clause: ClauseLayer, Unit: d.name(l.unit), Amount: l.amount, From: []string{l.from}, Terms: []Term{{"authorised", truth(l.authorised)}}})
	}
	return stack
}

// approved is how much of a unit's addition an approval with means covers.
func (d *division) approved(unit string, added exact.Rat) exact.Rat {
	if slices.Contains(d.c.Authorised, unit) {
		return added
	}
	return d.c.Approved[unit]
}

func push(stack []layer, l layer) []layer {
	if l.amount.IsZero() {
		return stack
	}
	return append(stack, l)
}

func cut(stack []layer, by exact.Rat) []layer {
	for len(stack) > 1 {
		top := &stack[len(stack)-1]
		if top.amount.Cmp(by) > 0 {
			top.amount = top.amount.Sub(by)
			return stack
		}
		by = by.Sub(top.amount)
		stack = stack[:len(stack)-1]
	}
	stack[0].amount = stack[0].amount.Sub(by)
	return stack
}

func truth(yes bool) exact.Rat {
	if yes {
		return one
	}
	return exact.Rat{}
}

// quantity is steps 1 to 4 for an outcome that fell short.
func (d *division) quantity() {
	c := d.c
	stack := d.stack()
	demand, from := d.demand()
	verified := *c.Verified
	gap := demand.Sub(verified)
	d.say(Line{Clause: ClauseShortfall, Amount: gap, Terms: []Term{{"D", demand}, {"q", verified}}, From: []string{from, "verified"}})
	if gap.Sign() <= 0 {
		d.result.Outcome = NoShortfall
		return
	}
	base, added := exact.Rat{}, exact.Rat{}
	for _, l := range stack {
		if l.authorised {
			base = base.Add(l.amount)
		} else {
			added = added.Add(l.amount)
		}
	}
	ga := least(gap, added)
	gi := d.infeasible(base, gap.Sub(ga), verified)
	ge := gap.Sub(ga).Sub(gi)
	d.say(Line{Clause: ClauseAdditions, Amount: ga, Terms: []Term{{"G", gap}, {"layers", added}}})
	d.sayInfeasible(gi, base, gap.Sub(ga))
	d.say(Line{Clause: ClauseExecution, Amount: ge, Terms: []Term{{"G", gap}, {"GA", ga}, {"GI", gi}}})
	d.result.Shortfall, d.result.Additions, d.result.Infeasible, d.result.Execution = &gap, &ga, &gi, &ge

	d.adders(ga, stack)
	d.authors(gi, stack)
	pressed := slices.Clone(d.mass) // what GA and GI charged, overruling included
	d.execution(ge)
	d.falsification(gap, ga.Add(gi), pressed)
	d.finish()
}

// Base is how much of what the first n units of one line asked counts as base:
// with what they received, as far as it was theirs to ask or was approved.
func (c Case) Base(n int) (base exact.Rat) {
	c.Issued = c.Issued[:n]
	for _, l := range newDivision(c, Parameters{}).stack() {
		if l.authorised {
			base = base.Add(l.amount)
		}
	}
	return base
}

// demand is what was asked of the executor, and where that stands.
func (d *division) demand() (exact.Rat, string) {
	if last := len(d.c.Issued) - 1; last >= 0 {
		return d.c.Issued[last], fmt.Sprintf("issued[%d]", last)
	}
	var sum exact.Rat
	for _, l := range d.c.Layers {
		sum = sum.Add(l.Amount)
	}
	return sum, "layers"
}

// infeasible is GI: as far as the base went beyond what could be done.
func (d *division) infeasible(base, most, verified exact.Rat) exact.Rat {
	if d.c.Capacity == nil {
		d.flag(CapacityUnknown)
		return exact.Rat{}
	}
	if d.c.Capacity.Cmp(verified) < 0 {
		d.flag(CapacityDisproved)
	}
	return clamp(base.Sub(*d.c.Capacity), most)
}

func (d *division) sayInfeasible(gi, base, most exact.Rat) {
	l := Line{Clause: ClauseInfeasible, Amount: gi, Terms: []Term{{"base", base}}}
	if d.c.Capacity != nil {
		l.Terms, l.From = append(l.Terms, Term{"C", *d.c.Capacity}), []string{"capacity"}
	}
	l.Terms = append(l.Terms, Term{"most", most})
	d.say(l)
}

// adders bear GA in proportion to what is left of their additions (问责条例 Art
// 3, 错责相当).
func (d *division) adders(ga exact.Rat, stack []layer) {
	weights := make([]exact.Rat, len(d.mass))
	from := make([]string, len(d.mass))
	for _, l := range stack {
		if !l.authorised {
			weights[l.unit] = weights[l.unit].Add(l.amount)
			from[l.unit] = l.from
		}
	}
	d.prorata(ga, weights, func(at int, share, weight, sum exact.Rat) {
		d.follow(at, Line{Clause: ClauseAdder, Amount: share, Terms: []Term{{"GA", ga}, {"layer", weight}, {"layers", sum}}, From: []string{from[at]}})
	})
}

// authors bear GI: base layers from the latest downwards until it is used up,
// the rest the origin, several origins in proportion to what each brought;
// those who knew and kept silent bear their part of it.
func (d *division) authors(gi exact.Rat, stack []layer) {
	if gi.IsZero() {
		return
	}
	part := make([]exact.Rat, len(d.mass))
	left := gi
	for i := len(stack) - 1; i >= 0; i-- {
		if l := stack[i]; l.authorised && !l.root && l.amount.Sign() > 0 {
			takes := least(left, l.amount)
			part[l.unit], left = part[l.unit].Add(takes), left.Sub(takes)
		}
	}
	d.origins(left, stack, part)
	rest := gi.Sub(d.silent(gi, part))
	d.prorata(rest, part, func(at int, share, weight, sum exact.Rat) {
		if at == d.nobody() {
			d.result.Provisional = true
			d.flag(FirstBaseAbove)
		}
		d.follow(at, Line{Clause: ClauseAuthor, Amount: share, Terms: []Term{{"GI", gi}, {"above", weight}, {"rest", rest}}})
	})
}

// origins bear what is left of GI.
func (d *division) origins(left exact.Rat, stack []layer, part []exact.Rat) {
	roots := make([]exact.Rat, len(part))
	first, n, sum := -1, 0, exact.Rat{}
	for _, l := range stack {
		if !l.root {
			continue
		}
		if n++; n == 1 {
			first = l.unit
		}
		roots[l.unit], sum = roots[l.unit].Add(l.amount), sum.Add(l.amount)
	}
	if n == 1 || sum.IsZero() { // whatever it began with, also nothing or, as a date, less
		part[first] = part[first].Add(left)
		return
	}
	d.prorata(left, roots, func(at int, share, _, _ exact.Rat) { part[at] = part[at].Add(share) })
}

// silent charges those who knew of the infeasibility and said nothing, and
// gives what they bear together: min(π·n, cap) of GI in equal parts. An author
// of the infeasible part is not counted among them, nor is one that objected
// in time.
func (d *division) silent(gi exact.Rat, author []exact.Rat) exact.Rat {
	var who []int
	for at, unit := range d.units {
		objected := d.c.Overruled[unit] != "" || at == len(d.c.Units)-1 && d.c.ExecutorOverruledBy != nil
		if slices.Contains(d.c.Silent, unit) && author[at].IsZero() && !objected {
			who = append(who, at)
		}
	}
	if len(who) == 0 {
		return exact.Rat{}
	}
	n := exact.FromInt(int64(len(who)))
	rate := least(d.p.SilentPassThrough.Mul(n), d.p.SilentCap)
	whole := gi.Mul(rate)
	each, _ := whole.Quo(n)
	for _, at := range who {
		d.charge(at, Line{Clause: ClauseSilent, Amount: each, Terms: []Term{{"π", d.p.SilentPassThrough}, {"n", n}, {"cap", d.p.SilentCap}, {"GI", gi}}, From: []string{"silent." + d.units[at]}})
	}
	return whole
}

// execution divides GE: λ·a of it is the executor's, or who overruled its
// objection to missing means; the rest the owner's (S2-19).
func (d *division) execution(ge exact.Rat) {
	if ge.IsZero() {
		return
	}
	c := d.c
	executor := len(c.Units) - 1
	lambda, a := d.known(c.CoOwned, d.p.CoOwnedDefault, DutyUnknown), d.known(c.Adequacy, one, AdequacyUnknown)
	for _, part := range c.Unknown {
		d.flag(parts[part])
	}
	own := ge.Mul(lambda).Mul(a)
	l := Line{Clause: ClauseExecutor, Amount: own, Terms: []Term{{"λ", lambda}, {"a", a}, {"GE", ge}}, From: []string{"coOwned", "adequacy"}}
	if by := c.ExecutorOverruledBy; by != nil {
		l, own = d.move(executor, *by, c.illegal(c.Units[executor]), own, "executorOverruledBy")
		l.Amount = own
		d.follow(d.place(*by), l)
	} else {
		d.charge(executor, l)
	}
	owner, from := executor-1, fmt.Sprintf("issued[%d]", executor-1)
	if c.Owner != nil {
		owner, from = d.place(*c.Owner), "owner"
	}
	d.charge(owner, Line{Clause: ClauseOwner, Amount: ge.Sub(ge.Mul(lambda).Mul(a)), Terms: []Term{{"λ", lambda}, {"a", a}, {"GE", ge}}, From: []string{from}})
}

func (d *division) known(r *exact.Rat, otherwise exact.Rat, f Flag) exact.Rat {
	if r == nil {
		d.flag(f)
		return otherwise
	}
	return *r
}

// falsification puts φ·G on top. Where additions and the infeasible make up at
// least half of the gap, θ of it is borne by those whom they charged; the rest
// by the falsifier, and all of it where nobody else was charged.
func (d *division) falsification(gap, pressure exact.Rat, pressed []exact.Rat) {
	if !d.c.Falsified {
		return
	}
	falsifier := len(d.c.Units) - 1
	if d.c.Falsifier != "" {
		falsifier = d.place(d.c.Falsifier)
	}
	mass := gap.Mul(d.p.FalsificationMass)
	pressed[falsifier], pressed[d.nobody()] = exact.Rat{}, exact.Rat{}
	left := mass
	if pressure.Add(pressure).Cmp(gap) >= 0 {
		d.prorata(mass.Mul(d.p.Inducement), pressed, func(at int, share, weight, sum exact.Rat) {
			left = left.Sub(share)
			d.charge(at, Line{Clause: ClauseInducer, Amount: share, Terms: []Term{{"θ", d.p.Inducement}, {"M", mass}, {"charged", weight}, {"allCharged", sum}}, From: []string{"falsified"}})
		})
	}
	d.charge(falsifier, Line{Clause: ClauseFalsifier, Amount: left, Terms: []Term{{"φ", d.p.FalsificationMass}, {"G", gap}, {"M", mass}}, From: []string{"falsified"}})
}
