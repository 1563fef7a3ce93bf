package evidence

import (
	"cmp"
	"slices"

	"suyuan/services/exact"
	"suyuan/services/outcome"
	"suyuan/services/unit"
)

var (
	zero    exact.Rat
	one     = exact.FromInt(1)
	half, _ = exact.NewRat(1, 2)
)

func held(r exact.Rat) *exact.Rat { return &r }

// coOwned is λ: how far the task is the executor's own. Its duty list says it
// as the list stood at the outcome; what is not on it is its own in part if a
// competent body approved that it was handed over, and not at all if none did.
func (b *builder) coOwned() {
	if said, ok := b.stated(outcome.Duty, b.p.Unit, "coOwned", SaysDuty); ok {
		b.c.CoOwned = held(share(said.Value))
		return
	}
	duty, events := b.duty()
	if duty == "" {
		b.question(Question{Point: outcome.Duty, Unit: b.p.Unit, Why: WhyNoDutyList, Value: b.r.Duty})
		return
	}
	p := Point{Field: "coOwned", Unit: b.p.Unit, Says: SaysDuty, Value: duty, Events: events, Rule: "zhize-qingdan"}
	if duty == outcome.DutyApprovedSplit {
		p.By, p.Document, p.Rule = b.r.Split.By, b.r.Split.Document, "licang-approval"
	}
	b.point(p)
	b.c.CoOwned = held(share(duty))
}

func share(duty string) exact.Rat {
	switch duty {
	case outcome.DutyBasic:
		return one
	case outcome.DutyCooperate, outcome.DutyApprovedSplit:
		return half
	}
	return zero // recalled, off the list, unapproved
}

// duty is how the task stands to the executor, empty where that is not on
// record.
func (b *builder) duty() (string, []Event) {
	var list *Duty
	for i := range b.r.Duties {
		if d := &b.r.Duties[i]; d.Unit == b.p.Unit && (d.Event == nil || b.before(*d.Event)) {
			list = d
		}
	}
	listed := list != nil && list.HasList && b.r.Duty != ""
	if listed && list.Class != "" {
		word := map[unit.Class]string{unit.Basic: outcome.DutyBasic, unit.Cooperate: outcome.DutyCooperate, unit.Recalled: outcome.DutyRecalled}[list.Class]
		return word, events(list.Event)
	}
	switch split := b.r.Split; {
	case split != nil && split.Approved && b.allBefore(split.Events):
		return outcome.DutyApprovedSplit, split.Events
	case split != nil && !split.Approved:
		return outcome.DutyUnapproved, split.Events
	case listed:
		return outcome.DutyOffList, nil
	}
	return "", nil
}

func events(e *Event) []Event {
	if e == nil {
		return nil
	}
	return []Event{*e}
}

func (b *builder) allBefore(list []Event) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(e Event) bool { return !b.before(e) })
}

// adequacy is a: the least of the power to do it, notice of it and the means
// granted of those needed. What is not on record counts as there, and is asked.
func (b *builder) adequacy() {
	a, known := one, false
	for _, part := range []struct {
		name string
		of   func() *exact.Rat
	}{{"authority", b.authority}, {"notice", b.notice}, {"resources", b.granted}} {
		if r := part.of(); r != nil {
			a, known = least(a, *r), true
		} else {
			b.c.Unknown = append(b.c.Unknown, part.name)
		}
	}
	if known {
		b.c.Adequacy = &a
	}
}

func (b *builder) authority() *exact.Rat {
	if yes, ok := b.yes(outcome.Authority, b.p.Unit, "adequacy", SaysAuthority); ok {
		return held(truth(yes))
	}
	if b.r.Authority == nil {
		b.question(Question{Point: outcome.Authority, Unit: b.p.Unit, Why: WhyNotSaid})
		return nil
	}
	b.point(Point{Field: "adequacy", Unit: b.p.Unit, Says: SaysAuthority, Value: yesNo(*b.r.Authority), Events: b.r.AuthorityFrom})
	return held(truth(*b.r.Authority))
}

