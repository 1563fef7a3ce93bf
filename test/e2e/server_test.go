package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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

// A suyuan is the real binary serving the demonstration ledger to this run.
type suyuan struct {
	url  string
	done chan struct{} // closed when the process has ended

	mu      sync.Mutex
	printed []string          // every line so far
	links   map[string]string // role → its link that works once
	report  string            // address of the reporting pages
}

var theServer = sync.OnceValues(startServer)

// server is the portal's address.
func server(t *testing.T) *suyuan {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func startServer() (*suyuan, error) {
	dir, err := os.MkdirTemp("", "suyuan-e2e-")
	if err != nil {
		return nil, err
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	binary, err := buildBinary(dir)
	if err != nil {
		return nil, err
	}
	return start(exec.Command(binary, "serve", "--demo",
		"--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0"))
}

func buildBinary(dir string) (string, error) {
	if path := os.Getenv("SUYUAN_BIN"); path != "" {
		return filepath.Abs(path)
	}
	path := filepath.Join(dir, "suyuan")
	build := exec.Command("go", "build", "-o", path, "./cmd/suyuan")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/suyuan: %w\n%s", err, out)
	}
	return path, nil
}

// start runs a server until stopAll and returns when it is healthy.
func start(cmd *exec.Cmd) (*suyuan, error) {
	output, input := io.Pipe()
	cmd.Stdout, cmd.Stderr = input, input
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &suyuan{done: make(chan struct{}), links: map[string]string{}}
	address := make(chan string, 1)
	heard := make(chan struct{})
	go func() {
		s.read(output, address)
		close(heard)
	}()
	var ended error
	go func() {
		ended = cmd.Wait()
		input.Close()
		<-heard // what it said last tells why it ended
		close(s.done)
	}()
	atEnd(func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended already, which the wait below tells
		select {
		case <-s.done:
			if ended != nil {
				return fmt.Errorf("suyuan serve ended with %w\n%s", ended, s.output())
			}
			return nil
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			<-s.done
			return errors.New("suyuan serve did not end 20 s after SIGTERM")
		}
	})

	limit, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	select {
	case s.url = <-address:
	case <-s.done:
		return nil, fmt.Errorf("suyuan serve ended before it named its portal: %v\n%s", ended, s.output())
	case <-limit.Done():
		return nil, fmt.Errorf("suyuan serve named no portal in time:\n%s", s.output())
	}
	if err := s.healthy(limit); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, s.output())
	}
	return s, nil
}

func (s *suyuan) healthy(limit context.Context) error {
	for {
		request, err := http.NewRequestWithContext(limit, http.MethodGet, s.url+"/healthz", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
			err = errors.New(response.Status)
		}
		select {
		case <-s.done:
			return errors.New("suyuan serve ended before it was healthy")
		case <-limit.Done():
			return fmt.Errorf("suyuan serve was not healthy in time: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// What serve prints for a person, read with some tolerance for its layout:
// a line "portal  URL", and one "sign-in ROLE  URL" for each role.
var (
	portalLine = regexp.MustCompile(`(?i)\bportal\b\W*?(https?://[^\s"'<>]+)`)
	reportLine = regexp.MustCompile(`(?i)^report\W*?(https?://[^\s"'<>]+)`)
	signInLine = regexp.MustCompile(`(?i)\bsign-in\b\W+(\w+)\W*?\s(https?://[^\s"'<>]+)`)
)

func (s *suyuan) read(output io.Reader, address chan<- string) {
	for lines := bufio.NewScanner(output); lines.Scan(); {
		line := lines.Text()
		s.mu.Lock()
		s.printed = append(s.printed, line)
		if m := signInLine.FindStringSubmatch(line); m != nil {
			s.links[m[1]] = m[2]
		} else if m := reportLine.FindStringSubmatch(line); m != nil {
			s.report = strings.TrimRight(m[1], "/")
		} else if m := portalLine.FindStringSubmatch(line); m != nil {
			select {
			case address <- strings.TrimRight(m[1], "/"):
			default: // named once already
			}
		}
		s.mu.Unlock()
	}
	// A line too long for the scanner must not block the process that writes it.
	_, _ = io.Copy(io.Discard, output)
}

func (s *suyuan) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.printed, "\n")
}

// signIn takes a role's link, which works once: ask once per run.
func (s *suyuan) signIn(t *testing.T, role string) string {
	t.Helper()
	for range 100 {
		s.mu.Lock()
		link, ok := s.links[role]
		s.mu.Unlock()
		if ok {
			return link
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("serve printed no sign-in link for a %s:\n%s", role, s.output())
	return ""
}

func TestLines(t *testing.T) {
	s := &suyuan{links: map[string]string{}}
	address := make(chan string, 1)
	s.read(strings.NewReader(`600 mu: county +200
portal   http://127.0.0.1:40123/
sign-in clerk         http://127.0.0.1:40123/sign-in/abc?x=1
  sign-in auditor:  http://127.0.0.1:40123/sign-in/def
`), address)
	if got := <-address; got != "http://127.0.0.1:40123" {
		t.Errorf("portal at %q", got)
	}
	if s.links["clerk"] != "http://127.0.0.1:40123/sign-in/abc?x=1" || s.links["auditor"] != "http://127.0.0.1:40123/sign-in/def" {
		t.Errorf("links %v", s.links)
	}
}

func TestStart(t *testing.T) {
	if _, err := start(exec.Command("sh", "-c", "echo no such flag; exit 2")); err == nil || !strings.Contains(err.Error(), "no such flag") {
		t.Errorf("a server that cannot start is told as %v", err)
	}
	stopMu.Lock()
	stops = stops[:len(stops)-1]
	stopMu.Unlock()
}
