package main

// The module whose tests are run, as it stands in go.mod.
const module = "github.com/EventStore/EventStore-Client-Go/v4"

// The one test of its that streams are tested by. What is left out of it is
// left out below.
const top = "TestStreams"

// outcome is what is expected of a test.
type outcome string

const (
	passes  outcome = "pass"
	skipped outcome = "skip"     // by the suite itself
	leftOut outcome = "left out" // by us
)

type expected struct {
	name    string // below TestStreams
	outcome outcome
	why     string
}

const (
	populated = "reads a populated database that the suite has no client for when it runs on a cluster"
	container = "needs a container of its own, which the suite does not start when it runs on a cluster"
	metadata  = "writes stream metadata, and nothing in the ledger expires or is hidden: refused as PermissionDenied"
	deletion  = "deletes, and the ledger never does: refused as PermissionDenied"
)

// suite is every test that TestStreams of v4.2.0 has on a cluster with TLS.
// One more or less, or another outcome, fails.
var suite = []expected{
	{"ClusterTests/notLeaderExceptionButWorkAfterRetry", passes, ""},
	{"AppendTests/appendToStreamSingleEventNoStream", passes, ""},
	{"AppendTests/appendWithInvalidStreamRevision", passes, ""},
	{"AppendTests/appendToSystemStreamWithIncorrectCredentials", skipped, container},
	{"AppendTests/metadataOperation", leftOut, metadata},
	{"ReadStreamTests/readStreamEventsForwardsFromZeroPosition", skipped, populated},
	{"ReadStreamTests/readStreamEventsBackwardsFromEndPosition", skipped, populated},
	{"ReadStreamTests/readStreamReturnsEOFAfterCompletion", passes, ""},
	{"ReadStreamTests/readStreamNotFound", passes, ""},
	{"ReadStreamTests/readStreamWithMaxAge", leftOut, metadata},
	{"ReadStreamTests/readStreamWithCredentialsOverride", passes, ""},
	{"SubscriptionTests/streamSubscriptionDeliversAllEventsInStreamAndListensForNewEvents", skipped, populated},
	{"SubscriptionTests/allSubscriptionWithFilterDeliversCorrectEvents", skipped, populated},
	{"SubscriptionTests/subscriptionAllFilter", passes, ""},
	{"SubscriptionTests/connectionClosing", skipped, populated},
	{"SubscriptionTests/subscriptionAllWithCredentialsOverride", skipped, populated},
	{"SubscriptionTests/subscriptionToStreamCaughtUpMessage", skipped, populated},
	{"DeleteTests/canDeleteStream", leftOut, deletion},
	{"DeleteTests/canTombstoneStream", leftOut, deletion},
	{"DeleteTests/detectStreamDeleted", leftOut, deletion},
	{"ConnectionTests/closeConnection", passes, ""},
}
