package wired

import (
	"context"
	"errors"
	"io"
	"iter"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"suyuan/services/ledger"
)

// face is one way to reach a log. The reads call take for every event and go
// on while it answers true.
type face interface {
	all(ctx context.Context, take func() bool) error
	stream(ctx context.Context, name string, take func() bool) error
	// append adds events to a stream that has so many, and returns when they
	// are on disk.
	append(ctx context.Context, name string, has int64, events []ledger.Record) error
}

// logged is a log as the program itself uses it.
type logged struct{ ledger.Log }

func (l logged) all(ctx context.Context, take func() bool) error {
	return drain(l.All(ctx, ledger.Position{}), take)
}

func (l logged) stream(ctx context.Context, name string, take func() bool) error {
	return drain(l.Stream(ctx, name, 0), take)
}

func drain(events iter.Seq2[ledger.Recorded, error], take func() bool) error {
	for _, err := range events {
		if err != nil {
			return err
		}
		if !take() {
			break
		}
	}
	return nil
}

func (l logged) append(ctx context.Context, name string, has int64, events []ledger.Record) error {
	_, err := l.Append(ctx, name, ledger.Exactly(has-1), events...)
	return err
}

// client is the official client, as somebody else would use it.
type client struct{ *esdb.Client }

func (c client) all(ctx context.Context, take func() bool) error {
	r, err := c.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Forwards, From: esdb.Start{}}, math.MaxInt64)
	return receive(r, err, take)
}

func (c client) stream(ctx context.Context, name string, take func() bool) error {
	r, err := c.ReadStream(ctx, name, esdb.ReadStreamOptions{Direction: esdb.Forwards, From: esdb.Start{}}, math.MaxInt64)
	return receive(r, err, take)
}

func receive(r *esdb.ReadStream, err error, take func() bool) error {
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		_, err := r.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !take() {
			return nil
		}
	}
}

func (c client) append(ctx context.Context, name string, has int64, events []ledger.Record) error {
	var expect esdb.ExpectedRevision = esdb.NoStream{}
	if has > 0 {
		expect = esdb.Revision(uint64(has - 1))
	}
	proposed := make([]esdb.EventData, len(events))
	for i, e := range events {
		proposed[i] = esdb.EventData{EventID: [16]byte(e.ID), EventType: e.Type, ContentType: esdb.ContentTypeJson, Data: e.Data, Metadata: e.Meta}
	}
	_, err := c.AppendToStream(ctx, name, esdb.AppendToStreamOptions{ExpectedRevision: expect}, proposed...)
	return err
}
