package e2e

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A house is a server of its own that cuts all the time, and the people who
// work with what is reported there.
type house struct {
	*suyuan
	binary, data string
}

func staffHouse(t *testing.T) *house {
	t.Helper()
	dir, err := os.MkdirTemp("", "suyuan-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	binary, err := buildBinary(dir)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{binary: binary, data: filepath.Join(dir, "data")}
	if h.suyuan, err = start(exec.Command(binary, "serve", "--demo", "--data", h.data, "--listen", "127.0.0.1:0", "--report-listen", "127.0.0.1:0", "--cut-every", "300ms")); err != nil {
		t.Fatal(err)
	}
	return h
}

// A worker is somebody of a role and a unit, who works with forms alone.
type worker struct {
	base, token string
}

func (h *house) worker(t *testing.T, role, unit string) worker {
	t.Helper()
	args := []string{"token", "--role", role, "--data", h.data}
	if unit != "" {
		args = append(args, "--unit", unit)
	}
	out, err := exec.Command(h.binary, args...).Output()
	if err != nil {
		t.Fatalf("a token for a %s: %v", role, err)
	}
	return worker{h.url, strings.TrimSpace(string(out))}
}

func (w worker) ask(t *testing.T, method, path string, form url.Values) (int, string, http.Header) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, w.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if w.token != "" {
		r.Header.Set("Authorization", "Bearer "+w.token)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 8<<20))
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body), answer.Header
}

func (w worker) get(t *testing.T, path string) string {
	t.Helper()
	status, body, _ := w.ask(t, http.MethodGet, path, nil)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, body)
	}
	return body
}

var formKeys = regexp.MustCompile(`name="key" value="([0-9a-f]{32})"`)

// do fills in one of the forms of a page and sends it; pairs are its fields.
func (w worker) do(t *testing.T, path, act string, pairs ...string) (to string) {
	t.Helper()
	status, body, header := w.try(t, path, act, pairs...)
	if status != http.StatusSeeOther {
		t.Fatalf("%s: %s: %d %s", path, act, status, problemIn(body))
	}
	return header.Get("Location")
}

func (w worker) try(t *testing.T, path, act string, pairs ...string) (int, string, http.Header) {
	t.Helper()
	page := w.get(t, path)
	if !strings.Contains(page, `id="do-`+act+`"`) {
		t.Fatalf("%s offers no %s", path, act)
	}
	form := url.Values{"do": {act}, "key": {formKeys.FindStringSubmatch(page)[1]}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return w.ask(t, http.MethodPost, path, form)
}

func problemIn(body string) string {
	if i := strings.Index(body, `class="problem"`); i >= 0 {
		return body[i:min(len(body), i+600)]
	}
	return body[:min(len(body), 2000)]
}

// offers reports which of the acts a page has forms for.
func (w worker) offers(t *testing.T, path string) string {
	t.Helper()
	var names []string
	for _, m := range regexp.MustCompile(`id="do-(\w+)"`).FindAllStringSubmatch(w.get(t, path), -1) {
		names = append(names, m[1])
	}
	return strings.Join(names, " ")
}

// await asks for a page until it says something.
func (w worker) await(t *testing.T, path, want string) string {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		body := w.get(t, path)
		if strings.Contains(body, want) {
			return body
		}
		if time.Now().After(end) {
			t.Fatalf("%s never says %q", path, want)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// visit looks at a page of the worker's own in a browser.
func (w worker) visit(t *testing.T, path string, v view) *page {
	t.Helper()
	p := visitAs(t, w.token, v)
	p.open(t, w.base+path)
	return p
}

// blank is a tab that has not been anywhere.
func blank(t *testing.T, v view) *page {
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
	ctx, cancel := context.WithTimeout(tab, 3*patience)
	t.Cleanup(cancel)
	p := &page{ctx: ctx, view: v}
	if err := p.prepare(b.agent); err != nil {
		t.Fatalf("prepare a tab: %v", err)
	}
	return p
}

// visitAs is a tab whose every request carries a token.
func visitAs(t *testing.T, token string, v view) *page {
	t.Helper()
	p := blank(t, v)
	if _, err := chromedp.Call(p.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(p.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Authorization": "Bearer " + token}}); err != nil {
		t.Fatal(err)
	}
	return p
}

var fewViews = []view{{360, "zh-CN", false}, {1280, "en", true}}

// sound leaves a picture of a page and looks for all that can be wrong with it.
func (w worker) sound(t *testing.T, name, path string, as ...view) {
	t.Helper()
	for _, v := range as {
		p := w.visit(t, path, v)
		if p.status != http.StatusOK {
			t.Errorf("%s (%v): %d", path, v, p.status)
		}
		eval[bool](t, p, `(document.querySelectorAll(".acts details").forEach(d => d.open = true), true)`)
		if dir := os.Getenv("SUYUAN_SHOTS"); dir != "" {
			p.shoot(t, shotsDir(t), "staff-"+name)
		}
		for _, problem := range p.problems(t) {
			t.Errorf("%s (%v): %s", path, v, problem)
		}
	}
}

// until waits for what a page's scripts do.
func (p *page) until(t *testing.T, condition string) {
	t.Helper()
	for end := time.Now().Add(patience); !eval[bool](t, p, condition); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: never %s: %s", p.url, condition, eval[string](t, p, `document.querySelector("main").innerText.slice(0, 1500)`))
		}
	}
}
