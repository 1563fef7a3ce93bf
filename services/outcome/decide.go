package outcome

import (
	"time"

	"suyuan/services/ledger"
)

// Decide records the outcome once.
func (c Penalise) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}

// Decide corrects it.
func (c Correct) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}

// Decide states a point.
func (c Say) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}

// Decide joins it to another.
func (c Join) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
