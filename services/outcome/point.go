package outcome

import (
	"slices"
	"strconv"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Point is something that responsibility turns on and that the ledger may not
// know; a reviewer can state it.
type Point string

// What can be stated, with the values it takes; figures of the outcome's measure
// are written in its own terms, a frequency as 1/7. Unknown takes any of them
// back.
const (
	Authority          Point = "authority"             // yes, no: the executor had the power to do it
	Notice             Point = "notice"                // yes, no: the task had reached the executor
	GrantedNeeded      Point = "granted_needed"        // 2/5: what means it had of those it needed
	Duty               Point = "duty"                  // basic, cooperate, approved_split, recalled, off_list, unapproved
	Owner              Point = "owner"                 // By: who owns the task beside the executor
	Capacity           Point = "capacity"              // 9000: what the executor could do
	Above              Point = "above"                 // 100: what the first unit had received from above the recorded chain
	Approved           Point = "approved"              // 20: how much of the unit's addition was approved and came with means
	Objected           Point = "objected"              // unresourced, yes (on another ground), no: the unit objected in time, on paper; By: who insisted
	OverruledBy        Point = "overruled_by"          // By: who insisted; or no
	ClearlyIllegal     Point = "clearly_illegal"       // yes, no: the order by which the unit was overruled
	Knew               Point = "knew"                  // yes, no: of the infeasibility, or of the danger
	Contradictory      Point = "contradictory"         // yes, no: no lawful plan meets every condition
	Power              Point = "power"                 // stop, supervise, coordinate, none
	Effective          Point = "effective"             // yes, no: it stopped the work, or reported up where it could not
	GroupInsteadOfSite Point = "group_instead_of_site" // yes, no: a chat group stood in for supervision on the spot
	WindowMinutes      Point = "window_minutes"        // 120: the time there was to act
)

// What only corrections and verifications can settle; a question may name
// them, a statement cannot.
const (
	VerifiedDelivery Point = "verified_delivery"
	RequiredAmount   Point = "required_amount"
	Falsification    Point = "falsification"
)

// Unknown takes a statement back.
const Unknown = "unknown"

// ObjectedToMeans is the value of Objected for an objection to missing means,
// the one that moves an executor's own part.
const ObjectedToMeans = "unresourced"

// The values of Duty: how the task stands to the executor's duty list.
const (
	DutyBasic         = "basic"
	DutyCooperate     = "cooperate"
	DutyApprovedSplit = "approved_split" // not on the list, handed over with the competent body's approval
	DutyRecalled      = "recalled"
	DutyOffList       = "off_list"
	DutyUnapproved    = "unapproved" // handed over without it
)

// The values of Power.
const (
	PowerStop       = "stop"
	PowerSupervise  = "supervise"
	PowerCoordinate = "coordinate"
	PowerNone       = "none"
)

// about says whom a statement is about.
type about uint8

const (
	executor about = iota // the penalised unit, nobody else
	anyUnit
	nobody // the outcome as a whole
)

// pointRule is what a statement of a point has to look like.
type pointRule struct {
	kinds   []Kind
	about   about
	values  []string                    // the words it takes,
	number  func(field, v string) error // or the number
	amount  bool                        // or a figure of the measure, in its own terms
	by      by                          // whether it names another unit
	onPaper bool                        // it clears somebody, so the paper has to be from before the outcome
}

type by uint8

const (
	noBy   by = iota
	mayBy     // it can name a unit
	onlyBy    // it names a unit and takes no value but no
)

var yesNo = []string{"yes", "no"}

// points are the statements that can be made; a value is a word or a number.
var points = map[Point]pointRule{
	Authority:          {kinds: []Kind{Quantity}, about: executor, values: yesNo},
	Notice:             {kinds: []Kind{Quantity}, about: executor, values: yesNo},
	GrantedNeeded:      {kinds: []Kind{Quantity}, about: executor, number: checkPart},
	Duty:               {kinds: []Kind{Quantity}, about: executor, values: []string{DutyBasic, DutyCooperate, DutyApprovedSplit, DutyRecalled, DutyOffList, DutyUnapproved}},
	Owner:              {kinds: []Kind{Quantity}, about: executor, by: onlyBy},
	Capacity:           {kinds: []Kind{Quantity, Competing}, about: executor, amount: true},
	Above:              {kinds: []Kind{Quantity}, about: anyUnit, amount: true},
	Approved:           {kinds: []Kind{Quantity}, about: anyUnit, amount: true, onPaper: true},
	Objected:           {kinds: Kinds, about: anyUnit, values: []string{"yes", ObjectedToMeans, "no"}, by: mayBy, onPaper: true},
	OverruledBy:        {kinds: Kinds, about: anyUnit, by: onlyBy, onPaper: true},
	ClearlyIllegal:     {kinds: Kinds, about: anyUnit, values: yesNo},
	Knew:               {kinds: Kinds, about: anyUnit, values: yesNo},
	Contradictory:      {kinds: []Kind{Contradiction}, about: nobody, values: yesNo},
	Power:              {kinds: []Kind{Conduct}, about: anyUnit, values: []string{PowerStop, PowerSupervise, PowerCoordinate, PowerNone}},
	Effective:          {kinds: []Kind{Conduct}, about: anyUnit, values: yesNo},
	GroupInsteadOfSite: {kinds: []Kind{Conduct}, about: anyUnit, values: yesNo},
	WindowMinutes:      {kinds: []Kind{Conduct}, about: nobody, number: checkMinutes},
}

// Points lists what can be stated of an outcome of a kind, in a fixed order.
func Points(k Kind) []Point {
	var list []Point
	for _, p := range []Point{
		Authority, Notice, GrantedNeeded, Duty, Owner, Capacity, Above, Approved, Objected, OverruledBy, ClearlyIllegal, Knew,
		Contradictory, Power, Effective, GroupInsteadOfSite, WindowMinutes,
	} {
		if points[p].takes(k) {
			list = append(list, p)
		}
	}
	return list
}

// StatementID names what is stated: the point and the unit it is about.
func StatementID(p Point, unit string) string {
	if unit == "" {
		return string(p)
	}
	return string(p) + "." + unit
}

func (r pointRule) takes(k Kind) bool { return slices.Contains(r.kinds, k) }

// check holds a statement against what its point takes, fills in whom it is
// about where that can only be the executor, and names it.
func (s *Stated) check(f Facts, p Penalised, at time.Time) error {
	rule, ok := points[s.Point]
	if !ok || !rule.takes(p.Kind) {
		return ledger.CheckWord("point", s.Point, Points(p.Kind)...)
	}
	if err := ledger.First(
		rule.checkAbout(f, s, p), rule.checkValue(f, *s, p), rule.checkBy(f, *s), rule.checkPaper(*s, p, at),
		ledger.CheckText("reason", s.Reason, 500, true), unit.CheckDocument(f, "document", s.Document, true),
	); err != nil {
		return err
	}
	s.ID = StatementID(s.Point, s.Unit)
	return nil
}

func (r pointRule) checkAbout(f Facts, s *Stated, p Penalised) error {
	if r.about == executor && s.Unit == "" {
		s.Unit = p.Unit
	}
	switch {
	case r.about == nobody && s.Unit == "":
		return nil
	case r.about == nobody, r.about == executor && s.Unit != p.Unit:
		return ledger.Errorf(ledger.Invalid, "outcome.about", "“%s”只说本条结果的执行单位或事情本身，请不要写其他单位。", "%q is about the executor of this outcome, or about the matter itself; name no other unit.", string(s.Point)).At("unit")
	}
	return knownUnit(f, "unit", s.Unit)
}

func (r pointRule) checkValue(f Facts, s Stated, p Penalised) error {
	switch {
	case s.Value == Unknown:
		return nil
	case r.amount:
		return checkValue("value", p.measured(f), s.Value)
	case r.number != nil:
		return r.number("value", s.Value)
	case r.by == onlyBy:
		return ledger.CheckWord("value", s.Value, "", "no", Unknown)
	}
	return ledger.CheckWord("value", s.Value, append(slices.Clone(r.values), Unknown)...)
}

// checkBy: another unit is named where the point takes one, and only there.
func (r pointRule) checkBy(f Facts, s Stated) error {
	denied := s.Value == "no" || s.Value == Unknown
	switch {
	case s.By != "" && (r.by == noBy || denied || s.By == s.Unit && s.Point != Owner):
		return ledger.Errorf(ledger.Invalid, "outcome.by_nobody", "此处不写相关单位，或不能写本单位。", "No other unit is named here, or not the unit itself.").At("by")
	case s.By == "" && r.by == onlyBy && !denied:
		return ledger.Errorf(ledger.Invalid, "outcome.by_missing", "请写明是哪个单位。", "Name the unit.").At("by")
	case s.By != "":
		return knownUnit(f, "by", s.By)
	}
	return nil
}

// checkPaper: what clears a unit was on paper before the outcome. Of an
// accident hours decide, so there a paper of the same day passes.
func (r pointRule) checkPaper(s Stated, p Penalised, at time.Time) error {
	clears := r.onPaper && s.Value != "no" && s.Value != Unknown
	if err := ledger.CheckDate("onPaper", s.OnPaper, clears); err != nil {
		return err
	}
	day := ledger.DateOf(p.OccurredAt)
	switch {
	case s.OnPaper != "" && s.OnPaper.Time().After(at):
		return ledger.Refuse("outcome.in_future", "日期 %s 还没有到。", "The date %s has not come yet.", s.OnPaper).At("onPaper")
	case clears && (s.OnPaper > day || s.OnPaper == day && p.Kind != Conduct):
		return ledger.Refuse("outcome.paper_after", "只有结果发生之前的书面材料才能作数；%s 不早于 %s。", "Only a paper from before the outcome counts; %s is not before %s.", s.OnPaper, day).At("onPaper")
	}
	return nil
}

func checkNumber(field, v string) error {
	d, err := exact.ParseDecimal(v)
	if err != nil || d < 0 {
		return ledger.Errorf(ledger.Invalid, "outcome.number", "“%s”不是合规的数：应为不小于 0、最多六位小数的十进制数。", "%q is not a proper number: a decimal of at most six places, not negative.", v).At("%s", field)
	}
	return nil
}

// checkPart: what there was of what was needed, as a decimal or as n/d.
func checkPart(field, v string) error {
	r, err := exact.ParseRat(v)
	if err != nil || r.Sign() < 0 || r.BitLen() > 128 {
		return ledger.Errorf(ledger.Invalid, "outcome.part", "“%s”不合规：请写实有与所需之比，如 2/5 或 0.4。", "%q is no part: write what there was of what was needed, such as 2/5 or 0.4.", v).At("%s", field)
	}
	return nil
}

func checkMinutes(field, v string) error {
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil || n > 525_600 {
		return ledger.Errorf(ledger.Invalid, "outcome.minutes", "“%s”不是分钟数：请写 0 至 525600 的整数。", "%q is no number of minutes: a whole number from 0 to 525,600.", v).At("%s", field)
	}
	return nil
}
