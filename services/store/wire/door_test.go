package wire_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/projections"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// journal is what a server wrote down.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// guard admits the header "good" and refuses in the words of its own.
func guard(_ context.Context, header string) (ledger.Actor, error) {
	switch header {
	case "good":
		return ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Auditor}}, nil
	case "clerk":
		return ledger.Actor{}, ledger.Errorf(ledger.Forbidden, "wire.auditors", "只供审计员读取。", "Auditors only.")
	case "broken":
		return ledger.Actor{}, errors.New("the key file at /secret/place is gone")
	}
	return ledger.Actor{}, ledger.Errorf(ledger.Unauthenticated, "wire.credentials", "用户名或口令不对。", "The user name or the password is wrong.")
}

// TestAdmit asks every method that is not open, with every credential.
func TestAdmit(t *testing.T) {
	t.Parallel()
	log := newMemory()
	newWriter(log).append(t, "unit-1", "unit.registered", 1)
	var written journal
	conn := raw(t, serve(t, log, wire.Options{Admit: guard, Log: written.logger()}))
	c := streams.NewStreamsClient(conn)
	calls := map[string]func(context.Context) error{
		"read": func(ctx context.Context) error { _, err := receive(ctx, c, ask(), false); return err },
		"stream": func(ctx context.Context) error {
			_, err := receive(ctx, c, ask(of("unit-1", -1), backwards), false)
			return err
		},
		"follow": func(ctx context.Context) error {
			r, err := c.Read(ctx, ask(follow))
			if err == nil {
				_, err = r.Recv()
			}
			return err
		},
		"append": func(ctx context.Context) error {
			r, err := c.Append(ctx)
			if err == nil {
				_, err = r.CloseAndRecv()
			}
			return err
		},
		"delete": func(ctx context.Context) error { _, err := c.Delete(ctx, &streams.DeleteReq{}); return err },
		"projections": func(ctx context.Context) error {
			_, err := projections.NewProjectionsClient(conn).Enable(ctx, &projections.EnableReq{})
			return err
		},
	}
	for name, call := range calls {
		good := map[string]codes.Code{"append": codes.PermissionDenied, "delete": codes.PermissionDenied, "projections": codes.Unimplemented}[name]
		for header, want := range map[string]codes.Code{"": codes.Unauthenticated, "bad": codes.Unauthenticated, "clerk": codes.PermissionDenied, "broken": codes.Internal, "good": good} {
			ctx := within(t)
			if header != "" {
				ctx = as(ctx, header)
			}
			err := call(ctx)
			if status.Code(err) != want {
				t.Errorf("%s as %q: %v, want %v", name, header, err, want)
			}
			if m := status.Convert(err).Message(); strings.Contains(m, "secret") || header == "clerk" && !strings.Contains(m, "Auditors only.") {
				t.Errorf("%s as %q is told %q", name, header, m)
			}
		}
	}
	if text := written.String(); !strings.Contains(text, "/secret/place") || strings.Contains(text, "127.0.0.1") {
		t.Errorf("written down: %s", text)
	}
	if _, err := serverfeatures.NewServerFeaturesClient(conn).GetSupportedMethods(within(t), empty); err != nil {
		t.Errorf("features are for everybody: %v", err)
	}
	if _, err := gossip.NewGossipClient(conn).Read(within(t), empty); err != nil {
		t.Errorf("gossip is for everybody: %v", err)
	}
}

