package outcome

import (
	"time"

	"suyuan/services/ledger"
)

// Commands of the stream outcome-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Penalise]("outcome.penalise", "Record what a unit was penalised for. Role: investigator, or clerk of the body that took the measure."),
	ledger.Command[Correct]("outcome.correct", "Correct what is on record about an outcome. Role: as for penalise."),
	ledger.Command[Say]("outcome.state", "State from a document what the ledger cannot know. Role: reviewer who is not tied to the units."),
	ledger.Command[Join]("outcome.join", "Let an outcome that was recorded twice go on as the other. Role: investigator."),
}

// Penalise records an outcome. It has no id of its own: the same mandate,
// measure, unit and day are the same outcome, unless Serial says that it is
// the second of them, or the third; the one before it is on record by then.
type Penalise struct {
	Kind             Kind       `json:"kind"`
	Title            string     `json:"title"`
	Mandate          string     `json:"mandate,omitempty"`
	Measure          string     `json:"measure,omitempty"`
	Unit             string     `json:"unit"`
	Issuance         string     `json:"issuance,omitempty"`
	Competing        []string   `json:"competing,omitempty"`
	OccurredAt       time.Time  `json:"occurredAt"`
	Serial           int        `json:"serial,omitempty"`
	Required         string     `json:"required,omitempty"`
	Verified         string     `json:"verified,omitempty"`
	Capacity         string     `json:"capacity,omitempty"`
	CapacityFrom     string     `json:"capacityFrom,omitempty"`
	CapacityDocument string     `json:"capacityDocument,omitempty"`
	Penalties        []Penalty  `json:"penalties"`
	KnownSince       *time.Time `json:"knownSince,omitempty"`
	Warned           []Warning  `json:"warned,omitempty"`
	Document         string     `json:"document"`
	Fictional        bool       `json:"fictional,omitempty"`
	Assumed          []string   `json:"assumed,omitempty"`
}

// Correct corrects the outcome ID.
type Correct struct {
	ID string `json:"id"`
	Corrected
}

// Say states one point of the outcome ID. Unit is left out where the point
// can only be about the executor, or about no unit.
type Say struct {
	ID       string      `json:"id"`
	Point    Point       `json:"point"`
	Unit     string      `json:"unit,omitempty"`
	Value    string      `json:"value,omitempty"`
	By       string      `json:"by,omitempty"`
	OnPaper  ledger.Date `json:"onPaper,omitempty"`
	Reason   string      `json:"reason"`
	Document string      `json:"document"`
}

// Join lets the outcome ID go on as another.
type Join struct {
	ID string `json:"id"`
	Joined
}

// Stream names the outcome's stream.
func (c Penalise) Stream() string { return stream(c.id()) }

// Stream names the outcome's stream.
func (c Correct) Stream() string { return stream(c.ID) }

// Stream names the outcome's stream.
func (c Say) Stream() string { return stream(c.ID) }

// Stream names the outcome's stream.
func (c Join) Stream() string { return stream(c.ID) }

func stream(id string) string { return "outcome-" + id }

func (c Penalise) id() string { return c.nth(c.Serial) }

func (c Penalise) nth(n int) string { return NthID(c.Mandate, c.Measure, c.Unit, c.OccurredAt, n) }
