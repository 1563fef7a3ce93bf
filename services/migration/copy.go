package migration

import (
	"bytes"
	"context"
	"errors"

	"suyuan/services/checkpoint"
	"suyuan/services/ledger"
)

// Stages of a copy, for whoever shows its progress.
const (
	Comparing = "comparing what is there"
	Copying   = "copying events"
	Verifying = "verifying the copy"
)

const (
	maxRounds = 5    // comparisons with a target that somebody else writes to as well
	maxPasses = 100  // looks for what a source has gained meanwhile
	toldEvery = 1024 // events between two words about progress while reading
)

// Options of a copy. The zero value leaves signatures unchecked and says
// nothing on the way.
type Options struct {
	// Verifier is the key that the source's checkpoints must be signed with.
	Verifier string
	// Progress is told how many of how many events a stage has done; of is 0
	// where the source cannot tell.
	Progress func(stage string, done, of uint64)
	// Wait lets time pass before something is tried again; tries is how often
	// it has failed, from 1. Nil: a tenth of a second, doubled up to five.
	Wait func(ctx context.Context, tries int) error
}

// Report is what a copy came to.
type Report struct {
	checkpoint.Report        // of the target, read back from its first event
	Found             uint64 // events that the target held before
	Written           uint64 // events that were added to it, as it said itself
	Appends           uint64 // in so many appends
	Growing           bool   // the source has gained events since: copy again when nobody writes to it
}

