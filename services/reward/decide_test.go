package reward

import (
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

type known struct{}

func (known) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code, Merged: strings.HasSuffix(code, "-old")}, !strings.HasSuffix(code, "-lost")
}
func (known) HasDocument(id string) bool { return id == "paper" }
func (known) Mandate(id string) (issuance.MandateFact, bool) {
	return issuance.MandateFact{}, id == "task"
}
func (known) HasRule(id string) bool { return id == "licang-reward" }

type (
	tc     = ledgertest.Case[State, Facts]
	events = []ledger.Evolver[State]
)

const street, district = "990102001", "990102"

func clerk(code string) ledger.Actor {
	return ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Clerk}, Unit: code}
}

func TestUplift(t *testing.T) {
	sound := Uplift{ID: "r", Unit: street, Mandate: "task", Basis: "12000.50", Uplift: 2500, Rule: "licang-reward", Document: "paper"}
	with := func(how func(c *Uplift)) Uplift { c := sound; how(&c); return c }
	seen := ledgertest.Run[State, Facts](t, known{}, []tc{
		{Name: "the unit above", By: clerk(district), When: sound, Then: events{Uplifted{"r", street, "task", "12000.50", 2500, district, "licang-reward", "paper"}}},
		{Name: "a department above, by three tenths of what no paper names", By: clerk(district + "-zzb"), When: Uplift{ID: "r", Unit: street, Mandate: "task", Rule: "licang-reward", Document: "paper"},
			Then: events{Uplifted{"r", street, "task", "", 3000, district + "-zzb", "licang-reward", "paper"}}},
		{Name: "not its own", By: clerk(street), When: sound, Refused: "forbidden reward.role"},
		{Name: "what belongs to it", By: clerk(street), When: with(func(c *Uplift) { c.Unit = street + "-bgs" }), Then: events{Uplifted{"r", street + "-bgs", "task", "12000.50", 2500, street, "licang-reward", "paper"}}},
		{Name: "nor through an office of its own", By: clerk(street + "-bgs"), When: sound, Refused: "forbidden reward.role"},
		{Name: "nor another district", By: clerk("990101"), When: sound, Refused: "forbidden reward.role"},
		{Name: "no other role", By: ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Admin}, Unit: district}, When: sound, Refused: "forbidden reward.role"},
		{Name: "once", Given: events{Uplifted{}}, By: clerk(district), When: sound, Refused: "conflict reward.exists at id"},
		{Name: "an id", By: clerk(district), When: with(func(c *Uplift) { c.ID = "R" }), Refused: "invalid input.id at id"},
		{Name: "a code", By: clerk(district), When: with(func(c *Uplift) { c.Unit = "x" }), Refused: "invalid unit.code at unit"},
		{Name: "of a unit that is there", By: clerk(district), When: with(func(c *Uplift) { c.Unit = street + "-lost" }), Refused: "refused unit.unknown at unit"},
		{Name: "and still is", By: clerk(district), When: with(func(c *Uplift) { c.Unit = street + "-old" }), Refused: "refused unit.unknown at unit"},
		{Name: "a task", By: clerk(district), When: with(func(c *Uplift) { c.Mandate = "lost" }), Refused: "refused mandate.unknown at mandate"},
		{Name: "an exact amount", By: clerk(district), When: with(func(c *Uplift) { c.Basis = "much" }), Refused: "invalid value.not_a_number at basisAmount"},
		{Name: "no cut", By: clerk(district), When: with(func(c *Uplift) { c.Uplift = -1 }), Refused: "invalid reward.uplift at uplift"},
		{Name: "not more than twice", By: clerk(district), When: with(func(c *Uplift) { c.Uplift = 10_001 }), Refused: "invalid reward.uplift at uplift"},
		{Name: "a rule that is there", By: clerk(district), When: with(func(c *Uplift) { c.Rule = "lost" }), Refused: "refused rule.unknown at rule"},
		{Name: "a paper", By: clerk(district), When: with(func(c *Uplift) { c.Document = "" }), Refused: "invalid document.required at document"},
	})
	ledgertest.Complete(t, seen)
}

func TestAmount(t *testing.T) {
	if got, ok := (Uplifted{Basis: "12000.50", Uplift: Proposed}).Amount(); !ok || got.String() != "15600.65" {
		t.Errorf("12000.50 and three tenths more are 15600.65, not %s", got)
	}
	if _, ok := (Uplifted{Uplift: Proposed}).Amount(); ok {
		t.Error("three tenths more of nobody knows what is no amount")
	}
}
