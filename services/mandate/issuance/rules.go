package issuance

import (
	"fmt"
	"maps"
	"slices"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// checker holds one issuance against the rules of passing down.
type checker struct {
	f    Facts
	made Made
}

// check runs every rule on a new issuance, cheap ones first.
func check(f Facts, made Made) error {
	ck := checker{f, made}
	if err := ck.particulars(); err != nil {
		return err
	}
	if err := ck.basis(); err != nil {
		return err
	}
	if err := ck.lines(); err != nil {
		return err
	}
	if err := ck.retained(); err != nil {
		return err
	}
	return ck.overlaps()
}

func (ck checker) particulars() error {
	m := ck.made
	if len(m.Lines) > MaxLines {
		return ledger.Errorf(ledger.Invalid, "issuance.too_many_lines", "一份下达最多 %[1]d 行，现有 %[2]d 行；请分成若干部分，用 part 写明第几部分、共几部分。",
			"An issuance has at most %[1]d lines; this one has %[2]d. Split it and say with part which of how many each is.", MaxLines, len(m.Lines)).At("lines")
	}
	if err := ledger.First(
		mandate.OpenUnit(ck.f, "issuer", m.Issuer),
		unit.CheckDocument(ck.f, "document", m.Document, false),
		ledger.CheckWord("channel", m.Channel, "document", "meeting", "chat_group", "phone"),
		ledger.CheckCount("lines", len(m.Lines), 1, MaxLines),
		ledger.CheckCount("basis", len(m.Basis), 0, 20),
		ledger.CheckCount("retained", len(m.Retained), 0, 50),
		ledger.CheckCount("reserve", len(m.Reserve), 0, 50),
		ledger.CheckCount("stated", len(m.Stated), 0, 50),
		ledger.CheckCount("merge", len(m.Merge), 0, 50),
		ck.amounts("reserve", m.Reserve), ck.amounts("stated", m.Stated),
		ck.part(), ck.approval(),
	); err != nil {
		return err
	}
	return ck.merges()
}

func (ck checker) part() error {
	p := ck.made.Part
	if p == nil {
		return nil
	}
	if err := ledger.CheckID("part.of", p.Of); err != nil {
		return err
	}
	if p.N < 2 || p.N > 400 || p.K < 1 || p.K > p.N {
		return ledger.Errorf(ledger.Invalid, "issuance.part", "part 应写第 k 部分、共 n 部分：2 ≤ n ≤ 400，1 ≤ k ≤ n。", "A part is k of n with 2 ≤ n ≤ 400 and 1 ≤ k ≤ n.").At("part")
	}
	sheet, ok := ck.f.Sheet(ck.made.Issuer, p.Of)
	if ok && (sheet.N != p.N || sheet.Parts[p.K] != "") {
		return ledger.Refuse("issuance.part_taken", "表 %s 共 %d 部分，第 %d 部分已登记或总数不符。", "Sheet %s has %d parts; part %d is on record or the total differs.", p.Of, sheet.N, p.K).At("part")
	}
	return ck.acrossParts(sheet)
}

// acrossParts: a sheet is one document, so a unit stands on one line of all
// its parts.
func (ck checker) acrossParts(sheet Sheet) error {
	for _, other := range sheet.Parts {
		for i, l := range ck.made.Lines {
			if ck.f.Addressed(other, l.To) {
				return ledger.Refuse("issuance.two_lines", "给 %s 的有两行，请并成一行。", "There are two lines to %s; make them one.", l.To).At("lines[%d].to", i)
			}
		}
	}
	return nil
}

// elsewhere is acrossParts for a line that an amendment brings.
func (ck checker) elsewhere(to string) error {
	part := ck.made.Part
	if part == nil {
		return nil
	}
	sheet, _ := ck.f.Sheet(ck.made.Issuer, part.Of)
	for k, other := range sheet.Parts {
		if k != part.K && ck.f.Addressed(other, to) {
			return ledger.Refuse("issuance.two_lines", "给 %s 的有两行，请并成一行。", "There are two lines to %s; make them one.", to).At("line.to")
		}
	}
	return nil
}

func (ck checker) approval() error {
	a := ck.made.Approval
	if a == nil {
		return nil
	}
	if a.By == ck.made.Issuer {
		return ledger.Refuse("issuance.approved_by_itself", "%s 不能自己批准自己加码；批准须由有权的另一单位作出。", "%s cannot approve its own addition; an approval is another unit's.", a.By).At("approval.by")
	}
	return ledger.First(
		mandate.OpenUnit(ck.f, "approval.by", a.By),
		ledger.CheckText("approval.competence", a.Competence, 200, true),
		ledger.CheckDate("approval.date", a.Date, true),
		unit.CheckDocument(ck.f, "approval.document", a.Document, false),
		ledger.CheckCount("approval.covers", len(a.Covers), 0, 50),
		ck.amounts("approval.covers", a.Covers),
	)
}

func (ck checker) merges() error {
	for _, id := range slices.Sorted(maps.Keys(ck.made.Merge)) {
		m, err := ck.measure("merge", id)
		if err != nil {
			return err
		}
		how := ck.made.Merge[id]
		if m.Kind == mandate.Set && how != "union" || m.Kind != mandate.Set && how != "sum" && how != "strictest" {
			return ledger.Errorf(ledger.Invalid, "issuance.merge", "指标 %s 不能按“%s”合并：数值用 sum 或 strictest，清单用 union。",
				"Measure %s cannot be merged by %q: numbers take sum or strictest, sets take union.", id, how).At("merge")
		}
	}
	return nil
}

// basis: each basis is in force, addressed the issuer, and stands once; a
// unit without one must be the mandate's origin or say that it begins here.
func (ck checker) basis() error {
	seen := map[string]bool{}
	for i, id := range ck.made.Basis {
		b, ok := ck.f.Issuance(id)
		at := fmt.Sprintf("basis[%d]", i)
		switch {
		case !ok:
			return Unknown(id).At("%s", at)
		case seen[id]:
			return ledger.Refuse("issuance.basis_twice", "依据 %s 重复。", "Basis %s stands twice.", id).At("%s", at)
		case b.Withdrawn:
			return ledger.Refuse("issuance.basis_withdrawn", "依据 %s 已经撤回，不能再据以下达；请改用现行文件。", "Basis %s was withdrawn; rest on what is in force.", id).At("%s", at)
		case !b.InForce:
			return ledger.Refuse("issuance.basis_incomplete", "依据 %s 是分部分下达，其余部分尚未登记齐。", "Basis %s is part of a sheet whose other parts are not all in.", id).At("%s", at)
		case len(ck.f.Received(id, ck.made.Issuer)) == 0:
			return ledger.Refuse("issuance.not_received", "%[2]s 没有给 %[1]s 下达任务，不能作为依据。", "%[1]s received nothing by %[2]s and cannot pass it down.", ck.made.Issuer, id).At("%s", at)
		}
		seen[id] = true
	}
	if ck.made.Origin && len(ck.made.Basis) > 0 {
		return ledger.Refuse("issuance.origin_with_basis", "既写了上级依据，就不能再声明本单位是起点。", "An issuance that rests on others cannot declare its issuer the origin.").At("origin")
	}
	return ck.beginsHere()
}

// beginsHere: a mandate that no basis brought begins with its origin, or with
// an issuer that says it does. A measure of a mandate that was brought may be
// new: that is an addition.
func (ck checker) beginsHere() error {
	if ck.made.Origin {
		return nil
	}
	brought := ck.brought()
	for _, id := range ck.made.measures() {
		key, _, _ := mandate.SplitMeasure(id)
		if m, ok := ck.f.Mandate(key); ok && m.Origin != ck.made.Issuer && !brought[key] {
			return ledger.Refuse("issuance.without_basis",
				"任务 %[1]s 起于 %[2]s，而 %[3]s 没有写明收到的上级依据。请在 basis 写明依据；确属本单位自行提出的，声明 origin。",
				"Mandate %[1]s begins with %[2]s and %[3]s names nothing it received. Name the basis, or declare origin if the unit begins this itself.", key, m.Origin, ck.made.Issuer).At("basis")
		}
	}
	return nil
}

func (ck checker) brought() map[string]bool {
	mandates := map[string]bool{}
	for _, b := range ck.made.Basis {
		for _, a := range ck.f.Received(b, ck.made.Issuer) {
			key, _, _ := mandate.SplitMeasure(a.Measure)
			mandates[key] = true
		}
	}
	return mandates
}

// measures that are handed down or kept.
func (m Made) measures() []string {
	set := map[string]bool{}
	for _, l := range m.Lines {
		for _, a := range l.Amounts {
			set[a.Measure] = true
		}
	}
	for _, a := range m.Retained {
		set[a.Measure] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func (ck checker) lines() error {
	above := map[string]bool{}
	for _, id := range ck.made.Basis {
		for _, u := range ck.f.Issuers(id) {
			above[u] = true
		}
	}
	seen := map[string]bool{}
	for i, l := range ck.made.Lines {
		at := fmt.Sprintf("lines[%d]", i)
		if seen[l.To] {
			return ledger.Refuse("issuance.two_lines", "给 %s 的有两行，请并成一行。", "There are two lines to %s; make them one.", l.To).At("%s.to", at)
		}
		seen[l.To] = true
		if above[l.To] {
			return onChain(l.To).At("%s.to", at)
		}
		if len(l.Amounts) == 0 {
			return ledger.Errorf(ledger.Invalid, "issuance.empty_line", "给 %s 的一行没有写任务量。", "The line to %s asks for nothing.", l.To).At("%s.amounts", at)
		}
		if err := ck.line(l, at); err != nil {
			return err
		}
	}
	return nil
}

func onChain(code string) *ledger.Error {
	return ledger.Refuse("issuance.cycle", "%s 在本任务的上级链条中，不能再作为下级接收。", "%s stands on the chain above and cannot be a receiver below.", code)
}

func (ck checker) line(l Line, at string) error {
	if err := ledger.First(
		unit.CheckCode(at+".to", l.To),
		ledger.CheckCount(at+".amounts", len(l.Amounts), 0, 50),
		ledger.CheckCount(at+".given", len(l.Given), 0, 20),
		ledger.CheckCount(at+".needed", len(l.Needed), 0, 20),
		resources(at+".given", l.Given), resources(at+".needed", l.Needed),
	); err != nil {
		return err
	}
	if l.To == ck.made.Issuer {
		return ledger.Refuse("issuance.line_to_itself", "%s 不能给自己下达；本单位承担的部分请写在 retained。", "%s cannot hand a line to itself; what it keeps goes under retained.", l.To).At("%s.to", at)
	}
	if err := mandate.OpenUnit(ck.f, at+".to", l.To); err != nil {
		return err
	}
	if l.DirectedBy != "" {
		if err := mandate.OpenUnit(ck.f, at+".directedBy", l.DirectedBy); err != nil {
			return err
		}
	}
	return ck.amounts(at+".amounts", l.Amounts)
}

func (ck checker) amounts(at string, amounts []Amount) error {
	seen := map[string]bool{}
	for i, a := range amounts {
		field := fmt.Sprintf("%s[%d]", at, i)
		m, err := ck.measure(field+".measure", a.Measure)
		if err != nil {
			return err
		}
		if seen[a.Measure] {
			return ledger.Refuse("issuance.measure_twice", "指标 %s 在同一行写了两次。", "Measure %s stands twice in one line.", a.Measure).At("%s.measure", field)
		}
		seen[a.Measure] = true
		if err := checkAmount(field, m, a); err != nil {
			return err
		}
	}
	return nil
}

func (ck checker) measure(field, id string) (mandate.Measure, error) {
	name, key, ok := mandate.SplitMeasure(id)
	if !ok {
		return mandate.Measure{}, ledger.Errorf(ledger.Invalid, "issuance.measure", "指标应写成“任务编号/指标”，收到的是“%s”。", "A measure is written mandate/key; %q is not.", id).At("%s", field)
	}
	m, ok := ck.f.Mandate(name)
	if !ok {
		return mandate.Measure{}, mandate.Unknown(name).At("%s", field)
	}
	if m.Withdrawn {
		return mandate.Measure{}, ledger.Refuse("mandate.withdrawn_already", "任务 %s 已经撤回，不能再下达。", "Mandate %s was withdrawn and cannot be passed down.", name).At("%s", field)
	}
	measure, ok := m.Measures[key]
	if !ok {
		return measure, ledger.Refuse("mandate.no_such_measure", "任务 %s 没有指标“%s”。", "Mandate %s has no measure %q.", name, key).At("%s", field)
	}
	return measure, nil
}

// amends: a measure that an amendment brings is held to the rules of a new
// issuance.
func (ck checker) amends(l Line) error {
	if err := ck.line(l, "line"); err != nil {
		return err
	}
	had := ck.made.measures()
	l.Amounts = slices.DeleteFunc(slices.Clone(l.Amounts), func(a Amount) bool { return slices.Contains(had, a.Measure) })
	ck.made.Lines, ck.made.Retained = []Line{l}, nil
	return ledger.First(ck.beginsHere(), ck.overlaps())
}
