// Package caseroom holds an investigator's case: opened from reports, claims
// or flags, worked on by those assigned to it, and never by one who is
// recused. A case collects documents; it never finds anybody responsible.
package caseroom

import (
	"time"

	"suyuan/services/complaint"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Events of the stream case-<id>.
var Events = []ledger.Def{
	ledger.Event[Opened]("case.opened", "An investigator opened a case.", "核查员立案。"),
	ledger.Event[Linked]("case.linked", "Complaints, documents or issuances were added to the case.", "并入有关反映、文件或下达。"),
	ledger.Event[Assigned]("case.assigned", "An account works on the case.", "指派办案人员。"),
	ledger.Event[Unassigned]("case.unassigned", "An account works on the case no more.", "撤出办案人员。"),
	ledger.Event[Recused]("case.recused", "An account or a unit takes no part in the case.", "回避。"),
	ledger.Event[Noted]("case.noted", "A note was put into the case.", "记录办案笔记。"),
	ledger.Event[RecordsRequested]("case.records_requested", "Records were asked of at least five sibling units.", "向同级的至少五个单位调取资料。"),
	ledger.Event[Closed]("case.closed", "The case was closed.", "结案。"),
}

// From is what a case was opened from.
type From string

// The sources of a case.
const (
	FromReports From = "reports"
	FromClaims  From = "claims"
	FromFlags   From = "flags"
)

// Opened: About are the units that the case is about; whoever belongs to one
// of them, or below, is recused.
type Opened struct {
	At         time.Time `json:"at"`
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	From       From      `json:"from"`
	Complaints []string  `json:"complaints,omitempty"`
	Mandate    string    `json:"mandate,omitempty"`
	About      []string  `json:"about,omitempty"`
}

// Linked adds to the case; at least one of the three.
type Linked struct {
	At         time.Time `json:"at"`
	Complaints []string  `json:"complaints,omitempty"`
	Documents  []string  `json:"documents,omitempty"`
	Issuances  []string  `json:"issuances,omitempty"`
}

// Assigned lets an account in; Unit is the one it acts for, empty for none.
type Assigned struct {
	At      time.Time `json:"at"`
	Account string    `json:"account"`
	Unit    string    `json:"unit,omitempty"`
}

// Unassigned takes it out.
type Unassigned struct {
	At      time.Time `json:"at"`
	Account string    `json:"account"`
}

// Recused: one of the two. A unit stands for all below it.
type Recused struct {
	Account string `json:"account,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Reason  string `json:"reason"`
}

// Noted: the note is a blob in the vault.
type Noted struct {
	At   time.Time      `json:"at"`
	Note complaint.Blob `json:"note"`
}

// RecordsRequested never asks one unit alone, which would point at a reporter.
type RecordsRequested struct {
	At    time.Time   `json:"at"`
	Units []string    `json:"units"`
	What  string      `json:"what"`
	By    ledger.Date `json:"by,omitempty"`
}

// How is what a case came to.
type How string

// The ways to close a case.
const (
	Documented How = "documented" // borne out by documents; a finding may rest on those
	Unfounded  How = "unfounded"
	Referred   How = "referred" // handed to the body that is competent
	Joined     How = "joined"   // goes on in another case
)

// Hows lists every way.
var Hows = []How{Documented, Unfounded, Referred, Joined}

// Closed says what it came to.
type Closed struct {
	At   time.Time `json:"at"`
	How  How       `json:"how"`
	Text string    `json:"text"`
}

// State is what decisions about one case look at.
type State struct {
	Opened     *Opened
	Complaints []string
	Documents  []string
	Issuances  []string
	Accounts   []string // assigned now
	Recusals   []Recused
	Notes      int
	Requests   int
	Closed     bool
}

// Facts is the look at the read model that decisions about cases take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	HasDocument(id string) bool
	Mandate(id string) (issuance.MandateFact, bool)
	Issuance(id string) (issuance.Fact, bool)
	Complaint(id string) (complaint.Fact, bool)
}

// Commands of the stream case-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Open]("case.open", "Open a case and be assigned to it; the server draws its id. Role: investigator."),
	ledger.Command[Link]("case.link", "Add complaints, documents or issuances. Role: those assigned."),
	ledger.Command[Assign]("case.assign", "Let an investigator or reviewer work on the case. Role: those assigned."),
	ledger.Command[Unassign]("case.unassign", "Take an account out. Role: those assigned."),
	ledger.Command[Recuse]("case.recuse", "Take an account or a unit out for good. Role: those assigned."),
	ledger.Command[Note]("case.note", "Put a note into the case. Role: those assigned."),
	ledger.Command[RequestRecords]("case.request_records", "Ask at least five sibling units for records. Role: an investigator who is assigned."),
	ledger.Command[Close]("case.close", "Close the case. Role: an investigator who is assigned."),
}

// Open opens a case. Those who send it leave the id out: the server draws it.
type Open struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	From       From     `json:"from"`
	Complaints []string `json:"complaints,omitempty"`
	Mandate    string   `json:"mandate,omitempty"`
	About      []string `json:"about,omitempty"`
}

// Link adds to a case.
type Link struct {
	ID         string   `json:"id"`
	Complaints []string `json:"complaints,omitempty"`
	Documents  []string `json:"documents,omitempty"`
	Issuances  []string `json:"issuances,omitempty"`
}

// Assign lets an account in.
type Assign struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Unit    string `json:"unit,omitempty"`
}

// Unassign takes it out.
type Unassign struct {
	ID      string `json:"id"`
	Account string `json:"account"`
}

// Recuse takes one of the two out.
type Recuse struct {
	ID string `json:"id"`
	Recused
}

// Note puts a note in.
type Note struct {
	ID   string         `json:"id"`
	Note complaint.Blob `json:"note"`
}

// RequestRecords asks for records.
type RequestRecords struct {
	ID    string      `json:"id"`
	Units []string    `json:"units"`
	What  string      `json:"what"`
	By    ledger.Date `json:"by,omitempty"`
}

// Close closes a case.
type Close struct {
	ID   string `json:"id"`
	How  How    `json:"how"`
	Text string `json:"text"`
}

// Stream names the case's stream.
func (c Open) Stream() string { return "case-" + c.ID }

// Stream names the case's stream.
func (c Link) Stream() string { return "case-" + c.ID }

// Stream names the case's stream.
func (c Assign) Stream() string { return "case-" + c.ID }

// Stream names the case's stream.
func (c Unassign) Stream() string { return "case-" + c.ID }

// Stream names the case's stream.
func (c Recuse) Stream() string { return "case-" + c.ID }

// Stream names the case's stream.
func (c Note) Stream() string { return "case-" + c.ID }

// Stream names the case's stream.
func (c RequestRecords) Stream() string { return "case-" + c.ID }

// Stream names the case's stream.
func (c Close) Stream() string { return "case-" + c.ID }
