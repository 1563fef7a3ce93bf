package evidence

import (
	"slices"
	"strconv"
	"time"

	"suyuan/services/liability"
	"suyuan/services/outcome"
)

// conduct: who could have stopped the harm, knew of the danger, and did not.
// Units stand in the order of the chain, then as the outcome names those who
// were warned, then as they acted.
func (b *builder) conduct() error {
	b.participants()
	b.c.Conduct = map[string]liability.Act{}
	since, involved := b.since(), b.involved()
	for _, u := range b.c.Units {
		if b.p.Unit != u && !slices.Contains(involved, u) {
			continue // it stands on the chain, and nothing says that it had to do with the danger
		}
		act := liability.Act{Power: b.power(u), Knew: b.knewDanger(u, since)}
		b.stopRequest(u, &act)
		act.Effective = b.effective(u, act)
		act.GroupInsteadOfSite = b.group(u)
		b.c.Conduct[u] = act
	}
	for _, u := range b.c.Units {
		b.with(b.c.Conduct[u].OverruledBy)
	}
	b.window(since)
	switch {
	case b.r.Lead != "":
		b.e.Originating = b.r.Lead
	case b.r.Origin != "":
		b.e.Originating = b.r.Origin
	}
	return nil
}

func (b *builder) participants() {
	for _, s := range b.r.Steps {
		b.unit(s.Unit)
	}
	b.unit(b.involved()...)
	b.unit(b.p.Unit)
}

// involved are the units of which something says that they had to do with the
// danger: who was warned, who acted, who asked to stop and was asked, who
// confirmed receipt of the warning, of whom a reviewer states something.
func (b *builder) involved() (units []string) {
	for _, w := range b.p.Warned {
		units = append(units, w.Unit)
	}
	for _, a := range b.r.Acts {
		units = append(units, a.Unit)
	}
	for _, s := range b.r.Stops {
		units = append(units, s.Unit)
		if b.before(s.Requested) {
			units = append(units, s.OwedBy)
		}
	}
	since := b.since()
	for _, a := range b.r.Acks {
		if b.warned(a, since) {
			units = append(units, a.Unit)
		}
	}
	for _, said := range b.o.Said {
		if said.Value != outcome.Unknown {
			units = append(units, said.Unit)
		}
	}
	return units
}

// since is when the danger was first told; nil where nothing says so.
func (b *builder) since() *time.Time {
	if b.p.KnownSince != nil {
		return b.p.KnownSince
	}
	var first *time.Time
	for i := range b.p.Warned {
		if t := &b.p.Warned[i].At; first == nil || t.Before(*first) {
			first = t
		}
	}
	return first
}

// window is the time there was to act, in whole minutes.
func (b *builder) window(since *time.Time) {
	if said, ok := b.stated(outcome.WindowMinutes, "", "windowMinutes", SaysWindow); ok {
		n, _ := strconv.ParseInt(said.Value, 10, 64)
		b.c.WindowMinutes = &n
		return
	}
	if since == nil {
		b.question(Question{Point: outcome.WindowMinutes, Why: WhyNoWindow})
		return
	}
	n := int64(b.p.OccurredAt.Sub(*since) / time.Minute)
	field := outcome.FieldKnownSince
	if b.p.KnownSince == nil {
		field = outcome.FieldWarned
	}
	b.point(Point{Field: "windowMinutes", Says: SaysWindow, Value: strconv.FormatInt(n, 10), Events: b.own(b.o.Place(field)), Document: b.p.Document})
	b.c.WindowMinutes = &n
}

// weights are s of JRA-1.
var weights = map[string]int64{outcome.PowerStop: 3, outcome.PowerSupervise: 2, outcome.PowerCoordinate: 1, outcome.PowerNone: 0}

