package spool

import (
	"runtime"
)

// patience is how often the committer looks in vain for writers to come back.
const patience = 64

// run is the one goroutine that syncs a class's file. There is no timer: while
// a sync is under way, what the next one is for gathers.
func (s *Spool) run(c *class) {
	defer close(c.stopped)
	for range c.wake {
		batch, over := s.take(c)
		if over {
			return
		}
		if len(batch) == 0 {
			continue
		}
		if err := c.file.sync(); err != nil {
			s.stop(err)
			c.poke() // Close may wait
			continue
		}
		s.settle(c)
		s.gather(c, len(batch))
	}
}

// take makes what has been written wait for the sync that begins now.
func (s *Spool) take(c *class) (batch []*write, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.flight, c.open = c.open, nil
	return c.flight, s.closed && c.writing == 0 && len(c.flight) == 0
}

// settle answers those the sync was for. Where the other class's has failed
// meanwhile they have been told so already.
func (s *Spool) settle(c *class) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range c.flight {
		w.settle(nil)
	}
	c.flight = nil
	if len(c.open) > 0 || s.closed {
		c.poke()
	}
}

// gather lets those whom a sync has woken come back with their next write
// before the next sync begins: otherwise they fall into two halves, of which
// one gathers while the other syncs.
func (s *Spool) gather(c *class, woken int) {
	had := s.waiting(c)
	for want, idle := had+woken, 0; had < want && idle < patience; idle++ {
		runtime.Gosched()
		if now := s.waiting(c); now > had {
			had, idle = now, 0
		}
	}
}

func (s *Spool) waiting(c *class) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(c.open)
}

// join lets a write that has ended wait for the next sync. One that failed
// ends the spool: nobody knows what of it is on disk.
func (s *Spool) join(c *class, w *write, err error) {
	if err != nil {
		s.stop(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.writing--
	if s.reason != nil {
		w.settle(errStopped(s.reason))
	} else {
		c.open = append(c.open, w)
	}
	c.poke()
}

func (c *class) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// close lets the committer end once nothing is on its way.
func (c *class) close() error {
	c.poke()
	<-c.stopped
	return c.file.Close()
}
