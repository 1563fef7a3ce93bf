package portal

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// What is concluded is found on the bench, and only there.
func TestBenchListsWhatIsConcluded(t *testing.T) {
	for address, has := range map[string]bool{"/bench?show=CONCLUDED": true, "/bench": false} {
		q := &fake{}
		w := get(staffed(t, q, &fakeDesk{}, "9901-jw", ledger.Reviewer), address, "Accept-Language", "zh-CN")
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "已办结") {
			t.Fatalf("%s: %d", address, w.Code)
		}
		for _, stage := range concludedStages {
			if asked := slices.ContainsFunc(q.asked, func(v map[string]any) bool { return v["stage"] == stage }); asked != has {
				t.Errorf("%s asks for %s: %t", address, stage, asked)
			}
		}
	}
}

// A number that cannot be is told so in words of the form.
func TestWhatIfSaysWhatIsWrongWithANumber(t *testing.T) {
	for value, says := range map[string]string{"-5": "不能小于 0", "9999999999999999": "数太大", "zwei": "请填数"} {
		body := get(staffed(t, &fake{}, &fakeDesk{}, ""), "/whatif?kind=quantity&u1=a&v1=200&u2=b&verified="+value, "Accept-Language", "zh-CN").Body.String()
		if !strings.Contains(body, says) || !strings.Contains(body, "再按“试算”") {
			t.Errorf("%s: not told %s", value, says)
		}
	}
}
