package unit

import (
	"fmt"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
)

// Fact is what a decision may know of a unit.
type Fact struct {
	Code   string
	Name   string
	Level  Level
	Parent string
	Merged bool   // into another: takes part in nothing new
	Into   string // which one; empty where it was not merged
}

// Facts is the look at the read model that decisions about units take.
type Facts interface {
	Unit(code string) (Fact, bool)
	HasDocument(id string) bool
	// CountsTimes reports whether a measure counts times in days; known is false
	// for what is no measure on record.
	CountsTimes(measure string) (times, known bool)
}

// Commands of the stream unit-<code>.
var Commands = []ledger.CommandDef{
	ledger.Command[Register]("unit.register", "Enter a unit. Role: admin."),
	ledger.Command[Rename]("unit.rename", "Give a unit another name. Role: admin."),
	ledger.Command[Merge]("unit.merge", "Merge a unit into another. Role: admin."),
	ledger.Command[ListDuty]("unit.list_duty", "Put an item on a unit's duty list. Role: admin, or clerk of its superior."),
	ledger.Command[RecallDuty]("unit.recall_duty", "Take an item of the duty list back. Role: admin, or clerk of its superior."),
	ledger.Command[DeclareCapacity]("unit.declare_capacity", "State what the unit can do or has. Role: clerk of the unit."),
	ledger.Command[VerifyCapacity]("unit.verify_capacity", "Establish what a unit can do or has. Role: investigator."),
}

// Register enters a unit.
type Register Registered

// Rename gives a unit another name.
type Rename struct {
	Code string `json:"code"`
	Renamed
}

// Merge closes a unit in favour of another.
type Merge struct {
	Code string `json:"code"`
	Merged
}

// ListDuty puts an item on the duty list.
type ListDuty struct {
	Code string `json:"code"`
	DutyListed
}

// RecallDuty takes an item back.
type RecallDuty struct {
	Code string `json:"code"`
	DutyRecalled
}

// DeclareCapacity states a capacity.
type DeclareCapacity struct {
	Code string `json:"code"`
	CapacityDeclared
}

// VerifyCapacity establishes a capacity; By is filled from the actor's unit.
type VerifyCapacity struct {
	Code     string      `json:"code"`
	Of       string      `json:"of"`
	Value    string      `json:"value"`
	AsOf     ledger.Date `json:"asOf"`
	Document string      `json:"document"`
}

func stream(code string) string { return "unit-" + code }

// Stream names the unit's stream.
func (c Register) Stream() string { return stream(c.Code) }

// Stream names the unit's stream.
func (c Rename) Stream() string { return stream(c.Code) }

// Stream names the unit's stream.
func (c Merge) Stream() string { return stream(c.Code) }

// Stream names the unit's stream.
func (c ListDuty) Stream() string { return stream(c.Code) }

// Stream names the unit's stream.
func (c RecallDuty) Stream() string { return stream(c.Code) }

// Stream names the unit's stream.
func (c DeclareCapacity) Stream() string { return stream(c.Code) }

// Stream names the unit's stream.
func (c VerifyCapacity) Stream() string { return stream(c.Code) }

// Decide enters a unit once; its superior must be entered before it and stand
// above it.
func (c Register) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		requireAdmin(by),
		CheckCode("code", c.Code),
		ledger.CheckText("name", c.Name, 60, true),
		ledger.CheckText("line", c.Line, 30, false),
		ledger.CheckWord("kind", c.Kind, Government, Party, Department, VillageOrg, Enterprise, Other),
	); err != nil {
		return nil, err
	}
	if s.Registered {
		return nil, ledger.Errorf(ledger.Conflict, "unit.already_registered", "单位 %s 已经登记，名为“%s”。", "Unit %s is registered already, as %q.", c.Code, s.Name)
	}
	if err := ledger.First(notNegative("people", c.People), notNegative("staff", c.Staff), c.checkParent(f)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Registered(c)}, nil
}

func notNegative(field string, n int64) error {
	if n >= 0 {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "unit.negative_count", "人口、编制不能为负数。", "People and staff cannot be negative.").At("%s", field)
}

