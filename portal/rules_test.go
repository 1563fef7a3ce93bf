package portal

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

var ruleOption = regexp.MustCompile(`<option value="([a-z0-9-]+)"[^>]*>([^<]*)</option>`)

// Rules to choose from can be told apart, and this product's own are offered
// where a finding is made and nowhere else.
func TestRulesToChooseFrom(t *testing.T) {
	for address, c := range map[string]struct {
		role ledger.Role
		own  bool
	}{
		theOutcome: {ledger.Reviewer, true}, newOutcome: {ledger.Investigator, false}, "/units/990101101/record": {ledger.Clerk, false},
		"/outcomes/990101101202-20221231-0a1b2c3d/correct": {ledger.Investigator, true},
	} {
		w := get(staffed(t, &standing{rounds: map[string]any{"stage": "DRAFT"}}, &fakeDesk{}, "9901-jw", c.role), address, "Accept-Language", "zh-CN")
		seen, own := map[string]string{}, false
		for _, m := range ruleOption.FindAllStringSubmatch(w.Body.String(), -1) {
			if !strings.Contains(m[2], "：") {
				continue // another list
			}
			if id := seen[m[2]]; id != "" && id != m[1] {
				t.Errorf("%s: %s and %s are both called %s", address, id, m[1], m[2])
			}
			seen[m[2]] = m[1]
			own = own || strings.Contains(m[2], "JRA-1")
		}
		if w.Code != http.StatusOK || len(seen) < 2 || own != c.own {
			t.Errorf("%s: %d, %d rules, this product's own %t", address, w.Code, len(seen), own)
		}
	}
	if got := beginning("一二三四五", 4); got != "一二三…" || beginning("一二三四", 4) != "一二三四" {
		t.Errorf("the beginning is %q", got)
	}
}
