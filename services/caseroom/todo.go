package caseroom

import (
	"errors"
	"time"

	"suyuan/services/ledger"
)

var errTodo = errors.New("caseroom: not written yet")

// MayRead reports whether the actor may see a case: assigned and not recused.
func MayRead(s State, f Facts, by ledger.Actor) bool { panic(errTodo) }

// Decide is not written yet.
func (c Open) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Link) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Assign) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Unassign) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Recuse) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Note) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c RequestRecords) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Close) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Evolve is not written yet.
func (e Opened) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Linked) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Assigned) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Unassigned) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Recused) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Noted) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e RecordsRequested) Evolve(s *State) { panic(errTodo) }

// Evolve is not written yet.
func (e Closed) Evolve(s *State) { panic(errTodo) }
