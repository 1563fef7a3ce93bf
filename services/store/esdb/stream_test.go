package esdb

import (
	"errors"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

func TestStreamIsWhole(t *testing.T) {
	type piece struct {
		from, to int64
		end      error
		gone     bool
	}
	for name, c := range map[string]struct {
		from    int64
		pieces  []piece // what each read gives
		want    int
		damaged bool
	}{
		"whole":             {0, []piece{{0, 5, nil, false}}, 5, false},
		"from a revision":   {3, []piece{{3, 5, nil, false}}, 2, false},
		"from before it":    {-4, []piece{{0, 5, nil, false}}, 5, false},
		"in pieces":         {0, []piece{{0, 2, status.Error(codes.Unavailable, "gone"), false}, {2, 2, status.Error(codes.Internal, "gone"), false}, {2, 5, nil, false}}, 5, false},
		"never was":         {0, []piece{{0, 0, nil, true}}, 0, false},
		"truncated":         {0, []piece{{3, 5, nil, false}}, 0, true},
		"truncated behind":  {2, []piece{{3, 5, nil, false}}, 0, true},
		"deleted meanwhile": {0, []piece{{0, 2, status.Error(codes.Unavailable, "gone"), false}, {0, 0, nil, true}}, 2, true},
		"again from before": {0, []piece{{0, 2, status.Error(codes.Unavailable, "gone"), false}, {1, 5, nil, false}}, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{read: func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
				p := c.pieces[n]
				if p.gone {
					return notFound(out, "unit-1")
				}
				for r := p.from; r < p.to; r++ {
					if err := happens(out, "unit-1", r, at(uint64(r+1))); err != nil {
						return err
					}
				}
				return p.end
			}}
			events, err := collect(faked(t, f).Stream(t.Context(), "unit-1", c.from), -1)
			if errors.Is(err, ledger.ErrDamaged) != c.damaged || !c.damaged && err != nil || len(events) != c.want {
				t.Errorf("%d events, %v", len(events), err)
			}
		})
	}
}

func TestStreamErrors(t *testing.T) {
	for name, c := range map[string]struct {
		end      error
		trailers []string
		is       error
		rule     string
	}{
		"tombstone":      {status.Error(codes.FailedPrecondition, "Event stream 'unit-1' is deleted."), []string{"exception", "stream-deleted", "stream-name", "unit-1"}, ledger.ErrDamaged, ""},
		"denied":         {status.Error(codes.PermissionDenied, "Access Denied"), nil, nil, "store.cluster_denied"},
		"gone for good":  {status.Error(codes.Unavailable, "gone"), nil, nil, "store.cluster_unreachable"},
		"never a leader": {status.Error(codes.NotFound, "Leader info available"), nil, nil, "store.cluster_unreachable"},
	} {
		f := &fake{read: func(_ int, _ *streams.ReadReq, out streams.Streams_ReadServer) error {
			out.SetTrailer(metadata.Pairs(c.trailers...))
			return c.end
		}}
		_, err := collect(faked(t, f).Stream(t.Context(), "unit-1", 0), -1)
		e, _ := errors.AsType[*ledger.Error](err)
		if c.is != nil && !errors.Is(err, c.is) || c.rule != "" && (e == nil || e.Rule != c.rule) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the client panics on ends the call, not the process.
func TestWhatTheClientDoesNotKnow(t *testing.T) {
	f := &fake{read: func(_ int, _ *streams.ReadReq, out streams.Streams_ReadServer) error {
		return out.Send(&streams.ReadResp{Content: &streams.ReadResp_LastStreamPosition{LastStreamPosition: 4}})
	}}
	if _, err := collect(faked(t, f).Stream(t.Context(), "unit-1", 0), -1); !errors.Is(err, errPanicked) {
		t.Errorf("got %v", err)
	}
}
