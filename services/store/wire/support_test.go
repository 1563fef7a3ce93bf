package wire_test

import (
	"context"
	"fmt"
	"iter"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/store/wire"
)

// generous is how long anything may take that should not take long.
const generous = 60 * time.Second

// serve serves a log until the test ends and gives the address.
func serve(t testing.TB, log ledger.Log, o wire.Options) string {
	t.Helper()
	_, at := served(t, log, o)
	return at
}

func served(t testing.TB, log ledger.Log, o wire.Options) (*wire.Server, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := wire.New(log, o)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), generous)
		defer cancel()
		s.Stop(ctx)
		if err := <-done; err != nil {
			t.Errorf("Serve ended with %v", err)
		}
	})
	return s, l.Addr().String()
}

// dial is the official client.
func dial(t testing.TB, at string, more ...string) *esdb.Client {
	t.Helper()
	connection := "esdb://" + at + "?tls=false"
	for _, m := range more {
		connection += "&" + m
	}
	return connect(t, connection)
}

func connect(t testing.TB, connection string) *esdb.Client {
	t.Helper()
	c, err := esdb.ParseConnectionString(connection)
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

// raw is the protocol itself.
func raw(t testing.TB, at string) *grpc.ClientConn {
	t.Helper()
	c, err := grpc.NewClient(at, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func reader(t testing.TB, at string) streams.StreamsClient {
	return streams.NewStreamsClient(raw(t, at))
}

// as sends an authorization header along.
func as(ctx context.Context, header string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", header)
}

func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), generous)
	t.Cleanup(cancel)
	return ctx
}

var empty = &shared.Empty{}

// ask is a request for the whole of $all, to be changed.
func ask(change ...func(*streams.ReadReq_Options)) *streams.ReadReq {
	o := &streams.ReadReq_Options{
		StreamOption: &streams.ReadReq_Options_All{All: &streams.ReadReq_Options_AllOptions{AllOption: &streams.ReadReq_Options_AllOptions_Start{Start: empty}}},
		CountOption:  &streams.ReadReq_Options_Count{Count: 1 << 40},
		FilterOption: &streams.ReadReq_Options_NoFilter{NoFilter: empty},
		UuidOption:   &streams.ReadReq_Options_UUIDOption{Content: &streams.ReadReq_Options_UUIDOption_Structured{Structured: empty}},
	}
	for _, c := range change {
		c(o)
	}
	return &streams.ReadReq{Options: o}
}

func backwards(o *streams.ReadReq_Options) { o.ReadDirection = streams.ReadReq_Options_Backwards }
func follow(o *streams.ReadReq_Options) {
	o.CountOption = &streams.ReadReq_Options_Subscription{Subscription: &streams.ReadReq_Options_SubscriptionOptions{}}
}

func count(n uint64) func(*streams.ReadReq_Options) {
	return func(o *streams.ReadReq_Options) { o.CountOption = &streams.ReadReq_Options_Count{Count: n} }
}

func atEnd(o *streams.ReadReq_Options) {
	o.StreamOption = &streams.ReadReq_Options_All{All: &streams.ReadReq_Options_AllOptions{AllOption: &streams.ReadReq_Options_AllOptions_End{End: empty}}}
}

func at(commit, prepare uint64) func(*streams.ReadReq_Options) {
	return func(o *streams.ReadReq_Options) {
		o.StreamOption = &streams.ReadReq_Options_All{All: &streams.ReadReq_Options_AllOptions{AllOption: &streams.ReadReq_Options_AllOptions_Position{
			Position: &streams.ReadReq_Options_Position{CommitPosition: commit, PreparePosition: prepare},
		}}}
	}
}

// of reads one stream: from a revision, or with -1 from its start, -2 its end.
func of(stream string, from int64) func(*streams.ReadReq_Options) {
	return func(o *streams.ReadReq_Options) {
		s := &streams.ReadReq_Options_StreamOptions{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}}
		switch from {
		case -1:
			s.RevisionOption = &streams.ReadReq_Options_StreamOptions_Start{Start: empty}
		case -2:
			s.RevisionOption = &streams.ReadReq_Options_StreamOptions_End{End: empty}
		default:
			s.RevisionOption = &streams.ReadReq_Options_StreamOptions_Revision{Revision: uint64(from)}
		}
		o.StreamOption = &streams.ReadReq_Options_Stream{Stream: s}
	}
}

