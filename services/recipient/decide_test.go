package recipient

import (
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/unit"
)

// known are the recipients on record. Units exist unless they end in -lost;
// those of the province 98 were merged away.
type known []Fact

func (known) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code, Merged: strings.HasPrefix(code, "98")}, !strings.HasSuffix(code, "-lost")
}
func (k known) Recipients() []Fact { return k }

func TestDecide(t *testing.T) {
	type events = []ledger.Evolver[State]
	admin := ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Admin}}
	investigator := ledger.Actor{Account: "i", Roles: []ledger.Role{ledger.Investigator}}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key := identity.Recipient().String()
	whole := Registered{ID: "first", Unit: "9901-jw", Recipient: key, Purpose: Purpose}
	with := func(how func(c *Register)) Register { c := Register(whole); how(&c); return c }
	full := known{{ID: "old", Retired: true}}
	for i := range MaxActive {
		full = append(full, Fact{ID: fmt.Sprint(i)})
	}

	seen := ledgertest.Run[State, Facts](t, known{}, []ledgertest.Case[State, Facts]{
		{Name: "a key is registered", By: admin, When: Register(whole), Then: events{whole}},
		{Name: "of nobody's unit", By: admin, When: with(func(c *Register) { c.Unit = "" }), Then: events{Registered{ID: "first", Recipient: key, Purpose: Purpose}}},
		{Name: "under an account", By: admin, When: with(func(c *Register) { c.Account = "liu" }), Then: events{Registered{ID: "first", Account: "liu", Unit: "9901-jw", Recipient: key, Purpose: Purpose}}},
		{Name: "under what is one", By: admin, When: with(func(c *Register) { c.Account = strings.Repeat("x", 101) }), Refused: "invalid input.too_long at account"},
		{Name: "by an admin", By: investigator, When: Register(whole), Refused: "forbidden recipient.role"},
		{Name: "once", By: admin, Given: events{whole}, When: Register(whole), Refused: "conflict recipient.already_registered at id"},
		{Name: "under an id", By: admin, When: with(func(c *Register) { c.ID = "A" }), Refused: "invalid input.id at id"},
		{Name: "of a unit that exists", By: admin, When: with(func(c *Register) { c.Unit = "9901-lost" }), Refused: "refused unit.unknown at unit"},
		{Name: "still", By: admin, When: with(func(c *Register) { c.Unit = "9801" }), Refused: "refused unit.unknown at unit"},
		{Name: "that is a unit", By: admin, When: with(func(c *Register) { c.Unit = "x" }), Refused: "invalid unit.code at unit"},
		{Name: "for investigators", By: admin, When: with(func(c *Register) { c.Purpose = "clerk" }), Refused: "invalid input.word at purpose"},
		{Name: "a key with a slip in it", By: admin, When: with(func(c *Register) { c.Recipient = slip(key) }), Refused: "invalid recipient.key at recipient"},
		{Name: "the other half, which nobody may have", By: admin, When: with(func(c *Register) { c.Recipient = identity.String() }), Refused: "invalid recipient.key at recipient"},
		{Name: "in capitals", By: admin, When: with(func(c *Register) { c.Recipient = strings.ToUpper(key) }), Refused: "invalid recipient.key at recipient"},
		{Name: "a key under another id", By: admin, Facts: known{{ID: "x", Recipient: key, Retired: true}}, When: Register(whole), Refused: "refused recipient.known_key at recipient"},
		{Name: "more than there is room for", By: admin, Facts: full, When: Register(whole), Refused: "refused recipient.too_many"},
		{Name: "as many as there is", By: admin, Facts: full[:MaxActive], When: Register(whole), Then: events{whole}},
		{Name: "retired", By: admin, Given: events{whole}, When: Retire{"first", "调离"}, Then: events{Retired{"调离"}}},
		{Name: "with a reason", By: admin, Given: events{whole}, When: Retire{ID: "first"}, Refused: "invalid input.missing at reason"},
		{Name: "by an admin", By: investigator, Given: events{whole}, When: Retire{"first", "调离"}, Refused: "forbidden recipient.role"},
		{Name: "once", By: admin, Given: events{whole, Retired{}}, When: Retire{"first", "调离"}, Refused: "refused recipient.retired at id"},
		{Name: "what is there", By: admin, When: Retire{"first", "调离"}, Refused: "not_found recipient.unknown at id"},
	})
	ledgertest.Complete(t, seen)
}

// slip is a key with one letter copied wrong.
func slip(key string) string {
	c := "q"
	if key[30] == 'q' {
		c = "p"
	}
	return key[:30] + c + key[31:]
}
