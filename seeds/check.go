package seeds

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"suyuan/services/ledger"
)

// check holds what was read against the rules of a scenario, and says where
// one is broken.
func (s Scenario) check() (string, error) {
	if err := s.particulars(); err != nil {
		return "", err
	}
	var before time.Time
	for i, step := range s.Steps {
		if err := step.check(); err != nil {
			return step.place, err
		}
		if step.At.Before(before) {
			return step.place + ".at", ledger.Errorf(ledger.Invalid, "scenario.order", "日期早于前一步；步骤须按日期排列。", "The date is before the step above; steps stand in the order of their dates.")
		}
		before = step.At
		if i > 0 && s.Steps[i-1].Recent && !step.Recent {
			return step.place + ".recent", ledger.Errorf(ledger.Invalid, "scenario.recent_last", "日期会推移的步骤（recent）须放在最后。", "Steps whose dates move (recent) come last.")
		}
		if i == 0 && step.Refused != "" {
			return step.place + ".refused", ledger.Errorf(ledger.Invalid, "scenario.first_refused", "第一步不能是预期被拒绝的。", "The first step cannot be one that is to be refused.")
		}
	}
	return "", nil
}

func (s Scenario) particulars() error {
	if err := ledger.First(
		ledger.CheckText("case", s.Case, 20, false),
		ledger.CheckText("title.zh", s.Title.Zh, 120, true),
		ledger.CheckText("title.en", s.Title.En, 200, true),
		ledger.CheckText("source", s.Source, 200, true),
		ledger.CheckCount("assumed", len(s.Assumed), 0, 50),
		ledger.CheckCount("steps", len(s.Steps), 1, maxUnits+maxSteps),
	); err != nil {
		return err
	}
	for i, a := range s.Assumed {
		if err := ledger.CheckText(fmt.Sprintf("assumed[%d]", i), a, 300, true); err != nil {
			return err
		}
	}
	return nil
}

func (p Step) check() error {
	if err := ledger.First(
		p.By.check(),
		ledger.CheckText("do", p.Do, 80, true),
		ledger.CheckText("refused", p.Refused, 80, false),
		ledger.CheckText("note", p.Note, 300, false),
	); err != nil {
		return err
	}
	if p.At.IsZero() {
		return ledger.Errorf(ledger.Invalid, "scenario.undated", "请写明日期和时间，如 2022-08-01T09:00:00+08:00。", "Give date and time, such as 2022-08-01T09:00:00+08:00.").At("at")
	}
	var with map[string]any
	if err := json.Unmarshal(p.With, &with); err != nil || with == nil {
		return ledger.Errorf(ledger.Invalid, "scenario.with", "with 应为该命令的 JSON 对象。", "with is the command's input, a JSON object.").At("with")
	}
	if (p.Do == "mandate.issue" || p.Do == "outcome.penalise") && !marked(with) {
		return ledger.Errorf(ledger.Invalid, "scenario.not_marked", "场景里的任务和结果须标明 fictional: true。", "A scenario's mandate or outcome is marked fictional: true.").At("with.fictional")
	}
	if place, code, found := realUnit("", with); found {
		return fictional("with"+place, code)
	}
	if member, ok := dated(with); ok && p.Recent {
		return ledger.Errorf(ledger.Invalid, "scenario.recent_dated", "日期会推移的步骤（recent）不能另写日期。", "A step whose date moves (recent) names no other date.").At("with.%s", member)
	}
	return nil
}

// dated finds a member of a command's input that is a day or a moment.
func dated(with map[string]any) (member string, found bool) {
	for _, name := range slices.Sorted(maps.Keys(with)) {
		text, _ := with[name].(string)
		if _, err := time.Parse(time.RFC3339, text); err == nil || ledger.Date(text).Valid() {
			return name, true
		}
	}
	return "", false
}

// check: a role in a unit of the division, or the system, which is in none.
func (b By) check() error {
	if b.Role != System {
		return ledger.First(ledger.CheckWord("by.role", b.Role, append(slices.Clone(ledger.Roles), System)...), fictional("by.unit", b.Unit), b.checkAs())
	}
	if b.Unit != "" || b.As != "" {
		return ledger.Errorf(ledger.Invalid, "scenario.system_alone", "系统办理的步骤只写 role，不写单位和序号。", "A step of the system has a role only, no unit and no number.").At("by.unit")
	}
	return nil
}

func (b By) checkAs() error {
	if b.As == "" {
		return nil
	}
	return ledger.First(ledger.CheckText("by.as", b.As, 10, true), ledger.CheckID("by.as", b.As))
}

// naming are the members of commands that name units. (unit is also what a
// measure counts in; that never begins with a digit.) Commands are read with
// their members in any case, so these are compared that way.
var naming = []string{
	"code", "parent", "into", "issuer", "origin", "lead", "author", "to", "from",
	"unit", "units", "absent", "by", "directedBy", "approvedBy", "orderedBy", "who", "body",
}

func names(member string) bool {
	return slices.ContainsFunc(naming, func(n string) bool { return strings.EqualFold(n, member) })
}

// marked reports whether a mandate says that it is fictional, and nothing else.
func marked(with map[string]any) bool {
	for member, v := range with {
		if strings.EqualFold(member, "fictional") && v != true {
			return false
		}
	}
	return with["fictional"] == true
}

// realUnit looks through a command's input for a unit of the real world and
// says where it stands. The place is put together on the way back, so that a
// deep input costs no more than its length.
func realUnit(name string, v any) (place, code string, found bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if place, code, found = realUnit(key, member); found {
				return "." + key + place, code, true
			}
		}
	case []any:
		for i, entry := range v {
			if place, code, found = realUnit(name, entry); found {
				return fmt.Sprintf("[%d]%s", i, place), code, true
			}
		}
	case string:
		if v != "" && v[0] >= '0' && v[0] <= '9' && !strings.HasPrefix(v, Division) && names(name) {
			return "", v, true
		}
	}
	return "", "", false
}

func fictional(field, code string) error {
	if strings.HasPrefix(code, Division) {
		return nil
	}
	return ledger.Errorf(ledger.Invalid, "scenario.real_unit", "单位“%s”不在虚构区划（代码以 %s 开头）内；场景不能替真实单位填报。",
		"Unit %q is not in the fictional division (codes beginning with %s); a scenario never writes for real units.", code, Division).At("%s", field)
}