func (c Register) checkParent(f Facts) error {
	if c.Parent == "" {
		return nil
	}
	p, ok := f.Unit(c.Parent)
	switch {
	case !ok:
		return unknown("parent", c.Parent)
	case p.Merged:
		return ledger.Refuse("unit.merged_already", "单位 %s 已并入其他单位，不能作为上级。", "Unit %s was merged into another and cannot be a superior.", c.Parent).At("parent")
	case c.Parent == c.Code || p.Level > LevelOf(c.Code) || !Contains(Territory(c.Parent), c.Code):
		return ledger.Refuse("unit.parent_not_above", "%s 不是 %s 的上级：上级应在同一区划内且层级不低于它。",
			"%s does not stand above %s: a superior lies in the same territory and is not of a lower level.", c.Parent, c.Code).At("parent")
	}
	return nil
}

// Decide changes the name.
func (c Rename) Decide(s State, _ Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(requireAdmin(by), s.mustBeOpen(c.Code), ledger.CheckText("name", c.Name, 60, true)); err != nil {
		return nil, err
	}
	if c.Name == s.Name {
		return nil, ledger.Refuse("unit.same_name", "单位现名就是“%s”，无需更名。", "The unit is called %q already.", c.Name).At("name")
	}
	return []ledger.Evolver[State]{c.Renamed}, nil
}

// Decide closes a unit in favour of one of the same level.
func (c Merge) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(requireAdmin(by), s.mustBeOpen(c.Code), CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	into, ok := f.Unit(c.Into)
	switch {
	case !ok:
		return nil, unknown("into", c.Into)
	case c.Into == c.Code || into.Merged || into.Level != LevelOf(c.Code):
		return nil, ledger.Refuse("unit.cannot_merge_into", "%s 不能并入 %s：须并入同级且仍存续的另一单位。", "%s cannot be merged into %s: it must be another unit of the same level that still exists.", c.Code, c.Into).At("into")
	}
	return []ledger.Evolver[State]{c.Merged}, nil
}

// Decide lists a duty once, or lists it anew with another class.
func (c ListDuty) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.mustBeOpen(c.Code), s.requireSuperior(by),
		ledger.CheckID("item", c.Item),
		ledger.CheckText("title", c.Title, 120, true),
		ledger.CheckWord("class", c.Class, Basic, Cooperate),
		checkSkills(c.Skills),
		CheckDocument(f, "document", c.Document, false),
	); err != nil {
		return nil, err
	}
	if s.Duties[c.Item] == c.Class {
		return nil, ledger.Refuse("unit.duty_listed_already", "事项 %s 已在清单上。", "Item %s is on the list already.", c.Item).At("item")
	}
	if _, known := s.Duties[c.Item]; !known && len(s.Duties) >= 2000 {
		return nil, ledger.Refuse("unit.too_many_duties", "一个单位的清单最多 2000 项。", "A duty list has at most 2,000 items.")
	}
	return []ledger.Evolver[State]{c.DutyListed}, nil
}

func checkSkills(skills []string) error {
	if err := ledger.CheckCount("skills", len(skills), 0, 20); err != nil {
		return err
	}
	for i, s := range skills {
		if err := ledger.CheckText(fmt.Sprintf("skills[%d]", i), s, 30, true); err != nil {
			return err
		}
	}
	return nil
}

// Decide takes back an item that is on the list.
func (c RecallDuty) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.mustBeOpen(c.Code), s.requireSuperior(by), CheckDocument(f, "document", c.Document, false)); err != nil {
		return nil, err
	}
	if class, ok := s.Duties[c.Item]; !ok || class == Recalled {
		return nil, ledger.Refuse("unit.duty_not_listed", "事项 %s 不在清单上，无从收回。", "Item %s is not on the list, so it cannot be taken back.", c.Item).At("item")
	}
	return []ledger.Evolver[State]{c.DutyRecalled}, nil
}

// Decide lets the unit's own clerk state a capacity.
func (c DeclareCapacity) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.mustBeOpen(c.Code), ActsFor(by, c.Code), CheckDocument(f, "document", c.Document, false),
		checkCapacity(f, c.Of, c.Value, c.AsOf, at),
	); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{c.CapacityDeclared}, nil
}

