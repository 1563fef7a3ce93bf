package assignment

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// known is what decisions see: lines by receiver, of the one issuance c1.
type known map[string]LineFact

func (known) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code}, !strings.HasSuffix(code, "-lost")
}
func (known) HasDocument(id string) bool { return id == "paper" }
func (known) Mandate(string) (issuance.MandateFact, bool) {
	return issuance.MandateFact{Measures: map[string]mandate.Measure{"rounds": {Key: "rounds", Kind: mandate.Intensity, Dimension: mandate.Frequency}}}, true
}
func (k known) Line(issuance, unit string) (LineFact, bool) {
	l, ok := k[unit]
	return l, ok && issuance == "c1"
}

type (
	tc     = ledgertest.Case[State, Facts]
	events = []ledger.Evolver[State]
)

func role(r ledger.Role, unit string) ledger.Actor {
	return ledger.Actor{Account: "a", Roles: []ledger.Role{r}, Unit: unit}
}

// The county made c1: to the town by itself, to the village on the order of
// its bureau; what went to the office was withdrawn.
const (
	town, village, office = "990101001", "990101001001", "990101-bgs"
	county, bureau        = "990101", "990101-nyj"
)

var (
	area = []string{"task/area"}
	book = known{
		town:    {Issuer: county, InForce: true, Measures: area},
		village: {Issuer: county, DirectedBy: bureau, InForce: true, Measures: append([]string{"task/rounds"}, area...)},
		office:  {Issuer: county, Measures: area},
	}
	atTown, atVillage, atOffice = Ref{"c1", town}, Ref{"c1", village}, Ref{"c1", office}
	clerk, issuer               = role(ledger.Clerk, town), role(ledger.Clerk, county)
	inspector, reviewer         = role(ledger.Investigator, "9901-jw"), role(ledger.Reviewer, "9901-jw")
	tomorrow                    = ledgertest.At.AddDate(0, 0, 1)
	before                      = ledgertest.At.Add(-time.Hour)
)

func TestDecide(t *testing.T) {
	seen := ledgertest.Run[State, Facts](t, book, slices.Concat(receipts(), objections(), answers(), stops(), deeds(), deliveredAmounts()))
	ledgertest.Complete(t, seen, lapses(t))
}

func receipts() []tc {
	got := Acknowledged{"c1", town, &before, "收到"}
	return []tc{
		{Name: "the issuer delivers", By: issuer, When: Deliver{atTown, &before, "chat_group"}, Then: events{Delivered{"c1", town, &before, "chat_group"}}},
		{Name: "or the receiver says so", By: clerk, When: Deliver{Ref: atTown}, Then: events{Delivered{Issuance: "c1", Unit: town}}},
		{Name: "nobody else", By: role(ledger.Clerk, "990102"), When: Deliver{Ref: atTown}, Refused: "forbidden unit.other_unit"},
		{Name: "but a clerk", By: role(ledger.Admin, county), When: Deliver{Ref: atTown}, Refused: "forbidden unit.clerks_only"},
		{Name: "once", By: issuer, Given: events{Delivered{}}, When: Deliver{Ref: atTown}, Refused: "refused assignment.already_delivered"},
		{Name: "not tomorrow", By: issuer, When: Deliver{atTown, &tomorrow, ""}, Refused: "refused assignment.in_future at at"},
		{Name: "by a channel that is known", By: issuer, When: Deliver{atTown, nil, "fax"}, Refused: "invalid input.word at channel"},

		{Name: "the receiver acknowledges", By: clerk, When: Acknowledge{atTown, &before, "收到"}, Then: events{got}},
		{Name: "which is delivery enough", By: issuer, Given: events{got}, When: Deliver{Ref: atTown}, Refused: "refused assignment.already_delivered"},
		{Name: "once it acknowledges", By: clerk, Given: events{got}, When: Acknowledge{Ref: atTown}, Refused: "refused assignment.already_acknowledged"},
		{Name: "a unit that was not addressed", By: role(ledger.Clerk, "990101002"), When: Acknowledge{Ref: Ref{"c1", "990101002"}}, Refused: "refused assignment.not_addressed at unit"},
		{Name: "by another issuance", By: clerk, When: Acknowledge{Ref: Ref{"c2", town}}, Refused: "refused assignment.not_addressed at unit"},
		{Name: "a clerk acknowledges for its own unit", By: issuer, When: Acknowledge{Ref: atTown}, Refused: "forbidden unit.other_unit"},
		{Name: "what is in force", By: role(ledger.Clerk, office), When: Acknowledge{Ref: atOffice}, Refused: "refused assignment.not_in_force at issuance"},
		{Name: "of an issuance's id", By: clerk, When: Acknowledge{Ref: Ref{"C 1", town}}, Refused: "invalid input.id at issuance"},
		{Name: "and a unit's code", By: clerk, When: Acknowledge{Ref: Ref{"c1", "town"}}, Refused: "invalid unit.code at unit"},
		{Name: "in few words", By: clerk, When: Acknowledge{atTown, nil, strings.Repeat("好", 201)}, Refused: "invalid input.too_long at text"},
	}
}

