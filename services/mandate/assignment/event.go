// Package assignment holds what one unit received by one line of one issuance
// and what became of it: taken in, objected to, resourced, acted on, reported,
// verified. It names units only.
package assignment

import (
	"time"

	"suyuan/services/ledger"
)

// Ground is why a unit objects.
type Ground string

// The grounds of an objection.
const (
	Infeasible  Ground = "infeasible"
	OffList     Ground = "off_list"
	Unresourced Ground = "unresourced"
	Conflicting Ground = "conflicting"
	Illegal     Ground = "illegal"
)

// Decision is how an objection was answered.
type Decision string

// The answers. Insisted, and lapsed (no answer in time), charge the unit that
// owed the decision.
const (
	Accepted Decision = "accepted"
	Modified Decision = "modified"
	Insisted Decision = "insisted"
	Lapsed   Decision = "lapsed"
)

// Events of the stream assignment-<issuance>-<unit>.
var Events = []ledger.Def{
	ledger.Event[Delivered]("assignment.delivered", "The line reached its receiver.", "任务送达接收单位。"),
	ledger.Event[Acknowledged]("assignment.acknowledged", "The receiver confirmed that it has the task; that is no action on it.", "接收单位确认收到；收到不等于办理。"),
	ledger.Event[Objected]("assignment.objected", "The receiver says that it cannot be done as asked.", "接收单位提出异议。"),
	ledger.Event[ObjectionDecided]("assignment.objection_decided", "The unit that owed it answered an objection.", "应答复的单位对异议作出答复。"),
	ledger.Event[ResourceGranted]("assignment.resource_granted", "Means were given for the task.", "为任务拨付人财物。"),
	ledger.Event[Acted]("assignment.acted", "A unit did something, or said it would, about a danger or failure it knew of.", "单位对所知的隐患或问题采取的行动。"),
	ledger.Event[StopRequested]("assignment.stop_requested", "The receiver asked to stop.", "接收单位请求停止。"),
	ledger.Event[StopDecided]("assignment.stop_decided", "A request to stop was answered.", "对停止请求作出答复。"),
	ledger.Event[Reported]("assignment.reported", "The receiver reported what it delivered.", "接收单位报告完成情况。"),
	ledger.Event[VerifiedDelivery]("assignment.verified", "What was delivered was verified.", "完成情况经核实。"),
	ledger.Event[FalsificationVerified]("assignment.falsification_verified", "A false report was verified: who, how much, on whose order.", "查实弄虚作假：谁、多少、受谁指使。"),
}

// Delivered: At is when, if known more exactly than the recording.
type Delivered struct {
	Issuance string     `json:"issuance"`
	Unit     string     `json:"unit"`
	At       *time.Time `json:"at,omitempty"`
	Channel  string     `json:"channel,omitempty"`
}

// Acknowledged is 收到, with what else was said.
type Acknowledged struct {
	Issuance string     `json:"issuance"`
	Unit     string     `json:"unit"`
	At       *time.Time `json:"at,omitempty"`
	Text     string     `json:"text,omitempty"`
}

// Objected: OwedBy is the unit that owes the decision, found when it was
// raised. An objection on paper from before carries its date and document and
// was entered by a reviewer (Stated).
type Objected struct {
	Issuance   string      `json:"issuance"`
	Unit       string      `json:"unit"`
	ID         string      `json:"id"`
	Ground     Ground      `json:"ground"`
	Measure    string      `json:"measure,omitempty"`
	Constraint string      `json:"constraint,omitempty"`
	Reason     string      `json:"reason"`
	OwedBy     string      `json:"owedBy"`
	Document   string      `json:"document,omitempty"`
	OnPaper    ledger.Date `json:"onPaper,omitempty"`
	Stated     bool        `json:"stated,omitempty"`
}

// ObjectionDecided answers one objection. ClearlyIllegal marks an insisted
// order that was clearly illegal (公务员法 60).
type ObjectionDecided struct {
	ID             string   `json:"id"`
	By             string   `json:"by"`
	Decision       Decision `json:"decision"`
	Reason         string   `json:"reason,omitempty"`
	Document       string   `json:"document,omitempty"`
	ClearlyIllegal bool     `json:"clearlyIllegal,omitempty"`
}

// ResourceGranted gives means of one kind: how much was given now and, where
// known, how much is needed in all.
type ResourceGranted struct {
	By       string `json:"by"`
	Kind     string `json:"kind"`
	Amount   string `json:"amount"`
	Needed   string `json:"needed,omitempty"`
	Document string `json:"document,omitempty"`
}

