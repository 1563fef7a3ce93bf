package portal

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suyuan/portal/words"
	"suyuan/services/ledger"
)

const (
	theOutcome = "/bench/990101101202-20221231-0a1b2c3d"
	theFinding = "/findings/990101101202-20221231-0a1b2c3d-1"
	newOutcome = "/outcomes/new?kind=quantity"
)

// standing answers with a finding that stands elsewhere: rounds is what of it
// those who work on it see, finding what its parties do.
type standing struct {
	fake
	rounds, finding map[string]any
}

func (q *standing) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	data, err := q.fake.Query(ctx, document, variables)
	if err != nil {
		return data, err
	}
	var answer map[string]any
	set := func(in any, with map[string]any) {
		for key, value := range with {
			in.(map[string]any)[key] = value
		}
	}
	switch {
	case strings.Contains(document, "query BenchRounds(") && json.Unmarshal(data, &answer) == nil:
		penalty := answer["penalty"].(map[string]any)
		if q.rounds == nil {
			penalty["findings"] = []any{}
			break
		}
		set(penalty["findings"].([]any)[0], q.rounds)
	case strings.Contains(document, "query Finding(") && json.Unmarshal(data, &answer) == nil:
		set(answer["finding"], q.finding)
	default:
		return data, nil
	}
	return json.Marshal(answer)
}

func TestDeskPagesOfFindings(t *testing.T) {
	for address, c := range map[string]struct {
		says string
		role ledger.Role
	}{
		"/bench": {"东穗村未完成", ledger.Reviewer}, "/bench?show=MINE": {"等您办理", ledger.Reviewer}, "/bench?show=HEARING": {"听取意见", ledger.Investigator},
		"/bench?show=NEW": {"东穗村未完成", ledger.Reviewer}, theOutcome: {"清单列为基本事项", ledger.Reviewer}, theOutcome + "?done=check": {"已入册：同级复核。", ledger.Reviewer},
		"/answers": {"还有 7 个工作日", ledger.Clerk}, "/outcomes/new": {"几家同时要求", ledger.Clerk}, newOutcome: {"核实完成", ledger.Investigator},
		"/outcomes/new?kind=conduct": {"对险情的职权", ledger.Investigator}, "/outcomes/new?kind=competing": {"同时下达的记录编号", ledger.Investigator},
		"/outcomes/990101101202-20221231-0a1b2c3d/correct": {"更正的理由和依据", ledger.Investigator},
		"/units/990101101/record":                          {"澄清正名", ledger.Investigator}, "/policies": {"采用新的一版：责任划分", ledger.Admin},
	} {
		for _, lang := range words.Languages {
			w := get(staffed(t, &standing{rounds: map[string]any{}}, &fakeDesk{}, "990101101", c.role), address, "Accept-Language", lang)
			body := w.Body.String()
			if w.Code != http.StatusOK || lang == "zh-CN" && !strings.Contains(body, c.says) {
				t.Errorf("%s: %d, no %s", address, w.Code, c.says)
			}
			for _, never := range []string{"<style", " style=", "onclick", "<no value>", "%!", "ZgotmplZ", `href=""`, "action=\"\""} {
				if strings.Contains(body, never) {
					t.Errorf("%s in %s contains %s", address, lang, never)
				}
			}
		}
	}
	for _, address := range []string{"/bench", "/answers"} {
		w := get(staffed(t, &fake{}, &fakeDesk{}, "990101101", ledger.Reviewer, ledger.Clerk), address+"?format=csv")
		if !strings.Contains(w.Header().Get("Content-Type"), "csv") || strings.Count(w.Body.String(), "\n") < 3 {
			t.Errorf("%s as a file: %s", address, w.Body)
		}
	}
}

