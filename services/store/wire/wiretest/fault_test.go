package wiretest_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"suyuan/services/store/wire/wiretest"
)

func TestFaults(t *testing.T) {
	s := start(t, wiretest.Config{})
	c := raw(t, s.Addresses()[0])
	length := func() (n int) {
		for _, err := range s.Store().Stream(t.Context(), "unit-1", 0) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		return n
	}
	try := func(ids string) error {
		t.Helper()
		stream, err := c.Append(patient(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Send(header("unit-1", fmt.Sprint(length()-1))); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			_ = stream.Send(message(int64(id), "test.happened", `{}`)) // it breaks off as ordered
		}
		r, err := stream.CloseAndRecv()
		if err == nil && r.GetSuccess() == nil {
			t.Errorf("%q: %v", ids, r)
		}
		return err
	}
	write(t, c, "unit-1", "none", "a")
	for _, f := range []struct {
		name    string
		order   func()
		first   string // which the order leaves alone
		sends   string
		code    codes.Code
		written bool
	}{
		{"at event 0", func() { s.FailHalfway(0) }, "", "bc", codes.Unavailable, false},
		{"at event 2", func() { s.FailHalfway(2) }, "de", "fgh", codes.Unavailable, false},
		{"persisted", func() { s.PersistButFail() }, "", "ij", codes.Unavailable, true},
		{"another answer", func() { s.NextError(codes.ResourceExhausted, "full", "exception", "full") }, "", "k", codes.ResourceExhausted, false},
	} {
		f.order()
		if f.first != "" {
			if err := try(f.first); err != nil {
				t.Errorf("%s: %q: %v", f.name, f.first, err)
			}
		}
		before := length()
		err := try(f.sends)
		if status.Code(err) != f.code {
			t.Errorf("%s: %v", f.name, err)
		}
		if got := length() - before; (got != 0) != f.written {
			t.Errorf("%s: %d events were written", f.name, got)
		}
		if err := try("z"); err != nil { // each happens once
			t.Errorf("%s: the next one: %v", f.name, err)
		}
	}
	s.NextError(codes.NotFound, "elsewhere", "exception", "not-leader", "leader-endpoint-host", "h")
	_, trailer, err := send(t, c, header("unit-1", "any"), message('y', "test.happened", `{}`))
	if status.Code(err) != codes.NotFound || strings.Join(trailer.Get("leader-endpoint-host"), "") != "h" {
		t.Errorf("%v, trailers %v", err, trailer)
	}
}

// follow gives what a subscription brings until it is dropped.
func follow(sub *esdb.Subscription, each func(*esdb.RecordedEvent)) error {
	for {
		e := sub.Recv()
		switch {
		case e.SubscriptionDropped != nil:
			return e.SubscriptionDropped.Error
		case e.EventAppeared != nil:
			each(e.EventAppeared.Event)
		}
	}
}

func TestCutAndRestart(t *testing.T) {
	for name, c := range map[string]wiretest.Config{"one node": {}, "three nodes with TLS": {TLS: true, Listen: three}} {
		t.Run(name, func(t *testing.T) {
			s := start(t, c)
			client := dial(t, s.URL()+"&discoveryInterval=20&maxDiscoverAttempts=500")
			url, at := s.URL(), s.Addresses()
			for round, breaks := range []func() error{
				func() error { s.Cut(); return nil },
				s.Restart,
				s.Restart,
			} {
				if _, err := client.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, event(byte(2*round))); err != nil {
					t.Fatal(err)
				}
				sub, err := client.SubscribeToStream(patient(t), "unit-1", esdb.SubscribeToStreamOptions{From: esdb.Start{}})
				if err != nil {
					t.Fatal(err)
				}
				seen := 0
				var broken sync.Once
				err = follow(sub, func(*esdb.RecordedEvent) {
					if seen++; seen == 2*round+1 {
						broken.Do(func() {
							if err := breaks(); err != nil {
								t.Error(err)
							}
						})
					}
				})
				if status.Code(err) != codes.Unavailable || seen != 2*round+1 {
					t.Errorf("round %d: dropped with %v behind %d events", round, err, seen)
				}
				if s.URL() != url || strings.Join(s.Addresses(), " ") != strings.Join(at, " ") {
					t.Errorf("it moved from %s to %s", url, s.URL())
				}
				// The client notices a lost connection by an error of its own once.
				for {
					_, err := client.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(uint64(2 * round))}, event(byte(2*round+1)))
					if err == nil {
						break
					}
					var e *esdb.Error
					if !errors.As(err, &e) || e.Code() != esdb.ErrorUnavailable {
						t.Fatal(err)
					}
				}
				if got := len(read(t, client, "unit-1")); got != 2*round+2 {
					t.Errorf("round %d: %d events, want %d", round, got, 2*round+2)
				}
			}
		})
	}
}

// Writers that expect no revision go on side by side with writers that do.
func TestContention(t *testing.T) {
	s := start(t, wiretest.Config{})
	c := dial(t, s.URL())
	const writers, each = 8, 15
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			var expected esdb.ExpectedRevision = esdb.Any{}
			for i := 0; i < each; {
				if n%2 == 1 {
					r, err := c.ReadStream(patient(t), "unit-1", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
					if err != nil {
						t.Error(err)
						return
					}
					e, err := r.Recv()
					r.Close()
					expected = esdb.NoStream{}
					if err == nil {
						expected = esdb.Revision(e.Event.EventNumber)
					}
				}
				x := event(0)
				x.EventID = uuid.UUID{byte(n + 1), byte(i + 1)}
				_, err := c.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{ExpectedRevision: expected}, x)
				var e *esdb.Error
				switch {
				case err == nil:
					i++
				case n%2 == 0 || !errors.As(err, &e) || e.Code() != esdb.ErrorCodeWrongExpectedVersion:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	seen := map[uuid.UUID]bool{}
	for _, e := range read(t, c, "unit-1") {
		seen[e.EventID] = true
	}
	if n := len(read(t, c, "unit-1")); n != writers*each || len(seen) != n {
		t.Errorf("%d events with %d ids, want %d", n, len(seen), writers*each)
	}
}
