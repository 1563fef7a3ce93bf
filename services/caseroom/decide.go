package caseroom

import (
	"fmt"
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// Decide opens a case and assigns whoever opens it.
func (c Open) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		only(by, ledger.Investigator), ledger.CheckID("id", c.ID), ledger.CheckText("title", c.Title, 120, true),
		ledger.CheckWord("from", c.From, FromReports, FromClaims, FromFlags), ledger.CheckCount("about", len(c.About), 0, maxAbout),
		checkUnits(f, "about", c.About), s.checkComplaints(f, by, c.Complaints),
	); err != nil {
		return nil, err
	}
	if s.Opened != nil {
		return nil, ledger.Errorf(ledger.Conflict, "case.already_opened", "编号 %s 已经用于另一案件；请换一个编号。", "The id %s belongs to another case; choose another.", c.ID).At("id")
	}
	if c.Mandate != "" {
		if _, ok := f.Mandate(c.Mandate); !ok {
			return nil, mandate.Unknown(c.Mandate).At("mandate")
		}
	}
	switch {
	case c.From != FromFlags && len(c.Complaints) == 0:
		return nil, ledger.Errorf(ledger.Invalid, "case.without_complaints", "由反映立案须写明反映件编号。", "A case from reports or claims names at least one complaint.").At("complaints")
	case c.From == FromFlags && c.Mandate == "":
		return nil, ledger.Errorf(ledger.Invalid, "case.without_mandate", "由预警立案须写明任务。", "A case from flags names the mandate.").At("mandate")
	}
	opened := Opened{At: at, ID: c.ID, Title: c.Title, From: c.From, Complaints: c.Complaints, Mandate: c.Mandate, About: c.About}
	if opened.Evolve(&s); s.recuses(f, by) {
		return nil, ledger.Errorf(ledger.Forbidden, "case.own_unit", "案件涉及您所在的单位或其上级，须由其他核查员立案。", "The case is about your own unit or one above it; another investigator has to open it.").At("about")
	}
	return []ledger.Evolver[State]{opened, Assigned{at, by.Account, by.Unit}}, nil
}

// Decide adds to the case.
func (c Link) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.open(c.ID, f, by, ledger.Investigator), ledger.CheckCount("complaints", len(c.Complaints), 0, MaxLinks), s.checkComplaints(f, by, c.Complaints),
		checkNew("documents", s.Documents, c.Documents), checkNew("issuances", s.Issuances, c.Issuances),
	); err != nil {
		return nil, err
	}
	if len(c.Complaints)+len(c.Documents)+len(c.Issuances) == 0 {
		return nil, ledger.Errorf(ledger.Invalid, "case.links_nothing", "请写明要并入的反映件、文件或下达。", "Name the complaints, documents or issuances to add.")
	}
	for i, d := range c.Documents {
		if err := unit.CheckDocument(f, fmt.Sprintf("documents[%d]", i), d, true); err != nil {
			return nil, err
		}
	}
	for i, id := range c.Issuances {
		if _, ok := f.Issuance(id); !ok {
			return nil, ledger.Refuse("case.issuance_unknown", "没有编号为“%s”的下达。", "There is no issuance %q.", id).At("issuances[%d]", i)
		}
	}
	return []ledger.Evolver[State]{Linked{at, c.Complaints, c.Documents, c.Issuances}}, nil
}

// Decide lets an account in. Whoever is recused from what is in the case is
// not let in, and would see nothing if he were.
func (c Assign) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.open(c.ID, f, by, ledger.Investigator), ledger.CheckText("account", c.Account, 100, true)); err != nil {
		return nil, err
	}
	if c.Unit != "" {
		if err := checkUnit(f, "unit", c.Unit); err != nil {
			return nil, err
		}
	}
	switch {
	case slices.Contains(s.Accounts, c.Account):
		return nil, ledger.Refuse("case.assigned", "这个账号已经在办案人员之中。", "This account is assigned already.").At("account")
	case c.Account == ledger.System || s.recuses(f, ledger.Actor{Account: c.Account, Unit: c.Unit}):
		return nil, ledger.Refuse("case.assigns_recused", "此人须回避本案，不能指派。", "That account is recused from the case and cannot be assigned.").At("account")
	case len(s.Accounts) >= MaxAccounts:
		return nil, ledger.Refuse("case.too_many_accounts", "一案最多指派 %d 人。", "A case has at most %d people.", MaxAccounts)
	}
	return []ledger.Evolver[State]{Assigned{at, c.Account, c.Unit}}, nil
}

