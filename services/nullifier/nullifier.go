// Package nullifier holds the tokens and cards that were spent. A stream of
// its own for each makes sure that none is spent twice; it says nothing of
// who held it.
package nullifier

import (
	"encoding/hex"
	"strings"
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

// Decide spends it once: under a key that is on record and not revoked, and
// where that is a batch of cards, only a card of the batch.
func (c Spend) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if by.Account != ledger.System {
		return nil, ledger.Errorf(ledger.Forbidden, "nullifier.system_only", "凭证由系统登记使用，不能人工提交。", "That a token is spent is recorded by the system itself.")
	}
	if err := ledger.First(checkHex("nullifier", c.Nullifier, 32), checkHex("complaint", c.Complaint, 16)); err != nil {
		return nil, err
	}
	if s.Complaint != "" {
		return nil, ledger.Errorf(ledger.Conflict, "nullifier.spent", "这枚凭证已经使用过。", "This token was spent already.").At("nullifier")
	}
	key, ok := f.IssuerKey(c.Key)
	switch {
	case !ok:
		return nil, ledger.Refuse("nullifier.unlogged_key", "签发公钥没有公布，凭证不予认可。", "The issuer key is not on record; nothing under it counts.").At("key")
	case key.Revoked:
		return nil, ledger.Refuse("nullifier.revoked_key", "签发公钥已经作废，凭证不予认可。", "The issuer key was revoked; nothing under it counts any more.").At("key")
	case key.Kind == issuerkey.Cards && !f.HasCard(c.Key, c.Nullifier):
		return nil, ledger.Refuse("nullifier.not_of_batch", "这张卡不在所称的批次里。", "The card is not one of that batch.").At("nullifier")
	}
	return []ledger.Evolver[State]{Spent(c)}, nil
}

func checkHex(field, s string, bytes int) error {
	if b, err := hex.DecodeString(s); err == nil && len(b) == bytes && s == strings.ToLower(s) {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "nullifier.hex", "%[1]s 应为 %[2]d 位小写十六进制数。", "%[1]s must be %[2]d lower-case hex digits.", field, 2*bytes).At("%s", field)
}