// notice: a delivery, or the receiver's own word, that was on record before
// the outcome. What was entered only afterwards says nothing, except that a
// delivery came late by its own date: that the issuer says against itself,
// while a receiver that signs late would clear itself.
func (b *builder) notice() *exact.Rat {
	if yes, ok := b.yes(outcome.Notice, b.p.Unit, "adequacy", SaysNotice); ok {
		return held(truth(yes))
	}
	reached := func(r *Receipt) bool { return r.At == nil || r.At.Before(b.p.OccurredAt) }
	receipts := slices.DeleteFunc([]*Receipt{b.r.Delivered, b.r.Acknowledged}, func(r *Receipt) bool { return r == nil })
	counts := func(fits func(r *Receipt) bool) *Receipt {
		if i := slices.IndexFunc(receipts, fits); i >= 0 {
			return receipts[i]
		}
		return nil
	}
	decides := cmp.Or(
		counts(func(r *Receipt) bool { return b.before(r.Event) && reached(r) }),
		counts(func(r *Receipt) bool { return b.before(r.Event) }),
		counts(func(r *Receipt) bool { return r == b.r.Delivered && !reached(r) }),
	)
	for _, r := range receipts {
		p := Point{Field: "adequacy", Unit: b.p.Unit, Says: SaysNotice, Value: yesNo(reached(r)), Events: []Event{r.Event}}
		switch {
		case r == decides:
			b.point(p)
		case !b.before(r.Event):
			b.ignore(p)
		}
	}
	if decides != nil {
		return held(truth(reached(decides)))
	}
	b.question(Question{Point: outcome.Notice, Unit: b.p.Unit, Why: WhyNoReceipt})
	return nil
}

// granted: of each kind of means, what was given before the outcome of what
// was said to be needed by then; the scarcest decides.
func (b *builder) granted() *exact.Rat {
	if said, ok := b.stated(outcome.GrantedNeeded, b.p.Unit, "adequacy", SaysMeans); ok {
		r, _ := exact.ParseRat(said.Value)
		return held(least(r, one))
	}
	var scarcest *exact.Rat
	for _, kind := range b.kinds() {
		needed, why := b.needed(kind)
		if needed.Sign() <= 0 {
			continue
		}
		given, from := b.given(kind)
		part, _ := given.Quo(needed)
		part = least(part, one)
		b.point(Point{Field: "adequacy", Unit: b.p.Unit, Says: SaysMeans, Value: part.String(), Amount: kind + " " + given.String() + "/" + needed.String(), Events: once(append(why, from...))})
		if scarcest == nil || part.Cmp(*scarcest) < 0 {
			scarcest = &part
		}
	}
	if scarcest == nil {
		b.question(Question{Point: outcome.GrantedNeeded, Unit: b.p.Unit, Why: WhyNoNeed})
	}
	return scarcest
}

// kinds of means that were said to be needed, in the order of their words.
func (b *builder) kinds() []string {
	var list []string
	for _, n := range b.r.Needed {
		list = append(list, n.Kind)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// needed is what the newest event that says so before the outcome says is
// needed of a kind, in all.
func (b *builder) needed(kind string) (sum exact.Rat, from []Event) {
	standing := b.means(b.r.Needed, kind)
	if len(standing) == 0 {
		return zero, nil
	}
	last := slices.MaxFunc(standing, func(x, y Resource) int { return cmp.Compare(x.Event.Ordinal, y.Event.Ordinal) }).Event
	for _, n := range standing {
		if n.Event.Ordinal == last.Ordinal {
			sum = sum.Add(n.Amount)
		}
	}
	return sum, []Event{last}
}

func (b *builder) given(kind string) (sum exact.Rat, from []Event) {
	for _, g := range b.means(b.r.Given, kind) {
		sum, from = sum.Add(g.Amount), append(from, g.Event)
	}
	return sum, from
}

// once are events without repeats, in the order of the log.
func once(list []Event) []Event {
	slices.SortFunc(list, func(x, y Event) int { return cmp.Compare(x.Ordinal, y.Ordinal) })
	return slices.CompactFunc(list, func(x, y Event) bool { return x.Ordinal == y.Ordinal })
}

// means of a kind that were on record before the outcome; what came later is
// shown as not counting.
func (b *builder) means(list []Resource, kind string) (standing []Resource) {
	for _, m := range list {
		switch {
		case m.Kind != kind:
		case b.before(m.Event):
			standing = append(standing, m)
		default:
			b.ignore(Point{Field: "adequacy", Unit: b.p.Unit, Says: SaysMeansLate, Value: m.Amount.String(), Amount: kind, Events: []Event{m.Event}})
		}
	}
	return standing
}

// owner bears of the execution gap what the executor does not: as stated, the
// lead of record, else the mandate's origin, else the direct issuer.
func (b *builder) owner() {
	set := func(code string) {
		b.with(code)
		b.c.Owner = &code
	}
	if said, ok := b.stated(outcome.Owner, b.p.Unit, "owner", SaysOwner); ok && said.By != "" {
		set(said.By)
		return
	}
	switch {
	case b.r.Lead != "":
		b.point(Point{Field: "owner", Unit: b.r.Lead, Says: SaysLead, Events: b.r.LeadFrom, Rule: "licang-joint"})
		set(b.r.Lead)
	case b.r.Origin != "":
		b.point(Point{Field: "owner", Unit: b.r.Origin, Says: SaysOrigin, Events: b.r.OriginFrom})
		set(b.r.Origin)
	case !b.r.Linear:
		set(b.r.Steps[len(b.r.Steps)-1].Unit)
	}
}

func truth(yes bool) exact.Rat {
	if yes {
		return one
	}
	return zero
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
