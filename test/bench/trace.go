package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"suyuan/services/view"
	"suyuan/test/bench/nation"
	"suyuan/test/bench/table"
)

// figures are the times of many calls, in seconds.
type figures struct{ p50, p99 float64 }

// sample times each of n calls, once it is warm.
func sample(n int, call func(i int) error) (figures, error) {
	if _, err := timed(min(n, 500), call); err != nil {
		return figures{}, err
	}
	took, err := timed(n, call)
	if err != nil {
		return figures{}, err
	}
	return quantiles(took), nil
}

func timed(n int, call func(i int) error) ([]float64, error) {
	took := make([]float64, n)
	for i := range n {
		began := time.Now()
		if err := call(i); err != nil {
			return nil, err
		}
		took[i] = time.Since(began).Seconds()
	}
	return took, nil
}

func quantiles(times []float64) figures {
	slices.Sort(times)
	return figures{times[len(times)/2], times[len(times)*99/100]}
}

// village is the i-th of a list that jumps about the country.
func (b *bench) village(among []int32, i int) string {
	return b.nation.Units[among[(i*7919+i/len(among))%len(among)]].Code
}

// traced holds an answer to what every village of the nation has.
func traced(traces []view.Trace, err error) error {
	if err == nil && (len(traces) != 1 || len(traces[0].Steps) != 5) {
		err = fmt.Errorf("%d traces where one of five steps was due", len(traces))
	}
	return err
}

// trace asks the rows in process.
func (b *bench) trace(ctx context.Context) error {
	h, err := b.open(ctx)
	if err != nil {
		return err
	}
	villages := b.nation.Villages(0)
	asked := func(at view.AsOf) (figures, error) {
		return sample(b.calls, func(i int) (err error) {
			h.View.Read(func(r *view.Rows) { err = traced(r.Traces("nation", b.village(villages, i), nation.Key, at)) })
			return err
		})
	}
	now, err := asked(view.Now)
	if err != nil {
		return err
	}
	b.pair("trace, now", now, 10e-6, 50e-6)
	older, err := asked(view.AsOf{Ordinal: b.made.Marks[0].To})
	if err != nil {
		return fmt.Errorf("at an older ordinal: %w", err)
	}
	b.pair("trace, at an older ordinal", older, 0, 1e-3)
	dated, err := asked(view.AsOf{Effective: nation.Start.AddDate(0, 0, 60)})
	if err != nil {
		return fmt.Errorf("on a day: %w", err)
	}
	b.pair("trace, on one day", dated, 0, 1e-3)
	return b.cascades(h.View)
}

// cascades asks for sums and for the first page of a county.
func (b *bench) cascades(v *view.View) error {
	asked := func(under func(i int) string, first int) (figures, error) {
		return sample(b.calls/4, func(i int) (err error) {
			v.Read(func(r *view.Rows) {
				var c *view.Cascade
				if c, err = r.Cascade("nation", nation.Key, under(i), view.Now, view.Paging{First: first}); err == nil && (c == nil || len(c.Levels) == 0) {
					err = fmt.Errorf("%s: an empty cascade", under(i))
				}
			})
			return err
		})
	}
	sums, err := asked(func(int) string { return "" }, 0)
	if err != nil {
		return err
	}
	b.pair("sums by level of the national task", sums, 5e-6, 0)
	counties := b.nation.Levels(0)[3]
	page, err := asked(func(i int) string { return b.village(counties, i) }, 50)
	if err != nil {
		return err
	}
	b.pair("a county's subtree, first page of 50", page, 50e-6, 0)
	return nil
}

// pair reports the middle and the slow end of a thing.
func (b *bench) pair(what string, f figures, p50, p99 float64) {
	b.add(table.Row{Section: "trace", What: what + ", p50", Measured: f.p50, Unit: "s", Target: p50, AtMost: true})
	b.add(table.Row{Section: "trace", What: what + ", p99", Measured: f.p99, Unit: "s", Target: p99, AtMost: true})
}
