package esdb

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"suyuan/services/ledger"
)

// refusal answers with a status once everything was received.
func refusal(in streams.Streams_AppendServer, code codes.Code, text string, trailers ...string) error {
	if _, _, err := taken(in); err != nil {
		return err
	}
	in.SetTrailer(metadata.Pairs(trailers...))
	return status.Error(code, text)
}

func TestAppendErrors(t *testing.T) {
	unknown := "store.outcome_unknown"
	for name, c := range map[string]struct {
		code     codes.Code
		text     string
		trailers []string
		once     bool // the second try succeeds
		is       error
		rule     string
		calls    int64
	}{
		"conflict as a status":        {codes.FailedPrecondition, "Append failed due to WrongExpectedVersion. Stream: unit-1, Expected version: 3, Actual version: 5", []string{"exception", "wrong-expected-version"}, false, ledger.ErrWrongRevision, "", 1},
		"another precondition":        {codes.FailedPrecondition, "Conflict.", nil, false, nil, "store.cluster_refused", 1},
		"the append is too large":     {codes.InvalidArgument, "Maximum Append Size of 1048576 Exceeded.", []string{"exception", "maximum-append-size-exceeded"}, false, ledger.ErrTooLarge, "", 1},
		"an event is too large":       {codes.InvalidArgument, "Event with Id: 1, Size: 2000000, exceeds Maximum Append Event Size of 1048576.", nil, false, ledger.ErrTooLarge, "", 1},
		"a message is too large":      {codes.ResourceExhausted, "grpc: received message larger than max (5000000 vs. 4194304)", nil, false, ledger.ErrTooLarge, "", 1},
		"another argument":            {codes.InvalidArgument, "'9' is not a valid revision", nil, false, nil, "store.cluster_refused", 1},
		"the stream is deleted":       {codes.FailedPrecondition, "Event stream 'unit-1' is deleted.", []string{"exception", "stream-deleted", "stream-name", "unit-1"}, false, ledger.ErrDamaged, "", 1},
		"a wrong password":            {codes.Unauthenticated, "no", nil, false, nil, "store.cluster_denied", 1},
		"no right to write":           {codes.PermissionDenied, "Access Denied", []string{"exception", "access-denied"}, false, nil, "store.cluster_denied", 1},
		"a fault of the server":       {codes.Internal, "as it may be", nil, true, nil, unknown, 1},
		"an exception of the server":  {codes.Unknown, "Exception was thrown by handler.", nil, true, nil, unknown, 1},
		"a follower without a leader": {codes.Unknown, "No leader info available in response", nil, true, nil, "", 2},
		"a follower without address":  {codes.NotFound, "Leader info available", []string{"exception", "not-leader"}, true, nil, "", 2},
		"the leader waits too long":   {codes.Aborted, "Operation timed out: commit", nil, true, nil, "", 2},
		"the server is not ready":     {codes.Unavailable, "Server Is Not Ready", nil, true, nil, "", 2},
		"a server that stays so":      {codes.Unavailable, "Server Is Not Ready", nil, false, nil, unknown, 9},
		"too many calls at once":      {codes.ResourceExhausted, "too many streams", nil, true, nil, "", 2},
		"a trailer that lacks a name": {codes.FailedPrecondition, "is deleted", []string{"exception", "stream-deleted"}, true, nil, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{append: func(n int, in streams.Streams_AppendServer) error {
				if c.once && n > 0 {
					return takes(in)
				}
				return refusal(in, c.code, c.text, c.trailers...)
			}}
			s := faked(t, f)
			p, err := s.Append(t.Context(), "unit-1", 3, record(1), record(2))
			if n := f.appends.Load(); n != c.calls {
				t.Errorf("tried %d times, want %d", n, c.calls)
			}
			switch {
			case c.is != nil:
				if !errors.Is(err, c.is) {
					t.Errorf("got %v, want %v", err, c.is)
				}
			case c.rule != "":
				if e, ok := errors.AsType[*ledger.Error](err); !ok || e.Rule != c.rule {
					t.Errorf("got %v, want %s", err, c.rule)
				}
				for _, settled := range []error{ledger.ErrWrongRevision, ledger.ErrTooLarge, ledger.ErrReadOnly, ledger.ErrDamaged} {
					if errors.Is(err, settled) {
						t.Errorf("got %v, which is %v", err, settled)
					}
				}
			case err != nil || p != at(7):
				t.Errorf("got %+v, %v", p, err)
			}
			if errors.Is(c.is, ledger.ErrTooLarge) && !strings.Contains(err.Error(), "2 events of 70 bytes") {
				t.Errorf("%v does not say how large", err)
			}
		})
	}
}

