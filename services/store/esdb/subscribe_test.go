package esdb

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

// A subscription that is ended again and again for every reason there is, and
// that is told again what it knows, delivers everything once and in order.
func TestSubscribeGoesOn(t *testing.T) {
	log := numbers(60)
	ends := []error{
		status.Error(codes.Unavailable, "gone"), nil, status.Error(codes.Aborted, "consumer too slow"), status.Error(codes.Internal, "fault"),
		status.Error(codes.NotFound, "Leader info available"), status.Error(codes.ResourceExhausted, "too many"), status.Error(codes.Canceled, "reset"), status.Error(codes.Unknown, "?"),
	}
	f := &fake{last: log.last, subscribe: func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
		again := from(in)
		if again >= 20 { // as after a fall back to catching up
			again -= 20
		}
		if err := log.tell(out, again, int(from(in)/10)+n%5); err != nil {
			return err
		}
		return ends[n%len(ends)]
	}}
	events, err := collect(faked(t, f).Subscribe(t.Context(), ledger.Position{}), len(log))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range events {
		if e.Revision != int64(i) || e.Position.Ordinal != uint64(i)+1 || e.Position.Commit != uint64(10*(i+1)) {
			t.Fatalf("event %d is revision %d at %+v", i, e.Revision, e.Position)
		}
	}
}

// What the cluster has looked through is not looked through again.
func TestResumesFromACheckpoint(t *testing.T) {
	asked := make(chan uint64, 3)
	f := &fake{last: mixed.last, subscribe: func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
		asked <- from(in)
		switch n {
		case 0:
			return errors.Join(happens(out, "unit-1", 0, at(20)), checkpointed(out, at(70)), checkpointed(out, ledger.Position{Commit: math.MaxUint64, Prepare: math.MaxUint64}), status.Error(codes.Unavailable, "gone"))
		default:
			return errors.Join(happens(out, "unit-1", 1, at(90)), idles(out))
		}
	}}
	events, err := collect(faked(t, f).Subscribe(t.Context(), ledger.Position{}), 2)
	if err != nil || events[1].Position.Ordinal != 2 {
		t.Fatal(events, err)
	}
	if a, b := <-asked, <-asked; a != 0 || b != 70 {
		t.Errorf("asked from %d and %d, want 0 and 70", a, b)
	}
}

func TestSubscribeEndsWhereNothingMends(t *testing.T) {
	for name, c := range map[string]struct {
		end  error
		is   error
		rule string
	}{
		"wrong password": {status.Error(codes.Unauthenticated, "no"), nil, "store.cluster_denied"},
		"no right":       {status.Error(codes.PermissionDenied, "Access Denied"), nil, "store.cluster_denied"},
		"damage":         {status.Error(codes.DataLoss, "ordinal 7"), ledger.ErrDamaged, ""},
		"bad position":   {status.Error(codes.InvalidArgument, "Trying to read from an invalid position."), nil, "store.cluster_refused"},
		"no such method": {status.Error(codes.Unimplemented, "unknown method"), nil, "store.cluster_refused"},
	} {
		f := &fake{last: mixed.last, subscribe: func(int, *streams.ReadReq, streams.Streams_ReadServer) error { return c.end }}
		s := faked(t, f)
		for which, seq := range map[string]iter.Seq2[ledger.Recorded, error]{"subscribe": s.Subscribe(t.Context(), ledger.Position{}), "all": s.All(t.Context(), ledger.Position{})} {
			_, err := collect(seq, 1)
			e, _ := errors.AsType[*ledger.Error](err)
			if c.is != nil && !errors.Is(err, c.is) || c.rule != "" && (e == nil || e.Rule != c.rule) {
				t.Errorf("%s, %s: %v", which, name, err)
			}
		}
		if n := f.subscriptions.Load(); n != 2 {
			t.Errorf("%s: asked %d times", name, n)
		}
	}
}

// lines collects what was logged.
type lines struct {
	mu   sync.Mutex
	text []string
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, string(p))
	return len(p), nil
}

func (l *lines) with(part string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.text {
		n += strings.Count(s, part)
	}
	return n
}

func TestAnOutageIsLoggedOnce(t *testing.T) {
	log := numbers(3)
	f := &fake{last: log.last, subscribe: func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
		if n != 0 && n < 12 {
			return status.Error(codes.Unavailable, "gone")
		}
		if n == 0 {
			return errors.Join(log.tell(out, 0, 1), status.Error(codes.Unavailable, "gone"))
		}
		return errors.Join(log.tell(out, from(in), 3), idles(out))
	}}
	var said lines
	s := faked(t, f, WithLogger(slog.New(slog.NewTextHandler(&said, nil))))
	if _, err := collect(s.Subscribe(t.Context(), ledger.Position{}), 3); err != nil {
		t.Fatal(err)
	}
	if lost, found := said.with("cannot be reached"), said.with("can be reached again"); lost != 1 || found != 1 {
		t.Errorf("%d times lost, %d times found: %q", lost, found, said.text)
	}
}

// A subscription that has nothing to say is left alone.
func TestSilenceIsNoOutage(t *testing.T) {
	f := &fake{subscribe: func(_ int, _ *streams.ReadReq, out streams.Streams_ReadServer) error { return idles(out) }}
	s := faked(t, f)
	s.patience = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*s.patience, cancel)
	if _, err := collect(s.Subscribe(ctx, ledger.Position{}), -1); !errors.Is(err, context.Canceled) || f.subscriptions.Load() != 1 {
		t.Errorf("%d subscriptions, %v", f.subscriptions.Load(), err)
	}
}
