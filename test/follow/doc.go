// Package follow lets EventStoreDB's official client for Node read and follow
// a ledger, as anybody outside would. It has tests only; follow.mjs is also
// what the documentation shows.
package follow
