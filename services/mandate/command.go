package mandate

import (
	"fmt"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Facts is the look at the read model that decisions about mandates take.
type Facts interface {
	Unit(code string) (unit.Fact, bool)
	HasDocument(id string) bool
}

// Commands of the stream mandate-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[Issue]("mandate.issue", "Set a task. Role: clerk of the origin unit, or investigator with the document."),
	ledger.Command[Revise]("mandate.revise", "Change a task. Role: clerk of the origin unit."),
	ledger.Command[Withdraw]("mandate.withdraw", "Take a task back. Role: clerk of the origin unit."),
}

// Issue sets a task.
type Issue struct {
	Issued
	Effective ledger.Date `json:"effective,omitempty"`
}

// Revise changes a task.
type Revise struct {
	ID string `json:"id"`
	Revised
	Effective ledger.Date `json:"effective,omitempty"`
}

// Withdraw takes a task back.
type Withdraw struct {
	ID string `json:"id"`
	Withdrawn
	Effective ledger.Date `json:"effective,omitempty"`
}

// Stream names the mandate's stream.
func (c Issue) Stream() string { return "mandate-" + c.ID }

// Stream names the mandate's stream.
func (c Revise) Stream() string { return "mandate-" + c.ID }

// Stream names the mandate's stream.
func (c Withdraw) Stream() string { return "mandate-" + c.ID }

// Since is the date the command gives.
func (c Issue) Since() ledger.Date { return c.Effective }

// Since is the date the command gives.
func (c Revise) Since() ledger.Date { return c.Effective }

// Since is the date the command gives.
func (c Withdraw) Since() ledger.Date { return c.Effective }

// Decide sets a task once. An investigator may enter a task of any unit, from
// its document.
func (c Issue) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		ledger.CheckID("id", c.ID),
		unit.CheckCode("origin", c.Origin),
		ledger.CheckText("title", c.Title, 120, true),
		ledger.CheckText("field", c.Field, 30, true),
		ledger.CheckEffective("effective", c.Effective, at),
		ledger.CheckCount("measures", len(c.Measures), 1, 50),
		checkAssumed(c.Assumed),
		MayWrite(by, c.Origin, c.Document),
	); err != nil {
		return nil, err
	}
	if s.Issued {
		return nil, ledger.Errorf(ledger.Conflict, "mandate.already_issued", "编号 %s 的任务已经登记。", "Mandate %s is on record already.", c.ID).At("id")
	}
	if err := checkUnits(f, c.Origin, c.Lead, c.Duty, c.Document); err != nil {
		return nil, err
	}
	if err := checkContent(f, State{}, c.Measures, c.Constraints); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.Issued}, nil
}

// Decide changes a task that still stands.
func (c Revise) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.mustStand(c.ID), unit.ActsFor(by, s.Origin), ledger.CheckEffective("effective", c.Effective, at),
		ledger.CheckText("title", c.Title, 120, c.Title != ""), checkUnits(f, s.Origin, c.Lead, c.Duty, c.Document)); err != nil {
		return nil, err
	}
	if c.Document == "" {
		return nil, ledger.Errorf(ledger.Invalid, "mandate.revised_without_document", "变更任务须写明依据的文件。", "Name the document that changes the task.").At("document")
	}
	if err := checkContent(f, s, c.Measures, c.Constraints); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.Revised}, nil
}

// Decide takes back a task that still stands.
func (c Withdraw) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.mustStand(c.ID), unit.ActsFor(by, s.Origin), ledger.CheckEffective("effective", c.Effective, at),
		ledger.CheckText("reason", c.Reason, 200, true), checkUnits(f, s.Origin, "", "", c.Document)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.Withdrawn}, nil
}

func checkAssumed(assumed []string) error {
	for i, a := range assumed {
		if err := ledger.CheckText(fmt.Sprintf("assumed[%d]", i), a, 300, true); err != nil {
			return err
		}
	}
	return ledger.CheckCount("assumed", len(assumed), 0, 50)
}

// MayWrite lets a unit's own clerk write for it, and an investigator who
// names the document: what he enters counts as verified.
func MayWrite(by ledger.Actor, code, document string) error {
	if !by.Is(ledger.Investigator) {
		return unit.ActsFor(by, code)
	}
	if document == "" {
		return ledger.Errorf(ledger.Invalid, "document.required", "核查员补录须写明所依据的文件。", "An investigator names the document the entry rests on.").At("document")
	}
	return unit.InJurisdiction(by, code)
}

func checkUnits(f Facts, origin, lead, duty, document string) error {
	for _, u := range []struct{ field, code string }{{"origin", origin}, {"lead", lead}} {
		if u.code == "" {
			continue
		}
		if err := OpenUnit(f, u.field, u.code); err != nil {
			return err
		}
	}
	if duty != "" {
		if err := ledger.CheckID("duty", duty); err != nil {
			return err
		}
	}
	return unit.CheckDocument(f, "document", document, false)
}