// Decide takes an account out, not the last one: nobody could see the case.
func (c Unassign) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := s.open(c.ID, f, by, ledger.Investigator); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(s.Accounts, c.Account):
		return nil, ledger.Refuse("case.not_assigned", "这个账号不在办案人员之中。", "This account is not assigned.").At("account")
	case len(s.Accounts) == 1:
		return nil, ledger.Refuse("case.last_account", "案件须有人办理；请先指派他人。", "Somebody has to work on the case; assign another first.").At("account")
	}
	return []ledger.Evolver[State]{Unassigned{at, c.Account}}, nil
}

// Decide takes an account or a unit out for good.
func (c Recuse) Decide(s State, f Facts, by ledger.Actor, _ time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.open(c.ID, f, by, ledger.Investigator, ledger.Reviewer), ledger.CheckText("reason", c.Reason, 300, true), ledger.CheckText("account", c.Account, 100, false)); err != nil {
		return nil, err
	}
	if (c.Account == "") == (c.Unit == "") {
		return nil, ledger.Errorf(ledger.Invalid, "case.recuse_one", "请写明回避的账号或单位，二者取一。", "Name an account or a unit, one of the two.").At("account")
	}
	if c.Unit != "" {
		if err := unit.CheckCode("unit", c.Unit); err != nil {
			return nil, err
		}
	}
	for _, r := range s.Recusals {
		if r.Account == c.Account && r.Unit == c.Unit {
			return nil, ledger.Refuse("case.already_recused", "已经登记回避。", "The recusal is on record already.")
		}
	}
	if len(s.Recusals) >= maxRecusals {
		return nil, ledger.Refuse("case.too_many_recusals", "一案最多登记 %d 项回避。", "At most %d recusals go on record for one case.", maxRecusals)
	}
	return []ledger.Evolver[State]{c.Recused}, nil
}

// Decide puts a note in.
func (c Note) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.open(c.ID, f, by, ledger.Investigator, ledger.Reviewer), checkBlob("note", c.Note)); err != nil {
		return nil, err
	}
	if s.Notes >= MaxNotes {
		return nil, ledger.Refuse("case.too_many_notes", "一案最多 %d 条笔记。", "A case has at most %d notes.", MaxNotes)
	}
	return []ledger.Evolver[State]{Noted{at, c.Note}}, nil
}

// Decide asks sibling units for records: at least MinSiblings under one
// superior, so that the request points at none of them.
func (c RequestRecords) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.open(c.ID, f, by, ledger.Investigator), ledger.CheckText("what", c.What, 300, true), ledger.CheckDate("by", c.By, false),
		ledger.CheckCount("units", len(c.Units), 0, maxUnits), checkUnits(f, "units", c.Units),
	); err != nil {
		return nil, err
	}
	if len(c.Units) < MinSiblings {
		return nil, ledger.Refuse("case.too_few_units", "调取资料须同时面向至少 %d 个同级单位，以免暴露反映人；同级不足的，请到上一级调取。",
			"Records are asked of at least %d sibling units, so that no reporter stands out; where there are not so many, ask one level up.", MinSiblings).At("units")
	}
	first, _ := f.Unit(c.Units[0])
	for i, code := range c.Units {
		if u, _ := f.Unit(code); u.Parent == "" || u.Parent != first.Parent || u.Level != first.Level {
			return nil, ledger.Refuse("case.not_siblings", "%[1]s 与 %[2]s 不是同一上级的同级单位。", "%[1]s and %[2]s are not siblings under one superior.", code, c.Units[0]).At("units[%d]", i)
		}
	}
	if s.Requests >= MaxRequests {
		return nil, ledger.Refuse("case.too_many_requests", "一案最多调取 %d 次。", "A case has at most %d requests.", MaxRequests)
	}
	return []ledger.Evolver[State]{RecordsRequested{at, c.Units, c.What, c.By}}, nil
}

// Decide closes the case. What is borne out is so by documents from above,
// never by reports alone.
func (c Close) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.open(c.ID, f, by, ledger.Investigator), ledger.CheckWord("how", c.How, Hows...), ledger.CheckText("text", c.Text, 300, true)); err != nil {
		return nil, err
	}
	if c.How == Documented && len(s.Documents)+len(s.Issuances) == 0 {
		return nil, ledger.Refuse("case.undocumented", "查实须凭文件；请先并入文件或凭文件录入的下达。", "A case is borne out by documents; link them, or issuances entered from them, first.").At("how")
	}
	return []ledger.Evolver[State]{Closed{at, c.How, c.Text}}, nil
}
