package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"suyuan/services/ledger"
	"suyuan/services/store/sqlite"
	"suyuan/services/store/wire"
)

func serve(t testing.TB, log ledger.Log, o wire.Options) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := wire.New(log, o)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		s.Stop(ctx)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func dial(t testing.TB, at string) *esdb.Client {
	t.Helper()
	c, err := esdb.ParseConnectionString("esdb://" + at + "?tls=false")
	if err != nil {
		t.Fatal(err)
	}
	c.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestFirst(t *testing.T) {
	s, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for i := range 10 {
		stream := fmt.Sprintf("unit-%d", i%2)
		if _, err := s.Append(t.Context(), stream, ledger.Exactly(int64(i/2)-1), ledger.Record{
			ID: ledger.EventID("a", "k", i), Type: "unit.registered", Data: fmt.Appendf(nil, `{"i":%d}`, i), Meta: []byte(`{"recorded":"2026-01-02T03:04:05Z"}`),
		}); err != nil {
			t.Fatal(err)
		}
	}
	c := dial(t, serve(t, s, wire.Options{}))
	for _, dir := range []esdb.Direction{esdb.Forwards, esdb.Backwards} {
		var from esdb.AllPosition = esdb.Start{}
		if dir == esdb.Backwards {
			from = esdb.End{}
		}
		r, err := c.ReadAll(t.Context(), esdb.ReadAllOptions{Direction: dir, From: from}, 100)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for {
			e, err := r.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			n++
			t.Log(e.Event.StreamID, e.Event.EventNumber, e.Event.EventID, e.Event.CreatedDate, string(e.Event.Data), string(e.Event.UserMetadata), e.Event.Position)
		}
		if n != 10 {
			t.Fatal(n)
		}
	}
}
