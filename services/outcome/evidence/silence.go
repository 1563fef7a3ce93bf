package evidence

import (
	"slices"
	"time"

	"suyuan/services/exact"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

// silent lists the units that knew that not everything could be done and passed
// it on or complied without a word. Where knowledge is not on record either
// way it is asked for, not supposed.
func (b *builder) silent(units []string) {
	if !b.infeasible {
		return
	}
	for _, u := range units {
		if b.objected[u] || b.first(u) {
			continue
		}
		field := "silent." + u
		if knew, ok := b.yes(outcome.Knew, u, field, SaysKnew); ok {
			if knew {
				b.c.Silent = append(b.c.Silent, u)
			}
			continue
		}
		if p, ok := b.knew(u); ok {
			p.Field, p.Unit = field, u
			b.point(p)
			b.c.Silent = append(b.c.Silent, u)
			continue
		}
		if !b.author(u) {
			b.question(Question{Point: outcome.Knew, Unit: u, Why: WhyKnew})
		}
	}
}

// author: who set what could not be done answers for that, not for silence;
// JRA-1 leaves it out of the silent.
func (b *builder) author(u string) bool {
	switch b.p.Kind {
	case outcome.Contradiction:
		return b.c.Constraints[u] > 0
	case outcome.Competing:
		return !b.c.Demands[u].IsZero()
	}
	return b.first(u)
}

// first: the unit began a line of a quantity, and neither passed anything on
// nor complied. One that had received it from above the recorded chain did.
func (b *builder) first(u string) bool {
	if b.p.Kind != outcome.Quantity || b.received != nil {
		return false
	}
	return b.r.Steps[0].Unit == u || slices.ContainsFunc(b.r.Layers, func(l Step) bool { return l.Root && l.Unit == u })
}

// knew: a capacity below the demand was on record before the unit acted, or an
// objection that it could not be done had reached it.
func (b *builder) knew(u string) (Point, bool) {
	acted := b.acted(u)
	for _, f := range b.r.Capacities {
		own := f.Unit == u
		if f.Event.Recorded.Before(acted) && (own || f.Unit == b.p.Unit && f.Verified) && b.tooLittle(f, u) {
			return Point{Says: SaysToldCapacity, By: f.Unit, Value: f.Value.String(), Events: []Event{f.Event}, Document: f.Document}, true
		}
	}
	for _, o := range b.r.Objections {
		reached := o.OwedBy == u || o.DecidedBy == u && o.Decided != nil && b.before(*o.Decided)
		if reached && (o.Ground == assignment.Infeasible || o.Ground == assignment.Conflicting) && b.before(o.Raised) {
			return Point{Says: SaysToldObjection, By: o.Unit, Events: []Event{o.Raised}, Document: o.Document}, true
		}
	}
	return Point{}, false
}

// tooLittle: the figure shows that what the unit passed on, or was to do, could
// not be done; what was added after it, or without approval, it did not pass
// on. The quantities of contradictory conditions do so all together.
func (b *builder) tooLittle(f Figure, u string) bool {
	if b.p.Kind == outcome.Contradiction {
		return true
	}
	return f.Of == b.p.Measure && b.harder(f.Value).Cmp(b.base(u)) < 0
}

// base is how much of what was asked down to a unit counts as base. Where
// branches merged it is that of the unit's own branch alone, which is the
// least that it passed on.
func (b *builder) base(u string) (base exact.Rat) {
	switch {
	case b.p.Kind != outcome.Quantity:
		return b.demand
	case b.r.Linear && u == b.p.Unit:
		return b.c.Base(len(b.c.Issued))
	case b.r.Linear:
		return b.c.Base(1 + slices.IndexFunc(b.r.Steps, func(s Step) bool { return s.Unit == u }))
	}
	last := b.p.Unit == u
	for _, l := range b.c.Layers {
		switch {
		case last && l.Root:
			base = base.Add(l.Amount)
		case last:
			base = base.Add(l.Approved)
		}
	}
	if last {
		return base
	}
	return b.branch(u)
}

// branch is what was asked on a unit's own branch, from where it began down to
// the unit, approved additions only.
func (b *builder) branch(u string) (base exact.Rat) {
	var sum exact.Rat
	for i, s := range b.r.Steps {
		root := s.Root
		if root {
			sum = exact.Rat{}
			if b.r.Reference != nil {
				sum = b.harder(*b.r.Reference)
			}
		}
		if i == 0 && b.received != nil { // what it added to that is a step like the others
			s.Amount, sum, root = sum.Add(s.Amount).Sub(*b.received), *b.received, false
		}
		switch {
		case root || s.Amount.Sign() < 0:
			sum = sum.Add(s.Amount)
		default:
			sum = sum.Add(least(s.Approved, s.Amount))
		}
		if s.Unit == u {
			base = sum
		}
	}
	return base
}

// acted is when a unit last passed the demand on; the executor's time is up
// with the outcome.
func (b *builder) acted(u string) time.Time {
	var last time.Time
	for _, s := range b.r.Steps {
		for _, e := range s.Events {
			if s.Unit == u && e.Recorded.After(last) {
				last = e.Recorded
			}
		}
	}
	if last.IsZero() || last.After(b.p.OccurredAt) {
		return b.p.OccurredAt
	}
	return last
}
