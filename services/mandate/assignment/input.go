package assignment

import (
	"time"

	"suyuan/services/ledger"
)

// Ref names the assignment a command is about.
type Ref struct {
	Issuance string `json:"issuance"`
	Unit     string `json:"unit"`
}

// Stream names the assignment's stream. A unit's code can be told from the
// issuance's id before it: its slug parts begin with letters, the code itself
// with a digit (see unit.ValidCode).
func (r Ref) Stream() string { return "assignment-" + r.Issuance + "-" + r.Unit }

// Deliver records the receipt of a line.
type Deliver struct {
	Ref
	At      *time.Time `json:"at,omitempty"`
	Channel string     `json:"channel,omitempty"`
}

// Acknowledge confirms it.
type Acknowledge struct {
	Ref
	At   *time.Time `json:"at,omitempty"`
	Text string     `json:"text,omitempty"`
}

// Object objects to it.
type Object struct {
	Ref
	ID         string      `json:"id"`
	Ground     Ground      `json:"ground"`
	Measure    string      `json:"measure,omitempty"`
	Constraint string      `json:"constraint,omitempty"`
	Reason     string      `json:"reason"`
	Document   string      `json:"document,omitempty"`
	OnPaper    ledger.Date `json:"onPaper,omitempty"`
}

// DecideObjection answers an objection.
type DecideObjection struct {
	Ref
	ID             string   `json:"id"`
	Decision       Decision `json:"decision"`
	Reason         string   `json:"reason,omitempty"`
	Document       string   `json:"document,omitempty"`
	ClearlyIllegal bool     `json:"clearlyIllegal,omitempty"`
}

// GrantResource gives means.
type GrantResource struct {
	Ref
	Kind     string `json:"kind"`
	Amount   string `json:"amount"`
	Needed   string `json:"needed,omitempty"`
	Document string `json:"document,omitempty"`
}

// Act records an act; By is the acting unit, which may be another than the
// receiver where several units share a task.
type Act struct {
	Ref
	By       string     `json:"by,omitempty"` // the receiver if left out
	Kind     string     `json:"kind"`
	Text     string     `json:"text,omitempty"`
	Power    string     `json:"power"`
	Channel  string     `json:"channel,omitempty"`
	KnownAt  *time.Time `json:"knownAt,omitempty"`
	At       *time.Time `json:"at,omitempty"`
	Document string     `json:"document,omitempty"`
}

// RequestStop asks to stop.
type RequestStop struct {
	Ref
	ID     string     `json:"id"`
	Reason string     `json:"reason"`
	At     *time.Time `json:"at,omitempty"`
}

// DecideStop answers it.
type DecideStop struct {
	Ref
	ID             string `json:"id"`
	Granted        bool   `json:"granted"`
	Reason         string `json:"reason,omitempty"`
	ClearlyIllegal bool   `json:"clearlyIllegal,omitempty"`
}

// Report gives the receiver's account.
type Report struct {
	Ref
	Amounts  []Delivery  `json:"amounts"`
	AsOf     ledger.Date `json:"asOf"`
	Document string      `json:"document,omitempty"`
}

// Verify gives an investigator's.
type Verify struct {
	Ref
	Amounts  []Delivery  `json:"amounts"`
	AsOf     ledger.Date `json:"asOf"`
	Document string      `json:"document"`
}

// VerifyFalsification records a false report.
type VerifyFalsification struct {
	Ref
	Who       string     `json:"who"`
	Amounts   []Delivery `json:"amounts"`
	OrderedBy string     `json:"orderedBy,omitempty"`
	Document  string     `json:"document"`
}
