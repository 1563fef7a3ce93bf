package esdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
	"suyuan/services/store/wire/wiretest"
)

func rule(err error) string {
	e, ok := errors.AsType[*ledger.Error](err)
	if !ok {
		return fmt.Sprint(err)
	}
	return e.Rule
}

// While nothing answers, calls end with an error and subscriptions wait; once
// it is back everything goes on by itself.
func TestDiscoveryExhausted(t *testing.T) {
	server := start(t, wiretest.Config{Bare: true})
	g, url := gated(t, server.URL()+"&maxDiscoverAttempts=2&discoveryInterval=1")
	var said lines
	s := open(t, url, WithLogger(slog.New(slog.NewTextHandler(&said, nil))))
	if _, err := s.Append(t.Context(), "unit-1", ledger.NoStream, record(0)); err != nil {
		t.Fatal(err)
	}
	followed := make(chan ledger.Recorded)
	go func() {
		defer close(followed)
		for e, err := range s.Subscribe(t.Context(), ledger.Position{}) {
			if err != nil {
				t.Error(err)
				return
			}
			if followed <- e; e.Revision == 3 {
				return
			}
		}
	}()
	for round := range 3 {
		if e := <-followed; e.Revision != int64(round) {
			t.Fatalf("round %d: followed revision %d", round, e.Revision)
		}
		g.set("shut")
		if _, err := s.Append(t.Context(), "unit-1", ledger.Exactly(int64(round)), record(round+1)); rule(err) != "store.cluster_unreachable" && rule(err) != "store.outcome_unknown" {
			t.Fatal(err)
		}
		if _, err := s.Append(t.Context(), "unit-1", ledger.Exactly(int64(round)), record(round+1)); rule(err) != "store.cluster_unreachable" {
			t.Fatalf("nothing was sent, and yet: %v", err)
		}
		if s.Outage() == nil {
			t.Error("the outage is not told")
		}
		if _, err := collect(s.All(t.Context(), ledger.Position{}), -1); rule(err) != "store.cluster_unreachable" {
			t.Fatal(err)
		}
		if _, err := collect(s.Stream(t.Context(), "unit-1", 0), -1); rule(err) != "store.cluster_unreachable" {
			t.Fatal(err)
		}
		g.set("open")
		if _, err := s.Append(t.Context(), "unit-1", ledger.Exactly(int64(round)), record(round+1)); err != nil {
			t.Fatal(err)
		}
		if events, err := collect(s.All(t.Context(), ledger.Position{}), -1); err != nil || len(events) != round+2 {
			t.Fatalf("%d events, %v", len(events), err)
		}
	}
	<-followed
	if err := s.Outage(); err != nil {
		t.Error("after the outage:", err)
	}
	if _, open := <-followed; open {
		t.Error("followed something twice")
	}
	if n := said.with("level=ERROR"); n != 0 {
		t.Errorf("%q", said.text)
	}
}

// Discovery that has failed before whoever needs it has looked.
func TestDiscoveryFailsAtOnce(t *testing.T) {
	first := func(s *Store) { s.aside = func(f func()) { f() } }
	_, err := Open(t.Context(), "esdb://127.0.0.1:1?tls=false&discoveryInterval=0&maxDiscoverAttempts=1", quickly, first)
	if rule(err) != "store.cluster_unreachable" {
		t.Error(err)
	}
}

// A follower names a leader that is gone: the client follows the hint, and the
// next call sets off another discovery in it. Both are over with that client.
func TestHintToALeaderThatIsGone(t *testing.T) {
	f := &fake{append: func(n int, in streams.Streams_AppendServer) error {
		if n < 3 {
			return refusal(in, codes.NotFound, "Leader info available", "exception", "not-leader", "leader-endpoint-host", "127.0.0.1", "leader-endpoint-port", "1")
		}
		return takes(in)
	}}
	s := faked(t, f)
	first := s.current
	if _, err := s.Append(t.Context(), "unit-1", 3, record(1)); err != nil {
		t.Fatal(err)
	}
	if s.current == first || first.enter() != nil {
		t.Error("the client is still in use")
	}
}

