// Package wired measures a ledger as it is reached over EventStoreDB's
// protocol, by the official client and by our own adapter, beside the embedded
// store with nothing in between. All of them read and append the same events,
// and an append counts once it is on disk. It must never write to a ledger
// that it was given to read.
package wired
