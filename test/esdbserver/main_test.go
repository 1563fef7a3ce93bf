package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// TestMain lets the test's own binary be the server.
func TestMain(m *testing.M) {
	if os.Getenv("ESDBSERVER") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

type server struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	url   string
	said  bytes.Buffer
}

func launch(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(os.Args[0], args...)}
	s.cmd.Env = append(os.Environ(), "ESDBSERVER=1")
	s.cmd.Stderr = &s.said
	stdin, err := s.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.stdin = stdin
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() }) // it has ended, if all went well
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	s.url = strings.TrimSuffix(line, "\n")
	return s
}

// ended waits for it, however it was ended, and gives its exit status, -1
// after a signal.
func (s *server) ended(t *testing.T) int {
	t.Helper()
	late := time.AfterFunc(time.Minute, func() { _ = s.cmd.Process.Kill() })
	defer late.Stop()
	var exit *exec.ExitError
	if err := s.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return s.cmd.ProcessState.ExitCode()
}

func dial(t *testing.T, url string) *esdb.Client {
	t.Helper()
	c, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	c.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func write(t *testing.T, c *esdb.Client, revision int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var expected esdb.ExpectedRevision = esdb.NoStream{}
	if revision > 0 {
		expected = esdb.Revision(uint64(revision - 1))
	}
	if _, err := c.AppendToStream(ctx, "unit-1", esdb.AppendToStreamOptions{ExpectedRevision: expected},
		esdb.EventData{EventID: uuid.UUID{1, byte(revision)}, EventType: "test.happened", Data: []byte(`{}`)}); err != nil {
		t.Fatalf("revision %d: %v", revision, err)
	}
}

// A server that was killed is started again with its folder: what was
// acknowledged is there, and clients of before trust it.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	first := launch(t, "-tls", "-data", dir)
	write(t, dial(t, first.url), 0)
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.ended(t)

	// The client has read the certificate of before the start.
	authority, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	second := launch(t, "-tls", "-data", dir, "-followers", "127.0.0.1:0,127.0.0.1:0")
	if again, err := os.ReadFile(filepath.Join(dir, "ca.pem")); err != nil || !bytes.Equal(again, authority) {
		t.Errorf("another certificate: %v", err)
	}
	if n := strings.Count(second.url, "localhost:"); n != 3 {
		t.Errorf("%s names %d nodes", second.url, n)
	}
	write(t, dial(t, second.url), 1)
	if err := second.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status := second.ended(t); status != 0 {
		t.Errorf("SIGTERM: exit %d\n%s", status, second.said.String())
	}
}

func TestEndsWithItsInput(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := launch(t)
	write(t, dial(t, s.url), 0)
	if err := s.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if status := s.ended(t); status != 0 {
		t.Errorf("exit %d\n%s", status, s.said.String())
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s := launch(t, "-listen", l.Addr().String())
	if status := s.ended(t); status != 1 || s.url != "" || !strings.Contains(s.said.String(), fmt.Sprintf("%s: bind: address already in use", l.Addr())) {
		t.Errorf("exit %d, %q\n%s", status, s.url, s.said.String())
	}
}
