package outcome

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Bounds of one outcome.
const (
	MaxStatements = 200
	maxPenalties  = 20
	maxWarned     = 50
	maxCompeting  = 20
	maxAssumed    = 20
	maxSerial     = 9
)

// Decide records the outcome, once.
func (c Penalise) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	p := c.penalised()
	if err := ledger.First(
		ledger.CheckWord("kind", c.Kind, Kinds...), ledger.CheckText("title", c.Title, 120, true),
		knownUnit(f, "unit", c.Unit), checkMoment("occurredAt", c.OccurredAt, at),
		checkPenalties(f, c.Penalties, c.OccurredAt, at), recorder(f, by, p),
		p.checkTask(f), p.checkFigures(f, true), checkDanger(f, p, at),
		unit.CheckDocument(f, "document", c.Document, true), checkAssumed(c.Assumed),
	); err != nil {
		return nil, err
	}
	if s.Penalised != nil {
		return nil, ledger.Errorf(ledger.Conflict, "outcome.already_recorded", "同一任务、同一单位、同一天的结果已经登记，编号 %[1]s；请在其上更正或补充。如果是当天的另一件，请写明是第 %[2]d 件。",
			"This outcome of the same task, unit and day is on record as %[1]s; correct or add to that one. If it is another of that day, say that it is number %[2]d.", p.ID, max(1, c.Serial)+1)
	}
	if err := c.checkSerial(f); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{p}, nil
}

// checkSerial: a second outcome of one day comes after the first, and is not
// that one over again: an accident happened at another moment, anything else was
// asked by another issuance or is told by another document too.
func (c Penalise) checkSerial(f Facts) error {
	switch {
	case c.Serial == 0:
		return nil
	case c.Serial < 2 || c.Serial > maxSerial:
		return ledger.Errorf(ledger.Invalid, "outcome.serial", "当天第几件应为 2 至 %d；当天第一件不写。", "Say which of the day it is from 2 to %d; the first has no number.", maxSerial).At("serial")
	}
	for n := 1; n < c.Serial; n++ {
		before, ok := f.Outcome(c.nth(n))
		if !ok {
			return ledger.Refuse("outcome.serial_gap", "当天第 %d 件还没有登记，请按顺序登记。", "Number %d of that day is not on record yet; record them in order.", n).At("serial")
		}
		p := c.penalised()
		if p.sameMoment(before) {
			return sameMoment(before.ID)
		}
		if p.Kind != Conduct && p.alike(before) && before.Document == p.Document {
			return ledger.Errorf(ledger.Conflict, "outcome.same_paper", "%s 就是同一下达、同一文件所记的同一类结果，请在其上更正或补充；确是另一件的，请写明是哪次下达的，或依据另一份文件登记。",
				"%s is of the same kind, by the same issuance and from the same document; correct or add to that one, or, if this is another, name its issuance or its own document.", before.ID).At("document")
		}
	}
	return nil
}

// alike: of one kind and asked by one issuance, as two records of one outcome
// are, though the hour in them may differ.
func (p Penalised) alike(f Fact) bool { return f.Kind == p.Kind && f.Issuance == p.Issuance }

func (p Penalised) sameMoment(f Fact) bool { return p.alike(f) && f.OccurredAt.Equal(p.OccurredAt) }

func sameMoment(id string) *ledger.Error {
	return ledger.Errorf(ledger.Conflict, "outcome.same_moment", "%s 就是同一时间的同一类结果，请在其上更正或补充；确是另一件的，请写明各自的时间。",
		"%s is of the same kind and moment; correct or add to that one, or, if this is another, give each its own time.", id).At("occurredAt")
}

// checkOthers: an outcome is not moved onto another of its day. One that was
// joined is none of its own.
func (p Penalised) checkOthers(f Facts) error {
	for n := range maxSerial {
		other, ok := f.Outcome(NthID(p.Mandate, p.Measure, p.Unit, p.OccurredAt, n+1))
		if ok && other.ID != p.ID && other.Into == "" && p.sameMoment(other) {
			return sameMoment(other.ID)
		}
	}
	return nil
}

func (c Penalise) penalised() Penalised {
	return Penalised{
		ID: c.id(), Kind: c.Kind, Title: c.Title, Mandate: c.Mandate, Measure: c.Measure, Unit: c.Unit, Issuance: c.Issuance, Competing: c.Competing,
		OccurredAt: c.OccurredAt, Serial: c.Serial, Required: c.Required, Verified: c.Verified,
		Capacity: c.Capacity, CapacityFrom: c.CapacityFrom, CapacityDocument: c.CapacityDocument,
		Penalties: c.Penalties, KnownSince: c.KnownSince, Warned: c.Warned, Document: c.Document, Fictional: c.Fictional, Assumed: c.Assumed,
	}
}

