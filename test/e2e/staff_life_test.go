package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const county, city = "990101", "9901-jw"

// reported makes a report in a browser without scripts and gives its receipt.
func (h *house) reported(t *testing.T, down, asked string) string {
	t.Helper()
	p := reporter{page: visitFor(t, h.reports(t)+"/", view{360, "zh-CN", false}, 5*patience), name: "staff"}
	p.task(t, "farmland-600")
	p.tap(t, "who", "level:COUNTY")
	p.tap(t, "place", county)
	p.tap(t, "dimension", "quantity")
	p.click(t, "2")
	p.fill(t, "down", down)
	p.fill(t, "asked", asked)
	p.fill(t, "text", canaryText)
	p.click(t, "3")
	p.click(t, "send")
	return p.receipt(t).Grouped()
}

var complaintLink = regexp.MustCompile(`href="(/complaints/[0-9a-f]{32})"`)

// The whole life of a complaint through the pages: reported, accepted,
// dispatched, asked about, replied to, answered, rated, followed up, closed.
func TestComplaintLife(t *testing.T) {
	h := staffHouse(t)
	own := h.reported(t, "600", "690")
	investigator, clerk := h.worker(t, "investigator", city), h.worker(t, "clerk", "9901-zsj")
	at := complaintLink.FindStringSubmatch(investigator.await(t, "/complaints", `href="/complaints/`))[1]
	if body := investigator.get(t, at); !strings.Contains(body, "690") || strings.Contains(body, "CANARY") {
		t.Error("the page lacks the figures, or tells the narrative")
	}
	investigator.sound(t, "list", "/complaints", views...)
	investigator.sound(t, "registered", at, views...)
	hidden(t, h, at)
	if status, _, _ := clerk.ask(t, http.MethodGet, at, nil); status != http.StatusNotFound {
		t.Errorf("a unit that does not handle it: %d", status)
	}

	if to := investigator.do(t, at, "accept"); to != at+"?done=accept" {
		t.Errorf("after a form one is sent to %s", to)
	}
	refusals(t, investigator, at)
	investigator.do(t, at, "dispatch", "to", "9901-zsj", "days", "10")
	investigator.do(t, at, "ask", "message", "请问是哪天的会上布置的？")
	clerk.sound(t, "handling", at, fewViews...)
	if body := clerk.get(t, at); strings.Contains(body, "690") || strings.Contains(body, "/sealed/") || strings.Contains(body, "请问") {
		t.Error("the handling unit is told more than it needs")
	}
	clerk.do(t, at, "sign_for")

	box := reporter{page: visitFor(t, h.reports(t)+"/", view{360, "zh-CN", false}, 5*patience), name: "staff-box"}
	look := func(want string) {
		t.Helper()
		box.open(t, h.reports(t)+"/")
		box.click(t, "open")
		box.fill(t, "receipt", own)
		box.click(t, "look")
		if got := eval[string](t, box.page, `document.querySelector("main").textContent`); !strings.Contains(got, want) {
			t.Fatalf("the box lacks %q: %s", want, got)
		}
	}
	look("请问是哪天的会上布置的？")
	box.fill(t, "reply", "8月1日的会上")
	box.click(t, "reply")
	investigator.await(t, at, "反映人补充来信")

	clerk.do(t, at, "answer", "outcome", "partly", "message", "已核减 60 亩。")
	look("已核减 60 亩。")
	box.tap(t, "solved", "yes")
	box.tap(t, "satisfied", "yes")
	box.click(t, "rate")
	investigator.await(t, at, "反映人评价")
	opened(t, h, investigator, at)
	byCommand(t, h, investigator, at)
	investigator.do(t, at, "follow_up", "confirmed", "true")
	investigator.do(t, at, "close")
	if body := investigator.get(t, at); !strings.Contains(body, "已评价办结") {
		t.Error("the page does not say how it was closed")
	}
	investigator.sound(t, "closed", at, fewViews...)
	if got := clerk.offers(t, at); got != "" {
		t.Errorf("a clerk can still %s", got)
	}
	caseOf(t, h, investigator, at)
	keys(t, h)
}

// hidden: whoever may not know of a complaint, and whoever has no part in any,
// is answered as for one that does not exist.
func hidden(t *testing.T, h *house, at string) {
	t.Helper()
	none := "/complaints/" + strings.Repeat("0", 32)
	for name, c := range map[string]struct {
		worker
		status int
	}{
		"public": {worker{base: h.url}, 401}, "auditor": {h.worker(t, "auditor", "99-sjt"), 403}, "admin": {h.worker(t, "admin", "99-bb"), 403},
		"named": {h.worker(t, "investigator", "990101-jw"), 404}, "below": {h.worker(t, "reviewer", "990101001"), 404}, "named clerk": {h.worker(t, "clerk", county), 404},
		"elsewhere": {h.worker(t, "investigator", "9902"), 404},
	} {
		for _, path := range []string{at, at + "/sealed/" + strings.Repeat("f", 32)} {
			status, body, _ := c.ask(t, http.MethodGet, path, nil)
			other, same, _ := c.ask(t, http.MethodGet, strings.Replace(path, at, none, 1), nil)
			want := c.status
			if name == "named clerk" && path != at {
				want = 403
			}
			if status != want || other != want {
				t.Errorf("%s at %s: %d, of none %d, want %d", name, path, status, other, want)
			}
			if a, b := stripped(body, at), stripped(same, none); a != b {
				t.Errorf("%s at %s: another answer than for a complaint that does not exist:\n%s\n%s", name, path, a, b)
			}
		}
		if name != "public" && c.status == 404 && strings.Contains(c.get(t, "/complaints"), at) {
			t.Errorf("%s finds it in the list", name)
		}
	}
}

