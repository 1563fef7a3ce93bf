package evidence

import (
	"fmt"
	"slices"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome"
)

// chain puts what was asked into the case: as one line, or taken apart.
func (b *builder) chain() error {
	if !b.r.Linear && b.r.Reference != nil && len(b.r.Layers) == 0 && len(b.r.Steps) > 0 {
		b.e.newer = Method
		b.above("layers[0]")
		b.r.Layers = b.apart()
	}
	if len(b.r.Steps) == 0 || !b.r.Linear && len(b.r.Layers) == 0 {
		return ledger.Refuse("evidence.no_chain", "结果发生时，账上没有下达给 %s 的这项任务，不能逐级计算；请先登记下达。",
			"When the outcome occurred nothing on record asked %s for this, so no level can be told from another; record what was issued first.", b.p.Unit)
	}
	for _, s := range b.r.Steps {
		if s.Unit != b.p.Unit {
			b.unit(s.Unit)
		}
	}
	b.unit(b.p.Unit)
	if b.r.Linear {
		b.line()
	} else {
		b.layers()
	}
	b.required()
	return nil
}

// line is one chain: what each unit asked of the next.
func (b *builder) line() {
	var sum exact.Rat
	if b.r.Reference != nil {
		sum = b.harder(*b.r.Reference)
	}
	for i, s := range b.r.Steps {
		sum = sum.Add(s.Amount)
		b.c.Issued = append(b.c.Issued, sum)
		field := fmt.Sprintf("issued[%d]", i)
		b.point(passed(field, s, i == 0, b.harder(sum)))
		if i > 0 && s.Amount.Sign() > 0 {
			b.approve(field, s)
		}
	}
	b.demand = sum
	if b.above("receivedByFirst"); b.received != nil {
		b.c.ReceivedByFirst = b.received
		first := b.r.Steps[0]
		if first.Amount = b.c.Issued[0].Sub(*b.received); first.Amount.Sign() > 0 {
			b.approve("issued[0]", first)
		}
	}
}

// passed is a step as a point.
func passed(field string, s Step, first bool, asked exact.Rat) Point {
	p := Point{Field: field, Unit: s.Unit, Says: SaysPassedOn, By: s.DirectedBy, Value: asked.String(), Events: s.Events, Document: s.Document}
	switch {
	case first:
		p.Says = SaysBegan
	case s.Amount.Sign() > 0:
		p.Says, p.Amount, p.Rule = SaysAdded, s.Amount.String(), "wenze-2019-3"
	case s.Amount.Sign() < 0:
		p.Says, p.Amount = SaysEased, s.Amount.Neg().String()
	}
	return p
}

// approve lets as much of an addition count as base as was approved, with
// means, before the outcome.
func (b *builder) approve(field string, s Step) {
	switch amount := b.approved(field, s); {
	case amount.Sign() <= 0:
	case amount.Cmp(s.Amount) >= 0:
		b.c.Authorised = append(b.c.Authorised, s.Unit)
	default:
		if b.c.Approved == nil {
			b.c.Approved = map[string]exact.Rat{}
		}
		b.c.Approved[s.Unit] = amount
	}
}

func (b *builder) approved(field string, s Step) exact.Rat {
	if said, ok := b.stated(outcome.Approved, s.Unit, field, SaysApproved); ok {
		return b.amount(said)
	}
	b.withoutMeans(field, s)
	if s.Approved.Sign() <= 0 {
		return exact.Rat{}
	}
	p := Point{Field: field, Unit: s.Unit, Says: SaysApproved, Value: s.Approved.String(), Events: s.Events, Document: s.Document, Rule: "licang-approval"}
	if len(s.Events) == 0 || !b.before(s.Events[0]) {
		b.ignore(p)
		b.question(Question{Point: outcome.Approved, Unit: s.Unit, Why: WhyApprovedLate, Value: s.Approved.String()})
		return exact.Rat{}
	}
	b.point(p)
	return s.Approved
}