// Acted: Kind is what was done (stop_order, escalation, remedy, reply,
// drafted_penalty, other); Power is what the unit could do by its duties
// (stop, supervise, coordinate, none); KnownAt since when it knew; At when it
// acted. Whether an act was effective is liability's to judge.
type Acted struct {
	Issuance string     `json:"issuance"`
	Unit     string     `json:"unit"`
	Kind     string     `json:"kind"`
	Text     string     `json:"text,omitempty"`
	Power    string     `json:"power"`
	Channel  string     `json:"channel,omitempty"`
	KnownAt  *time.Time `json:"knownAt,omitempty"`
	At       *time.Time `json:"at,omitempty"`
	Document string     `json:"document,omitempty"`
}

// StopRequested asks the unit that owes the decision to let work stop.
type StopRequested struct {
	Issuance string     `json:"issuance"`
	Unit     string     `json:"unit"`
	ID       string     `json:"id"`
	Reason   string     `json:"reason"`
	OwedBy   string     `json:"owedBy"`
	At       *time.Time `json:"at,omitempty"`
}

// StopDecided answers it.
type StopDecided struct {
	ID             string `json:"id"`
	By             string `json:"by"`
	Granted        bool   `json:"granted"`
	Reason         string `json:"reason,omitempty"`
	ClearlyIllegal bool   `json:"clearlyIllegal,omitempty"`
}

// Delivery is an amount of one measure.
type Delivery struct {
	Measure string `json:"measure"`
	Value   string `json:"value"`
}

// Reported is the receiver's own account as of a date.
type Reported struct {
	Issuance string      `json:"issuance"`
	Unit     string      `json:"unit"`
	Amounts  []Delivery  `json:"amounts"`
	AsOf     ledger.Date `json:"asOf"`
	Document string      `json:"document,omitempty"`
}

// VerifiedDelivery is what was found on the spot.
type VerifiedDelivery struct {
	Issuance string      `json:"issuance"`
	Unit     string      `json:"unit"`
	By       string      `json:"by"`
	Amounts  []Delivery  `json:"amounts"`
	AsOf     ledger.Date `json:"asOf"`
	Document string      `json:"document"`
}

// FalsificationVerified: Who falsified how much of which measure, on whose
// order where there was one.
type FalsificationVerified struct {
	Issuance  string     `json:"issuance"`
	Unit      string     `json:"unit"`
	Who       string     `json:"who"`
	By        string     `json:"by"`
	Amounts   []Delivery `json:"amounts"`
	OrderedBy string     `json:"orderedBy,omitempty"`
	Document  string     `json:"document"`
}

// State is what decisions about one assignment look at.
type State struct {
	Delivered    bool
	Acknowledged bool
	Objections   map[string]Open // by id
	Stops        map[string]Open
}

// Open is a question and the unit that owes the answer.
type Open struct {
	OwedBy  string
	Decided bool
}

// Evolve marks the line as delivered.
func (Delivered) Evolve(s *State) { s.Delivered = true }

// Evolve marks the line as confirmed.
func (Acknowledged) Evolve(s *State) { s.Delivered, s.Acknowledged = true, true }

// Evolve opens the objection.
func (e Objected) Evolve(s *State) { open(&s.Objections, e.ID, e.OwedBy) }

// Evolve closes it.
func (e ObjectionDecided) Evolve(s *State) { closeOpen(s.Objections, e.ID) }

// Evolve opens the request.
func (e StopRequested) Evolve(s *State) { open(&s.Stops, e.ID, e.OwedBy) }

// Evolve closes it.
func (e StopDecided) Evolve(s *State) { closeOpen(s.Stops, e.ID) }

// Evolve changes nothing that later decisions look at.
func (ResourceGranted) Evolve(*State) {}

// Evolve changes nothing that later decisions look at.
func (Acted) Evolve(*State) {}

// Evolve changes nothing that later decisions look at.
func (Reported) Evolve(*State) {}

// Evolve changes nothing that later decisions look at.
func (VerifiedDelivery) Evolve(*State) {}

// Evolve changes nothing that later decisions look at.
func (FalsificationVerified) Evolve(*State) {}

func open(m *map[string]Open, id, owedBy string) {
	if *m == nil {
		*m = map[string]Open{}
	}
	(*m)[id] = Open{OwedBy: owedBy}
}

func closeOpen(m map[string]Open, id string) {
	if o, ok := m[id]; ok {
		o.Decided = true
		m[id] = o
	}
}