// OpenUnit refuses a unit that does not exist or was merged away.
func OpenUnit(f interface {
	Unit(code string) (unit.Fact, bool)
}, field, code string) error {
	u, ok := f.Unit(code)
	if !ok {
		return unit.Unknown(code).At("%s", field)
	}
	if u.Merged {
		return ledger.Refuse("unit.merged_already", "单位 %s 已并入其他单位，不能再派给它。", "Unit %s was merged into another and takes nothing new.", code).At("%s", field)
	}
	return nil
}

func checkContent(f Facts, s State, measures []Measure, constraints []Constraint) error {
	seen := map[string]bool{}
	for _, m := range s.Measures {
		seen[m.Key] = true
	}
	if err := ledger.First(ledger.CheckCount("measures", len(s.Measures)+len(measures), 1, 50),
		ledger.CheckCount("constraints", len(s.Constraints)+len(constraints), 0, 50)); err != nil {
		return err
	}
	for i, m := range measures {
		at := func(name string) string { return fmt.Sprintf("measures[%d].%s", i, name) }
		if err := ledger.First(
			ledger.CheckID(at("key"), m.Key),
			ledger.CheckText(at("name"), m.Name, 60, true),
			ledger.CheckText(at("unit"), m.Unit, 20, false),
			ledger.CheckWord(at("kind"), m.Kind, Divisible, Intensity, Set),
			ledger.CheckWord(at("dimension"), m.Dimension, Dimensions...),
			ledger.CheckWord(at("harder"), m.Harder, "", "higher", "lower"),
			ledger.CheckWord(at("hours"), m.Hours, "", "clock", "working"),
			ledger.CheckWord(at("limit"), m.Limit, "", "people"),
		); err != nil {
			return err
		}
		if seen[m.Key] {
			return ledger.Refuse("mandate.measure_twice", "指标“%s”重复，每项指标只写一次。", "Measure %q stands twice; give each once.", m.Key).At("%s", at("key"))
		}
		seen[m.Key] = true
	}
	return checkConstraints(f, s, constraints)
}

func checkConstraints(f Facts, s State, constraints []Constraint) error {
	seen := map[string]bool{}
	for _, c := range s.Constraints {
		seen[c.Key] = true
	}
	for i, c := range constraints {
		at := func(name string) string { return fmt.Sprintf("constraints[%d].%s", i, name) }
		if err := ledger.First(
			ledger.CheckID(at("key"), c.Key),
			ledger.CheckText(at("text"), c.Text, 200, true),
			ledger.CheckCount(at("terms"), len(c.Terms), 0, 20),
			ledger.CheckWord(at("is"), c.Is, "", "at_least", "at_most", "exactly"),
			OpenUnit(f, at("author"), c.Author),
		); err != nil {
			return err
		}
		if seen[c.Key] {
			return ledger.Refuse("mandate.constraint_twice", "条件“%s”重复，每项条件只写一次。", "Constraint %q stands twice; give each once.", c.Key).At("%s", at("key"))
		}
		seen[c.Key] = true
		if (len(c.Terms) == 0) != (c.Is == "") {
			return ledger.Errorf(ledger.Invalid, "mandate.constraint_incomplete", "条件“%s”要么只写文字，要么写全 terms、is、value。", "Constraint %q has either words only, or terms, is and value together.", c.Key).At("%s", at("is"))
		}
		for _, t := range c.Terms {
			if !ledger.ValidID(t.Quantity) || t.Times < 1 || t.Times > 1_000_000 || c.Value < 0 || c.Value > 1_000_000_000 {
				return ledger.Errorf(ledger.Invalid, "mandate.constraint_term", "条件“%s”的数量名须为小写编号，倍数 1 至 1000000，数值 0 至 1000000000。",
					"Constraint %q: a quantity is a lower-case id, times is 1 to 1,000,000, the value 0 to 1,000,000,000.", c.Key).At("%s", at("terms"))
			}
		}
	}
	return nil
}

func (s State) mustStand(id string) error {
	if !s.Issued {
		return Unknown(id)
	}
	if s.Withdrawn {
		return ledger.Refuse("mandate.withdrawn_already", "任务 %s 已经撤回，不能再变更。", "Mandate %s was withdrawn and takes no more changes.", id)
	}
	return nil
}

// Unknown is the refusal for a mandate that is not on record.
func Unknown(id string) *ledger.Error {
	return ledger.Refuse("mandate.unknown", "没有编号为“%s”的任务，请先登记任务。", "There is no mandate %q; enter it first.", id)
}
