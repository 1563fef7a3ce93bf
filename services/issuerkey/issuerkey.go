// Package issuerkey holds the keys under which tokens for the verified lane
// are issued, and the batches of paper cards that stand beside them. A key
// that is not on this record verifies nobody.
package issuerkey

import (
	"suyuan/services/ledger"
)

// Events of the stream issuerkey-<id>.
var Events = []ledger.Def{
	ledger.Event[Published]("issuerkey.published", "A key for tokens, or a batch of cards, was published for a county and quarter.", "公布一个县、一个季度的签发公钥或一批纸质卡。"),
	ledger.Event[Revoked]("issuerkey.revoked", "The key or batch verifies nobody any more.", "公钥或该批卡作废。"),
}

// Kind is what the nullifiers under a key are made of.
type Kind string

// Tokens under a blind RSA key, or paper cards.
const (
	RSA   Kind = "rsa"
	Cards Kind = "cards"
)

// Published: a token key has SPKI and its id is that key's SHA-256; a batch
// of cards has their hashes.
type Published struct {
	ID      string   `json:"id"`
	Kind    Kind     `json:"kind"`
	County  string   `json:"county"`  // six digits
	Quarter string   `json:"quarter"` // 2026Q4
	N       int      `json:"n"`       // 1…8
	SPKI    string   `json:"spki,omitempty"`
	Hashes  []string `json:"hashes,omitempty"` // 64 hex digits each, sorted
}

// Revoked says why.
type Revoked struct {
	Reason string `json:"reason"`
}

// State is what decisions about one key look at.
type State struct {
	Published *Published
	Revoked   bool
}

// Evolve publishes it.
func (e Published) Evolve(s *State) { s.Published = &e }

// Evolve ends it.
func (Revoked) Evolve(s *State) { s.Revoked = true }

// Fact is what a decision may know of a key.
type Fact struct {
	ID      string
	Kind    Kind
	County  string
	Quarter string
	N       int
	Revoked bool
}

// Facts is the look at the read model that decisions about keys take.
type Facts interface {
	// IssuerKeys lists the keys and batches of a county and quarter, revoked
	// ones included.
	IssuerKeys(county, quarter string) []Fact
}

// Commands of the stream issuerkey-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Publish]("issuerkey.publish", "Publish a token key. Role: admin."),
	ledger.Command[PublishCards]("issuerkey.publish_cards", "Publish a batch of paper cards. Role: admin."),
	ledger.Command[Revoke]("issuerkey.revoke", "Let a key or batch verify nobody any more. Role: admin."),
}

// Publish publishes a token key.
type Publish struct {
	ID      string `json:"id"` // SHA-256 of the key's DER, 64 hex digits
	County  string `json:"county"`
	Quarter string `json:"quarter"`
	N       int    `json:"n"`
	SPKI    string `json:"spki"` // DER in base64
}

// PublishCards publishes a batch.
type PublishCards struct {
	ID      string   `json:"id"`
	County  string   `json:"county"`
	Quarter string   `json:"quarter"`
	N       int      `json:"n"`
	Hashes  []string `json:"hashes"` // sorted, at most MaxCards
}

// Revoke ends a key or batch.
type Revoke struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Stream names the key's stream.
func (c Publish) Stream() string { return "issuerkey-" + c.ID }

// Stream names the batch's stream.
func (c PublishCards) Stream() string { return "issuerkey-" + c.ID }

// Stream names the key's stream.
func (c Revoke) Stream() string { return "issuerkey-" + c.ID }
