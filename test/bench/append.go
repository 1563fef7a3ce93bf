package main

import (
	"context"
	"errors"

	"suyuan/test/bench/appends"
	"suyuan/test/bench/postgres"
	"suyuan/test/bench/table"
)

// appends measures durable appends.
func (b *bench) appends(ctx context.Context) (err error) {
	dir, err := b.dir("appends")
	if err != nil {
		return err
	}
	plan := appends.Plan{Dir: dir, Rounds: b.rounds, Each: b.each}
	server, err := postgres.Start(ctx, b.work)
	switch {
	case errors.Is(err, postgres.ErrMissing):
		b.say("%v", err)
	case err != nil:
		return err
	default:
		defer func() { err = errors.Join(err, server.Stop()) }()
		plan.Postgres = server.URL
	}
	rates, err := appends.Run(ctx, plan)
	if err != nil {
		return err
	}
	b.rates(rates)
	return nil
}

func (b *bench) rates(r appends.Rates) {
	for _, w := range []appends.Way{appends.Raw, appends.Ours1, appends.Ours64, appends.Segment64, appends.Function1, appends.Function, appends.Insert1, appends.Insert} {
		if len(r[w]) > 0 {
			b.add(table.Row{Section: "appends", What: w.String(), Measured: r.Median(w), Unit: "/s"})
		}
	}
	b.add(table.Row{Section: "appends", What: "1 writer to raw fdatasync", Measured: r.Ratio(appends.Ours1, appends.Raw), Unit: "×", Target: 0.9})
	b.add(table.Row{Section: "appends", What: "64 writers to a bare segment file", Measured: r.Ratio(appends.Ours64, appends.Segment64), Unit: "×", Target: 0.5})
	if len(r[appends.Insert]) == 0 {
		return
	}
	faster := appends.Function
	if r.Median(appends.Insert) > r.Median(appends.Function) {
		faster = appends.Insert
	}
	b.add(table.Row{Section: "appends", What: "64 writers to the faster PostgreSQL", Measured: r.Ratio(appends.Ours64, faster), Unit: "×", Target: 4, Note: faster.Name})
}
