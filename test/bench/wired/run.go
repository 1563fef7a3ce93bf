package wired

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
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
	for i := range min(len(f.Rates), len(other.Rates)) {
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
