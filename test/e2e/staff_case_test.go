package e2e

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// caseOf opens a case from a complaint, notes, asks for records, and closes it.
func caseOf(t *testing.T, h *house, w worker, at string) {
	t.Helper()
	id := strings.TrimPrefix(at, "/complaints/")
	form := "/cases?complaint=" + id
	status, body, header := w.try(t, form, "open", "title", "望溪县复耕任务加码", "from", "reports", "complaints", id, "about", county)
	if status != http.StatusSeeOther {
		t.Fatalf("open a case: %d %s", status, problemIn(body))
	}
	file := header.Get("Location")
	w.do(t, file, "note", "note", "CANARY-NOTE 县里的通知有两版。")
	if !strings.Contains(w.get(t, file), "CANARY-NOTE") {
		t.Error("the note cannot be read")
	}
	if status, body, _ := w.try(t, file, "request_records", "units", "990101001\n990101002", "what", "会议记录"); status != http.StatusConflict || !strings.Contains(body, "至少 5 个") {
		t.Errorf("records of two units: %d %s", status, problemIn(body))
	}
	filled := w.get(t, file+"?under="+county)
	if strings.Count(filled, "990101001") == 0 {
		t.Error("the units below a county are not filled in")
	}
	w.sound(t, "case", file, fewViews...)
	w.sound(t, "cases", "/cases", fewViews...)
	other := h.worker(t, "investigator", "99-sjt")
	if status, _, _ := other.ask(t, http.MethodGet, file, nil); status != http.StatusNotFound {
		t.Errorf("somebody who was not assigned: %d", status)
	}
	w.do(t, file, "close_case", "how", "unfounded", "text", "文件与反映不符。")
	if got := w.offers(t, file); got != "" {
		t.Errorf("in a closed case one can still %s", got)
	}
	found := filesWith(t, h.data, "CANARY-NOTE")
	if found != "" {
		t.Errorf("the note lies in the clear: %s", found)
	}
}

func filesWith(t *testing.T, dir, text string) string {
	t.Helper()
	out, err := exec.Command("grep", "-rla", text, dir).Output()
	if e, ok := err.(*exec.ExitError); err != nil && (!ok || e.ExitCode() != 1) {
		t.Fatal(err)
	}
	return string(out)
}

// keys registers another reader and refuses what is none, and shows the keys
// to everybody.
func keys(t *testing.T, h *house) {
	t.Helper()
	admin := h.worker(t, "admin", "99-bb")
	out, err := exec.Command(h.binary, "keygen", "--investigator", filepath.Join(h.data, "third.key")).Output()
	if err != nil {
		t.Fatal(err)
	}
	admin.do(t, "/recipients", "register", "id", "third", "unit", "99-bb", "recipient", strings.TrimSpace(string(out)))
	if status, _, _ := admin.try(t, "/recipients", "register", "id", "fourth", "recipient", "age1nonsense"); status != http.StatusBadRequest && status != http.StatusConflict {
		t.Errorf("a key that is none: %d", status)
	}
	admin.do(t, "/recipients", "retire", "id", "third", "reason", "换人")
	admin.sound(t, "recipients", "/recipients", fewViews...)

	issued, err := exec.Command(h.binary, "issuer", "keys", "--issuer-data", filepath.Join(h.data, "issuer"), "--county", county, "--quarter", "2026Q4").Output()
	if err != nil {
		t.Fatal(err)
	}
	admin.do(t, "/issuer-keys", "publish", "lines", string(issued))
	admin.do(t, "/issuer-keys", "publish", "lines", string(issued)) // again changes nothing
	if status, _, _ := admin.try(t, "/issuer-keys", "publish", "lines", "a key"); status != http.StatusBadRequest {
		t.Errorf("a line that is no key: %d", status)
	}
	admin.sound(t, "issuer-keys", "/issuer-keys", fewViews...)
	public := worker{base: h.url}
	for _, path := range []string{"/recipients", "/issuer-keys"} {
		if body := public.get(t, path); strings.Contains(body, `id="do-`) {
			t.Errorf("%s offers something to the public", path)
		}
		if status, _, _ := public.ask(t, http.MethodPost, path, map[string][]string{"do": {"register"}}); status != http.StatusUnauthorized {
			t.Errorf("%s takes the public's: %d", path, status)
		}
	}
}
