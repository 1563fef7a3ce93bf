package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"suyuan/services/finding"
	"suyuan/services/ledger"
)

// Evidence is what findings rest on.
type Evidence interface {
	// Touched lists the findings that may rest on what came on record after an
	// ordinal, and tells up to which it looked.
	Touched(after uint64) (ids []string, upto uint64)
	// Outdated tells whether what is on record now gives another explanation
	// than the one a finding rests on.
	Outdated(id string) (Outdated, bool)
}

// Outdated is such a finding. Hash is that of the explanation it would have
// now; Issued, that it is to be marked and not computed anew. Weighed is the
// ordinal up to which it was looked at last, by its version or by a mark: what
// goes back to an earlier explanation is asked for anew.
type Outdated struct {
	ID      string
	Version int
	Weighed uint64
	Hash    string
	Issued  bool
}

// Late asks that findings follow facts that came on record late: one that is
// under way is computed anew, one that is issued is marked for review. It
// looks only at findings that new events can concern, so many at a time;
// whether anything changes the decision sees for itself.
type Late struct {
	Desk     Submitter
	Evidence Evidence
	Faults   *slog.Logger

	at      uint64 // ordinal up to which the findings concerned are known
	waiting []string
	fault   string // that was logged last
}

// lateMost bounds the findings of one look; the next goes on.
const lateMost = 500

// Run looks whenever the ticker fires, until ctx ends.
func (l *Late) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			l.note(ctx, l.Once(ctx))
		case <-ctx.Done():
			return
		}
	}
}

// note logs a fault once for as long as it stays the same, by its rule alone.
func (l *Late) note(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	fault := ""
	if err != nil {
		e := ledger.AsError(err)
		if fault = e.Rule; fault != l.fault {
			l.Faults.Error("late facts", "rule", e.Rule, "error", e.Text.En)
		}
	}
	l.fault = fault
}

// Once looks at the findings that wait, up to a bound. The error is the first
// that is not simply an answer of the desk that nothing is to be done; a desk
// that takes nothing is asked again at the next look.
func (l *Late) Once(ctx context.Context) (fault error) {
	l.gather()
	for range min(len(l.waiting), lateMost) {
		id := l.waiting[0]
		if x, changed := l.Evidence.Outdated(id); changed {
			err := l.submit(ctx, x)
			if ledger.IsCode(err, ledger.Unavailable) || ctx.Err() != nil {
				return err
			}
			if err != nil && fault == nil {
				fault = err // one that fails holds up none behind it
			}
		}
		l.waiting = l.waiting[1:]
	}
	return fault
}

// gather adds the findings that new events can concern, before those that have
// waited since the beginning: of these most rest on nothing new.
func (l *Late) gather() {
	ids, upto := l.Evidence.Touched(l.at)
	l.at = upto
	touched := make(map[string]bool, len(ids))
	for _, id := range ids {
		touched[id] = true
	}
	rest := slices.DeleteFunc(l.waiting, func(id string) bool { return touched[id] })
	l.waiting = slices.Concat(ids, rest)
}

func (l *Late) submit(ctx context.Context, x Outdated) error {
	command, input := "finding.recompute", any(finding.Recompute{ID: x.ID, Because: finding.ByLateFacts})
	if x.Issued {
		command, input = "finding.mark_review", finding.MarkReview{ID: x.ID}
	}
	data, err := json.Marshal(input)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("late-%s-%d-%d-%.16s", x.ID, x.Version, x.Weighed, x.Hash)
	_, err = l.Desk.Submit(ctx, ledger.Actor{Account: ledger.System}, command, key, data)
	for _, code := range []ledger.Code{ledger.Refused, ledger.Conflict, ledger.NotFound} {
		if ledger.IsCode(err, code) {
			return nil
		}
	}
	return err
}
