package e2e

import (
	"strings"
	"testing"

	"filippo.io/age"

	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/mandate"
)

const canaryText = "CANARY-TEXT 要求每天报"

// The whole way of a report and of its box, at 360 px, in both languages, with
// scripts and without, and every page of it in order.
func TestReportInABrowser(t *testing.T) {
	for _, v := range []view{{360, "zh-CN", false}, {360, "en", true}, {360, "zh-CN", true}, {360, "en", false}} {
		t.Run(v.String(), func(t *testing.T) { wholeReport(t, v) })
	}
}

func wholeReport(t *testing.T, v view) {
	h := reportHost(t)
	p := reporter{page: visitFor(t, h.url+"/", v, 5*patience), name: "way"}
	p.sound(t, v.lang)

	p.click(t, "2") // nothing was chosen
	p.sound(t, v.lang)
	if eval[int](t, p.page, `document.querySelectorAll(".faults li a").length`) != 3 {
		t.Error("an empty first step is not told what it lacks")
	}
	if v.scripts {
		eval[bool](t, p.page, `(document.querySelector(".faults li:last-child a").click(), true)`)
		if got := eval[string](t, p.page, `document.activeElement.id + location.hash`); got != "dimension" {
			t.Errorf("a fault's link leads to %q", got)
		}
		p.clearFaults(t)
	}
	p.task(t, "farmland-600")
	p.tap(t, "who", "level:COUNTY")
	p.tap(t, "place", "990101")
	p.tap(t, "dimension", "quantity")
	other := map[string]string{"zh-CN": "en", "en": "zh-CN"}[v.lang]
	p.click(t, "lang") // nothing is lost
	p.sound(t, other)
	p.click(t, "lang")
	p.click(t, "2")
	p.fill(t, "down", "６００")
	p.fill(t, "asked", "很多")
	p.fill(t, "due", "2022-08-20")
	p.tap(t, "minutes", "120")
	p.tap(t, "form", "photo")
	p.tap(t, "motive", "show")
	p.fill(t, "text", canaryText)
	p.click(t, "3") // that is no number
	p.sound(t, v.lang)
	if got := eval[string](t, p.page, `document.getElementById("text").value + document.querySelector("[aria-invalid]").id`); got != canaryText+"asked" {
		t.Errorf("after a fault the page holds %q", got)
	}
	p.fill(t, "asked", "690")
	p.click(t, "3")
	p.sound(t, v.lang)
	drawn := p.receipt(t)
	shown := eval[string](t, p.page, `document.querySelector("[data-review]").textContent`)
	for _, want := range []string{"复耕整改 600 亩", "600 亩", "690 亩", "东山县", canaryText} {
		if !strings.Contains(shown, want) {
			t.Errorf("the review %q lacks %q", shown, want)
		}
	}
	p.click(t, "2")
	p.click(t, "3")
	if !p.receipt(t).Equal(drawn) {
		t.Error("another receipt after going back")
	}

	h.mu.Lock()
	h.fail = errNotNow
	h.mu.Unlock()
	p.click(t, "send")
	p.sound(t, v.lang)
	p.click(t, "send")
	p.sound(t, v.lang)
	if !p.receipt(t).Equal(drawn) {
		t.Error("another receipt after sending")
	}
	h.sent(t, v.scripts)

	p.fill(t, "typed", "12345678")
	p.click(t, "kept")
	p.sound(t, v.lang)
	typed := strings.ReplaceAll(drawn.Grouped(), " ", "")[20:]
	p.fill(t, "typed", typed)
	if v.scripts {
		eval[bool](t, p.page, `(window.before = document.querySelector("main").firstElementChild, document.querySelector("[data-faults]").replaceChildren(), true)`)
	}
	p.click(t, "kept")
	p.sound(t, v.lang)
	if !strings.Contains(p.heading(t), map[string]string{"zh-CN": "关闭", "en": "close"}[v.lang]) {
		t.Errorf("the end is %q", p.heading(t))
	}

	box(t, h, v, drawn.Grouped())
}

