package outcome

import (
	"fmt"
	"slices"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

func unknown(id string) *ledger.Error {
	return ledger.Errorf(ledger.NotFound, "outcome.unknown", "没有编号为“%s”的结果。", "There is no outcome %q.", id)
}

// standing: the outcome is on record and an outcome of its own.
func (s State) standing(id string) error {
	switch {
	case s.Penalised == nil:
		return unknown(id).At("id")
	case s.Into != "":
		return ledger.Refuse("outcome.joined", "本条已并入 %s，请在那一条上办理。", "This outcome was joined to %s; go on there.", s.Into)
	}
	return nil
}

// recorder: an investigator who is competent for the unit, or the clerk of the
// body that took the first measure, where that body stands above the unit.
func recorder(f Units, by ledger.Actor, p Penalised) error {
	switch {
	case by.Is(ledger.Investigator):
		return unit.InJurisdiction(by, p.Unit)
	case !by.Is(ledger.Clerk) || by.Unit == "" || len(p.Penalties) == 0 || p.Penalties[0].Body != by.Unit:
		return ledger.Errorf(ledger.Forbidden, "outcome.recorders", "结果由核查员或作出处理的单位登记。", "An outcome is recorded by an investigator or by the body that took the measure.")
	case !above(f, by.Unit, p.Unit):
		return ledger.Errorf(ledger.Forbidden, "outcome.not_above", "%[1]s 不是 %[2]s 的上级，也不是其上级的部门，不能登记对它的处理；请由核查员登记。",
			"%[1]s stands neither above %[2]s nor is it a department of a unit that does; leave the record to an investigator.", by.Unit, p.Unit).At("penalties[0].body")
	}
	return nil
}

// above: the body, or the division it is a department of, contains the unit and
// is not the unit itself; a unit that was merged lies in the one it went into.
func above(f Units, body, code string) bool {
	territory := unit.Territory(body)
	for i, c := range names(code, f) {
		itself := i == 0 && (c == body || c == territory)
		if !itself && unit.Contains(territory, c) {
			return true
		}
	}
	return false
}

// corrector: once a finding is under way, or stands, what it rests on is no
// longer for somebody of a unit that may have to answer; an investigator of
// another corrects it.
func corrector(f Facts, by ledger.Actor, p Penalised) error {
	if !f.HasFinding(p.ID) || !Tied(by, p.concerned(f), f) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "outcome.party_corrects", "本条已进入认定，您所在的单位与此事有关，须由无关单位或者上级的核查员更正。",
		"There is a finding on this outcome and your own unit is concerned; an investigator of another unit, or of one above, has to correct it.")
}

// concerned are the units of an outcome, as it says itself and as the record
// around it does.
func (p Penalised) concerned(f Facts) []string {
	units := append([]string{p.Unit}, f.Concerned(p.ID)...)
	if p.Mandate != "" {
		if m, ok := f.Mandate(p.Mandate); ok {
			units = append(units, m.Origin)
		}
	}
	for _, w := range p.Warned {
		units = append(units, w.Unit)
	}
	return units
}

// knownUnit: on record, merged away or not: an outcome may be of before.
func knownUnit(f Units, field, code string) error {
	if err := unit.CheckCode(field, code); err != nil {
		return err
	}
	if _, ok := f.Unit(code); !ok {
		return unit.Unknown(code).At("%s", field)
	}
	return nil
}

// checkMoment: a moment that is given and not ahead.
func checkMoment(field string, t, at time.Time) error {
	if t.Year() < 1949 { // no paper of the field is older: a slip of the pen, or nothing
		return ledger.Errorf(ledger.Invalid, "outcome.moment", "请写明 %s 的日期和时间。", "Give %s as a date and a time.", field).At("%s", field)
	}
	if t.After(at) {
		return ledger.Refuse("outcome.in_future", "时间 %s 还没有到。", "The time %s has not come yet.", t.Format(time.RFC3339)).At("%s", field)
	}
	return nil
}

