package main

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/intake"
	"suyuan/services/ledger"
	"suyuan/services/view"
	"suyuan/services/view/docket"
	"suyuan/services/watch"
)

// work is what goes on beside the requests. It outlives them, so that the last
// checkpoint covers the last of them, and the fold outlives the reactors.
type work struct {
	house         *house
	log           *slog.Logger
	scrubbed      func(error)        // told the result of every scrub; nil where nobody asks
	working       *calendar.Calendar // nil: the official one
	folds, reacts *group
	keeper        *keeper
}

// group is goroutines that end together.
type group struct {
	sync.WaitGroup
	ctx context.Context
	end context.CancelFunc
}

func newGroup() *group {
	g := &group{}
	g.ctx, g.end = context.WithCancel(context.Background())
	return g
}

func (g *group) stop() {
	g.end()
	g.Wait()
}

func newWork(h *house, log *slog.Logger) *work {
	return &work{house: h, log: log, folds: newGroup(), reacts: newGroup()}
}

// fold reads the log to its end and then follows it. What is not what was
// appended makes the ledger read-only; what was folded before is still shown.
func (w *work) fold(ctx context.Context) error {
	err := w.house.view.Catch(ctx, w.house.store)
	if errors.Is(err, ledger.ErrDamaged) {
		w.house.store.MarkDamaged(err)
		return nil
	}
	if err != nil {
		return err
	}
	w.folds.Go(w.follow)
	return nil
}

// follow folds what comes in until the end. A cluster that turns us away for a
// while, when somebody changes the account's rights, is asked again; anything
// else that ends it makes the ledger read-only.
func (w *work) follow() {
	for {
		err := w.house.view.Follow(w.folds.ctx, w.house.store)
		if w.folds.ctx.Err() != nil || err == nil {
			return
		}
		if _, far := w.house.store.(distant); !far || errors.Is(err, ledger.ErrDamaged) {
			w.house.store.MarkDamaged(err)
			return
		}
		w.log.Error("the ledger is not followed at present; trying again", "again", retryCluster.String(), "error", err)
		select {
		case <-time.After(retryCluster):
		case <-w.folds.ctx.Done():
			return
		}
	}
}

// watch starts the reactors.
func (w *work) watch(d watch.Submitter, signer string, scrub time.Duration) {
	checkpoints := watch.Checkpoints{Desk: d, Log: w.house.view, Signer: signer, Clock: wallClock, Faults: w.log}
	second := time.NewTicker(time.Second)
	w.reacts.Go(func() {
		defer second.Stop()
		if w.house.store.Err() == nil {
			checkpoints.Run(w.reacts.ctx, second.C)
		}
	})
	scrubber := watch.Scrub{
		Log: w.house.store, Verify: w.house.verify,
		Verifier: w.house.view.Verifier(), Damaged: w.keeper.damaged, Faults: w.log, Pause: pause, Done: w.hasScrubbed,
		Folded: func() (uint64, ledger.Hash) {
			size, root, _, _ := w.house.view.State()
			return size, root
		},
	}
	every := time.NewTicker(scrub)
	w.reacts.Go(func() {
		defer every.Stop()
		if w.house.spared { // what the snapshot spared this start is read now
			w.settled()
			scrubber.Run(w.reacts.ctx, first(w.reacts.ctx, every.C))
			return
		}
		scrubber.Run(w.reacts.ctx, every.C)
	})
	minute := time.NewTicker(time.Minute)
	w.reacts.Go(func() {
		defer minute.Stop()
		w.settled()
		w.house.view.Settle(w.reacts.ctx)
		w.keeper.run(w.reacts.ctx, minute.C)
	})
	redactions := watch.Redactions{Redacted: w.house.view.RedactedFiles, Destroy: w.house.vault.Destroy, Faults: w.log}
	look := time.NewTicker(time.Second)
	w.reacts.Go(func() {
		defer look.Stop()
		redactions.Run(w.reacts.ctx, look.C)
	})
	releases := watch.Releases{Desk: d, Clock: wallClock, Faults: w.log}
	weekly := time.NewTicker(time.Minute)
	w.reacts.Go(func() {
		defer weekly.Stop()
		releases.Run(w.reacts.ctx, weekly.C)
	})
	days := w.calendar()
	w.clocks(d, days)
	lapses := watch.Lapses{Desk: d, Objections: w.house.view, Clock: wallClock, Faults: w.log}
	unanswered := time.NewTicker(minutely)
	w.reacts.Go(func() {
		defer unanswered.Stop()
		lapses.Run(w.reacts.ctx, unanswered.C)
	})
	w.findings(d, days)
}

