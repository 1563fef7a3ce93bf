package portal

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/portal/words"
	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// fakeDesk keeps what it was given.
type fakeDesk struct {
	name, key, input string
	sealed           []string
	guarded          bool
	submits          int
	protects         bool
	refuse           error
}

func (d *fakeDesk) Submit(_ context.Context, _ ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	d.submits++
	d.name, d.key, d.input = name, key, string(input)
	if name == "case.open" {
		return desk.Receipt{Stream: "case-c9"}, d.refuse
	}
	return desk.Receipt{}, d.refuse
}

func (d *fakeDesk) Message(_ context.Context, _ ledger.Actor, _, _, text string, to Audience) (Sealed, error) {
	d.sealed, d.guarded = append(d.sealed, text), to == Guarded
	return Sealed{"1", "2"}, nil
}

func (d *fakeDesk) Note(_ context.Context, _ ledger.Actor, _, _, text string) (Sealed, error) {
	d.sealed = append(d.sealed, text)
	return Sealed{"3", "4"}, nil
}

func (d *fakeDesk) Read(context.Context, ledger.Actor, string, string) (string, error) {
	return "一条笔记", nil
}

func (d *fakeDesk) Letter(_ context.Context, _ ledger.Actor, id, blob string) ([]byte, error) {
	return []byte("sealed " + blob), nil
}

func (d *fakeDesk) Protects(ledger.Actor, string) bool { return d.protects }