func object(how func(o *Object)) Object {
	o := Object{Ref: atTown, ID: "o1", Ground: Infeasible, Reason: "只有180亩可种"}
	how(&o)
	return o
}

func objections() []tc {
	raised := Objected{Issuance: "c1", Unit: town, ID: "o1", Ground: Infeasible, Reason: "只有180亩可种", OwedBy: county}
	paper := func(o *Object) { o.Document, o.OnPaper = "paper", "2022-03-01" }
	stated := raised
	stated.Document, stated.OnPaper, stated.Stated = "paper", "2022-03-01", true
	withdrawn := stated
	withdrawn.Unit = office
	var many events
	for i := range 50 {
		many = append(many, Objected{ID: fmt.Sprintf("o%d", i+10), OwedBy: county})
	}
	return []tc{
		{Name: "the receiver objects; its issuer owes the decision", By: clerk, When: object(func(*Object) {}), Then: events{raised}},
		{Name: "who directed the issuer owes it", By: role(ledger.Clerk, village), When: object(func(o *Object) { o.Ref = atVillage }),
			Then: events{Objected{Issuance: "c1", Unit: village, ID: "o1", Ground: Infeasible, Reason: "只有180亩可种", OwedBy: bureau}}},
		{Name: "nobody objects for another", By: issuer, When: object(func(*Object) {}), Refused: "forbidden unit.other_unit"},
		{Name: "on a ground that is known", By: clerk, When: object(func(o *Object) { o.Ground = "tired" }), Refused: "invalid input.word at ground"},
		{Name: "for a reason", By: clerk, When: object(func(o *Object) { o.Reason = "" }), Refused: "invalid input.missing at reason"},
		{Name: "under an id", By: clerk, When: object(func(o *Object) { o.ID = "" }), Refused: "invalid input.id at id"},
		{Name: "that is new", By: clerk, Given: events{raised}, When: object(func(*Object) {}), Refused: "conflict assignment.objection_exists at id"},
		{Name: "to a measure the line asks for", By: clerk, When: object(func(o *Object) { o.Measure = "task/houses" }), Refused: "refused assignment.measure_not_asked at measure"},
		{Name: "or a condition of some length", By: clerk, When: object(func(o *Object) { o.Constraint = strings.Repeat("c", 65) }), Refused: "invalid input.too_long at constraint"},
		{Name: "with a document that is there", By: clerk, When: object(func(o *Object) { o.Document = "lost" }), Refused: "refused document.unknown at document"},
		{Name: "to what is in force", By: role(ledger.Clerk, office), When: object(func(o *Object) { o.Ref = atOffice }), Refused: "refused assignment.not_in_force at issuance"},
		{Name: "fifty times at most", By: clerk, Given: many, When: object(func(*Object) {}), Refused: "refused assignment.too_many_objections"},

		{Name: "a reviewer enters an earlier one on paper", By: reviewer, When: object(paper), Then: events{stated}},
		{Name: "also of what was withdrawn since", By: reviewer, When: object(func(o *Object) { paper(o); o.Ref = atOffice }), Then: events{withdrawn}},
		{Name: "with its document", By: reviewer, When: object(func(o *Object) { o.OnPaper = "2022-03-01" }), Refused: "invalid assignment.paper_objection at document"},
		{Name: "and its date", By: reviewer, When: object(func(o *Object) { o.Document = "paper" }), Refused: "invalid assignment.paper_objection at document"},
		{Name: "which has come", By: reviewer, When: object(func(o *Object) { o.Document, o.OnPaper = "paper", "2022-08-10" }), Refused: "refused assignment.in_future at onPaper"},
		{Name: "in its own territory", By: role(ledger.Reviewer, "9902-jw"), When: object(paper), Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "a clerk cannot date its objection back", By: clerk, When: object(paper), Refused: "forbidden assignment.paper_by_reviewer at onPaper"},
	}
}