// calendar is that of the working days; nil, and logged, where there is none.
func (w *work) calendar() *calendar.Calendar {
	if w.working != nil {
		return w.working
	}
	days, err := calendar.Official()
	if err != nil { // what needs no working days still goes on
		w.log.Error("the calendar of working days cannot be read; clocks that count them stand still", "error", err)
	}
	return days
}

// clocks holds the handling of complaints to its time.
func (w *work) clocks(d watch.Submitter, days *calendar.Calendar) {
	clocks := watch.Clocks{Desk: d, Of: "complaints", Subjects: running{w.house.view}, Calendar: days, Clock: wallClock, Faults: w.log}
	minute := time.NewTicker(minutely)
	w.reacts.Go(func() {
		defer minute.Stop()
		clocks.Run(w.reacts.ctx, minute.C)
	})
	mergers := watch.Mergers{Desk: d, Of: "mergers", Subjects: unsettled{w.house.view}, Clock: wallClock, Faults: w.log}
	merged := time.NewTicker(minutely)
	w.reacts.Go(func() {
		defer merged.Stop()
		mergers.Run(w.reacts.ctx, merged.C)
	})
}

// unsettled are the complaints of which a merger left something to the system.
type unsettled struct{ view *view.View }

func (u unsettled) Running(use func(id string, what complaint.Unsettled) bool) {
	u.view.Docket(func(d *docket.Docket) { d.Unsettled(use) })
}

// running are the complaints of which something can still run out.
type running struct{ view *view.View }

func (r running) Running(use func(id string, t complaint.Timing) bool) {
	r.view.Docket(func(d *docket.Docket) {
		for c := range d.Running() {
			if !use(c.ID, c.State.Timing) {
				return
			}
		}
	})
}

// blanks hides what is done about reports among entries that say nothing.
func (w *work) blanks(d watch.Submitter) {
	blanks := watch.Blanks{Desk: d, Random: random, Faults: w.log}
	minute := time.NewTicker(time.Minute)
	w.reacts.Go(func() {
		defer minute.Stop()
		blanks.Run(w.reacts.ctx, minute.C)
	})
}

// cut makes the cuts, until the reactors end.
func (w *work) cut(c *intake.Cutter) {
	every := time.Minute
	if c.Schedule.Every > 0 {
		every = min(every, c.Schedule.Every)
	}
	tick := time.NewTicker(every)
	w.reacts.Go(func() {
		defer tick.Stop()
		c.Run(w.reacts.ctx, tick.C)
	})
}

// verify is the engine's own check, where it has one.
func (h *house) verify(ctx context.Context) error {
	if s, ok := h.store.(checked); ok {
		return s.Verify(ctx, nil)
	}
	return nil
}

// hasScrubbed passes the result on and gives back the memory that reading the
// whole log took.
func (w *work) hasScrubbed(err error) {
	if w.scrubbed != nil {
		w.scrubbed(err)
	}
	debug.FreeOSMemory()
}

// stop ends the reactors, which may write once more, and then the fold.
func (w *work) stop() {
	w.reacts.stop()
	w.folds.stop()
	if w.keeper != nil {
		w.keeper.last()
	}
}

// settling is how long a start leaves the machine to the first who ask before
// it does what nobody waits for.
const settling = 2 * time.Second

// settled waits for that, or for the end.
func (w *work) settled() {
	select {
	case <-time.After(settling):
	case <-w.reacts.ctx.Done():
	}
}

// first puts a tick of its own before those of a ticker.
func first(ctx context.Context, ticks <-chan time.Time) <-chan time.Time {
	all := make(chan time.Time)
	go func() {
		for now := wallClock(); ; {
			select {
			case all <- now:
			case <-ctx.Done():
				return
			}
			select {
			case now = <-ticks:
			case <-ctx.Done():
				return
			}
		}
	}()
	return all
}

// pause leaves the machine to those who wait for an answer.
func pause(ctx context.Context) error {
	select {
	case <-time.After(20 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
