package esdb

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

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

// A node that has caught up need not have all that was in the log: one that was
// cut off has less, and no client can tell that from others' events at the end.
func TestAllIsWhole(t *testing.T) {
	others := slices.Concat(mixed, story{"order-7", "order-8"}) // which the cluster leaves out
	for name, c := range map[string]struct {
		ends          []int // of the log: at first, and behind each subscription; the last one stays
		want          []string
		rule          string
		subscriptions int64
	}{
		"others' events behind ours": {[]int{11}, []string{"1:unit-1", "2:unit-2", "3:unit-1"}, "", 1},
		"and more since":             {[]int{10, 11}, []string{"1:unit-1", "2:unit-2", "3:unit-1"}, "", 1},
		"a node that was cut off":    {[]int{11, 4, 4, 11}, []string{"1:unit-1", "2:unit-2", "3:unit-1"}, "", 3},
		"one that has nothing":       {[]int{11, 0, 11}, []string{"1:unit-1", "2:unit-2", "3:unit-1"}, "", 2},
		"none has it any more":       {[]int{11, 4}, []string{"1:unit-1", "2:unit-2"}, "store.cluster_unreachable", 9},
	} {
		t.Run(name, func(t *testing.T) {
			held := func(n int64) story { return others[:c.ends[min(int(n), len(c.ends)-1)]] }
			f := &fake{}
			f.last = func() (ledger.Position, bool) { return held(f.subscriptions.Load()).last() }
			f.subscribe = func(n int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
				return errors.Join(others.tell(out, from(in), min(9, len(held(int64(n+1))))), isCaughtUp(out), idles(out))
			}
			s := faked(t, f, WithCategories("unit"))
			events, err := collect(s.All(t.Context(), ledger.Position{}), -1)
			if c.rule == "" && err != nil || c.rule != "" && (rule(err) != c.rule || !errors.Is(err, errBehind)) || !slices.Equal(ordinals(events), c.want) {
				t.Errorf("%v, %v; want %v", ordinals(events), err, c.want)
			}
			if n := f.subscriptions.Load(); n != c.subscriptions {
				t.Errorf("%d subscriptions, want %d", n, c.subscriptions)
			}
		})
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
