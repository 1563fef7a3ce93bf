package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// out is a writer that several may use.
type out struct {
	mu sync.Mutex
	b  bytes.Buffer
	n  int
}

func (o *out) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.n++
	return o.b.Write(b)
}

func (o *out) text() (string, int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String(), o.n
}

// No line is lost, bad news goes out at once and takes what came before along,
// and many lines cost few writes.
func TestLines(t *testing.T) {
	var o out
	log, end, err := logging{format: "json", level: "info"}.logger(&o)
	if err != nil {
		t.Fatal(err)
	}
	log.Info("one")
	log.With("a", 1).WithGroup("g").Error("two", "error", errors.New("x"))
	if s, _ := o.text(); strings.Count(s, "\n") != 2 || !strings.Contains(s, "one") || !strings.Contains(s, "two") {
		t.Errorf("after an error: %q", s)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				log.Info("request", slog.String("path", "/"))
			}
		})
	}
	all.Wait()
	end()
	if s, n := o.text(); strings.Count(s, "\n") != 4002 || n > 100 {
		t.Errorf("%d lines in %d writes", strings.Count(s, "\n"), n)
	}
}