// memory is a log that is only a ledger.Log: nothing in it reads backwards or
// knows its end, and its positions have gaps and share their commits by two.
type memory struct {
	mu     sync.Mutex
	events []ledger.Recorded
	moved  chan struct{}
	fail   func(ledger.Recorded) error // before an event is handed out; nil: never
}

func newMemory() *memory { return &memory{moved: make(chan struct{})} }

func (m *memory) Append(_ context.Context, stream string, _ ledger.Expect, records ...ledger.Record) (p ledger.Position, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	revision := int64(0)
	for _, e := range m.events {
		if e.Stream == stream {
			revision++
		}
	}
	for _, r := range records {
		n := uint64(len(m.events))
		p = ledger.Position{Commit: 7*(n/2) + 5, Prepare: 7*(n/2) + 3 + n%2, Ordinal: n + 1}
		m.events = append(m.events, ledger.Recorded{Record: r, Stream: stream, Revision: revision, Position: p})
		revision++
	}
	close(m.moved)
	m.moved = make(chan struct{})
	return p, nil
}

func (m *memory) from(want func(ledger.Recorded) bool) ([]ledger.Recorded, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.events), func(e ledger.Recorded) bool { return !want(e) }), m.moved
}

func (m *memory) yield(ctx context.Context, events []ledger.Recorded, yield func(ledger.Recorded, error) bool) bool {
	for _, e := range events {
		err := ctx.Err()
		if err == nil && m.fail != nil {
			err = m.fail(e)
		}
		if err != nil {
			yield(ledger.Recorded{}, err)
			return false
		}
		if !yield(e, nil) {
			return false
		}
	}
	return true
}

func (m *memory) Stream(ctx context.Context, stream string, from int64) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		events, _ := m.from(func(e ledger.Recorded) bool { return e.Stream == stream && e.Revision >= from })
		m.yield(ctx, events, yield)
	}
}

func (m *memory) All(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		events, _ := m.from(func(e ledger.Recorded) bool { return e.Position.After(after) })
		m.yield(ctx, events, yield)
	}
}

func (m *memory) Subscribe(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Recorded, error] {
	return func(yield func(ledger.Recorded, error) bool) {
		for {
			events, moved := m.from(func(e ledger.Recorded) bool { return e.Position.After(after) })
			if !m.yield(ctx, events, yield) {
				return
			}
			if len(events) > 0 {
				after = events[len(events)-1].Position
			}
			select {
			case <-moved:
			case <-ctx.Done():
				yield(ledger.Recorded{}, ctx.Err())
				return
			}
		}
	}
}

func sqliteLog(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// logs are the logs that what is served must not differ by.
var logs = map[string]func(testing.TB) ledger.Log{
	"sqlite": func(t testing.TB) ledger.Log { return sqliteLog(t) },
	"memory": func(testing.TB) ledger.Log { return newMemory() },
}

// writer appends events that are told apart by a number.
type writer struct {
	log  ledger.Log
	next map[string]int64
	made int
}

func newWriter(log ledger.Log) *writer { return &writer{log: log, next: map[string]int64{}} }

func (w *writer) append(t testing.TB, stream, typ string, n int) {
	t.Helper()
	records := make([]ledger.Record, n)
	for i := range records {
		w.made++
		records[i] = ledger.Record{
			ID: ledger.EventID("wire", stream, w.made), Type: typ,
			Data: fmt.Appendf(nil, `{"n":%d}`, w.made),
			Meta: fmt.Appendf(nil, `{"name":"x","recorded":"2026-03-04T05:06:%02d.%03dZ"}`, w.made%60, w.made%1000),
		}
	}
	if _, err := w.log.Append(t.Context(), stream, ledger.Exactly(w.next[stream]-1), records...); err != nil {
		t.Fatal(err)
	}
	w.next[stream] += int64(n)
}

// all is what the log holds.
func all(t testing.TB, log ledger.Log) (events []ledger.Recorded) {
	t.Helper()
	for e, err := range log.All(t.Context(), ledger.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}
