// Package handoff holds duties that are moved from one unit to another, with
// or without the authority, people and money to carry them. It records a
// transfer as it happened; a transfer without means can be proposed but not
// taken over.
package handoff

import (
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Events of the stream handoff-<id>.
var Events = []ledger.Def{
	ledger.Event[Proposed]("handoff.proposed", "A unit wants to move a duty to another, with the means it names.", "单位提出移交职责，并写明随交的权限、人员、经费。"),
	ledger.Event[Accepted]("handoff.accepted", "The receiver took the duty over.", "接收单位接下职责。"),
	ledger.Event[Rejected]("handoff.rejected", "The receiver did not take the duty over.", "接收单位退回职责。"),
	ledger.Event[Recalled]("handoff.recalled", "The unit that proposed it took the handoff back.", "提出单位收回移交。"),
}

// Proposed: Authority says whether the power goes along; People are posts,
// Money is in yuan; Basis is the rule it rests on, with Verified false where
// nobody has checked the citation.
type Proposed struct {
	ID         string      `json:"id"`
	From       string      `json:"from"`
	To         string      `json:"to"`
	Duty       string      `json:"duty"`
	Title      string      `json:"title"`
	Mandate    string      `json:"mandate,omitempty"`
	Authority  bool        `json:"authority,omitempty"`
	People     int64       `json:"people,omitempty"`
	Money      string      `json:"money,omitempty"`
	Basis      string      `json:"basis,omitempty"`
	Verified   bool        `json:"verified,omitempty"`
	ApprovedBy string      `json:"approvedBy,omitempty"`
	ApprovedOn ledger.Date `json:"approvedOn,omitempty"`
	Document   string      `json:"document,omitempty"`
}

// Accepted takes the duty over.
type Accepted struct {
	Document string `json:"document,omitempty"`
}

// Rejected says why not.
type Rejected struct {
	Reason   string `json:"reason"`
	Document string `json:"document,omitempty"`
}

// Recalled says why it was taken back.
type Recalled struct {
	Reason string `json:"reason"`
}

// State is what decisions about one handoff look at.
type State struct {
	Proposed *Proposed
	Status   string // "", proposed, accepted, rejected, recalled
}

// Evolve records the proposal.
func (e Proposed) Evolve(s *State) { s.Proposed, s.Status = &e, "proposed" }

// Evolve closes it.
func (Accepted) Evolve(s *State) { s.Status = "accepted" }

// Evolve closes it.
func (Rejected) Evolve(s *State) { s.Status = "rejected" }

// Evolve closes it.
func (Recalled) Evolve(s *State) { s.Status = "recalled" }

// Facts is the look at the read model that decisions about handoffs take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	HasDocument(id string) bool
	Mandate(id string) (issuance.MandateFact, bool)
	// HandedTo follows accepted handoffs of a duty from a unit on, to the
	// units that took it over in turn.
	HandedTo(duty, from string) []string
}

// Commands of the stream handoff-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Propose]("handoff.propose", "Propose to move a duty to another unit. Role: clerk of the unit that hands over."),
	ledger.Command[Accept]("handoff.accept", "Take the duty over. Role: clerk of the receiver."),
	ledger.Command[Reject]("handoff.reject", "Do not take the duty over. Role: clerk of the receiver."),
	ledger.Command[Recall]("handoff.recall", "Take a proposed handoff back. Role: clerk of the unit that proposed it."),
}

// Propose wants to move a duty.
type Propose Proposed

// Accept takes it over.
type Accept struct {
	ID string `json:"id"`
	Accepted
}

// Reject does not.
type Reject struct {
	ID string `json:"id"`
	Rejected
}

// Recall takes the proposal back.
type Recall struct {
	ID string `json:"id"`
	Recalled
}

// Stream names the handoff's stream.
func (c Propose) Stream() string { return "handoff-" + c.ID }

// Stream names the handoff's stream.
func (c Accept) Stream() string { return "handoff-" + c.ID }

// Stream names the handoff's stream.
func (c Reject) Stream() string { return "handoff-" + c.ID }

// Stream names the handoff's stream.
func (c Recall) Stream() string { return "handoff-" + c.ID }