var request = regexp.MustCompile(`<code>[^<]*</code>`)

func stripped(body, at string) string {
	return request.ReplaceAllString(strings.NewReplacer(at, "", strings.TrimPrefix(at, "/complaints/"), "").Replace(body), "")
}

// refusals are told beside the form, which keeps what was typed.
func refusals(t *testing.T, w worker, at string) {
	t.Helper()
	for _, c := range []struct {
		act, says string
		status    int
		fields    []string
	}{
		{"dispatch", "被反映的单位", 409, []string{"to", "990101-nyj", "days", "7"}},
		{"dispatch", "整数", 400, []string{"to", "9901-zsj", "days", "七"}},
		{"ask", "请填写这一项", 400, []string{"message", " "}},
		{"ask", "最多 600 个字", 400, []string{"message", strings.Repeat("字", 601)}},
	} {
		status, body, _ := w.try(t, at, c.act, c.fields...)
		if status != c.status || !strings.Contains(problemIn(body), c.says) || !strings.Contains(body, c.fields[1]) {
			t.Errorf("%s %v: %d %s", c.act, c.fields[0], status, problemIn(body))
		}
	}
	page := w.get(t, at)
	form := map[string][]string{"do": {"dispatch"}, "key": {formKeys.FindStringSubmatch(page)[1]}, "to": {"990101-nyj"}}
	if status, _, _ := w.ask(t, http.MethodPost, at, map[string][]string{"do": {"dispatch"}}); status != http.StatusBadRequest {
		t.Errorf("a form without a key: %d", status)
	}
	form["do"] = []string{"no_such"}
	if status, _, _ := w.ask(t, http.MethodPost, at, form); status != http.StatusBadRequest {
		t.Errorf("nothing that can be done: %d", status)
	}
}

// opened: the investigator opens the letters in the browser, with a key that
// never leaves it.
func opened(t *testing.T, h *house, w worker, at string) {
	t.Helper()
	for _, v := range []view{{360, "zh-CN", true}, {1280, "en", true}} {
		p := w.visit(t, at, v)
		p.must(t, chromedp.SetUploadFiles(chromedp.CSS("#keyfile"), []string{filepath.Join(h.data, "demo", "demo-city.key")}))
		p.until(t, `/^(已打开|\d of)/.test(document.querySelector("[data-status]").textContent) && document.querySelectorAll("[data-opened] p").length >= 4`)
		got := eval[string](t, p, `[...document.querySelectorAll("[data-opened]")].map(e => e.textContent).join(" | ")`)
		for _, want := range []string{canaryText, "8月1日的会上", "请问是哪天的会上布置的？", "已核减 60 亩。"} {
			if !strings.Contains(got, want) {
				t.Errorf("opened: %q lacks %q", got, want)
			}
		}
		for _, problem := range p.problems(t) {
			t.Errorf("with the letters opened (%v): %s", v, problem)
		}
		p.shoot(t, shotsDir(t), "staff-opened")
	}
}

// byCommand: the same with the command, and with a key that it is not for.
func byCommand(t *testing.T, h *house, w worker, at string) {
	t.Helper()
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(w.token), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func(key, id string) (string, error) {
		out, err := exec.Command(h.binary, "open", "--server", h.url, "--token-file", token, "--key", key, "--complaint", id).CombinedOutput()
		return string(out), err
	}
	id := strings.TrimPrefix(at, "/complaints/")
	got, err := open(filepath.Join(h.data, "demo", "demo-city.key"), id)
	for _, want := range []string{canaryText, "8月1日的会上", "已核减 60 亩。"} {
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("open lacks %q: %v\n%s", want, err, got)
		}
	}
	stranger := filepath.Join(t.TempDir(), "stranger.key")
	if out, err := exec.Command(h.binary, "keygen", "--investigator", stranger).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if got, err := open(stranger, id); err == nil || strings.Contains(got, "CANARY") {
		t.Errorf("a stranger's key: %v\n%s", err, got)
	}
	if got, err := open(stranger, strings.Repeat("0", 32)); err == nil || !strings.Contains(got, "complaint.unknown") {
		t.Errorf("no such complaint: %v\n%s", err, got)
	}
}