// A server that answers before it has received everything: the client loses
// what it said.
func TestAppendEndedEarly(t *testing.T) {
	early := func(code codes.Code, text string, trailers ...string) func(n int, in streams.Streams_AppendServer) error {
		return func(_ int, in streams.Streams_AppendServer) error {
			first, err := in.Recv()
			if err != nil {
				return err
			}
			if code == codes.InvalidArgument && isProbe(first.GetOptions()) {
				_, _, err := taken(in)
				return errors.Join(err, wrongRevision(in))
			}
			in.SetTrailer(metadata.Pairs(trailers...))
			return status.Error(code, text)
		}
	}
	large := make([]ledger.Record, 40)
	for i := range large {
		large[i] = record(i)
		large[i].Data = []byte(`"` + strings.Repeat("x", 100<<10) + `"`)
	}
	t.Run("too large", func(t *testing.T) {
		s := faked(t, &fake{append: early(codes.InvalidArgument, "Maximum Append Size of 1048576 Exceeded.")})
		_, err := s.Append(t.Context(), "unit-1", ledger.NoStream, large...)
		if !errors.Is(err, ledger.ErrTooLarge) || !strings.Contains(err.Error(), "40 events of 4097") {
			t.Error(err)
		}
	})
	t.Run("denied", func(t *testing.T) {
		s := faked(t, &fake{append: early(codes.PermissionDenied, "Access Denied")})
		_, err := s.Append(t.Context(), "unit-1", ledger.NoStream, large...)
		if e, ok := errors.AsType[*ledger.Error](err); !ok || e.Rule != "store.cluster_denied" {
			t.Error(err)
		}
	})
	t.Run("not ready at first", func(t *testing.T) {
		no := early(codes.Unavailable, "Server Is Not Ready")
		s := faked(t, &fake{append: func(n int, in streams.Streams_AppendServer) error {
			if n < 2 {
				return no(n, in)
			}
			return takes(in)
		}})
		if p, err := s.Append(t.Context(), "unit-1", ledger.NoStream, large...); err != nil || p != at(7) {
			t.Error(p, err)
		}
	})
	t.Run("cut once, and large", func(t *testing.T) {
		cut := early(codes.InvalidArgument, "whatever it is")
		s := faked(t, &fake{append: func(n int, in streams.Streams_AppendServer) error {
			if n < 4 { // two tries and what is asked after each
				return cut(n, in)
			}
			return takes(in)
		}})
		if p, err := s.Append(t.Context(), "unit-1", ledger.NoStream, large...); err != nil || p != at(7) {
			t.Error(p, err)
		}
	})
}

// A name counts as many bytes as it has in UTF-16.
func TestSizeIsSaidAsTheClusterCounts(t *testing.T) {
	f := &fake{append: func(_ int, in streams.Streams_AppendServer) error {
		return refusal(in, codes.InvalidArgument, "Maximum Append Size of 1 Exceeded.")
	}}
	e := record(1)
	e.Type = "事𠀀" // 7 bytes as UTF-8
	if _, err := faked(t, f).Append(t.Context(), "unit-1", 3, e); !errors.Is(err, ledger.ErrTooLarge) || !strings.Contains(err.Error(), "1 events of 15 bytes") {
		t.Error(err)
	}
}

