// Package storetest is the contract of a ledger.Log, as tests: an engine that
// passes Run can stand behind the ledger. What an engine may choose (how
// positions look, whether an append knows its ordinal) the tests leave open;
// they must never rely on anything that only one engine does.
package storetest

import (
	"testing"

	"suyuan/services/ledger"
)

// Harness is a fresh, empty log and what a test may do to it. Hooks an engine
// cannot offer are nil, and the cases that need them are skipped.
type Harness struct {
	Log ledger.Log
	// Reopen restarts the engine (as after Close) and gives its log again.
	Reopen func(t *testing.T) ledger.Log
	// FailHalfway lets the next append fail before its n-th event, from 0.
	FailHalfway func(n int)
	// PersistButFail lets the next append be persisted and reported as failed.
	PersistButFail func()
	// Repeats: the engine tries an append again by itself, so that a fault that
	// happens once need not be seen; then the append must have its one result.
	Repeats bool
}

// Run runs the whole contract. open is called for every case and cleans up
// after itself through t.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"append/expectations", expectations},
		{"append/names with dashes", dashes},
		{"append/batch is one", batches},
		{"append/exact bytes", exactBytes},
		{"append/bounds", boundsHold},
		{"append/cancelled", cancelledAppend},
		{"append/caller keeps its buffers", ownBuffers},
		{"repeat/same place", repeats},
		{"repeat/at the head writes", repeatAtHead},
		{"writers/one stream", oneStream},
		{"writers/one place", onePlace},
		{"writers/many streams", manyStreams},
		{"read/stream that never was", neverWas},
		{"read/stream from a revision", fromRevision},
		{"read/all from a position", fromPosition},
		{"read/all and stream agree", agree},
		{"read/more than a page", longRead},
		{"read/cancelled", cancelledRead},
		{"read/break early", breakEarly},
		{"subscribe/catch up and live", catchUp},
		{"subscribe/under load", underLoad},
		{"subscribe/slow", slow},
		{"subscribe/cancelled", cancelledSubscribe},
		{"fault/halfway", halfway},
		{"fault/halfway with others waiting", halfwayOthers},
		{"fault/persisted but reported failed", persisted},
		{"restart/in the middle", restart},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, open(t))
		})
	}
	t.Run("model", func(t *testing.T) { model(t, open) })
}
