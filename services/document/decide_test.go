package document

import (
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/unit"
)

type units []string

func (u units) Unit(code string) (unit.Fact, bool) {
	for _, c := range u {
		if c == code {
			return unit.Fact{Code: c}, true
		}
	}
	return unit.Fact{}, false
}

// OfFile: one stored file belongs to a document already.
func (units) OfFile(blob string) (string, bool) { return "other", blob == "taken" }

func TestDecide(t *testing.T) {
	type c = ledgertest.Case[State, Facts]
	type events = []ledger.Evolver[State]
	clerk := ledger.Actor{Account: "c", Roles: []ledger.Role{ledger.Clerk}, Unit: "990101"}
	investigator := ledger.Actor{Account: "i", Roles: []ledger.Role{ledger.Investigator}}
	admin := ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Admin}}
	paper := Registered{ID: "paper", Number: "甲政发〔2022〕8号", Issuer: "9901", Date: "2022-08-01", Title: "通知", SHA256: strings.Repeat("0f", 32)}
	change := func(how func(p *Registered)) Register {
		p := paper
		how(&p)
		return Register(p)
	}

	seen := ledgertest.Run[State, Facts](t, units{"9901", "990101"}, []c{
		{Name: "a clerk enters a paper", By: clerk, When: Register(paper), Then: events{paper}},
		{Name: "an investigator does", By: investigator, When: Register(paper), Then: events{paper}},
		{Name: "an admin does not", By: admin, When: Register(paper), Refused: "forbidden document.clerks_register"},
		{Name: "once", By: clerk, Given: events{paper}, When: Register(paper), Refused: "conflict document.already_registered at id"},
		{Name: "a paper has an id", By: clerk, When: change(func(p *Registered) { p.ID = "Paper 1" }), Refused: "invalid input.id at id"},
		{Name: "a title", By: clerk, When: change(func(p *Registered) { p.Title = "" }), Refused: "invalid input.missing at title"},
		{Name: "a number of some length", By: clerk, When: change(func(p *Registered) { p.Number = strings.Repeat("号", 61) }), Refused: "invalid input.too_long at number"},
		{Name: "a date", By: clerk, When: change(func(p *Registered) { p.Date = "2022-02-30" }), Refused: "invalid input.date at date"},
		{Name: "that has come", By: clerk, When: change(func(p *Registered) { p.Date = "2022-08-10" }), Refused: "refused document.dated_in_future at date"},
		{Name: "today will do", By: clerk, When: change(func(p *Registered) { p.Date = "2022-08-09" }), Then: events{Registered(change(func(p *Registered) { p.Date = "2022-08-09" }))}},
		{Name: "an issuer's code", By: clerk, When: change(func(p *Registered) { p.Issuer = "县" }), Refused: "invalid unit.code at issuer"},
		{Name: "an issuer that exists", By: clerk, When: change(func(p *Registered) { p.Issuer = "9902" }), Refused: "refused unit.unknown at issuer"},
		{Name: "a whole hash", By: clerk, When: change(func(p *Registered) { p.SHA256 = "0f" }), Refused: "invalid document.sha256 at sha256"},
		{Name: "in lower case", By: clerk, When: change(func(p *Registered) { p.SHA256 = strings.Repeat("0F", 32) }), Refused: "invalid document.sha256 at sha256"},
		{Name: "a whole blob", By: clerk, When: change(func(p *Registered) { p.Blob = &Blob{ID: "b"} }), Refused: "invalid input.missing at blob.hash"},
		{Name: "of some length", By: clerk, When: change(func(p *Registered) { p.Blob = &Blob{ID: strings.Repeat("b", 129), Hash: "h"} }), Refused: "invalid input.too_long at blob.id"},

		{Name: "a file of its own", By: clerk, When: change(func(p *Registered) { p.Blob = &Blob{ID: "taken", Hash: "h"} }), Refused: "refused document.file_taken at blob.id"},

		{Name: "a file is destroyed", By: admin, Given: events{paper}, When: Redact{"paper", "含个人信息"}, Then: events{Redacted{"含个人信息"}}},
		{Name: "once", By: admin, Given: events{paper, Redacted{"含个人信息"}}, When: Redact{"paper", "含个人信息"}, Refused: "refused document.already_redacted"},
		{Name: "with a reason", By: admin, Given: events{paper}, When: Redact{"paper", " "}, Refused: "invalid input.missing at reason"},
		{Name: "by an admin", By: clerk, Given: events{paper}, When: Redact{"paper", "x"}, Refused: "forbidden document.admins_redact"},
		{Name: "of a paper that was entered", By: admin, When: Redact{"paper", "x"}, Refused: "refused document.unknown"},
	})
	ledgertest.Complete(t, seen)
}
