package graphqlhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The server under test, one for the whole run, on the demonstration ledger.
var (
	binary string
	data   string
	url    string // of /graphql
	served *process
)

func TestMain(m *testing.M) {
	status, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "graphqlhttp:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}

func run(m *testing.M) (status int, err error) {
	dir, err := os.MkdirTemp("", "suyuan-graphqlhttp-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	data = filepath.Join(dir, "data")
	if binary, err = build(dir); err != nil {
		return 1, err
	}
	if served, err = launch("serve", "--demo", "--data", data, "--listen", "127.0.0.1:0", "--report-listen", "off"); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, served.stop()) }()
	if err := served.ready(); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// build makes the program; SUYUAN_BIN names one that is there already.
func build(dir string) (string, error) {
	if there := os.Getenv("SUYUAN_BIN"); there != "" {
		return filepath.Abs(there)
	}
	path := filepath.Join(dir, "suyuan")
	c := exec.Command("go", "build", "-o", path, "./cmd/suyuan")
	c.Dir = filepath.Join("..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/suyuan: %w\n%s", err, out)
	}
	return path, nil
}

// A process is `suyuan serve`.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how, then

	mu   sync.Mutex
	said bytes.Buffer
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

func launch(args ...string) (*process, error) {
	p := &process{cmd: exec.Command(binary, args...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

var portalLine = regexp.MustCompile(`(?m)^portal +(http://localhost:\d+)/$`)

// ready waits until the server has printed its address and is healthy.
func (p *process) ready() error {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if p.ended() {
			return fmt.Errorf("serve ended: %w\n%s", p.err, p.output())
		}
		found := portalLine.FindStringSubmatch(p.output())
		if found == nil {
			continue
		}
		url = found[1] + "/graphql"
		if w, err := client.Get(found[1] + "/healthz"); err == nil {
			_ = w.Body.Close()
			if w.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return errors.New("serve did not get ready: " + p.output())
}

// stop ends the server as a person would.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may be gone already, which the wait tells
	select {
	case <-p.done:
		if p.err != nil {
			return fmt.Errorf("serve ended: %w\n%s", p.err, p.output())
		}
		return nil
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
		return errors.New("serve did not end 30 s after SIGTERM")
	}
}

// token is a bearer token for a role of a unit.
func token(t testing.TB, role, unit string) string {
	t.Helper()
	limit, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := []string{"token", "--data", data, "--role", role}
	if unit != "" {
		args = append(args, "--unit", unit)
	}
	out, err := exec.CommandContext(limit, binary, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
