package esdb

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

// collect reads to the end, or to n events.
func collect(seq iter.Seq2[ledger.Recorded, error], n int) (events []ledger.Recorded, err error) {
	for e, err := range seq {
		if err != nil {
			return events, err
		}
		if events = append(events, e); len(events) == n {
			return events, nil
		}
	}
	return events, nil
}

// story is a log of a fake: event i of it is at position 10·(i+1).
type story []string // the streams

func (s story) tell(out streams.Streams_ReadServer, after uint64, upTo int) error {
	revisions := map[string]int64{}
	for i, stream := range s[:min(upTo, len(s))] {
		p := at(uint64(10 * (i + 1)))
		if p.Commit > after {
			if err := happens(out, stream, revisions[stream], p); err != nil {
				return err
			}
		}
		revisions[stream]++
	}
	return nil
}

func (s story) last() (ledger.Position, bool) { return at(uint64(10 * len(s))), len(s) > 0 }

// idles keeps a subscription open until the caller goes.
func idles(out streams.Streams_ReadServer) error {
	<-out.Context().Done()
	return nil
}

// ordinals are what a reader was given, as ordinal:stream.
func ordinals(events []ledger.Recorded) (out []string) {
	for _, e := range events {
		out = append(out, fmt.Sprintf("%d:%s", e.Position.Ordinal, e.Stream))
	}
	return out
}

var mixed = story{"$settings", "unit-1", "order-7", "unit-2", "unit", "units-1", "mandate-1-a", "$ce-unit", "unit-1"}

func TestOwnEventsAreCounted(t *testing.T) {
	f := &fake{last: mixed.last, subscribe: func(_ int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
		return errors.Join(mixed.tell(out, from(in), len(mixed)), isCaughtUp(out), idles(out))
	}}
	for name, c := range map[string]struct {
		categories []string
		after      ledger.Position
		want       []string
	}{
		"two categories":    {[]string{"unit", "mandate"}, ledger.Position{}, []string{"1:unit-1", "2:unit-2", "3:mandate-1-a", "4:unit-1"}},
		"from a place":      {[]string{"unit", "mandate"}, ledger.Position{Commit: 40, Prepare: 40, Ordinal: 2}, []string{"3:mandate-1-a", "4:unit-1"}},
		"from a foreign":    {[]string{"unit", "mandate"}, ledger.Position{Commit: 50, Prepare: 50, Ordinal: 2}, []string{"3:mandate-1-a", "4:unit-1"}},
		"none of these":     {[]string{"complaint"}, ledger.Position{}, nil},
		"all but systems'":  {nil, ledger.Position{}, []string{"1:unit-1", "2:order-7", "3:unit-2", "4:unit", "5:units-1", "6:mandate-1-a", "7:unit-1"}},
		"behind everything": {nil, ledger.Position{Commit: 90, Prepare: 90, Ordinal: 7}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var opts []Option
			if c.categories != nil {
				opts = append(opts, WithCategories(c.categories...))
			}
			s := faked(t, f, opts...)
			events, err := collect(s.All(t.Context(), c.after), -1)
			if err != nil || !slices.Equal(ordinals(events), c.want) {
				t.Errorf("all: %v, %v; want %v", ordinals(events), err, c.want)
			}
			if empty, err := s.Empty(t.Context()); err != nil || empty != (c.want == nil && c.after == ledger.Position{}) {
				t.Errorf("empty: %v, %v", empty, err)
			}
			if len(c.want) == 0 {
				return
			}
			events, err = collect(s.Subscribe(t.Context(), c.after), len(c.want))
			if err != nil || !slices.Equal(ordinals(events), c.want) {
				t.Errorf("subscribe: %v, %v; want %v", ordinals(events), err, c.want)
			}
		})
	}
}

func TestWhatTheClusterIsAskedFor(t *testing.T) {
	asked := make(chan *streams.ReadReq_Options_FilterOptions, 1)
	f := &fake{last: mixed.last, subscribe: func(_ int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
		asked <- in.GetOptions().GetFilter()
		return isCaughtUp(out)
	}}
	if _, err := collect(faked(t, f, WithCategories("unit", "mandate", "unit")).All(t.Context(), ledger.Position{}), -1); err != nil {
		t.Fatal(err)
	}
	if got := (<-asked).GetStreamIdentifier().GetPrefix(); !slices.Equal(got, []string{"mandate-", "unit-"}) {
		t.Errorf("prefixes %q", got)
	}
	if _, err := collect(faked(t, f).All(t.Context(), ledger.Position{}), -1); err != nil {
		t.Fatal(err)
	}
	if got := (<-asked).GetStreamIdentifier().GetRegex(); got != "^[^$]" {
		t.Errorf("expression %q", got)
	}
}

