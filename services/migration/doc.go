// Package migration copies a ledger from one store to another, event by event
// and in the log's order, so that ordinals, hashes, signed checkpoints and the
// Merkle root are the same there.
//
// The target is a beginning of the source at every moment, whatever happens:
// one append is under way at a time and the next begins when it is settled. So
// there is nothing to keep about how far a copy has come; the target says it.
//
// The package must never write behind anything that is not the source's own
// beginning, never change an event, and never tell success before the target
// was read back whole. It knows no subject, and no store but as a ledger.Log.
package migration
