package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"suyuan/services/ledger"
)

// fake is a server that does what a test scripts: what no real one would be
// brought to do, or only with luck.
type fake struct {
	streams.UnimplementedStreamsServer
	serverfeatures.UnimplementedServerFeaturesServer
	version string // "" answers as a server that does not know the question
	// scripts; n counts the calls of that kind from 0
	append    func(n int, in streams.Streams_AppendServer) error
	read      func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error // of a stream
	subscribe func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error
	last      func() (ledger.Position, bool) // of $all; nil: empty

	appends, reads, subscriptions atomic.Int64
}

func (f *fake) GetSupportedMethods(ctx context.Context, in *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	if f.version == "" {
		return f.UnimplementedServerFeaturesServer.GetSupportedMethods(ctx, in)
	}
	return &serverfeatures.SupportedMethods{EventStoreServerVersion: f.version}, nil
}

func (f *fake) Append(in streams.Streams_AppendServer) error {
	return f.append(int(f.appends.Add(1)-1), in)
}

func (f *fake) Read(in *streams.ReadReq, out streams.Streams_ReadServer) error {
	md, _ := metadata.FromIncomingContext(out.Context())
	if v := md.Get("requires-leader"); len(v) != 1 || v[0] != "true" {
		return errors.New("the leader was not asked for")
	}
	switch {
	case in.GetOptions().GetSubscription() != nil:
		n := int(f.subscriptions.Add(1) - 1)
		if err := confirm(out, n); err != nil {
			return err
		}
		return f.subscribe(n, in, out)
	case in.GetOptions().GetAll() != nil:
		if f.last == nil {
			return nil
		}
		if p, ok := f.last(); ok {
			return happens(out, "$stats-1", 0, p)
		}
		return nil
	}
	return f.read(int(f.reads.Add(1)-1), in, out)
}

// serve starts a fake and gives its connection string.
func serve(t testing.TB, f *fake) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := grpc.NewServer()
	streams.RegisterStreamsServer(g, f)
	serverfeatures.RegisterServerFeaturesServer(g, f)
	done := make(chan error, 1)
	go func() { done <- g.Serve(l) }()
	t.Cleanup(func() {
		g.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "esdb://" + l.Addr().String() + "?tls=false&discoveryInterval=1&maxDiscoverAttempts=8"
}

func faked(t testing.TB, f *fake, opts ...Option) *Store {
	t.Helper()
	if f.version == "" {
		f.version = "26.0.0"
	}
	return open(t, serve(t, f), opts...)
}

// at is the position of an event of the scripts.
func at(n uint64) ledger.Position { return ledger.Position{Commit: n, Prepare: n} }

func eventResp(stream string, revision int64, p ledger.Position) *streams.ReadResp_Event {
	return &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: p.Commit},
		Event: &streams.ReadResp_ReadEvent_RecordedEvent{
			Id:               &shared.UUID{Value: &shared.UUID_String_{String_: ledger.EventID(stream, "fake", int(revision)).String()}},
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
			StreamRevision:   uint64(revision), CommitPosition: p.Commit, PreparePosition: p.Prepare,
			Metadata: map[string]string{"type": "test.happened", "content-type": "application/json", "created": "17600000000000000"},
			Data:     []byte(`{}`), CustomMetadata: []byte(`{}`),
		},
	}}
}

func happens(out streams.Streams_ReadServer, stream string, revision int64, p ledger.Position) error {
	return out.Send(&streams.ReadResp{Content: eventResp(stream, revision, p)})
}

func confirm(out streams.Streams_ReadServer, n int) error {
	return out.Send(&streams.ReadResp{Content: &streams.ReadResp_Confirmation{Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: fmt.Sprint(n)}}})
}

func checkpointed(out streams.Streams_ReadServer, p ledger.Position) error {
	return out.Send(&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{Checkpoint: &streams.ReadResp_Checkpoint{CommitPosition: p.Commit, PreparePosition: p.Prepare}}})
}

func isCaughtUp(out streams.Streams_ReadServer) error {
	return out.Send(&streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}})
}

func notFound(out streams.Streams_ReadServer, stream string) error {
	return out.Send(&streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}}}})
}

// from is where a subscription was asked to start.
func from(in *streams.ReadReq) uint64 {
	return in.GetOptions().GetAll().GetPosition().GetCommitPosition()
}

// taken reads an append to its end.
func taken(in streams.Streams_AppendServer) (o *streams.AppendReq_Options, events []*streams.AppendReq_ProposedMessage, err error) {
	for {
		m, err := in.Recv()
		if errors.Is(err, io.EOF) {
			return o, events, nil
		}
		if err != nil {
			return o, events, err
		}
		if m.GetOptions() != nil {
			o = m.GetOptions()
		} else {
			events = append(events, m.GetProposedMessage())
		}
	}
}

// succeed answers an append: where it ended, and at which position.
func succeed(in streams.Streams_AppendServer, revision int64, p *ledger.Position) error {
	ok := &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(revision)},
		PositionOption:        &streams.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}},
	}
	if p != nil {
		ok.PositionOption = &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{CommitPosition: p.Commit, PreparePosition: p.Prepare}}
	}
	return in.SendAndClose(&streams.AppendResp{Result: &streams.AppendResp_Success_{Success: ok}})
}

// takes is a script that records every append where it was expected.
func takes(in streams.Streams_AppendServer) error {
	o, events, err := taken(in)
	if err != nil {
		return err
	}
	expected := int64(-1)
	if _, ok := o.GetExpectedStreamRevision().(*streams.AppendReq_Options_Revision); ok {
		expected = int64(o.GetRevision())
	}
	p := at(7)
	return succeed(in, expected+int64(len(events)), &p)
}

// isProbe: the append can never be recorded.
func isProbe(o *streams.AppendReq_Options) bool { return o.GetRevision() == uint64(never) }

func wrongRevision(in streams.Streams_AppendServer) error {
	return in.SendAndClose(&streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: &streams.AppendResp_WrongExpectedVersion{}}})
}

func record(n int) ledger.Record {
	return ledger.Record{ID: ledger.EventID("fake", "k", n), Type: "test.happened", Data: []byte(`{}`), Meta: fmt.Appendf(nil, `{"n":%d}`, n)}
}
