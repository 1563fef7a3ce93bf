// Package esdb is the ledger on a cluster: ledger.Log over an EventStoreDB or
// KurrentDB cluster, through the official client, which nothing else in the
// program may import.
//
// The client is used as it is, so its habits are answered here. One that has
// once failed to find a node is dead for good, and a call on it may never come
// back; it does not mind a context while it looks for a node; it loses a
// leader for reads; it keeps the connections it gives up. Every client is
// therefore a link: used by a counted number of calls, each of which can be
// left behind, replaced at the first doubt, closed when nobody needs it.
//
// The race detector finds two things here that stay: the client reads the
// trailers of an append that failed while gRPC may still write them; and to
// free a call that hangs for good in a dead client, the client is closed
// while that call waits to send.
//
// What a cluster cannot tell is made good by reading: ordinals are counted
// from the position a reader starts with, over the ledger's own events.
//
// The package must never say of an append that nothing was recorded unless
// that is certain, never deliver an event twice or out of order, never hand
// the password of the connection string to an error or a log, and never end
// the process. (The client itself ends it where a server sends an event
// without the time it was created; no server does.) It knows no subject and
// no event.
//
// # Tests against a real server
//
// The tests bring their own server. To run the contract against a real one as
// well, name it, with a user who may write everywhere and read $all:
//
//	SUYUAN_TEST_ESDB='esdb://admin:changeit@localhost:2113?tlsCAFile=ca.crt' go test ./services/store/esdb
//
// The test binary needs neither this source tree nor a C library, so that it
// can be carried to where a server runs:
//
//	CGO_ENABLED=0 go test -c -o esdb.test ./services/store/esdb
//	SUYUAN_TEST_ESDB=… ./esdb.test -test.v -test.run Real
//
// On such a server every case writes into stream categories of its own, with
// a name nobody else has, and leaves its streams there.
package esdb
