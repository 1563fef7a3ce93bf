package wire

import (
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"

	"suyuan/services/ledger"
)

// request is a Read as it was asked for.
type request struct {
	stream    string // "" is $all
	from      place
	revision  int64           // where from is there, of a stream
	position  ledger.Position // where from is there, of $all
	backwards bool
	follow    bool   // a subscription
	count     uint64 // else how many events at most
	filter    *filter
	asText    bool
}

// place is where a read begins.
type place int

const (
	start place = iota
	end
	there
)

// parse reads a request and refuses what a real server refuses.
func parse(in *streams.ReadReq) (r request, err error) {
	o := in.GetOptions()
	if o == nil {
		return r, invalid("请求没有选项。", "The request has no options.")
	}
	switch content := o.GetUuidOption().GetContent().(type) {
	case *streams.ReadReq_Options_UUIDOption_Structured:
	case *streams.ReadReq_Options_UUIDOption_String_:
		r.asText = true
	default:
		_ = content
		return r, invalid("请求没有写明事件编号的形式（uuid_option）。", "The request does not say how ids are to be written (uuid_option).")
	}
	r.backwards = o.GetReadDirection() == streams.ReadReq_Options_Backwards
	switch c := o.GetCountOption().(type) {
	case *streams.ReadReq_Options_Count:
		r.count = c.Count
	case *streams.ReadReq_Options_Subscription:
		r.follow = true
	default:
		return r, invalid("请求既没有写明读取条数，也不是订阅。", "The request neither says how many events to read nor subscribes.")
	}
	if err := r.place(o); err != nil {
		return r, err
	}
	if f := o.GetFilter(); f != nil {
		if r.filter, err = newFilter(f, r.follow); err != nil {
			return r, err
		}
	}
	switch {
	case r.follow && r.backwards:
		return r, invalid("订阅只能向前。", "A subscription goes forwards only.")
	case r.filter != nil && r.stream != "":
		return r, invalid("筛选只用于 $all，不能用于单个流。", "A filter is for $all, not for a single stream.")
	}
	return r, nil
}

func (r *request) place(o *streams.ReadReq_Options) error {
	switch at := o.GetStreamOption().(type) {
	case *streams.ReadReq_Options_Stream:
		r.stream = string(at.Stream.GetStreamIdentifier().GetStreamName())
		if r.stream == "" {
			return invalid("请求没有写明流的名称。", "The request does not name the stream.")
		}
		switch p := at.Stream.GetRevisionOption().(type) {
		case *streams.ReadReq_Options_StreamOptions_Start:
			r.from = start
		case *streams.ReadReq_Options_StreamOptions_End:
			r.from = end
		case *streams.ReadReq_Options_StreamOptions_Revision:
			r.from, r.revision = there, int64(min(p.Revision, math.MaxInt64-1))
			if p.Revision == math.MaxUint64 {
				r.from = end
			}
		default:
			return invalid("请求没有写明从流的何处读起。", "The request does not say where in the stream to begin.")
		}
	case *streams.ReadReq_Options_All:
		switch p := at.All.GetAllOption().(type) {
		case *streams.ReadReq_Options_AllOptions_Start:
			r.from = start
		case *streams.ReadReq_Options_AllOptions_End:
			r.from = end
		case *streams.ReadReq_Options_AllOptions_Position:
			r.from, r.position = there, ledger.Position{Commit: p.Position.GetCommitPosition(), Prepare: p.Position.GetPreparePosition()}
			if r.position.Commit == math.MaxUint64 && r.position.Prepare == math.MaxUint64 {
				r.from = end
			}
		default:
			return invalid("请求没有写明从 $all 的何处读起。", "The request does not say where in $all to begin.")
		}
	default:
		return invalid("请求既没有写明流，也没有写明 $all。", "The request names neither a stream nor $all.")
	}
	return nil
}

func invalid(zh, en string, args ...any) error { return say(codes.InvalidArgument, zh, en, args...) }
