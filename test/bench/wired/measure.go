package wired

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	official "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"suyuan/services/store/esdb"
	"suyuan/services/store/sqlite"
)

// bench is one run.
type bench struct {
	plan          Plan
	reads, writes map[string]face // by the name of the face
	writers       map[Way][]*writer
	closers       []func() error
	size          int64 // events that $all has given
}

// whole: every face reads the same ledger to its end.
func (b *bench) whole(events int64) error {
	if b.size == 0 {
		b.size = events
	}
	if events != b.size {
		return fmt.Errorf("$all gave %d events, and %d before", events, b.size)
	}
	return nil
}

// open opens every face and writes the long stream.
func (b *bench) open(ctx context.Context) error {
	read, err := sqlite.OpenReadOnly(b.plan.Ledger)
	if err != nil {
		return err
	}
	b.closers = append(b.closers, read.Close)
	written, err := sqlite.Open(b.plan.Dir)
	if err != nil {
		return err
	}
	b.closers = append(b.closers, written.Close)
	b.reads[Embedded], b.writes[Embedded] = logged{read}, logged{written}
	if err := b.connect(ctx, b.reads, b.plan.Reading.URL); err != nil {
		return fmt.Errorf("the server that is read: %w", err)
	}
	if err := b.connect(ctx, b.writes, b.plan.Writing.URL); err != nil {
		return fmt.Errorf("the server that is written: %w", err)
	}
	for _, f := range []string{Embedded, Client} {
		if err := fill(ctx, b.writes[f], b.plan.Long); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return nil
}

func (b *bench) connect(ctx context.Context, to map[string]face, url string) error {
	config, err := official.ParseConnectionString(url)
	if err != nil {
		return err
	}
	config.Logger = official.NoopLogging()
	c, err := official.NewClient(config)
	if err != nil {
		return err
	}
	b.closers = append(b.closers, c.Close)
	adapter, err := esdb.Open(ctx, url)
	if err != nil {
		return err
	}
	b.closers = append(b.closers, adapter.Close)
	to[Client], to[Adapter] = client{c}, logged{adapter}
	return nil
}

func (b *bench) close() (err error) {
	for _, c := range slices.Backward(b.closers) {
		err = errors.Join(err, c())
	}
	return err
}

// long is the stream that is read by itself.
const long = "issuance-long"

func fill(ctx context.Context, f face, events int) error {
	var at end
	for at.events < int64(events) {
		records, behind, err := at.more(long, min(100, events-int(at.events)))
		if err != nil {
			return err
		}
		if err := f.append(ctx, long, at.events, records); err != nil {
			return err
		}
		at = behind
	}
	return nil
}

// measured is one round of a way.
type measured struct {
	events int64
	took   time.Duration
	server float64
}

func (b *bench) round(ctx context.Context, w Way) (m measured, err error) {
	server, f := b.plan.Writing, b.writes[w.Face]
	if w.Kind == All {
		server, f = b.plan.Reading, b.reads[w.Face]
	}
	before, err := server.worked(w)
	if err != nil {
		return m, err
	}
	began := time.Now()
	switch {
	case w.Kind == All:
		err = f.all(ctx, func() bool { m.events++; return true })
	case w.Kind == Stream:
		for err == nil && time.Since(began) < b.plan.Each {
			err = f.stream(ctx, long, func() bool { m.events++; return true })
		}
	default:
		m.events, err = b.appends(ctx, w, f, began)
	}
	m.took = time.Since(began)
	if err != nil {
		return m, err
	}
	after, err := server.worked(w)
	m.server = after - before
	return m, err
}

func (s Server) worked(w Way) (float64, error) {
	if w.Face == Embedded || s.Worked == nil {
		return 0, nil
	}
	return s.Worked()
}

// appends lets the writers append for a while and counts what is on disk.
func (b *bench) appends(ctx context.Context, w Way, f face, began time.Time) (int64, error) {
	if b.writers[w] == nil {
		for n := range w.Writers {
			b.writers[w] = append(b.writers[w], &writer{name: fmt.Sprintf("%s-%d-%d-%d", initial[w.Face], w.Batch, w.Writers, n)})
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var count atomic.Int64
	var all sync.WaitGroup
	for _, from := range b.writers[w] {
		all.Go(func() {
			for ctx.Err() == nil && time.Since(began) < b.plan.Each {
				if err := from.append(ctx, f, w.Batch); err != nil {
					cancel(err)
					return
				}
				count.Add(int64(w.Batch))
			}
		})
	}
	all.Wait()
	return count.Load(), context.Cause(ctx)
}

// initial keeps the streams of faces apart that write to one ledger.
var initial = map[string]string{Embedded: "e", Client: "c", Adapter: "a"}