// TestAskedAgain: a subscription ends when its credential no longer admits, or
// admits somebody else, and not when that cannot be told.
func TestAskedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		later func() (ledger.Actor, error)
		want  codes.Code
	}{
		"withdrawn":  {func() (ledger.Actor, error) { return guard(context.Background(), "bad") }, codes.Unauthenticated},
		"no auditor": {func() (ledger.Actor, error) { return guard(context.Background(), "clerk") }, codes.PermissionDenied},
		"another unit": {func() (ledger.Actor, error) {
			return ledger.Actor{Account: "a", Unit: "u", Roles: []ledger.Role{ledger.Auditor}}, nil
		}, codes.Unauthenticated},
		"not known":  {func() (ledger.Actor, error) { return guard(context.Background(), "broken") }, codes.OK},
		"still good": {func() (ledger.Actor, error) { return guard(context.Background(), "good") }, codes.OK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := newMemory()
			var asked atomic.Int32
			often := make(chan struct{})
			client := reader(t, serve(t, log, wire.Options{AskAgain: time.Millisecond, Admit: func(ctx context.Context, header string) (ledger.Actor, error) {
				switch n := asked.Add(1); {
				case n == 10:
					close(often)
					return c.later()
				case n > 3:
					return c.later()
				}
				return guard(ctx, header)
			}}))
			r, err := client.Read(as(within(t), "good"), ask(follow))
			for range 2 { // confirmed, caught up
				if err == nil {
					_, err = r.Recv()
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.want == codes.OK {
				<-often
				newWriter(log).append(t, "unit-1", "unit.registered", 1)
			}
			if _, err = r.Recv(); status.Code(err) != c.want || strings.Contains(status.Convert(err).Message(), "secret") {
				t.Errorf("it ended with %v, want %v", err, c.want)
			}
		})
	}
}

// TestRefused holds what would write, and what only a cluster has, to saying
// what to do instead.
func TestRefused(t *testing.T) {
	t.Parallel()
	log := newMemory()
	newWriter(log).append(t, "unit-1", "unit.registered", 1)
	at := serve(t, log, wire.Options{})
	conn := raw(t, at)
	c := streams.NewStreamsClient(conn)
	batch, err := c.BatchAppend(within(t))
	if err == nil {
		_, err = batch.Recv()
	}
	refused := map[string]struct {
		err  error
		code codes.Code
		says string
	}{"batch append": {err, codes.PermissionDenied, "own commands"}}
	add := func(name string, err error, code codes.Code, says string) {
		refused[name] = struct {
			err  error
			code codes.Code
			says string
		}{err, code, says}
	}
	_, err = c.Delete(within(t), &streams.DeleteReq{})
	add("delete", err, codes.PermissionDenied, "Nothing is deleted")
	_, err = c.Tombstone(within(t), &streams.TombstoneReq{})
	add("tombstone", err, codes.PermissionDenied, "Nothing is deleted")
	_, err = persistent.NewPersistentSubscriptionsClient(conn).Create(within(t), &persistent.CreateReq{})
	add("persistent subscriptions", err, codes.Unimplemented, "catch-up subscription")
	_, err = projections.NewProjectionsClient(conn).Enable(within(t), &projections.EnableReq{})
	add("projections", err, codes.Unimplemented, "GraphQL")
	for method, says := range map[string]string{
		"/event_store.client.users.Users/Create":           "identity provider",
		"/event_store.client.operations.Operations/Merge":  "suyuan command",
		"/event_store.client.monitoring.Monitoring/Stats":  "/metrics",
		"/event_store.client.streams.Streams/Rewrite":      "reading only",
		"/event_store.cluster.Elections/ViewChange":        "reading only",
		"/grpc.reflection.v1.ServerReflection/ServerStats": "reading only",
	} {
		add(method, conn.Invoke(within(t), method, empty, empty), codes.Unimplemented, says)
	}
	for name, r := range refused {
		if s := status.Convert(r.err); s.Code() != r.code || !strings.Contains(s.Message(), r.says) || !strings.ContainsAny(s.Message(), "账本这里") {
			t.Errorf("%s: %v", name, r.err)
		}
	}
	official := dial(t, at)
	for name, call := range map[string]func() error{
		"append": func() error {
			_, err := official.AppendToStream(within(t), "unit-1", esdb.AppendToStreamOptions{}, esdb.EventData{EventType: "x", Data: []byte("{}")})
			return err
		},
		"5 MiB": func() error {
			_, err := official.AppendToStream(within(t), "unit-1", esdb.AppendToStreamOptions{}, esdb.EventData{EventType: "x", Data: make([]byte, 5<<20)})
			return err
		},
		"many": func() error {
			events := slices.Repeat([]esdb.EventData{{EventType: "x", Data: make([]byte, 1000)}}, 1000)
			_, err := official.AppendToStream(within(t), "unit-1", esdb.AppendToStreamOptions{}, events...)
			return err
		},
		"metadata": func() error {
			_, err := official.SetStreamMetadata(within(t), "unit-1", esdb.AppendToStreamOptions{}, esdb.StreamMetadata{})
			return err
		},
		"delete": func() error {
			_, err := official.DeleteStream(within(t), "unit-1", esdb.DeleteStreamOptions{})
			return err
		},
		"tombstone": func() error {
			_, err := official.TombstoneStream(within(t), "unit-1", esdb.TombstoneStreamOptions{})
			return err
		},
	} {
		err := call()
		if name == "5 MiB" && strings.Contains(err.Error(), "received message larger than max") {
			continue // the client hears what is wrong first
		}
		if code(err) != esdb.ErrorCodeAccessDenied && !strings.Contains(err.Error(), "PermissionDenied") {
			t.Errorf("the client's %s: %v", name, err)
		}
	}
	if n := len(all(t, log)); n != 1 {
		t.Errorf("the log has %d events", n)
	}
}

