// Package reward records that those below earned more: where a task went down
// and was done as well as by the unit that owed it, a reward there is raised
// (S2-20: three tenths, other things being equal).
//
// It pays nothing and names units only.
package reward

import (
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Events of the stream reward-<id>.
var Events = []ledger.Def{
	ledger.Event[Uplifted]("reward.uplifted", "A unit's reward for a task was raised.", "提高一个单位在一项任务上的奖励。"),
}

// Uplifted raises what Unit gets for Mandate by Uplift basis points of Basis;
// Basis, an exact amount in yuan, is empty where the paper names none. By is
// the unit that raised it, Rule what it rests on.
type Uplifted struct {
	ID       string `json:"id"`
	Unit     string `json:"unit"`
	Mandate  string `json:"mandate"`
	Basis    string `json:"basisAmount,omitempty"`
	Uplift   int64  `json:"uplift"`
	By       string `json:"by"`
	Rule     string `json:"rule"`
	Document string `json:"document"`
}

// State is what decisions about one reward look at.
type State struct{ Uplifted bool }

// Evolve enters it.
func (Uplifted) Evolve(s *State) { s.Uplifted = true }

// Proposed is the uplift of S2-20, in basis points.
const Proposed = 3000

// Amount is the reward as raised; false where no basis is named.
func (e Uplifted) Amount() (exact.Rat, bool) {
	basis, err := exact.ParseRat(e.Basis)
	whole, _ := exact.NewRat(10_000+e.Uplift, 10_000)
	if e.Basis == "" || err != nil {
		return exact.Rat{}, false
	}
	return basis.Mul(whole), true
}

// Commands of the stream reward-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Uplift]("reward.uplift", "Raise a unit's reward for a task. Role: clerk of a unit that the rewarded one lies inside, with the document."),
}

// Facts is the look at the read model that decisions about rewards take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	HasDocument(id string) bool
	Mandate(id string) (issuance.MandateFact, bool)
	// HasRule reports whether a rule of this id may be cited.
	HasRule(id string) bool
}

// Uplift raises a reward. An Uplift left out is Proposed.
type Uplift struct {
	ID       string `json:"id"`
	Unit     string `json:"unit"`
	Mandate  string `json:"mandate"`
	Basis    string `json:"basisAmount,omitempty"`
	Uplift   int64  `json:"uplift,omitempty"`
	Rule     string `json:"rule"`
	Document string `json:"document"`
}

// Stream names the reward's stream.
func (c Uplift) Stream() string { return "reward-" + c.ID }

// Decide raises it once.
func (c Uplift) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(ledger.CheckID("id", c.ID), c.mayRaise(f, by), ledger.CheckID("mandate", c.Mandate), unit.CheckDocument(f, "document", c.Document, true)); err != nil {
		return nil, err
	}
	if c.Uplift == 0 {
		c.Uplift = Proposed
	}
	_, known := f.Mandate(c.Mandate)
	switch {
	case s.Uplifted:
		return nil, ledger.Errorf(ledger.Conflict, "reward.exists", "编号 %s 的奖励已经登记。", "Reward %s is on record already.", c.ID).At("id")
	case !known:
		return nil, ledger.Refuse("mandate.unknown", "没有编号为“%s”的任务，请先登记任务。", "There is no mandate %q; register it first.", c.Mandate).At("mandate")
	case c.Uplift < 1 || c.Uplift > 10_000:
		return nil, ledger.Errorf(ledger.Invalid, "reward.uplift", "提高的比例 uplift 以万分之一计，应为 1 至 10000，现为 %d。", "The uplift is in basis points, 1 to 10000; it is %d.", c.Uplift).At("uplift")
	case !f.HasRule(c.Rule):
		return nil, ledger.Refuse("rule.unknown", "没有编号为“%s”的规则，请从规则目录里选。", "There is no rule %q; choose one of the list of rules.", c.Rule).At("rule")
	}
	if c.Basis != "" {
		if _, err := issuance.Number("basisAmount", c.Basis); err != nil {
			return nil, err
		}
	}
	return []ledger.Evolver[State]{Uplifted{c.ID, c.Unit, c.Mandate, c.Basis, c.Uplift, by.Unit, c.Rule, c.Document}}, nil
}

// mayRaise: nobody rewards itself, nor through an office of its own.
func (c Uplift) mayRaise(f Facts, by ledger.Actor) error {
	if err := unit.CheckCode("unit", c.Unit); err != nil {
		return err
	}
	if u, ok := f.Unit(c.Unit); !ok || u.Merged {
		return unit.Unknown(c.Unit).At("unit")
	}
	above := unit.Territory(by.Unit)
	if !by.Is(ledger.Clerk) || by.Unit == c.Unit || above == c.Unit || !unit.Contains(above, c.Unit) {
		return ledger.Errorf(ledger.Forbidden, "reward.role", "奖励由上级单位的经办人登记，本单位不能给自己提高奖励。", "A reward is raised by a clerk of a unit above; no unit raises its own.")
	}
	return nil
}
