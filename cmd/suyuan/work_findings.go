package main

import (
	"time"

	"suyuan/services/calendar"
	"suyuan/services/finding"
	"suyuan/services/view"
	"suyuan/services/view/dossier"
	"suyuan/services/watch"
)

// findings holds findings to what comes on record about them, and to their
// time.
func (w *work) findings(d watch.Submitter, days *calendar.Calendar) {
	late := watch.Late{Desk: d, Evidence: evidence{w.house.view}, Faults: w.log}
	w.every(minutely, func(tick <-chan time.Time) { late.Run(w.reacts.ctx, tick) })
	terms := watch.Terms{Desk: d, Of: "findings", Subjects: underway{w.house.view}, Calendar: days, Clock: wallClock, Faults: w.log}
	w.every(minutely, func(tick <-chan time.Time) { terms.Run(w.reacts.ctx, tick) })
}

// underway are the findings of which something can still run out.
type underway struct{ view *view.View }

func (u underway) Running(use func(id string, t finding.Timing) bool) {
	u.view.Dossier(func(d *dossier.Dossier) {
		for f := range d.Running() {
			if !use(f.ID(), f.State.Timing) {
				return
			}
		}
	})
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
