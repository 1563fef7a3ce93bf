package wire_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

const silence = 90 * time.Second

// TestIdle: subscriptions of the official client, which pings every 10
// seconds, live through a silence and get what then comes, while one to the
// same service behind gRPC's default enforcement does not: the test would
// notice. A connection that no longer answers is closed meanwhile.
func TestIdle(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for 90 seconds")
	}
	t.Parallel()
	log := newMemory()
	var reading *wire.Streams
	at := serve(t, log, wire.Options{Streams: func(s *wire.Streams) streams.StreamsServer { reading = s; return s }})
	strict := grpc.NewServer()
	streams.RegisterStreamsServer(strict, reading)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = strict.Serve(l) }()
	t.Cleanup(strict.Stop)

	caughtUp := func(s *esdb.Subscription, err error) *esdb.Subscription {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if m := s.Recv(); m.CaughtUp == nil {
			t.Fatalf("it is not caught up: %s", event(m))
		}
		return s
	}
	c := dial(t, at)
	ctx := t.Context()
	living := []*esdb.Subscription{
		caughtUp(c.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.End{}})),
		caughtUp(c.SubscribeToStream(ctx, "unit-1", esdb.SubscribeToStreamOptions{From: esdb.Start{}})),
		caughtUp(dial(t, at, "keepAliveInterval=30000").SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.Start{}})),
	}
	dying := caughtUp(dial(t, l.Addr().String()).SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.Start{}}))
	gone, err := net.Dial("tcp", at)
	if err == nil {
		_, err = io.WriteString(gone, preface)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = gone.Close() }()

	over := time.After(silence)
	died, closed := make(chan *esdb.SubscriptionEvent, 1), make(chan error, 1)
	go func() { died <- dying.Recv() }()
	go func() {
		_ = gone.SetReadDeadline(time.Now().Add(silence))
		_, err := io.Copy(io.Discard, gone)
		closed <- err
	}()
	<-over
	newWriter(log).append(t, "unit-1", "unit.registered", 1)
	for i, s := range living {
		if m := s.Recv(); m.EventAppeared == nil {
			t.Errorf("after %v of silence subscription %d got %s", silence, i, event(m))
		}
	}
	if m := <-died; m.SubscriptionDropped == nil || !strings.Contains(event(m), "too_many_pings") && !strings.Contains(event(m), "ENHANCE_YOUR_CALM") && !strings.Contains(event(m), "closing") {
		t.Errorf("behind the default enforcement it got %s", event(m))
	}
	if err := <-closed; err != nil {
		t.Errorf("a connection that never answers was still open after %v: %v", silence, err)
	}
}

// TestPings: a client with nothing open that pings, as all do, is not sent
// away for it.
func TestPings(t *testing.T) {
	t.Parallel()
	c, err := net.Dial("tcp", serve(t, newMemory(), wire.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(generous))
	if _, err := io.WriteString(c, preface+"\x00\x00\x00\x04\x01\x00\x00\x00\x00"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		time.Sleep(pace)
		if _, err := io.WriteString(c, "\x00\x00\x08\x06\x00\x00\x00\x00\x00pingping"); err != nil {
			t.Fatal(err)
		}
		for answered := false; !answered; {
			head := make([]byte, 9)
			if _, err := io.ReadFull(c, head); err != nil {
				t.Fatal(err)
			}
			if _, err := io.CopyN(io.Discard, c, int64(head[1])<<8|int64(head[2])); err != nil {
				t.Fatal(err)
			}
			if head[3] == 0x7 {
				t.Fatal("it was sent away")
			}
			answered = head[3] == 0x6 && head[4]&1 == 1
		}
	}
}

// pace is a little slower than what is allowed.
const pace = 1100 * time.Millisecond

// TestSlow: subscribers that stop reading while more is appended than any
// buffer holds get all of it, once, in order.
func TestSlow(t *testing.T) {
	t.Parallel()
	const many, each = 20_000, 200
	log := sqliteLog(t)
	c := dial(t, serve(t, log, wire.Options{}))
	var subs []*esdb.Subscription
	add := func(s *esdb.Subscription, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if m := s.Recv(); m.CaughtUp == nil {
			t.Fatalf("it is not caught up: %s", event(m))
		}
		subs = append(subs, s)
	}
	add(c.SubscribeToAll(t.Context(), esdb.SubscribeToAllOptions{From: esdb.Start{}}))
	add(c.SubscribeToStream(t.Context(), "unit-1", esdb.SubscribeToStreamOptions{From: esdb.Start{}}))
	add(c.SubscribeToAll(t.Context(), esdb.SubscribeToAllOptions{From: esdb.Start{}, CheckpointInterval: 10, Filter: &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "registered$"}}))
	pad := strings.Repeat("p", 1000)
	for n := 0; n < many; n += each {
		records := make([]ledger.Record, each)
		for i := range records {
			records[i] = ledger.Record{ID: ledger.EventID("slow", "k", n+i), Type: "unit.registered", Data: []byte(`{"pad":"` + pad + `"}`), Meta: []byte(`{"name":"x"}`)}
		}
		if _, err := log.Append(t.Context(), "unit-1", ledger.Exactly(int64(n)-1), records...); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range subs {
		for n := uint64(0); n < many; {
			m := s.Recv()
			switch {
			case m.EventAppeared != nil && m.EventAppeared.Event.EventNumber == n:
				n++
			case m.CheckPointReached != nil && i == 2 && m.CheckPointReached.Commit == n:
			default:
				t.Fatalf("subscription %d got %s where %d was due", i, event(m), n)
			}
		}
	}
}
