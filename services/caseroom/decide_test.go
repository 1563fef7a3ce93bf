package caseroom

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// known has complaints about the county 990102 and one about the city 9902.
// Units exist unless they end in -lost; those of 98 were merged away.
type known struct{}

func (known) Unit(code string) (unit.Fact, bool) {
	f := unit.Fact{Code: code, Level: unit.LevelOf(code), Merged: strings.HasPrefix(code, "98")}
	if n := len(code); n == 9 || n == 12 {
		f.Parent = code[:n-3]
	}
	if code == "990102-csgl" {
		f.Parent = "990102"
	}
	return f, !strings.HasSuffix(code, "-lost")
}
func (known) HasDocument(id string) bool { return strings.HasPrefix(id, "paper") }
func (known) Mandate(id string) (issuance.MandateFact, bool) {
	return issuance.MandateFact{}, id == "task"
}
func (known) Issuance(id string) (issuance.Fact, bool) {
	return issuance.Fact{ID: id}, strings.HasPrefix(id, "sheet")
}
func (known) Complaint(id string) (complaint.Fact, bool) {
	switch {
	case strings.HasPrefix(id, "county"):
		return complaint.Fact{Named: complaint.Named{Issuer: "990102", Within: "990102"}}, true
	case id == "city":
		return complaint.Fact{Named: complaint.Named{Issuer: "9902"}}, true
	case id == "gone":
		return complaint.Fact{Named: complaint.Named{Issuer: "9902", Accounts: []string{"inv"}}}, true
	}
	return complaint.Fact{}, false
}

type events = []ledger.Evolver[State]

func actor(account, unit string, roles ...ledger.Role) ledger.Actor {
	return ledger.Actor{Account: account, Unit: unit, Roles: roles}
}

var (
	investigator = actor("inv", "", ledger.Investigator)
	reviewer     = actor("rev", "", ledger.Reviewer)
	named        = actor("named", "990102", ledger.Investigator, ledger.Reviewer)
	other        = actor("other", "", ledger.Investigator)
	at           = ledgertest.At
	note         = complaint.Blob{ID: strings.Repeat("0a", 16), Hash: strings.Repeat("0b", 32)}
	opened       = Opened{At: at, ID: "c1", Title: "层层加码", From: FromReports, Complaints: []string{"county"}}
	given        = events{opened, Assigned{at, "inv", ""}, Assigned{at, "rev", ""}}
	towns        = []string{"990102001", "990102002", "990102003", "990102004", "990102005"}
)

func with(more ...ledger.Evolver[State]) events { return slices.Concat(given, more) }

