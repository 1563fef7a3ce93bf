package script

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A server is `suyuan serve` on a port of its own.
type server struct {
	cmd      *exec.Cmd
	url      string
	out, err output
	done     chan struct{} // closed when the process has ended
	code     int           // its exit status, then; -1 after a signal that killed it
}

// output is what a process has printed so far.
type output struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.String()
}

const noReports = "SUYUAN_REPORT_LISTEN=off"

const patience = time.Minute // for whatever should take a moment

// launch starts `suyuan serve` and does not wait for it.
func launch(env []string, dir string, args ...string) (*server, error) {
	s := &server{cmd: exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), done: make(chan struct{})}
	s.cmd.Env, s.cmd.Dir = env, dir
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.err
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait() // the exit status says it all
		s.code = s.cmd.ProcessState.ExitCode()
		close(s.done)
	}()
	return s, nil
}

var portalLine = regexp.MustCompile(`(?m)^portal +(https?://localhost:\d+)/$`)

// ready waits until the server has printed its address and says it is healthy.
func (s *server) ready() error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if s.ended() {
			return fmt.Errorf("serve ended with status %d: %s", s.code, s.err.String())
		}
		found := portalLine.FindStringSubmatch(s.out.String())
		if found == nil {
			continue
		}
		s.url = found[1]
		r, err := http.NewRequest(http.MethodGet, s.url+"/healthz", nil)
		if err != nil {
			return err
		}
		if answer, err := client.Do(r); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return errors.New("serve did not get ready: " + s.out.String() + s.err.String())
}

func (s *server) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// end sends a signal and waits for the process to be gone.
func (s *server) end(signal os.Signal) error {
	_ = s.cmd.Process.Signal(signal) // it may be gone already
	select {
	case <-s.done:
		return nil
	case <-time.After(30 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.done
		return fmt.Errorf("serve did not end 30 s after %v", signal)
	}
}

// serve is launch and ready for a test, which ends it.
func serve(t testing.TB, args ...string) *server {
	t.Helper()
	s, err := launch(environment(), t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	return s
}

// stop ends the server as a person would and wants no complaint.
func (s *server) stop(t testing.TB) {
	t.Helper()
	if err := s.end(syscall.SIGTERM); err != nil || s.code != 0 {
		t.Fatalf("%v, exit status %d: %s", err, s.code, s.err.String())
	}
}

// environment is the test's own without what would change the language or
// stand for a flag; servers take no reports, which have tests of their own.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "LC_") && !strings.HasPrefix(v, "LANG") && !strings.HasPrefix(v, "SUYUAN_") {
			env = append(env, v)
		}
	}
	return append(env, noReports)
}

// command runs the binary to its end, which it is made to find in a minute: a
// server that should have refused to start would serve for ever.
func command(t testing.TB, stdin io.Reader, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c := exec.CommandContext(limit, binary, args...)
	c.Stdin, c.Stdout, c.Stderr, c.Env = stdin, &out, &err, environment()
	if failed := c.Run(); failed != nil && c.ProcessState == nil {
		t.Fatal(failed)
	}
	return out.String(), err.String(), c.ProcessState.ExitCode()
}

// tokenFor makes a token by the command line.
func tokenFor(data string, args ...string) (string, error) {
	c := exec.Command(binary, append([]string{"token", "--data", data}, args...)...)
	out, err := c.Output()
	return strings.TrimSpace(string(out)), err
}

func token(t testing.TB, data string, args ...string) string {
	t.Helper()
	text, err := tokenFor(data, args...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
