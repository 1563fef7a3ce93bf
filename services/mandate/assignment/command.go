package assignment

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// LineFact is what a decision may know of the line an assignment rests on.
type LineFact struct {
	Issuer     string
	DirectedBy string
	InForce    bool
	Measures   []string
}

// Facts is the look at the read model that decisions about assignments take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	HasDocument(id string) bool
	Line(issuance, unit string) (LineFact, bool)
	Mandate(id string) (issuance.MandateFact, bool)
}

// Commands of the stream assignment-<issuance>-<unit>.
var Commands = []ledger.CommandDef{
	ledger.Command[Deliver]("assignment.deliver", "Record that a line reached its receiver. Role: clerk of the issuer or of the receiver."),
	ledger.Command[Acknowledge]("assignment.acknowledge", "Confirm that the task was received. Role: clerk of the receiver."),
	ledger.Command[Object]("assignment.object", "Object to what is asked. Role: clerk of the receiver; a reviewer may enter a dated paper objection with its document."),
	ledger.Command[DecideObjection]("assignment.decide_objection", "Answer an objection. Role: clerk of the unit that owes the decision."),
	ledger.Command[Lapse]("assignment.lapse", "Let an objection lapse that nobody answered within the days of the policy. Role: the system."),
	ledger.Command[GrantResource]("assignment.grant_resource", "Give means for the task. Role: clerk of the giving unit, on the chain above the receiver."),
	ledger.Command[Act]("assignment.act", "Record what the unit did about a danger or failure it knew of. Role: clerk of the acting unit, or investigator with the document."),
	ledger.Command[RequestStop]("assignment.request_stop", "Ask to stop. Role: clerk of the receiver."),
	ledger.Command[DecideStop]("assignment.decide_stop", "Answer a request to stop. Role: clerk of the unit that owes the decision."),
	ledger.Command[Report]("assignment.report", "Report what was delivered. Role: clerk of the receiver."),
	ledger.Command[Verify]("assignment.verify", "Record verified delivery. Role: investigator, with the document."),
	ledger.Command[VerifyFalsification]("assignment.verify_falsification", "Record a verified false report. Role: investigator, with the document."),
}

// line finds the line an assignment rests on; a unit that was not addressed
// has none.
func (r Ref) line(f Facts) (LineFact, error) {
	if err := ledger.First(ledger.CheckID("issuance", r.Issuance), unit.CheckCode("unit", r.Unit)); err != nil {
		return LineFact{}, err
	}
	l, ok := f.Line(r.Issuance, r.Unit)
	if !ok {
		return l, ledger.Refuse("assignment.not_addressed", "下达 %[2]s 没有派给 %[1]s，不能以它的名义办理。", "%[1]s was not addressed by issuance %[2]s and has nothing to answer.", r.Unit, r.Issuance).At("unit")
	}
	return l, nil
}

// open finds a line that is in force. What begins something needs one; an
// answer that is owed, and what is found out later, do not: an issuer cannot
// escape them by withdrawing.
func (r Ref) open(f Facts) (LineFact, error) {
	l, err := r.line(f)
	if err == nil && !l.InForce {
		return l, ledger.Refuse("assignment.not_in_force", "下达 %s 已经撤回或尚未登记齐，不能据以开始新的事项。", "Issuance %s was withdrawn or is not complete; nothing new can begin under it.", r.Issuance).At("issuance")
	}
	return l, err
}

// owes is the unit that owes decisions on the line: the one whose order the
// issuer carried out where that is on record, else the issuer.
func (l LineFact) owes() string {
	if l.DirectedBy != "" {
		return l.DirectedBy
	}
	return l.Issuer
}

// Decide records a delivery once.
func (c Deliver) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	l, err := c.open(f)
	if err != nil {
		return nil, err
	}
	if !by.Is(ledger.Clerk) || by.Unit != l.Issuer && by.Unit != c.Unit {
		return nil, unit.ActsFor(by, c.Unit)
	}
	if err := ledger.First(ledger.CheckWord("channel", c.Channel, "", "document", "meeting", "chat_group", "phone"), notLater("at", c.At, at)); err != nil {
		return nil, err
	}
	if s.Delivered {
		return nil, ledger.Refuse("assignment.already_delivered", "这项任务已记为送达。", "The line is recorded as delivered already.")
	}
	return []ledger.Evolver[State]{Delivered{c.Issuance, c.Unit, c.At, c.Channel}}, nil
}

