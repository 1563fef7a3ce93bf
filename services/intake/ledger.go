package intake

import (
	"context"
	"iter"

	"suyuan/services/complaint"
	"suyuan/services/intake/receipt"
	"suyuan/services/intake/spool"
	"suyuan/services/intake/token"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
)

// Ledger is what the service looks at in the read model.
type Ledger interface {
	complaint.Units
	// Box is what is on record under a box's hash.
	Box(hash [32]byte) (Record, bool)
	// Spent is the complaint that a token or card was spent for.
	Spent(nullifier [32]byte) (complaint string, ok bool)
	// Ring is the issuer keys that are published and not revoked.
	Ring() *token.Ring
	// Recipients are the investigators' keys that are not retired.
	Recipients() []Recipient
}

// Record is what is on record of one box.
type Record struct {
	Stored    receipt.Stored
	Narrative string     // blob of the report's narrative
	Letters   []string   // ids of the follow-ups' envelopes, 64 hex digits
	Sealed    []blob.Ref // contents of the report and its letters, as the events name them
	Named     complaint.Named
	Box       Box    // without Waiting, Cut, Pending, Messages and the recipients
	Notes     []Note // every message to the reporter, oldest first
}

// Note is a message as the ledger names it.
type Note struct {
	What string
	Day  ledger.Date
	Blob blob.Ref
}

// Spool is where envelopes wait: *spool.Spool.
type Spool interface {
	Put(ctx context.Context, e spool.Entry) error
	Has(id [32]byte) bool
	Pending(box [32]byte) spool.Pending
	Ordered(key [32]byte) iter.Seq2[spool.Entry, error]
	Clear(ids ...[32]byte) error
}

// Vault is where what is sealed lies once it is on record: *blob.Vault.
type Vault interface {
	PutNamed(ctx context.Context, list []blob.Named) ([]blob.Ref, error)
	Get(ctx context.Context, ref blob.Ref) ([]byte, error)
	Destroy(ctx context.Context, id string) error
}