func TestDecide(t *testing.T) {
	open := func(how func(c *Open)) Open {
		c := Open{ID: "c1", Title: "层层加码", From: FromReports, Complaints: []string{"county"}}
		how(&c)
		return c
	}
	same := func(*Open) {}
	then := func(how func(o *Opened)) events {
		o := opened
		how(&o)
		return events{o, Assigned{at, "inv", ""}}
	}
	many := func(n int, e func(i int) ledger.Evolver[State]) events {
		list := slices.Clone(given)
		for i := range n {
			list = append(list, e(i))
		}
		return list
	}
	ids := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprint("county", i))
		}
		return list
	}

	seen := ledgertest.Run[State, Facts](t, known{}, []ledgertest.Case[State, Facts]{
		{Name: "a case is opened, and worked on", By: investigator, When: open(same), Then: then(func(*Opened) {})},
		{Name: "once", By: investigator, Given: given, When: open(func(c *Open) { c.Complaints = []string{"city"} }), Refused: "conflict case.already_opened at id"},
		{Name: "by an investigator", By: reviewer, When: open(same), Refused: "forbidden case.role"},
		{Name: "under an id", By: investigator, When: open(func(c *Open) { c.ID = "C" }), Refused: "invalid input.id at id"},
		{Name: "with a title", By: investigator, When: open(func(c *Open) { c.Title = "" }), Refused: "invalid input.missing at title"},
		{Name: "from something", By: investigator, When: open(func(c *Open) { c.From = "rumour" }), Refused: "invalid input.word at from"},
		{Name: "from complaints that are there", By: investigator, When: open(func(c *Open) { c.Complaints = []string{"none"} }), Refused: "not_found case.complaint_unknown at complaints[0]"},
		{Name: "and that one may know of", By: named, When: open(same), Refused: "not_found case.complaint_unknown at complaints[0]"},
		{Name: "or is recused from", By: investigator, When: open(func(c *Open) { c.Complaints = []string{"gone"} }), Refused: "not_found case.complaint_unknown at complaints[0]"},
		{Name: "each once", By: investigator, When: open(func(c *Open) { c.Complaints = []string{"county", "county"} }), Refused: "refused case.linked_twice at complaints[1]"},
		{Name: "not without end", By: investigator, When: open(func(c *Open) { c.Complaints = ids(MaxLinks + 1) }), Refused: "invalid input.count at complaints"},
		{Name: "from reports there are some", By: investigator, When: open(func(c *Open) { c.Complaints = nil }), Refused: "invalid case.without_complaints at complaints"},
		{Name: "from flags there is a mandate", By: investigator, When: open(func(c *Open) { c.From, c.Complaints = FromFlags, nil }), Refused: "invalid case.without_mandate at mandate"},
		{Name: "that is on record", By: investigator, When: open(func(c *Open) { c.Mandate = "none" }), Refused: "refused mandate.unknown at mandate"},
		{Name: "and that is enough", By: investigator, When: open(func(c *Open) { c.From, c.Complaints, c.Mandate, c.About = FromFlags, nil, "task", []string{"9902"} }),
			Then: then(func(o *Opened) { o.From, o.Complaints, o.Mandate, o.About = FromFlags, nil, "task", []string{"9902"} })},
		{Name: "about units", By: investigator, When: open(func(c *Open) { c.About = []string{"9902-lost"} }), Refused: "refused unit.unknown at about[0]"},
		{Name: "that are units", By: investigator, When: open(func(c *Open) { c.About = []string{"x"} }), Refused: "invalid unit.code at about[0]"},
		{Name: "still", By: investigator, When: open(func(c *Open) { c.About = []string{"98"} }), Refused: "refused unit.unknown at about[0]"},
		{Name: "each once", By: investigator, When: open(func(c *Open) { c.About = []string{"9902", "9902"} }), Refused: "refused case.unit_twice at about[1]"},
		{Name: "not about one's own", By: actor("x", "9902-jw", ledger.Investigator), When: open(func(c *Open) { c.From, c.Complaints, c.Mandate, c.About = FromFlags, nil, "task", []string{"9902"} }), Refused: "forbidden case.own_unit at about"},

		{Name: "linked", By: investigator, Given: given, When: Link{"c1", []string{"city"}, []string{"paper"}, []string{"sheet"}}, Then: events{Linked{at, []string{"city"}, []string{"paper"}, []string{"sheet"}}}},
		{Name: "to something", By: investigator, Given: given, When: Link{ID: "c1"}, Refused: "invalid case.links_nothing"},
		{Name: "that is new", By: investigator, Given: with(Linked{Documents: []string{"paper"}}), When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "refused case.linked_twice at documents[0]"},
		{Name: "a document that is there", By: investigator, Given: given, When: Link{ID: "c1", Documents: []string{"none"}}, Refused: "refused document.unknown at documents[0]"},
		{Name: "an issuance that is there", By: investigator, Given: given, When: Link{ID: "c1", Issuances: []string{"none"}}, Refused: "refused case.issuance_unknown at issuances[0]"},
		{Name: "by who works on it", By: other, Given: given, When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "not_found case.unknown at id"},
		{Name: "nobody who is recused", By: actor("inv", "990102", ledger.Investigator), Given: given, When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "not_found case.unknown at id"},
		{Name: "nor in a case about itself", By: actor("inv", "9902-x", ledger.Investigator), Given: events{Opened{ID: "c1", About: []string{"9902"}}, Assigned{at, "inv", ""}}, When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "not_found case.unknown at id"},
		{Name: "nor after it was recused", By: investigator, Given: with(Recused{Account: "inv"}), When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "not_found case.unknown at id"},
		{Name: "nor by its unit", By: actor("inv", "9901-jw", ledger.Investigator), Given: with(Recused{Unit: "9901"}), When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "not_found case.unknown at id"},
		{Name: "nor where a complaint cannot be looked up", By: investigator, Given: with(Linked{Complaints: []string{"lost"}}), When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "not_found case.unknown at id"},
		{Name: "a case that is there", By: investigator, When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "not_found case.unknown at id"},
		{Name: "and open", By: investigator, Given: with(Closed{}), When: Link{ID: "c1", Documents: []string{"paper"}}, Refused: "refused case.closed"},

		{Name: "assigned", By: investigator, Given: given, When: Assign{"c1", "x", "9901-jw"}, Then: events{Assigned{at, "x", "9901-jw"}}},
		{Name: "once", By: investigator, Given: given, When: Assign{ID: "c1", Account: "rev"}, Refused: "refused case.assigned at account"},
		{Name: "nobody of the named", By: investigator, Given: given, When: Assign{"c1", "x", "990102-csgl"}, Refused: "refused case.assigns_recused at account"},
		{Name: "nobody recused", By: investigator, Given: with(Recused{Account: "x"}), When: Assign{ID: "c1", Account: "x"}, Refused: "refused case.assigns_recused at account"},
		{Name: "no reactor", By: investigator, Given: given, When: Assign{ID: "c1", Account: ledger.System}, Refused: "refused case.assigns_recused at account"},
		{Name: "of a unit that exists", By: investigator, Given: given, When: Assign{"c1", "x", "99-lost"}, Refused: "refused unit.unknown at unit"},
		{Name: "not by a reviewer", By: reviewer, Given: given, When: Assign{ID: "c1", Account: "x"}, Refused: "forbidden case.role"},
		{Name: "not without end", By: investigator, Given: many(MaxAccounts, func(i int) ledger.Evolver[State] { return Assigned{Account: fmt.Sprint(i)} }), When: Assign{ID: "c1", Account: "x"}, Refused: "refused case.too_many_accounts"},
		{Name: "taken out", By: investigator, Given: given, When: Unassign{"c1", "rev"}, Then: events{Unassigned{at, "rev"}}},
		{Name: "who is in", By: investigator, Given: given, When: Unassign{"c1", "x"}, Refused: "refused case.not_assigned at account"},
		{Name: "not the last", By: investigator, Given: with(Unassigned{at, "rev"}), When: Unassign{"c1", "inv"}, Refused: "refused case.last_account at account"},
		{Name: "recused", By: reviewer, Given: given, When: Recuse{"c1", Recused{"x", "", "亲属"}}, Then: events{Recused{"x", "", "亲属"}}},
		{Name: "one of the two", By: reviewer, Given: given, When: Recuse{"c1", Recused{"x", "9901", "亲属"}}, Refused: "invalid case.recuse_one at account"},
		{Name: "a unit is one", By: reviewer, Given: given, When: Recuse{"c1", Recused{"", "x", "亲属"}}, Refused: "invalid unit.code at unit"},
		{Name: "once", By: reviewer, Given: with(Recused{"x", "", "亲属"}), When: Recuse{"c1", Recused{"x", "", "亲属"}}, Refused: "refused case.already_recused"},
		{Name: "not without end", By: reviewer, Given: many(maxRecusals, func(i int) ledger.Evolver[State] { return Recused{Account: fmt.Sprint(i)} }), When: Recuse{"c1", Recused{"x", "", "亲属"}}, Refused: "refused case.too_many_recusals"},
		{Name: "noted", By: reviewer, Given: given, When: Note{"c1", note}, Then: events{Noted{at, note}}},
		{Name: "in the vault", By: reviewer, Given: given, When: Note{"c1", complaint.Blob{ID: "x"}}, Refused: "invalid case.blob at note.id"},
		{Name: "not without end", By: reviewer, Given: many(MaxNotes, func(int) ledger.Evolver[State] { return Noted{} }), When: Note{"c1", note}, Refused: "refused case.too_many_notes"},

		{Name: "records of five siblings", By: investigator, Given: given, When: RequestRecords{"c1", towns, "任务分解表", "2022-09-01"}, Then: events{RecordsRequested{at, towns, "任务分解表", "2022-09-01"}}},
		{Name: "of four: one of them would stand out", By: investigator, Given: given, When: RequestRecords{"c1", towns[:4], "任务分解表", ""}, Refused: "refused case.too_few_units at units"},
		{Name: "of one five times", By: investigator, Given: given, When: RequestRecords{"c1", slices.Repeat(towns[:1], 5), "任务分解表", ""}, Refused: "refused case.unit_twice at units[1]"},
		{Name: "of strangers", By: investigator, Given: given, When: RequestRecords{"c1", append(slices.Clone(towns[:4]), "990103001"), "任务分解表", ""}, Refused: "refused case.not_siblings at units[4]"},
		{Name: "of different levels", By: investigator, Given: given, When: RequestRecords{"c1", append(slices.Clone(towns[:4]), "990102-csgl"), "任务分解表", ""}, Refused: "refused case.not_siblings at units[4]"},
		{Name: "of those without a superior", By: investigator, Given: given, When: RequestRecords{"c1", []string{"11", "12", "13", "14", "15"}, "任务分解表", ""}, Refused: "refused case.not_siblings at units[0]"},
		{Name: "not by a reviewer", By: reviewer, Given: given, When: RequestRecords{"c1", towns, "任务分解表", ""}, Refused: "forbidden case.role"},
		{Name: "not without end", By: investigator, Given: many(MaxRequests, func(int) ledger.Evolver[State] { return RecordsRequested{} }), When: RequestRecords{"c1", towns, "任务分解表", ""}, Refused: "refused case.too_many_requests"},

		{Name: "closed on documents", By: investigator, Given: with(Linked{Documents: []string{"paper"}}), When: Close{"c1", Documented, "查实"}, Then: events{Closed{at, Documented, "查实"}}},
		{Name: "never on reports alone", By: investigator, Given: with(Linked{Complaints: []string{"city"}}), When: Close{"c1", Documented, "查实"}, Refused: "refused case.undocumented at how"},
		{Name: "or for nothing", By: investigator, Given: given, When: Close{"c1", Unfounded, "不实"}, Then: events{Closed{at, Unfounded, "不实"}}},
		{Name: "in some way", By: investigator, Given: given, When: Close{"c1", "lost", "不实"}, Refused: "invalid input.word at how"},
	})
	ledgertest.Complete(t, seen)
}

// Who may see a case.
func TestMayRead(t *testing.T) {
	var s State
	for _, e := range with(Recused{Unit: "9903"}, Assigned{at, "named", "990102"}, Assigned{at, "clerk", ""}, Assigned{at, "elsewhere", "9903"}) {
		e.Evolve(&s)
	}
	for name, c := range map[string]struct {
		by  ledger.Actor
		may bool
	}{
		"an investigator assigned": {investigator, true}, "a reviewer assigned": {reviewer, true}, "one who is not": {other, false},
		"nobody": {ledger.Actor{}, false}, "a clerk": {actor("clerk", "", ledger.Clerk), false}, "the named superior, assigned by a slip": {named, false},
		"one recused by unit": {actor("elsewhere", "9903-jw", ledger.Investigator), false}, "the auditor": {actor("inv", "", ledger.Auditor), false},
	} {
		if MayRead(s, known{}, c.by) != c.may {
			t.Errorf("%s: %v", name, !c.may)
		}
	}
	if MayRead(State{Accounts: []string{"inv"}}, known{}, investigator) {
		t.Error("a case that was not opened is read")
	}
}