// sent looks at what arrived.
func (h *host) sent(t *testing.T, scripts bool) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if !scripts {
		if len(h.drafts) != 1 || h.drafts[0].Text != canaryText || len(h.sizes) != 0 {
			t.Fatalf("%d drafts, %d envelopes", len(h.drafts), len(h.sizes))
		}
		h.facts(t, h.drafts[0].Facts)
		return
	}
	if len(h.drafts) != 0 || len(h.sizes) != 1 || !h.sizes[envelope.TextSize] || len(h.bodies) != 1 {
		t.Fatalf("%d drafts, sizes %v, %d different envelopes", len(h.drafts), h.sizes, len(h.bodies))
	}
	for _, form := range h.forms {
		if form != "at=1&go=lang&lang=zh-CN" && form != "at=1&go=lang&lang=en" {
			t.Errorf("besides what is sealed, the browser sent %q", form)
		}
	}
	for _, raw := range h.sealed {
		e, err := envelope.Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		facts, err := envelope.OpenFacts(e.Facts, h.engine)
		if err != nil {
			t.Fatal(err)
		}
		h.facts(t, facts)
		if _, err := envelope.OpenNarrative(e.Narrative, age.Identity(h.engine)); err == nil {
			t.Error("the engine's key opens the narrative")
		}
		for _, key := range h.investigators {
			if n, err := envelope.OpenNarrative(e.Narrative, key); err != nil || n.Text != canaryText {
				t.Errorf("an investigator reads %q, %v", n.Text, err)
			}
		}
	}
}

func (h *host) facts(t *testing.T, raw []byte) {
	t.Helper()
	f, err := claim.Parse(raw)
	want := claim.Facts{
		V: 1, Mandate: "farmland-600", Level: "COUNTY", Within: "990101", Dimension: mandate.Quantity, Measure: "farmland-600/area",
		CameDown: "600", Asked: "690", Due: "2022-08-20", Minutes: 120, Forms: []string{"photo"}, Motive: "show",
	}
	if err != nil || string(f.Marshal()) != string(want.Marshal()) {
		t.Errorf("the facts are %s, %v", raw, err)
	}
}

// box opens the receipt's box, answers what it asks and looks at every page.
func box(t *testing.T, h *host, v view, grouped string) {
	p := reporter{page: visitFor(t, h.url+"/", v, 5*patience), name: "box"}
	p.click(t, "open")
	p.sound(t, v.lang)
	p.fill(t, "receipt", "1234")
	p.click(t, "look")
	p.sound(t, v.lang)
	p.fill(t, "receipt", grouped)
	p.clearFaults(t)
	p.click(t, "look")
	p.sound(t, v.lang) // it waits
	h.handle(t, mustParse(t, grouped))
	p.click(t, "look")
	p.sound(t, v.lang)
	if got := eval[string](t, p.page, `document.querySelector("[data-messages]").textContent`); !strings.Contains(got, "请问文件是哪天发到村里的？") {
		t.Errorf("the message is %q", got)
	}
	p.click(t, "reply") // nothing was written
	p.sound(t, v.lang)
	p.fill(t, "reply", "8月1日 "+canaryText)
	p.clearFaults(t)
	p.click(t, "reply")
	p.sound(t, v.lang)
	p.tap(t, "solved", "no")
	p.tap(t, "satisfied", "yes")
	p.click(t, "rate")
	if got := eval[string](t, p.page, `document.querySelector(".notice")?.textContent ?? ""`); got == "" {
		t.Error("nothing says that the rating arrived")
	}
	h.told(t, v.scripts)
	p.click(t, "leave")
	p.sound(t, v.lang)
}

func (p reporter) clearFaults(t *testing.T) {
	t.Helper()
	if p.view.scripts {
		eval[bool](t, p.page, `(document.querySelector("[data-faults]").replaceChildren(), true)`)
	}
}

// told looks at the reply and the rating.
func (h *host) told(t *testing.T, scripts bool) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	acts := map[claim.Act]string{}
	if !scripts {
		for _, d := range h.drafts[1:] {
			f, err := claim.ParseFollowUp(d.Facts)
			if err != nil || !d.FollowUp || d.Form == [16]byte{} {
				t.Errorf("a letter %v, %v", f, err)
			}
			acts[f.Act] = d.Text
		}
	}
	for _, raw := range h.sealed {
		e, err := envelope.Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind != envelope.FollowUp {
			continue
		}
		facts, err := envelope.OpenFacts(e.Facts, h.engine)
		if err != nil {
			t.Fatal(err)
		}
		f, err := claim.ParseFollowUp(facts)
		if err != nil {
			t.Errorf("a letter %s: %v", facts, err)
		}
		n, err := envelope.OpenNarrative(e.Narrative, h.investigators[0])
		if err != nil {
			t.Error(err)
		}
		acts[f.Act] = n.Text
	}
	if len(acts) != 2 || acts[claim.Reply] != "8月1日 "+canaryText {
		t.Errorf("told %v", acts)
	}
	if _, rated := acts[claim.Rate]; !rated {
		t.Error("no rating")
	}
}
