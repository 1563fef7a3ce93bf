// Package outcome holds what a unit was penalised for, a shortfall, a missed
// date or an accident, as it was found: what was asked, what was verified, by
// whom and under which rule the measure was taken, who had been warned. It
// divides no responsibility: evidence reads it beside the recorded history,
// liability divides, a finding hears and decides. It names units only.
package outcome

import (
	"time"

	"suyuan/services/ledger"
)

// Kind is the sort of outcome; it decides how responsibility for it divides.
type Kind string

// The kinds. A missed deadline, like any intensity, is a quantity.
const (
	Quantity      Kind = "quantity"      // less was delivered than asked
	Contradiction Kind = "contradiction" // no lawful plan meets every condition
	Competing     Kind = "competing"     // several ask one unit at once for more than it can
	Conduct       Kind = "conduct"       // harm that somebody could have stopped
)

// Kinds lists every kind.
var Kinds = []Kind{Quantity, Contradiction, Competing, Conduct}

// Form is what was done to the unit, under the codes of the glossary.
type Form string

// The forms of a penalty.
const (
	Circular        Form = "circular"         // 通报
	Score           Form = "score"            // points taken off in an assessment
	Veto            Form = "veto"             // 一票否决
	ReminderTalk    Form = "reminder_talk"    // 提醒谈话
	Summons         Form = "summons"          // 约谈
	SelfExamination Form = "self_examination" // 书面检查
	Admonition      Form = "admonition"       // 诫勉
	OrgHandling     Form = "org_handling"     // 组织处理
	GovSanction     Form = "gov_sanction"     // 政务处分
	Discipline      Form = "discipline"       // 纪律处分
	Removal         Form = "removal"          // 撤职
	CaseFiled       Form = "case_filed"       // 立案
	OtherForm       Form = "other"
)

// Forms lists every form.
var Forms = []Form{Circular, Score, Veto, ReminderTalk, Summons, SelfExamination, Admonition, OrgHandling, GovSanction, Discipline, Removal, CaseFiled, OtherForm}

// Events of the stream outcome-<id>.
var Events = []ledger.Def{
	ledger.Event[Penalised]("outcome.penalised", "A unit was penalised for a shortfall or an accident.", "单位因未完成任务或发生事故受到处理。"),
	ledger.Event[Corrected]("outcome.corrected", "What is on record about an outcome was corrected.", "对结果的记载作出更正。"),
	ledger.Event[Stated]("outcome.stated", "A reviewer stated, from a document, what the ledger cannot know.", "审议员依据文件补充账上无从查知的情况。"),
	ledger.Event[Joined]("outcome.joined", "The outcome was recorded twice and goes on as another.", "同一结果重复登记，并入另一条。"),
}

// Penalised is an outcome and what followed. Numbers are exact decimals in the
// measure's own terms (a frequency is written 1/7); of a deadline, Verified is
// the value that was kept instead.
type Penalised struct {
	ID         string    `json:"id"`
	Kind       Kind      `json:"kind"`
	Title      string    `json:"title"`
	Mandate    string    `json:"mandate,omitempty"`   // empty only for an accident
	Measure    string    `json:"measure,omitempty"`   // <mandate>/<key>; empty for contradiction and conduct
	Unit       string    `json:"unit"`                // the executor that was penalised
	Issuance   string    `json:"issuance,omitempty"`  // by which it was asked; empty where there is only one
	Competing  []string  `json:"competing,omitempty"` // issuances that asked the same at once
	OccurredAt time.Time `json:"occurredAt"`
	// Serial tells the second outcome of one mandate, measure, unit and day from
	// the first, and a third from both; the first has none.
	Serial   int    `json:"serial,omitempty"`
	Required string `json:"required,omitempty"`
	Verified string `json:"verified,omitempty"`
	// Capacity is what the executor could do, CapacityFrom says in words where
	// the figure comes from, and CapacityDocument shows it. Of a frequency a
	// number without days is times per 30 days.
	Capacity         string    `json:"capacity,omitempty"`
	CapacityFrom     string    `json:"capacityFrom,omitempty"`
	CapacityDocument string    `json:"capacityDocument,omitempty"`
	Penalties        []Penalty `json:"penalties"`
	// KnownSince is when a danger was first told, Warned who was told of it.
	KnownSince *time.Time `json:"knownSince,omitempty"`
	Warned     []Warning  `json:"warned,omitempty"`
	Document   string     `json:"document"`
	Fictional  bool       `json:"fictional,omitempty"` // a published case played in an invented division
	Assumed    []string   `json:"assumed,omitempty"`   // what the published report leaves open
}

// Penalty is one measure taken. Rule is the id of a rule on record, empty
// where the body named none.
type Penalty struct {
	Form     Form        `json:"form"`
	Body     string      `json:"body"` // unit that took it
	Rule     string      `json:"rule,omitempty"`
	On       ledger.Date `json:"on"`
	Document string      `json:"document,omitempty"`
	Text     string      `json:"text,omitempty"`
}

// Warning is a unit that was told of a danger: what it answered and what it
// did, in the words of assignment's acts. Power is what it could do by its
// duties, empty where that is not known.
type Warning struct {
	Unit       string     `json:"unit"`
	At         time.Time  `json:"at"`
	Channel    string     `json:"channel,omitempty"` // document, meeting, chat_group, phone
	Answer     string     `json:"answer,omitempty"`
	AnsweredAt *time.Time `json:"answeredAt,omitempty"`
	Did        string     `json:"did,omitempty"` // stop_order, escalation, remedy, reply, drafted_penalty, other
	DidAt      *time.Time `json:"didAt,omitempty"`
	Power      string     `json:"power,omitempty"` // stop, supervise, coordinate, none
	Document   string     `json:"document,omitempty"`
}

// Corrected replaces what it names and leaves the rest. The hour may change,
// the day may not: another day is another outcome.
type Corrected struct {
	OccurredAt       *time.Time `json:"occurredAt,omitempty"`
	Required         *string    `json:"required,omitempty"`
	Verified         *string    `json:"verified,omitempty"`
	Capacity         *string    `json:"capacity,omitempty"` // empty: it is not known after all
	CapacityFrom     *string    `json:"capacityFrom,omitempty"`
	CapacityDocument *string    `json:"capacityDocument,omitempty"`
	Penalties        *[]Penalty `json:"penalties,omitempty"`
	KnownSince       *time.Time `json:"knownSince,omitempty"`
	Warned           *[]Warning `json:"warned,omitempty"`
	Reason           string     `json:"reason"`
	Document         string     `json:"document"`
}

// Stated is what a reviewer says from a document where the ledger is silent
// or cannot know. Of several with one id the last counts; see Point for the
// values. OnPaper is the date of what the document shows.
type Stated struct {
	ID       string      `json:"id"` // StatementID(Point, Unit)
	Point    Point       `json:"point"`
	Unit     string      `json:"unit,omitempty"` // whom it is about
	Value    string      `json:"value,omitempty"`
	By       string      `json:"by,omitempty"` // the unit the statement names besides: who insisted, who owns the task
	OnPaper  ledger.Date `json:"onPaper,omitempty"`
	Reason   string      `json:"reason"`
	Document string      `json:"document"`
}

// Joined: the outcome was recorded twice under different days and goes on as
// Into; this one is no outcome of its own any more.
type Joined struct {
	Into   string `json:"into"`
	Reason string `json:"reason"`
}
