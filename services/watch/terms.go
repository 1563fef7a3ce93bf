package watch

import (
	"context"
	"log/slog"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/finding"
	"suyuan/services/ledger"
)

// Findings is what the periods of findings are read from.
type Findings interface {
	// Running calls use for every finding of which something can still run out,
	// until use returns false. It holds the findings still meanwhile: use asks
	// nothing of them, and of nobody who waits for them.
	Running(use func(id string, t finding.Timing) bool)
}

// Terms asks for what has run out of findings: mirrored items that were not
// answered, periods to appeal in which nobody did, appeals that should have
// been decided, and findings that a later one takes the place of. Whether the
// day has come the decision sees for itself.
type Terms struct {
	Desk     Submitter
	Findings Findings
	Calendar *calendar.Calendar // nil: what needs none still goes on
	Clock    ledger.Clock
	Faults   *slog.Logger

	looked looked
}

// Run looks whenever the ticker fires, until ctx ends.
func (x *Terms) Run(ctx context.Context, tick <-chan time.Time) {
	x.looker().run(ctx, tick, &x.looked)
}

// Once asks for what has run out, unless all of it was asked for already on
// this day and within the hour.
func (x *Terms) Once(ctx context.Context) error { return x.looker().once(ctx, &x.looked) }

func (x *Terms) looker() looker {
	return looker{name: "periods of findings", desk: x.Desk, clock: x.Clock, faults: x.Faults, due: x.due}
}

// due collects first and asks later: the desk waits for what is folded.
func (x *Terms) due(now time.Time) (due []call, fault error) {
	x.Findings.Running(func(id string, t finding.Timing) bool {
		list, err := t.Due(id, x.Calendar, now)
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