// Decide records the proposal whatever means it brings: that it was made is a
// fact. A duty that would come back to where it started is refused.
func (c Propose) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		ledger.CheckID("id", c.ID), ledger.CheckID("duty", c.Duty),
		unit.CheckCode("from", c.From), unit.CheckCode("to", c.To),
		unit.ActsFor(by, c.From),
		mandate.OpenUnit(f, "from", c.From), mandate.OpenUnit(f, "to", c.To),
		ledger.CheckText("title", c.Title, 120, true), ledger.CheckText("basis", c.Basis, 200, false),
		ledger.CheckDate("approvedOn", c.ApprovedOn, false), unit.CheckDocument(f, "document", c.Document, false),
	); err != nil {
		return nil, err
	}
	if s.Proposed != nil {
		return nil, ledger.Errorf(ledger.Conflict, "handoff.already_proposed", "编号 %s 的移交已经登记。", "Handoff %s is on record already.", c.ID).At("id")
	}
	if c.Mandate != "" {
		if _, ok := f.Mandate(c.Mandate); !ok {
			return nil, mandate.Unknown(c.Mandate).At("mandate")
		}
	}
	if err := c.checkApproval(f); err != nil {
		return nil, err
	}
	if c.Money != "" {
		if _, err := issuance.Number("money", c.Money); err != nil {
			return nil, err
		}
	}
	if c.People < 0 || c.People > 1_000_000 {
		return nil, ledger.Errorf(ledger.Invalid, "handoff.people", "随交人员应为 0 至 1000000 的整数。", "The people that go along are a whole number from 0 to 1,000,000.").At("people")
	}
	if c.Verified {
		return nil, ledger.Errorf(ledger.Forbidden, "handoff.own_citation", "移交单位不能自行认定所引依据已经核实。", "The unit that hands over cannot call its own citation verified.").At("verified")
	}
	if err := cycle(f, Proposed(c)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Proposed(c)}, nil
}

// checkApproval: an approval is another unit's, and a paper shows it.
func (c Propose) checkApproval(f Facts) error {
	if c.ApprovedBy == "" {
		return nil
	}
	if err := mandate.OpenUnit(f, "approvedBy", c.ApprovedBy); err != nil {
		return err
	}
	if c.ApprovedBy == c.From || c.Document == "" {
		return ledger.Refuse("handoff.approval_unproven", "批准须由移交单位以外的单位作出，并写明批准文件。", "An approval is given by another unit than the one that hands over, and its document is named.").At("approvedBy")
	}
	return nil
}

// Decide takes a duty over. A duty without the authority to carry it out, or
// with neither people nor money for it, cannot be taken; nor can one that
// moves to a lower level without the approval of a competent body (2021
// 基层治理意见; S2-18).
func (c Accept) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.receiver(c.ID, by), unit.CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	p := *s.Proposed
	if !p.HasMeans() {
		return nil, ledger.Refuse("handoff.without_means", "%[1]s 移交“%[2]s”未随交权限、人员或经费，%[3]s 不能接收；请补齐后重新提出，或予以退回。",
			"%[1]s hands %[2]q over without authority, people or money; %[3]s cannot take it. Propose it anew with the means, or reject it.", p.From, p.Title, p.To)
	}
	if p.ApprovedBy == "" && unit.LevelOf(p.To) > unit.LevelOf(p.From) {
		return nil, ledger.Refuse("handoff.without_approval", "%[1]s 向下级移交“%[2]s”，没有写明党委政府的批准，%[3]s 不能接收。",
			"%[1]s moves %[2]q to a lower level without the approval of a competent body; %[3]s cannot take it.", p.From, p.Title, p.To)
	}
	if err := cycle(f, p); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.Accepted}, nil
}

// HasMeans reports whether the duty came with authority and with people or
// money.
func (e Proposed) HasMeans() bool {
	money, err := exact.ParseDecimal(e.Money)
	return e.Authority && (e.People > 0 || err == nil && money > 0)
}

// Decide refuses the duty.
func (c Reject) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.receiver(c.ID, by), ledger.CheckText("reason", c.Reason, 300, true), unit.CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.Rejected}, nil
}

// Decide takes the proposal back.
func (c Recall) Decide(s State, _ Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := s.mustBeOpen(c.ID); err != nil {
		return nil, err
	}
	if err := ledger.First(unit.ActsFor(by, s.Proposed.From), ledger.CheckText("reason", c.Reason, 300, true)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.Recalled}, nil
}

func cycle(f Facts, p Proposed) error {
	back := p.From == p.To
	for _, u := range f.HandedTo(p.Duty, p.To) {
		back = back || u == p.From
	}
	if !back {
		return nil
	}
	return ledger.Refuse("handoff.cycle", "“%[1]s”由 %[2]s 移交 %[3]s 会转回原处，责任没有着落（CYCLE）。",
		"Handing %[1]q from %[2]s to %[3]s would bring it back to where it started (CYCLE).", p.Title, p.From, p.To).At("to")
}

func (s State) receiver(id string, by ledger.Actor) error {
	if err := s.mustBeOpen(id); err != nil {
		return err
	}
	return unit.ActsFor(by, s.Proposed.To)
}

func (s State) mustBeOpen(id string) error {
	switch {
	case s.Proposed == nil:
		return ledger.Refuse("handoff.unknown", "没有编号为“%s”的移交。", "There is no handoff %q.", id).At("id")
	case s.Status != "proposed":
		return ledger.Refuse("handoff.closed", "移交 %s 已经办结。", "Handoff %s is closed.", id).At("id")
	}
	return nil
}
