package seeds

import (
	"encoding/json"
	"time"

	"suyuan/services/ledger"
)

// Division is what the code of every unit in a scenario begins with. No real
// province has it.
const Division = "99"

// Scenario is one case as dated commands.
type Scenario struct {
	ID      string        `json:"id"`
	Case    string        `json:"case,omitempty"` // row of the published inventory, S4-18
	Title   ledger.Text   `json:"title"`
	Source  string        `json:"source"`            // the report it is drawn from, and its date
	Assumed []string      `json:"assumed,omitempty"` // what the report leaves open
	Steps   []Step        `json:"steps"`             // by date; those that enter Units come first
	Expect  []Expectation `json:"expect,omitempty"`
}

// Step is one command at its date.
type Step struct {
	At      time.Time       `json:"at"`
	By      By              `json:"by"`
	Do      string          `json:"do"`                // the command's name
	With    json.RawMessage `json:"with"`              // its input
	Refused string          `json:"refused,omitempty"` // the rule that must refuse it; empty: it must succeed
	Note    string          `json:"note,omitempty"`    // what the step stands for
	Recent  bool            `json:"recent,omitempty"`  // a demonstration takes it within the last days: see Recent

	key   string // idempotency key
	place string // steps[3], for messages
}

// By is who acts: a role in a unit, never a person. As tells accounts of one
// role in one unit apart, where two have to agree: "2". The role System stands
// alone: it is the ledger's own reactors, when a day has come.
type By struct {
	Role ledger.Role `json:"role"`
	Unit string      `json:"unit,omitempty"`
	As   string      `json:"as,omitempty"`
}

// System is the role of steps that nobody takes: a day came.
const System ledger.Role = "system"

// Actor is the opaque account that plays the role: clerk-990101,
// reviewer-9901-jw-2.
func (b By) Actor() ledger.Actor {
	if b.Role == System {
		return ledger.Actor{Account: ledger.System}
	}
	account := string(b.Role) + "-" + b.Unit
	if b.As != "" {
		account += "-" + b.As
	}
	return ledger.Actor{Account: account, Roles: []ledger.Role{b.Role}, Unit: b.Unit}
}

// units is the shorthand for entering many units at one date.
type units struct {
	At time.Time         `json:"at"`
	By By                `json:"by"`
	Of []json.RawMessage `json:"of"`
}

// registered is the input of unit.register.
type registered struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Kind   string `json:"kind,omitempty"` // village, department or government by the code if left out
	Line   string `json:"line,omitempty"`
	Parent string `json:"parent,omitempty"` // the division above by the code if left out
	People int64  `json:"people,omitempty"`
	Staff  int64  `json:"staff,omitempty"`
}
