package seeds

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// Submitter is the desk.
type Submitter interface {
	Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error)
}

// Clock stands where it is set; Now is the ledger.Clock of the desk that a
// scenario is played to. It is safe for concurrent use.
type Clock struct{ at atomic.Pointer[time.Time] }

// Set moves the clock.
func (c *Clock) Set(t time.Time) { c.at.Store(&t) }

// Now is where it stands, the zero time before it was first set.
func (c *Clock) Now() time.Time {
	if t := c.at.Load(); t != nil {
		return *t
	}
	return time.Time{}
}

// Play submits the scenario step by step, each at its own date by the clock
// that set moves. A step's key is the scenario's id and its number, so that
// playing again changes nothing, and playing on after an interruption goes on
// where it stopped. progress may be nil.
//
// What comes of a step otherwise than expected is a *ledger.Error naming
// scenario and step, and the play ends there; so it does when ctx ends.
func Play(ctx context.Context, to Submitter, set func(time.Time), s Scenario, progress func(done, total int)) error {
	again := false // the last step that wrote had been played before
	for i, step := range s.Steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		set(step.At)
		// What was refused once may be refused otherwise, or not at all, now
		// that the ledger has moved on; it left nothing, so it is passed over.
		if step.Refused == "" || !again {
			receipt, err := to.Submit(ctx, step.By.Actor(), step.Do, step.key, step.With)
			if err = step.judge(err); err != nil {
				return inScenario(s.ID, step.place, err)
			}
			again = receipt.Repeated
		}
		if progress != nil {
			progress(i+1, len(s.Steps))
		}
	}
	return nil
}

// judge compares what came of a step with what was expected.
func (p Step) judge(err error) error {
	if p.Refused == "" {
		return err
	}
	if err == nil {
		return ledger.Refuse("scenario.not_refused", "“%s”本应被 %s 拒绝，却记录了。", "%s was to be refused by %s but was carried out.", p.Do, p.Refused)
	}
	got, ok := errors.AsType[*ledger.Error](err)
	switch {
	case !ok || got.Code == ledger.Internal || got.Code == ledger.Unavailable:
		return err
	case got.Rule != p.Refused:
		return ledger.Refuse("scenario.other_rule", "“%s”本应被 %s 拒绝，实际被 %s 拒绝。", "%s was to be refused by %s but was refused by %s.", p.Do, p.Refused, got.Rule).Because(err)
	}
	return nil
}
