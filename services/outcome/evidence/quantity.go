package evidence

import (
	"cmp"
	"slices"

	"suyuan/services/exact"
	"suyuan/services/outcome"
)

// quantity is a shortfall: of an amount, a date, a frequency, a standard.
func (b *builder) quantity() error {
	if err := b.chain(); err != nil {
		return err
	}
	if err := b.verified(); err != nil {
		return err
	}
	if err := b.capacity(); err != nil {
		return err
	}
	b.infeasible = b.c.Capacity != nil && b.c.Capacity.Cmp(b.demand) < 0
	b.objections(b.c.Units)
	b.silent(b.c.Units)
	b.coOwned()
	b.adequacy()
	b.owner()
	b.falsified()
	b.e.Originating = b.origin()
	return nil
}

// verified is q: the newest figure that an investigator found for a day not
// after the outcome's, whenever it was recorded; where there is none, what the
// outcome itself says was verified.
func (b *builder) verified() error {
	own, err := b.number("verified", b.p.Verified)
	if err != nil {
		return err
	}
	found := newest(b.r.Verified, func(f Figure) bool { return f.Unit == b.p.Unit && f.AsOf <= b.day() })
	q := own
	if found == nil {
		b.point(Point{Field: "verified", Unit: b.p.Unit, Says: SaysVerifiedThen, Value: own.String(), Events: b.own(b.o.Place(outcome.FieldVerified)), Document: b.p.Document})
	} else {
		q = found.Value
		b.point(recorded("verified", SaysVerified, *found))
		if !q.Equal(own) {
			b.question(Question{Point: outcome.VerifiedDelivery, Unit: b.p.Unit, Why: WhyOtherDelivery, Value: q.String()})
		}
	}
	q = b.harder(q)
	b.c.Verified = &q
	return nil
}

// newest is the figure with the latest date, of equals the one recorded last;
// nil where none fits.
func newest(list []Figure, fits func(Figure) bool) *Figure {
	var best *Figure
	for i := range list {
		f := &list[i]
		if fits(*f) && (best == nil || cmp.Or(cmp.Compare(f.AsOf, best.AsOf), cmp.Compare(f.Event.Ordinal, best.Event.Ordinal)) > 0) {
			best = f
		}
	}
	return best
}

func recorded(field string, says Says, f Figure) Point {
	from := []Event{f.Event}
	if len(f.Parts) > 0 {
		from = once(slices.Clone(f.Parts))
	}
	return Point{Field: field, Unit: f.Unit, Says: says, Value: f.Value.String(), Events: from, Document: f.Document}
}

// capacity is C: as a reviewer stated it, as the outcome says it with its
// source, or as an investigator had established it before the outcome. What the
// unit only said of itself is a question.
func (b *builder) capacity() error {
	if said, ok := b.stated(outcome.Capacity, b.p.Unit, "capacity", SaysCapacity); ok {
		b.able(b.amount(said))
		return nil
	}
	if b.p.Capacity != "" {
		c, err := b.number("capacity", b.p.Capacity)
		if err != nil {
			return err
		}
		b.point(Point{Field: "capacity", Unit: b.p.Unit, Says: SaysCapacityThen, Value: c.String(), Events: b.own(b.o.Place(outcome.FieldCapacity)), Document: b.p.CapacityDocument})
		b.able(c)
		return nil
	}
	standing := func(verified bool) *Figure {
		return newest(b.r.Capacities, func(f Figure) bool {
			return f.Unit == b.p.Unit && f.Of == b.p.Measure && f.Verified == verified && f.AsOf <= b.day() && b.before(f.Event)
		})
	}
	if f := standing(true); f != nil {
		b.point(recorded("capacity", SaysCapacity, *f))
		b.able(f.Value)
		return nil
	}
	q := Question{Point: outcome.Capacity, Unit: b.p.Unit, Why: WhyNoCapacity}
	if f := standing(false); f != nil {
		q.Why, q.Value = WhyOwnCapacity, f.Value.String()
		b.ignore(recorded("capacity", SaysCapacityOwn, *f))
	}
	b.question(q)
	return nil
}

func (b *builder) able(c exact.Rat) {
	c = b.harder(c)
	b.c.Capacity = &c
}

// falsified: whatever was verified of it, whenever. Of several who falsified
// the one with the most answers, of equals the one found out first.
func (b *builder) falsified() {
	var worst *Falsification
	for i := range b.r.Falsifications {
		f := &b.r.Falsifications[i]
		p := Point{Field: "falsified", Unit: f.Who, Says: SaysFalsified, By: f.OrderedBy, Events: []Event{f.Event}, Document: f.Document}
		if f.Amount == nil {
			p.Says, p.By = SaysFalsifiedElse, ""
			b.ignore(p)
			continue
		}
		p.Value = f.Amount.String()
		b.point(p)
		if worst == nil || f.Amount.Cmp(*worst.Amount) > 0 {
			worst = f
		}
	}
	if worst != nil {
		b.c.Falsified = true
		if worst.Who != b.p.Unit {
			b.with(worst.Who)
			b.c.Falsifier = worst.Who
		}
		return
	}
	told := newest(b.r.Reported, func(f Figure) bool { return f.Unit == b.p.Unit && f.AsOf <= b.day() })
	if told != nil && b.harder(told.Value).Cmp(*b.c.Verified) > 0 {
		b.question(Question{Point: outcome.Falsification, Unit: b.p.Unit, Why: WhyReportedMore, Value: told.Value.String()})
	}
}

// origin is where the burden began: the unit with the largest layer, its
// layers summed, of equals the one further upstream; of an intensity the unit
// that first asked for it. What came from above the chain is no unit's here.
func (b *builder) origin() string {
	if b.r.Reference != nil && b.received == nil {
		return b.r.Steps[0].Unit
	}
	layers := b.r.Layers
	switch {
	case b.r.Linear && b.received != nil:
		own := Step{Unit: b.r.Steps[0].Unit, Amount: b.c.Issued[0].Sub(*b.received)}
		above := Step{Amount: *b.received}
		layers = uncut(slices.Concat([]Step{above, own}, b.r.Steps[1:]))
	case b.r.Linear:
		layers = uncut(b.r.Steps)
	}
	sums := map[string]exact.Rat{}
	for _, l := range layers {
		sums[l.Unit] = sums[l.Unit].Add(l.Amount)
	}
	var most exact.Rat
	at := ""
	for _, l := range layers {
		if s := sums[l.Unit]; l.Unit != "" && s.Cmp(most) > 0 {
			at, most = l.Unit, s
		}
	}
	return at
}

// uncut are what later cuts have left of the steps of one line.
func uncut(steps []Step) []Step {
	var left []Step
	for _, s := range slices.Clone(steps) {
		if s.Amount.Sign() >= 0 {
			left = append(left, s)
			continue
		}
		cut := s.Amount.Neg()
		for i := len(left) - 1; i >= 0 && !cut.IsZero(); i-- {
			takes := least(cut, left[i].Amount)
			left[i].Amount, cut = left[i].Amount.Sub(takes), cut.Sub(takes)
		}
	}
	return left
}