// Who has no part in a page is told so before anything is looked at.
func TestWhoSeesTheDesksOfFindings(t *testing.T) {
	pages := []string{"/bench", theOutcome, "/answers", newOutcome, "/outcomes/x/correct", "/units/990101/record"}
	for role, want := range map[ledger.Role][]int{
		"": {401, 401, 401, 401, 401, 401}, ledger.Auditor: {403, 403, 403, 403, 403, 403}, ledger.Admin: {403, 403, 403, 403, 403, 403},
		ledger.Clerk: {403, 403, 200, 200, 200, 200}, ledger.Reviewer: {200, 200, 403, 403, 403, 403}, ledger.Investigator: {200, 200, 403, 200, 200, 200},
	} {
		var roles []ledger.Role
		if role != "" {
			roles = []ledger.Role{role}
		}
		for i, page := range pages {
			q := &fake{}
			d := &fakeDesk{}
			h := staffed(t, q, d, "990101101", roles...)
			if w := get(h, page); w.Code != want[i] {
				t.Errorf("%q at %s: %d, want %d", role, page, w.Code, want[i])
			}
			if want[i] >= 400 && slices.ContainsFunc(q.asked, func(v map[string]any) bool { return v["id"] != nil || v["stage"] != nil }) {
				t.Errorf("%q at %s: the record was asked for all the same", role, page)
			}
			if page == "/bench" || page == "/answers" {
				continue
			}
			if w := post(h, page, url.Values{"do": {"check"}, "key": {someKey}}); want[i] >= 400 && (w.Code != want[i] || d.submits > 0) {
				t.Errorf("%q posts to %s: %d", role, page, w.Code)
			}
		}
	}
	h := staffed(t, &fake{null: true}, &fakeDesk{}, "9901-jw", ledger.Reviewer)
	if w := get(h, theOutcome); w.Code != http.StatusNotFound {
		t.Errorf("an outcome that does not exist: %d", w.Code)
	}
}

func happened(what string, version int, account string) map[string]any {
	return map[string]any{"what": what, "version": version, "account": account}
}

func TestActsOnFindingsByRoleAndStage(t *testing.T) {
	drafted := happened("finding.drafted", 1, "drafter")
	mine := happened("finding.drafted", 1, "a")
	const states, leave = " state_1 state_2 state", " withdraw_finding recuse_finding"
	answered := map[string]any{"mirrors": []any{}}
	past := []any{map[string]any{"unit": map[string]any{"code": "990101101", "name": "柳溪镇"}, "version": 1, "given": "2026-10-08T01:00:00Z", "until": "2026-10-22"}, map[string]any{"unit": map[string]any{"code": "990101101202", "name": "中柳村"}, "version": 1, "given": "2026-10-08T01:00:00Z", "until": "2026-10-22"}}
	settled := map[string]any{"notices": past, "replies": []any{}}
	pending := []any{map[string]any{"n": 1, "unit": map[string]any{"code": "990101101202", "name": "中柳村"}, "at": "2026-11-03T01:00:00Z", "state": "PENDING"}}
	accepted := []any{map[string]any{"n": 1, "unit": map[string]any{"code": "990101101202", "name": "中柳村"}, "at": "2026-11-03T01:00:00Z", "state": "ACCEPTED"}}
	with := func(sets ...map[string]any) map[string]any {
		out := map[string]any{}
		for _, s := range sets {
			for k, v := range s {
				out[k] = v
			}
		}
		return out
	}
	for _, c := range []struct {
		name, stage, want string
		role              ledger.Role
		rounds, finding   map[string]any
	}{
		{"no finding yet", "", "draft" + states, ledger.Reviewer, nil, nil},
		{"another's draft", "DRAFT", "check recompute override" + states + leave, ledger.Reviewer, map[string]any{"notices": []any{}, "steps": []any{drafted}}, nil},
		{"one's own draft", "DRAFT", "recompute override" + states + leave, ledger.Reviewer, map[string]any{"notices": []any{}, "steps": []any{mine}}, nil},
		{"sent back by the check", "DRAFT", "recompute override" + states + leave, ledger.Reviewer, map[string]any{"notices": []any{}, "steps": []any{drafted, happened("finding.checked", 1, "c")}}, nil},
		{"checked", "CHECKED", "notify recompute override" + states + leave, ledger.Reviewer, map[string]any{"notices": []any{}}, nil},
		{"a mirror is open", "HEARING", "recompute override hold_hearing" + states + leave, ledger.Reviewer, settled, map[string]any{"mirrors": []any{map[string]any{"unit": map[string]any{"code": "990101101"}, "state": "PENDING"}}}},
		{"a reply waits", "HEARING", "recompute override answer_reply_1 hold_hearing" + states + leave, ledger.Reviewer, map[string]any{"replies": pending, "notices": past}, answered},
		{"a reply was accepted", "HEARING", "recompute_1 override hold_hearing" + states + leave, ledger.Reviewer, map[string]any{"replies": accepted, "notices": past}, answered},
		{"ready", "HEARING", "recompute override hold_hearing vote" + states + leave, ledger.Reviewer, settled, answered},
		{"one asked to withdraw it", "HEARING", "recompute override hold_hearing vote" + states + leave, ledger.Reviewer, with(settled, map[string]any{"steps": []any{drafted, happened("finding.withdrawal_proposed", 1, "c")}}), answered},
		{"one asked oneself", "HEARING", "recompute override hold_hearing vote" + states + " recuse_finding", ledger.Reviewer, with(settled, map[string]any{"steps": []any{drafted, happened("finding.withdrawal_proposed", 1, "a")}}), answered},
		{"one asked oneself, of another version", "HEARING", "recompute override hold_hearing vote" + states + leave, ledger.Reviewer, with(settled, map[string]any{"steps": []any{drafted, happened("finding.withdrawal_proposed", 1, "a"), happened("finding.recomputed", 2, "c")}}), answered},
		{"voted", "HEARING", "recompute override hold_hearing" + states + leave, ledger.Reviewer, with(settled, map[string]any{"votes": []any{map[string]any{"version": 1, "agrees": true, "account": "a"}}}), answered},
		{"issued", "ISSUED", strings.TrimSpace(states) + " recuse_finding", ledger.Reviewer, map[string]any{}, nil},
		{"marked for review", "FINAL", "draft" + states, ledger.Reviewer, map[string]any{"marked": "2026-11-01T00:00:00Z"}, nil},
		{"on appeal", "APPEALED", "vote_appeal" + states + " recuse_finding", ledger.Reviewer, map[string]any{}, nil},
		{"on appeal, took part", "APPEALED", strings.TrimSpace(states) + " recuse_finding", ledger.Reviewer, map[string]any{"hands": []any{"a"}}, nil},
		{"withdrawn", "WITHDRAWN", "draft" + states, ledger.Reviewer, map[string]any{}, nil},
		{"investigator", "HEARING", "join", ledger.Investigator, map[string]any{}, nil},
	} {
		rounds, finding := c.rounds, map[string]any{}
		if rounds != nil {
			rounds = with(rounds, map[string]any{"stage": c.stage})
		}
		for k, v := range with(c.finding, map[string]any{"stage": c.stage}) {
			finding[k] = v
		}
		w := get(staffed(t, &standing{rounds: rounds, finding: finding}, &fakeDesk{}, "9901-jw", c.role), theOutcome)
		if got := offers(w.Body.String()); w.Code != http.StatusOK || got != c.want {
			t.Errorf("%s: %d, offered %q, want %q", c.name, w.Code, got, c.want)
		}
	}
}

