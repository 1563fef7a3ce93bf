package evidence

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome"
)

// builder is a case under way.
type builder struct {
	o outcome.State
	p outcome.Penalised
	r Record
	e Evidence
	c *liability.Case

	demand     exact.Rat          // of a shortfall, harder being more
	received   *exact.Rat         // what the first unit had from above the chain, likewise; nil where that is not known
	objected   map[string]bool    // units that objected in time
	lacked     map[string]bool    // those that objected that they lacked the means
	used       map[int]bool       // places of the statements that were looked at
	overruled  map[string]overrul // units that were overruled then, and by whom
	infeasible bool               // it may be that not everything could be done
}

// Build makes the case. Where it cannot, the refusal says what is missing, and
// the evidence holds what was found so far and the questions to ask. Overrulers
// that lead back to themselves are refused with liability.ErrCycle behind.
func Build(o outcome.State, r Record) (Evidence, error) {
	b := &builder{o: o, r: r, used: map[int]bool{}, objected: map[string]bool{}, lacked: map[string]bool{}, overruled: map[string]overrul{}}
	if o.Penalised == nil || r.Executor != o.Penalised.Unit || !r.At.Equal(o.Penalised.OccurredAt) || len(r.Own) != o.Length() {
		return Evidence{}, errors.New("the record was not gathered for this outcome")
	}
	b.p = *o.Penalised
	b.c = &b.e.Case
	b.c.Kind = liability.Kind(b.p.Kind)
	if err := b.unamended(); err != nil {
		return b.e, err
	}
	err := b.fill()
	b.e.Questions = slices.DeleteFunc(b.e.Questions, b.answered)
	if err != nil {
		return b.e, err
	}
	b.unused()
	return b.e, b.check()
}

// answered: a reviewer has stated it already.
func (b *builder) answered(q Question) bool {
	_, said := b.o.On(q.Point, q.Unit)
	_, objected := b.o.On(outcome.Objected, q.Unit)
	return said || objected && q.Point == outcome.OverruledBy
}

func (b *builder) fill() error {
	switch b.p.Kind {
	case outcome.Quantity:
		return b.quantity()
	case outcome.Contradiction:
		return b.contradiction()
	case outcome.Competing:
		return b.competing()
	}
	return b.conduct()
}

// unamended: the chain is that in force at the outcome. A line changed or taken
// back afterwards has to be gathered as it stood before.
func (b *builder) unamended() error {
	stands := func(events []Event) error {
		for _, e := range events {
			if (e.Type == amendment || e.Type == withdrawal) && !b.before(e) {
				return ledger.Refuse("evidence.changed_afterwards", "第 %d 号事件在结果发生之后变更了下达，不能作为依据；请按结果发生时的内容取证。",
					"Event %d changed a line after the outcome and is no evidence; the line is to be read as it stood then.", e.Ordinal)
			}
		}
		return nil
	}
	for _, list := range [][]Step{b.r.Steps, b.r.Layers} {
		for _, s := range list {
			if err := stands(s.Events); err != nil {
				return err
			}
		}
	}
	for _, d := range b.r.Demands {
		if err := stands(d.Events); err != nil {
			return err
		}
	}
	return nil
}

// Events that change what was asked.
const (
	amendment  = "issuance.line_amended"
	withdrawal = "issuance.withdrawn"
	revision   = "mandate.revised"
)

// before is the rule on which most turns: recorded before the outcome occurred.
func (b *builder) before(e Event) bool { return e.Recorded.Before(b.p.OccurredAt) }

// day is that of the outcome.
func (b *builder) day() ledger.Date { return ledger.DateOf(b.p.OccurredAt) }

func (b *builder) point(p Point)       { b.e.Points = append(b.e.Points, p) }
func (b *builder) ignore(p Point)      { b.e.Ignored = append(b.e.Ignored, p) }
func (b *builder) question(q Question) { b.e.Questions = append(b.e.Questions, q) }

// own is the outcome's own event at a place in its stream.
func (b *builder) own(place int) []Event { return b.r.Own[place : place+1] }

// stated is what a reviewer said of a point, and the point that says so.
func (b *builder) stated(p outcome.Point, unit, field string, says Says) (outcome.Said, bool) {
	said, ok := b.o.On(p, unit)
	if ok {
		b.used[said.Place] = true
		b.point(Point{Field: field, Unit: unit, Says: says, By: said.By, Value: said.Value, Events: b.own(said.Place), Document: said.Document, Stated: true})
	}
	return said, ok
}

// unused shows the statements that nothing of the case rests on, so that who
// made them is not left to believe that they count.
func (b *builder) unused() {
	for _, said := range b.o.Said {
		if said.Value == outcome.Unknown || b.used[said.Place] {
			continue
		}
		p := Point{Unit: said.Unit, Says: SaysUnused, Value: string(said.Point), Events: b.own(said.Place), Document: said.Document}
		b.ignore(p)
	}
}

// yes is a statement that takes yes or no.
func (b *builder) yes(p outcome.Point, unit, field string, says Says) (yes, ok bool) {
	said, ok := b.stated(p, unit, field, says)
	return said.Value == "yes", ok
}

// number reads a figure of the outcome itself, in the measure's own terms. A
// capacity and what is stated used to be recorded as numbers, times per 30
// days.
func (b *builder) number(field, s string) (exact.Rat, error) {
	if former := field == "capacity" || field == "stated"; b.r.Frequency && (!former || strings.Contains(s, "/")) {
		f, err := exact.ParseFrequency(s)
		if err != nil {
			return exact.Rat{}, fmt.Errorf("%s %q: %w", field, s, err)
		}
		return f.Per30(), nil
	}
	r, err := exact.ParseRat(s)
	if err != nil {
		return exact.Rat{}, fmt.Errorf("%s %q: %w", field, s, err)
	}
	return r, nil
}

// amount is a figure of the measure that a reviewer stated, which was checked
// when it was.
func (b *builder) amount(said outcome.Said) exact.Rat {
	r, _ := b.number("stated", said.Value)
	return r
}

// harder is a value of the measure as JRA-1 counts it: more is harder. Done
// twice it is the value again.
func (b *builder) harder(v exact.Rat) exact.Rat {
	if b.r.Lower {
		return v.Neg()
	}
	return v
}

// with makes sure that units have a place in the case.
func (b *builder) with(codes ...string) {
	for _, code := range codes {
		if code != "" && !slices.Contains(b.c.Units, code) && !slices.Contains(b.c.Others, code) {
			b.c.Others = append(b.c.Others, code)
		}
	}
}

// unit puts units on the chain, each once.
func (b *builder) unit(codes ...string) {
	for _, code := range codes {
		if code != "" && !slices.Contains(b.c.Units, code) {
			b.c.Units = append(b.c.Units, code)
		}
	}
}

// check holds the case against what JRA-1 takes.
func (b *builder) check() error {
	err := b.c.Check()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, liability.ErrCycle):
		return ledger.Refuse("evidence.cycle", "坚持原要求的单位之间互相推回，绕成一圈，无人负责（CYCLE）；请核对异议答复，或由审议员说明由谁决定。",
			"Those who insisted lead back to one another and nobody is left to answer (CYCLE); check who answered the objections, or have a reviewer state who decided.").Because(err)
	}
	zh := err.Error()
	if w, ok := errors.AsType[*liability.Wrong](err); ok {
		zh = w.Zh
	}
	return ledger.Refuse("evidence.not_divisible", "现有证据不能计算：%[1]s。", "The evidence cannot be divided: %[2]v.", zh, err).Because(err)
}
