package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A court is a server of its own whose clock the test moves, and the people
// who find there who answers for what.
type court struct {
	*suyuan
	binary, data, clock string
}

// openCourt starts one at a moment. The binary is built with a clock that can
// be moved, which the one of the other tests does not have.
func openCourt(t *testing.T, at string) *court {
	t.Helper()
	dir, err := os.MkdirTemp("", "suyuan-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	c := &court{binary: filepath.Join(dir, "suyuan"), data: filepath.Join(dir, "data"), clock: filepath.Join(dir, "clock")}
	build := exec.Command("go", "build", "-tags", "movedclock", "-o", c.binary, "./cmd/suyuan")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build -tags movedclock ./cmd/suyuan: %v\n%s", err, out)
	}
	c.at(t, at)
	serve := exec.Command(c.binary, "serve", "--demo", "--data", c.data, "--listen", "127.0.0.1:0")
	serve.Env = append(os.Environ(), "MOVED_CLOCK="+c.clock)
	if c.suyuan, err = start(serve); err != nil {
		t.Fatal(err)
	}
	return c
}

// at moves the court's clock.
func (c *court) at(t *testing.T, moment string) {
	t.Helper()
	to, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		t.Fatal(err)
	}
	next := c.clock + ".next"
	if err := os.WriteFile(next, []byte(time.Until(to).String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, c.clock); err != nil {
		t.Fatal(err)
	}
}

// person is a worker of a role and unit with an account of its own, where
// several share those.
func (c *court) person(t *testing.T, role, unit, account string) worker {
	t.Helper()
	args := []string{"token", "--role", role, "--data", c.data, "--ttl", "720h"}
	if unit != "" {
		args = append(args, "--unit", unit)
	}
	if account != "" {
		args = append(args, "--account", account)
	}
	token := exec.Command(c.binary, args...)
	token.Env = append(os.Environ(), "MOVED_CLOCK="+c.clock)
	out, err := token.Output()
	if err != nil {
		t.Fatalf("a token for a %s: %v", role, err)
	}
	return worker{c.url, strings.TrimSpace(string(out))}
}

// fills does an act as a person does it: opens the page in a browser without
// scripts, unfolds the form, fills it in and sends it. Pairs are the fields;
// of a choice the value.
func (w worker) fills(t *testing.T, path, act string, pairs ...string) *page {
	t.Helper()
	p := w.visit(t, path, view{1280, "zh-CN", false})
	if p.status != http.StatusOK {
		t.Fatalf("%s: %d", path, p.status)
	}
	p.fillIn(t, act, pairs...)
	p.submit(t, "#do-"+act)
	return p
}

func (p *page) fillIn(t *testing.T, act string, pairs ...string) {
	t.Helper()
	values, err := json.Marshal(append([]string{}, pairs...))
	if err != nil {
		t.Fatal(err)
	}
	wrong := eval[string](t, p, fmt.Sprintf(`(() => {
		const form = document.getElementById("do-%s"), pairs = %s
		if (!form) return "no form: " + [...document.querySelectorAll("form[id]")].map(f => f.id).join(" ")
		const fold = form.closest("details")
		if (fold) fold.open = true
		for (let i = 0; i < pairs.length; i += 2) {
			const field = form.elements[pairs[i]]
			if (!field) return "no field " + pairs[i] + ": " + [...form.elements].map(e => e.name).join(" ")
			if (field.type === "checkbox") field.checked = pairs[i + 1] === "true"
			else field.value = pairs[i + 1]
			if (field.value !== pairs[i + 1] && field.type !== "checkbox") return pairs[i] + " takes no " + pairs[i + 1] + " but is " + field.value
		}
		const missing = [...form.elements].filter(e => e.willValidate && !e.checkValidity()).map(e => e.name)
		return missing.length ? "not filled in: " + missing.join(" ") : ""
	})()`, act, values))
	if wrong != "" {
		t.Fatalf("%s: %s: %s", p.url, act, wrong)
	}
}

// does is fills for an act that is carried out.
func (w worker) does(t *testing.T, path, act string, pairs ...string) *page {
	t.Helper()
	p := w.fills(t, path, act, pairs...)
	if p.status != http.StatusOK || eval[bool](t, p, `!!document.getElementById("refused")`) {
		t.Fatalf("%s: %s: %d %s", path, act, p.status, eval[string](t, p, `(document.getElementById("refused") || document.querySelector("main")).innerText.slice(0, 900)`))
	}
	return p
}

// text is what a page says.
func (p *page) text(t *testing.T) string {
	t.Helper()
	return eval[string](t, p, `document.querySelector("main").innerText`)
}

// looks holds a page, seen by a person in a few views, to all that can be
// wrong with one, and leaves pictures.
func (w worker) looks(t *testing.T, name, path string, as ...view) {
	t.Helper()
	for _, v := range as {
		p := w.visit(t, path, v)
		if p.status != http.StatusOK {
			t.Errorf("%s (%v): %d", path, v, p.status)
		}
		if dir := os.Getenv("SUYUAN_SHOTS"); dir != "" {
			p.shoot(t, shotsDir(t), "finding-"+name)
		}
		eval[bool](t, p, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
		if dir := os.Getenv("SUYUAN_SHOTS"); dir != "" {
			p.shoot(t, shotsDir(t), "finding-"+name+"-open")
		}
		for _, problem := range p.problems(t) {
			t.Errorf("%s (%v): %s", path, v, problem)
		}
	}
}

// public is somebody who is not signed in.
func (c *court) public() worker { return worker{base: c.url} }

// query asks the graph as a worker, and gives data as text.
func (w worker) query(t *testing.T, document string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if w.token != "" {
		r.Header.Set("Authorization", "Bearer "+w.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var out json.RawMessage
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return string(out)
}
