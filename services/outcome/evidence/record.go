// Package evidence reads one outcome beside the recorded history and makes of
// both the case that JRA-1 divides: which fact counts, from which event, and
// what has to be asked of the reviewer because no event says it. It is pure:
// whoever gathers the record (the read model) decides nothing, and nothing is
// decided here that is not in the record.
//
// What clears a unit counts only where it was recorded before the outcome
// occurred; a paper from before counts where a reviewer states it.
package evidence

import (
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
	"suyuan/services/unit"
)

// Event is a recorded event that a fact rests on.
type Event struct {
	Ordinal  uint64    `json:"ordinal"`
	Type     string    `json:"type"`
	Hash     string    `json:"hash"`
	Recorded time.Time `json:"recorded"`
}

// Record is everything on record around one outcome, as known at one ordinal.
// Units are codes. Lists stand in the order of their events; where a number
// belongs to the measure it is in the measure's own terms (a frequency per 30
// days), steps are positive where they made things harder.
type Record struct {
	// Own are the outcome's own events, in the order of its stream.
	Own      []Event
	Executor string
	At       time.Time // of the outcome
	// Origin and Lead are the mandate's as they stood at the outcome, Duty the
	// item of the duty lists; empty where none is on record.
	Origin, Lead, Duty   string
	OriginFrom, LeadFrom []Event // that say so

	// Steps are attribution's on the executor's line as it stood at the
	// outcome, upstream first, zeros included; the executor takes none. Lines
	// amended or withdrawn after the outcome stand as before. Linear says that
	// there is one chain on which no unit stands twice.
	Steps  []Step
	Linear bool
	// Layers are attribution's layers of the same line, needed where it is not
	// linear; an intensity, of which there is never more than one line, has none.
	Layers []Step
	// Reference is where an intensity began: the first step is that unit's,
	// with amount 0. Nil for what divides.
	Reference *exact.Rat
	// Lower: less is harder, as for a deadline.
	Lower bool
	// Frequency: the outcome's own figures are times per days, written 1/7.
	Frequency bool
	// Provisional: the first unit is not the mandate's recorded origin; Above is
	// what it had itself received by a paper above the chain, where known.
	Provisional bool
	Above       *exact.Rat

	// Authority is what the executor's line says; AuthorityFrom are its events.
	Authority     *bool
	AuthorityFrom []Event
	Given, Needed []Resource
	Split         *Split
	Delivered     *Receipt
	Acknowledged  *Receipt

	Verified, Reported []Figure // deliveries of the executor, of this measure and line
	Capacities         []Figure // of units of the chain; Of says of what
	Objections         []Objection
	Stops              []Stop
	Duties             []Duty
	Acts               []Act
	Acks               []Ack
	Falsifications     []Falsification

	// Constraints are the mandate's conditions; Infeasible says that no whole
	// numbers meet those that are written as sums.
	Constraints []Constraint
	Infeasible  bool
	// Demands are what the competing issuances asked of the executor.
	Demands []Demand
}

// Step is a unit's part in what was asked of the executor. Events are those by
// which it passed the line on, the issuance first.
type Step struct {
	Unit, Issuance, Document string
	DirectedBy               string // the unit whose order it carried out on this line
	Amount                   exact.Rat
	// Approved is how much of a positive amount, as far as it lies on this
	// line, was approved and came with means.
	Approved exact.Rat
	// Permitted is how much of it was approved, with means or without.
	Permitted exact.Rat
	// Root: the unit received nothing for it; each branch has one.
	Root   bool
	Source string // who vouches: declared, verified
	Events []Event
}

// Resource is means of one kind. Of those needed, the newest event of a kind
// counts; what was given adds up.
type Resource struct {
	Kind   string
	Amount exact.Rat
	By     string
	Event  Event
}

// Split says whether a competent body approved that the executor was given a
// task that is not its own.
type Split struct {
	Approved bool
	By       string
	Document string
	Events   []Event
}

// Receipt is a delivery or an acknowledgement. At is when, where it says so.
type Receipt struct {
	At    *time.Time
	Event Event
}

// Figure is a number found or reported. Of is the measure, or a quantity of
// the mandate's conditions. Parts are the events of what it sums, where it is a
// sum; Event is the newest of them.
type Figure struct {
	Unit, Of string
	Value    exact.Rat
	Verified bool
	AsOf     ledger.Date
	Document string
	Event    Event
	Parts    []Event
}

// Objection is a unit's word against a line of the chain. Due is when it
// lapses if nobody answers, nil where that cannot be told; Decision and
// Decided are as known, whenever that was.
type Objection struct {
	Unit, Issuance, ID string
	Ground             assignment.Ground
	Constraint         string
	OwedBy             string
	Raised             Event
	OnPaper            ledger.Date
	Stated             bool // entered by a reviewer from a paper
	Document           string
	Due                *time.Time
	Decision           assignment.Decision // empty while open
	DecidedBy          string
	Decided            *Event
	ClearlyIllegal     bool
}

// Stop is a request to stop. Answered is nil while it is open.
type Stop struct {
	Unit, ID, OwedBy string
	At               *time.Time
	Requested        Event
	Answered         *Event
	Granted          bool
	DecidedBy        string
	ClearlyIllegal   bool
}

// Duty is how the mandate's item stood on a unit's duty list at the outcome:
// empty Class with HasList where it is not on it.
type Duty struct {
	Unit    string
	HasList bool
	Class   unit.Class
	Event   *Event
}

// Act is what a unit did about a danger, in the words of assignment's acts.
type Act struct {
	Unit, Kind, Power, Channel string
	KnownAt, At                *time.Time
	Document                   string
	Event                      Event
}

// Ack is a unit's 收到.
type Ack struct {
	Unit  string
	At    *time.Time
	Event Event
}

// Falsification is a verified false report; Amount is nil where it names none
// of this measure.
type Falsification struct {
	Who, OrderedBy string
	Amount         *exact.Rat
	Document       string
	Event          Event
}

// Constraint is a condition and who set it.
type Constraint struct {
	Key, Author, Text string
	Event             Event
}

// Demand is what one of several competing issuances asked. Events are those
// by which it was asked, the issuance first.
type Demand struct {
	Unit, Issuance string
	Amount         exact.Rat
	Events         []Event
}
