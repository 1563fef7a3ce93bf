package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"suyuan/services/intake/receipt"
)

// A reporter goes through the reporting pages in one tab, with scripts or without.
type reporter struct {
	*page
	name string // of the pictures taken
	shot int
}

func (p reporter) fill(t *testing.T, id, text string) {
	t.Helper()
	eval[bool](t, p.page, fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); return true })()`, id, text))
}

// tap chooses, as a finger on the label does.
func (p reporter) tap(t *testing.T, name, value string) {
	t.Helper()
	if !eval[bool](t, p.page, fmt.Sprintf(`(() => { const e = [...document.querySelectorAll('input[name=%q]')].find(e => e.value === %q); e?.click(); return !!e?.checked })()`, name, value)) {
		t.Fatalf("no %s %q to choose in %q", name, value, p.heading(t))
	}
}

// task looks for a task, of which there are more than the page lists, and
// chooses it.
func (p reporter) task(t *testing.T, id string) {
	t.Helper()
	p.fill(t, "taskq", id)
	if p.view.scripts {
		p.until(t, fmt.Sprintf(`[...document.querySelectorAll("input[name=task]")].some(e => e.value === %q)`, id))
	} else {
		p.click(t, "find")
	}
	p.tap(t, "task", id)
}

func (p reporter) heading(t *testing.T) string {
	t.Helper()
	return eval[string](t, p.page, `document.querySelector("h1")?.textContent ?? ""`)
}

// click presses the button of a value, the visible one, and waits for the page that it leads to.
func (p reporter) click(t *testing.T, value string) {
	t.Helper()
	button := fmt.Sprintf(`button:not(.default)[value=%q]`, value)
	if !p.view.scripts || value == "leave" || value == "kept" {
		p.allowScripts(t, p.view.scripts)
		if p.view.scripts && value == "kept" { // the page looks at it first and may stay
			p.must(t, chromedp.Click(chromedp.CSS(button)))
			p.settle(t)
			return
		}
		response, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(button)))
		if err != nil {
			t.Fatalf("%s: %s: %v", p.heading(t), value, err)
		}
		p.mu.Lock()
		p.url, p.status = response.URL, int(response.Status)
		p.mu.Unlock()
		p.allowScripts(t, true)
		return
	}
	eval[bool](t, p.page, `(window.before = document.querySelector("main").firstElementChild, true)`)
	p.must(t, chromedp.Click(chromedp.CSS(button)))
	p.settle(t)
}

// settle waits until the pages' scripts have put another page in the place of
// the one before, or told a fault.
func (p reporter) settle(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		done, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !!document.querySelector("h1") && (document.querySelector("main")?.firstElementChild !== window.before || !!document.querySelector(".faults"))`))
		if err == nil && done {
			return
		}
		if time.Now().After(end) || p.ctx.Err() != nil {
			t.Fatalf("nothing came after %q: %v", p.heading(t), err)
		}
		select {
		case <-p.ctx.Done():
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// sound looks for all that can be wrong with the page and leaves a picture.
func (p *reporter) sound(t *testing.T, lang string) {
	t.Helper()
	p.shot++
	if dir := os.Getenv("SUYUAN_SHOTS"); dir != "" {
		p.shoot(t, dir, fmt.Sprintf("report-%s-%d", p.name, p.shot))
	}
	p.mu.Lock()
	for _, heard := range p.heard {
		t.Errorf("%s: %s", p.heading(t), heard)
	}
	p.heard = nil
	p.silent = true
	p.mu.Unlock()
	problems := append(p.overflow(t), p.axe(t)...)
	if got := eval[string](t, p.page, `document.documentElement.lang`); got != lang {
		problems = append(problems, "is in "+got+", not in "+lang)
	}
	if got := eval[string](t, p.page, `location.pathname + location.search + location.hash`); got != "/" {
		problems = append(problems, "the address says "+got)
	}
	if got := eval[string](t, p.page, `document.cookie`); got != "" {
		problems = append(problems, "a cookie: "+got)
	}
	if small := eval[[]string](t, p.page, `[...document.querySelectorAll("button:not(.default), label.choice, summary, input[type=file]")]
		.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))`); len(small) > 0 {
		problems = append(problems, "too small to touch: "+strings.Join(small, " "))
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", p.heading(t), problem)
	}
	p.mu.Lock()
	p.silent = false
	p.mu.Unlock()
}

func (p reporter) receipt(t *testing.T) receipt.Receipt {
	t.Helper()
	r, err := receipt.Parse(eval[string](t, p.page, `document.querySelector("[data-receipt]").textContent`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// until waits for what the pages' scripts do without another page.
func (p reporter) until(t *testing.T, condition string) {
	t.Helper()
	for end := time.Now().Add(patience); !eval[bool](t, p.page, condition); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: never %s", p.heading(t), condition)
		}
	}
}