// All ends however the cluster says that there is no more, and also where it
// never says so because others go on appending.
func TestAllEnds(t *testing.T) {
	long := slices.Concat(mixed, story{"unit-9", "unit-9"})
	want := []string{"1:unit-1", "2:unit-2", "3:unit-1"}
	for name, c := range map[string]struct {
		tell func(out streams.Streams_ReadServer) error
		want []string
	}{
		"caught up":         {func(out streams.Streams_ReadServer) error { return errors.Join(mixed.tell(out, 0, 9), isCaughtUp(out)) }, want},
		"at the last event": {func(out streams.Streams_ReadServer) error { return mixed.tell(out, 0, 9) }, want},
		"behind it":         {func(out streams.Streams_ReadServer) error { return long.tell(out, 0, 11) }, want},
		"only what follows": {func(out streams.Streams_ReadServer) error { return long.tell(out, 90, 11) }, nil},
		"a mark at the end": {func(out streams.Streams_ReadServer) error {
			return errors.Join(mixed.tell(out, 0, 4), checkpointed(out, at(90)))
		}, want[:2]},
		"a mark behind it": {func(out streams.Streams_ReadServer) error {
			return errors.Join(mixed.tell(out, 0, 4), checkpointed(out, at(1000)))
		}, want[:2]},
		"only foreigners": {func(out streams.Streams_ReadServer) error { return isCaughtUp(out) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{last: mixed.last, subscribe: func(_ int, _ *streams.ReadReq, out streams.Streams_ReadServer) error {
				return errors.Join(c.tell(out), idles(out))
			}}
			events, err := collect(faked(t, f, WithCategories("unit")).All(t.Context(), ledger.Position{}), -1)
			if err != nil || !slices.Equal(ordinals(events), c.want) {
				t.Errorf("%v, %v; want %v", ordinals(events), err, c.want)
			}
			if n := f.subscriptions.Load(); n != 1 {
				t.Errorf("%d subscriptions", n)
			}
		})
	}
	t.Run("an empty cluster", func(t *testing.T) {
		events, err := collect(faked(t, &fake{}).All(t.Context(), ledger.Position{}), -1)
		if err != nil || len(events) != 0 {
			t.Error(events, err)
		}
	})
}

// numbers is a story of one stream.
func numbers(n int) story {
	out := make(story, n)
	for i := range out {
		out[i] = "unit-1"
	}
	return out
}

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

func TestAllGoesOn(t *testing.T) {
	log := numbers(30)
	f := &fake{last: log.last, subscribe: func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
		if err := log.tell(out, from(in), int(from(in)/10)+n%3); err != nil {
			return err
		}
		return status.Error(codes.Unavailable, "gone")
	}}
	events, err := collect(faked(t, f).All(t.Context(), ledger.Position{}), -1)
	if err != nil || len(events) != len(log) {
		t.Errorf("%d events, %v", len(events), err)
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

// A server that has taken the call and says nothing.
func TestReadsDoNotWaitForEver(t *testing.T) {
	f := &fake{
		last:      mixed.last,
		read:      func(_ int, _ *streams.ReadReq, out streams.Streams_ReadServer) error { return idles(out) },
		subscribe: func(_ int, _ *streams.ReadReq, out streams.Streams_ReadServer) error { return idles(out) },
	}
	s := faked(t, f)
	for name, read := range map[string]func(context.Context) iter.Seq2[ledger.Recorded, error]{
		"stream": func(ctx context.Context) iter.Seq2[ledger.Recorded, error] { return s.Stream(ctx, "unit-1", 0) },
		"all":    func(ctx context.Context) iter.Seq2[ledger.Recorded, error] { return s.All(ctx, ledger.Position{}) },
		"subscribe": func(ctx context.Context) iter.Seq2[ledger.Recorded, error] {
			return s.Subscribe(ctx, ledger.Position{})
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if _, err := collect(read(ctx), -1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
	if h := s.current.enter(); s.Outage() != nil || h == nil {
		t.Error("callers who went away are taken for an outage")
	} else {
		h.leave()
	}
	s.patience, s.attempts = 20*time.Millisecond, 2
	for name, seq := range map[string]iter.Seq2[ledger.Recorded, error]{"stream": s.Stream(t.Context(), "unit-1", 0), "all": s.All(t.Context(), ledger.Position{})} {
		if _, err := collect(seq, -1); !errors.Is(err, errNoAnswer) {
			t.Errorf("%s: %v", name, err)
		}
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
