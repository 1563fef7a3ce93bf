package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allActs are all that can be done to an outcome and its finding on pages.
var allActs = strings.Fields(`draft state state_1 check recompute override notify extend_reply hold_hearing answer_reply_1 vote withdraw_finding recuse_finding
	vote_appeal join defend answer_mirror appeal penalise correct adopt_1 clear uplift`)

// No role's page offers or takes a step that is not its own, whatever stage
// the finding has come to; a refused one leaves nothing in the log.
func TestFindingStepsByRole(t *testing.T) {
	c := openCourt(t, "2026-03-02T09:00:00+08:00")
	investigator := c.person(t, "investigator", "990101-jw", "")
	drafter, checker := c.person(t, "reviewer", "9901-jw", "reviewer-a"), c.person(t, "reviewer", "", "reviewer-b")
	villager := c.person(t, "clerk", village, "")
	to := investigator.do(t, "/outcomes/new?kind=quantity", "penalise",
		"title", "东穗村退林还耕未完成下达数", "unit", village, "occurredAt", "2022-06-20T18:00", "mandate", "farmland-600", "measure", "farmland-600/area",
		"required", "288", "verified", "216", "penalties.0.form", "circular", "penalties.0.body", "990101", "penalties.0.on", "2022-07-01", "document", paperOnFile)
	bench := strings.Replace(to, "/outcomes/", "/bench/", 1)
	finding := strings.Replace(to, "/outcomes/", "/findings/", 1) + "-1"

	asked := `{ penalty(id: "` + strings.TrimPrefix(to, "/outcomes/") + `") { events { ordinal } findings { events { ordinal } } } policies { version } }`

	people := map[string]worker{
		"public": c.public(), "auditor": c.person(t, "auditor", "99-sjt", ""), "admin": c.person(t, "admin", "99-bb", ""), "investigator": investigator,
		"drafter": drafter, "checker": checker, "tied reviewer": c.person(t, "reviewer", town, ""), "reviewer below": c.person(t, "reviewer", village, ""),
		"fresh reviewer": c.person(t, "reviewer", "", "reviewer-c"), "named clerk": villager, "other clerk": c.person(t, "clerk", "990101001003", ""),
		"clerk where it began": c.person(t, "clerk", "990101", ""),
	}
	const making = " recompute override"
	const ending = " withdraw_finding recuse_finding"
	reviewing := func(acts string) map[string]string {
		return map[string]string{"drafter": acts, "checker": acts, "fresh reviewer": acts}
	}
	// stage holds what each is offered and takes, at each page; statements of
	// facts, which reviewers who are not tied can always make, are left out.
	stage := func(name string, onBench map[string]string, onFinding map[string]string) {
		t.Helper()
		for who, w := range people {
			for _, page := range []string{bench, finding} {
				allowed := strings.Fields(map[string]map[string]string{bench: onBench, finding: onFinding}[page][who])
				if who == "investigator" && page == bench {
					allowed = []string{"join"}
				}
				status, body, _ := w.ask(t, http.MethodGet, page, nil)
				var got []string
				for _, m := range offeredForms.FindAllStringSubmatch(body, -1) {
					if !strings.HasPrefix(m[1], "state") {
						got = append(got, m[1])
					} else if onBench[who] == "" || page == finding {
						t.Errorf("%s: a %s is offered to state facts on %s", name, who, page)
					}
				}
				if !slices.Equal(got, allowed) {
					t.Errorf("%s: a %s at %s (%d) is offered %q, want %q", name, who, page, status, got, allowed)
				}
				left := func() string { return drafter.query(t, asked) }
				takesOnly(t, name, who, w, page, append(allowed, "state", "state_1"), onBench[who] != "" && page == bench, left)
			}
		}
	}
	stage("no finding", reviewing("draft"), nil)
	drafter.do(t, bench, "draft")
	acts := reviewing("check" + making + ending)
	acts["drafter"] = strings.TrimSpace(making + ending)
	stage("draft", acts, nil)
	checker.do(t, bench, "check", "passed", "true")
	stage("checked", reviewing("notify"+making+ending), nil)
	checker.do(t, bench, "notify")
	own := map[string]string{"named clerk": "defend answer_mirror", "clerk where it began": "defend answer_mirror"}
	if got := villager.offers(t, finding); got == "defend" { // its share is below what is mirrored
		own["named clerk"] = got
	}
	stage("hearing", reviewing(strings.TrimSpace(making+" hold_hearing extend_reply"+ending)), own)
	drafter.do(t, bench, "withdraw_finding", "reason", "补充证据")
	acts = reviewing(strings.TrimSpace(making + " hold_hearing extend_reply" + ending))
	acts["drafter"] = strings.TrimSpace(making + " hold_hearing extend_reply recuse_finding")
	stage("to be withdrawn", acts, own)
	checker.do(t, bench, "withdraw_finding", "reason", "同意")
	stage("withdrawn", reviewing("draft"), nil)
}

var offeredForms = regexp.MustCompile(`id="do-(\w+)"`)

// takesOnly posts every act that is not offered, and none of them is taken.
func takesOnly(t *testing.T, stage, who string, w worker, page string, allowed []string, states bool, left func() string) {
	t.Helper()
	before := left()
	if !strings.Contains(before, "ordinal") {
		t.Fatalf("what is on record cannot be asked for: %s", before)
	}
	for _, act := range allActs {
		if slices.Contains(allowed, act) && (states || !strings.HasPrefix(act, "state")) {
			continue
		}
		form := url.Values{"do": {act}, "key": {strings.Repeat("0b", 16)}}
		for field, value := range map[string]string{
			"reason": "x", "text": "x", "passed": "true", "agrees": "true", "accepted": "true", "result": "upheld", "into": "x", "unit": village, "on": "2026-03-02", "units": village,
			"record": "x", "document": paperOnFile, "value": "yes", "point": "knew", "rule": "wenze-2019-8",
		} {
			form.Set(field, value)
		}
		if status, _, _ := w.ask(t, http.MethodPost, page, form); status < 400 {
			t.Errorf("%s: a %s does %s at %s: %d", stage, who, act, page, status)
		}
	}
	if after := left(); after != before {
		t.Errorf("%s: what a %s tried left something in the log: %s, before %s", stage, who, after, before)
	}
}
