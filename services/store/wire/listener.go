package wire

import (
	"net"
	"sync"
)

// crowd is the connections there are, of all listeners together.
type crowd struct {
	most int
	mu   sync.Mutex
	here map[*conn]bool
}

func newCrowd(most int) *crowd { return &crowd{most: most, here: map[*conn]bool{}} }

// bounded is a listener that closes at once what is one too many.
type bounded struct {
	net.Listener
	crowd *crowd
}

func (l bounded) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if counted := l.crowd.enter(c); counted != nil {
			return counted, nil
		}
		_ = c.Close() // it is turned away
	}
}

func (x *crowd) enter(c net.Conn) net.Conn {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.here) >= x.most {
		return nil
	}
	counted := &conn{Conn: c, crowd: x}
	x.here[counted] = true
	return counted
}

// conn leaves the crowd when it is closed.
type conn struct {
	net.Conn
	crowd *crowd
}

func (c *conn) Close() error {
	c.crowd.mu.Lock()
	delete(c.crowd.here, c)
	c.crowd.mu.Unlock()
	return c.Conn.Close()
}

// leave closes every connection, those too that have not yet said what they
// want.
func (x *crowd) leave() {
	x.mu.Lock()
	all := make([]*conn, 0, len(x.here))
	for c := range x.here {
		all = append(all, c)
	}
	x.mu.Unlock()
	for _, c := range all {
		_ = c.Close() // nobody is left to tell
	}
}