// Decide confirms receipt, by the addressed unit only and once.
func (c Acknowledge) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if _, err := c.open(f); err != nil {
		return nil, err
	}
	if err := ledger.First(unit.ActsFor(by, c.Unit), ledger.CheckText("text", c.Text, 200, false), notLater("at", c.At, at)); err != nil {
		return nil, err
	}
	if s.Acknowledged {
		return nil, ledger.Refuse("assignment.already_acknowledged", "这项任务已经签收。", "The line is acknowledged already.")
	}
	return []ledger.Evolver[State]{Acknowledged{c.Issuance, c.Unit, c.At, c.Text}}, nil
}

// Decide raises an objection against an open line.
func (c Object) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	stated := by.Is(ledger.Reviewer)
	find := c.open
	if stated { // it was raised when the line stood
		find = c.line
	}
	l, err := find(f)
	if err != nil {
		return nil, err
	}
	if stated && (c.Document == "" || c.OnPaper == "") {
		return nil, ledger.Errorf(ledger.Invalid, "assignment.paper_objection", "审议员补录书面异议，须写明日期（onPaper）和文件。", "A reviewer enters a paper objection with its date (onPaper) and document.").At("document")
	}
	if !stated && c.OnPaper != "" {
		return nil, ledger.Errorf(ledger.Forbidden, "assignment.paper_by_reviewer", "以前的书面异议由审议员凭文件补录；现在提出异议不写 onPaper。", "An earlier objection on paper is entered by a reviewer, from its document; to object now, leave onPaper out.").At("onPaper")
	}
	if err := mayObject(by, c.Unit, stated); err != nil {
		return nil, err
	}
	if err := ledger.First(
		ledger.CheckID("id", c.ID),
		ledger.CheckWord("ground", c.Ground, Infeasible, OffList, Unresourced, Conflicting, Illegal),
		ledger.CheckText("reason", c.Reason, 500, true),
		ledger.CheckText("constraint", c.Constraint, ledger.MaxIDLen, false),
		ledger.CheckDate("onPaper", c.OnPaper, false),
		ofLine(l, "measure", c.Measure, false),
		unit.CheckDocument(f, "document", c.Document, false),
	); err != nil {
		return nil, err
	}
	if c.OnPaper.Valid() && c.OnPaper.Time().After(at) {
		return nil, ledger.Refuse("assignment.in_future", "日期 %s 还没有到。", "The date %s has not come yet.", c.OnPaper).At("onPaper")
	}
	if _, ok := s.Objections[c.ID]; ok {
		return nil, ledger.Errorf(ledger.Conflict, "assignment.objection_exists", "编号 %s 的异议已经登记。", "Objection %s is on record already.", c.ID).At("id")
	}
	if len(s.Objections) >= 50 {
		return nil, ledger.Refuse("assignment.too_many_objections", "一项任务最多登记 50 次异议。", "An assignment takes at most 50 objections.")
	}
	return []ledger.Evolver[State]{Objected{
		Issuance: c.Issuance, Unit: c.Unit, ID: c.ID, Ground: c.Ground, Measure: c.Measure, Constraint: c.Constraint,
		Reason: c.Reason, OwedBy: l.owes(), Document: c.Document, OnPaper: c.OnPaper, Stated: stated,
	}}, nil
}

// mayObject: the receiver's own clerk, or a reviewer of that territory.
func mayObject(by ledger.Actor, code string, stated bool) error {
	if stated {
		return unit.InJurisdiction(by, code)
	}
	return unit.ActsFor(by, code)
}

// Decide answers an objection: only the unit that owes the decision, once.
func (c DecideObjection) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if _, err := c.line(f); err != nil {
		return nil, err
	}
	if err := owed(s.Objections, c.ID, by); err != nil {
		return nil, err
	}
	if err := ledger.First(
		ledger.CheckWord("decision", c.Decision, Accepted, Modified, Insisted),
		ledger.CheckText("reason", c.Reason, 500, c.Decision == Insisted),
		unit.CheckDocument(f, "document", c.Document, false),
	); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{ObjectionDecided{c.ID, by.Unit, c.Decision, c.Reason, c.Document, c.ClearlyIllegal}}, nil
}

