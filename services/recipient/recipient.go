// Package recipient holds the investigators' public keys that narratives are
// sealed to. The other halves stay on the investigators' own computers; the
// ledger never sees one.
package recipient

import (
	"cmp"
	"time"

	"filippo.io/age"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Events of the stream recipient-<id>.
var Events = []ledger.Def{
	ledger.Event[Registered]("recipient.registered", "Reports may be sealed to this key.", "登记一把可收件的核查员公钥。"),
	ledger.Event[Retired]("recipient.retired", "Nothing new is sealed to this key.", "公钥停用，不再收件。"),
}

// Registered: Unit is empty for an investigator of no unit. Account is that of
// whoever has the other half: what recuses the account keeps letters from the
// key. Where there is none the id stands for it.
type Registered struct {
	ID        string `json:"id"`
	Account   string `json:"account,omitempty"`
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
	Account   string
	Unit      string
	Recipient string
	Retired   bool
}

// Reader is whoever has the other half, as the rules about who may read see
// him.
func (f Fact) Reader() ledger.Actor {
	return ledger.Actor{Account: cmp.Or(f.Account, f.ID), Roles: []ledger.Role{ledger.Investigator}, Unit: f.Unit}
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

// Purpose is the only one there is.
const Purpose = "investigator"

// MaxActive bounds the keys in use: every report is sealed to all of them, and
// every message to all of them and the reporter, within room for eight.
const MaxActive = 7

// Decide enters a key once, and one that something can be sealed to: a slip
// here would be found out by a reporter who cannot report.
func (c Register) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		admin(by), ledger.CheckID("id", c.ID), ledger.CheckText("account", c.Account, 100, false), ledger.CheckWord("purpose", c.Purpose, Purpose), c.checkUnit(f), c.checkKey(),
	); err != nil {
		return nil, err
	}
	if s.Registered != nil {
		return nil, ledger.Errorf(ledger.Conflict, "recipient.already_registered", "编号 %s 已经登记。", "%s is on record already.", c.ID).At("id")
	}
	active := 0
	for _, r := range f.Recipients() {
		if r.Recipient == c.Recipient {
			return nil, ledger.Refuse("recipient.known_key", "这把公钥已经登记过；停用的公钥不能再用，请另生成一把。", "This key is or was on record; make a new one.").At("recipient")
		}
		if !r.Retired {
			active++
		}
	}
	if active >= MaxActive {
		return nil, ledger.Refuse("recipient.too_many", "在用的公钥最多 %d 把；请先停用一把。", "At most %d keys are in use; retire one first.", MaxActive)
	}
	return []ledger.Evolver[State]{Registered(c)}, nil
}

func (c Register) checkUnit(f Facts) error {
	if c.Unit == "" {
		return nil
	}
	if err := unit.CheckCode("unit", c.Unit); err != nil {
		return err
	}
	if u, ok := f.Unit(c.Unit); !ok || u.Merged {
		return unit.Unknown(c.Unit).At("unit")
	}
	return nil
}

func (c Register) checkKey() error {
	if r, err := age.ParseX25519Recipient(c.Recipient); err != nil || r.String() != c.Recipient {
		return ledger.Errorf(ledger.Invalid, "recipient.key", "公钥应为 age1 开头的一行；请整行复制。", "The key must be the line that begins with age1; copy all of it.").At("recipient")
	}
	return nil
}

// Decide ends a key once. What was sealed to it stays so.
func (c Retire) Decide(s State, _ Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(admin(by), ledger.CheckText("reason", c.Reason, 300, true)); err != nil {
		return nil, err
	}
	switch {
	case s.Registered == nil:
		return nil, ledger.Errorf(ledger.NotFound, "recipient.unknown", "没有编号为“%s”的公钥。", "There is no key %q.", c.ID).At("id")
	case s.Retired:
		return nil, ledger.Refuse("recipient.retired", "这把公钥已经停用。", "This key was retired already.").At("id")
	}
	return []ledger.Evolver[State]{Retired{c.Reason}}, nil
}

func admin(by ledger.Actor) error {
	if by.Is(ledger.Admin) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "recipient.role", "核查员公钥由管理员登记、停用。", "Investigators' keys are entered and retired by an admin.")
}