func checkPenalties(f Facts, list []Penalty, occurred, at time.Time) error {
	if err := ledger.CheckCount("penalties", len(list), 1, maxPenalties); err != nil {
		return err
	}
	for i, p := range list {
		field := fmt.Sprintf("penalties[%d]", i)
		if err := ledger.First(
			ledger.CheckWord(field+".form", p.Form, Forms...), knownUnit(f, field+".body", p.Body), ledger.CheckDate(field+".on", p.On, true),
			unit.CheckDocument(f, field+".document", p.Document, false), ledger.CheckText(field+".text", p.Text, 300, p.Form == OtherForm),
		); err != nil {
			return err
		}
		switch {
		case p.On.Time().After(at) || p.On < ledger.DateOf(occurred):
			return ledger.Refuse("outcome.penalty_date", "处理日期 %s 应在结果发生当日或之后，且不晚于今天。", "The measure's date %s lies on the day of the outcome or after it, and not ahead.", p.On).At("%s.on", field)
		case p.Rule != "" && !f.HasRule(p.Rule):
			return ledger.Refuse("outcome.rule_unknown", "规则库中没有“%s”；没有写明依据的，请留空。", "There is no rule %q on record; leave it empty where the body named none.", p.Rule).At("%s.rule", field)
		}
	}
	return nil
}

// checkTask: what was asked, by what.
func (p Penalised) checkTask(f Facts) error {
	if p.Mandate == "" && p.Kind != Conduct {
		return ledger.Errorf(ledger.Invalid, "outcome.without_mandate", "请写明是哪项任务；只有事故可以不写。", "Name the task; only an accident can go without.").At("mandate")
	}
	var m mandate.Measure
	if p.Mandate != "" {
		fact, ok := f.Mandate(p.Mandate)
		if !ok {
			return mandate.Unknown(p.Mandate).At("mandate")
		}
		of, key, well := mandate.SplitMeasure(p.Measure)
		m, ok = fact.Measures[key]
		if p.Measure != "" && (!well || !ok || of != p.Mandate || m.Kind == mandate.Set) {
			return ledger.Refuse("outcome.measure", "任务 %s 没有可以计量的指标“%s”。", "The task %s has no measure %q that counts something.", p.Mandate, p.Measure).At("measure")
		}
	}
	if p.Kind == Competing && p.Measure != "" && m.Kind != mandate.Divisible {
		return ledger.Refuse("outcome.not_additive", "多头任务的各项要求要能相加；指标“%s”以最严的为准，请按未完成任务登记。",
			"What competes has to add up; of the measure %q the strictest demand governs: record it as a shortfall.", p.Measure).At("measure")
	}
	if counts := p.Kind == Quantity || p.Kind == Competing; counts != (p.Measure != "") {
		return ledger.Errorf(ledger.Invalid, "outcome.measure_or_none", "未完成任务须写明指标；矛盾任务和事故不写指标。", "A shortfall names its measure; a contradiction and an accident have none.").At("measure")
	}
	if p.Issuance != "" && !f.Addressed(p.Issuance, p.Unit) {
		return notAddressed(p.Issuance, p.Unit).At("issuance")
	}
	return p.checkCompeting(f)
}

func notAddressed(issuance, code string) *ledger.Error {
	return ledger.Refuse("outcome.not_addressed", "下达 %s 没有派给 %s。", "Issuance %s has no line to %s.", issuance, code)
}

func (p Penalised) checkCompeting(f Facts) error {
	if p.Kind != Competing && len(p.Competing) > 0 {
		return ledger.Errorf(ledger.Invalid, "outcome.not_competing", "只有多头任务才写同时下达的各份文件。", "Only competing tasks name the issuances that asked at once.").At("competing")
	}
	if p.Kind != Competing {
		return nil
	}
	if err := ledger.CheckCount("competing", len(p.Competing), 2, maxCompeting); err != nil {
		return err
	}
	for i, id := range p.Competing {
		switch {
		case slices.Contains(p.Competing[:i], id):
			return ledger.Refuse("outcome.competing_twice", "下达 %s 写了两次。", "Issuance %s stands twice.", id).At("competing[%d]", i)
		case !f.Addressed(id, p.Unit):
			return notAddressed(id, p.Unit).At("competing[%d]", i)
		}
	}
	return nil
}

// checkFigures: what was asked and what was found, in the measure's own terms.
// Of a frequency the capacity used to be a number, which stands until another
// one is given.
func (p Penalised) checkFigures(f Facts, capacityGiven bool) error {
	if p.Measure == "" {
		if p.Required != "" || p.Verified != "" || p.Kind == Conduct && p.Capacity != "" {
			return ledger.Errorf(ledger.Invalid, "outcome.figures_of_nothing", "没有指标，就没有应完成和核实完成的数。", "Without a measure there is nothing that was required or verified.").At("required")
		}
	} else {
		m := p.measured(f)
		if err := ledger.First(checkValue("required", m, p.Required), checkValue("verified", m, p.Verified)); err != nil {
			return err
		}
	}
	return p.checkCapacity(f, capacityGiven)
}

