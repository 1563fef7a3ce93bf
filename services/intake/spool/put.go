package spool

import (
	"context"
)

// Put answers nil once the entry is on disk. The same ID again is answered
// as the first time, also while that is still under way; Data is not looked
// at then. Another report of the box: ErrTaken, whatever proof comes with it; a
// nullifier of another entry: ErrSpent; too many follow-ups of it: ErrFollowUps; no slot free for it: ErrFull.
// Of several that exclude each other exactly one is let in. What was
// cleared is forgotten here: the ledger is the second guard.
//
// After ErrStopped, or when ctx ended while the entry was on its way, it may
// be on disk or not; putting it again is safe. e.Data is not kept.
func (s *Spool) Put(ctx context.Context, e Entry) error {
	c := s.classOf(len(e.Data))
	if c == nil {
		return errLength()
	}
	buf, err := c.buffer(ctx)
	if err != nil {
		return err
	}
	var drawn [8]byte
	if err := s.draw(drawn[:], buf[:saltSize]); err != nil {
		c.give(buf)
		return err
	}
	mine, w, refusal := s.admit(c, e, drawn)
	if mine != nil {
		c.seal(buf, uint64(mine.slot), &e)
		_, err := c.file.WriteAt(buf, c.at(mine.slot))
		s.join(c, w, err)
	}
	c.give(buf)
	if w == nil {
		return refusal
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		select {
		case <-w.done:
		default:
			return errLeft(ctx.Err())
		}
	}
	if w.err != nil {
		return w.err
	}
	return refusal
}

func (s *Spool) classOf(length int) *class {
	for _, c := range s.classes {
		if uint64(length) == c.data {
			return c
		}
	}
	return nil
}

// admit lets an entry in and gives it a slot, or tells what to answer: the
// refusal, once the write it rests on is on disk, where there is one.
func (s *Spool) admit(c *class, e Entry, drawn [8]byte) (mine *held, w *write, refusal error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return nil, nil, err
	}
	if same := s.byID[e.ID]; same != nil {
		return nil, same.written, nil
	}
	if other := s.reports[e.Box]; other != nil && !e.FollowUp {
		return nil, other.written, errTaken() // before the proof, which is spent for that one
	}
	if e.Nullifier != nil {
		if other := s.spent[*e.Nullifier]; other != nil {
			return nil, other.written, errSpent()
		}
	}
	if e.FollowUp && s.followUps[e.Box] >= MaxFollowUps {
		return nil, nil, errFollowUps()
	}
	if len(c.free) == 0 || e.anybodys() && c.anybody >= c.forAnybody() {
		return nil, nil, errFull()
	}
	mine = &held{Entry: e, class: c, slot: c.pick(drawn)}
	mine.Data = nil
	if e.Nullifier != nil {
		own := *e.Nullifier
		mine.Nullifier = &own
	}
	mine.written = newWrite(mine)
	s.add(mine)
	c.writing++
	return mine, mine.written, nil
}
