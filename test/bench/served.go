package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// served is a program that listens.
type served struct {
	command *exec.Cmd
	address string
	ended   chan error
}

// launch starts a program and waits for the line that tells its address. What
// it logs goes to a file. It is told to stop at the latest when ctx ends.
func (b *bench) launch(ctx context.Context, name string, args ...string) (*served, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = patience
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	log, err := os.CreateTemp(b.work, "log-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the program has its own
	c.Stderr = log
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the terminal's interrupt is for us to pass on
	s := &served{command: c, ended: make(chan error, 1)}
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("%w; 'make build' makes it", err)
	}
	lines := bufio.NewScanner(out)
	for s.address == "" && lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "http://"); ok {
			at, err := url.Parse("http://" + strings.TrimSpace(after))
			if err != nil {
				return nil, errors.Join(err, c.Process.Kill(), c.Wait())
			}
			s.address = at.Host
		}
	}
	if s.address == "" {
		ended := errors.Join(lines.Err(), c.Wait())
		said, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%s ended without an address: %w: %.2000s", c.Path, ended, said)
	}
	s.address = strings.Replace(s.address, "localhost", "127.0.0.1", 1)
	go func() {
		for lines.Scan() { // whatever else it says
		}
		s.ended <- c.Wait()
	}()
	return s, nil
}

// patience is how long a program may take to stop.
const patience = 2 * time.Minute

// stop ends it as a service manager does.
func (s *served) stop() error {
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-s.ended:
		return err
	case <-time.After(patience):
		return errors.Join(fmt.Errorf("%s did not stop in %v", s.command.Path, patience), s.command.Process.Kill(), <-s.ended)
	}
}

// serve starts the program on a ledger.
func (b *bench) serve(ctx context.Context, data string) (*served, error) {
	return b.launch(ctx, b.binary, "serve", "--data", data, "--listen", "127.0.0.1:0")
}

// worked is how many seconds a process has had of the processors.
func worked(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name, which may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("the system tells %q of process %d", text, pid)
	}
	user, err1 := strconv.ParseFloat(fields[11], 64)
	system, err2 := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100, errors.Join(err1, err2) // Linux counts hundredths
}