// withoutMeans shows what was approved before the outcome and came without
// means: it counts as if nobody had approved it, which is to be told from that.
func (b *builder) withoutMeans(field string, s Step) {
	rest := s.Permitted.Sub(s.Approved)
	if rest.Sign() > 0 && len(s.Events) > 0 && b.before(s.Events[0]) {
		b.ignore(Point{Field: field, Unit: s.Unit, Says: SaysApprovedOnly, Value: rest.String(), Events: s.Events, Document: s.Document, Rule: "licang-approval"})
	}
}

// above: the first unit may have received part of it by a paper that is not on
// the chain.
func (b *builder) above(field string) {
	first := b.r.Steps[0].Unit
	b.e.Provisional = b.r.Provisional
	if said, ok := b.stated(outcome.Above, first, field, SaysAbove); ok {
		amount := b.harder(b.amount(said))
		b.received = &amount
		return
	}
	switch {
	case b.r.Above != nil:
		b.point(Point{Field: field, Unit: first, Says: SaysAbove, Value: b.r.Above.String(), Events: b.r.Steps[0].Events})
		amount := b.harder(*b.r.Above)
		b.received = &amount
	case b.r.Provisional:
		b.question(Question{Point: outcome.Above, Unit: first, Why: WhyNoOrigin})
	}
}

// apart takes an intensity into layers, whose one line passed a unit twice: what
// it began with, and of each step what later cuts have left, the nearest above
// them first. What they take beyond every step is taken from the beginning. Of
// what the first unit had received, that is no unit's here, and its own
// addition is a step like the others.
func (b *builder) apart() []Step {
	steps := slices.Clone(b.r.Steps)
	if steps[0].Amount = b.harder(*b.r.Reference).Add(steps[0].Amount); b.received != nil {
		steps[0].Amount = steps[0].Amount.Sub(*b.received)
		steps = slices.Insert(steps, 0, Step{Amount: *b.received})
	}
	var left []Step
	for i, s := range steps {
		s.Root = i == 0
		cut := s.Amount.Neg()
		if s.Root || cut.Sign() <= 0 {
			left = append(left, s)
			continue
		}
		for k := len(left) - 1; k > 0; k-- {
			takes := least(cut, left[k].Amount)
			left[k].Amount, cut = left[k].Amount.Sub(takes), cut.Sub(takes)
		}
		left[0].Amount = left[0].Amount.Sub(cut)
	}
	return slices.DeleteFunc(left, func(s Step) bool { return !s.Root && s.Amount.IsZero() })
}

// layers is a demand that several branches brought, or that passed one unit
// twice.
func (b *builder) layers() {
	left := map[string]exact.Rat{} // of what was stated as approved
	for i, s := range b.r.Layers {
		field := fmt.Sprintf("layers[%d]", i)
		l := liability.Layer{Unit: s.Unit, Amount: s.Amount, Root: s.Root}
		asked := s.Amount
		if s.Root {
			asked = b.harder(asked)
		}
		if p := passed(field, s, s.Root, asked); s.Unit != "" || b.received == nil { // else it is told already
			p.Amount = asked.String()
			b.point(p)
		}
		if !s.Root {
			l.Approved = least(b.approvedOf(field, s, left), s.Amount)
		}
		b.c.Layers = append(b.c.Layers, l)
		b.demand = b.demand.Add(s.Amount)
	}
	b.e.Provisional = b.r.Provisional
}

// approvedOf is approved for a unit that may have several layers: what was
// stated of it covers them in their order.
func (b *builder) approvedOf(field string, s Step, left map[string]exact.Rat) exact.Rat {
	if _, ok := b.o.On(outcome.Approved, s.Unit); !ok {
		return b.approved(field, s)
	}
	if _, met := left[s.Unit]; !met {
		left[s.Unit] = b.approved(field, s)
	}
	covers := least(left[s.Unit], s.Amount)
	left[s.Unit] = left[s.Unit].Sub(covers)
	return covers
}

// required: the paper of the penalty and the chain should say the same.
func (b *builder) required() {
	said, err := b.number("required", b.p.Required)
	if err == nil && !said.Equal(b.harder(b.demand)) {
		b.question(Question{Point: outcome.RequiredAmount, Unit: b.p.Unit, Why: WhyOtherDemand, Value: b.harder(b.demand).String()})
	}
}

func least(a, b exact.Rat) exact.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}
