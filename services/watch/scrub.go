package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
)

// Scrub reads the whole log again and again, slowly, and reports the first
// event that is no longer what was appended: a bit that flips in a file that
// nobody reads would otherwise be found too late.
type Scrub struct {
	Log      ledger.Log
	Verify   func(context.Context) error // the engine's own check, nil where it has none
	Verifier string
	Damaged  func(error)
	Faults   *slog.Logger
	Pause    func(context.Context) error // after every so many events
	Done     func(error)                 // told the result of every scrub; nil where nobody asks
	// Folded is how many events the read model stands on now, and the root over
	// them; nil where there is none. A read model from a snapshot never saw the
	// events themselves.
	Folded func() (size uint64, root ledger.Hash)
}

// scrubBatch is how many events are checked between two pauses.
const scrubBatch = 2000

// Run scrubs whenever the ticker fires, until ctx ends or damage is found.
func (s Scrub) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
			err := s.Once(ctx)
			if s.Done != nil {
				s.Done(err)
			}
			if errors.Is(err, ledger.ErrDamaged) {
				s.Damaged(err)
				return
			}
			if err != nil && ctx.Err() == nil {
				s.Faults.Error("scrub", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Once reads the log from its first event to its present end, and holds the
// read model against what it finds.
func (s Scrub) Once(ctx context.Context) error {
	if s.Verify != nil {
		if err := s.Verify(ctx); err != nil {
			return err
		}
	}
	var size uint64
	var root ledger.Hash
	if s.Folded != nil {
		size, root = s.Folded() // before the log is read, so that it holds them all
	}
	c := checkpoint.Checker{Verifier: s.Verifier}
	n := uint64(0)
	for e, err := range s.Log.All(ctx, ledger.Position{}) {
		if err != nil {
			return err
		}
		if err := c.Next(e); err != nil {
			return err
		}
		if n++; n == size && c.Report().Root != root {
			return otherwise(size)
		}
		if n%scrubBatch == 0 {
			if err := s.Pause(ctx); err != nil {
				return err
			}
		}
	}
	if n < size {
		return otherwise(size)
	}
	return nil
}

// otherwise: the log agrees with itself and is not what was folded. Whichever
// is wrong, nothing more is to be decided on those rows.
func otherwise(size uint64) error {
	return &ledger.Damage{Ordinal: 1, Why: fmt.Sprintf("among events 1 to %d there are others than those the read model was made from; stop the ledger and start it again with the snapshot removed: it then reads all of the log", size)}
}