func answers() []tc {
	raised := Objected{ID: "o1", OwedBy: county}
	decide := func(how func(d *DecideObjection)) DecideObjection {
		d := DecideObjection{Ref: atTown, ID: "o1", Decision: Modified}
		how(&d)
		return d
	}
	as := func(d Decision, reason string) DecideObjection {
		return decide(func(x *DecideObjection) { x.Decision, x.Reason = d, reason })
	}
	return []tc{
		{Name: "the unit that owes the decision takes it", By: issuer, Given: events{raised}, When: as(Modified, ""), Then: events{ObjectionDecided{ID: "o1", By: county, Decision: Modified}}},
		{Name: "it may insist, with its reason", By: issuer, Given: events{raised}, When: as(Insisted, "任务必须完成"), Then: events{ObjectionDecided{ID: "o1", By: county, Decision: Insisted, Reason: "任务必须完成"}}},
		{Name: "not without", By: issuer, Given: events{raised}, When: as(Insisted, ""), Refused: "invalid input.missing at reason"},
		{Name: "another unit does not owe it", By: role(ledger.Clerk, bureau), Given: events{raised}, When: as(Accepted, ""), Refused: "forbidden assignment.not_owed"},
		{Name: "nor who objected", By: clerk, Given: events{raised}, When: as(Accepted, ""), Refused: "forbidden assignment.not_owed"},
		{Name: "nor the issuer where another directed it", By: issuer, Given: events{Objected{ID: "o1", OwedBy: bureau}}, When: decide(func(d *DecideObjection) { d.Ref = atVillage }), Refused: "forbidden assignment.not_owed"},
		{Name: "nor an admin of the unit", By: role(ledger.Admin, county), Given: events{raised}, When: as(Accepted, ""), Refused: "forbidden assignment.not_owed"},
		{Name: "once", By: issuer, Given: events{raised, ObjectionDecided{ID: "o1"}}, When: as(Accepted, ""), Refused: "refused assignment.already_decided at id"},
		{Name: "what was raised", By: issuer, When: as(Accepted, ""), Refused: "refused assignment.no_such_question at id"},
		{Name: "nobody decides that it lapsed", By: issuer, Given: events{raised}, When: as(Lapsed, ""), Refused: "invalid input.word at decision"},
		{Name: "by a document that is there", By: issuer, Given: events{raised}, When: decide(func(d *DecideObjection) { d.Document = "lost" }), Refused: "refused document.unknown at document"},
		{Name: "an issuer does not escape the answer by withdrawing", By: issuer, Given: events{raised}, When: decide(func(d *DecideObjection) { d.Ref = atOffice }), Then: events{ObjectionDecided{ID: "o1", By: county, Decision: Modified}}},
	}
}

