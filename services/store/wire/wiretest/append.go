package wiretest

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// service is the Streams service of one node: the wire face's reads, and
// appends.
type service struct {
	*wire.Streams
	of   *Server
	node int
}

// Read refuses at a follower only what asks for the leader.
func (s *service) Read(r *streams.ReadReq, stream streams.Streams_ReadServer) error {
	md, _ := metadata.FromIncomingContext(stream.Context())
	if v := md.Get("requires-leader"); len(v) > 0 && v[0] == "true" {
		if err := s.of.leads(stream.Context(), s.node); err != nil {
			return err
		}
	}
	return s.Streams.Read(r, stream)
}

// Append takes one append in and answers it.
func (s *service) Append(stream streams.Streams_AppendServer) error {
	p, err := s.receive(stream)
	if err != nil {
		return err
	}
	ctx := stream.Context()
	if err := s.of.leads(ctx, s.node); err != nil {
		return err
	}
	if r := s.of.faults.instead(); r != nil {
		stream.SetTrailer(r.trailer)
		return r.status.Err()
	}
	answer, err := s.of.append(ctx, p)
	if err != nil {
		return err
	}
	return stream.SendAndClose(answer)
}

// receive takes the options and the events in. What is wrong with them is said
// once the client has sent everything.
func (s *service) receive(stream streams.Streams_AppendServer) (*proposal, error) {
	first, err := stream.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	p, refused := propose(first.GetOptions())
	bytes := 0
	m := &message{}
	for n := 0; !errors.Is(err, io.EOF); n++ {
		if err = stream.RecvMsg(m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if s.of.faults.breaksAt(n) {
			return nil, status.Errorf(codes.Unavailable, "as ordered: broken off before event %d", n)
		}
		if bytes += m.size(); refused == nil {
			refused = m.into(p)
		}
		if n >= wire.RefusedMessages || bytes > wire.RefusedBytes {
			break
		}
	}
	if refused != nil {
		stream.SetTrailer(refused.trailer)
		return nil, refused.status.Err()
	}
	return p, nil
}

// leads answers nil at the leader; elsewhere it says who leads, in the
// trailers that clients follow.
func (s *Server) leads(ctx context.Context, number int) error {
	leader := int(s.leader.Load())
	if number == leader {
		return nil
	}
	at := s.Addresses()[leader]
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return err
	}
	if err := grpc.SetTrailer(ctx, metadata.Pairs("exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port)); err != nil {
		return err
	}
	return status.Errorf(codes.NotFound, "this node follows, the leader is at %s", at)
}

// append writes, finds a repeat, or says that the stream has moved on.
func (s *Server) append(ctx context.Context, p *proposal) (*streams.AppendResp, error) {
	log := s.Store()
	var r result
	var err error
	if p.weak() {
		s.weak.Lock()
		defer s.weak.Unlock()
		r, err = p.follow(ctx, log)
	} else {
		r, err = p.place(ctx, log)
	}
	switch {
	case errors.Is(err, ledger.ErrWrongRevision):
		at, err := end(ctx, log, p.stream)
		if err != nil {
			return nil, err
		}
		return p.wrong(at), nil
	case errors.Is(err, ledger.ErrTooLarge):
		return nil, status.Errorf(codes.InvalidArgument, "超出账本的上限：一次最多 %d 条，每条数据与元数据合计最多 %d 字节，名称最多 %d 字节。 / Over the ledger's bounds: at most %d events at once, at most %d bytes of data and metadata an event, at most %d bytes a name (%v).",
			ledger.MaxBatch, ledger.MaxEvent, ledger.MaxNameLen, ledger.MaxBatch, ledger.MaxEvent, ledger.MaxNameLen, err)
	case err != nil:
		return nil, err
	}
	if r.wrote && s.faults.afterwards() {
		return nil, status.Error(codes.Unavailable, "as ordered: persisted and reported as failed")
	}
	return r.success(), nil
}

// result is where an append, or the one it repeats, ended.
type result struct {
	revision int64 // of the last event; -1: the stream does not exist
	position *ledger.Position
	wrote    bool
}

func (r result) success() *streams.AppendResp {
	ok := &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.revision)},
		PositionOption:        &streams.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}},
	}
	if r.revision < 0 {
		ok.CurrentRevisionOption = &streams.AppendResp_Success_NoStream{NoStream: &shared.Empty{}}
	}
	if p := r.position; p != nil {
		ok.PositionOption = &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{CommitPosition: p.Commit, PreparePosition: p.Prepare}}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: ok}}
}

// wrong says what was expected and where the stream ends, in the fields of
// today's clients and in those from before 20.6.1.
func (p *proposal) wrong(at int64) *streams.AppendResp {
	w := &streams.AppendResp_WrongExpectedVersion{
		CurrentRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: uint64(at)},
		CurrentRevisionOption:        &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(at)},
	}
	if at < 0 {
		w.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: &shared.Empty{}}
		w.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &shared.Empty{}}
	}
	switch e := p.expect.(type) {
	case *streams.AppendReq_Options_Any:
		w.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: &shared.Empty{}}
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: &shared.Empty{}}
	case *streams.AppendReq_Options_StreamExists:
		w.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: &shared.Empty{}}
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: &shared.Empty{}}
	case *streams.AppendReq_Options_NoStream:
		w.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: 1<<64 - 1}
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: &shared.Empty{}}
	case *streams.AppendReq_Options_Revision:
		w.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: e.Revision}
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: e.Revision}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: w}}
}

func refuse(code codes.Code, message string, trailers ...string) *refusal {
	return &refusal{status.New(code, message), metadata.Pairs(trailers...)}
}

func tooLarge() *refusal {
	limit := strconv.Itoa(MaxAppend)
	return refuse(codes.InvalidArgument, "Maximum Append Size of "+limit+" Exceeded.", "exception", "maximum-append-size-exceeded", "maximum-append-size", limit)
}
