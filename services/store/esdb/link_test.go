package esdb

import (
	"context"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"

	es "github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
)

// silent takes connections and never says a word.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		var held []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				for _, c := range held {
					_ = c.Close()
				}
				return
			}
			held = append(held, c)
		}
	}()
	return l.Addr().String()
}

// settles waits until there are no more goroutines than before.
func settles(t *testing.T, before int) {
	t.Helper()
	for range 400 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines before, %d now:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

// The client dies with its discovery, and whoever else was waiting for it
// waits in vain. They are let go, and nothing of it is left.
func TestCallsStuckInADeadClientAreFreed(t *testing.T) {
	before := runtime.NumGoroutine()
	c, err := parse("esdb://" + silent(t) + "?tls=false&gossipTimeout=1&discoveryInterval=1")
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLink(c.config, es.NoopLogging(), 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	const calls = 8
	ended := make(chan error, calls)
	for range calls {
		go func() {
			_, err := call(t.Context(), l.enter(), func(_ context.Context, c *es.Client) (*es.ServerVersion, error) { return c.GetServerVersion() })
			if err != nil && !errors.Is(err, errStale) {
				l.retire(50 * time.Millisecond)
			}
			ended <- err
		}()
	}
	stuck := 0
	for range calls {
		if err := <-ended; errors.Is(err, errStale) {
			stuck++
		} else if err == nil {
			t.Error("a server was found")
		}
	}
	if stuck != calls-1 {
		t.Errorf("%d calls were stuck, want %d: the client has other habits now", stuck, calls-1)
	}
	settles(t, before+2) // the silent listener, and the connection that it holds
}

// A link is closed when it is retired and nobody uses it any more.
func TestLinkIsClosedWhenUnused(t *testing.T) {
	closed := func(l *link) bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.closed
	}
	late := func(l *link) {
		select {
		case <-l.stale:
		case <-time.After(10 * time.Second): // closed before, and so never late
		}
	}
	for name, c := range map[string]struct {
		steps func(l *link, a, b *hold)
		want  bool
	}{
		"in use":                  {func(l *link, a, b *hold) { l.retire(time.Hour); a.leave() }, false},
		"left":                    {func(l *link, a, b *hold) { l.retire(time.Hour); a.leave(); b.leave() }, true},
		"left before":             {func(l *link, a, b *hold) { a.leave(); b.leave(); l.retire(time.Hour) }, true},
		"left, but not retired":   {func(l *link, a, b *hold) { a.leave(); b.leave() }, false},
		"one abandoned, one left": {func(l *link, a, b *hold) { a.abandon(); l.retire(time.Hour); b.leave() }, false},
		"one left, one abandoned": {func(l *link, a, b *hold) { a.leave(); l.retire(time.Hour); b.abandon() }, false},
		"abandoned and came back": {func(l *link, a, b *hold) { a.abandon(); l.retire(time.Hour); b.leave(); a.leave() }, true},
		"abandoned until late":    {func(l *link, a, b *hold) { a.abandon(); l.retire(0); late(l); b.abandon() }, true},
		"abandoned, then late":    {func(l *link, a, b *hold) { a.abandon(); b.abandon(); l.retire(0); late(l) }, true},
		"abandoned, not yet late": {func(l *link, a, b *hold) { a.abandon(); b.abandon(); l.retire(time.Hour) }, false},
		"late, and one waits":     {func(l *link, a, b *hold) { a.abandon(); l.retire(0); late(l) }, false},
		"one abandoned, one not":  {func(l *link, a, b *hold) { a.abandon(); l.retire(time.Hour) }, false},
		"left twice":              {func(l *link, a, b *hold) { l.retire(time.Hour); a.leave(); a.leave() }, false},
		"abandoned twice":         {func(l *link, a, b *hold) { l.retire(time.Hour); a.abandon(); a.abandon() }, false},
		"abandoned, then left":    {func(l *link, a, b *hold) { l.retire(time.Hour); a.abandon(); a.leave() }, false},
		"left, then abandoned":    {func(l *link, a, b *hold) { l.retire(time.Hour); a.leave(); a.abandon() }, false},
		"retired twice":           {func(l *link, a, b *hold) { l.retire(time.Hour); l.retire(0); a.leave(); b.leave() }, true},
	} {
		l, err := newLink(es.Configuration{Address: "localhost:1", DisableTLS: true}, es.NoopLogging(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		client := l.client
		c.steps(l, l.enter(), l.enter())
		if got := closed(l); got != c.want {
			t.Errorf("%s: closed %v", name, got)
		}
		if _, err := client.GetServerVersion(); c.want && !isClosedClient(err) {
			t.Errorf("%s: the client answers %v", name, err)
		}
		if !c.want {
			_ = client.Close()
		}
		l.mu.Lock()
		if l.letGo != nil {
			l.letGo.Stop()
		}
		l.mu.Unlock()
	}
}

func isClosedClient(err error) bool {
	e, ok := errors.AsType[*es.Error](err)
	return ok && e.Code() == es.ErrorCodeConnectionClosed
}

func TestRetiredLinkTakesNoCalls(t *testing.T) {
	l, err := newLink(es.Configuration{Address: "localhost:1", DisableTLS: true}, es.NoopLogging(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	h := l.enter()
	l.retire(time.Millisecond)
	if l.enter() != nil {
		t.Error("a retired link took a call")
	}
	_, err = call(t.Context(), h, func(ctx context.Context, _ *es.Client) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	if !errors.Is(err, errStale) {
		t.Errorf("who waited on it was told %v", err)
	}
}

func TestGate(t *testing.T) {
	holding, goOn := make(chan struct{}), make(chan struct{})
	f := &fake{append: func(n int, in streams.Streams_AppendServer) error {
		if n == 0 {
			return refusal(in, codes.Unavailable, "gone")
		}
		holding <- struct{}{}
		<-goOn
		return takes(in)
	}}
	s := faked(t, f)
	first := s.current
	h := first.enter()
	inside, out, err := h.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first.gate.TryLock() {
		t.Fatal("a call that has no connection yet is not in the gate")
	}
	if _, ok := inside.Deadline(); ok || !first.gate.TryLock() {
		t.Fatal("a call that has its connection is still in the gate")
	}
	first.gate.Unlock()
	out()
	h.leave()
	ended := make(chan error, 1)
	go func() { _, err := s.Append(t.Context(), "unit-1", 3, record(1)); ended <- err }()
	<-holding
	if _, _, err := h.begin(t.Context()); !errors.Is(err, errStale) {
		t.Errorf("after the failure the gate is open: %v", err)
	}
	if h := s.current.enter(); h == nil || !h.gate.TryLock() {
		t.Error("the client has a call sent, and it is still in the gate")
	} else {
		h.gate.Unlock()
		h.leave()
	}
	close(goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