// The line is there and nothing comes through it.
func TestDeadlineWhileTheServerHangs(t *testing.T) {
	server := start(t, wiretest.Config{})
	g, url := gated(t, server.URL())
	s := open(t, url)
	if _, err := s.Append(t.Context(), "unit-1", ledger.NoStream, record(0)); err != nil {
		t.Fatal(err)
	}
	g.set("stuck")
	defer g.set("open")
	for name, call := range map[string]func(context.Context) error{
		"append": func(ctx context.Context) error { _, err := s.Append(ctx, "unit-1", 0, record(1)); return err },
		"stream": func(ctx context.Context) error { _, err := collect(s.Stream(ctx, "unit-1", 0), -1); return err },
		"all":    func(ctx context.Context) error { _, err := collect(s.All(ctx, ledger.Position{}), -1); return err },
		"subscribe": func(ctx context.Context) error {
			_, err := collect(s.Subscribe(ctx, ledger.Position{}), -1)
			return err
		},
		"empty": func(ctx context.Context) error { _, err := s.Empty(ctx); return err },
		"open":  func(ctx context.Context) error { _, err := Open(ctx, url); return err },
		"open anew": func(ctx context.Context) error {
			_, err := Open(ctx, "esdb://"+silent(t)+"?tls=false&gossipTimeout=60")
			return err
		},
		"open many": func(ctx context.Context) error {
			_, err := Open(ctx, "esdb://"+silent(t)+","+silent(t)+"?tls=false&gossipTimeout=60")
			return err
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		done := make(chan error, 1)
		go func() { done <- call(ctx) }()
		select {
		case err := <-done:
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s: still there after 20 seconds", name)
		}
		cancel()
	}
	g.set("open")
	if _, err := s.Append(t.Context(), "unit-1", 0, record(1)); err != nil {
		t.Error(err)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	plain, secure := start(t, wiretest.Config{}), start(t, wiretest.Config{TLS: true})
	quick := "&maxDiscoverAttempts=1&discoveryInterval=1&gossipTimeout=2"
	at := secure.Addresses()[0]
	_, ca, _ := strings.Cut(secure.URL(), "?")
	for name, c := range map[string]struct{ url, rule string }{
		"wrong password":       {"esdb://admin:" + secret + "@" + at + "?" + ca, "store.cluster_denied"},
		"no password":          {"esdb://" + at + "?" + ca, "store.cluster_denied"},
		"unknown authority":    {"esdb://admin:" + secret + "@" + at + "?tls=true", "store.cluster_certificate"},
		"plain server":         {"esdb://admin:" + secret + "@" + plain.Addresses()[0] + "?tls=true", "store.cluster_certificate"},
		"encrypted server":     {"esdb://" + at + "?tls=false", "store.cluster_unreachable"},
		"nobody there":         {"esdb://127.0.0.1:1?tls=false", "store.cluster_unreachable"},
		"nobody there, many":   {"esdb://127.0.0.1:1,127.0.0.1:1?tls=false", "store.cluster_unreachable"},
		"an old version":       {serve(t, &fake{version: "23.10.4"}), "store.cluster_old"},
		"an unknown version":   {serve(t, &fake{}), "store.cluster_old"},
		"no version in digits": {serve(t, &fake{version: "26.0.0-rc.1"}), "store.cluster_old"},
	} {
		if strings.Contains(c.url, "maxDiscoverAttempts") {
			quick = ""
		} else {
			quick = "&maxDiscoverAttempts=1&discoveryInterval=1&gossipTimeout=2"
		}
		var said lines
		_, err := Open(t.Context(), c.url+quick, quickly, WithLogger(slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		if rule(err) != c.rule {
			t.Errorf("%s: %v (%v), want %s", name, err, errors.Unwrap(err), c.rule)
			continue
		}
		e := ledger.AsError(err)
		host, _, _ := strings.Cut(strings.TrimPrefix(c.url[strings.LastIndexAny(c.url, "@/")+1:], "//"), "?")
		if host, _, _ = strings.Cut(host, ","); !strings.Contains(e.Text.En, host) || !strings.Contains(e.Text.Zh, host) {
			t.Errorf("%s: %s does not name %s", name, e.Text, host)
		}
		if name == "nobody there" && !(strings.Contains(e.Text.En, "connection refused") && strings.Contains(e.Text.Zh, "connection refused")) {
			t.Errorf("%s: %s does not say why", name, e.Text)
		}
		if text := fmt.Sprint(err, e.Text, errors.Unwrap(e), said.text); strings.Contains(text, secret) {
			t.Errorf("%s: %s", name, text)
		}
	}
	for _, url := range []string{secure.URL(), plain.URL(), "esdb+discover://" + plain.Addresses()[0] + "?tls=false", "esdb+discover://" + plain.Addresses()[0] + ",127.0.0.1:1?tls=false&discoveryInterval=1"} {
		s := open(t, url)
		if _, err := s.Append(t.Context(), "unit-"+strings.TrimLeft(url, "esdb+:/"), ledger.NoStream, record(0)); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestOversizeAppendOnTheServer(t *testing.T) {
	s := open(t, start(t, wiretest.Config{}).URL())
	events := make([]ledger.Record, ledger.MaxBatch)
	for i := range events {
		events[i] = record(i)
		events[i].Data = fmt.Appendf(nil, `"%s"`, strings.Repeat("x", 100<<10))
	}
	if _, err := s.Append(t.Context(), "unit-1", ledger.NoStream, events...); !errors.Is(err, ledger.ErrTooLarge) || !strings.Contains(err.Error(), "256 events of 262") {
		t.Errorf("%.300v", err)
	}
	if events, err := collect(s.Stream(t.Context(), "unit-1", 0), -1); err != nil || len(events) != 0 {
		t.Error(len(events), err)
	}
	if _, err := s.Append(t.Context(), "unit-1", ledger.NoStream, events[:8]...); err != nil {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	holding := make(chan struct{}, 1)
	f := &fake{
		last: mixed.last,
		append: func(_ int, in streams.Streams_AppendServer) error {
			holding <- struct{}{}
			<-in.Context().Done()
			return in.Context().Err()
		},
		subscribe: func(_ int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
			return errors.Join(mixed.tell(out, from(in), 9), idles(out))
		},
	}
	s := faked(t, f, func(s *Store) { s.grace = 50 * time.Millisecond })
	ended := make(chan error, 2)
	go func() { _, err := s.Append(t.Context(), "unit-1", 3, record(1)); ended <- err }()
	seen := make(chan struct{}, len(mixed))
	go func() {
		for _, err := range s.Subscribe(t.Context(), ledger.Position{}) {
			if err != nil {
				ended <- err
				return
			}
			seen <- struct{}{}
		}
	}()
	<-holding
	<-seen
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got := []string{rule(<-ended), rule(<-ended)}
	if !(got[0] == "store.closed" && got[1] == "store.outcome_unknown" || got[1] == "store.closed" && got[0] == "store.outcome_unknown") {
		t.Errorf("ended with %v", got)
	}
	_, err := s.Append(t.Context(), "unit-1", 3, record(1))
	_, err2 := collect(s.Stream(t.Context(), "unit-1", 0), -1)
	_, err3 := collect(s.All(t.Context(), ledger.Position{}), -1)
	_, err4 := collect(s.Subscribe(t.Context(), ledger.Position{}), -1)
	_, err5 := s.Empty(t.Context())
	for i, err := range []error{err, err2, err3, err4, err5} {
		if rule(err) != "store.closed" {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// What is under way when the store is closed may finish.
func TestCloseLetsAppendsFinish(t *testing.T) {
	holding, goOn := make(chan struct{}, 1), make(chan struct{})
	s := faked(t, &fake{append: func(_ int, in streams.Streams_AppendServer) error {
		holding <- struct{}{}
		<-goOn
		return takes(in)
	}})
	ended := make(chan error, 1)
	go func() { _, err := s.Append(t.Context(), "unit-1", 3, record(1)); ended <- err }()
	<-holding
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	<-s.open.Done()
	close(goOn)
	if err := errors.Join(<-ended, <-closed); err != nil {
		t.Error(err)
	}
}

func TestMarkDamaged(t *testing.T) {
	server := start(t, wiretest.Config{})
	s := open(t, server.URL())
	if _, err := s.Append(t.Context(), "unit-1", ledger.NoStream, record(0)); err != nil || s.Err() != nil {
		t.Fatal(err, s.Err())
	}
	first := errors.New("the first")
	s.MarkDamaged(first)
	s.MarkDamaged(errors.New("the second"))
	if _, err := s.Append(t.Context(), "unit-1", 0, record(1)); !errors.Is(err, ledger.ErrReadOnly) || !errors.Is(err, first) || s.Err() != first {
		t.Error(err, s.Err())
	}
	if events, err := collect(s.All(t.Context(), ledger.Position{}), -1); err != nil || len(events) != 1 {
		t.Error("reads do not go on", err)
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	server := start(t, wiretest.Config{})
	before := runtime.NumGoroutine()
	for round := range 3 {
		s, err := Open(t.Context(), server.URL(), quickly, func(s *Store) { s.grace = 100 * time.Millisecond })
		if err != nil {
			t.Fatal(err)
		}
		stream := fmt.Sprintf("unit-%d", round)
		for n := range 40 {
			ctx, cancel := context.WithCancel(t.Context())
			if n%5 == 0 {
				server.Cut()
			}
			if n%7 == 3 {
				go cancel()
			}
			if _, err := s.Append(ctx, stream, ledger.Exactly(int64(n)-1), record(n)); err != nil {
				if _, err = s.Append(t.Context(), stream, ledger.Exactly(int64(n)-1), record(n)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := collect(s.Subscribe(t.Context(), ledger.Position{}), 1); err != nil {
				t.Fatal(err)
			}
			if _, err := collect(s.Stream(t.Context(), stream, 0), n/2+1); err != nil {
				t.Fatal(err)
			}
			cancel()
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	settles(t, before)
}
