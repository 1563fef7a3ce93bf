// Package wire serves a ledger over EventStoreDB's own gRPC protocol, for
// reading: any EventStoreDB or KurrentDB client, in any language, reads and
// follows the ledger's streams and $all as it would read a cluster's.
//
// It speaks ServerFeatures, Gossip and the Read method of Streams. What would
// write is refused, because the ledger is written through its own commands
// only; what belongs to a cluster (persistent subscriptions, projections,
// users) is answered as unimplemented, with what to use instead.
//
// The package must never change the log, never hand out an event that
// Options.See does not pass, and never write down who asked or from where. It
// knows no subject and no event.
package wire
