package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/release"
)

// Releases asks once a week, on Mondays, for the figures about reports that
// may be told. What may be told, and whether anything may, the decision sees
// for itself; a week in which it is nothing leaves no trace.
//
// Its log names no complaint and no number of them.
type Releases struct {
	Desk   Submitter
	Clock  ledger.Clock
	Faults *slog.Logger

	done  ledger.Date // the Monday that was seen to
	fault string      // that was logged last
}

// mostCommands bounds one release: each takes thousands of reports, and what
// is left over waits for the next look.
const mostCommands = 1000

// Run looks whenever the ticker fires, until ctx ends.
func (r *Releases) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			r.note(ctx, r.Once(ctx))
		case <-ctx.Done():
			return
		}
	}
}

// note logs a fault once for as long as it stays the same.
func (r *Releases) note(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	fault := ""
	if err != nil {
		e := ledger.AsError(err)
		if fault = e.Rule; fault != r.fault {
			r.Faults.Error("release of figures", "rule", e.Rule, "error", e.Text.En)
		}
	}
	r.fault = fault
}

// Once asks for this week's release, part by part, unless it was seen to. A
// release that was interrupted is taken up from its first part: what is on
// record is recognised and changes nothing.
func (r *Releases) Once(ctx context.Context) error {
	due := monday(r.Clock())
	if due == r.done {
		return nil
	}
	part := 1
	for range mostCommands {
		input, err := json.Marshal(release.Publish{Date: due, Part: part})
		if err != nil {
			return err
		}
		receipt, err := r.Desk.Submit(ctx, ledger.Actor{Account: ledger.System}, "release.publish", fmt.Sprintf("release-%s-%d", due, part), input)
		if err == nil {
			part += len(receipt.Events)
			continue
		}
		switch ledger.AsError(err).Rule {
		case "release.done", "release.nothing", "release.too_soon":
			r.done = due
			return nil
		}
		return err
	}
	return nil
}

// monday is the last Monday, in China's civil time.
func monday(now time.Time) ledger.Date {
	now = now.In(ledger.Beijing)
	return ledger.DateOf(now.AddDate(0, 0, -int(now.Weekday()+6)%7))
}
