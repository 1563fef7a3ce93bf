package main

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// lines gathers the lines of a busy log and writes many at a time. What is
// worse than information goes out at once, with everything before it.
type lines struct {
	mu   sync.Mutex
	to   io.Writer
	kept []byte
	end  chan struct{}
	over sync.WaitGroup
}

const (
	mostKept  = 64 << 10
	keptAtAll = 100 * time.Millisecond
)

func newLines(to io.Writer) *lines {
	l := &lines{to: to, end: make(chan struct{})}
	l.over.Go(func() {
		tick := time.NewTicker(keptAtAll)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				l.flush()
			case <-l.end:
				l.flush()
				return
			}
		}
	})
	return l
}

// Write keeps a line.
func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, line...)
	if len(l.kept) >= mostKept {
		return len(line), l.write()
	}
	return len(line), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.write() // there is nowhere to complain about the log itself
}

func (l *lines) write() error {
	if len(l.kept) == 0 {
		return nil
	}
	_, err := l.to.Write(l.kept)
	l.kept = l.kept[:0]
	return err
}

// close writes what is kept; a line that comes later still goes out with the
// next that is worse than information, or not at all.
func (l *lines) close() {
	close(l.end)
	l.over.Wait()
}

// prompt is a handler whose bad news does not wait.
type prompt struct {
	slog.Handler
	lines *lines
}

func (p prompt) Handle(ctx context.Context, r slog.Record) error {
	err := p.Handler.Handle(ctx, r)
	if r.Level > slog.LevelInfo {
		p.lines.flush()
	}
	return err
}

func (p prompt) WithAttrs(attrs []slog.Attr) slog.Handler {
	return prompt{p.Handler.WithAttrs(attrs), p.lines}
}

func (p prompt) WithGroup(name string) slog.Handler {
	return prompt{p.Handler.WithGroup(name), p.lines}
}
