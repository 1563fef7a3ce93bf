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
	if o.GetUuidOption() == nil {
		return r, invalid("请求没有写明事件编号的形式（uuid_option）。", "The request does not say how ids are to be written (uuid_option).")
	}
	_, structured := o.GetUuidOption().GetContent().(*streams.ReadReq_Options_UUIDOption_Structured)
	r.asText = !structured
	r.backwards = o.GetReadDirection() == streams.ReadReq_Options_Backwards
	switch c := o.GetCountOption().(type) {
	case *streams.ReadReq_Options_Count:
		if r.count = c.Count; r.count == 0 {
			return r, invalid("读取条数须大于 0。", "The number of events to read must be greater than 0.")
		}
	case *streams.ReadReq_Options_Subscription:
		r.follow = true
	default:
		return r, invalid("请求既没有写明读取条数，也不是订阅。", "The request neither says how many events to read nor subscribes.")
	}
	if err := r.place(o); err != nil {
		return r, err
	}
	switch f := o.GetFilterOption().(type) {
	case *streams.ReadReq_Options_NoFilter:
	case *streams.ReadReq_Options_Filter:
		if r.filter, err = newFilter(f.Filter, r.follow); err != nil {
			return r, err
		}
	default:
		return r, invalid("请求没有写明是否筛选（filter 或 no_filter）。", "The request says neither filter nor no_filter.")
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
			switch {
			case p.Revision == math.MaxUint64: // how some clients write it
				r.from = end
			case p.Revision >= math.MaxInt64:
				return invalid("没有 %d 这样的版本号。", "There is no revision %d.", p.Revision)
			default:
				r.from, r.revision = there, int64(p.Revision)
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
			at := ledger.Position{Commit: p.Position.GetCommitPosition(), Prepare: p.Position.GetPreparePosition()}
			switch {
			case at == nowhere: // how some clients write it
				r.from = end
			case at.Commit > math.MaxInt64 || at.Prepare > at.Commit:
				return errPosition
			default:
				r.from, r.position = there, at
			}
		default:
			return invalid("请求没有写明从 $all 的何处读起。", "The request does not say where in $all to begin.")
		}
	default:
		return invalid("请求既没有写明流，也没有写明 $all。", "The request names neither a stream nor $all.")
	}
	return nil
}

// errPosition is what a real server says too.
var errPosition = invalid("位置无效。", "Trying to read from an invalid position.")

func invalid(zh, en string, args ...any) error { return say(codes.InvalidArgument, zh, en, args...) }
