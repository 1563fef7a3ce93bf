package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A report sealed in a browser goes through the real server: it is kept,
// entered at the cut, and its receipt opens it in a browser with scripts and in
// one without.
func TestReportOnTheServer(t *testing.T) {
	dir, err := os.MkdirTemp("", "suyuan-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	binary, err := buildBinary(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := start(exec.Command(binary, "serve", "--demo", "--data", filepath.Join(dir, "data"),
		"--listen", "127.0.0.1:0", "--report-listen", "127.0.0.1:0", "--cut-every", "500ms"))
	if err != nil {
		t.Fatal(err)
	}
	address := s.reports(t)
	v := view{360, "zh-CN", true}
	p := reporter{page: visitFor(t, address+"/", v, 5*patience), name: "server"}
	p.task(t, "farmland-600")
	p.tap(t, "who", "level:COUNTY")
	p.tap(t, "place", "990101")
	p.tap(t, "dimension", "quantity")
	p.click(t, "2")
	p.fill(t, "down", "200")
	p.fill(t, "asked", "220")
	p.fill(t, "text", canaryText)
	p.click(t, "3")
	p.sound(t, v.lang)
	p.click(t, "send")
	own := p.receipt(t).Grouped()

	for _, scripts := range []bool{true, false} {
		v.scripts = scripts
		p := reporter{page: visitFor(t, address+"/", v, 5*patience), name: "server-box"}
		p.click(t, "open")
		p.fill(t, "receipt", own)
		p.click(t, "look")
		for end := time.Now().Add(patience); p.heading(t) != "已登记"; time.Sleep(100 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the box says %q", p.heading(t))
			}
			p.click(t, "look")
		}
		p.sound(t, v.lang)
		p.fill(t, "reply", "8月1日")
		p.click(t, "reply")
		if got := eval[string](t, p.page, `document.querySelector(".notice")?.textContent ?? document.querySelector(".faults")?.textContent ?? ""`); !strings.Contains(got, "已收好") {
			t.Errorf("after a reply: %q", got)
		}
	}
}

// reports is where the reporting pages are, once it was printed.
func (s *suyuan) reports(t *testing.T) string {
	t.Helper()
	for range 100 {
		s.mu.Lock()
		address := s.report
		s.mu.Unlock()
		if address != "" {
			return address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("serve printed no address of the reporting pages:\n%s", s.output())
	return ""
}