// Decide lets an investigator establish a capacity from a document.
func (c VerifyCapacity) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if !by.Is(ledger.Investigator) {
		return nil, ledger.Errorf(ledger.Forbidden, "unit.investigators_verify", "核实能力须由核查员办理。", "Only an investigator verifies a capacity.")
	}
	if err := ledger.First(s.mustBeOpen(c.Code), InJurisdiction(by, c.Code), CheckDocument(f, "document", c.Document, true), checkCapacity(f, c.Of, c.Value, c.AsOf, at)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{CapacityVerified{c.Of, c.Value, c.AsOf, by.Unit, c.Document}}, nil
}

// Bounds of a frequency: a million times, in a century.
const (
	maxCount = 1_000_000
	maxDays  = 36_525
)

func checkCapacity(f Facts, of, value string, asOf ledger.Date, at time.Time) error {
	if err := ledger.First(ledger.CheckText("of", of, 130, true), ledger.CheckDate("asOf", asOf, true)); err != nil {
		return err
	}
	if asOf.Time().After(at) {
		return ledger.Refuse("unit.capacity_in_future", "能力截至日期 %s 还没有到。", "The capacity's date %s has not come yet.", asOf).At("asOf")
	}
	if x, err := exact.ParseFrequency(value); err == nil && x.Count <= maxCount && x.Days <= maxDays {
		if times, known := f.CountsTimes(of); known && !times {
			return ledger.Refuse("unit.no_frequency", "指标“%s”不按频次计量，能力应写成数，不写“%s”。", "The measure %q counts no times in days: give a number, not %q.", of, value).At("value")
		}
		return nil
	}
	if v, err := exact.ParseDecimal(value); err != nil || v < 0 {
		return ledger.Errorf(ledger.Invalid, "value.not_a_number", "“%s”不是合规的数：应为不小于 0、最多六位小数的十进制数；频次写成“次数/天数”，如 1/7。", "%q is not a proper number: a decimal of at most six places, not negative, or, of a frequency, times/days such as 1/7.", value).At("value")
	}
	return nil
}

func requireAdmin(by ledger.Actor) error {
	if by.Is(ledger.Admin) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "unit.admins_only", "单位名录由管理员维护，请联系管理员。", "Units are kept by admins; ask one.")
}

// ActsFor refuses a clerk who writes for another unit than its own, and
// everybody who is no clerk.
func ActsFor(by ledger.Actor, code string) error {
	if by.Is(ledger.Clerk) && by.Unit == code {
		return nil
	}
	if !by.Is(ledger.Clerk) {
		return ledger.Errorf(ledger.Forbidden, "unit.clerks_only", "这一步由单位 %s 的经办人办理。", "This step is taken by a clerk of unit %s.", code)
	}
	return ledger.Errorf(ledger.Forbidden, "unit.other_unit", "经办人只能替本单位（%s）填报，不能替 %s 填报。", "A clerk writes for its own unit (%s) only, not for %s.", by.Unit, code)
}

// InJurisdiction refuses staff who act outside the territory of their own
// unit; a department's is that of the division it serves. Staff of no unit
// act everywhere.
func InJurisdiction(by ledger.Actor, code string) error {
	if by.Unit == "" || Contains(Territory(by.Unit), code) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "unit.outside_jurisdiction", "%[2]s 不在 %[1]s 的管辖范围内，请交由有管辖权的单位办理。",
		"%[2]s lies outside the jurisdiction of %[1]s; leave this to the unit that is competent there.", by.Unit, code)
}

func (s State) requireSuperior(by ledger.Actor) error {
	if by.Is(ledger.Admin) || by.Is(ledger.Clerk) && s.Parent != "" && by.Unit == s.Parent {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "unit.superior_keeps_list", "履职事项清单由管理员或上级单位 %s 维护。", "The duty list is kept by an admin or the superior unit %s.", s.Parent)
}

func (s State) mustBeOpen(code string) error {
	if !s.Registered {
		return unknown("code", code)
	}
	if s.MergedInto != "" {
		return ledger.Refuse("unit.merged_already", "单位 %s 已并入 %s，不能再变更。", "Unit %s was merged into %s and takes no more changes.", code, s.MergedInto)
	}
	return nil
}

func unknown(field, code string) error { return Unknown(code).At("%s", field) }

// Unknown is the refusal for a unit that is not registered.
func Unknown(code string) *ledger.Error {
	return ledger.Refuse("unit.unknown", "没有代码为“%s”的单位，请先登记单位或核对代码。", "There is no unit %q; register it first or check the code.", code)
}
