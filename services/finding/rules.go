package finding

import (
	"slices"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/unit"
)

// only refuses everybody who does not hold the role. It comes before anything
// is looked at.
func only(by ledger.Actor, role ledger.Role) error {
	if by.Is(role) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "finding.role", "此项须由 %[1]s 角色办理。", "This takes the role %[1]s.", string(role))
}

func system(by ledger.Actor) error {
	if by.Account == ledger.System {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "finding.system_only", "此项由系统自动登记，不能人工提交。", "This is recorded by the system itself and cannot be sent by a person.")
}

func unknown(id string) error {
	return ledger.Errorf(ledger.NotFound, "finding.unknown", "没有编号为“%s”的认定意见。", "There is no finding %q.", id).At("id")
}

// recused reports whether an actor was taken out, by account or with a unit.
func (s State) recused(by ledger.Actor, units Units) bool {
	return slices.ContainsFunc(s.Recusals, func(r Recused) bool {
		return r.Account != "" && r.Account == by.Account || r.Unit != "" && outcome.Tied(by, []string{r.Unit}, units)
	})
}

// tied reports whether an actor belongs to a unit that the finding is about.
func (s State) tied(by ledger.Actor, units Units) bool {
	return outcome.Tied(by, s.Concerned(), units)
}

func (s State) independent(f Facts, by ledger.Actor) error {
	switch {
	case s.recused(by, f):
		return ledger.Errorf(ledger.Forbidden, "finding.recused", "您已被要求回避，不能办理本件。", "You were recused and take no part in this finding.")
	case s.tied(by, f):
		return ledger.Errorf(ledger.Forbidden, "finding.tied", "您所在单位是本件所涉单位，或者在其辖内，应当回避，请由其他单位的审议员办理。", "Your unit is one that the finding is about, or lies within one; a reviewer of another unit has to do this.")
	}
	return nil
}

// reviewer lets in reviewers who are neither tied to the finding nor recused,
// at some stages.
func (s State) reviewer(id string, f Facts, by ledger.Actor, stages ...Stage) error {
	if err := only(by, ledger.Reviewer); err != nil {
		return err
	}
	if s.Stage == "" {
		return unknown(id)
	}
	return ledger.First(s.independent(f, by), s.at(stages...))
}

// underway are the stages before it is issued.
var underway = []Stage{Draft, Passed, Hearing}

// at holds the finding to the stages in which something can be done.
func (s State) at(stages ...Stage) error {
	if slices.Contains(stages, s.Stage) {
		return nil
	}
	var zh, en []string
	for _, x := range stages {
		zh, en = append(zh, x.zh()), append(en, string(x))
	}
	return ledger.Refuse("finding.stage", "认定意见现为“%[1]s”，此项只能在“%[2]s”时办理。", "The finding stands at %[3]s; this can be done at %[4]s only.",
		s.Stage.zh(), strings.Join(zh, "、"), string(s.Stage), strings.Join(en, ", "))
}

// zh is a stage as a refusal names it.
func (x Stage) zh() string {
	i := slices.Index(Stages, x)
	if i < 0 {
		return "未起草"
	}
	return []string{"起草", "复核通过", "陈述申辩", "已作出决定", "申诉中", "维持", "变更", "撤销", "申诉期满", "被取代", "撤回"}[i]
}

// party is which of the units, that have a part in it, a clerk acts for: its
// own, or one that was merged into it. Before the finding is issued somebody
// else is not told that there is one.
func (s State) party(id string, f Facts, by ledger.Actor, units []string) (string, error) {
	if err := only(by, ledger.Clerk); err != nil {
		return "", err
	}
	if by.Unit != "" && slices.Contains(units, by.Unit) {
		return by.Unit, nil
	}
	for _, code := range units {
		if by.Unit != "" && standsFor(by.Unit, code, f) {
			return code, nil
		}
	}
	if !s.Stage.Public() && !MayRead(s, by, f) {
		return "", unknown(id)
	}
	return "", ledger.Errorf(ledger.Forbidden, "finding.not_party", "本单位在此没有份额或者未被告知，此项由相关单位的经办人办理。", "This is for clerks of units that had notice and answer for something here; yours is none.")
}

// standsFor reports whether a unit was merged into another, at once or by way
// of others.
func standsFor(into, code string, units Units) bool {
	for range 16 { // as far as outcome.Tied follows mergers
		u, ok := units.Unit(code)
		if !ok || u.Into == "" {
			return false
		}
		if code = u.Into; code == into {
			return true
		}
	}
	return false
}

// MayRead reports whether the actor may see a finding: everybody once it is
// issued; before that staff who are neither tied to it nor recused, and the
// clerks of units that were given notice.
func MayRead(s State, by ledger.Actor, units Units) bool {
	switch {
	case s.Stage == "":
		return false
	case s.Stage.Public() || by.Account == ledger.System:
		return true
	case by.Anonymous():
		return false
	case by.Is(ledger.Clerk) && by.Unit != "" && slices.ContainsFunc(s.noticed(), func(code string) bool { return code == by.Unit || standsFor(by.Unit, code, units) }):
		return true
	}
	return by.Is(ledger.Investigator, ledger.Reviewer, ledger.Auditor) && !s.recused(by, units) && !s.tied(by, units)
}

// same holds a step to the version that was looked at.
func (s State) same(version int) error {
	if version == s.Current().N {
		return nil
	}
	return ledger.Errorf(ledger.Conflict, "finding.version_changed", "份额已有第 %[1]d 版，您看的是第 %[2]d 版；请看过新版再办理。", "There is a version %[1]d by now; you looked at %[2]d. Look at the new one first.", s.Current().N, version).At("version")
}

// somebody refuses what charges nobody, unless it clears who was charged.
func (s State) somebody() error {
	if !s.Current().nobody() || s.clears() {
		return nil
	}
	return ledger.Refuse("finding.nobody", "按现有证据没有差额，或者没有单位承担份额，不能告知，也不能作出决定；请撤回，或者等待补充事实。", "By the evidence nothing is missing, or no unit bears anything: there is nothing to notify or to decide. Withdraw it, or wait for facts.")
}

// periods are the terms that hold on the day.
func periods(f Facts, at time.Time) (policy.Terms, error) {
	adopted, ok := f.Policy(policy.Periods, ledger.DateOf(at))
	if !ok {
		return policy.Terms{}, ledger.Refuse("finding.no_terms", "办理期限（terms）还没有施行，请管理员先行采用。", "No periods (terms) are in force; an admin has to adopt them first.")
	}
	return policy.TermsOf(adopted)
}

func checkReason(reason string) error { return ledger.CheckText("reason", reason, maxReason, true) }

func checkStatement(f Facts, text, document string) error {
	return ledger.First(ledger.CheckText("text", text, maxText, true), unit.CheckDocument(f, "document", document, false))
}

// Whole is what all shares of a version make up.
const Whole = liability.Whole
