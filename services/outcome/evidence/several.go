package evidence

import (
	"slices"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
)

// contradiction: no lawful plan meets every condition; their authors answer by
// the number each set.
func (b *builder) contradiction() error {
	for _, s := range b.r.Steps {
		if s.Unit != b.p.Unit {
			b.unit(s.Unit)
		}
	}
	if len(b.c.Units) == 0 && b.r.Origin != b.p.Unit {
		b.unit(b.r.Origin)
	}
	b.unit(b.p.Unit)
	b.c.Constraints = map[string]int64{}
	for _, x := range b.r.Constraints {
		p := Point{Field: "constraints." + x.Author, Unit: x.Author, Says: SaysSet, Value: x.Key, Amount: x.Text, Events: []Event{x.Event}}
		if x.Event.Type == revision && !b.before(x.Event) {
			b.ignore(p)
			continue
		}
		b.point(p)
		b.with(x.Author)
		b.c.Constraints[x.Author]++
	}
	b.infeasible = true
	units := slices.Concat(b.c.Units, b.c.Others)
	b.objections(units)
	b.silent(b.c.Units)
	b.e.Originating = b.most(units, func(u string) exact.Rat { return exact.FromInt(b.c.Constraints[u]) })
	return b.contradictory()
}

// contradictory: as the ledger can tell of conditions written as sums, or as a
// reviewer states it.
func (b *builder) contradictory() error {
	is, stated := b.yes(outcome.Contradictory, "", "constraints", SaysContradictory)
	if !stated {
		is = b.r.Infeasible
	}
	switch {
	case len(b.c.Constraints) == 0:
		return ledger.Refuse("evidence.no_constraints", "结果发生时，任务没有登记任何条件，无从判断是否矛盾；请先登记条件及其制定单位。",
			"When the outcome occurred the task had no conditions on record; record them with the units that set them.")
	case is:
		return nil
	case !stated:
		b.question(Question{Point: outcome.Contradictory, Why: WhyPlanExists})
	}
	return ledger.Refuse("evidence.plan_exists", "账上的条件并不互相矛盾，存在可行的办法；如确无合法可行的办法，请审议员依据文件说明。",
		"The conditions on record do not contradict one another; if there is no lawful plan all the same, have a reviewer state so from a document.")
}

// competing: several asked one unit for the same at once, in all more than it
// could do.
func (b *builder) competing() error {
	if b.r.Reference != nil || b.r.Lower || b.r.Frequency {
		return ledger.Refuse("evidence.not_additive", "这项指标不能相加，多头要求以最严的为准，不能按多头任务计算；请按未完成任务另行登记。",
			"This measure does not add up, of several demands the strictest governs: it cannot be divided as competing; record it anew as a shortfall.")
	}
	b.c.Demands = map[string]exact.Rat{}
	for _, d := range b.r.Demands {
		if d.Unit == b.p.Unit {
			continue // what it asks of itself nobody else answers for
		}
		b.unit(d.Unit)
		b.c.Demands[d.Unit] = b.c.Demands[d.Unit].Add(d.Amount)
		b.demand = b.demand.Add(d.Amount)
		b.point(Point{Field: "demands." + d.Unit, Unit: d.Unit, Says: SaysAsked, Value: d.Amount.String(), Events: d.Events})
	}
	if len(b.r.Demands) == 0 {
		return ledger.Refuse("evidence.no_demands", "结果发生时，账上没有同时派给 %s 的任务；请先登记下达。", "When the outcome occurred nothing on record asked %s at once; record what was issued first.", b.p.Unit)
	}
	b.unit(b.p.Unit)
	b.c.Executor = b.p.Unit
	if err := b.verified(); err != nil {
		return err
	}
	if err := b.capacity(); err != nil {
		return err
	}
	b.required()
	b.infeasible = b.c.Capacity != nil && b.c.Capacity.Cmp(b.demand) < 0
	b.objections(b.c.Units)
	b.silent(b.c.Units)
	b.e.Originating = b.most(b.c.Units, func(u string) exact.Rat { return b.c.Demands[u] })
	return nil
}

// most is the unit with the most of something, of equals the one that stands
// first; empty where none has any.
func (b *builder) most(units []string, of func(string) exact.Rat) (who string) {
	var most exact.Rat
	for _, u := range units {
		if n := of(u); n.Cmp(most) > 0 {
			who, most = u, n
		}
	}
	return who
}
