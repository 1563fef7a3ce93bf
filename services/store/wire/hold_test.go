package wire_test

import (
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// unfinished is a body that announces a message, sends all of it but the end,
// and never goes on.
type unfinished struct {
	left  io.Reader
	sent  sync.Once
	whole *sync.WaitGroup // done once all of it was sent, or nobody wants it
	until <-chan struct{}
}

func newUnfinished(announced, sent int, whole *sync.WaitGroup, until <-chan struct{}) *unfinished {
	head := make([]byte, 5)
	binary.BigEndian.PutUint32(head[1:], uint32(announced))
	whole.Add(1)
	return &unfinished{left: io.MultiReader(strings.NewReader(string(head)), io.LimitReader(zeros{}, int64(sent))), whole: whole, until: until}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func (u *unfinished) Read(p []byte) (int, error) {
	n, err := u.left.Read(p)
	if err == io.EOF {
		u.sent.Do(u.whole.Done)
		<-u.until
	}
	return n, err
}

func (u *unfinished) Close() error {
	u.sent.Do(u.whole.Done)
	return nil
}

// plainHTTP2 speaks to a server without gRPC's own manners, on one connection.
func plainHTTP2(t *testing.T) *http.Transport {
	var p http.Protocols
	p.SetUnencryptedHTTP2(true)
	c := &http.Transport{Protocols: &p}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func post(ctx context.Context, at, method string, body io.ReadCloser) *http.Request {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+at+method, body)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/grpc")
	r.Header.Set("Te", "trailers")
	return r
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // what pools hold goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestNothingHeld: whoever is not admitted is refused before the message is
// there, and nothing of it is kept. It does not run beside others, whose memory
// would count.
func TestNothingHeld(t *testing.T) {
	at := serve(t, newMemory(), wire.Options{Admit: guard})
	client := plainHTTP2(t)
	for _, method := range []string{
		"/event_store.client.streams.Streams/Delete", "/event_store.client.streams.Streams/Append", "/event_store.client.streams.Streams/Read",
		"/event_store.client.gossip.Gossip/Read", "/event_store.client.projections.Projections/Enable",
	} {
		const calls, announced, most = 30, 8<<20 - 1, 40 << 20
		before := heap()
		ctx, cancel := context.WithCancel(within(t))
		var whole, done sync.WaitGroup
		for range calls {
			body := newUnfinished(announced, announced-1, &whole, ctx.Done())
			done.Go(func() {
				defer func() { _ = body.Close() }()
				r, err := client.RoundTrip(post(ctx, at, method, body))
				if err == nil {
					_ = r.Body.Close() // what it says, TestAdmit knows
				}
			})
		}
		whole.Wait()
		if held := heap() - before; held > most {
			t.Errorf("%s: %d calls that nobody admitted hold %d MiB", method, calls, held>>20)
		}
		cancel()
		done.Wait()
	}
}

// TestQuestions: what anybody may ask, one connection asks a few of at once;
// others are answered.
func TestQuestions(t *testing.T) {
	t.Parallel()
	at := serve(t, newMemory(), wire.Options{Admit: guard, RequestWithin: 5 * time.Second})
	const calls = 20
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	client := plainHTTP2(t)
	var whole sync.WaitGroup
	codes := make(chan string, calls)
	for range calls {
		body := newUnfinished(1000, 10, &whole, ctx.Done())
		go func() {
			r, err := client.RoundTrip(post(ctx, at, "/event_store.client.gossip.Gossip/Read", body))
			if err != nil {
				codes <- err.Error()
				return
			}
			_, _ = io.Copy(io.Discard, r.Body) // it ends with the trailers
			codes <- r.Header.Get("Grpc-Status") + r.Trailer.Get("Grpc-Status")
		}()
	}
	if _, err := gossip.NewGossipClient(raw(t, at)).Read(within(t), empty); err != nil {
		t.Errorf("another connection: %v", err)
	}
	got := map[string]int{}
	for range calls {
		got[<-codes]++
	}
	// 8 is ResourceExhausted, 4 that the request did not come in time.
	if got["8"] != calls-4 || got["4"] != 4 {
		t.Errorf("answered with %v", got)
	}
}

// bulky is a log that no window holds.
func bulky(t *testing.T) *memory {
	t.Helper()
	log := newMemory()
	records := make([]ledger.Record, 400)
	for i := range records {
		records[i] = ledger.Record{ID: ledger.EventID("big", "k", i), Type: "unit.registered", Data: []byte(`{"pad":"` + strings.Repeat("p", 20_000) + `"}`), Meta: []byte(`{}`)}
	}
	if _, err := log.Append(t.Context(), "unit-1", ledger.NoStream, records...); err != nil {
		t.Fatal(err)
	}
	return log
}

// stall begins to read and takes one message only.
func stall(t *testing.T, c streams.StreamsClient, who string, in *streams.ReadReq) streams.Streams_ReadClient {
	t.Helper()
	r, err := c.Read(as(within(t), who), in)
	if err == nil {
		_, err = r.Recv()
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ends reads what is left and gives the error behind it.
func ends(r streams.Streams_ReadClient) (n int, err error) {
	for {
		if _, err = r.Recv(); err != nil {
			return n, err
		}
		n++
	}
}

// byName admits every name but those that were withdrawn.
func byName(withdrawn *atomic.Value) func(context.Context, string) (ledger.Actor, error) {
	return func(ctx context.Context, header string) (ledger.Actor, error) {
		if withdrawn.Load() == header {
			return guard(ctx, "bad")
		}
		return ledger.Actor{Account: header, Roles: []ledger.Role{ledger.Auditor}}, nil
	}
}

// TestStalledOutlivesNothing: a reader that takes nothing loses its place when
// its credential ends, and is told.
func TestStalledOutlivesNothing(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]*streams.ReadReq{
		"$all": ask(), "backwards": ask(backwards, atEnd), "a stream": ask(of("unit-1", -1)), "follows": ask(follow), "follows a stream": ask(of("unit-1", -1), follow),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var withdrawn atomic.Value
			at := serve(t, bulky(t), wire.Options{Admit: byName(&withdrawn), AskAgain: 10 * time.Millisecond, MaxSubscriptions: 1, MaxReads: 1})
			r := stall(t, reader(t, at), "first", in)
			other := reader(t, at)
			next := func() error {
				r, err := other.Read(as(within(t), "second"), in)
				if err == nil {
					_, err = r.Recv()
				}
				return err
			}
			if err := next(); !exhausted(err) {
				t.Fatalf("the place is free: %v", err)
			}
			withdrawn.Store("first")
			began := time.Now()
			err := next()
			for ; err != nil && time.Since(began) < generous; err = next() {
				if !exhausted(err) {
					t.Fatal(err)
				}
			}
			if err != nil {
				t.Fatal("the place was never free again")
			}
			if n, err := ends(r); status.Code(err) != codes.Unauthenticated || n >= 399 {
				t.Errorf("after %d more it ended with %v", n, err)
			}
		})
	}
}

// TestPatience: a reader that takes nothing for too long is ended in words, one
// that pauses is not.
func TestPatience(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]*streams.ReadReq{"read": ask(), "follow": ask(follow)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := bulky(t)
			at := serve(t, log, wire.Options{Patience: 200 * time.Millisecond, MaxReads: 1, MaxSubscriptions: 1})
			hasty := stall(t, reader(t, at), "", in)
			patient := stall(t, reader(t, serve(t, log, wire.Options{})), "", in)
			other := reader(t, at)
			free := func() bool { // it has one place, which the stalled reader holds until it is ended
				r, err := other.Read(within(t), in)
				if err == nil {
					_, err = r.Recv()
				}
				return err == nil
			}
			for began := time.Now(); !free(); {
				if time.Since(began) > generous {
					t.Fatal("one that takes nothing is never ended")
				}
			}
			if n, err := ends(hasty); status.Code(err) != codes.Aborted || !strings.Contains(err.Error(), "last position") || n >= 399 {
				t.Errorf("after %d more it ended with %v", n, err)
			}
			for n := range 399 {
				if _, err := patient.Recv(); err != nil {
					t.Fatalf("one that pauses ended after %d more: %v", n, err)
				}
			}
		})
	}
}