func stops() []tc {
	ask := func(id string) RequestStop {
		return RequestStop{Ref: atTown, ID: id, Reason: "边坡开裂", At: &before}
	}
	asked := StopRequested{"c1", town, "s1", "边坡开裂", county, &before}
	var many events
	for i := range 50 {
		many = append(many, StopRequested{ID: fmt.Sprintf("x%d", i)})
	}
	grant := DecideStop{Ref: atTown, ID: "s1", Granted: true}
	return []tc{
		{Name: "the receiver asks to stop", By: clerk, When: ask("s1"), Then: events{asked}},
		{Name: "nobody asks for it", By: issuer, When: ask("s1"), Refused: "forbidden unit.other_unit"},
		{Name: "under a new id", By: clerk, Given: events{asked}, When: ask("s1"), Refused: "conflict assignment.stop_exists at id"},
		{Name: "fifty times at most", By: clerk, Given: many, When: ask("s1"), Refused: "conflict assignment.stop_exists at id"},
		{Name: "an objection's id is free", By: clerk, Given: events{Objected{ID: "s1"}}, When: ask("s1"), Then: events{asked}},
		{Name: "who owes it answers", By: issuer, Given: events{asked}, When: grant, Then: events{StopDecided{ID: "s1", By: county, Granted: true}}},
		{Name: "nobody else", By: clerk, Given: events{asked}, When: grant, Refused: "forbidden assignment.not_owed"},
		{Name: "once", By: issuer, Given: events{asked, StopDecided{ID: "s1"}}, When: grant, Refused: "refused assignment.already_decided at id"},
	}
}

func deeds() []tc {
	act := func(how func(a *Act)) Act {
		a := Act{Ref: atTown, Kind: "stop_order", Power: "stop", At: &before}
		how(&a)
		return a
	}
	acted := Acted{Issuance: "c1", Unit: town, Kind: "stop_order", Power: "stop", At: &before}
	by := func(u string) Acted { a := acted; a.Unit = u; return a }
	established := by(bureau)
	established.Document = "paper"
	grant := func(kind, amount string) GrantResource {
		return GrantResource{Ref: atVillage, Kind: kind, Amount: amount, Needed: "100"}
	}
	return []tc{
		{Name: "the receiver acts", By: clerk, When: act(func(*Act) {}), Then: events{acted}},
		{Name: "a unit that shares the task acts", By: role(ledger.Clerk, bureau), When: act(func(a *Act) { a.By = bureau }), Then: events{by(bureau)}},
		{Name: "for itself only", By: clerk, When: act(func(a *Act) { a.By = bureau }), Refused: "forbidden unit.other_unit"},
		{Name: "an investigator establishes it from a document", By: inspector, When: act(func(a *Act) { a.By, a.Document = bureau, "paper" }), Then: events{established}},
		{Name: "which he names", By: inspector, When: act(func(*Act) {}), Refused: "invalid document.required at document"},
		{Name: "a unit that exists acts", By: inspector, When: act(func(a *Act) { a.By = "990101-lost" }), Refused: "refused unit.unknown at by"},
		{Name: "in a way that is known", By: clerk, When: act(func(a *Act) { a.Kind = "wave" }), Refused: "invalid input.word at kind"},
		{Name: "by a power that is known", By: clerk, When: act(func(a *Act) { a.Power = "all" }), Refused: "invalid input.word at power"},
		{Name: "not knowing it tomorrow", By: clerk, When: act(func(a *Act) { a.KnownAt = &tomorrow }), Refused: "refused assignment.in_future at knownAt"},
		{Name: "nor acting tomorrow", By: clerk, When: act(func(a *Act) { a.At = &tomorrow }), Refused: "refused assignment.in_future at at"},

		{Name: "the issuer gives means", By: issuer, When: grant("money", "40"), Then: events{ResourceGranted{By: county, Kind: "money", Amount: "40", Needed: "100"}}},
		{Name: "who directed it gives means", By: role(ledger.Clerk, bureau), When: grant("people", "2"), Then: events{ResourceGranted{By: bureau, Kind: "people", Amount: "2", Needed: "100"}}},
		{Name: "the receiver gives itself none", By: role(ledger.Clerk, village), When: grant("money", "40"), Refused: "forbidden unit.other_unit"},
		{Name: "not below 0", By: issuer, When: grant("money", "-1"), Refused: "invalid value.negative at amount"},
		{Name: "nor beyond six places", By: issuer, When: GrantResource{Ref: atTown, Kind: "money", Amount: "1", Needed: "0.1234567"}, Refused: "invalid value.too_precise at needed"},
		{Name: "of a kind that is known", By: issuer, When: grant("praise", "1"), Refused: "invalid input.word at kind"},
	}
}