// A reviewer who may not see the evidence, being tied or recused, is offered
// nothing.
func TestTiedReviewersAreOfferedNothing(t *testing.T) {
	q := &without{}
	w := get(staffed(t, q, &fakeDesk{}, "990101101", ledger.Reviewer), theOutcome)
	if got := offers(w.Body.String()); got != "" || !strings.Contains(w.Body.String(), "由其他审议员负责") {
		t.Errorf("offered %q", got)
	}
}

// Whose own unit is one of the case is offered nothing either, though there is
// no finding yet that says so.
func TestReviewersOfUnitsConcernedAreOfferedNothing(t *testing.T) {
	for unit, want := range map[string]string{"990101101": "", "990101101202": "", "990101101-nyb": "", "990101-nyj": "", "990101": "", "990102": "draft state_1 state_2 state", "9901-jw": "draft state_1 state_2 state", "": "draft state_1 state_2 state"} {
		h := staffed(t, &standing{}, &fakeDesk{}, unit, ledger.Reviewer)
		if got := offers(get(h, theOutcome).Body.String()); got != want {
			t.Errorf("of %q: offered %q, want %q", unit, got, want)
		}
	}
}

type without struct{ fake }

func (q *without) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	data, err := q.fake.Query(ctx, document, variables)
	var answer map[string]map[string]any
	if err != nil || !strings.Contains(document, "query BenchItem(") && !strings.Contains(document, "query BenchRounds(") || json.Unmarshal(data, &answer) != nil {
		return data, err
	}
	for _, key := range []string{"evidence", "explanation", "statements"} {
		answer["penalty"][key] = nil
	}
	answer["penalty"]["findings"] = []any{}
	return json.Marshal(answer)
}

