package issuerkey

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

// known are the keys on record.
type known []Fact

func (k known) IssuerKeys(county, quarter string) (list []Fact) {
	for _, f := range k {
		if f.County == county && f.Quarter == quarter {
			list = append(list, f)
		}
	}
	return list
}

func TestDecide(t *testing.T) {
	type events = []ledger.Evolver[State]
	admin := ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Admin}}
	clerk := ledger.Actor{Account: "c", Roles: []ledger.Role{ledger.Clerk, ledger.Investigator, ledger.Reviewer, ledger.Auditor}}
	der := []byte(strings.Repeat("k", spkiSize))
	sum := sha256.Sum256(der)
	id := hex.EncodeToString(sum[:])
	key := Publish{ID: id, County: "990102", Quarter: "2026Q4", N: 3, SPKI: base64.StdEncoding.EncodeToString(der)}
	published := Published{ID: id, Kind: RSA, County: "990102", Quarter: "2026Q4", N: 3, SPKI: key.SPKI}
	card := func(n int) string { return fmt.Sprintf("%064x", n) }
	batch := PublishCards{ID: "cards-1", County: "990102", Quarter: "2026Q4", N: 3, Hashes: []string{card(1), card(2)}}
	cards := Published{ID: "cards-1", Kind: Cards, County: "990102", Quarter: "2026Q4", N: 3, Hashes: batch.Hashes}
	with := func(how func(c *Publish)) Publish { c := key; how(&c); return c }
	of := func(how func(c *PublishCards)) PublishCards { c := batch; how(&c); return c }
	taken := known{{Kind: RSA, County: "990102", Quarter: "2026Q4", N: 3, Revoked: true}}
	many := make([]string, MaxCards+1)
	for i := range many {
		many[i] = card(i)
	}

	seen := ledgertest.Run[State, Facts](t, known{}, []ledgertest.Case[State, Facts]{
		{Name: "a key is published", By: admin, When: key, Then: events{published}},
		{Name: "by an admin", By: clerk, When: key, Refused: "forbidden issuerkey.role"},
		{Name: "once", By: admin, Given: events{published}, When: key, Refused: "conflict issuerkey.already_published at id"},
		{Name: "under its hash", By: admin, When: with(func(c *Publish) { c.ID = card(1) }), Refused: "invalid issuerkey.id at id"},
		{Name: "that is a key", By: admin, When: with(func(c *Publish) { c.SPKI = base64.StdEncoding.EncodeToString(der[1:]) }), Refused: "invalid issuerkey.spki at spki"},
		{Name: "in base64", By: admin, When: with(func(c *Publish) { c.SPKI += "\n" }), Refused: "invalid issuerkey.spki at spki"},
		{Name: "for a county, no village", By: admin, When: with(func(c *Publish) { c.County = "990102002001" }), Refused: "invalid issuerkey.county at county"},
		{Name: "nor a department", By: admin, When: with(func(c *Publish) { c.County = "99-abc" }), Refused: "invalid issuerkey.county at county"},
		{Name: "for a quarter", By: admin, When: with(func(c *Publish) { c.Quarter = "2026Q5" }), Refused: "invalid issuerkey.quarter at quarter"},
		{Name: "of a year", By: admin, When: with(func(c *Publish) { c.Quarter = "26Q4" }), Refused: "invalid issuerkey.quarter at quarter"},
		{Name: "one of eight", By: admin, When: with(func(c *Publish) { c.N = 9 }), Refused: "invalid issuerkey.number at n"},
		{Name: "counted from one", By: admin, When: with(func(c *Publish) { c.N = 0 }), Refused: "invalid issuerkey.number at n"},
		{Name: "a number once, revoked or not", By: admin, Facts: taken, When: key, Refused: "refused issuerkey.taken at n"},
		{Name: "in another quarter it is free", By: admin, Facts: taken, When: with(func(c *Publish) { c.Quarter = "2027Q1" }), Then: events{func() Published { p := published; p.Quarter = "2027Q1"; return p }()}},
		{Name: "cards stand beside keys", By: admin, Facts: taken, When: batch, Then: events{cards}},
		{Name: "a batch once", By: admin, Given: events{cards}, When: batch, Refused: "conflict issuerkey.already_published at id"},
		{Name: "by an admin", By: clerk, When: batch, Refused: "forbidden issuerkey.role"},
		{Name: "under an id", By: admin, When: of(func(c *PublishCards) { c.ID = "A" }), Refused: "invalid input.id at id"},
		{Name: "with cards", By: admin, When: of(func(c *PublishCards) { c.Hashes = nil }), Refused: "invalid input.count at hashes"},
		{Name: "not too many", By: admin, When: of(func(c *PublishCards) { c.Hashes = many }), Refused: "invalid input.count at hashes"},
		{Name: "their hashes only", By: admin, When: of(func(c *PublishCards) { c.Hashes = []string{"1234"} }), Refused: "invalid issuerkey.hash at hashes[0]"},
		{Name: "in no order of their own", By: admin, When: of(func(c *PublishCards) { c.Hashes = []string{card(2), card(1)} }), Refused: "invalid issuerkey.order at hashes[1]"},
		{Name: "each once", By: admin, When: of(func(c *PublishCards) { c.Hashes = []string{card(1), card(1)} }), Refused: "invalid issuerkey.order at hashes[1]"},
		{Name: "revoked", By: admin, Given: events{published}, When: Revoke{id, "泄露"}, Then: events{Revoked{"泄露"}}},
		{Name: "with a reason", By: admin, Given: events{published}, When: Revoke{ID: id}, Refused: "invalid input.missing at reason"},
		{Name: "by an admin", By: clerk, Given: events{published}, When: Revoke{id, "泄露"}, Refused: "forbidden issuerkey.role"},
		{Name: "once", By: admin, Given: events{published, Revoked{}}, When: Revoke{id, "泄露"}, Refused: "refused issuerkey.revoked at id"},
		{Name: "what is there", By: admin, When: Revoke{id, "泄露"}, Refused: "not_found issuerkey.unknown at id"},
	})
	ledgertest.Complete(t, seen)
}

// The largest batch fits into an event.
func TestLargestBatch(t *testing.T) {
	if size := MaxCards * (64 + 3); size > ledger.MaxEvent/2 {
		t.Errorf("%d bytes", size)
	}
}
