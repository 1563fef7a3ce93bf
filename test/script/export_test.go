package script

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The export of a role is what the served graph tells that role, asked in
// other words: reasons, answers and the contents of events, one by one.
func TestExportShowsWhatTheGraphShows(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	for _, c := range []struct {
		role, unit     string
		reasons, bytes int // how many it is shown
	}{
		{"public", "", 0, 0}, {"clerk", "9902", 0, 0}, {"clerk", "990201001", 1, 0}, {"clerk", "990101001", 1, 0},
		{"investigator", "", 3, 1}, {"reviewer", "", 3, 1}, {"auditor", "", 3, 1}, {"admin", "", 3, 1},
	} {
		var headers, args []string
		if c.role != "public" {
			who := []string{"--role", c.role}
			if c.unit != "" {
				who, args = append(who, "--unit", c.unit), []string{"--unit", c.unit}
			}
			headers = append(headers, "Authorization: Bearer "+token(t, dir, who...))
		}
		to := filepath.Join(t.TempDir(), "export")
		if out, stderr, code := command(t, nil, append([]string{"export", "--data", dir, "--as", c.role, "--to", to}, args...)...); code != 0 {
			t.Fatalf("export as %s: %d %s%s", c.role, code, out, stderr)
		}
		ask := func(query string) map[string]any {
			t.Helper()
			body, _ := json.Marshal(map[string]any{"query": query})
			w := request(t, asked{http.MethodPost, s.url + "/graphql", string(body), append([]string{"Content-Type: application/json"}, headers...)})
			return read[struct{ Data map[string]any }](t, w.body).Data
		}
		reasons := 0
		shown := map[any]map[string]any{}
		for _, o := range ask("{objections(first:200){id reason answer}}")["objections"].([]any) {
			shown[o.(map[string]any)["id"]] = o.(map[string]any)
		}
		for _, o := range exported(t, to, "objections") {
			if want := shown[o["id"]]; o["reason"] != want["reason"] || o["answer"] != want["answer"] {
				t.Errorf("%s %s: %v, the graph shows %v", c.role, c.unit, o, want)
			}
			if o["reason"] != nil {
				reasons++
			}
			delete(shown, o["id"])
		}
		if len(shown) > 0 || reasons != c.reasons {
			t.Errorf("%s %s: %d reasons; not exported: %v", c.role, c.unit, reasons, shown)
		}
		events := exported(t, to, "events")
		for _, n := range []int{1, 45, len(events)} {
			want := ask(fmt.Sprintf(`{event(ordinal:"%d"){hash data metadata}}`, n))["event"].(map[string]any)
			if e := events[n-1]; e["hash"] != want["hash"] || e["data"] != want["data"] || e["metadata"] != want["metadata"] || (e["data"] != nil) != (c.bytes > 0) {
				t.Errorf("%s %s: event %d is %v, the graph shows %v", c.role, c.unit, n, e, want)
			}
		}
	}
}

// exported reads a file of JSON lines.
func exported(t testing.TB, dir, kind string) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(string(contents(t, dir, kind+".jsonl"))) {
		list = append(list, read[map[string]any](t, line))
	}
	return list
}

// An export that was killed goes on, any number of times and while the ledger
// grows, and ends as the one that was left alone: of the moment it was begun.
func TestExportKilled(t *testing.T) {
	dir := copied(t, largeLedger(t).closed)
	want := filepath.Join(t.TempDir(), "whole")
	if _, stderr, code := command(t, nil, "export", "--data", dir, "--as", "auditor", "--to", want); code != 0 {
		t.Fatal(stderr)
	}
	args := []string{"export", "--data", dir, "--as", "auditor", "--to", filepath.Join(t.TempDir(), "killed")}
	to := args[len(args)-1]
	kills, grown := 0, false
	for wait := 5 * time.Millisecond; ; wait += wait / 3 {
		_, err := os.Stat(filepath.Join(to, "export.state"))
		begun := err == nil
		again := args
		if begun {
			again = append(args[:len(args):len(args)], "--resume")
		}
		if begun && !grown {
			if grown = true; written(dir, "later", 4, 1, syscall.SIGTERM) != nil {
				t.Fatal("the ledger does not grow")
			}
		}
		if killedAfter(t, wait, again...) {
			break
		}
		if _, err := os.Stat(filepath.Join(to, "manifest.json")); err == nil {
			if _, err := os.Stat(filepath.Join(to, "export.state")); err != nil {
				_ = os.Remove(filepath.Join(to, "export.lock"))
				break // killed behind its last word
			}
		}
		if kills++; kills > 100 {
			t.Fatal("it does not go on")
		}
	}
	if kills < 8 {
		t.Errorf("killed %d times only", kills)
	}
	entries, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if a, b := contents(t, to, e.Name()), contents(t, want, e.Name()); !bytes.Equal(a, b) {
			t.Errorf("%s differs: %d bytes, not %d", e.Name(), len(a), len(b))
		}
	}
	if got, err := os.ReadDir(to); err != nil || len(got) != len(entries) {
		t.Errorf("%d files, not %d: %v", len(got), len(entries), err)
	}
	if !grown {
		t.Error("the ledger did not grow meanwhile")
	}

	// With another ledger it does not go on.
	other := filepath.Join(t.TempDir(), "other")
	end := time.Now().Add(patience)
	c := exec.Command(binary, append(args[:len(args)-1:len(args)-1], other)...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for begun := false; !begun && time.Now().Before(end); time.Sleep(time.Millisecond) {
		_, err := os.Stat(filepath.Join(other, "export.state"))
		begun = err == nil
	}
	_ = c.Process.Kill()
	_ = c.Wait()
	_, stderr, code := command(t, nil, "export", "--data", demoFolder(t), "--as", "auditor", "--to", other, "--resume")
	if code != 1 || !strings.Contains(stderr, "ordinal was") || !strings.Contains(stderr, "export.other") {
		t.Errorf("it went on with another ledger: %d %s", code, stderr)
	}
}
