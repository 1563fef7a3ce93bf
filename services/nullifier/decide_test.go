package nullifier

import (
	"strings"
	"testing"

	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

// known has a key, a revoked one and a batch of one card.
type known struct{}

func (known) IssuerKey(id string) (issuerkey.Fact, bool) {
	kind := issuerkey.RSA
	if id == "cards" {
		kind = issuerkey.Cards
	}
	return issuerkey.Fact{ID: id, Kind: kind, Revoked: id == "old"}, id != "none"
}
func (known) HasCard(batch, hash string) bool {
	return batch == "cards" && hash == strings.Repeat("0a", 32)
}

func TestDecide(t *testing.T) {
	type events = []ledger.Evolver[State]
	system := ledger.Actor{Account: ledger.System}
	admin := ledger.Actor{Account: "a", Roles: ledger.Roles}
	spend := Spend{Nullifier: strings.Repeat("0b", 32), Key: "key", Complaint: strings.Repeat("0c", 16)}
	with := func(how func(c *Spend)) Spend { c := spend; how(&c); return c }
	card := with(func(c *Spend) { c.Key, c.Nullifier = "cards", strings.Repeat("0a", 32) })

	seen := ledgertest.Run[State, Facts](t, known{}, []ledgertest.Case[State, Facts]{
		{Name: "a token is spent", By: system, When: spend, Then: events{Spent(spend)}},
		{Name: "once", By: system, Given: events{Spent(spend)}, When: spend, Refused: "conflict nullifier.spent at nullifier"},
		{Name: "nor for another report", By: system, Given: events{Spent(spend)}, When: with(func(c *Spend) { c.Complaint = strings.Repeat("0d", 16) }), Refused: "conflict nullifier.spent at nullifier"},
		{Name: "by the engine", By: admin, When: spend, Refused: "forbidden nullifier.system_only"},
		{Name: "that is a token", By: system, When: with(func(c *Spend) { c.Nullifier = "0B" }), Refused: "invalid nullifier.hex at nullifier"},
		{Name: "for a complaint", By: system, When: with(func(c *Spend) { c.Complaint = "x" }), Refused: "invalid nullifier.hex at complaint"},
		{Name: "under a key on record", By: system, When: with(func(c *Spend) { c.Key = "none" }), Refused: "refused nullifier.unlogged_key at key"},
		{Name: "that is good", By: system, When: with(func(c *Spend) { c.Key = "old" }), Refused: "refused nullifier.revoked_key at key"},
		{Name: "a card", By: system, When: card, Then: events{Spent(card)}},
		{Name: "of its batch", By: system, When: with(func(c *Spend) { c.Key = "cards" }), Refused: "refused nullifier.not_of_batch at nullifier"},
	})
	ledgertest.Complete(t, seen)
}
