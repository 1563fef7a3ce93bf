package watch

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"suyuan/services/ledger"
)

// call is a command of the system whose day has come. It holds no date: asked
// for again, or by another server, it is the same command under the same key.
type call struct {
	Command, Key string
	Input        any
}

// looker asks for what is due: all of it once a day, and again within the day
// every hour.
type looker struct {
	name   string // whose faults they are, for the log
	desk   Submitter
	clock  ledger.Clock
	faults *slog.Logger
	// due lists, up to lookMost, what has run out. An error comes with what is
	// certain without it.
	due func(now time.Time) ([]call, error)
}

// looked is what a looker remembers.
type looked struct {
	at    time.Time // when everything due was last asked for
	fault string    // that was logged last
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

// run looks whenever the ticker fires, until ctx ends.
func (l looker) run(ctx context.Context, tick <-chan time.Time, m *looked) {
	for {
		select {
		case <-tick:
			l.note(ctx, l.once(ctx, m), m)
		case <-ctx.Done():
			return
		}
	}
}

// note logs a fault once for as long as it stays the same, by its rule alone.
func (l looker) note(ctx context.Context, err error, m *looked) {
	if ctx.Err() != nil {
		return
	}
	fault := ""
	if err != nil {
		e := ledger.AsError(err)
		fault = e.Rule
		if fault != m.fault {
			l.faults.Error(l.name, "rule", e.Rule, "error", e.Text.En)
		}
	}
	m.fault = fault
}

// once asks for what is due, unless all of it was asked for already on this
// day and within the hour. The error is the first that is not simply an answer
// of the desk that nothing is to be done; what it did not concern was done.
func (l looker) once(ctx context.Context, m *looked) error {
	now := l.clock()
	if ledger.DateOf(m.at) == ledger.DateOf(now) && now.Sub(m.at) < lookEvery && !now.Before(m.at) {
		return nil
	}
	due, fault := l.due(now)
	whole, failed := len(due) < lookMost, 0
	for _, d := range due {
		err := l.submit(ctx, d)
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
		m.at = now // else from the start, at the next tick
	}
	return fault
}

// submit takes a refusal for an answer: another server, or somebody at work,
// was quicker.
func (l looker) submit(ctx context.Context, d call) error {
	input, err := json.Marshal(d.Input)
	if err != nil {
		return err
	}
	_, err = l.desk.Submit(ctx, ledger.Actor{Account: ledger.System}, d.Command, d.Key, input)
	for _, code := range []ledger.Code{ledger.Refused, ledger.Conflict, ledger.NotFound} {
		if ledger.IsCode(err, code) {
			return nil
		}
	}
	return err
}
