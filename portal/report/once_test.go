package report

import (
	"net/http"
	"strings"
	"testing"

	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/ledger"
)

// Whatever is sent into a box costs one derivation and as many looks, and gets
// a page of the same status, whether the receipt is somebody's or nobody's.
func TestLettersTellNoReceipt(t *testing.T) {
	long := strings.Repeat("字", envelope.MaxText+1)
	for name, c := range map[string]struct {
		pairs  []string
		status int
		looks  int
	}{
		"a look":        {[]string{"go", "look"}, http.StatusOK, 1},
		"a reply":       {[]string{"go", "reply", "reply", "是"}, http.StatusOK, 2},
		"a rating":      {[]string{"go", "rate", "solved", "yes", "satisfied", "no"}, http.StatusOK, 2},
		"a withdrawal":  {[]string{"go", "withdraw", "sure", "yes"}, http.StatusOK, 2},
		"an empty one":  {[]string{"go", "reply"}, http.StatusUnprocessableEntity, 1},
		"a long one":    {[]string{"go", "retaliation", "retaliation", long}, http.StatusUnprocessableEntity, 1},
		"half a rating": {[]string{"go", "rate", "solved", "yes"}, http.StatusUnprocessableEntity, 1},
		"not sure":      {[]string{"go", "withdraw"}, http.StatusUnprocessableEntity, 1},
	} {
		may := []intake.May{{Act: "reply"}, {Act: "rate"}, {Act: "review"}, {Act: "withdraw"}, {Act: "retaliation"}}
		for whose, f := range map[string]*fake{
			"somebody's": {choices: listed(), box: intake.Box{Known: true, State: "answered", May: may}},
			"nobody's":   {choices: listed(), box: intake.Box{}, noBox: true},
			"waiting":    {choices: listed(), box: intake.Box{Known: true, Waiting: true}, shut: ledger.Refuse("intake.waiting", "还没有登记。", "Not registered yet.")},
		} {
			f.truly = true
			w := post(siteFor(t, f, Options{}), append([]string{"lang", "en", "receipt", given}, c.pairs...)...)
			if w.Code != c.status || f.derived != 1 || f.looks != c.looks {
				t.Errorf("%s with %s receipt: status %d after %d derivations and %d looks; want %d, 1, %d", name, whose, w.Code, f.derived, f.looks, c.status, c.looks)
			}
			if f.kept() {
				t.Errorf("%s with %s receipt: the keys are still there", name, whose)
			}
			if body := w.Body.String(); whose == "waiting" && c.looks == 2 && !strings.Contains(body, "Not registered yet.") {
				t.Errorf("%s with a receipt that waits: not told why", name)
			} else if whose == "nobody's" && (strings.Contains(body, `href="#reply"`) || !strings.Contains(body, "Nothing found")) {
				t.Errorf("%s with nobody's receipt: another page", name)
			}
		}
	}
}
