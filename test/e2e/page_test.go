package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A view is how somebody looks: how wide the window is, which language the
// browser asks for, whether it runs scripts.
type view struct {
	width   int64
	lang    string
	scripts bool
}

func (v view) String() string {
	scripts := "scripts"
	if !v.scripts {
		scripts = "plain"
	}
	return fmt.Sprintf("%d-%s-%s", v.width, v.lang, scripts)
}

// A page is a tab of its own, with no cookies from any other, at an address it
// has loaded.
type page struct {
	ctx    context.Context
	view   view
	url    string
	status int

	mu     sync.Mutex
	heard  []string // errors on the console, requests that left the server
	silent bool     // what the checks themselves cause is not heard
}

// visit opens an address in a fresh, signed-out tab that is closed with the test.
func visit(t *testing.T, address string, v view) *page {
	t.Helper()
	return visitFor(t, address, v, patience)
}

// visitFor is visit for somebody who stays longer.
func visitFor(t *testing.T, address string, v view, long time.Duration) *page {
	t.Helper()
	b, err := theBrowser()
	if err != nil {
		t.Fatal(err)
	}
	tab, closeTab := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	ctx, cancel := context.WithTimeout(tab, long)
	t.Cleanup(cancel)
	p := &page{ctx: ctx, view: v}
	if err := p.prepare(b.agent); err != nil {
		t.Fatalf("prepare a tab: %v", err)
	}
	p.open(t, address)
	return p
}

func (p *page) prepare(agent string) error {
	if err := chromedp.Listen(p.ctx, p.hear); err != nil {
		return err
	}
	_, err := chromedp.Call(p.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: agent, AcceptLanguage: p.view.lang,
	})
	if err != nil {
		return err
	}
	_, err = chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: p.view.width, Height: 800, DeviceScaleFactor: 1, Mobile: p.view.width < 600,
	})
	return err
}

// open loads another address in the same tab, as this tab's person.
func (p *page) open(t *testing.T, address string) {
	t.Helper()
	p.mu.Lock()
	p.url, p.status, p.silent = address, 0, false
	p.mu.Unlock()
	p.allowScripts(t, p.view.scripts)
	response, err := chromedp.RunResponse(p.ctx, chromedp.Navigate(address))
	if err != nil {
		t.Fatalf("load %s: %v", address, err)
	}
	p.mu.Lock()
	p.status = int(response.Status)
	p.mu.Unlock()
	// The page's own scripts have had their turn or are never to have one; the checks need theirs.
	p.allowScripts(t, true)
}

func (p *page) allowScripts(t *testing.T, yes bool) {
	t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !yes})
	if err != nil {
		t.Fatal(err)
	}
}

func (p *page) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent {
		return
	}
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			p.heard = append(p.heard, "console: "+consoleText(e.Args))
		}
	case *runtime.EventExceptionThrown:
		p.heard = append(p.heard, "exception: "+exceptionText(e.ExceptionDetails))
	case *log.EventEntryAdded:
		// An error page is itself "a resource that failed to load"; nothing else may.
		if e.Entry.Level == log.EntryLevelError && !(e.Entry.Source == log.EntrySourceNetwork && e.Entry.URL == p.url) {
			p.heard = append(p.heard, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if !sameHost(e.Request.URL, p.url) {
			p.heard = append(p.heard, "a request leaves the server: "+e.Request.URL)
		}
	}
}

func consoleText(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		if len(a.Value) > 0 {
			words = append(words, string(a.Value))
		} else {
			words = append(words, a.Description)
		}
	}
	return strings.Join(words, " ")
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func sameHost(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	return errA == nil && errB == nil && (ua.Host == ub.Host || ua.Scheme == "data" || ua.Scheme == "about")
}

// eval evaluates an expression in the page, whatever its security policy.
func eval[T any](t *testing.T, p *page, expression string) T {
	t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %.60s: %v", p.url, expression, err)
	}
	return v
}

// problems is everything that is wrong with a page whoever looks at it.
func (p *page) problems(t *testing.T) []string {
	t.Helper()
	problems := p.quiet()
	problems = append(problems, p.language(t)...)
	problems = append(problems, p.overflow(t)...)
	return append(problems, p.axe(t)...)
}

// quiet takes what was heard so far and stops listening: the checks that
// follow make noise of their own.
func (p *page) quiet() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	heard := p.heard
	p.heard, p.silent = nil, true
	return heard
}

func (p *page) language(t *testing.T) []string {
	t.Helper()
	got := eval[string](t, p, `document.documentElement.lang`)
	if base, _, _ := strings.Cut(p.view.lang, "-"); !strings.HasPrefix(got, base) {
		return []string{fmt.Sprintf("asked for %s, the page says it is in %q", p.view.lang, got)}
	}
	return nil
}

// overflow names what makes a page wider than its window.
func (p *page) overflow(t *testing.T) []string {
	t.Helper()
	width := eval[int64](t, p, `Math.max(document.documentElement.scrollWidth, window.innerWidth)`)
	if width <= p.view.width {
		return nil
	}
	widest := eval[[]string](t, p, fmt.Sprintf(`[...document.body.querySelectorAll("*")]
		.filter(e => e.getBoundingClientRect().right > %d + 0.5)
		.slice(-3).map(e => e.outerHTML.slice(0, 120))`, p.view.width))
	return []string{fmt.Sprintf("%d px wide in a window of %d, for instance by %s", width, p.view.width, strings.Join(widest, " | "))}
}

var axeSource = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile(filepath.Join("..", "..", "portal", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("%w: 'make bundle' installs it", err)
	}
	return string(text), nil
})

// axe runs axe-core's rules and gives its violations.
func (p *page) axe(t *testing.T) []string {
	t.Helper()
	source, err := axeSource()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[chromedp.Void](source+";undefined")); err != nil {
		t.Fatalf("%s: load axe-core: %v", p.url, err)
	}
	result := eval[string](t, p, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(
		r.violations.flatMap(v => v.nodes.map(n => v.id + " (" + v.help + "): " + n.target + ": " + n.html.slice(0, 160)))))`)
	var violations []string
	if err := json.Unmarshal([]byte(result), &violations); err != nil {
		t.Fatal(err)
	}
	return violations
}

// shoot leaves a picture of the whole page.
func (p *page) shoot(t *testing.T, dir, name string) {
	t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("picture of %s: %v", p.url, err)
	}
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s.png", name, p.view)), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// must runs steps of a person: clicks, keys, waiting for what they cause.
func (p *page) must(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		t.Fatalf("%s: %v", p.url, err)
	}
}

// press types one character as a keyboard does: what a page prevents does not happen.
func (p *page) press(t *testing.T, key, code string) {
	t.Helper()
	for _, e := range []input.DispatchKeyEventParams{
		{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: code, Text: key, UnmodifiedText: key},
		{Type: input.DispatchKeyEventTypeKeyUp, Key: key, Code: code},
	} {
		if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, e); err != nil {
			t.Fatalf("%s: press %s: %v", p.url, key, err)
		}
	}
}

// submit sends a form as its first button does, and waits for the page that follows.
func (p *page) submit(t *testing.T, form string) {
	t.Helper()
	p.allowScripts(t, p.view.scripts)
	response, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(form+" button")))
	if err != nil {
		t.Fatalf("%s: submit %s: %v", p.url, form, err)
	}
	p.mu.Lock()
	p.url, p.status = response.URL, int(response.Status)
	p.mu.Unlock()
	p.allowScripts(t, true)
}
