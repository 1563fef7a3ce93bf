package complaint

import (
	"errors"
	"time"

	"suyuan/services/ledger"
)

var errTodo = errors.New("complaint: not written yet")

// DefaultDays is the period of a dispatch that names none, in working days.
const DefaultDays = 15

// IDOf is the id of the complaint in a box, from the hash that the box is stored under.
func IDOf(boxHash [32]byte) string { panic(errTodo) }

// Decide is not written yet.
func (c File) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Hear) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Accept) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Decline) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Merge) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Dispatch) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Rule) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Return) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c SignFor) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Pause) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Resume) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Extend) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Ask) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Answer) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c FollowUp) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Redo) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Close) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c DecideReview) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c TakeRetaliation) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c AnswerRetaliation) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c VerifyClaim) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c DisproveClaim) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Recuse) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Summarise) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Remind) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Supervise) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Escalate) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c CloseUnrated) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Breach) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Evolve is not written yet.
func (e Filed) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Replied) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Withdrawn) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Rated) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e ReviewAsked) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e FinalReviewAsked) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e RetaliationReported) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Accepted) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e NotAccepted) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Merged) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Dispatched) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Returned) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Ruled) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e SignedFor) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Paused) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Resumed) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Extended) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Asked) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Answered) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e FollowedUp) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Redone) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Closed) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e ReviewDecided) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e FinalReviewDecided) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Exhausted) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e RetaliationTaken) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e RetaliationAnswered) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Reminded) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Supervised) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Escalated) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Breached) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e ClaimVerified) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e ClaimDisproved) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Recusal) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Summarised) Evolve(s *State) { panic(errTodo) }
