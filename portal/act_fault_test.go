package portal

import (
	"net/url"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// What the desk finds wrong with a field is told at the field and in the
// summary, once, and never by the field's name in the input; what is about no
// field stands in the summary alone.
func TestWhatIsWrongIsSaidOnce(t *testing.T) {
	form := url.Values{"do": {"check"}, "key": {someKey}, "passed": {"false"}}
	drafted := map[string]any{"stage": "DRAFT", "notices": []any{}, "steps": []any{happened("finding.drafted", 1, "drafter")}}
	for name, c := range map[string]struct {
		err   error
		says  string
		times int
	}{
		"a field that is missing": {ledger.CheckText("reason", "", 10, true), "请填写这一项。", 2},
		"a field":                 {ledger.Refuse("x.y", "理由不成立。", "No reason.").At("reason"), "理由不成立。", 2},
		"no field":                {ledger.Refuse("x.y", "不能办理。", "It cannot be done."), "不能办理。", 1},
	} {
		d := &fakeDesk{refuse: c.err}
		q := &standing{rounds: drafted, finding: map[string]any{"stage": "DRAFT"}}
		body := post(staffed(t, q, d, "9901-jw", ledger.Reviewer), theOutcome+"?lang=zh-CN", form).Body.String()
		if got := strings.Count(body, c.says); got != c.times || strings.Contains(body, "填写 reason") {
			t.Errorf("%s: %q is said %d times, want %d", name, c.says, got, c.times)
		}
		if linked := strings.Contains(body, `href="#check-reason"`); linked != (c.times == 2) {
			t.Errorf("%s: linked %t", name, linked)
		}
	}
}