// Decide corrects what is named, from a document.
func (c Correct) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.standing(c.ID); err != nil {
		return nil, err
	}
	if err := ledger.First(
		recorder(f, by, *s.Penalised), corrector(f, by, *s.Penalised), ledger.CheckText("reason", c.Reason, 500, true), unit.CheckDocument(f, "document", c.Document, true),
	); err != nil {
		return nil, err
	}
	if empty := (Corrected{Reason: c.Reason, Document: c.Document}); c.Corrected == empty {
		return nil, ledger.Errorf(ledger.Invalid, "outcome.corrects_nothing", "请写明要更正的内容。", "Say what is to be corrected.")
	}
	if c.OccurredAt != nil && ledger.DateOf(*c.OccurredAt) != ledger.DateOf(s.Penalised.OccurredAt) {
		return nil, ledger.Refuse("outcome.another_day", "发生的日期不能更正：换了日期就是另一条结果，请另行登记，再将本条并入。",
			"The day cannot be corrected: another day is another outcome. Record that one and join this one to it.").At("occurredAt")
	}
	after := s
	c.Evolve(&after)
	p := *after.Penalised
	if err := ledger.First(
		checkMoment("occurredAt", p.OccurredAt, at), checkPenalties(f, p.Penalties, p.OccurredAt, at), p.checkFigures(f, c.Capacity != nil), checkDanger(f, p, at),
	); err != nil {
		return nil, err
	}
	if !p.OccurredAt.Equal(s.Penalised.OccurredAt) {
		if err := p.checkOthers(f); err != nil {
			return nil, err
		}
	}
	return []ledger.Evolver[State]{c.Corrected}, nil
}

// Decide records what a reviewer says from a document.
func (c Say) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.standing(c.ID); err != nil {
		return nil, err
	}
	if !by.Is(ledger.Reviewer) {
		return nil, ledger.Errorf(ledger.Forbidden, "outcome.reviewers_state", "账上无从查知的情况由审议员依据文件补充。", "What the ledger cannot know is stated by a reviewer, from a document.")
	}
	stated := Stated{Point: c.Point, Unit: c.Unit, Value: c.Value, By: c.By, OnPaper: c.OnPaper, Reason: c.Reason, Document: c.Document}
	if err := stated.check(f, *s.Penalised, at); err != nil {
		return nil, err
	}
	units := append(s.Penalised.concerned(f), stated.Unit, stated.By)
	for _, said := range s.Said {
		units = append(units, said.Unit, said.By)
	}
	if Tied(by, units, f) {
		return nil, ledger.Errorf(ledger.Forbidden, "outcome.tied", "您所在的单位与此事有关，须由其他审议员补充。", "Your own unit is concerned; another reviewer has to state this.")
	}
	if _, again := s.place(stated.ID); !again && len(s.Said) >= MaxStatements {
		return nil, ledger.Refuse("outcome.too_many_statements", "一条结果最多补充 %d 项情况。", "An outcome takes at most %d statements.", MaxStatements)
	}
	return []ledger.Evolver[State]{stated}, nil
}

// Decide joins an outcome that was recorded twice to the other of the two.
func (c Join) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := s.standing(c.ID); err != nil {
		return nil, err
	}
	if !by.Is(ledger.Investigator) {
		return nil, ledger.Errorf(ledger.Forbidden, "outcome.investigators_join", "重复登记的结果由核查员合并。", "Outcomes that were recorded twice are joined by an investigator.")
	}
	if err := ledger.First(unit.InJurisdiction(by, s.Penalised.Unit), CheckID("into", c.Into), ledger.CheckText("reason", c.Reason, 300, true)); err != nil {
		return nil, err
	}
	into, ok := f.Outcome(c.Into)
	p := s.Penalised
	switch {
	case !ok:
		return nil, unknown(c.Into).At("into")
	case c.Into == c.ID || into.Into != "":
		return nil, ledger.Refuse("outcome.joins_nowhere", "不能并入 %s：它就是本条，或本身已并入另一条。", "It cannot be joined to %s: that is itself, or was joined to another already.", c.Into).At("into")
	case into.Kind != p.Kind || into.Unit != p.Unit || into.Mandate != p.Mandate:
		return nil, ledger.Refuse("outcome.not_the_same", "%s 的类型、任务或单位与本条不同，不是同一结果。", "%s is of another kind, task or unit: it is not the same outcome.", c.Into).At("into")
	case f.HasFinding(c.ID):
		return nil, ledger.Refuse("outcome.has_finding", "本条已有认定，不能并入另一条；请先撤回认定。", "There is a finding on this outcome; withdraw that before joining it to another.")
	}
	return []ledger.Evolver[State]{c.Joined}, nil
}
