package appends

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// Plan says how long and against what.
type Plan struct {
	Dir      string // on the disk that is measured
	Postgres string // a connection string; empty leaves PostgreSQL out
	Rounds   int
	Each     time.Duration
}

// Way is one engine with so many writers.
type Way struct {
	Name    string
	Writers int
}

// The ways that are measured.
var (
	Raw       = Way{"raw fdatasync of 4 KiB", 1}
	Ours1     = Way{"sqlite store", 1}
	Ours64    = Way{"sqlite store", 64}
	Segment64 = Way{"bare segment file", 64}
	Function1 = Way{"PostgreSQL append function", 1}
	Function  = Way{"PostgreSQL append function", 64}
	Insert1   = Way{"PostgreSQL insert, unique index", 1}
	Insert    = Way{"PostgreSQL insert, unique index", 64}
)

func (w Way) String() string {
	if w == Raw {
		return w.Name
	}
	if w.Writers == 1 {
		return w.Name + ", 1 writer"
	}
	return fmt.Sprintf("%s, %d writers", w.Name, w.Writers)
}

// Rates are events a second of each way, one for each round.
type Rates map[Way][]float64

// Run measures every way in turn, round after round, so that what disturbs the
// machine disturbs all of them alike.
func Run(ctx context.Context, p Plan) (Rates, error) {
	ways := []Way{Raw, Ours1, Ours64, Segment64}
	if p.Postgres != "" {
		ways = append(ways, Function1, Function, Insert1, Insert)
		if err := prepare(ctx, p.Postgres); err != nil {
			return nil, err
		}
	}
	engines := map[Way]engine{}
	defer func() {
		for _, e := range engines {
			_ = e.close()
		}
	}()
	writers := map[Way][]*writer{}
	for _, w := range ways {
		e, err := open(ctx, p, w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w, err)
		}
		engines[w] = e
		for n := range w.Writers {
			writers[w] = append(writers[w], newWriter(fmt.Sprint(w.Writers), n, w.Writers))
		}
	}
	rates := Rates{}
	for range p.Rounds {
		for _, w := range ways {
			rate, err := round(ctx, engines[w], writers[w], p.Each)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", w, err)
			}
			rates[w] = append(rates[w], rate)
		}
	}
	return rates, nil
}

func open(ctx context.Context, p Plan, w Way) (engine, error) {
	switch w {
	case Raw:
		return openBare(p.Dir)
	case Ours1, Ours64:
		return openOurs(fmt.Sprintf("%s/%d", p.Dir, w.Writers))
	case Segment64:
		return openSegment(p.Dir)
	case Function1, Function:
		return openPostgres(ctx, p.Postgres, byFunction, w.Writers)
	}
	return openPostgres(ctx, p.Postgres, byInsert, w.Writers)
}

func prepare(ctx context.Context, url string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, setup)
	return errors.Join(err, c.Close(ctx))
}

// round lets the writers append for a while and counts what became durable.
func round(ctx context.Context, e engine, writers []*writer, each time.Duration) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var count atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for n, w := range writers {
		all.Go(func() {
			for ctx.Err() == nil && time.Since(began) < each {
				v := w.next()
				hash, err := e.append(ctx, n, v)
				if err != nil {
					cancel(err)
					return
				}
				w.done(v, hash)
				count.Add(1)
			}
		})
	}
	all.Wait()
	return float64(count.Load()) / time.Since(began).Seconds(), context.Cause(ctx)
}

// Median is the middle rate of a way.
func (r Rates) Median(w Way) float64 { return median(r[w]) }

// Ratio is the middle of how one way stood to another, round by round.
func (r Rates) Ratio(a, b Way) float64 {
	var all []float64
	for i := range r[a] {
		all = append(all, r[a][i]/r[b][i])
	}
	return median(all)
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	n := len(x)
	if n == 0 {
		return 0
	}
	return (x[(n-1)/2] + x[n/2]) / 2
}
