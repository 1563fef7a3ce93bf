package main

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A program that never says where it listens is told to stop when nobody
// waits any more, and one that ends early is told of.
func TestLaunch(t *testing.T) {
	b := &bench{work: t.TempDir()}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := b.launch(ctx, "sleep", "60"); err == nil || time.Since(began) > 30*time.Second {
		t.Errorf("it went on for %v: %v", time.Since(began), err)
	}
	if _, err := b.launch(t.Context(), "sh", "-c", "echo wrong flag >&2; exit 3"); err == nil || !strings.Contains(err.Error(), "wrong flag") {
		t.Errorf("what it said is not told: %v", err)
	}
	if _, err := b.launch(t.Context(), "./no-such-program"); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("no program: %v", err)
	}
}

// A program that listens is stopped, and nothing of it stays.
func TestStop(t *testing.T) {
	b := &bench{work: t.TempDir()}
	s, err := b.launch(t.Context(), "sh", "-c", "echo portal http://localhost:1/; exec sleep 60")
	if err != nil || s.address != "127.0.0.1:1" {
		t.Fatalf("%+v, %v", s, err)
	}
	if cpu, err := worked(s.command.Process.Pid); err != nil || cpu > 10 {
		t.Errorf("it worked for %v s: %v", cpu, err)
	}
	bytes, err := resident(s.command.Process.Pid)
	for end := time.Now().Add(10 * time.Second); err == nil && bytes < 1<<16 && time.Now().Before(end); bytes, err = resident(s.command.Process.Pid) {
		time.Sleep(time.Millisecond) // the shell may just be turning into sleep
	}
	if err != nil || bytes < 1<<16 {
		t.Errorf("it takes %d bytes: %v", bytes, err)
	}
	_ = s.stop() // by a signal, which sleep does not take for a good end
	if err := syscall.Kill(s.command.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("it is still there: %v", err)
	}
}
