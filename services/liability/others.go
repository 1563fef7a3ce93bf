package liability

import (
	"suyuan/services/exact"
)

// contradiction: where no lawful plan meets every constraint, all of it is
// infeasible, and its authors bear it by the number of their constraints.
func (d *division) contradiction() {
	weights := make([]exact.Rat, len(d.mass))
	for at, unit := range d.units {
		weights[at] = exact.FromInt(d.c.Constraints[unit])
	}
	rest := one.Sub(d.silent(one, weights))
	d.prorata(rest, weights, func(at int, share, weight, sum exact.Rat) {
		d.follow(at, Line{Clause: ClauseConstraint, Amount: share, Terms: []Term{{"constraints", weight}, {"all", sum}, {"rest", rest}}, From: []string{"constraints." + d.units[at]}})
	})
	d.finish()
}

// competing: what several ask of one beyond its capacity is theirs, in
// proportion to what each asked.
func (d *division) competing() {
	demands := make([]exact.Rat, len(d.mass))
	var sum exact.Rat
	for at, unit := range d.units {
		demands[at] = d.c.Demands[unit]
		sum = sum.Add(demands[at])
	}
	verified := *d.c.Verified
	gap := sum.Sub(verified)
	d.say(Line{Clause: ClauseShortfall, Amount: gap, Terms: []Term{{"D", sum}, {"q", verified}}, From: []string{"demands", "verified"}})
	if gap.Sign() <= 0 {
		d.result.Outcome = NoShortfall
		return
	}
	gi := d.infeasible(sum, gap, verified)
	ge := gap.Sub(gi)
	d.sayInfeasible(gi, sum, gap)
	d.say(Line{Clause: ClauseExecution, Amount: ge, Terms: []Term{{"G", gap}, {"GI", gi}}})
	d.result.Shortfall, d.result.Infeasible, d.result.Execution = &gap, &gi, &ge
	rest := gi.Sub(d.silent(gi, demands))
	d.prorata(rest, demands, func(at int, share, weight, all exact.Rat) {
		d.follow(at, Line{Clause: ClauseDemand, Amount: share, Terms: []Term{{"GI", gi}, {"d", weight}, {"Σd", all}}, From: []string{"demands." + d.units[at]}})
	})
	d.charge(d.place(d.c.Executor), Line{Clause: ClauseExecutor, Amount: ge, Terms: []Term{{"λ", one}, {"a", one}, {"GE", ge}}, From: []string{"executor"}})
	d.finish()
}

// conduct weighs who could have stopped the harm and did not. Answering 收到,
// studying the matter or drafting a penalty is no effective act.
func (d *division) conduct() {
	half, _ := exact.NewRat(1, 2)
	w := one
	switch m := d.c.WindowMinutes; {
	case m == nil:
		d.flag(WindowUnknown)
	case *m < d.p.MinimumReactionMinutes:
		w = half
	}
	hundred := exact.FromInt(100)
	for at, unit := range d.units {
		act, ok := d.c.Conduct[unit]
		if !ok {
			continue
		}
		s, k, e := exact.FromInt(act.Power), truth(act.Knew), truth(act.Effective)
		p := hundred.Mul(s).Mul(k).Mul(one.Sub(e)).Mul(w)
		from := []string{"conduct." + unit}
		d.follow(at, Line{Clause: ClauseConduct, Amount: p, Terms: []Term{{"s", s}, {"k", k}, {"e", e}, {"w", w}}, From: from})
		if act.GroupInsteadOfSite {
			d.charge(at, Line{Clause: ClauseGroup, Amount: hundred, From: from})
		}
	}
	d.finish()
}
