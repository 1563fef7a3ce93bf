package watch

import (
	"context"
	"log/slog"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/ledger"
)

// Docket is what the clocks are read from.
type Docket interface {
	// Running calls use for every complaint of which something can still run
	// out, until use returns false. It holds the docket still meanwhile: use
	// asks nothing of it, and of nobody who waits for it.
	Running(use func(id string, t complaint.Timing) bool)
}

// Clocks asks for what is due on complaints: reminders, supervision, the next
// level, the closing of what nobody answered, and the record of turns that
// were let pass. What it asks for holds no date, so that asking again, or from
// another server, changes nothing; whether the day has come the decision sees
// for itself.
//
// Its log names no complaint.
type Clocks struct {
	Desk     Submitter
	Docket   Docket
	Calendar *calendar.Calendar // nil: what needs none still goes on
	Clock    ledger.Clock
	Faults   *slog.Logger

	looked looked
}

// Run looks whenever the ticker fires, until ctx ends.
func (c *Clocks) Run(ctx context.Context, tick <-chan time.Time) {
	c.looker().run(ctx, tick, &c.looked)
}

// Once asks for what is due, unless all of it was asked for already on this
// day and within the hour. The error is the first that is not simply an answer
// of the desk that nothing is to be done; what it did not concern was done.
func (c *Clocks) Once(ctx context.Context) error { return c.looker().once(ctx, &c.looked) }

func (c *Clocks) looker() looker {
	return looker{name: "clocks of complaints", desk: c.Desk, clock: c.Clock, faults: c.Faults, due: c.due}
}

// due collects first and asks later: the desk waits for the docket.
func (c *Clocks) due(now time.Time) (due []call, fault error) {
	c.Docket.Running(func(id string, t complaint.Timing) bool {
		list, err := t.Due(id, c.Calendar, now)
		if err != nil && fault == nil {
			fault = err
		}
		for _, d := range list {
			due = append(due, call{d.Command, d.Key, d.Input})
		}
		return len(due) < lookMost
	})
	return due, fault
}
