package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The policy the portal sends, so that nothing here passes that would not there.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"

func fixture(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "..", "portal", "static", "dist", "app.js"))
	if err != nil {
		t.Fatalf("%v: 'make bundle' makes it", err)
	}
	write := func(w http.ResponseWriter, status int, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		w.WriteHeader(status)
		fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width">
			<title>溯源</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/app.css">
			<script src="/app.js" defer></script></head><body><main>%s</main></body></html>`, body)
	}
	mux := http.NewServeMux()
	serve := func(path, kind, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, body)
		})
	}
	serve("/app.js", "text/javascript", string(script))
	serve("/app.css", "text/css", `.wide { width: 700px } .pale { color: #ddd }`)
	serve("/icon.svg", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	for path, body := range map[string]string{
		"/good":   `<h1>青山村多了 220 亩</h1><a href="/good">首页</a>`,
		"/wide":   `<h1>宽</h1><p class="wide">一行</p>`,
		"/pale":   `<h1>淡</h1><p class="pale">看不清</p><img src="/icon.svg">`,
		"/inline": `<h1>内嵌</h1><p style="color: red">不许</p>`,
		"/lost":   `<h1>缺图</h1><img src="/nothing.png" alt="无">`,
		"/away":   `<h1>外面</h1><img src="http://127.0.0.2:9/x.png" alt="无">`,
		"/tools": `<h1>工具</h1><form role="search"><label>搜索 <input type="search" id="q"></label></form>
			<p>哈希 <code data-copy id="hash">ab12</code></p>
			<figure data-steps><a href="#r1" data-step="1" id="bar1">县</a><a href="#r2" data-step="2" id="bar2">乡</a>
			<table><caption>各级</caption><tbody><tr data-step="1" id="row1"><td><a href="#" id="doc1">县</a></td></tr>
			<tr data-step="2" id="row2"><td>乡</td></tr></tbody></table></figure>
			<figure data-steps><p data-step="1" id="other">另一图</p></figure>`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, body) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusNotFound, `<h1>没有此页</h1>`) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// Every check finds what it is for and nothing on a page in order.
func TestChecks(t *testing.T) {
	base := fixture(t)
	for _, c := range []struct {
		path   string
		status int
		lang   string
		says   []string // one of the problems holds each of these; none where empty
	}{
		{"/good", 200, "zh-CN", nil},
		{"/unknown", 404, "zh-CN", nil},
		{"/good", 200, "en", []string{`asked for en`}},
		{"/wide", 200, "zh-CN", []string{"in a window of 360"}},
		{"/pale", 200, "zh-CN", []string{"color-contrast", "image-alt"}},
		{"/inline", 200, "zh-CN", []string{"security"}},
		{"/lost", 200, "zh-CN", []string{"nothing.png"}},
		{"/away", 200, "zh-CN", []string{"127.0.0.2"}},
	} {
		for _, scripts := range []bool{true, false} {
			v := view{width: 360, lang: c.lang, scripts: scripts}
			t.Run(strings.Trim(c.path, "/")+"-"+v.String(), func(t *testing.T) {
				p := visit(t, base+c.path, v)
				if p.status != c.status {
					t.Errorf("status %d, want %d", p.status, c.status)
				}
				p.shoot(t, t.TempDir(), "page")
				got := strings.Join(p.problems(t), "\n")
				if len(c.says) == 0 && got != "" {
					t.Errorf("a page in order is faulted: %s", got)
				}
				for _, want := range c.says {
					if !strings.Contains(got, want) {
						t.Errorf("problems %q do not tell of %q", got, want)
					}
				}
			})
		}
	}
}

// What the portal's script adds, and that its pages are whole without.
func TestScript(t *testing.T) {
	base := fixture(t)

	plain := visit(t, base+"/tools", view{1280, "zh-CN", false})
	if n := eval[int](t, plain, `document.querySelectorAll("button").length`); n != 0 {
		t.Errorf("%d buttons without scripts, of which none could work", n)
	}

	p := visit(t, base+"/tools", view{1280, "zh-CN", true})
	focused := func() string { return eval[string](t, p, `document.activeElement.id`) }
	lit := func() string {
		return eval[string](t, p, `[...document.querySelectorAll("[data-lit]")].map(e => e.id).join(" ")`)
	}

	p.press(t, "/", "Slash")
	if got := focused(); got != "q" {
		t.Errorf("/ goes to %q, not to the search field", got)
	}
	p.press(t, "a", "KeyA")
	p.press(t, "/", "Slash")
	if got := eval[string](t, p, `document.activeElement.value`); got != "a/" {
		t.Errorf("typed a/ in the search field, it holds %q", got)
	}
	p.must(t, chromedp.KeyEvent(kb.Escape))
	if got := focused(); got != "" {
		t.Errorf("after Escape %q has the focus", got)
	}

	p.must(t, chromedp.Focus(chromedp.CSS("#bar1")))
	if got := lit(); got != "bar1 row1" {
		t.Errorf("with the first bar focused %q are lit", got)
	}
	p.must(t, chromedp.Focus(chromedp.CSS("#doc1")))
	if got := lit(); got != "bar1 row1" {
		t.Errorf("with a link in the first row focused %q are lit", got)
	}
	p.must(t, chromedp.Blur(chromedp.CSS("#doc1")))
	if got := lit(); got != "" {
		t.Errorf("with nothing focused %q are lit", got)
	}

	p.must(t, chromedp.Click(chromedp.CSS("#hash + button")))
	if got := eval[string](t, p, `new Promise(done => setTimeout(() => done(document.querySelector("#hash + button").textContent), 200))`); got != "已复制" && got != "已选中" {
		t.Errorf("the copy button says %q after a click", got)
	}
	if problems := p.problems(t); len(problems) > 0 {
		t.Errorf("with scripts at work: %s", strings.Join(problems, "\n"))
	}
}
