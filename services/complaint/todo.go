package complaint

import (
	"errors"
	"time"

	"suyuan/services/ledger"
)

var errTodo = errors.New("complaint: not written yet")

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
