package evidence

import (
	"slices"

	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

// overrul says by whom a unit that had objected in time was overruled.
type overrul struct {
	by      string
	illegal bool // the order was clearly illegal
	stated  bool // by a reviewer: it holds whatever the unit added
	means   bool // it had objected that it lacked the means, and maybe more
	other   bool // it was another answer of the same unit that was clearly illegal
}

// objections finds out which units objected in time and which of them were
// overruled, and by whom, as that stood when the outcome occurred. Only what
// was recorded before the outcome counts, whatever date it carries and whoever
// entered it; that there is a paper from before a reviewer states of the
// outcome, with the document.
//
// Whoever overruled one of them may stand beside the chain and have been
// overruled itself, so that it is looked at in its turn, as far up as it goes.
func (b *builder) objections(units []string) {
	met := map[string]bool{}
	for len(units) > 0 { // ends: each round meets a unit that none before met
		for _, u := range units {
			met[u] = true
		}
		for _, o := range b.r.Objections {
			if slices.Contains(units, o.Unit) {
				b.objection(o)
			}
		}
		for _, u := range units {
			b.everIllegal(u)
			b.statedObjection(u)
		}
		b.overrulings(units)
		units = slices.DeleteFunc(slices.Clone(b.c.Others), func(u string) bool { return met[u] })
	}
}

func (b *builder) objection(o Objection) {
	p := Point{Field: "silent." + o.Unit, Unit: o.Unit, Says: SaysObjected, By: o.OwedBy, Value: string(o.Ground), Events: []Event{o.Raised}, Document: o.Document, Rule: "wenze-2019-17", Stated: o.Stated}
	if !b.before(o.Raised) {
		p.Says = SaysObjectedLate
		b.ignore(p)
		b.question(Question{Point: outcome.Objected, Unit: o.Unit, Why: WhyObjectedLate, By: o.OwedBy})
		return
	}
	b.objected[o.Unit] = true
	b.lacked[o.Unit] = b.lacked[o.Unit] || o.Ground == assignment.Unresourced
	answer, by := b.answer(o)
	switch answer {
	case SaysHeard:
		p.Says, p.By, p.Events = answer, by, append(p.Events, *o.Decided)
		b.point(p)
	case SaysOpen:
		p.Says = answer
		b.point(p)
		b.question(Question{Point: outcome.OverruledBy, Unit: o.Unit, Why: WhyOpen, By: o.OwedBy})
	default:
		p.Field, p.Says, p.By = "overruled."+o.Unit, answer, by
		if o.Decided != nil && b.before(*o.Decided) {
			p.Events = append(p.Events, *o.Decided)
		}
		b.point(p)
		b.overrule(o.Unit, overrul{by: by, illegal: answer == SaysInsisted && o.ClearlyIllegal, means: o.Ground == assignment.Unresourced})
		if answer == SaysInsisted && o.Ground == assignment.Illegal && !o.ClearlyIllegal {
			b.question(Question{Point: outcome.ClearlyIllegal, Unit: o.Unit, Why: WhyCalledIllegal, By: by})
		}
	}
}

// overrule keeps, of several, one that can move a charge, else the last.
func (b *builder) overrule(u string, over overrul) {
	moves := func(o overrul) bool {
		if u == b.p.Unit {
			return o.means
		}
		return !b.ownMotion(u, o.by)
	}
	if was, ok := b.overruled[u]; !ok || moves(over) || !moves(was) {
		b.overruled[u] = over
	}
}

// everIllegal: who carried out a clearly illegal order keeps its part of what
// moves to the one who gave it (公务员法 Art 60), though that one insisted in
// another answer, before or after, on what was lawful. An executor's part of a
// shortfall moves only by answers to what it said of missing means, so that only
// such an answer leaves it there.
func (b *builder) everIllegal(u string) {
	over, ok := b.overruled[u]
	if !ok || over.illegal {
		return
	}
	onlyMeans := u == b.p.Unit && b.p.Kind == outcome.Quantity
	for _, o := range b.r.Objections {
		if o.Unit != u || !o.ClearlyIllegal || !b.before(o.Raised) || onlyMeans && o.Ground != assignment.Unresourced {
			continue
		}
		if how, by := b.answer(o); how == SaysInsisted && by == over.by {
			over.illegal, over.other = true, true
			b.overruled[u] = over
			return
		}
	}
}

// answer is how an objection stood when the outcome occurred: heard, insisted
// on, let lapse, or open. An answer that came afterwards is none.
func (b *builder) answer(o Objection) (how Says, by string) {
	if o.Decided != nil && b.before(*o.Decided) {
		switch o.Decision {
		case assignment.Insisted:
			return SaysInsisted, o.DecidedBy
		case assignment.Lapsed:
			return SaysLapsed, o.OwedBy
		}
		return SaysHeard, o.DecidedBy
	}
	if o.Due != nil && o.Due.Before(b.p.OccurredAt) {
		return SaysLapsed, o.OwedBy
	}
	return SaysOpen, ""
}

// statedObjection lets a reviewer's word, from a document, take the place of
// what the record says of a unit.
func (b *builder) statedObjection(u string) {
	if said, ok := b.stated(outcome.Objected, u, "silent."+u, SaysObjected); ok {
		b.objected[u] = said.Value != "no"
		b.lacked[u] = b.objected[u] && (b.lacked[u] || said.Value == outcome.ObjectedToMeans)
		delete(b.overruled, u)
		if said.By != "" {
			b.overruled[u] = overrul{by: said.By, stated: true, means: b.lacked[u]}
		}
	}
	if said, ok := b.stated(outcome.OverruledBy, u, "overruled."+u, SaysInsisted); ok {
		was := b.overruled[u]
		delete(b.overruled, u)
		if said.By != "" {
			b.objected[u] = true
			b.overruled[u] = overrul{by: said.By, illegal: was.illegal, stated: true, means: b.lacked[u], other: was.other}
		}
	}
	if over, was := b.overruled[u]; was {
		if yes, ok := b.yes(outcome.ClearlyIllegal, u, "illegalOrder."+u, SaysIllegal); ok {
			over.illegal, over.other = yes, false
			b.overruled[u] = over
		}
	}
}

// overrulings puts into the case who was overruled. An executor's part moves
// only for an objection to missing means. What a unit added of its own motion
// stays its own, though it had objected to what it received: an addition moves
// to whoever ordered it.
func (b *builder) overrulings(units []string) {
	executor := b.p.Unit
	for _, u := range units {
		over, ok := b.overruled[u]
		if !ok {
			continue
		}
		switch {
		case u == executor && b.p.Kind == outcome.Quantity:
			if !over.means {
				b.question(Question{Point: outcome.Objected, Unit: u, Why: WhyOtherGround, By: over.by})
				continue
			}
			by := over.by
			b.c.ExecutorOverruledBy = &by
		case !over.stated && b.ownMotion(u, over.by):
			b.question(Question{Point: outcome.OverruledBy, Unit: u, Why: WhyOwnMotion, By: over.by})
			continue
		default:
			if b.c.Overruled == nil {
				b.c.Overruled = map[string]string{}
			}
			b.c.Overruled[u] = over.by
		}
		b.with(over.by)
		if over.illegal {
			b.illegal(u, over)
		}
	}
}

func (b *builder) illegal(u string, over overrul) {
	if over.other {
		b.e.newer = Method
	}
	b.c.IllegalOrder = append(b.c.IllegalOrder, u)
	if _, stated := b.o.On(outcome.ClearlyIllegal, u); !stated {
		for _, o := range b.r.Objections {
			if o.Unit == u && o.ClearlyIllegal && o.Decided != nil && b.before(*o.Decided) {
				b.point(Point{Field: "illegalOrder." + u, Unit: u, Says: SaysIllegal, By: over.by, Value: "yes", Events: []Event{*o.Decided}, Rule: "gwy-60"})
			}
		}
	}
}

// ownMotion: the unit made the demand harder, and not on the order of the one
// who overruled it.
func (b *builder) ownMotion(u, by string) bool {
	return slices.ContainsFunc(b.r.Steps, func(s Step) bool { return s.Unit == u && s.Amount.Sign() > 0 && s.DirectedBy != by })
}