// power is what a unit could do by its duties: as stated, as the outcome says,
// or the most that its acts say; where nothing says it, none, and it is asked.
func (b *builder) power(u string) int64 {
	field := "conduct." + u
	if said, ok := b.stated(outcome.Power, u, field, SaysPower); ok {
		return weights[said.Value]
	}
	best := Point{}
	for _, w := range b.p.Warned {
		if w.Unit == u && w.Power != "" && (best.Value == "" || weights[w.Power] > weights[best.Value]) {
			best = Point{Value: w.Power, Events: b.own(b.o.Place(outcome.FieldWarned)), Document: w.Document}
		}
	}
	if best.Value == "" {
		for _, a := range b.r.Acts {
			if a.Unit == u && (best.Value == "" || weights[a.Power] > weights[best.Value]) {
				best = Point{Value: a.Power, Events: []Event{a.Event}, Document: a.Document}
			}
		}
	}
	if best.Value == "" {
		b.question(Question{Point: outcome.Power, Unit: u, Why: WhyNotSaid})
		return 0
	}
	best.Field, best.Unit, best.Says = field, u, SaysPower
	b.point(best)
	return weights[best.Value]
}

// knewDanger: before the harm the unit was warned, says itself that it knew,
// asked to stop or was asked, or confirmed receipt after the first warning.
func (b *builder) knewDanger(u string, since *time.Time) bool {
	field := "conduct." + u
	if yes, ok := b.yes(outcome.Knew, u, field, SaysKnew); ok {
		return yes
	}
	tell := func(p Point) bool {
		p.Field, p.Unit, p.Says = field, u, SaysTold
		b.point(p)
		return true
	}
	for _, w := range b.p.Warned {
		if w.Unit == u && w.At.Before(b.p.OccurredAt) {
			return tell(Point{Value: w.Answer, Events: b.own(b.o.Place(outcome.FieldWarned)), Document: w.Document})
		}
	}
	for _, a := range b.r.Acts {
		if a.Unit == u && a.KnownAt != nil && a.KnownAt.Before(b.p.OccurredAt) {
			return tell(Point{Events: []Event{a.Event}, Document: a.Document})
		}
	}
	for _, s := range b.r.Stops {
		if (s.Unit == u || s.OwedBy == u) && b.before(s.Requested) {
			return tell(Point{Events: []Event{s.Requested}})
		}
	}
	for _, a := range b.r.Acks {
		if a.Unit == u && b.warned(a, since) {
			return tell(Point{Events: []Event{a.Event}})
		}
	}
	b.question(Question{Point: outcome.Knew, Unit: u, Why: WhyKnewDanger})
	return false
}

// warned: a receipt between the first warning and the harm is one of the
// warning; one of before is only of the task.
func (b *builder) warned(a Ack, since *time.Time) bool {
	at := moment(a.At, a.Event)
	return since != nil && !at.Before(*since) && at.Before(b.p.OccurredAt)
}

func moment(at *time.Time, e Event) time.Time {
	if at != nil {
		return *at
	}
	return e.Recorded
}

// effective: a stop order before the harm, or a report upwards by one that
// could not stop it itself. 收到, a study, a drafted penalty are none. What a
// unit enters of itself only after the harm does not count.
func (b *builder) effective(u string, act liability.Act) bool {
	field := "conduct." + u
	if yes, ok := b.yes(outcome.Effective, u, field, SaysEffective); ok {
		return yes
	}
	does := func(kind string) bool {
		return kind == "stop_order" || kind == "escalation" && act.Power < weights[outcome.PowerStop]
	}
	for _, w := range b.p.Warned {
		if w.Unit == u && w.Did != "" {
			b.point(Point{Field: field, Unit: u, Says: SaysDid, Value: w.Did, Events: b.own(b.o.Place(outcome.FieldWarned)), Document: w.Document, Rule: "aqsc-46-55"})
			if does(w.Did) && w.DidAt.Before(b.p.OccurredAt) {
				return true
			}
		}
	}
	for _, a := range b.r.Acts {
		if a.Unit != u {
			continue
		}
		p := Point{Field: field, Unit: u, Says: SaysDid, Value: a.Kind, Events: []Event{a.Event}, Document: a.Document, Rule: "aqsc-46-55"}
		if !b.before(a.Event) {
			b.ignore(p)
			if does(a.Kind) {
				b.question(Question{Point: outcome.Effective, Unit: u, Why: WhyActedLate, Value: a.Kind})
			}
			continue
		}
		b.point(p)
		if does(a.Kind) && moment(a.At, a.Event).Before(b.p.OccurredAt) {
			return true
		}
	}
	return b.asked(u, act)
}