// An append that ends without a reason, and what is asked after it too: the
// account is asked for by a read.
func TestAccountIsAskedForByARead(t *testing.T) {
	for name, c := range map[string]struct {
		end  error
		rule string
		fate fate
	}{
		"refused":    {status.Error(codes.Unauthenticated, "no"), "store.cluster_denied", final},
		"admitted":   {nil, "store.cluster_unreachable", again},
		"no answer":  {status.Error(codes.Unavailable, "gone"), "store.cluster_unreachable", renew},
		"no leader":  {status.Error(codes.NotFound, "Leader info available"), "store.cluster_unreachable", renew},
		"has events": {errEnough, "store.cluster_unreachable", again},
	} {
		s := faked(t, &fake{read: func(_ int, _ *streams.ReadReq, out streams.Streams_ReadServer) error {
			if errors.Is(c.end, errEnough) {
				return happens(out, "unit-1", 0, at(1))
			}
			return c.end
		}})
		f, err := newAppending(s, "unit-1", 3, []ledger.Record{record(1)}).account(t.Context(), io.EOF)
		if f != c.fate || rule(err) != c.rule {
			t.Errorf("%s: %d, %v", name, f, err)
		}
	}
}

func TestAppendIsSentOnceMoreAsItWas(t *testing.T) {
	var seen [][]string
	f := &fake{append: func(n int, in streams.Streams_AppendServer) error {
		o, events, err := taken(in)
		if err != nil {
			return err
		}
		sent := []string{string(o.GetStreamIdentifier().GetStreamName()), o.String()}
		for _, e := range events {
			if e.GetMetadata()["content-type"] != "application/json" {
				t.Error(e.GetMetadata())
			}
			sent = append(sent, string(e.GetData())+string(e.GetCustomMetadata())+e.GetMetadata()["type"]+e.GetId().String())
		}
		if seen = append(seen, sent); n == 0 {
			return status.Error(codes.Unavailable, "gone")
		}
		p := at(3)
		return succeed(in, 1, &p)
	}}
	if _, err := faked(t, f).Append(t.Context(), "unit-1", ledger.NoStream, record(1), record(2)); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || len(seen[0]) != 4 || !slices.Equal(seen[0], seen[1]) {
		t.Errorf("sent %q", seen)
	}
}

