package finding

import (
	"slices"
	"time"

	"suyuan/services/ledger"
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

// Decide marks what would come out otherwise by now, and not twice for the
// same. What was overturned is marked too: then it can be charged anew.
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
	if err != nil {
		return nil, err
	}
	if e.Hash == s.Current().Hash || e.Hash == s.MarkedHash {
		return nil, unchanged()
	}
	return []ledger.Evolver[State]{MarkedForReview{Known: e.Known, Method: e.Method, Hash: e.Hash, Outcome: e.Outcome, Shares: e.Shares, Originating: e.Originating}}, nil
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
