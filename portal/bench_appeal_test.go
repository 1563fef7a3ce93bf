package portal

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"suyuan/services/ledger"
)

// onAppeal is a finding whose appeal somebody of the new panel voted on, and
// who that was.
func onAppeal(account, result string, taken ...any) *standing {
	vote := map[string]any{"appeal": 1, "account": account, "result": result, "removals": taken, "at": "2026-11-20T01:00:00Z"}
	panel := map[string]any{"version": 1, "account": "panel-1", "agrees": true, "at": "2026-11-02T01:00:00Z"}
	return &standing{
		rounds: map[string]any{"stage": "APPEALED", "hands": []any{}, "votes": []any{panel, vote}},
		finding: map[string]any{"stage": "APPEALED", "mirrors": []any{}, "appeals": []any{
			map[string]any{"n": 1, "units": []any{}, "at": "2026-11-10T01:00:00Z", "text": "请减去"},
		}},
	}
}

func takes(unit, name string, points int) any {
	return map[string]any{"unit": map[string]any{"code": unit, "name": name}, "points": points}
}

var removalValue = regexp.MustCompile(`name="removals\.(\d)\.points" value="(\d*)"`)

// The second member finds filled in what the first would take away, is told
// so, and finds no result chosen for him.
func TestSecondMemberFindsWhatTheFirstTook(t *testing.T) {
	for name, c := range map[string]struct {
		q     *standing
		want  string
		tells bool
	}{
		"another varies":      {onAppeal("b", "VARIED", takes("990101101202", "中柳村", 1200)), "1= 2=1200 ", true},
		"another overturns":   {onAppeal("b", "OVERTURNED", takes("990101101", "柳溪镇", 6667), takes("990101101202", "中柳村", 3333)), "1= 2= ", false},
		"one's own vote":      {onAppeal("a", "VARIED", takes("990101101202", "中柳村", 1200)), "1= 2= ", false},
		"of an appeal before": {earlier(onAppeal("b", "VARIED", takes("990101101202", "中柳村", 1200))), "1= 2= ", false},
	} {
		body := get(staffed(t, c.q, &fakeDesk{}, "9901-jw", ledger.Reviewer), theOutcome, "Accept-Language", "zh-CN").Body.String()
		got := ""
		for _, m := range removalValue.FindAllStringSubmatch(body, -1) {
			got += m[1] + "=" + m[2] + " "
		}
		if got != c.want {
			t.Errorf("%s: %q is filled in, want %q", name, got, c.want)
		}
		if tells := strings.Contains(body, "已按另一位审议员的意见填入") && strings.Contains(body, "另一位审议员减去 1200。"); tells != c.tells {
			t.Errorf("%s: told so: %t", name, tells)
		}
		if strings.Contains(body, `value="varied" checked`) || strings.Contains(body, `value="varied"  checked`) {
			t.Errorf("%s: a result is chosen", name)
		}
	}
}

// earlier moves the vote to the appeal before the one that runs.
func earlier(q *standing) *standing {
	appeals := q.finding["appeals"].([]any)
	q.finding["appeals"] = append(appeals, map[string]any{"n": 2, "units": []any{}, "at": "2026-11-21T01:00:00Z", "text": "再次申诉"})
	return q
}

// What was filled in is confirmed, changed or cleared by the second member; a
// result that takes nothing by itself is sent without it, but never without
// what he typed himself.
func TestSecondMemberConfirmsOrDiffers(t *testing.T) {
	const finding = "990101101202-20221231-0a1b2c3d-1"
	for name, c := range map[string]struct{ result, town, village, want string }{
		"confirms":                  {"varied", "", "1200", `"removals":[{"points":1200,"unit":"990101101202"}],"result":"varied"`},
		"changes":                   {"varied", "500", "1300", `"removals":[{"points":500,"unit":"990101101"},{"points":1300,"unit":"990101101202"}],"result":"varied"`},
		"clears":                    {"varied", "500", "", `"removals":[{"points":500,"unit":"990101101"}],"result":"varied"`},
		"upholds":                   {"upheld", "", "1200", `"result":"upheld"`},
		"overturns":                 {"overturned", "", "1200", `"result":"overturned"`},
		"upholds, and takes (sent)": {"upheld", "", "1300", `"removals":[{"points":1300,"unit":"990101101202"}],"result":"upheld"`},
	} {
		d := &fakeDesk{}
		form := url.Values{"do": {"vote_appeal"}, "key": {someKey}, "result": {c.result}, "removals.1.points": {c.town}, "removals.2.points": {c.village}, "reason": {"理由"}}
		w := post(staffed(t, onAppeal("b", "VARIED", takes("990101101202", "中柳村", 1200)), d, "9901-jw", ledger.Reviewer), theOutcome, form)
		if want := `{"id":"` + finding + `","reason":"理由",` + c.want + `}`; w.Code != http.StatusSeeOther || d.input != want {
			t.Errorf("%s: %d, sent %s, want %s", name, w.Code, d.input, want)
		}
	}
}
