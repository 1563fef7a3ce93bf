package wiretest_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"suyuan/services/store/wire/wiretest"
)

func start(t testing.TB, c wiretest.Config) *wiretest.Server {
	t.Helper()
	c.Dir = t.TempDir()
	s, err := wiretest.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func dial(t testing.TB, url string) *esdb.Client {
	t.Helper()
	c, err := esdb.ParseConnectionString(url)
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

// patient is a context that no healthy call outlives.
func patient(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func event(n byte) esdb.EventData {
	return esdb.EventData{EventID: uuid.UUID{n, 1}, EventType: "test.happened", ContentType: esdb.ContentTypeJson, Data: []byte(`{"n":1}`), Metadata: []byte(`{}`)}
}

func read(t testing.TB, c *esdb.Client, stream string) (out []*esdb.RecordedEvent) {
	t.Helper()
	r, err := c.ReadStream(patient(t), stream, esdb.ReadStreamOptions{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		e, err := r.Recv()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Event)
	}
}

func TestAppendAndRead(t *testing.T) {
	for _, tls := range []bool{false, true} {
		s := start(t, wiretest.Config{TLS: tls})
		c := dial(t, s.URL())
		r, err := c.AppendToStream(patient(t), "unit-1", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, event(1), event(2))
		if err != nil {
			t.Fatal(err)
		}
		if r.NextExpectedVersion != 1 || r.CommitPosition != 3 || r.PreparePosition != 3 {
			t.Errorf("%+v", r)
		}
		got := read(t, c, "unit-1")
		if len(got) != 2 || got[1].EventID != (uuid.UUID{2, 1}) || got[1].EventNumber != 1 || string(got[1].Data) != `{"n":1}` {
			t.Errorf("%+v", got)
		}
	}
}
