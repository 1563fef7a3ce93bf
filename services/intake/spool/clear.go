package spool

import "slices"

// Clear overwrites the slots of these entries with fresh random bytes, and
// answers once that is on disk. IDs that do not wait are passed over. It may
// be called within Ordered.
func (s *Spool) Clear(ids ...[32]byte) error {
	s.clearing.Lock() // a second call with the same IDs answers after the first
	defer s.clearing.Unlock()
	n, err := s.noise()
	if err != nil {
		return err
	}
	for _, c := range s.classes {
		gone, err := s.leave(c, ids)
		if err != nil {
			return err
		}
		if len(gone) == 0 {
			continue
		}
		buf := make([]byte, min(c.slotSize(), scrubBytes))
		err = s.change(c, func() error {
			for _, h := range gone {
				if err := c.overwrite(h.slot, n, buf); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		s.forget(c, gone)
	}
	return nil
}

// scrubBytes is how much noise is made at a time.
const scrubBytes = 256 << 10

// leave takes the entries of a class that are to go, in the order they lie.
func (s *Spool) leave(c *class, ids [][32]byte) (gone []*held, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if h := s.byID[id]; h.durable() && h.class == c && !h.clearing {
			h.clearing = true
			gone = append(gone, h)
		}
	}
	slices.SortFunc(gone, func(a, b *held) int { return a.slot - b.slot })
	if len(gone) > 0 {
		c.writing++
	}
	return gone, nil
}

func (s *Spool) forget(c *class, gone []*held) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range gone {
		s.drop(h)
		c.free = append(c.free, uint32(h.slot))
	}
}

// change writes, and waits until that is on disk; c.writing counts it already.
func (s *Spool) change(c *class, write func() error) error {
	w := newWrite(nil)
	s.join(c, w, write())
	<-w.done
	return w.err
}

// Stir overwrites one free slot of each size, where there is one, with fresh
// random bytes: a write like any other. Called at a fixed pace it keeps what a
// filesystem notes about the last write from telling of an arrival.
func (s *Spool) Stir() error {
	n, err := s.noise()
	if err != nil {
		return err
	}
	for _, c := range s.classes {
		slot, err := s.borrow(c, n)
		if err != nil {
			return err
		}
		if slot < 0 {
			continue
		}
		buf := make([]byte, min(c.slotSize(), scrubBytes))
		if err := s.change(c, func() error { return c.overwrite(slot, n, buf) }); err != nil {
			return err
		}
		s.mu.Lock()
		c.free = append(c.free, uint32(slot))
		s.mu.Unlock()
	}
	return nil
}

// borrow takes a free slot, -1 where there is none.
func (s *Spool) borrow(c *class, n noise) (int, error) {
	var drawn [8]byte
	n.fill(drawn[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return 0, err
	}
	if len(c.free) == 0 {
		return -1, nil
	}
	c.writing++
	return c.pick(drawn), nil
}
