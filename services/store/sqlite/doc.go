// Package sqlite is the embedded ledger: one SQLite file that a server writes
// and that anybody can open with the stock sqlite3 program and read.
//
//	events(position, stream, revision, prev, id, type, data, meta, link)
//
// position is the ordinal, without gaps. prev is the position of the event
// before it in its stream. link = SHA-256(link of the position before ‖ the
// event's hash), from 32 zero bytes on, so that a row that was changed,
// swapped, dropped or renumbered is found at its place, without any key.
//
// There is no index besides position: where each stream ends is kept in
// memory, and a stream is read along prev. Appends that wait at the same
// moment share one transaction and one sync.
//
// The package must never answer an append before it is durable, never try
// again after a failed commit, and never hand out an event that may yet be
// lost. It knows no subject and no event.
package sqlite
