package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A target is a page to look at and the status it answers with.
type target struct {
	name, path string
	status     int
}

// The pages of the demonstration that show what a crawl might miss: an
// intensity beside sets, a set, a contradiction, a subtree.
var demoPages = []target{
	{"trace-frequency-and-set", "/mandates/river-patrol/units/990202001001", http.StatusOK},
	{"trace-set", "/mandates/key-villages/units/990102001", http.StatusOK},
	{"trace-infeasible", "/mandates/funds-150/units/990201001", http.StatusOK},
	{"cascade-under", "/mandates/farmland-600?under=990101001", http.StatusOK},
	{"burden-measure", "/burden?measure=farmland-600/area&within=9901&from=2022-01-01", http.StatusOK},
	{"burden-not-summed", "/burden?measure=river-patrol/patrol", http.StatusOK},
	{"burden-choose", "/burden?within=%E9%95%87&measure=river-patrol", http.StatusOK},
	{"burden-nothing", "/burden?within=990201", http.StatusOK},
	{"unit-due", "/units/990102001?due=all", http.StatusOK},
	{"reported-choose", "/reported?within=%E9%95%87", http.StatusOK},
}

// What goes wrong has a page too.
var errorPages = []target{
	{"not-found", "/no-such-page", http.StatusNotFound},
	{"no-such-mandate", "/mandates/no-such-mandate", http.StatusNotFound},
	{"burden-wrong", "/burden?within=nowhere&measure=no/such&dimension=MOON&from=2022-02-30&to=tomorrow", http.StatusBadRequest},
	{"burden-swapped", "/burden?from=2023-01-01&to=2022-01-01", http.StatusBadRequest},
	{"reported-wrong", "/reported?within=nowhere", http.StatusBadRequest},
	{"bad-request", "/mandates?after=%25%25%25", http.StatusBadRequest},
	{"wrong-method", "/sign-out", http.StatusMethodNotAllowed},
	{"used-link", "/sign-in/no-such-link", http.StatusGone},
}

// Everybody's pages, at both widths and in both languages, and each of them
// with scripts and without.
func TestPages(t *testing.T) {
	s := server(t)
	dir := shotsDir(t)
	found := crawl(t, s.url)
	var targets []target
	for _, p := range patterns {
		if path := found[p.name]; path != "" {
			targets = append(targets, target{p.name, path, http.StatusOK})
		}
	}
	targets = append(append(targets, demoPages...), errorPages...)
	for _, to := range targets {
		for _, v := range views {
			t.Run(to.name+"/"+v.String(), func(t *testing.T) { look(t, s.url+to.path, to, v, dir) })
		}
	}
}

var views = []view{{360, "zh-CN", false}, {360, "en", true}, {1280, "zh-CN", true}, {1280, "en", false}}

func look(t *testing.T, address string, to target, v view, dir string) {
	p := visit(t, address, v)
	if p.status != to.status {
		t.Errorf("%s: status %d, want %d", to.path, p.status, to.status)
	}
	p.shoot(t, dir, to.name)
	for _, problem := range p.problems(t) {
		t.Errorf("%s: %s", to.path, problem)
	}
	if to.name == "trace" {
		p.waterfall(t)
	}
}

// waterfall holds the picture to its table: the same steps in both, however
// often each is drawn (once across and once down, for narrow windows), and a
// link to what it rests on in every bar.
func (p *page) waterfall(t *testing.T) {
	t.Helper()
	steps := func(selector string) string {
		return eval[string](t, p, fmt.Sprintf(
			`[...new Set([...document.querySelectorAll(%q)].map(e => e.getAttribute("data-step")))].sort().join(" ")`, selector))
	}
	bars, rows := steps("svg [data-step]"), steps("tr[data-step]")
	if bars == "" || bars != rows {
		t.Errorf("%s: the picture has the steps %q, the table %q", p.url, bars, rows)
	}
	if n := eval[int](t, p, `[...document.querySelectorAll("svg [data-step]")].filter(e => !e.closest("a") && !e.querySelector("a")).length`); n > 0 {
		t.Errorf("%s: %d bars link to nothing", p.url, n)
	}
	if got := eval[string](t, p, `document.querySelector("svg title")?.textContent.trim() ?? ""`); got == "" {
		t.Errorf("%s: the picture has no title", p.url)
	}
}

// The form narrows without scripts, and keeps what was typed where it is wrong.
func TestBurdenForm(t *testing.T) {
	s := server(t)
	for _, v := range views {
		t.Run(v.String(), func(t *testing.T) {
			p := visit(t, s.url+"/burden", v)
			fill := func(id, text string) {
				eval[bool](t, p, fmt.Sprintf(`(document.querySelector("details.filter").open = true, document.getElementById(%q).value = %q, true)`, id, text))
			}
			rows := func() int { return eval[int](t, p, `document.querySelectorAll("main tbody tr").length`) }
			all := rows()
			fill("measure", "farmland-600/area")
			fill("from", "2022年3月3日")
			fill("to", "2022年3月2日")
			p.submit(t, "form.filters")
			if p.status != http.StatusBadRequest || rows() != 0 || eval[string](t, p, `document.getElementById("from").value`) != "2022年3月3日" {
				t.Errorf("days the wrong way round: %d, %d rows", p.status, rows())
			}
			for _, problem := range append(p.overflow(t), p.axe(t)...) {
				t.Error(problem)
			}
			p = visit(t, s.url+"/burden", v)
			fill("measure", "farmland-600/area")
			p.submit(t, "form.filters")
			if p.status != http.StatusOK || rows() != 1 || all < 5 {
				t.Errorf("narrowed from %d rows to %d with %d", all, rows(), p.status)
			}
			if got := eval[string](t, p, `document.querySelector("h1").textContent`); !strings.Contains(got, "+68 亩") {
				t.Errorf("the headline is %q", got)
			}
		})
	}
}

// A role's link signs in once, for as long as the tab keeps its cookie.
func TestSignIn(t *testing.T) {
	s := server(t)
	link := s.signIn(t, "clerk")
	v := view{360, "zh-CN", false}

	p := visit(t, link, v)
	// A link may lead to a button that signs in, so that a preview of it by a mail program does not use it up.
	if eval[bool](t, p, `document.querySelector("main form[method=post]") !== null`) {
		p.submit(t, "main form[method=post]")
	}
	if p.status != http.StatusOK {
		t.Fatalf("the clerk's link answers %d", p.status)
	}
	p.shoot(t, shotsDir(t), "signed-in")
	for _, problem := range p.problems(t) {
		t.Errorf("signed in: %s", problem)
	}
	if got := eval[string](t, p, `document.cookie`); got != "" {
		t.Errorf("scripts can read the session's cookie: %s", got)
	}
	if !eval[bool](t, p, `document.querySelector("form[action*='sign-out']") !== null`) {
		t.Error("signed in, there is no way to sign out")
	}

	again := visit(t, link, v)
	if eval[bool](t, again, `document.querySelector("main form[method=post]") !== null`) {
		again.submit(t, "main form[method=post]")
	}
	if again.status < 400 {
		t.Errorf("the clerk's link answers %d when used a second time", again.status)
	}

	p.open(t, s.url+"/")
	p.submit(t, "form[action*='sign-out']")
	if eval[bool](t, p, `document.querySelector("form[action*='sign-out']") !== null`) {
		t.Error("signed out, there is still a way to sign out")
	}
}