// asked: to ask for a stop is to report upwards, for one that could not stop
// the work itself, as long as nobody refuses it; a stop that was granted is
// one. What was refused moves to who refused it, which only an act that was
// not effective can.
func (b *builder) asked(u string, act liability.Act) bool {
	refused := b.refused(u) // by a paper, which speaks of the requests left open on record
	for _, s := range b.r.Stops {
		if !b.before(s.Requested) {
			continue
		}
		answered := s.Answered != nil && b.before(*s.Answered)
		switch {
		case answered && s.Granted && (s.Unit == u || s.DecidedBy == u):
			return true
		case s.Unit == u && !answered && !refused && act.Power < weights[outcome.PowerStop]:
			return true
		}
	}
	return false
}

// refused: a reviewer states that somebody refused the unit's request.
func (b *builder) refused(u string) bool {
	return slices.ContainsFunc([]outcome.Point{outcome.Objected, outcome.OverruledBy}, func(p outcome.Point) bool {
		said, ok := b.o.On(p, u)
		return ok && said.By != ""
	})
}

// stopRequest: a request to stop that was on record before the harm and was
// refused by then moves what the unit bears to who refused it.
func (b *builder) stopRequest(u string, act *liability.Act) {
	field := "overruled." + u
	for _, s := range b.r.Stops {
		if s.Unit != u {
			continue
		}
		p := Point{Field: field, Unit: u, Says: SaysStopRefused, By: s.DecidedBy, Events: []Event{s.Requested}, Rule: "aqsc-46-55"}
		switch {
		case !b.before(s.Requested):
			p.Says, p.By = SaysStopLate, s.OwedBy
			b.ignore(p)
		case s.Answered == nil || !b.before(*s.Answered):
			p.Field, p.Says, p.By = "conduct."+u, SaysStopOpen, s.OwedBy
			b.point(p)
			b.question(Question{Point: outcome.OverruledBy, Unit: u, Why: WhyStopOpen, By: s.OwedBy})
		case s.Granted:
			p.Field, p.Says = "conduct."+u, SaysStopGranted
			p.Events = append(p.Events, *s.Answered)
			b.point(p)
		default:
			p.Events = append(p.Events, *s.Answered)
			b.point(p)
			act.OverruledBy, act.IllegalOrder = s.DecidedBy, s.ClearlyIllegal
			if s.ClearlyIllegal {
				b.point(Point{Field: "illegalOrder." + u, Unit: u, Says: SaysIllegal, By: s.DecidedBy, Value: "yes", Events: []Event{*s.Answered}, Rule: "gwy-60"})
			}
		}
	}
	other := b.otherIllegal(u, *act)
	act.IllegalOrder = act.IllegalOrder || other
	for _, p := range []outcome.Point{outcome.Objected, outcome.OverruledBy} {
		if said, ok := b.stated(p, u, field, SaysStopRefused); ok {
			if said.By != "" || said.Value == "no" {
				act.OverruledBy = said.By
			}
		}
	}
	if act.OverruledBy == "" {
		act.IllegalOrder = false
		return
	}
	if yes, ok := b.yes(outcome.ClearlyIllegal, u, "illegalOrder."+u, SaysIllegal); ok {
		act.IllegalOrder, other = yes, false
	}
	if other {
		b.e.newer = Method
	}
}

// otherIllegal: who refused the last request, lawfully, had refused another one
// against the law.
func (b *builder) otherIllegal(u string, act liability.Act) bool {
	return act.OverruledBy != "" && !act.IllegalOrder && slices.ContainsFunc(b.r.Stops, func(s Stop) bool {
		refused := b.before(s.Requested) && s.Answered != nil && b.before(*s.Answered) && !s.Granted
		return refused && s.Unit == u && s.DecidedBy == act.OverruledBy && s.ClearlyIllegal
	})
}

// group: a chat group stood in for supervision on the spot, which only a
// reviewer can say.
func (b *builder) group(u string) bool {
	if yes, ok := b.yes(outcome.GroupInsteadOfSite, u, "conduct."+u, SaysGroup); ok {
		return yes
	}
	for _, w := range b.p.Warned {
		if w.Unit == u && w.Channel == "chat_group" && weights[w.Power] >= weights[outcome.PowerSupervise] {
			b.question(Question{Point: outcome.GroupInsteadOfSite, Unit: u, Why: WhyChatGroup})
			break
		}
	}
	return false
}
