// Package recipient holds the investigators' public keys that narratives are
// sealed to. The other halves stay on the investigators' own computers; the
// ledger never sees one.
package recipient

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Events of the stream recipient-<id>.
var Events = []ledger.Def{
	ledger.Event[Registered]("recipient.registered", "Reports may be sealed to this key.", "登记一把可收件的核查员公钥。"),
	ledger.Event[Retired]("recipient.retired", "Nothing new is sealed to this key.", "公钥停用，不再收件。"),
}

// Registered: Unit is empty for an investigator of no unit.
type Registered struct {
	ID        string `json:"id"`
	Unit      string `json:"unit,omitempty"`
	Recipient string `json:"recipient"` // age1…
	Purpose   string `json:"purpose"`   // investigator
}

// Retired says why.
type Retired struct {
	Reason string `json:"reason"`
}

// State is what decisions about one recipient look at.
type State struct {
	Registered *Registered
	Retired    bool
}

// Evolve enters the key.
func (e Registered) Evolve(s *State) { s.Registered = &e }

// Evolve ends it.
func (Retired) Evolve(s *State) { s.Retired = true }

// Fact is what a decision may know of a recipient.
type Fact struct {
	ID        string
	Unit      string
	Recipient string
	Retired   bool
}

// Facts is the look at the read model that decisions about recipients take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	// Recipients lists every recipient, retired ones included.
	Recipients() []Fact
}

// Commands of the stream recipient-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Register]("recipient.register", "Let reports be sealed to a key. Role: admin."),
	ledger.Command[Retire]("recipient.retire", "Seal nothing new to a key. Role: admin."),
}

// Register enters a key.
type Register Registered

// Retire ends it.
type Retire struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Stream names the recipient's stream.
func (c Register) Stream() string { return "recipient-" + c.ID }

// Stream names the recipient's stream.
func (c Retire) Stream() string { return "recipient-" + c.ID }

// Decide is not written yet.
func (c Register) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	return nil, ledger.Refuse("recipient.todo", "尚未写好。", "Not written yet.")
}

// Decide is not written yet.
func (c Retire) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	return nil, ledger.Refuse("recipient.todo", "尚未写好。", "Not written yet.")
}
