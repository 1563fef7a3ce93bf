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

// Plan says what is measured against what.
type Plan struct {
	Ledger  string // folder of a ledger that is only read
	Reading Server // over a copy of it
	Writing Server // over a ledger that may be written to
	Dir     string // for the embedded store's appends, on the same disk as the server's
	Long    int    // how many events the stream has that is read by itself
	Rounds  int
	Each    time.Duration // how long one round takes, of all but $all, which is read as a whole
}

// Server is one that takes the protocol.
type Server struct {
	URL    string                  // its connection string
	Worked func() (float64, error) // the seconds of processor time it has had
}

// Faces by which a log is reached.
const (
	Embedded = "embedded store"
	Client   = "over the wire, official client"
	Adapter  = "over the wire, our adapter"
)

var faces = []string{Embedded, Client, Adapter}

// Kind is what is done by one of the faces.
type Kind struct {
	What    string
	Writers int // 0: it is a read
	Batch   int
}

// The kinds that are measured.
var (
	All      = Kind{What: "$all forwards"}
	Stream   = Kind{What: "one stream forwards"}
	Batches1 = Kind{"appends of 100 at once, 1 writer", 1, 100}
	Batches  = Kind{"appends of 100 at once, 32 writers", 32, 100}
	Single1  = Kind{"appends of 1, 1 writer", 1, 1}
	Single16 = Kind{"appends of 1, 16 writers", 16, 1}
	Single64 = Kind{"appends of 1, 64 writers", 64, 1}
)

// Kinds are all of them, in the table's order.
var Kinds = []Kind{All, Stream, Batches1, Batches, Single1, Single16, Single64}

// Way is one kind by one face.
type Way struct {
	Kind
	Face string
}

func (w Way) String() string { return w.What + ": " + w.Face }

// Ways are all of them, face beside face.
func Ways() (all []Way) {
	for _, k := range Kinds {
		for _, f := range faces {
			all = append(all, Way{k, f})
		}
	}
	return all
}

// Found is what came of a way: events a second of each round, and how much of
// the server's processor time each event took.
type Found struct {
	Rates  []float64
	Server float64 // seconds an event, 0 for the embedded store
}

// Run measures every way in turn, round after round, so that what disturbs the
// machine disturbs all of them alike.
func Run(ctx context.Context, p Plan) (found map[Way]Found, err error) {
	b := &bench{plan: p, reads: map[string]face{}, writes: map[string]face{}, writers: map[Way][]*writer{}}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.open(ctx); err != nil {
		return nil, err
	}
	found = map[Way]Found{}
	events := map[Way]int64{}
	for range p.Rounds {
		for _, w := range Ways() {
			m, err := b.round(ctx, w)
			if err == nil && w.Kind == All {
				err = b.whole(m.events)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", w, err)
			}
			f := found[w]
			f.Rates, f.Server = append(f.Rates, float64(m.events)/m.took.Seconds()), f.Server+m.server
			found[w], events[w] = f, events[w]+m.events
		}
	}
	for w, f := range found {
		f.Server /= max(1, float64(events[w]))
		found[w] = f
	}
	return found, nil
}

// Median is the middle rate.
func (f Found) Median() float64 { return middle(f.Rates) }

// To is the middle of how this way stood to another, round by round.
func (f Found) To(other Found) float64 {
	var all []float64
	for i := range f.Rates {
		all = append(all, f.Rates[i]/other.Rates[i])
	}
	return middle(all)
}

func middle(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	n := len(x)
	if n == 0 {
		return 0
	}
	return (x[(n-1)/2] + x[n/2]) / 2
}

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
