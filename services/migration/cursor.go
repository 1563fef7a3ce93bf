package migration

import (
	"context"
	"errors"
	"iter"
	"time"

	"suyuan/services/ledger"
)

// maxTries is how often in a row one thing is tried that gets no answer.
const maxTries = 10

// cursor reads a log from its beginning. Where reading breaks off it goes on
// behind the last event it gave, and behind the log's end too when it is asked
// again.
type cursor struct {
	ctx   context.Context
	log   ledger.Log
	side  side
	wait  func(context.Context, int) error
	at    ledger.Position
	tries int // failures since the last event
	pull  func() (ledger.Recorded, error, bool)
	stop  func()
}

func reading(ctx context.Context, log ledger.Log, wait func(context.Context, int) error, s side) *cursor {
	return &cursor{ctx: ctx, log: log, side: s, wait: wait}
}

// next gives the next event, or false at the log's present end.
func (c *cursor) next() (ledger.Recorded, bool, error) {
	for {
		if c.pull == nil {
			c.pull, c.stop = iter.Pull2(c.log.All(c.ctx, c.at))
		}
		e, err, ok := c.pull()
		if ok && err == nil {
			c.at, c.tries = e.Position, 0
			return e, true, nil
		}
		c.close()
		if err == nil {
			return e, false, c.ctx.Err()
		}
		if c.tries++; final(err) || c.tries >= maxTries {
			return e, false, c.side.fault(err)
		}
		if err := c.wait(c.ctx, c.tries); err != nil {
			return e, false, err
		}
	}
}

// close lets go of the log; next would begin again.
func (c *cursor) close() {
	if c.stop != nil {
		c.stop()
	}
	c.pull, c.stop = nil, nil
}

// final reports whether trying again would not help. Waiting ends where nobody
// is interested any more, so that is not looked at here.
func final(err error) bool {
	for _, settled := range []error{ledger.ErrDamaged, ledger.ErrWrongRevision, ledger.ErrTooLarge, ledger.ErrReadOnly} {
		if errors.Is(err, settled) {
			return true
		}
	}
	e, ok := errors.AsType[*ledger.Error](err)
	return ok && (e.Code != ledger.Unavailable || lasting[e.Rule])
}

// lasting are the rules of what is out of reach until somebody sees to it.
var lasting = map[string]bool{"store.cluster_denied": true, "store.cluster_old": true, "store.closed": true}

const (
	shortestWait = 100 * time.Millisecond
	longestWait  = 5 * time.Second
)

func wait(ctx context.Context, tries int) error {
	timer := time.NewTimer(min(shortestWait<<min(tries-1, 10), longestWait))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
