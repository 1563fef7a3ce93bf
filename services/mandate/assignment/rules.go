package assignment

import (
	"fmt"
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// owed: an answer comes from the unit that owes it, once.
func owed(questions map[string]Open, id string, by ledger.Actor) error {
	q, ok := questions[id]
	switch {
	case !ok:
		return ledger.Refuse("assignment.no_such_question", "没有编号为“%s”的异议或请求。", "There is no objection or request %q.", id).At("id")
	case !by.Is(ledger.Clerk) || by.Unit != q.OwedBy:
		return ledger.Errorf(ledger.Forbidden, "assignment.not_owed", "答复应由 %s 作出，其他单位不能代为决定。", "The decision is owed by %s; no other unit can take it.", q.OwedBy)
	case q.Decided:
		return ledger.Refuse("assignment.already_decided", "“%s”已经答复。", "%q is answered already.", id).At("id")
	}
	return nil
}

func ofLine(l LineFact, field, measure string, required bool) error {
	if measure == "" && !required || slices.Contains(l.Measures, measure) {
		return nil
	}
	return ledger.Refuse("assignment.measure_not_asked", "这项任务没有要求指标“%s”。", "The line does not ask for measure %q.", measure).At("%s", field)
}

// deliveries are values as the measure's own are written: a frequency is times
// per days.
func deliveries(f Facts, l LineFact, amounts []Delivery) error {
	if err := ledger.CheckCount("amounts", len(amounts), 1, 50); err != nil {
		return err
	}
	for i, a := range amounts {
		field := fmt.Sprintf("amounts[%d]", i)
		if err := ofLine(l, field+".measure", a.Measure, true); err != nil {
			return err
		}
		if err := delivered(f, field+".value", a); err != nil {
			return err
		}
	}
	return nil
}

func delivered(f Facts, field string, a Delivery) error {
	of, key, _ := mandate.SplitMeasure(a.Measure)
	if m, ok := f.Mandate(of); ok && m.Measures[key].IsFrequency() {
		return issuance.Frequency(field, a.Value)
	}
	_, err := issuance.Number(field, a.Value)
	return err
}

func investigator(by ledger.Actor, code string) error {
	if by.Is(ledger.Investigator) {
		return unit.InJurisdiction(by, code)
	}
	return ledger.Errorf(ledger.Forbidden, "assignment.investigators_verify", "核实须由核查员办理。", "Only an investigator verifies.")
}

func asOf(d ledger.Date, at time.Time) error {
	if err := ledger.CheckDate("asOf", d, true); err != nil {
		return err
	}
	if d.Time().After(at) {
		return ledger.Refuse("assignment.in_future", "日期 %s 还没有到。", "The date %s has not come yet.", d).At("asOf")
	}
	return nil
}

func notLater(field string, t *time.Time, at time.Time) error {
	if t == nil || !t.After(at) {
		return nil
	}
	return ledger.Refuse("assignment.in_future", "时间 %s 还没有到。", "The time %s has not come yet.", t.Format(time.RFC3339)).At("%s", field)
}
