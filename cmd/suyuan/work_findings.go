package main

import (
	"time"

	"suyuan/services/view"
	"suyuan/services/watch"
)

// findings holds findings to what comes on record about them.
func (w *work) findings(d watch.Submitter) {
	late := watch.Late{Desk: d, Evidence: evidence{w.house.view}, Faults: w.log}
	w.every(minutely, func(tick <-chan time.Time) { late.Run(w.reacts.ctx, tick) })
}

// every runs a reactor that looks at a ticker, until the reactors end.
func (w *work) every(d time.Duration, run func(tick <-chan time.Time)) {
	ticker := time.NewTicker(d)
	w.reacts.Go(func() {
		defer ticker.Stop()
		run(ticker.C)
	})
}

// evidence is what findings rest on.
type evidence struct{ view *view.View }

func (e evidence) Touched(after uint64) (ids []string, upto uint64) {
	e.view.Read(func(r *view.Rows) { ids, upto = r.Touched(after) })
	return ids, upto
}

func (e evidence) Outdated(id string) (out watch.Outdated, ok bool) {
	e.view.Read(func(r *view.Rows) {
		var x view.Outdated
		x, ok = r.Outdated(id)
		out = watch.Outdated(x)
	})
	return out, ok
}
