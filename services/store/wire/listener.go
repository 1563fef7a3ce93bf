package wire

import (
	"context"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc/peer"
)

// crowd is the connections there are, of all listeners together. It knows of
// each whether anybody was admitted on it and whether it has calls, and nothing
// of where it comes from.
type crowd struct {
	most   int
	within time.Duration // somebody must be admitted on a connection
	mu     sync.Mutex
	here   map[*conn]bool
	turn   uint64 // counts up as connections become idle
}

// questions is how many calls one connection may have at once on which nobody
// need be admitted.
const questions = 4

func newCrowd(most int, within time.Duration) *crowd {
	return &crowd{most: most, within: within, here: map[*conn]bool{}}
}

// bounded is a listener whose connections are counted.
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
		counted, leaves := l.crowd.enter(c)
		if leaves != nil {
			_ = leaves.Close() // it has made room
		}
		if counted != nil {
			return counted, nil
		}
		_ = c.Close() // it is turned away
	}
}

// enter counts a connection, nil where there is no room. Another one may have
// to leave for it.
func (x *crowd) enter(c net.Conn) (counted net.Conn, leaves *conn) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.here) >= x.most {
		if leaves = x.idle(); leaves == nil {
			return nil, nil
		}
		delete(x.here, leaves)
	}
	x.turn++
	n := &conn{Conn: c, crowd: x, since: x.turn}
	n.late = time.AfterFunc(x.within, n.tooLate)
	x.here[n] = true
	return n, leaves
}

// idle is the connection without calls that goes first; under mu.
func (x *crowd) idle() (first *conn) {
	for c := range x.here {
		if c.calls > 0 {
			continue
		}
		if first == nil || !c.admitted && first.admitted || c.admitted == first.admitted && c.since < first.since {
			first = c
		}
	}
	return first
}

// begins counts a call on its connection until it leaves. It is refused where
// there are too many that anybody may make.
func (x *crowd) begins(ctx context.Context, admitted bool) (leave func(), ok bool) {
	p, _ := peer.FromContext(ctx)
	if p == nil {
		return func() {}, true
	}
	c, ours := p.Addr.(*conn)
	if !ours {
		return func() {}, true
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	count := &c.calls
	if !admitted {
		if count = &c.asked; *count >= questions {
			return nil, false
		}
	}
	c.admitted = c.admitted || admitted
	*count++
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		if *count--; c.calls == 0 && admitted {
			x.turn++
			c.since = x.turn
		}
	}, true
}

// conn leaves the crowd when it is closed. It is its own other end's address:
// so a call knows its connection, and nobody an address.
type conn struct {
	net.Conn
	crowd *crowd
	late  *time.Timer

	// Under the crowd's mu.
	admitted bool // somebody was
	calls    int  // of those who were admitted, under way
	asked    int  // calls that anybody may make, under way
	since    uint64
}

func (c *conn) RemoteAddr() net.Addr { return c }

// Network implements net.Addr.
func (c *conn) Network() string { return "tcp" }

// String implements net.Addr.
func (c *conn) String() string { return "nowhere" }

func (c *conn) tooLate() {
	c.crowd.mu.Lock()
	admitted := c.admitted
	c.crowd.mu.Unlock()
	if !admitted {
		_ = c.Close() // it has said nothing that counts
	}
}

func (c *conn) Close() error {
	c.late.Stop()
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