func deliveredAmounts() []tc {
	did := func(v string) []Delivery { return []Delivery{{"task/area", v}} }
	report := func(amounts []Delivery, asOf ledger.Date) Report {
		return Report{Ref: atTown, Amounts: amounts, AsOf: asOf}
	}
	verify := Verify{atTown, did("180"), "2022-08-01", "paper"}
	with := func(how func(v *Verify)) Verify { v := verify; how(&v); return v }
	rounds := Ref{Issuance: "c1", Unit: village}
	false200 := VerifyFalsification{atTown, town, did("20"), county, "paper"}
	return []tc{
		{Name: "the receiver reports", By: clerk, When: report(did("200"), "2022-08-09"), Then: events{Reported{"c1", town, did("200"), "2022-08-09", ""}}},
		{Name: "nobody reports for it", By: issuer, When: report(did("200"), "2022-08-09"), Refused: "forbidden unit.other_unit"},
		{Name: "something", By: clerk, When: report(nil, "2022-08-09"), Refused: "invalid input.count at amounts"},
		{Name: "of what the line asks for", By: clerk, When: report([]Delivery{{"task/area", "1"}, {"task/houses", "1"}}, "2022-08-09"), Refused: "refused assignment.measure_not_asked at amounts[1].measure"},
		{Name: "a proper amount", By: clerk, When: report(did("many"), "2022-08-09"), Refused: "invalid value.not_a_number at amounts[0].value"},
		{Name: "a frequency is times per days", By: role(ledger.Clerk, village), When: Report{Ref: rounds, Amounts: []Delivery{{"task/rounds", "1/7"}}, AsOf: "2022-08-09"}, Then: events{Reported{"c1", village, []Delivery{{"task/rounds", "1/7"}}, "2022-08-09", ""}}},
		{Name: "and no bare number", By: inspector, When: Verify{rounds, []Delivery{{"task/rounds", "4"}}, "2022-08-01", "paper"}, Refused: "invalid value.frequency at amounts[0].value"},
		{Name: "nor times in centuries", By: inspector, When: Verify{rounds, []Delivery{{"task/rounds", "1/36526"}}, "2022-08-01", "paper"}, Refused: "invalid value.too_large at amounts[0].value"},
		{Name: "what is no frequency is a number", By: clerk, When: report(did("1/7"), "2022-08-09"), Refused: "invalid value.not_a_number at amounts[0].value"},
		{Name: "as of a date", By: clerk, When: report(did("1"), ""), Refused: "invalid input.date at asOf"},
		{Name: "that has come", By: clerk, When: report(did("1"), "2022-08-10"), Refused: "refused assignment.in_future at asOf"},

		{Name: "an investigator verifies", By: inspector, When: verify, Then: events{VerifiedDelivery{"c1", town, "9901-jw", did("180"), "2022-08-01", "paper"}}},
		{Name: "also what was withdrawn since", By: inspector, When: with(func(v *Verify) { v.Ref = atOffice }), Then: events{VerifiedDelivery{"c1", office, "9901-jw", did("180"), "2022-08-01", "paper"}}},
		{Name: "only an investigator", By: clerk, When: verify, Refused: "forbidden assignment.investigators_verify"},
		{Name: "in his territory", By: role(ledger.Investigator, "9902-jw"), When: verify, Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "from a document", By: inspector, When: with(func(v *Verify) { v.Document = "" }), Refused: "invalid document.required at document"},

		{Name: "a false report is verified", By: inspector, When: false200, Then: events{FalsificationVerified{"c1", town, town, "9901-jw", did("20"), county, "paper"}}},
		{Name: "by an investigator", By: reviewer, When: false200, Refused: "forbidden assignment.investigators_verify"},
		{Name: "of a unit that exists", By: inspector, When: VerifyFalsification{atTown, "990101-lost", did("20"), "", "paper"}, Refused: "refused unit.unknown at who"},
		{Name: "on the order of one that exists", By: inspector, When: VerifyFalsification{atTown, town, did("20"), "990101-lost", "paper"}, Refused: "refused unit.unknown at orderedBy"},
		{Name: "from a document that is there", By: inspector, When: VerifyFalsification{atTown, town, did("20"), "", "lost"}, Refused: "refused document.unknown at document"},
	}
}
