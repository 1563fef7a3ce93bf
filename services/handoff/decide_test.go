package handoff

import (
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// known is what decisions see: where each unit handed a duty to.
type known map[string]string

func (known) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code, Level: unit.LevelOf(code)}, !strings.HasSuffix(code, "-lost")
}
func (known) HasDocument(id string) bool { return id == "paper" }
func (known) Mandate(id string) (issuance.MandateFact, bool) {
	return issuance.MandateFact{}, id == "task"
}

func (k known) HandedTo(duty, from string) (reached []string) {
	for range len(k) + 1 {
		to, ok := k[duty+" "+from]
		if !ok {
			return reached
		}
		reached, from = append(reached, to), to
	}
	return reached
}

const (
	bureau, town, village = "990102-csgl", "990102002", "990102002001"
	county                = "990102"
)

func clerk(unit string) ledger.Actor {
	return ledger.Actor{Account: "c", Roles: []ledger.Role{ledger.Clerk}, Unit: unit}
}

func TestDecide(t *testing.T) {
	type c = ledgertest.Case[State, Facts]
	type events = []ledger.Evolver[State]
	whole := Proposed{
		ID: "h1", From: bureau, To: town, Duty: "garbage", Title: "垃圾清运", Mandate: "task", Authority: true, People: 3, Money: "120000.5",
		Basis: "关于下放部分职责的通知", ApprovedBy: county, ApprovedOn: "2018-10-01", Document: "paper",
	}
	change := func(how func(p *Proposed)) Proposed {
		p := whole
		how(&p)
		return p
	}
	propose := func(how func(p *Proposed)) Propose { return Propose(change(how)) }
	given := func(how func(p *Proposed)) events { return events{change(how)} }
	same := func(*Proposed) {}
	accept := Accept{ID: "h1"}
	// The town had handed the duty on to its village.
	onward := known{"garbage " + town: village}

	seen := ledgertest.Run[State, Facts](t, known{}, []c{
		{Name: "a duty is proposed with its means", By: clerk(bureau), When: propose(same), Then: events{whole}},
		{Name: "or without: that it was proposed is a fact", By: clerk(bureau), When: Propose{ID: "h1", From: bureau, To: town, Duty: "garbage", Title: "垃圾清运"},
			Then: events{Proposed{ID: "h1", From: bureau, To: town, Duty: "garbage", Title: "垃圾清运"}}},
		{Name: "a clerk writes for its own unit", By: clerk(town), When: propose(same), Refused: "forbidden unit.other_unit"},
		{Name: "once", By: clerk(bureau), Given: events{whole}, When: propose(same), Refused: "conflict handoff.already_proposed at id"},
		{Name: "to another unit than itself", By: clerk(bureau), When: propose(func(p *Proposed) { p.To = bureau }), Refused: "refused handoff.cycle at to"},
		{Name: "to a unit that exists", By: clerk(bureau), When: propose(func(p *Proposed) { p.To = "990102-lost" }), Refused: "refused unit.unknown at to"},
		{Name: "under an id", By: clerk(bureau), When: propose(func(p *Proposed) { p.ID = "" }), Refused: "invalid input.id at id"},
		{Name: "of a duty", By: clerk(bureau), When: propose(func(p *Proposed) { p.Duty = "垃圾" }), Refused: "invalid input.id at duty"},
		{Name: "with a title", By: clerk(bureau), When: propose(func(p *Proposed) { p.Title = "" }), Refused: "invalid input.missing at title"},
		{Name: "of a mandate that is on record", By: clerk(bureau), When: propose(func(p *Proposed) { p.Mandate = "none" }), Refused: "refused mandate.unknown at mandate"},
		{Name: "with a whole number of people", By: clerk(bureau), When: propose(func(p *Proposed) { p.People = -1 }), Refused: "invalid handoff.people at people"},
		{Name: "with money not below 0", By: clerk(bureau), When: propose(func(p *Proposed) { p.Money = "-5" }), Refused: "invalid value.negative at money"},
		{Name: "with a document that is there", By: clerk(bureau), When: propose(func(p *Proposed) { p.Document = "lost" }), Refused: "refused document.unknown at document"},
		{Name: "approved by a unit that exists", By: clerk(bureau), When: propose(func(p *Proposed) { p.ApprovedBy = "99-lost" }), Refused: "refused unit.unknown at approvedBy"},
		{Name: "not by itself", By: clerk(bureau), When: propose(func(p *Proposed) { p.ApprovedBy = bureau }), Refused: "refused handoff.approval_unproven at approvedBy"},
		{Name: "nor without a paper", By: clerk(bureau), When: propose(func(p *Proposed) { p.Document = "" }), Refused: "refused handoff.approval_unproven at approvedBy"},
		{Name: "it does not verify its own citation", By: clerk(bureau), When: propose(func(p *Proposed) { p.Verified = true }), Refused: "forbidden handoff.own_citation at verified"},
		{Name: "back to where it came from: A to B to A", By: clerk(town), Facts: known{"garbage " + bureau: town}, When: propose(func(p *Proposed) { p.From, p.To, p.ApprovedBy = town, bureau, county }), Refused: "refused handoff.cycle at to"},
		{Name: "and by a longer way round", By: clerk(village), Facts: known{"garbage " + bureau: town, "garbage " + town: village}, When: propose(func(p *Proposed) { p.From, p.To = village, bureau }), Refused: "refused handoff.cycle at to"},
		{Name: "another duty may go the other way", By: clerk(town), Facts: known{"roads " + bureau: town}, When: propose(func(p *Proposed) { p.From, p.To = town, bureau }), Then: given(func(p *Proposed) { p.From, p.To = town, bureau })},

		{Name: "the receiver takes it over", By: clerk(town), Given: events{whole}, When: accept, Then: events{Accepted{}}},
		{Name: "people are means enough", By: clerk(town), Given: given(func(p *Proposed) { p.Money = "" }), When: accept, Then: events{Accepted{}}},
		{Name: "so is money", By: clerk(town), Given: given(func(p *Proposed) { p.People = 0 }), When: accept, Then: events{Accepted{}}},
		{Name: "accepted without means", By: clerk(town), Given: given(func(p *Proposed) { p.People, p.Money = 0, "" }), When: accept, Refused: "refused handoff.without_means"},
		{Name: "money that is none", By: clerk(town), Given: given(func(p *Proposed) { p.People, p.Money = 0, "0.00" }), When: accept, Refused: "refused handoff.without_means"},
		{Name: "people without authority", By: clerk(town), Given: given(func(p *Proposed) { p.Authority = false }), When: accept, Refused: "refused handoff.without_means"},
		{Name: "downwards without approval", By: clerk(town), Given: given(func(p *Proposed) { p.ApprovedBy = "" }), When: accept, Refused: "refused handoff.without_approval"},
		{Name: "sideways needs none", By: clerk(county), Given: given(func(p *Proposed) { p.ApprovedBy, p.To = "", county }), When: accept, Then: events{Accepted{}}},
		{Name: "nobody takes it over for the receiver", By: clerk(bureau), Given: events{whole}, When: accept, Refused: "forbidden unit.other_unit"},
		{Name: "the way back is looked at again", By: clerk(bureau), Facts: known{"garbage " + bureau: town}, Given: given(func(p *Proposed) { p.From, p.To = town, bureau }), When: accept, Refused: "refused handoff.cycle at to"},
		{Name: "onward is no way back", By: clerk(town), Facts: onward, Given: events{whole}, When: accept, Then: events{Accepted{}}},
		{Name: "once", By: clerk(town), Given: events{whole, Accepted{}}, When: accept, Refused: "refused handoff.closed at id"},
		{Name: "what was proposed", By: clerk(town), When: accept, Refused: "refused handoff.unknown at id"},

		{Name: "the receiver sends it back", By: clerk(town), Given: events{whole}, When: Reject{"h1", Rejected{Reason: "无权限"}}, Then: events{Rejected{Reason: "无权限"}}},
		{Name: "with a reason", By: clerk(town), Given: events{whole}, When: Reject{ID: "h1"}, Refused: "invalid input.missing at reason"},
		{Name: "nobody sends it back for it", By: clerk(bureau), Given: events{whole}, When: Reject{"h1", Rejected{Reason: "无权限"}}, Refused: "forbidden unit.other_unit"},
		{Name: "and then it is closed", By: clerk(town), Given: events{whole, Rejected{}}, When: accept, Refused: "refused handoff.closed at id"},

		{Name: "the proposal is taken back", By: clerk(bureau), Given: events{whole}, When: Recall{"h1", Recalled{Reason: "补齐经费"}}, Then: events{Recalled{Reason: "补齐经费"}}},
		{Name: "not by the receiver", By: clerk(town), Given: events{whole}, When: Recall{"h1", Recalled{Reason: "补齐经费"}}, Refused: "forbidden unit.other_unit"},
		{Name: "not once it is accepted", By: clerk(bureau), Given: events{whole, Accepted{}}, When: Recall{"h1", Recalled{Reason: "补齐经费"}}, Refused: "refused handoff.closed at id"},
	})
	ledgertest.Complete(t, seen)
}
