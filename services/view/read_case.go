package view

import (
	"slices"

	"suyuan/services/caseroom"
	"suyuan/services/ledger"
	"suyuan/services/view/docket"
)

// Case is an investigator's case, for those who work on it.
type Case struct {
	ID         string
	Title      string
	Opened     ledger.Date
	From       caseroom.From
	Mandate    *Mandate
	About      []Unit
	Accounts   []string
	HiddenFrom []string // accounts and units that were recused from it
	Closed     bool
	Came       *caseroom.How
	Text       *string

	by ledger.Actor
	c  *docket.Case
}

// CaseNote is a note in the vault.
type CaseNote struct {
	Day  ledger.Date
	Blob string
	Hash string
	c    *docket.Case
}

// RecordsRequest is what several units were asked for.
type RecordsRequest struct {
	Day   ledger.Date
	Units []Unit
	What  string
	By    *ledger.Date
	c     *docket.Case
}

// CaseStep is something that happened in a case.
type CaseStep struct {
	What    string
	Meaning ledger.Text
	Day     ledger.Date
	Role    *string
	Unit    *Unit
	To      *string
	Word    *string
	Text    *string
	c       *docket.Case
}

// Cases lists those that an actor works on, the newest first.
func (r *Rows) Cases(by ledger.Actor, p Paging) (Page[Case], error) {
	return page(p, r.docket.For(by).Cases(""), func(c *docket.Case) Case { return r.caseValue(by, c) })
}

// Case finds one that an actor works on; nil where there is none.
func (r *Rows) Case(by ledger.Actor, id string) *Case {
	c := r.docket.For(by).Case(id)
	if c == nil {
		return nil
	}
	value := r.caseValue(by, c)
	return &value
}

func (r *Rows) caseValue(by ledger.Actor, c *docket.Case) Case {
	o := c.State.Opened
	v := Case{
		ID: c.ID, Title: o.Title, Opened: ledger.DateOf(o.At), From: o.From, Mandate: r.Mandate(o.Mandate, Now), About: r.unitsOf(o.About),
		Accounts: slices.Clone(c.State.Accounts), HiddenFrom: []string{}, Closed: c.State.Closed, Came: spoken(c.Closed.How), Text: some(c.Closed.Text), by: by, c: c,
	}
	for _, x := range c.State.Recusals {
		v.HiddenFrom = append(v.HiddenFrom, x.Account+x.Unit)
	}
	return v
}

func (r *Rows) unitsOf(codes []string) []Unit { return present(codes, r.Unit) }

// present are those of a list of ids that are there.
func present[T any](ids []string, find func(id string) *T) []T {
	list := []T{}
	for _, id := range ids {
		if x := find(id); x != nil {
			list = append(list, *x)
		}
	}
	return list
}

// CaseComplaints are those it is about, as far as they may be seen.
func (r *Rows) CaseComplaints(c Case) []Complaint {
	list, reader := []Complaint{}, r.docket.For(c.by)
	for _, id := range c.c.State.Complaints {
		if x := reader.Complaint(id); x != nil {
			list = append(list, r.complaintValue(c.by, x))
		}
	}
	return list
}

// CaseDocuments and CaseIssuances are what it collected.
func (r *Rows) CaseDocuments(c Case) []Document { return r.documentsOf(c.c.State.Documents) }

// CaseIssuances are those it collected.
func (r *Rows) CaseIssuances(c Case) []Issuance { return r.issuancesOf(c.c.State.Issuances) }

// CaseNotes are the notes, oldest first.
func (r *Rows) CaseNotes(c Case) []CaseNote {
	list := []CaseNote{}
	for _, n := range c.c.Notes {
		list = append(list, CaseNote{n.Day, n.Blob.ID, n.Blob.Hash, c.c})
	}
	return list
}

// CaseRequests are the records that were asked for.
func (r *Rows) CaseRequests(c Case) []RecordsRequest {
	list := []RecordsRequest{}
	for _, x := range c.c.Asked {
		list = append(list, RecordsRequest{x.Day, r.unitsOf(x.Units), x.What, spoken(x.By), c.c})
	}
	return list
}

// CaseSteps are all that happened in it, oldest first.
func (r *Rows) CaseSteps(c Case) []CaseStep {
	list := []CaseStep{}
	for _, s := range r.steps(c.c.Steps, "") {
		list = append(list, CaseStep{s.What, s.Meaning, s.Day, s.Role, s.Unit, s.To, s.Word, s.Text, c.c})
	}
	return list
}

// Admits reports whether an account works on the case a row is of.
func (c Case) Admits(by ledger.Actor) bool           { return admits(c.c, by) }
func (n CaseNote) Admits(by ledger.Actor) bool       { return admits(n.c, by) }
func (x RecordsRequest) Admits(by ledger.Actor) bool { return admits(x.c, by) }
func (s CaseStep) Admits(by ledger.Actor) bool       { return admits(s.c, by) }

func admits(c *docket.Case, by ledger.Actor) bool {
	return !by.Anonymous() && slices.Contains(c.State.Accounts, by.Account)
}
