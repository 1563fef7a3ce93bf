package follow

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
)

// lines are those by which the documentation follows the ledger.
func lines(t *testing.T) (script string, categories []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	must(t, err)
	_, rest, found := strings.Cut(string(text), "```js\n")
	script, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatal("README.md has no block of JavaScript")
	}
	for _, m := range regexp.MustCompile(`"([a-z]+)-"`).FindAllStringSubmatch(script, -1) {
		categories = append(categories, m[1])
	}
	if len(categories) == 0 {
		t.Fatalf("README.md follows no kind of stream:\n%s", script)
	}
	return script, categories
}

// What README.md says is done as it says: an auditor follows the served
// ledger with those lines, a token and the line that serve prints.
func TestReadme(t *testing.T) {
	script, categories := lines(t)
	dir := t.TempDir()
	program := build(t)
	s := launch(t, program, "serve", "--demo", "--data", filepath.Join(dir, "the data"), "--listen", "127.0.0.1:0", "--esdb-listen", "127.0.0.1:0", "--report-listen", "off", "--lang", "en")
	at := s.waits(t, regexp.MustCompile(`^follow +(esdb://\S+)$`))
	token, err := exec.CommandContext(t.Context(), program, "token", "--data", filepath.Join(dir, "the data"), "--role", "auditor").Output()
	must(t, err)

	store, err := sqlite.OpenReadOnly(filepath.Join(dir, "the data"))
	must(t, err)
	var want []ledger.Recorded
	for e, err := range store.All(t.Context(), ledger.Position{}) {
		must(t, err)
		if slices.ContainsFunc(categories, func(c string) bool { return of(c)(e) }) {
			want = append(want, e)
		}
	}
	must(t, store.Close())
	if len(want) == 0 {
		t.Fatal("the demonstration has none of them")
	}

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	node := exec.CommandContext(ctx, "node", "--input-type=module", "-")
	node.Stdin = strings.NewReader(script)
	node.Env = append(os.Environ(), "FOLLOW="+strings.Replace(at, "TOKEN", strings.TrimSpace(string(token)), 1))
	var said strings.Builder
	node.Stderr = &said
	out, err := node.StdoutPipe()
	must(t, err)
	must(t, node.Start())
	// An event begins on a line of its own; its data may take several.
	begins := regexp.MustCompile(`^(\d+) (\S+-\S+) (\S+\.\S+) \{`)
	scan := bufio.NewScanner(out)
	scan.Buffer(nil, 4<<20)
	n := 0
	for n < len(want) && scan.Scan() {
		got := begins.FindStringSubmatch(scan.Text())
		if got == nil {
			continue
		}
		if e := want[n]; got[1] != fmt.Sprint(e.Position.Commit) || got[2] != e.Stream || got[3] != e.Type {
			t.Fatalf("event %d is %s, want %d %s %s", n, scan.Text(), e.Position.Commit, e.Stream, e.Type)
		}
		n++
	}
	if n < len(want) {
		_ = node.Wait()
		t.Fatalf("it ended behind %d of %d events: %s", n, len(want), said.String())
	}
	// The server is stopped with somebody following, who is told.
	s.stop(t)
	_, _ = io.Copy(io.Discard, out)
	if err := node.Wait(); err == nil || ctx.Err() != nil {
		t.Errorf("the follower ended with %v\n%s", err, said.String())
	}
	if !strings.Contains(said.String(), "subscribe again later") {
		t.Errorf("the follower was not told to come back: %s", said.String())
	}
}

// build makes the program; SUYUAN_BIN names one that is there already.
func build(t *testing.T) string {
	t.Helper()
	if there := os.Getenv("SUYUAN_BIN"); there != "" {
		path, err := filepath.Abs(there)
		must(t, err)
		return path
	}
	path := filepath.Join(t.TempDir(), "suyuan")
	c := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./cmd/suyuan")
	c.Dir = filepath.Join("..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build ./cmd/suyuan: %v\n%s", err, out)
	}
	return path
}

// process is the program at work.
type process struct {
	cmd   *exec.Cmd
	lines chan string // of its standard output, closed at its end

	mu   sync.Mutex
	said strings.Builder
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *process) errors() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

func launch(t *testing.T, program string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p := &process{cmd: exec.CommandContext(ctx, program, args...), lines: make(chan string, 1000)}
	p.cmd.Stderr = p
	out, err := p.cmd.StdoutPipe()
	must(t, err)
	must(t, p.cmd.Start())
	go func() {
		defer close(p.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			p.lines <- scan.Text()
		}
	}()
	t.Cleanup(func() { cancel(); _ = p.cmd.Wait() }) // it has ended, if all went well
	return p
}

// waits reads on to a line and gives the part of it that is meant.
func (p *process) waits(t *testing.T, line *regexp.Regexp) string {
	t.Helper()
	for l := range p.lines {
		if found := line.FindStringSubmatch(l); found != nil {
			return found[1]
		}
	}
	t.Fatalf("it ended without the line %s: %s", line, p.errors())
	return ""
}

func (p *process) stop(t *testing.T) {
	t.Helper()
	must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	for range p.lines {
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("serve ended: %v\n%s", err, p.errors())
	}
}
