package intake

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"suyuan/services/ledger"
)

// Schedule says when a cut is due: daily at a time of China's day, or, for
// demonstrations and tests, whenever a while has passed.
type Schedule struct {
	At    time.Duration // after midnight
	Every time.Duration // 0: daily
	Clock ledger.Clock
}

// Due is the day of the last cut that should have been made.
func (s Schedule) Due() ledger.Date { return ledger.DateOf(s.Clock().Add(-s.At)) }

// Next is the day of the next cut.
func (s Schedule) Next() ledger.Date {
	now := s.Clock()
	if s.Every > 0 {
		return ledger.DateOf(now)
	}
	return ledger.DateOf(now.Add(24*time.Hour - s.At))
}

// Cutter makes the cuts. What it logs tells nothing of whether anything
// waited.
type Cutter struct {
	Schedule Schedule
	Cut      func(ctx context.Context, day ledger.Date) error
	Stir     func() error                // a write to the spool like any other
	Last     func() (ledger.Date, error) // the Due for which a cut was made last; "" for none
	Keep     func(ledger.Date) error
	Faults   *slog.Logger
	After    func() // called after each cut that was made

	looking, cutting, stirring string // their faults of the last time
	made                       time.Time
	tried                      ledger.Date
	tries                      int
}

// tries is how often a cut that is due is tried: it must not become one a
// minute, which would tell when something came.
const tries = 3

// Run looks at every tick whether a cut is due, makes one at once if one was
// missed, and stirs the spool, until ctx ends. A cut that fails is tried again
// at the next ticks, a few times; then the next one that is due finishes it.
func (c *Cutter) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		if c.due() {
			if err := c.cut(ctx); ctx.Err() == nil {
				c.say(&c.cutting, err)
			}
		}
		c.say(&c.stirring, c.Stir())
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

func (c *Cutter) due() bool {
	if c.Schedule.Every > 0 {
		return c.made.IsZero() || c.Schedule.Clock().Sub(c.made) >= c.Schedule.Every
	}
	last, err := c.Last()
	due := c.Schedule.Due()
	if c.tried != due {
		c.tried, c.tries = due, 0
	}
	return c.say(&c.looking, err) && last < due && c.tries < tries
}

func (c *Cutter) cut(ctx context.Context) error {
	due, now := c.Schedule.Due(), c.Schedule.Clock()
	c.tries++
	err := c.Cut(ctx, ledger.DateOf(now))
	if left, ok := errors.AsType[*Left](err); err != nil && (!ok || left == nil) {
		return err
	}
	c.made = now
	if c.After != nil {
		c.After()
	}
	return errors.Join(err, c.Keep(due))
}

// say reports whether all is well, and logs a fault once for as long as it
// lasts: again only when it returns, or is another.
func (c *Cutter) say(before *string, err error) bool {
	if err == nil {
		*before = ""
		return true
	}
	if text := err.Error(); text != *before {
		*before = text
		c.Faults.Error("the spool of reports, or a cut, has a fault; what waits stays there", "error", err)
	}
	return false
}
