package complaint

import (
	"slices"
	"time"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Decide decides whichever review is under way. Only a unit above reviews what
// a unit answered, or staff of no unit; and whoever decided the review does not
// decide the final one, which ends everything.
func (c DecideReview) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	decisions := []Decision{Upheld, Changed, Again}
	if s.Stage == InFinal {
		decisions = decisions[:2]
	}
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Reviewer), s.at(InReview, InFinal),
		ledger.CheckWord("decision", c.Decision, decisions...), checkBlob("message", c.Message),
	); err != nil {
		return nil, err
	}
	if by.Unit != "" && !superior(by.Unit, s.Handler) {
		return nil, ledger.Errorf(ledger.Forbidden, "complaint.own_review", "复查、复核由承办单位的上级办理；承办单位自己、同级和下级不能办理。", "A unit above the one that answered decides the review: not that unit itself, one beside it or one below.")
	}
	if s.Stage == InFinal {
		if s.Reviewer == by.Account {
			return nil, ledger.Errorf(ledger.Forbidden, "complaint.same_reviewer", "复核须由作出复查决定以外的人办理。", "Somebody other than whoever decided the review decides the final one.")
		}
		return []ledger.Evolver[State]{FinalReviewDecided{at, c.Decision, c.Message}, Exhausted{at}}, nil
	}
	return []ledger.Evolver[State]{ReviewDecided{at, c.Decision, c.Message, by.Account}}, nil
}

// superior reports whether a unit lies above another: on the line over it, or a
// department of a division that does and is not its own.
func superior(code, other string) bool {
	line, division := above(other), unit.Territory(code)
	return slices.Contains(line, code) || division != unit.Territory(other) && slices.Contains(line, division)
}

// Decide takes up retaliation that was reported.
func (c TakeRetaliation) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.protector(c.ID, f, by); err != nil {
		return nil, err
	}
	if s.Retaliation != RetaliationOpen {
		return nil, ledger.Refuse("complaint.no_retaliation", "没有待受理的打击报复情况。", "No retaliation waits to be taken up.")
	}
	return []ledger.Evolver[State]{RetaliationTaken{at, by.Unit}}, nil
}

// Decide answers it.
func (c AnswerRetaliation) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.protector(c.ID, f, by), checkBlob("message", c.Message)); err != nil {
		return nil, err
	}
	if s.Retaliation != RetaliationHeld {
		return nil, ledger.Refuse("complaint.retaliation_not_taken", "请先受理打击报复情况，再作答复。", "Take the retaliation up before you answer it.")
	}
	return []ledger.Evolver[State]{RetaliationAnswered{at, c.Message}}, nil
}

// protector lets in an investigator or reviewer of a unit above the named
// one, or of none.
func (s State) protector(id string, f Facts, by ledger.Actor) error {
	if err := s.staff(id, f, by, ledger.Investigator, ledger.Reviewer); err != nil {
		return err
	}
	if fact, _ := f.Complaint(id); Protects(by, fact.Named) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "complaint.not_above", "打击报复情况由被反映单位以上的单位受理。", "Retaliation is taken up by a unit above the one that is named.")
}

// Protects reports whether reported retaliation is for an actor who may read
// the complaint: staff of a unit above everybody named, or of none.
func Protects(by ledger.Actor, n Named) bool {
	return by.Is(ledger.Investigator, ledger.Reviewer) && (by.Unit == "" || n.under(by.Unit))
}

// under reports whether everybody named is below a unit, or below the
// division that it serves. Departments of one division are beside each other.
func (n Named) under(code string) bool {
	territory := unit.Territory(code)
	if n.Issuer != "" {
		return territory != unit.Territory(n.Issuer) && slices.Contains(above(n.Issuer), territory)
	}
	level := unit.Level(slices.Index(claim.Levels, n.Level))
	return unit.LevelOf(code) < level && (unit.Contains(territory, n.Within) || unit.Contains(n.Within, territory))
}