func TestClerksActsOnAFinding(t *testing.T) {
	unit := map[string]any{"code": "990101101", "name": "柳溪镇", "level": "TOWNSHIP", "kind": "GOVERNMENT"}
	notice := func(until string) []any {
		return []any{map[string]any{"unit": unit, "version": 1, "points": 6667, "given": "2026-11-02T01:00:00Z", "until": until}}
	}
	mirror := func(state string) []any { return []any{map[string]any{"unit": unit, "points": 6667, "state": state}} }
	term := []any{map[string]any{"term": "APPEAL", "due": "2026-12-20"}}
	for _, c := range []struct {
		name, unit, want string
		finding          map[string]any
	}{
		{"has notice", "990101101", "defend answer_mirror", map[string]any{"stage": "HEARING", "notices": notice("2026-11-25"), "mirrors": mirror("PENDING")}},
		{"too late to reply, late with the mirror", "990101101", "answer_mirror", map[string]any{"stage": "HEARING", "notices": notice("2026-11-20"), "mirrors": mirror("UNANSWERED")}},
		{"all said", "990101101", "", map[string]any{"stage": "HEARING", "notices": notice("2026-11-20"), "mirrors": mirror("ANSWERED")}},
		{"issued", "990101101", "appeal", map[string]any{"stage": "ISSUED", "notices": notice("2026-11-20"), "mirrors": mirror("ANSWERED"), "terms": term}},
		{"the period is over", "990101101", "", map[string]any{"stage": "ISSUED", "notices": notice("2026-11-20"), "mirrors": mirror("ANSWERED"), "terms": []any{map[string]any{"term": "APPEAL", "due": "2026-11-01"}}}},
		{"another unit", "990101", "", map[string]any{"stage": "HEARING", "notices": notice("2026-11-25"), "mirrors": mirror("PENDING")}},
		{"another unit, issued", "990101", "", map[string]any{"stage": "ISSUED", "notices": notice("2026-11-25"), "mirrors": mirror("ANSWERED"), "terms": term}},
	} {
		q := &standing{finding: c.finding}
		w := get(staffed(t, q, &fakeDesk{}, c.unit, ledger.Clerk), theFinding)
		if got := offers(w.Body.String()); w.Code != http.StatusOK || got != c.want {
			t.Errorf("%s: %d, offered %q, want %q", c.name, w.Code, got, c.want)
		}
		for _, role := range []ledger.Role{"", ledger.Reviewer, ledger.Investigator, ledger.Admin, ledger.Auditor} {
			d := &fakeDesk{}
			var roles []ledger.Role
			if role != "" {
				roles = []ledger.Role{role}
			}
			h := staffed(t, q, d, c.unit, roles...)
			if got := offers(get(h, theFinding).Body.String()); got != "" {
				t.Errorf("%s: a %q is offered %q", c.name, role, got)
			}
			if w := post(h, theFinding, url.Values{"do": {"defend"}, "key": {someKey}, "text": {"x"}}); w.Code < 400 || d.submits > 0 {
				t.Errorf("%s: a %q answers for the unit: %d", c.name, role, w.Code)
			}
		}
	}
}

var valueOf = regexp.MustCompile(`name="([\w.]+)" value="([^"]*)"`)

