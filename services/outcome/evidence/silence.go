package evidence

import (
	"slices"
	"time"

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
		if b.objected[u] {
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
	return b.r.Steps[0].Unit == u || slices.ContainsFunc(b.r.Layers, func(l Step) bool { return l.Root && l.Unit == u })
}

// knew: a capacity below the demand was on record before the unit acted, or an
// objection that it could not be done had reached it.
func (b *builder) knew(u string) (Point, bool) {
	acted := b.acted(u)
	for _, f := range b.r.Capacities {
		own := f.Unit == u
		if f.Event.Recorded.Before(acted) && (own || f.Unit == b.p.Unit && f.Verified) && b.tooLittle(f) {
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

// tooLittle: the figure shows that what was asked could not be done. The
// quantities of contradictory conditions do so all together.
func (b *builder) tooLittle(f Figure) bool {
	if b.p.Kind == outcome.Contradiction {
		return true
	}
	return f.Of == b.p.Measure && b.harder(f.Value).Cmp(b.demand) < 0
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
