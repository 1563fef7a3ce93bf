package issuance

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// Fact is what a decision may know of another issuance.
type Fact struct {
	ID        string
	Issuer    string
	InForce   bool // neither withdrawn nor a part of an incomplete sheet
	Withdrawn bool
	Basis     []string
	Merge     map[string]string
}

// MandateFact is what a decision may know of a mandate.
type MandateFact struct {
	Origin    string
	Withdrawn bool
	Measures  map[string]mandate.Measure // by key
}

// Sheet is what is on record of a sheet in parts.
type Sheet struct {
	N     int
	Parts map[int]string // part number → issuance
}

// Facts is the look at the read model that decisions about issuances take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	HasDocument(id string) bool
	Mandate(id string) (MandateFact, bool)
	Issuance(id string) (Fact, bool)
	// Received is what an issuance in force asks of a unit, by measure.
	Received(issuance, unit string) []Amount
	// Resting lists the issuances in force by which the issuer passes down one
	// measure on a basis; the empty basis lists those without any.
	Resting(issuer, basis, measure string) []string
	// Kept lists what the issuer keeps of a measure in issuances in force
	// with exactly this basis, leaving one issuance out.
	Kept(issuer string, basis []string, measure, except string) []string
	// Issuers lists every unit that issued something on the chain above an
	// issuance, itself included.
	Issuers(issuance string) []string
	Sheet(issuer, of string) (Sheet, bool)
	// Addressed reports whether an issuance has a line to a unit, in force or
	// not.
	Addressed(issuance, unit string) bool
}

// Commands of the stream issuance-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Make]("issuance.make", "Pass mandates down. Role: clerk of the issuing unit, or investigator with the document."),
	ledger.Command[AmendLine]("issuance.amend_line", "Change what one receiver is asked for; without amounts the line is taken back. Role: as for make."),
	ledger.Command[Withdraw]("issuance.withdraw", "Take an issuance back. Role: as for make."),
}

// Make passes mandates down. Source is not the client's to choose.
type Make struct {
	ID        string            `json:"id"`
	Issuer    string            `json:"issuer"`
	Document  string            `json:"document,omitempty"`
	Basis     []string          `json:"basis,omitempty"`
	Origin    bool              `json:"origin,omitempty"`
	Merge     map[string]string `json:"merge,omitempty"`
	Lines     []Line            `json:"lines"`
	Retained  []Amount          `json:"retained,omitempty"`
	Approval  *Approval         `json:"approval,omitempty"`
	Channel   string            `json:"channel,omitempty"`
	Reserve   []Amount          `json:"reserve,omitempty"`
	Stated    []Amount          `json:"stated,omitempty"`
	Sent      *time.Time        `json:"sent,omitempty"`
	Part      *Part             `json:"part,omitempty"`
	Effective ledger.Date       `json:"effective,omitempty"`
}

// AmendLine changes one line.
type AmendLine struct {
	ID        string      `json:"id"`
	Line      Line        `json:"line"`
	Document  string      `json:"document,omitempty"`
	Reason    string      `json:"reason,omitempty"`
	Effective ledger.Date `json:"effective,omitempty"`
}

// Withdraw takes an issuance back.
type Withdraw struct {
	ID string `json:"id"`
	Withdrawn
	Effective ledger.Date `json:"effective,omitempty"`
}

// Stream names the issuance's stream.
func (c Make) Stream() string { return "issuance-" + c.ID }

// Stream names the issuance's stream.
func (c AmendLine) Stream() string { return "issuance-" + c.ID }

// Stream names the issuance's stream.
func (c Withdraw) Stream() string { return "issuance-" + c.ID }

// Since is the date the command gives.
func (c Make) Since() ledger.Date { return c.Effective }

// Since is the date the command gives.
func (c AmendLine) Since() ledger.Date { return c.Effective }

// Since is the date the command gives.
func (c Withdraw) Since() ledger.Date { return c.Effective }

// Decide records the document if every rule of passing down holds.
func (c Make) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	made := c.made(by)
	if err := ledger.First(
		ledger.CheckID("id", c.ID),
		unit.CheckCode("issuer", c.Issuer),
		ledger.CheckEffective("effective", c.Effective, at),
		mandate.MayWrite(by, c.Issuer, c.Document),
	); err != nil {
		return nil, err
	}
	if s.Made != nil {
		return nil, ledger.Errorf(ledger.Conflict, "issuance.already_made", "编号 %s 的下达已经登记。", "Issuance %s is on record already.", c.ID).At("id")
	}
	if err := check(f, made); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{made}, nil
}

func (c Make) made(by ledger.Actor) Made {
	m := Made{
		ID: c.ID, Issuer: c.Issuer, Document: c.Document, Basis: c.Basis, Origin: c.Origin, Merge: c.Merge, Lines: c.Lines,
		Retained: c.Retained, Approval: c.Approval, Channel: c.Channel, Reserve: c.Reserve, Stated: c.Stated, Sent: c.Sent, Part: c.Part,
		Source: sourceOf(by),
	}
	if m.Channel == "" {
		m.Channel = "document"
	}
	return m
}

// sourceOf: an investigator enters a document he holds, a clerk what its own
// unit did.
func sourceOf(by ledger.Actor) Source {
	if by.Is(ledger.Investigator) {
		return Verified
	}
	return Declared
}

// Decide changes one line of an issuance that stands.
func (c AmendLine) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.mayChange(c.ID, by, c.Document, c.Effective, at); err != nil {
		return nil, err
	}
	if err := ledger.First(ledger.CheckText("reason", c.Reason, 200, false), unit.CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	ck := checker{f: f, made: *s.Made}
	if err := ck.amends(c.Line); err != nil {
		return nil, err
	}
	for _, u := range f.Issuers(c.ID) {
		if u == c.Line.To {
			return nil, onChain(u).At("line.to")
		}
	}
	known := false
	for _, l := range s.Made.Lines {
		known = known || l.To == c.Line.To
	}
	if err := ck.elsewhere(c.Line.To); !known && err != nil {
		return nil, err
	}
	if !known && (len(c.Line.Amounts) == 0 || len(s.Made.Lines) >= MaxLines) {
		return nil, ledger.Refuse("issuance.no_such_line", "这份下达里没有给 %s 的任务可改；一份最多 %d 行。", "This issuance has no line to %s to change; it has at most %d lines.", c.Line.To, MaxLines).At("line.to")
	}
	return []ledger.Evolver[State]{LineAmended{c.Line, c.Document, c.Reason, sourceOf(by)}}, nil
}

// Decide takes back an issuance that stands.
func (c Withdraw) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.mayChange(c.ID, by, c.Document, c.Effective, at), ledger.CheckText("reason", c.Reason, 200, true), unit.CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.Withdrawn}, nil
}

func (s State) mayChange(id string, by ledger.Actor, document string, effective ledger.Date, at time.Time) error {
	switch {
	case s.Made == nil:
		return Unknown(id)
	case s.Withdrawn:
		return ledger.Refuse("issuance.withdrawn_already", "下达 %s 已经撤回，不能再变更。", "Issuance %s was withdrawn and takes no more changes.", id)
	}
	return ledger.First(mandate.MayWrite(by, s.Made.Issuer, document), ledger.CheckEffective("effective", effective, at))
}

// Unknown is the refusal for an issuance that is not on record.
func Unknown(id string) *ledger.Error {
	return ledger.Refuse("issuance.unknown", "没有编号为“%s”的下达，请核对编号。", "There is no issuance %q; check the id.", id)
}