// TestSteady: a reader that is slow throughout, so that it is always waited
// for, is not one that takes nothing.
func TestSteady(t *testing.T) {
	t.Parallel()
	r := stall(t, reader(t, serve(t, bulky(t), wire.Options{Patience: 2 * time.Second})), "", ask())
	slow := time.NewTicker(50 * time.Millisecond)
	defer slow.Stop()
	for n := range 399 {
		if n < 100 {
			<-slow.C
		}
		if _, err := r.Recv(); err != nil {
			t.Fatalf("it ended after %d more: %v", n, err)
		}
	}
}

// TestOneAccount does not shut others out.
func TestOneAccount(t *testing.T) {
	t.Parallel()
	var nobody atomic.Value
	for name, in := range map[string]*streams.ReadReq{"read": ask(), "follow": ask(follow)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := reader(t, serve(t, bulky(t), wire.Options{Admit: byName(&nobody), MaxReads: 8, MaxSubscriptions: 8}))
			for _, who := range []string{"first", "second"} {
				stall(t, c, who, in)
				stall(t, c, who, in)
				r, err := c.Read(as(within(t), who), in)
				if err == nil {
					_, err = r.Recv()
				}
				if !exhausted(err) || !strings.Contains(err.Error(), "one account") {
					t.Errorf("a third of %s: %v", who, err)
				}
			}
		})
	}
}

// TestAppendThatNeverComes: an append that is refused anyway takes a place, and
// not for ever.
func TestAppendThatNeverComes(t *testing.T) {
	t.Parallel()
	c := reader(t, serve(t, newMemory(), wire.Options{MaxReads: 1, RequestWithin: 4 * time.Second}))
	a, err := c.Append(within(t))
	if err == nil {
		err = a.Send(&streams.AppendReq{})
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx := within(t)
	for err = nil; err == nil; { // as soon as the server has seen it
		_, err = receive(ctx, c, ask(), false)
	}
	if !exhausted(err) {
		t.Fatal(err)
	}
	if err := a.RecvMsg(&streams.AppendResp{}); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("it ended with %v", err)
	}
	if _, err := receive(within(t), c, ask(), false); err != nil {
		t.Errorf("the place is not free: %v", err)
	}
}
