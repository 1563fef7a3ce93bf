package docket

import (
	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/ledger"
)

// Case is a case with all that happened in it.
type Case struct {
	ID      string
	Ordinal uint64 // of the event that opened it
	State   caseroom.State
	Steps   []Step
	Notes   []Note
	Asked   []RecordsRequest
	Closed  caseroom.Closed // zero while it is open
}

// Note is a note of those who work on a case, in the vault.
type Note struct {
	Day  ledger.Date
	Blob complaint.Blob
}

// RecordsRequest is what at least five units were asked for.
type RecordsRequest struct {
	Day   ledger.Date
	Units []string
	What  string
	By    ledger.Date
}

func (d *Docket) inCase(e Event, body ledger.Evolver[caseroom.State]) {
	id := subject(e.Stream)
	at, ok := d.caseAt[id]
	if !ok {
		at = int32(len(d.cases))
		d.caseAt[id] = at
		d.cases = append(d.cases, Case{ID: id, Ordinal: e.Ordinal})
	}
	c := &d.cases[at]
	s := Step{What: d.once(e.Type), At: e.At.UTC(), Unit: d.once(e.By.Unit)}
	if len(e.By.Roles) > 0 {
		s.Role = ledger.Role(d.once(string(e.By.Roles[0])))
	}
	day := ledger.DateOf(e.At)
	switch e := body.(type) {
	case caseroom.Assigned:
		s.To = e.Unit
	case caseroom.Recused:
		s.To, s.Text = e.Unit, e.Reason
	case caseroom.Noted:
		c.Notes = append(c.Notes, Note{day, e.Note})
	case caseroom.RecordsRequested:
		s.Text = e.What
		c.Asked = append(c.Asked, RecordsRequest{day, e.Units, e.What, e.By})
	case caseroom.Closed:
		c.Closed = e
		s.Word, s.Text = string(e.How), e.Text
	}
	body.Evolve(&c.State)
	c.Steps = append(c.Steps, s)
}
