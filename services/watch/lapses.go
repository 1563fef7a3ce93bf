package watch

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
)

// Objections are those nobody has answered.
type Objections interface {
	// Lapsing calls use for every open objection whose days are over at a
	// moment, until use returns false. The error is the first of those that
	// could not be told; use asks nothing of what it is called from.
	Lapsing(now time.Time, use func(assignment.Lapse) bool) error
}

// Lapses asks that objections nobody answered in time lapse, and so charge the
// units that owed the answers. Whether the day has come the decision sees for
// itself.
type Lapses struct {
	Desk       Submitter
	Objections Objections
	Clock      ledger.Clock
	Faults     *slog.Logger

	looked looked
}

// Run looks whenever the ticker fires, until ctx ends.
func (l *Lapses) Run(ctx context.Context, tick <-chan time.Time) {
	l.looker().run(ctx, tick, &l.looked)
}

// Once asks for what has lapsed, unless all of it was asked for already on
// this day and within the hour.
func (l *Lapses) Once(ctx context.Context) error { return l.looker().once(ctx, &l.looked) }

func (l *Lapses) looker() looker {
	return looker{name: "objections nobody answered", desk: l.Desk, clock: l.Clock, faults: l.Faults, due: l.due}
}

func (l *Lapses) due(now time.Time) (due []call, fault error) {
	fault = l.Objections.Lapsing(now, func(c assignment.Lapse) bool {
		due = append(due, call{"assignment.lapse", fmt.Sprintf("lapse-%s-%s-%s", c.Issuance, c.Unit, c.ID), c})
		return len(due) < lookMost
	})
	return due, fault
}