func staffed(t *testing.T, q Querier, d Desk, unit string, roles ...ledger.Role) *Portal {
	t.Helper()
	s := &fakeSessions{}
	if roles != nil {
		s.actor = ledger.Actor{Account: "a", Roles: roles, Unit: unit}
	}
	p, err := New(q, s, Options{
		Desk: d, Clock: func() time.Time { return time.Date(2026, 11, 24, 1, 0, 0, 0, china) },
		WorkingDays: func(first, last ledger.Date) (int, error) { return 7, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func post(h http.Handler, address string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const theComplaint = "/complaints/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

var (
	someKey     = strings.Repeat("0a", 16)
	offeredActs = regexp.MustCompile(`id="do-(\w+)"`)
	formsKey    = regexp.MustCompile(`name="key" value="([0-9a-f]{32})"`)
)

func offers(body string) string {
	var names []string
	for _, m := range offeredActs.FindAllStringSubmatch(body, -1) {
		names = append(names, m[1])
	}
	return strings.Join(names, " ")
}

func TestStaffPages(t *testing.T) {
	all := []ledger.Role{ledger.Investigator, ledger.Reviewer, ledger.Admin}
	h := staffed(t, &fake{}, &fakeDesk{protects: true}, "", all...)
	for address, says := range map[string]string{
		"/complaints": "bbbbbbbb", "/complaints?show=OVERDUE": "bbbbbbbb", theComplaint: "690", theComplaint + "?done=accept": "已入册：受理。", "/cases": "加码一案", "/cases?complaint=a1": "a1",
		"/cases/c1": "一条笔记", "/cases/c1?under=990101": "990101005", "/recipients": "age1abc", "/issuer-keys": "cards-1",
	} {
		for _, lang := range words.Languages {
			w := get(h, address, "Accept-Language", lang)
			body := w.Body.String()
			if w.Code != http.StatusOK || lang == "zh-CN" && !strings.Contains(body, says) {
				t.Errorf("%s: %d, no %s", address, w.Code, says)
			}
			for _, never := range []string{"<style", " style=", "onclick", "<no value>", "%!", "ZgotmplZ", `href=""`, "action=\"\""} {
				if strings.Contains(body, never) {
					t.Errorf("%s in %s contains %s", address, lang, never)
				}
			}
			if w.Header().Get("Cache-Control") != "private, no-store" || w.Header().Get("ETag") != "" {
				t.Errorf("%s may be kept by others", address)
			}
		}
	}
	if body := get(h, "/complaints?show=OVERDUE").Body.String(); strings.Contains(body, "aaaaaaaa") {
		t.Error("what is not overdue is listed as overdue")
	}
	if body := get(h, "/cases/c1?under=990101").Body.String(); strings.Contains(body, "990101-jw") {
		t.Error("a department is asked as if it were a sibling")
	}
	const trace, link = "/mandates/afforest-600/units/990101101202", "/cases?mandate=afforest-600"
	if !strings.Contains(get(h, trace).Body.String(), link) || strings.Contains(get(portalFor(t, &fake{}, &fakeSessions{}), trace).Body.String(), "/cases") {
		t.Error("a case can be opened from a trace by others than investigators, or not at all")
	}
	if w := get(h, "/complaints?format=csv"); !strings.Contains(w.Header().Get("Content-Type"), "csv") || strings.Count(w.Body.String(), "\n") != 3 {
		t.Errorf("the list as a file: %s", w.Body)
	}
	if w := get(h, theComplaint+"/sealed/cc"); w.Body.String() != "sealed cc" || w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a letter: %d %s", w.Code, w.Body)
	}
}

// Who has no part in a page is told so before anything is looked at, and what
// does not exist is not found.
func TestStaffAccess(t *testing.T) {
	pages := []string{"/complaints", theComplaint, theComplaint + "/sealed/cc", "/cases", "/cases/c1"}
	for _, c := range []struct {
		role   ledger.Role
		status [5]int
	}{
		{"", [5]int{401, 401, 401, 401, 401}}, {ledger.Auditor, [5]int{403, 403, 403, 403, 403}}, {ledger.Admin, [5]int{403, 403, 403, 403, 403}},
		{ledger.Clerk, [5]int{200, 200, 403, 403, 403}}, {ledger.Reviewer, [5]int{200, 200, 200, 200, 200}}, {ledger.Investigator, [5]int{200, 200, 200, 200, 200}},
	} {
		for i, page := range pages {
			q := &fake{}
			var roles []ledger.Role
			if c.role != "" {
				roles = []ledger.Role{c.role}
			}
			w := get(staffed(t, q, &fakeDesk{}, "9901-zsj", roles...), page)
			if w.Code != c.status[i] {
				t.Errorf("%q at %s: %d, want %d", c.role, page, w.Code, c.status[i])
			}
			if c.status[i] >= 400 && slices.ContainsFunc(q.asked, func(v map[string]any) bool { return v["id"] != nil }) {
				t.Errorf("%q at %s: the record was asked for all the same", c.role, page)
			}
		}
	}
	h := staffed(t, &fake{null: true}, &fakeDesk{}, "9901-jw", ledger.Investigator)
	for _, page := range []string{theComplaint, "/cases/c1"} {
		if w := get(h, page); w.Code != http.StatusNotFound {
			t.Errorf("%s, which does not exist: %d", page, w.Code)
		}
		if w := post(h, page, url.Values{"do": {"accept"}, "key": {someKey}}); w.Code != http.StatusNotFound {
			t.Errorf("done to %s, which does not exist: %d", page, w.Code)
		}
	}
}

// changed answers with a complaint that stands elsewhere.
type changed struct {
	fake
	set map[string]any
}

func (q *changed) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	data, err := q.fake.Query(ctx, document, variables)
	var answer map[string]map[string]any
	if err != nil || !strings.Contains(document, "query Complaint(") || json.Unmarshal(data, &answer) != nil {
		return data, err
	}
	for key, value := range q.set {
		answer["complaint"][key] = value
	}
	return json.Marshal(answer)
}

func TestActsByRoleAndStage(t *testing.T) {
	handler := map[string]any{"code": "9901-zsj", "name": "数据局", "level": "CITY", "kind": "DEPARTMENT"}
	clock := map[string]any{"round": 1, "started": "2026-11-20", "days": 15, "running": true, "due": "2026-12-10", "returnBy": "2026-11-27"}
	paused := map[string]any{"round": 1, "started": "2026-11-20", "days": 15, "running": true, "paused": true}
	const papers = " verify_claim disprove_claim recuse"
	for _, c := range []struct {
		name, stage, unit, want string
		role                    ledger.Role
		set                     map[string]any
	}{
		{"registered", "REGISTERED", "9901-jw", "accept decline merge ask" + papers, ledger.Investigator, nil},
		{"accepted", "ACCEPTED", "9901-jw", "dispatch merge ask" + papers, ledger.Investigator, nil},
		{"returned twice", "RETURNED", "9901-jw", "rule ask" + papers, ledger.Investigator, map[string]any{"returns": 2}},
		{"dispatched", "DISPATCHED", "9901-jw", "recall ask pause" + papers, ledger.Investigator, map[string]any{"clock": clock, "handler": handler}},
		{"paused", "HANDLING", "9901-jw", "recall ask resume" + papers, ledger.Investigator, map[string]any{"clock": paused, "handler": handler}},
		{"answered", "ANSWERED", "9901-jw", "ask follow_up" + papers, ledger.Investigator, nil},
		{"discontented", "FOLLOWED_UP", "9901-jw", "recall ask redo" + papers, ledger.Investigator, map[string]any{"owed": map[string]any{"turn": "REDO", "by": "2026-12-01"}, "confirmed": false, "rating": map[string]any{}}},
		{"rated", "FOLLOWED_UP", "9901-jw", "ask close" + papers, ledger.Investigator, map[string]any{"confirmed": true, "rating": map[string]any{"solved": true, "satisfied": true}}},
		{"closed", "CLOSED", "9901-jw", "verify_claim disprove_claim recuse", ledger.Investigator, nil},
		{"reviewer", "REVIEW", "9901-jw", "decide_review summarise recuse", ledger.Reviewer, nil},
		{"reviewer, running", "HANDLING", "9901-jw", "extend summarise recuse", ledger.Reviewer, map[string]any{"clock": clock}},
		{"handler", "DISPATCHED", "9901-zsj", "sign_for return", ledger.Clerk, map[string]any{"clock": clock, "handler": handler}},
		{"handler by ruling", "DISPATCHED", "9901-zsj", "sign_for", ledger.Clerk, map[string]any{"clock": clock, "handler": handler, "ruled": true}},
		{"handler, signed", "HANDLING", "9901-zsj", "answer", ledger.Clerk, map[string]any{"clock": clock, "handler": handler}},
		{"another clerk", "HANDLING", "9901-nyj", "", ledger.Clerk, map[string]any{"clock": clock, "handler": handler}},
	} {
		q := &changed{set: map[string]any{"stage": c.stage}}
		for key, value := range c.set {
			q.set[key] = value
		}
		w := get(staffed(t, q, &fakeDesk{}, c.unit, c.role), theComplaint)
		if got := offers(w.Body.String()); w.Code != http.StatusOK || got != c.want {
			t.Errorf("%s: %d, offered %q, want %q", c.name, w.Code, got, c.want)
		}
	}
}

// Retaliation is for those above the named unit, and nobody else is offered it
// or shown its letters.
func TestRetaliationIsApart(t *testing.T) {
	for protects, want := range map[bool]int{true: 1, false: 0} {
		q := &changed{set: map[string]any{"retaliation": "TAKEN"}}
		d := &fakeDesk{protects: protects}
		h := staffed(t, q, d, "9901-jw", ledger.Investigator)
		body := get(h, theComplaint).Body.String()
		for _, what := range []string{strings.Repeat("d", 32), strings.Repeat("e", 32), `id="do-answer_retaliation"`} {
			if got := strings.Count(body, what); got != want {
				t.Errorf("protects %v: %s %d times", protects, what, got)
			}
		}
		w := post(h, theComplaint, url.Values{"do": {"answer_retaliation"}, "key": {someKey}, "message": {"已调离"}})
		if ok := w.Code == http.StatusSeeOther && d.guarded; ok != protects {
			t.Errorf("protects %v: answered with %d, guarded %v", protects, w.Code, d.guarded)
		}
	}
}

func TestActIsSubmitted(t *testing.T) {
	d := &fakeDesk{}
	h := staffed(t, &changed{set: map[string]any{"stage": "ACCEPTED"}}, d, "9901-jw", ledger.Investigator)
	key := formsKey.FindStringSubmatch(get(h, theComplaint).Body.String())[1]
	if again := formsKey.FindStringSubmatch(get(h, theComplaint).Body.String())[1]; again == key {
		t.Error("two pages have the same key")
	}
	for _, c := range []struct {
		form        url.Values
		name, input string
	}{
		{url.Values{"do": {"dispatch"}, "to": {" 9901-zsj "}, "days": {"7"}}, "complaint.dispatch", `{"days":7,"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","to":"9901-zsj"}`},
		{url.Values{"do": {"dispatch"}, "to": {"9901-zsj"}, "id": {"b"}, "days": {""}}, "complaint.dispatch", `{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","to":"9901-zsj"}`},
		{url.Values{"do": {"follow_up"}, "confirmed": {"false"}}, "complaint.follow_up", `{"confirmed":false,"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`},
		{url.Values{"do": {"ask"}, "message": {"哪天？\r\n谁说的？"}}, "complaint.ask", `{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","message":{"id":"1","hash":"2"}}`},
	} {
		c.form.Set("key", key)
		w := post(h, theComplaint, c.form)
		if w.Code != http.StatusSeeOther || d.name != c.name || d.input != c.input || d.key != key+"-"+c.form.Get("do") {
			t.Errorf("%v: %d, %s %s %s", c.form, w.Code, d.name, d.key, d.input)
		}
	}
	if len(d.sealed) != 1 || d.sealed[0] != "哪天？\n谁说的？" {
		t.Errorf("sealed %q", d.sealed)
	}
	file := staffed(t, &fake{}, d, "9901-jw", ledger.Investigator)
	post(file, "/cases/c1", url.Values{"do": {"request_records"}, "key": {key}, "units": {"a\r\nb， c"}, "what": {"记录"}})
	if d.name != "case.request_records" || d.input != `{"id":"c1","units":["a","b","c"],"what":"记录"}` {
		t.Errorf("%s %s", d.name, d.input)
	}
	if w := post(file, "/cases", url.Values{"do": {"open"}, "key": {key}, "title": {"一案"}, "from": {"reports"}, "complaints": {"a"}}); w.Header().Get("Location") != "/cases/c9" || strings.Contains(d.input, `"id"`) {
		t.Errorf("%s %s", w.Header().Get("Location"), d.input)
	}
}

// What is refused is told beside the form that keeps what was typed; nothing
// is sealed or submitted while a field is at fault.
func TestRefusalKeepsTheForm(t *testing.T) {
	stage := ledger.Refuse("complaint.to_named", "须另选单位。", "Choose another.").At("to")
	for _, c := range []struct {
		name   string
		refuse error
		form   url.Values
		status int
		says   []string
	}{
		{"a rule", stage, url.Values{"do": {"dispatch"}, "to": {"990101-nyj"}}, 409, []string{`value="990101-nyj"`, `href="#dispatch-to"`, `id="dispatch-to-fault">须另选单位。`, "<details open>"}},
		{"no number", nil, url.Values{"do": {"dispatch"}, "to": {"9901"}, "days": {"七"}}, 400, []string{`value="七"`, `id="dispatch-days-fault"`}},
		{"empty", nil, url.Values{"do": {"ask"}, "message": {" "}}, 400, []string{`id="ask-message-fault">请填写这一项。`}},
		{"long", nil, url.Values{"do": {"ask"}, "message": {strings.Repeat("字", 601)}}, 400, []string{"最多 600 个字"}},
		{"no choice", nil, url.Values{"do": {"follow_up"}, "confirmed": {"perhaps"}}, 400, []string{"请从列出的选项中选择"}},
		{"two faults", nil, url.Values{"do": {"decline"}}, 400, []string{`id="decline-reason-fault"`, `id="decline-advice-fault"`}},
		{"unavailable", ledger.Errorf(ledger.Unavailable, "log.stopped", "账本暂停", "stopped"), url.Values{"do": {"accept"}}, 503, []string{"账本暂停"}},
		{"no act", nil, url.Values{"do": {"burn"}}, 400, []string{"请选择要办理的事项"}},
		{"another's act", nil, url.Values{"do": {"summarise"}, "text": {"x"}}, 400, []string{"请选择要办理的事项"}},
	} {
		d := &fakeDesk{refuse: c.refuse}
		h := staffed(t, &changed{set: map[string]any{"stage": "ACCEPTED"}}, d, "9901-jw", ledger.Investigator)
		c.form.Set("key", someKey)
		w := post(h, theComplaint, c.form)
		body := w.Body.String()
		for _, says := range c.says {
			if w.Code != c.status || !strings.Contains(body, says) {
				t.Errorf("%s: %d, no %s", c.name, w.Code, says)
			}
		}
		if c.refuse == nil && (d.submits > 0 || len(d.sealed) > 0) {
			t.Errorf("%s: %d submitted, %q sealed", c.name, d.submits, d.sealed)
		}
	}
	h := staffed(t, &fake{}, &fakeDesk{}, "9901-jw", ledger.Investigator)
	for name, form := range map[string]url.Values{"no key": {"do": {"accept"}}, "a key of one's own": {"do": {"accept"}, "key": {"1"}}, "too much": {"do": {"accept"}, "key": {someKey}, "x": {strings.Repeat("x", mostForm)}}} {
		if w := post(h, theComplaint, form); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := post(staffed(t, &fake{}, nil, "", ledger.Investigator), theComplaint, url.Values{"do": {"accept"}, "key": {someKey}}); w.Code != http.StatusServiceUnavailable {
		t.Errorf("without a desk: %d", w.Code)
	}
}

func TestKeysOnPages(t *testing.T) {
	d := &fakeDesk{}
	h := staffed(t, &fake{}, d, "", ledger.Admin)
	if w := post(h, "/recipients", url.Values{"do": {"register"}, "key": {someKey}, "id": {"third"}, "recipient": {"age1x"}}); w.Code != http.StatusSeeOther || d.input != `{"id":"third","purpose":"investigator","recipient":"age1x"}` {
		t.Errorf("%d %s", w.Code, d.input)
	}
	if w := post(h, "/recipients", url.Values{"do": {"retire"}, "key": {someKey}, "id": {"demo-city"}, "reason": {"换人"}}); w.Code != http.StatusSeeOther || d.input != `{"id":"demo-city","reason":"换人"}` {
		t.Errorf("%d %s", w.Code, d.input)
	}
	lines := `{"id":"k1","spki":"x"}` + "\r\n" + `{"id":"b1","hashes":["h"]}`
	if w := post(h, "/issuer-keys", url.Values{"do": {"publish"}, "key": {someKey}, "lines": {lines}}); w.Code != http.StatusSeeOther || d.name != "issuerkey.publish_cards" || d.key != "issuer-b1" || d.input != `{"id":"b1","hashes":["h"]}` {
		t.Errorf("%d %s %s %s", w.Code, d.name, d.key, d.input)
	}
	for _, lines := range []string{"", "no json", `{"spki":"x"}`, strings.Repeat("{}\n", mostKeys+1)} {
		if w := post(h, "/issuer-keys", url.Values{"do": {"publish"}, "key": {someKey}, "lines": {lines}}); w.Code != http.StatusBadRequest {
			t.Errorf("%.10q: %d", lines, w.Code)
		}
	}
	for _, roles := range [][]ledger.Role{nil, {ledger.Investigator}} {
		h := staffed(t, &fake{}, d, "", roles...)
		for _, page := range []string{"/recipients", "/issuer-keys"} {
			want := map[bool]int{true: 401, false: 403}[roles == nil]
			if w := post(h, page, url.Values{"do": {"register"}, "key": {someKey}}); w.Code != want || offers(get(h, page).Body.String()) != "" {
				t.Errorf("%v at %s: %d", roles, page, w.Code)
			}
		}
	}
}

func TestClockBar(t *testing.T) {
	c := handlingClock{Started: "2026-11-02", Half: "2026-11-11", MostOf: "2026-11-18", Due: "2026-11-22"}
	for today, want := range map[string]clockBar{"2026-11-02": {0, 270, 480, false}, "2026-11-12": {300, 270, 480, false}, "2026-11-22": {600, 270, 480, false}, "2026-12-31": {600, 270, 480, true}} {
		if got := c.Bar(today); got == nil || *got != want {
			t.Errorf("%s: %+v", today, got)
		}
	}
	if (handlingClock{Started: "2026-11-02"}).Bar("2026-11-03") != nil {
		t.Error("a bar without an end")
	}
}