// TestLogFails: what the log answers reaches the reader as a code and in
// words that hold nothing of ours, and the next call is served.
func TestLogFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err     error
		panics  bool
		want    codes.Code
		says    string
		written string
	}{
		"damaged":   {&ledger.Damage{Ordinal: 3, Why: "hash of unit-1"}, false, codes.DataLoss, "ordinal 3", "hash of unit-1"},
		"closed":    {ledger.Errorf(ledger.Unavailable, "store.closed", "账本已经关闭。", "The ledger has been closed."), false, codes.Unavailable, "has been closed", ""},
		"a fault":   {errors.New("open /var/lib/ledger.db: disk"), false, codes.Internal, "on our side", "/var/lib"},
		"a panic":   {errors.New("nil map in /var/lib"), true, codes.Internal, "on our side", "nil map in"},
		"a timeout": {context.DeadlineExceeded, false, codes.DeadlineExceeded, "deadline", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := newMemory()
			newWriter(log).append(t, "unit-1", "unit.registered", 5)
			log.fail = func(e ledger.Recorded) error {
				if e.Revision < 2 {
					return nil
				}
				if c.panics {
					panic(c.err)
				}
				return c.err
			}
			var written journal
			client := reader(t, serve(t, log, wire.Options{Log: written.logger()}))
			for _, in := range []*streams.ReadReq{ask(), ask(of("unit-1", -1)), ask(backwards, atEnd), ask(of("unit-1", -2), backwards), ask(follow), ask(of("unit-1", -1), follow)} {
				_, err := receive(within(t), client, in, false)
				if s := status.Convert(err); s.Code() != c.want || !strings.Contains(s.Message(), c.says) || strings.Contains(s.Message(), "/var/lib") {
					t.Errorf("%v: %v", in.Options.StreamOption, err)
				}
			}
			if text := written.String(); !strings.Contains(text, c.written) || c.written == "" && text != "" || strings.Contains(text, "127.0.0.1") {
				t.Errorf("written down: %s", text)
			}
			if got, err := receive(within(t), client, ask(count(2)), false); err != nil || len(got) != 2 {
				t.Errorf("the next call: %v, %q", err, got)
			}
		})
	}
}

// TestLeft: a reader that goes away is no fault of ours, and nothing is
// written down.
func TestLeft(t *testing.T) {
	t.Parallel()
	for name, open := range logs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var written journal
			log := open(t)
			newWriter(log).append(t, "unit-1", "unit.registered", 20)
			s, at := served(t, log, wire.Options{Log: written.logger(), Admit: guard})
			c := reader(t, at)
			for _, in := range []*streams.ReadReq{ask(follow), ask(of("unit-1", -1), follow), ask()} {
				ctx, cancel := context.WithCancel(as(t.Context(), "good"))
				r, err := c.Read(ctx, in)
				if err == nil {
					_, err = r.Recv()
				}
				if err != nil {
					t.Fatal(err)
				}
				cancel()
			}
			s.Stop(within(t)) // once all have ended
			if text := written.String(); text != "" {
				t.Errorf("written down: %s", text)
			}
		})
	}
}