// After a try whose outcome is open, only what is certain is said.
func TestOutcomeStaysOpen(t *testing.T) {
	for name, c := range map[string]struct {
		code codes.Code
		text string
		is   error
		rule string
	}{
		"conflict":  {codes.FailedPrecondition, "WrongExpectedVersion", ledger.ErrWrongRevision, ""},
		"too large": {codes.InvalidArgument, "Maximum Append Size of 1 Exceeded.", nil, "store.outcome_unknown"},
	} {
		f := &fake{append: func(n int, in streams.Streams_AppendServer) error {
			if n == 0 {
				return refusal(in, codes.Unavailable, "gone")
			}
			return refusal(in, c.code, c.text)
		}}
		_, err := faked(t, f).Append(t.Context(), "unit-1", 3, record(1))
		e, _ := errors.AsType[*ledger.Error](err)
		if c.is != nil && !errors.Is(err, c.is) || c.rule != "" && (e == nil || e.Rule != c.rule || errors.Is(err, ledger.ErrTooLarge) && e.Rule == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPlacedElsewhere(t *testing.T) {
	f := &fake{append: func(_ int, in streams.Streams_AppendServer) error {
		if _, _, err := taken(in); err != nil {
			return err
		}
		p := at(9)
		return succeed(in, 12, &p) // as after a soft deletion
	}}
	s := faked(t, f)
	if _, err := s.Append(t.Context(), "unit-1", ledger.NoStream, record(1)); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("got %v", err)
	}
	if s.Err() == nil {
		t.Error("appends go on")
	}
	if _, err := s.Append(t.Context(), "unit-1", ledger.NoStream, record(1)); !errors.Is(err, ledger.ErrReadOnly) {
		t.Errorf("got %v", err)
	}
}

func TestPositionIsReadWhereItIsNotTold(t *testing.T) {
	f := &fake{
		append: func(_ int, in streams.Streams_AppendServer) error {
			if _, _, err := taken(in); err != nil {
				return err
			}
			return succeed(in, 5, nil)
		},
		read: func(_ int, in *streams.ReadReq, out streams.Streams_ReadServer) error {
			return happens(out, "unit-1", int64(in.GetOptions().GetStream().GetRevision()), at(40+in.GetOptions().GetStream().GetRevision()))
		},
	}
	if p, err := faked(t, f).Append(t.Context(), "unit-1", 3, record(1), record(2)); err != nil || p != at(45) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAppendKeepsToTheDeadline(t *testing.T) {
	f := &fake{append: func(_ int, in streams.Streams_AppendServer) error {
		<-in.Context().Done()
		return status.FromContextError(in.Context().Err()).Err()
	}}
	s := faked(t, f)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := s.Append(ctx, "unit-1", 3, record(1))
	if h := s.current.enter(); h == nil {
		t.Error("the connection was given up for the caller's deadline")
	} else {
		h.leave()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if e, ok := errors.AsType[*ledger.Error](err); !ok || e.Rule != "store.outcome_unknown" {
		t.Errorf("got %v", err)
	}
	// Without a deadline of the caller's, the connection string's holds; then
	// the server does not answer, and another may.
	s.patience = 100 * time.Millisecond
	if _, err := s.Append(t.Context(), "unit-1", 3, record(1)); err == nil {
		t.Error("succeeded")
	} else if e, ok := errors.AsType[*ledger.Error](err); !ok || e.Rule != "store.outcome_unknown" {
		t.Errorf("got %v", err)
	}
	if s.current.enter() != nil {
		t.Error("the connection is kept")
	}
}

// A follower records nothing: where all follow, nothing was recorded.
func TestNobodyLeads(t *testing.T) {
	var at string
	f := &fake{append: func(_ int, in streams.Streams_AppendServer) error {
		host, port, _ := net.SplitHostPort(at)
		return refusal(in, codes.NotFound, "Leader info available", "exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port)
	}}
	f.version = "26.0.0"
	url := serve(t, f)
	at = strings.TrimPrefix(strings.Split(url, "?")[0], "esdb://")
	_, err := open(t, url).Append(t.Context(), "unit-1", 3, record(1))
	if rule(err) != "store.cluster_unreachable" || f.appends.Load() != 9 {
		t.Errorf("%v after %d tries", err, f.appends.Load())
	}
}

// The client's own ten seconds do not cut a longer deadline.
func TestAppendHasAsLongAsItsContext(t *testing.T) {
	longest := make(chan time.Duration, 1)
	f := &fake{append: func(_ int, in streams.Streams_AppendServer) error {
		d, _ := in.Context().Deadline()
		longest <- time.Until(d)
		return takes(in)
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if _, err := faked(t, f).Append(ctx, "unit-1", 3, record(1)); err != nil {
		t.Fatal(err)
	}
	if d := <-longest; d < 9*time.Minute || d > 10*time.Minute {
		t.Errorf("the server was told %s", d)
	}
}

func TestBoundsAreKeptHere(t *testing.T) {
	f := &fake{append: func(_ int, in streams.Streams_AppendServer) error { return takes(in) }}
	s := faked(t, f)
	big, bare := record(1), record(1)
	big.Data = []byte(`"` + strings.Repeat("x", 600<<10) + `"`)
	bare.ID = ledger.ID{}
	many := make([]ledger.Record, ledger.MaxBatch+1)
	for i := range many {
		many[i] = record(i)
	}
	for name, c := range map[string]struct {
		stream string
		events []ledger.Record
		large  bool
	}{
		"600 KiB":      {"unit-1", []ledger.Record{big}, true},
		"257 events":   {"unit-1", many, true},
		"a long name":  {strings.Repeat("s", 257), []ledger.Record{record(1)}, true},
		"no id":        {"unit-1", []ledger.Record{bare}, false},
		"no name":      {"", []ledger.Record{record(1)}, false},
		"no events":    {"unit-1", nil, false},
		"a line break": {"unit-1\n", []ledger.Record{record(1)}, false},
	} {
		if _, err := s.Append(t.Context(), c.stream, 3, c.events...); err == nil || errors.Is(err, ledger.ErrTooLarge) != c.large {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Append(t.Context(), "unit-1", -2, record(1)); !errors.Is(err, ledger.ErrWrongRevision) {
		t.Errorf("a revision before the first: %v", err)
	}
	if n := f.appends.Load(); n != 0 {
		t.Errorf("%d appends were sent", n)
	}
}