// Decide records means given by a unit that stands above the receiver on the
// line: its issuer or the unit that directed it.
func (c GrantResource) Decide(_ State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	l, err := c.open(f)
	if err != nil {
		return nil, err
	}
	giver := l.Issuer
	if l.DirectedBy != "" && by.Unit == l.DirectedBy {
		giver = l.DirectedBy
	}
	if err := ledger.First(unit.ActsFor(by, giver), ledger.CheckWord("kind", c.Kind, "money", "people", "equipment", "other"), unit.CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	if _, err := issuance.Number("amount", c.Amount); err != nil {
		return nil, err
	}
	if c.Needed != "" {
		if _, err := issuance.Number("needed", c.Needed); err != nil {
			return nil, err
		}
	}
	return []ledger.Evolver[State]{ResourceGranted{by.Unit, c.Kind, c.Amount, c.Needed, c.Document}}, nil
}

// Decide records an act of the unit's own, or one that an investigator
// established from a document.
func (c Act) Decide(_ State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if _, err := c.line(f); err != nil {
		return nil, err
	}
	who := c.By
	if who == "" {
		who = c.Unit
	}
	if err := ledger.First(
		mandate.OpenUnit(f, "by", who), mandate.MayWrite(by, who, c.Document), unit.CheckDocument(f, "document", c.Document, false),
		ledger.CheckWord("kind", c.Kind, "stop_order", "escalation", "remedy", "reply", "drafted_penalty", "other"),
		ledger.CheckWord("power", c.Power, "stop", "supervise", "coordinate", "none"),
		ledger.CheckWord("channel", c.Channel, "", "document", "meeting", "chat_group", "phone"),
		ledger.CheckText("text", c.Text, 500, false),
		notLater("knownAt", c.KnownAt, at), notLater("at", c.At, at),
	); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Acted{c.Issuance, who, c.Kind, c.Text, c.Power, c.Channel, c.KnownAt, c.At, c.Document}}, nil
}

// Decide asks to stop.
func (c RequestStop) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	l, err := c.open(f)
	if err != nil {
		return nil, err
	}
	if err := ledger.First(unit.ActsFor(by, c.Unit), ledger.CheckID("id", c.ID), ledger.CheckText("reason", c.Reason, 500, true), notLater("at", c.At, at)); err != nil {
		return nil, err
	}
	if _, ok := s.Stops[c.ID]; ok || len(s.Stops) >= 50 {
		return nil, ledger.Errorf(ledger.Conflict, "assignment.stop_exists", "编号 %s 的停止请求已经登记，或请求过多。", "Request %s is on record already, or there are too many.", c.ID).At("id")
	}
	return []ledger.Evolver[State]{StopRequested{c.Issuance, c.Unit, c.ID, c.Reason, l.owes(), c.At}}, nil
}

// Decide answers a request to stop.
func (c DecideStop) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if _, err := c.line(f); err != nil {
		return nil, err
	}
	if err := ledger.First(owed(s.Stops, c.ID, by), ledger.CheckText("reason", c.Reason, 500, false)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{StopDecided{c.ID, by.Unit, c.Granted, c.Reason, c.ClearlyIllegal}}, nil
}

// Decide records the receiver's account.
func (c Report) Decide(_ State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	l, err := c.line(f)
	if err != nil {
		return nil, err
	}
	if err := ledger.First(unit.ActsFor(by, c.Unit), deliveries(f, l, c.Amounts), asOf(c.AsOf, at), unit.CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Reported{c.Issuance, c.Unit, c.Amounts, c.AsOf, c.Document}}, nil
}

// Decide records verified delivery.
func (c Verify) Decide(_ State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	l, err := c.line(f)
	if err != nil {
		return nil, err
	}
	if err := ledger.First(investigator(by, c.Unit), deliveries(f, l, c.Amounts), asOf(c.AsOf, at), unit.CheckDocument(f, "document", c.Document, true)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{VerifiedDelivery{c.Issuance, c.Unit, by.Unit, c.Amounts, c.AsOf, c.Document}}, nil
}

// Decide records a verified false report.
func (c VerifyFalsification) Decide(_ State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	l, err := c.line(f)
	if err != nil {
		return nil, err
	}
	if err := ledger.First(investigator(by, c.Unit), mandate.OpenUnit(f, "who", c.Who), deliveries(f, l, c.Amounts), unit.CheckDocument(f, "document", c.Document, true)); err != nil {
		return nil, err
	}
	if c.OrderedBy != "" {
		if err := mandate.OpenUnit(f, "orderedBy", c.OrderedBy); err != nil {
			return nil, err
		}
	}
	return []ledger.Evolver[State]{FalsificationVerified{c.Issuance, c.Unit, c.Who, by.Unit, c.Amounts, c.OrderedBy, c.Document}}, nil
}
