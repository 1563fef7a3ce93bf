package issuerkey

import (
	"errors"
	"time"

	"suyuan/services/ledger"
)

var errTodo = errors.New("issuerkey: not written yet")

// MaxCards bounds a batch; MaxKeys the token keys, and the batches, of a county and quarter.
const (
	MaxCards = 2000
	MaxKeys  = 8
)

// Decide is not written yet.
func (c Publish) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c PublishCards) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}

// Decide is not written yet.
func (c Revoke) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	return nil, errTodo
}
