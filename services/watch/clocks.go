package watch

import (
	"context"
	"encoding/json"
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

	looked time.Time // when everything due was last asked for
	fault  string    // that was logged last
}

const (
	// lookEvery is how often all is looked at within one day. Nothing falls due
	// but at midnight; what was not folded yet, or came back, is found then.
	lookEvery = time.Hour
	// lookMost bounds one look; the next goes on.
	lookMost = 10_000
	// mostFailed is how many commands of one look may fail before it is given up.
	mostFailed = 100
)

// Run looks whenever the ticker fires, until ctx ends.
func (c *Clocks) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			c.note(ctx, c.Once(ctx))
		case <-ctx.Done():
			return
		}
	}
}

// note logs a fault once for as long as it stays the same, by its rule alone.
func (c *Clocks) note(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	fault := ""
	if err != nil {
		e := ledger.AsError(err)
		fault = e.Rule
		if fault != c.fault {
			c.Faults.Error("clocks of complaints", "rule", e.Rule, "error", e.Text.En)
		}
	}
	c.fault = fault
}

// Once asks for what is due, unless all of it was asked for already on this
// day and within the hour. The error is the first that is not simply an answer
// of the desk that nothing is to be done; what it did not concern was done.
func (c *Clocks) Once(ctx context.Context) error {
	now := c.Clock()
	if ledger.DateOf(c.looked) == ledger.DateOf(now) && now.Sub(c.looked) < lookEvery && !now.Before(c.looked) {
		return nil
	}
	due, fault := c.due(now)
	whole, failed := len(due) < lookMost, 0
	for _, d := range due {
		err := c.submit(ctx, d)
		if err == nil {
			continue // one that fails holds up none behind it
		}
		if failed++; fault == nil || failed == 1 {
			fault = err
		}
		if failed == mostFailed || ledger.IsCode(err, ledger.Unavailable) || ctx.Err() != nil {
			return fault // the desk takes nothing at present
		}
	}
	if whole && failed == 0 {
		c.looked = now // else from the start, at the next tick
	}
	return fault
}

// due collects first and asks later: the desk waits for the docket.
func (c *Clocks) due(now time.Time) (due []complaint.Due, fault error) {
	c.Docket.Running(func(id string, t complaint.Timing) bool {
		list, err := t.Due(id, c.Calendar, now)
		if err != nil && fault == nil {
			fault = err
		}
		due = append(due, list...)
		return len(due) < lookMost
	})
	return due, fault
}

// submit takes a refusal for an answer: another server, or somebody at work,
// was quicker.
func (c *Clocks) submit(ctx context.Context, d complaint.Due) error {
	input, err := json.Marshal(d.Input)
	if err != nil {
		return err
	}
	_, err = c.Desk.Submit(ctx, ledger.Actor{Account: ledger.System}, d.Command, d.Key, input)
	for _, code := range []ledger.Code{ledger.Refused, ledger.Conflict, ledger.NotFound} {
		if ledger.IsCode(err, code) {
			return nil
		}
	}
	return err
}
