package finding

import (
	"errors"
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Decide marks the mirrored item 未回应 when its days are over, and not twice.
func (c MarkUnanswered) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Unanswered{c.Unit, c.Version}}, nil
}

// Decide lets it stand when nobody appealed in time.
func (c LetStand) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{AppealPeriodExpired{}}, nil
}

// Decide records that the appeal should have been decided.
func (c MarkOverdue) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{AppealOverdue{c.Appeal}}, nil
}

// Decide ends a finding that another one about the same outcome took the place
// of. An appeal that runs is decided first.
func (c Supersede) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := system(by); err != nil {
		return nil, err
	}
	if s.Stage == "" {
		return nil, unknown(c.ID)
	}
	if err := s.at(Decided, Upheld, Varied, Final); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(f.Rounds(s.Outcome), func(r Fact) bool { return r.ID == c.By && r.Round > s.Round && r.Stage.Public() }) {
		return nil, notDue()
	}
	return []ledger.Evolver[State]{Superseded{c.By}}, nil
}

// Decide marks what would come out otherwise by now, also where it cannot be
// divided any more, and not twice for the same. What was overturned is marked
// too: then it can be charged anew.
func (c MarkReview) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := system(by); err != nil {
		return nil, err
	}
	if s.Stage == "" {
		return nil, unknown(c.ID)
	}
	if err := s.at(Decided, OnAppeal, Upheld, Varied, Overturned, Final); err != nil {
		return nil, err
	}
	e, err := f.Explain(s.Outcome, s.Versions[0].Policy)
	if err != nil && refusal(err) == "" {
		return nil, err
	}
	mark, ok := s.Review(e, err)
	if !ok {
		return nil, unchanged()
	}
	return []ledger.Evolver[State]{mark}, nil
}

// Review is the mark that calls for an issued finding to be looked at again,
// from what Facts.Explain gives by now; false where that comes to the same as
// the finding or as its last mark, or could not be told. Other events or
// another method that come to the same division are no reason.
func (s State) Review(e Explained, err error) (MarkedForReview, bool) {
	refused := refusal(err)
	if err != nil && refused == "" {
		return MarkedForReview{}, false
	}
	mark := MarkedForReview{Known: e.Known, Refused: refused}
	if err == nil {
		mark = MarkedForReview{e.Known, e.Method, e.Hash, e.Outcome, e.Shares, e.Originating, ""}
	}
	v, was := s.Current(), s.Mark
	if !s.Marked {
		was = MarkedForReview{Outcome: v.Outcome, Shares: v.Computed, Originating: v.Originating, Refused: v.Refused}
		if v.Refused != "" {
			was.Shares = nil
		}
	}
	same := was.Outcome == mark.Outcome && was.Originating == mark.Originating && was.Refused == mark.Refused && slices.EqualFunc(was.Shares, mark.Shares, alike)
	return mark, !same
}

// alike are shares of as much: masses may be told otherwise.
func alike(a, b Share) bool { return a.Unit == b.Unit && a.weight() == b.weight() }

// refusal is the rule by which evidence allows no division; empty for an error
// of another kind, and for none.
func refusal(err error) string {
	if e, ok := errors.AsType[*ledger.Error](err); ok && e.Code == ledger.Refused {
		return e.Rule
	}
	return ""
}

// explain is what JRA-1 makes of the evidence. What it refuses to divide is
// nobody's, where somebody was charged with it.
func explain(f Facts, of string, policy int, charged []string) (Explained, error) {
	e, err := f.Explain(of, policy)
	if rule := refusal(err); rule != "" && len(charged) > 0 {
		return Explained{Known: e.Known, Policy: policy, Method: e.Method, Refused: rule, Shares: []Share{{Unit: liability.Unattributed, Points: Whole}}}, nil
	}
	return e, err
}

// current reports whether an explanation is that of the last version.
func (s State) current(e Explained) bool {
	return e.Hash == s.Current().Hash && e.Refused == s.Current().Refused
}

// ranOut holds a command of the reactor to what has run out at this moment:
// one that was carried out, or that something else was quicker than, is not
// due any more.
func (s State) ranOut(id string, command any, f Facts, by ledger.Actor, at time.Time) error {
	if err := system(by); err != nil {
		return err
	}
	if s.Stage == "" {
		return unknown(id)
	}
	list, err := s.Timing.Due(id, f.Calendar(), at)
	if slices.ContainsFunc(list, func(d Due) bool { return d.Input == command }) {
		return nil
	}
	if err != nil {
		return err
	}
	return notDue()
}

func notDue() error {
	return ledger.Refuse("finding.not_due", "期限未到，或者已经办理。", "The day has not come, or it was done already.")
}
