package wiretest

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
	"suyuan/services/store/wire"
)

// MaxAppend bounds the events of one append together, in bytes as
// ledger.Record.SizeOnCluster counts them. It is the default of servers up to
// 24.10.
const MaxAppend = 1 << 20

// proposal is one append as it came over the wire.
type proposal struct {
	stream string
	expect any // one of the oneof types of AppendReq.Options.expected_stream_revision
	events []ledger.Record
	size   int
}

func propose(o *streams.AppendReq_Options) (*proposal, *refusal) {
	p := &proposal{stream: string(o.GetStreamIdentifier().GetStreamName()), expect: o.GetExpectedStreamRevision()}
	switch {
	case o == nil:
		return p, refuse(codes.InvalidArgument, "an append begins with its options")
	case p.stream == "":
		return p, refuse(codes.InvalidArgument, "an append names its stream")
	case p.expect == nil:
		return p, refuse(codes.InvalidArgument, "an append says which revision it expects")
	case p.stream == "$all":
		return p, refuse(codes.PermissionDenied, "$all is only read")
	case strings.HasPrefix(p.stream, "$$"):
		return p, refuse(codes.PermissionDenied, "流的元数据不可写：账本里没有任何内容会到期或被删除。 / A stream's metadata is not written: nothing in the ledger expires or is deleted.")
	}
	return p, nil
}

// take adds an event.
func (p *proposal) take(m *streams.AppendReq_ProposedMessage) *refusal {
	if m == nil {
		return refuse(codes.InvalidArgument, "behind the options an append has events only")
	}
	for _, required := range []string{"type", "content-type"} {
		if _, ok := m.GetMetadata()[required]; !ok {
			return refuse(codes.InvalidArgument, "Required Metadata Property '"+required+"' is missing",
				"exception", "missing-required-metadata-property", "required-metadata-properties", "type,content-type")
		}
	}
	id, ok := idOf(m.GetId())
	if !ok {
		return refuse(codes.InvalidArgument, "an event has a UUID other than the empty one")
	}
	return p.add(ledger.Record{ID: id, Type: m.GetMetadata()["type"], Data: m.GetData(), Meta: m.GetCustomMetadata()})
}

func (p *proposal) add(e ledger.Record) *refusal {
	p.size += e.SizeOnCluster()
	if p.size > MaxAppend {
		p.events = nil
		return tooLarge()
	}
	p.events = append(p.events, e)
	return nil
}

func idOf(u *shared.UUID) (id ledger.ID, ok bool) {
	switch u := u.GetValue().(type) {
	case *shared.UUID_Structured_:
		binary.BigEndian.PutUint64(id[:8], uint64(u.Structured.GetMostSignificantBits()))
		binary.BigEndian.PutUint64(id[8:], uint64(u.Structured.GetLeastSignificantBits()))
	case *shared.UUID_String_:
		var err error
		if id, err = ledger.ParseID(u.String_); err != nil {
			return id, false
		}
	}
	return id, id != ledger.ID{}
}

// weak: the append expects no revision in particular.
func (p *proposal) weak() bool {
	switch p.expect.(type) {
	case *streams.AppendReq_Options_Any, *streams.AppendReq_Options_StreamExists:
		return true
	}
	return false
}

// place appends behind the revision that is expected. A stream that is further
// on has the same ids there, which makes it a repeat, or others.
func (p *proposal) place(ctx context.Context, log ledger.Log) (result, error) {
	at := ledger.NoStream
	if e, ok := p.expect.(*streams.AppendReq_Options_Revision); ok {
		at = ledger.Exactly(int64(e.Revision)) // the largest number is NoStream, as in a real server
	}
	if len(p.events) == 0 {
		now, err := end(ctx, log, p.stream)
		if err == nil && now != int64(at) {
			err = ledger.ErrWrongRevision
		}
		return result{revision: now}, err
	}
	position, err := log.Append(ctx, p.stream, at, p.events...)
	return result{int64(at) + int64(len(p.events)), &position, true}, err
}

// follow appends at the stream's end, wherever that is. Events whose ids the
// stream knows already are a repeat; a repeat that goes on with new ids is
// refused.
func (p *proposal) follow(ctx context.Context, log ledger.Log) (result, error) {
	for {
		now, known, err := p.look(ctx, log)
		if err != nil {
			return result{}, err
		}
		if _, must := p.expect.(*streams.AppendReq_Options_StreamExists); must && now < 0 {
			return result{}, ledger.ErrWrongRevision
		}
		if len(p.events) == 0 {
			return result{revision: now}, nil
		}
		repeated := 0
		for repeated < len(p.events) && known[p.events[repeated].ID] != nil {
			repeated++
		}
		switch repeated {
		case 0:
			position, err := log.Append(ctx, p.stream, ledger.Exactly(now), p.events...)
			if errors.Is(err, ledger.ErrWrongRevision) && ctx.Err() == nil {
				continue // somebody who expects a revision was quicker
			}
			return result{now + int64(len(p.events)), &position, true}, err
		case len(p.events):
			return *known[p.events[repeated-1].ID], nil
		default:
			return result{}, ledger.ErrWrongRevision
		}
	}
}

// look reads the stream's end and where it has the ids that are proposed.
func (p *proposal) look(ctx context.Context, log ledger.Log) (now int64, known map[ledger.ID]*result, err error) {
	now, known = -1, map[ledger.ID]*result{}
	for _, e := range p.events {
		known[e.ID] = nil
	}
	for e, err := range log.Stream(ctx, p.stream, 0) {
		if err != nil {
			return 0, nil, err
		}
		now = e.Revision
		if _, asked := known[e.ID]; asked {
			at := e.Position
			known[e.ID] = &result{revision: e.Revision, position: &at}
		}
	}
	return now, known, nil
}

// end is the revision of the stream's last event, -1 where there is none.
func end(ctx context.Context, log ledger.Log, stream string) (int64, error) {
	if back, ok := log.(wire.Backwards); ok {
		for e, err := range back.StreamBack(ctx, stream, math.MaxInt64-1) {
			return e.Revision, err
		}
		return -1, nil
	}
	last := int64(-1)
	for e, err := range log.Stream(ctx, stream, 0) {
		if err != nil {
			return 0, err
		}
		last = e.Revision
	}
	return last, nil
}
