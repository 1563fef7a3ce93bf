package wire_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/store/wire"
)

// TestBadRequests sends what a real server refuses: InvalidArgument each time,
// with words, and the server goes on.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	log := newMemory()
	newWriter(log).append(t, "unit-1", "unit.registered", 3)
	c := reader(t, serve(t, log, wire.Options{}))
	filtered := func(change func(*streams.ReadReq_Options_FilterOptions)) func(*streams.ReadReq_Options) {
		return func(o *streams.ReadReq_Options) {
			everything(o)
			change(o.GetFilter())
		}
	}
	regex := func(expression string) func(*streams.ReadReq_Options) {
		return filtered(func(f *streams.ReadReq_Options_FilterOptions) { f.GetEventType().Regex = expression })
	}
	for name, c2 := range map[string]struct {
		in   *streams.ReadReq
		says string
	}{
		"nothing":                     {&streams.ReadReq{}, "no options"},
		"no place":                    {ask(func(o *streams.ReadReq_Options) { o.StreamOption = nil }), "neither a stream nor $all"},
		"no name":                     {ask(of("", -1)), "name the stream"},
		"no start in a stream":        {ask(of("unit-1", -1), func(o *streams.ReadReq_Options) { o.GetStream().RevisionOption = nil }), "where in the stream"},
		"no start in all":             {ask(func(o *streams.ReadReq_Options) { o.GetAll().AllOption = nil }), "where in $all"},
		"no count":                    {ask(func(o *streams.ReadReq_Options) { o.CountOption = nil }), "how many"},
		"none":                        {ask(count(0)), "greater than 0"},
		"no filter option":            {ask(func(o *streams.ReadReq_Options) { o.FilterOption = nil }), "no_filter"},
		"no form of ids":              {ask(func(o *streams.ReadReq_Options) { o.UuidOption = nil }), "uuid_option"},
		"a revision there cannot be":  {ask(of("unit-1", math.MinInt64)), "no revision"},
		"a position there cannot be":  {ask(at(5, 6)), "invalid position"},
		"a position of the past":      {ask(at(1<<63, 1)), "invalid position"},
		"back from behind the end":    {ask(at(1<<40, 1<<40), backwards), "invalid position"},
		"from a little behind it":     {ask(at(14, 14), backwards), "invalid position"},
		"following backwards":         {ask(follow, backwards), "forwards only"},
		"a filter on a stream":        {ask(of("unit-1", -1), everything), "not for a single stream"},
		"following a filtered stream": {ask(of("unit-1", -1), everything, follow), "not for a single stream"},
		"no regular expression":       {ask(regex("(")), "no regular expression"},
		"following no expression":     {ask(regex("["), follow), "no regular expression"},
		"an expression without end":   {ask(regex(strings.Repeat("a", 1001))), "too long"},
		"an expression too costly":    {ask(regex("((((x{100}){100}){100}){100})")), "no regular expression"},
		"a filter for nothing":        {ask(filtered(func(f *streams.ReadReq_Options_FilterOptions) { f.Filter = nil })), "neither stream nor event type"},
		"no window":                   {ask(filtered(func(f *streams.ReadReq_Options_FilterOptions) { f.Window = nil })), "search window"},
		"a window of nothing": {ask(filtered(func(f *streams.ReadReq_Options_FilterOptions) {
			f.GetWindow().(*streams.ReadReq_Options_FilterOptions_Max).Max = 0
		})), "search window"},
		"never a checkpoint": {ask(filtered(func(f *streams.ReadReq_Options_FilterOptions) { f.CheckpointIntervalMultiplier = 0 }), follow), "multiplier"},
		"too many prefixes": {ask(filtered(func(f *streams.ReadReq_Options_FilterOptions) {
			f.GetEventType().Regex, f.GetEventType().Prefix = "", make([]string, 1001)
		})), "too many prefixes"},
	} {
		got, err := receive(within(t), c, c2.in, false)
		if s := status.Convert(err); s.Code() != codes.InvalidArgument || !strings.Contains(s.Message(), c2.says) || !strings.ContainsAny(s.Message(), "请求筛选位置订阅版本读取正则前缀") || len(got) > 0 {
			t.Errorf("%s: %v after %q", name, err, got)
		}
	}
	for name, c2 := range map[string]struct {
		in   *streams.ReadReq
		want int
	}{
		"a count without end":       {ask(count(math.MaxUint64)), 3},
		"back from right behind":    {ask(at(13, 13), backwards), 3},
		"forwards from behind":      {ask(at(1<<40, 1<<40)), 0},
		"a stream from behind":      {ask(of("unit-1", 1<<40)), 0},
		"a stream back from behind": {ask(of("unit-1", 1<<40), backwards), 3},
		"the end, as some write it": {ask(at(math.MaxUint64, math.MaxUint64), backwards), 3},
		"the end of a stream, too": {ask(of("unit-1", -2), func(o *streams.ReadReq_Options) {
			o.GetStream().RevisionOption = &streams.ReadReq_Options_StreamOptions_Revision{Revision: math.MaxUint64}
		}, backwards), 3},
		"a read never with a count 0": {ask(filtered(func(f *streams.ReadReq_Options_FilterOptions) { f.CheckpointIntervalMultiplier = 0 })), 3},
	} {
		if got, err := receive(within(t), c, c2.in, false); err != nil || len(got) != c2.want {
			t.Errorf("%s: %v, %q", name, err, got)
		}
	}
}

// TestBadRequestsOfTheClient is what its users see of the same.
func TestBadRequestsOfTheClient(t *testing.T) {
	t.Parallel()
	log := sqliteLog(t)
	newWriter(log).append(t, "unit-1", "unit.registered", 3)
	c := dial(t, serve(t, log, wire.Options{}))
	for _, stream := range []string{"unit-2", "$$unit-1", "$users", "Unit-1"} {
		r, err := c.ReadStream(within(t), stream, esdb.ReadStreamOptions{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Recv(); code(err) != esdb.ErrorCodeResourceNotFound {
			t.Errorf("%s: %v", stream, err)
		}
		r.Close()
	}
	_, err := c.SubscribeToAll(within(t), esdb.SubscribeToAllOptions{Filter: &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "("}})
	if err == nil || !strings.Contains(err.Error(), "no regular expression") {
		t.Errorf("a filter that is none: %v", err)
	}
	r, err := c.ReadAll(within(t), esdb.ReadAllOptions{From: esdb.Position{Commit: 1 << 40, Prepare: 1 << 40}}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("a position beyond the end: %v", err)
	}
	if _, err := c.GetStreamMetadata(within(t), "unit-1", esdb.ReadStreamOptions{}); err == nil {
		t.Log("metadata of a stream that has none was read")
	}
}

func code(err error) esdb.ErrorCode {
	e, ok := esdb.FromError(err)
	if ok || e == nil {
		return -1
	}
	return e.Code()
}
