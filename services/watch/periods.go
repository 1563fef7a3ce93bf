package watch

import (
	"context"
	"log/slog"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/finding"
	"suyuan/services/ledger"
)

// Clocks asks for what is due on complaints: reminders, supervision, the next
// level, the closing of what nobody answered, and the record of turns that
// were let pass. Its log names no complaint.
type Clocks = Periods[complaint.Due, complaint.Timing]

// Mergers asks that complaints be settled of which a merger left something to
// the system. Its log names no complaint.
type Mergers = Periods[complaint.Due, complaint.Unsettled]

// Terms asks for what has run out of findings: mirrored items that were not
// answered, periods to appeal in which nobody did, appeals that should have
// been decided, and findings that a later one takes the place of.
type Terms = Periods[finding.Due, finding.Timing]

// Due is a command whose day has come, as the subjects name it.
type Due interface {
	~struct {
		Command string
		Key     string
		Input   any
	}
}

// Timing is everything of one subject that runs out by itself. An error comes
// with what is certain without it.
type Timing[D Due] interface {
	Due(id string, cal *calendar.Calendar, now time.Time) ([]D, error)
}

// Running is what periods are read from.
type Running[T any] interface {
	// Running calls use for every subject of which something can still run out,
	// until use returns false. It holds them still meanwhile: use asks nothing
	// of it, and of nobody who waits for it.
	Running(use func(id string, t T) bool)
}

// Periods asks for what has run out of subjects of one kind. What it asks for
// holds no date, so that asking again, or from another server, changes nothing;
// whether the day has come the decision sees for itself.
type Periods[D Due, T Timing[D]] struct {
	Of       string // whose they are, for the log
	Desk     Submitter
	Subjects Running[T]
	Calendar *calendar.Calendar // nil: what needs none still goes on
	Clock    ledger.Clock
	Faults   *slog.Logger

	looked looked
}

// Run looks whenever the ticker fires, until ctx ends.
func (p *Periods[D, T]) Run(ctx context.Context, tick <-chan time.Time) {
	p.looker().run(ctx, tick, &p.looked)
}

// Once asks for what is due, unless all of it was asked for already on this
// day and within the hour. The error is the first that is not simply an answer
// of the desk that nothing is to be done; what it did not concern was done.
func (p *Periods[D, T]) Once(ctx context.Context) error { return p.looker().once(ctx, &p.looked) }

func (p *Periods[D, T]) looker() looker {
	return looker{name: "periods of " + p.Of, desk: p.Desk, clock: p.Clock, faults: p.Faults, due: p.due}
}

// due collects first and asks later: the desk waits for what is folded.
func (p *Periods[D, T]) due(now time.Time) (due []call, fault error) {
	p.Subjects.Running(func(id string, t T) bool {
		list, err := t.Due(id, p.Calendar, now)
		if err != nil && fault == nil {
			fault = err
		}
		for _, d := range list {
			due = append(due, call(d))
		}
		return len(due) < lookMost
	})
	return due, fault
}