// measured is the measure that the outcome is about; the zero Measure where it
// is about none.
func (p Penalised) measured(f Facts) mandate.Measure {
	fact, _ := f.Mandate(p.Mandate)
	_, key, _ := mandate.SplitMeasure(p.Measure)
	return fact.Measures[key]
}

// checkCapacity: a capacity says where it comes from.
func (p Penalised) checkCapacity(f Facts, given bool) error {
	if p.Capacity == "" {
		if p.CapacityFrom != "" || p.CapacityDocument != "" {
			return ledger.Errorf(ledger.Invalid, "outcome.capacity_missing", "写明了能力数的来源，却没有能力数。", "Where a capacity comes from is given, but no capacity.").At("capacity")
		}
		return nil
	}
	if given {
		if err := checkValue("capacity", p.measured(f), p.Capacity); err != nil {
			return err
		}
	}
	return ledger.First(ledger.CheckText("capacityFrom", p.CapacityFrom, 200, true), unit.CheckDocument(f, "capacityDocument", p.CapacityDocument, true))
}

// checkValue: a number as the measure has it.
func checkValue(field string, m mandate.Measure, v string) error {
	if !m.IsFrequency() {
		return checkNumber(field, v)
	}
	if _, err := exact.ParseFrequency(v); err != nil {
		return ledger.Errorf(ledger.Invalid, "outcome.frequency", "频次应写成“次数/天数”，如每七天一次写 1/7；收到的是“%s”。", "A frequency is written times/days, once a week is 1/7; %q is not.", v).At("%s", field)
	}
	return nil
}

// checkDanger: who had been warned, of an accident only, and before it.
func checkDanger(f Facts, p Penalised, at time.Time) error {
	if p.Kind != Conduct {
		if p.KnownSince != nil || len(p.Warned) > 0 {
			return ledger.Errorf(ledger.Invalid, "outcome.warned_of_nothing", "只有事故才写何时知道隐患、告知了谁。", "Only an accident says since when the danger was known and who was warned.").At("warned")
		}
		return nil
	}
	if err := ledger.CheckCount("warned", len(p.Warned), 0, maxWarned); err != nil {
		return err
	}
	if p.KnownSince != nil {
		if err := before("knownSince", *p.KnownSince, p.OccurredAt); err != nil {
			return err
		}
	}
	for i, w := range p.Warned {
		if err := w.check(f, fmt.Sprintf("warned[%d]", i), p.OccurredAt, at); err != nil {
			return err
		}
	}
	return nil
}

// before: a warning comes before the harm.
func before(field string, t, occurred time.Time) error {
	if err := checkMoment(field, t, occurred); err != nil {
		return ledger.Refuse("outcome.warned_after", "知道隐患、告知隐患的时间应在事故发生之前。", "A danger is known, and told, before the accident.").At("%s", field)
	}
	return nil
}

func (w Warning) check(f Facts, field string, occurred, at time.Time) error {
	if err := ledger.First(
		knownUnit(f, field+".unit", w.Unit), before(field+".at", w.At, occurred),
		ledger.CheckWord(field+".channel", w.Channel, "", "document", "meeting", "chat_group", "phone"), ledger.CheckText(field+".answer", w.Answer, 300, false),
		ledger.CheckWord(field+".did", w.Did, "", "stop_order", "escalation", "remedy", "reply", "drafted_penalty", "other"),
		ledger.CheckWord(field+".power", w.Power, "", PowerStop, PowerSupervise, PowerCoordinate, PowerNone),
		unit.CheckDocument(f, field+".document", w.Document, false),
	); err != nil {
		return err
	}
	if w.Answer == "" != (w.AnsweredAt == nil) || w.Did == "" != (w.DidAt == nil) {
		return ledger.Errorf(ledger.Invalid, "outcome.said_when", "回复和处置都要写明时间；没有回复、没有处置的，时间也留空。", "An answer and an act each have their time; where there was none, leave the time out too.").At("%s", field)
	}
	if w.AnsweredAt != nil {
		if err := checkMoment(field+".answeredAt", *w.AnsweredAt, at); err != nil {
			return err
		}
	}
	if w.DidAt != nil {
		return checkMoment(field+".didAt", *w.DidAt, at)
	}
	return nil
}

func checkAssumed(list []string) error {
	if err := ledger.CheckCount("assumed", len(list), 0, maxAssumed); err != nil {
		return err
	}
	for i, s := range list {
		if err := ledger.CheckText(fmt.Sprintf("assumed[%d]", i), s, 300, true); err != nil {
			return err
		}
	}
	return nil
}