func TestWhatFindingsAreSent(t *testing.T) {
	const id, finding = "990101101202-20221231-0a1b2c3d", "990101101202-20221231-0a1b2c3d-1"
	drafted := map[string]any{"stage": "DRAFT", "notices": []any{}, "steps": []any{happened("finding.drafted", 1, "drafter")}}
	appealed := map[string]any{"stage": "APPEALED"}
	for _, c := range []struct {
		page        string
		role        ledger.Role
		rounds      map[string]any
		form        url.Values
		name, input string
	}{
		{theOutcome, ledger.Reviewer, nil, url.Values{"do": {"draft"}}, "finding.draft", `{"outcome":"` + id + `","round":1}`},
		{theOutcome, ledger.Reviewer, map[string]any{"stage": "WITHDRAWN"}, url.Values{"do": {"draft"}}, "finding.draft", `{"outcome":"` + id + `","round":2}`},
		{theOutcome, ledger.Reviewer, drafted, url.Values{"do": {"check"}, "passed": {"false"}, "reason": {"证据不足"}, "version": {"9"}}, "finding.check", `{"id":"` + finding + `","passed":false,"reason":"证据不足","version":1}`},
		{theOutcome, ledger.Reviewer, drafted, url.Values{"do": {"recompute"}}, "finding.recompute", `{"because":"statement","id":"` + finding + `"}`},
		{theOutcome, ledger.Reviewer, drafted, url.Values{"do": {"override"}, "shares.1.points": {"6000"}, "shares.2.points": {"3000"}, "shares.3.points": {"1000"}, "shares.1.unit": {"990102"}, "reason": {"理由"}, "rule": {"wenze-2019-8"}},
			"finding.override", `{"id":"` + finding + `","reason":"理由","rule":"wenze-2019-8","shares":[{"points":6000,"unit":"990101101"},{"points":3000,"unit":"990101101202"},{"points":1000,"unit":"UNATTRIBUTED"}]}`},
		{theOutcome, ledger.Reviewer, drafted, url.Values{"do": {"state_1"}, "value": {"no"}, "reason": {"没有授权"}, "document": {"d-1"}}, "outcome.state", `{"document":"d-1","id":"` + id + `","point":"authority","reason":"没有授权","value":"no"}`},
		{theOutcome, ledger.Reviewer, drafted, url.Values{"do": {"state_2"}, "value": {"yes"}, "by": {"990101"}, "onPaper": {"2022-03-01"}, "reason": {"有书面异议"}, "document": {"d-1"}},
			"outcome.state", `{"by":"990101","document":"d-1","id":"` + id + `","onPaper":"2022-03-01","point":"objected","reason":"有书面异议","unit":"990101101","value":"yes"}`},
		{theOutcome, ledger.Reviewer, appealed, url.Values{"do": {"vote_appeal"}, "result": {"varied"}, "removals.2.points": {"3333"}, "reason": {"理由"}, "correction.zh": {"更正"}, "correction.en": {"Corrected"}},
			"finding.vote_appeal", `{"correction":{"en":"Corrected","zh":"更正"},"id":"` + finding + `","reason":"理由","removals":[{"points":3333,"unit":"990101101202"}],"result":"varied"}`},
		{theOutcome, ledger.Reviewer, appealed, url.Values{"do": {"vote_appeal"}, "result": {"upheld"}, "reason": {"理由"}}, "finding.vote_appeal", `{"id":"` + finding + `","reason":"理由","result":"upheld"}`},
		{theOutcome, ledger.Investigator, drafted, url.Values{"do": {"join"}, "into": {"x"}, "reason": {"重复"}}, "outcome.join", `{"id":"` + id + `","into":"x","reason":"重复"}`},
		{"/units/990101101/record", ledger.Investigator, drafted, url.Values{"do": {"clear"}, "matter": {"未虚报"}, "conclusion": {"mistaken"}, "forms.meeting": {"true"}, "document": {"d-1"}},
			"clarification.issue", `{"conclusion":"mistaken","document":"d-1","forms":["written","meeting"],"id":"` + someKey[:16] + `","matter":"未虚报","unit":"990101101"}`},
		{"/units/990101101/record", ledger.Clerk, drafted, url.Values{"do": {"uplift"}, "mandate": {"m"}, "rule": {"wenze-2019-8"}, "document": {"d-1"}},
			"reward.uplift", `{"document":"d-1","id":"` + someKey[:16] + `","mandate":"m","rule":"wenze-2019-8","unit":"990101101"}`},
	} {
		d := &fakeDesk{}
		q := &standing{rounds: c.rounds, finding: map[string]any{"mirrors": []any{}}}
		if c.rounds != nil {
			q.finding["stage"] = c.rounds["stage"]
		}
		c.form.Set("key", someKey)
		w := post(staffed(t, q, d, "9901-jw", c.role), c.page, c.form)
		if w.Code != http.StatusSeeOther || d.name != c.name || d.input != c.input || d.key != someKey+"-"+c.form.Get("do") {
			t.Errorf("%v: %d, %s %s %s", c.form, w.Code, d.name, d.key, d.input)
		}
	}
	for want, roles := range map[int][]ledger.Role{http.StatusUnauthorized: nil, http.StatusForbidden: {ledger.Clerk}} {
		d := &fakeDesk{}
		h := staffed(t, &fake{}, d, "990101", roles...)
		if w := post(h, "/policies", url.Values{"do": {"adopt_1"}, "key": {someKey}}); w.Code != want || d.submits > 0 || offers(get(h, "/policies").Body.String()) != "" {
			t.Errorf("%v adopts a policy: %d", roles, w.Code)
		}
	}
	d := &fakeDesk{}
	h := staffed(t, &fake{}, d, "", ledger.Admin)
	body := get(h, "/policies").Body.String()
	form := url.Values{"do": {"adopt_2"}, "key": {someKey}, "title": {"第二版"}, "from": {"2027-01-01"}, "document": {"d-1"}}
	for _, m := range valueOf.FindAllStringSubmatch(body[strings.Index(body, `id="do-adopt_2"`):], -1) {
		if strings.HasPrefix(m[1], "values.") {
			form.Set(m[1], "30")
		}
	}
	if w := post(h, "/policies", form); w.Code != http.StatusSeeOther || d.name != "policy.adopt" || !strings.Contains(d.input, `"name":"terms"`) || !strings.Contains(d.input, `"appealDays":"30"`) {
		t.Errorf("%d %s %s", w.Code, d.name, d.input)
	}
}
