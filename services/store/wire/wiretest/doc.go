// Package wiretest is an EventStoreDB to test against: the wire face over an
// embedded ledger, with the appends that the ledger itself refuses. It keeps a
// real server's expected revisions, idempotence, limits and error trailers as
// far as the ledger needs them, plays a cluster of which one node leads, and
// can be cut off, restarted and made to fail.
//
// Left out, because nothing of the ledger rests on it: deleting, tombstones,
// stream metadata, batch appends, persistent subscriptions beyond their
// creation, projections, users. It is for tests only: whoever reaches its port
// may write.
package wiretest
