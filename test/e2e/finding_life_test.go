package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The village of the case, and those above it.
const (
	village, town, bureau = "990101001001", "990101001", "990101-nyj"
	paperOnFile           = "wangxi-2022-9"
)

// The whole life of a finding through the pages, each act in a browser by
// somebody whose it is: the outcome recorded, drafted, a fact stated, checked,
// notified, answered by a clerk from the unit's own page, heard, rejected with
// reasons, a mirrored item left unanswered until the timer marks it, voted,
// issued and public, appealed, and taken back in part by a new panel.
func TestFindingLife(t *testing.T) {
	c := openCourt(t, "2026-03-02T09:00:00+08:00")
	investigator := c.person(t, "investigator", "990101-jw", "")
	drafter, checker := c.person(t, "reviewer", "9901-jw", "reviewer-a"), c.person(t, "reviewer", "", "reviewer-b")
	villager, townsman := c.person(t, "clerk", village, ""), c.person(t, "clerk", town, "")

	at := recorded(t, investigator)
	bench := strings.Replace(at, "/outcomes/", "/bench/", 1)
	drafter.looks(t, "new", bench, fewViews...)

	drafter.does(t, bench, "draft")
	finding := findingLink.FindString(drafter.get(t, bench))
	if finding == "" {
		t.Fatal("the bench leads to no finding")
	}
	if status, _, _ := c.public().ask(t, http.MethodGet, finding, nil); status != http.StatusNotFound {
		t.Errorf("a draft is shown to everybody: %d", status)
	}
	if got := drafter.offers(t, bench); slices.Contains(strings.Fields(got), "check") {
		t.Errorf("who drafted is offered to check: %s", got)
	}
	stated(t, drafter, bench)
	drafter.await(t, bench, "份额（第 2 版）") // what was stated is taken in by itself
	checker.does(t, bench, "check", "passed", "true")
	checker.does(t, bench, "notify")
	drafter.looks(t, "notified", bench, fewViews...)

	answered(t, c, villager, finding)
	villager.looks(t, "answers", "/answers", fewViews...)
	heard(t, drafter, bench)

	if got := drafter.offers(t, bench); slices.Contains(strings.Fields(got), "vote") {
		t.Errorf("there is a vote before a mirrored item is answered: %s", got)
	}
	c.at(t, "2026-03-18T09:00:00+08:00") // ten working days and more
	drafter.await(t, bench, "未回应")
	if got := townsman.offers(t, finding); !slices.Contains(strings.Fields(got), "answer_mirror") {
		t.Errorf("who is late cannot answer any more: %q", got)
	}
	drafter.does(t, bench, "vote", "agrees", "true")
	checker.looks(t, "panel", bench, fewViews...)
	checker.does(t, bench, "vote", "agrees", "true")

	public := c.public()
	p := public.visitPublic(t, finding, view{360, "zh-CN", false})
	for _, want := range []string{"66.67%", "33.33%", "未回应", "已作出决定"} {
		if got := p.text(t); !strings.Contains(got, want) {
			t.Errorf("the public page lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(public.get(t, finding), "复核时并未提出") {
		t.Error("what was said in defence is told to everybody")
	}
	for _, v := range fewViews {
		page := public.visitPublic(t, finding, v)
		for _, problem := range page.problems(t) {
			t.Errorf("the public page (%v): %s", v, problem)
		}
	}
	appealed(t, c, villager, bench, finding)
}

var (
	findingLink = regexp.MustCompile(`/findings/[0-9a-z]+-[0-9]{8}-[0-9a-f]{8}-[0-9]+`)
)

// visitPublic is visit without signing in.
func (w worker) visitPublic(t *testing.T, path string, v view) *page {
	t.Helper()
	p := visit(t, w.base+path, v)
	if p.status != http.StatusOK {
		t.Fatalf("%s: %d", path, p.status)
	}
	return p
}

// recorded: an investigator records what the village was penalised for. What
// was typed is kept where it is refused, and where there is to be one more.
func recorded(t *testing.T, w worker) (at string) {
	t.Helper()
	const form = "/outcomes/new?kind=quantity"
	w.looks(t, "record", form, fewViews...)
	w.looks(t, "record-conduct", "/outcomes/new?kind=conduct", view{360, "zh-CN", false})
	fields := []string{
		"title", "东穗村退林还耕未完成下达数", "unit", village, "occurredAt", "2022-06-20T18:00", "mandate", "farmland-600", "measure", "farmland-600/area",
		"required", "288", "verified", "216", "penalties.0.form", "circular", "penalties.0.body", "990101", "penalties.0.on", "2022-07-01",
		"penalties.0.text", "全县通报", "document", paperOnFile,
	}
	wrong := slices.Clone(fields)
	wrong[len(wrong)-1] = "no-such-paper"
	p := w.fills(t, form, "penalise", wrong...)
	if body := p.text(t); p.status < 400 || !strings.Contains(body, "没有办成") {
		t.Fatalf("without its document: %d %s", p.status, body)
	}
	kept := eval[[]string](t, p, `[document.getElementById("penalise-title").value, document.getElementById("penalise-penalties.0.form").value, document.querySelector("#refused a").hash]`)
	if !slices.Equal(kept, []string{"东穗村退林还耕未完成下达数", "circular", "#penalise-document"}) {
		t.Errorf("kept %q", kept)
	}
	p.fillIn(t, "penalise", "document", paperOnFile)
	p.submit(t, "#do-penalise")
	if p.status != http.StatusOK || !strings.Contains(p.url, "/outcomes/"+village+"-20220620-") {
		t.Fatalf("recorded: %d at %s: %s", p.status, p.url, p.text(t))
	}
	again := w.fills(t, form, "penalise", fields...)
	if again.status != http.StatusConflict {
		t.Errorf("recorded twice: %d", again.status)
	}
	return strings.TrimPrefix(p.url, w.base)
}

// stated: the reviewer states from a document what the ledger cannot know.
func stated(t *testing.T, w worker, bench string) {
	t.Helper()
	p := w.visit(t, bench, view{1280, "zh-CN", false})
	form := eval[string](t, p, `[...document.querySelectorAll("form[id^=do-state_]")].find(f => f.elements.value && f.elements.value.length > 2 && [...f.elements.value].some(e => e.value === "basic"))?.id ?? ""`)
	if form == "" {
		t.Fatalf("nobody is asked about the duty list: %s", p.text(t))
	}
	w.does(t, bench, strings.TrimPrefix(form, "do-"), "value", "basic", "reason", "履职事项清单列为基本事项", "document", paperOnFile)
	if body := w.get(t, bench); !strings.Contains(body, "履职事项清单列为基本事项") || !strings.Contains(body, "基本履职事项") {
		t.Error("what was stated is not shown as such")
	}
}

// answered: the clerk finds the notice among what the unit has to answer, and
// answers from the finding's own page.
func answered(t *testing.T, c *court, w worker, finding string) {
	t.Helper()
	list := w.get(t, "/answers")
	if !strings.Contains(list, finding) || !strings.Contains(list, "个工作日") {
		t.Fatalf("the notice is not among what is to be answered: %s", list)
	}
	if got := w.offers(t, finding); got != "defend answer_mirror" {
		t.Errorf("a unit with notice is offered %q", got)
	}
	w.looks(t, "clerk", finding, fewViews...)
	long := strings.Repeat("字", 3001)
	if status, body, _ := w.try(t, finding, "defend", "text", long); status != http.StatusBadRequest || !strings.Contains(body, long) {
		t.Errorf("too long a defence: %d, or it was not kept", status)
	}
	w.does(t, finding, "defend", "text", "复核时并未提出地块坡度问题，请听证。", "hearing", "true")
	other := c.person(t, "clerk", "990101001003", "")
	if status, _, _ := other.ask(t, http.MethodGet, finding, nil); status != http.StatusNotFound {
		t.Errorf("a unit without notice sees it: %d", status)
	}
}

// heard: the hearing is put on record and the reply rejected with reasons.
func heard(t *testing.T, w worker, bench string) {
	t.Helper()
	w.does(t, bench, "hold_hearing", "on", "2026-03-02", "units", village, "record", "村方说明了坡度，未提交测绘。", "document", paperOnFile)
	p := w.fills(t, bench, "answer_reply_1", "accepted", "false", "reason", " ")
	if p.status != http.StatusBadRequest {
		t.Errorf("a rejection without a reason: %d", p.status)
	}
	w.does(t, bench, "answer_reply_1", "accepted", "false", "reason", "测绘未提交，坡度不影响核实面积。")
}

// appealed: the clerk of the village appeals, whoever took part before is kept
// out, and a new panel takes part of it back.
func appealed(t *testing.T, c *court, villager worker, bench, finding string) {
	t.Helper()
	c.at(t, "2026-03-25T09:00:00+08:00")
	villager.does(t, finding, "appeal", "text", "坡度超过规定的地块不应计入。")
	third, fourth := c.person(t, "reviewer", "", "reviewer-c"), c.person(t, "reviewer", "9902-fgw", "reviewer-d")
	before := c.person(t, "reviewer", "9901-jw", "reviewer-a")
	if got := before.offers(t, bench); slices.Contains(strings.Fields(got), "vote_appeal") {
		t.Errorf("who took part before is offered to decide the appeal: %s", got)
	}
	page := third.visit(t, bench, view{1280, "zh-CN", false})
	removal := eval[string](t, page, `[...document.querySelectorAll("#do-vote_appeal input")].find(e => e.name.startsWith("removals") && e.closest("div").textContent.includes("东穗村"))?.name ?? ""`)
	if removal == "" {
		t.Fatalf("nothing can be taken from the village: %s", page.text(t))
	}
	vote := []string{"result", "varied", removal, "3333", "reason", "部分地块坡度超过规定。", "correction.zh", "东穗村不承担份额，其余维持。"}
	raised := slices.Clone(vote)
	raised[3] = "3334"
	if p := third.fills(t, bench, "vote_appeal", raised...); p.status < 400 {
		t.Errorf("more is taken than there is: %d", p.status)
	}
	third.does(t, bench, "vote_appeal", vote...)
	fourth.looks(t, "appeal", bench, fewViews...)
	second := fourth.visit(t, bench, view{1280, "zh-CN", false})
	if got := eval[string](t, second, `document.querySelector("#do-vote_appeal [name='`+removal+`']").value + " " + document.querySelectorAll("#do-vote_appeal [name=result]:checked").length`); got != "3333 0" {
		t.Errorf("the second member finds filled in, and results chosen: %s", got)
	}
	fourth.does(t, bench, "vote_appeal", vote...)
	p := c.public().visitPublic(t, finding, view{360, "zh-CN", false})
	for _, want := range []string{"变更", "东穗村不承担份额，其余维持。", "66.67%"} {
		if got := p.text(t); !strings.Contains(got, want) {
			t.Errorf("after the appeal the public page lacks %q:\n%s", want, got)
		}
	}
	for _, problem := range p.problems(t) {
		t.Errorf("after the appeal: %s", problem)
	}
	fourth.looks(t, "varied", bench, fewViews...)
}