// Copy makes the log to equal to the log from. What to holds already must be
// from's own beginning, byte for byte; anything else is refused before
// anything is written. It goes on where an earlier copy was interrupted, also
// one that was killed. What breaks off on the way is tried again a bounded
// number of times. On success the target was read back whole and has the
// source's size and root; the error is a *ledger.Error otherwise, or the
// context's, and the report says what is known to be written until then.
func Copy(ctx context.Context, from, to ledger.Log, o Options) (Report, error) {
	if o.Progress == nil {
		o.Progress = func(string, uint64, uint64) {}
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	c := &copier{from: from, to: to, Options: o}
	if h, ok := from.(interface{ Head() ledger.Position }); ok {
		c.of = h.Head().Ordinal
	}
	err := c.rounds(ctx)
	return c.Report, c.told(ctx, err)
}

// copier is one copy under way.
type copier struct {
	from, to ledger.Log
	Options
	Report
	of     uint64 // events in the source, 0 where it cannot tell
	source checkpoint.Checker
	begun  bool            // something may have been written
	open   *run            // the last, where the target may have it without having said so
	held   uint64          // events of the source that the target is known to hold
	last   ledger.Position // of the last event that was read from the source
}

// rounds begins again where somebody else wrote to the target, or an append of
// a copy that was killed arrived late: what is there now is compared anew.
func (c *copier) rounds(ctx context.Context) error {
	for round := 1; ; round++ {
		had := c.held
		err := c.round(ctx)
		if err == nil {
			break
		}
		if c.held > had {
			round = 1 // it came further, and can do so only so often
		}
		if !errors.Is(err, ledger.ErrWrongRevision) || round == maxRounds {
			return err
		}
		if err := c.Wait(ctx, round); err != nil {
			return err
		}
	}
	if err := c.verify(ctx); err != nil {
		return err
	}
	return c.peek(ctx)
}

// round compares what the target holds and adds what is missing.
func (c *copier) round(ctx context.Context) error {
	c.source, c.last = checkpoint.Checker{Verifier: c.Verifier}, ledger.Position{}
	from := reading(ctx, c.from, c.Wait, atSource)
	defer from.close()
	found, err := c.compare(ctx, from)
	if !c.begun { // a later round finds this copy's own events too
		c.Found, c.held = found, found
	}
	if err != nil {
		return err
	}
	c.begun = true
	return c.add(ctx, from)
}

// compare walks both logs together up to the target's end.
func (c *copier) compare(ctx context.Context, from *cursor) (found uint64, err error) {
	to := reading(ctx, c.to, c.Wait, atTarget)
	defer to.close()
	for {
		is, ok, err := to.next()
		if err != nil || !ok {
			if found > 0 {
				c.Progress(Comparing, found, found)
			}
			return found, err
		}
		must, ok, err := c.read(from)
		switch {
		case err != nil:
			return found, err
		case !ok:
			return found, longer(found)
		case !same(must, is):
			return found, other(must, is)
		}
		if found++; found%toldEvery == 0 {
			c.Progress(Comparing, found, c.of)
		}
	}
}

// add appends what the source has behind the events of the target.
func (c *copier) add(ctx context.Context, from *cursor) error {
	var r run
	flush := func() error {
		if len(r.records) == 0 {
			return nil
		}
		if err := c.append(ctx, &r); err != nil {
			return err
		}
		r.clear()
		c.Progress(Copying, c.held, max(c.of, c.held))
		return nil
	}
	for pass, before := 0, c.last; pass < maxPasses; pass++ {
		for {
			e, ok, err := c.read(from)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			if !r.takes(e) {
				if err := flush(); err != nil {
					return err
				}
			}
			r.add(e)
		}
		if err := flush(); err != nil {
			return err
		}
		if c.last == before {
			return nil // a whole look found nothing new
		}
		before = c.last
	}
	return nil // peek says that there is more
}

// read takes the source's next event and checks it.
func (c *copier) read(from *cursor) (ledger.Recorded, bool, error) {
	e, ok, err := from.next()
	if err != nil || !ok {
		return e, false, err
	}
	if err := c.source.Next(e); err != nil {
		return e, false, atSource.fault(err)
	}
	c.last = e.Position
	return e, true, nil
}

// append adds a run. What leaves open whether it was persisted is sent again,
// the same at the same place, which the contract of ledger.Log makes safe.
func (c *copier) append(ctx context.Context, r *run) error {
	for tries := 1; ; tries++ {
		_, err := c.to.Append(ctx, r.stream, r.expect, r.records...)
		if err == nil {
			c.Appends++
			c.held = max(c.held, r.first-1+uint64(len(r.records))) // it may be a repeat of an earlier round's
			c.Written = c.held - c.Found
			c.open = nil
			return nil
		}
		switch {
		case errors.Is(err, ledger.ErrWrongRevision):
			c.open = nil // its place is another's
		case !final(err):
			c.open = r
		}
		if final(err) || tries == maxTries {
			return r.refused(err)
		}
		if err := c.Wait(ctx, tries); err != nil {
			return err
		}
	}
}

// verify reads the target from its first event and holds it against what was
// read from the source.
func (c *copier) verify(ctx context.Context) error {
	to := reading(ctx, c.to, c.Wait, atTarget)
	defer to.close()
	target, want := checkpoint.Checker{Verifier: c.Verifier}, c.source.Report()
	for done := uint64(0); ; {
		e, ok, err := to.next()
		if err != nil {
			return err
		}
		if !ok {
			c.Progress(Verifying, done, want.Events)
			break
		}
		if err := target.Next(e); err != nil {
			return atTarget.fault(err)
		}
		if done++; done%toldEvery == 0 {
			c.Progress(Verifying, done, want.Events)
		}
	}
	c.Report.Report = target.Report()
	if c.Report.Report != want {
		return unequal(want, c.Report.Report)
	}
	return nil
}

// peek looks whether the source has gained events while the target was read.
func (c *copier) peek(ctx context.Context) error {
	from := reading(ctx, c.from, c.Wait, atSource)
	defer from.close()
	from.at = c.last
	_, more, err := from.next()
	c.Growing = more
	return err
}

// same reports whether two events are one, byte for byte and at one place.
func same(a, b ledger.Recorded) bool {
	return a.ID == b.ID && a.Stream == b.Stream && a.Revision == b.Revision && a.Type == b.Type &&
		bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta) && a.Position.Ordinal == b.Position.Ordinal
}
