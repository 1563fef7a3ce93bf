package sqlite

import "sync"

// readers is how many connections read at once. A page takes well under a
// millisecond, so more would only fill memory with caches.
const readers = 8

// pool hands out connections that only read, opening them when first needed.
type pool struct {
	open  func() (*conn, error)
	slots chan *conn // nil: not opened yet
	mu    sync.RWMutex
	done  bool
}

func newPool(open func() (*conn, error)) *pool {
	p := &pool{open: open, slots: make(chan *conn, readers)}
	for range readers {
		p.slots <- nil
	}
	return p
}

// with runs f with a connection. Closing the pool waits for f.
func (p *pool) with(f func(*conn) error) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.done {
		return errClosed()
	}
	c := <-p.slots
	defer func() { p.slots <- c }()
	if c == nil {
		opened, err := p.open()
		if err != nil {
			return err
		}
		c = opened
	}
	return f(c)
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	p.done = true
	for range readers {
		if c := <-p.slots; c != nil {
			_ = c.close() // it has only read
		}
	}
}
