// Package nullifier holds the tokens and cards that were spent. A stream of
// its own for each makes sure that none is spent twice; it says nothing of
// who held it.
package nullifier

import (
	"time"

	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
)

// Events of the stream nullifier-<nullifier>.
var Events = []ledger.Def{
	ledger.Event[Spent]("nullifier.spent", "A token or card was spent for a complaint.", "一枚凭证或一张卡已使用。"),
}

// Spent is written before the complaint, whose id follows from its box.
type Spent struct {
	Nullifier string `json:"nullifier"` // 64 hex digits; a card's hash for a card
	Key       string `json:"key"`       // issuer key or batch
	Complaint string `json:"complaint"`
}

// State is what decisions about one nullifier look at.
type State struct{ Complaint string }

// Evolve spends it.
func (e Spent) Evolve(s *State) { s.Complaint = e.Complaint }

// Facts is the look at the read model that decisions about nullifiers take.
type Facts interface {
	IssuerKey(id string) (issuerkey.Fact, bool)
	// HasCard reports whether a batch holds a card's hash.
	HasCard(batch, hash string) bool
}

// Commands of the stream nullifier-<nullifier>.
var Commands = []ledger.CommandDef{
	ledger.Command[Spend]("nullifier.spend", "Spend a token or card for a complaint. Role: the system, at a cut."),
}

// Spend spends it.
type Spend Spent

// Stream names the nullifier's stream.
func (c Spend) Stream() string { return "nullifier-" + c.Nullifier }

// Decide is not written yet.
func (c Spend) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	return nil, ledger.Refuse("nullifier.todo", "尚未写好。", "Not written yet.")
}
