package complaint

import (
	"slices"
	"time"

	"suyuan/services/ledger"
)

// Decide reminds when the day has come and not twice.
func (c Remind) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Reminded{c.Round, c.Percent}}, nil
}

// Decide supervises when the time is over and not twice.
func (c Supervise) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Supervised{c.Round}}, nil
}

// Decide tells the next level that is on record and not named; the highest of
// those where there are not so many, and nobody where there is none.
func (c Escalate) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	fact, _ := f.Complaint(c.ID)
	named := fact.Named.Besides(s.Recusals)
	to, left := "", c.Step
	for _, code := range above(s.Handler) {
		if u, ok := f.Unit(code); !ok || u.Merged || left == 0 || named.Unreadable || named.concerns(code, f) {
			continue
		}
		to, left = code, left-1
	}
	return []ledger.Evolver[State]{Escalated{c.Round, c.Step, to}}, nil
}

// Decide closes what the reporter let stand for its days.
func (c CloseUnrated) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	how := BySilence
	switch {
	case s.Stage == ReviewGiven:
		how = ByReview
	case s.Rating != nil:
		how = ByRating
	}
	return []ledger.Evolver[State]{Closed{At: at, How: how}}, nil
}

// Decide records that those whose turn it is let it pass.
func (c Breach) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.ranOut(c.ID, c, f, by, at); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Breached{c.Turn, c.N}}, nil
}

// ranOut holds a command of the reactor to what has run out at this moment:
// one that was carried out, or that something else was quicker than, is not
// due any more.
func (s State) ranOut(id string, command any, f Facts, by ledger.Actor, at time.Time) error {
	if err := system(by); err != nil {
		return err
	}
	if s.Filed == nil {
		return unknown(id)
	}
	list, err := s.Timing.Due(id, f.Calendar(), at)
	if slices.ContainsFunc(list, func(d Due) bool { return d.Input == command }) {
		return nil
	}
	if err != nil {
		return err
	}
	return errNotDue
}

var errNotDue = ledger.Refuse("complaint.not_due", "期限未到，或者已经办理。", "The day has not come, or it was done already.")
