package door

import (
	"container/list"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

// listener takes a bounded number of connections and shows none of their
// addresses. Where it is full, the connection that has been idle longest makes
// room; where none is idle, newcomers wait in the system's queue.
type listener struct {
	net.Listener
	limit  *limiter
	most   int
	mu     sync.Mutex
	change *sync.Cond // of what follows
	open   int
	idle   *list.List // of *conn, idle longest in front
	places map[*conn]*list.Element
	closed bool
}

func newListener(l net.Listener, limit *limiter, most int) *listener {
	out := &listener{Listener: l, limit: limit, most: most, idle: list.New(), places: map[*conn]*list.Element{}}
	out.change = sync.NewCond(&out.mu)
	return out
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		if err := l.makeRoom(); err != nil {
			return nil, err
		}
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, unaddressed(err)
		}
		leave, ok := l.limit.enter(addressOf(c))
		if !ok {
			_ = c.Close()
			continue
		}
		l.mu.Lock()
		l.open++ // a server accepts one at a time: the room is still there
		l.mu.Unlock()
		return &conn{Conn: c, from: l, leave: leave}, nil
	}
}

func (l *listener) makeRoom() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.open >= l.most && !l.closed {
		longest := l.idle.Front()
		if longest == nil {
			l.change.Wait()
			continue
		}
		c := longest.Value.(*conn)
		l.wake(c)
		l.mu.Unlock()
		_ = c.Close()
		l.mu.Lock()
	}
	if l.closed {
		return net.ErrClosed
	}
	return nil
}

// wake takes a connection off the idle ones; under mu.
func (l *listener) wake(c *conn) {
	if at, ok := l.places[c]; ok {
		l.idle.Remove(at)
		delete(l.places, c)
	}
}

// state is told by the server what a connection is doing.
func (l *listener) state(nc net.Conn, s http.ConnState) {
	c := bare(nc)
	if c == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wake(c)
	if s == http.StateIdle && !c.gone {
		l.places[c] = l.idle.PushBack(c)
		l.change.Broadcast()
	}
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.mu.Lock()
	l.closed = true
	l.change.Broadcast()
	l.mu.Unlock()
	return unaddressed(l.Listener.Close())
}

// conn is a connection from nowhere.
type conn struct {
	net.Conn
	from  *listener
	leave func()
	gone  bool // under the listener's mu
}

// nowhere is every connection's other end.
type nowhere struct{}

func (nowhere) Network() string { return "tcp" }
func (nowhere) String() string  { return "nowhere" }

func (c *conn) RemoteAddr() net.Addr { return nowhere{} }

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, unaddressed(err)
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, unaddressed(err)
}

// Close implements net.Conn.
func (c *conn) Close() error {
	l := c.from
	l.mu.Lock()
	again := c.gone
	c.gone = true
	if !again {
		l.wake(c)
		l.open--
		l.change.Broadcast()
	}
	l.mu.Unlock()
	if !again {
		c.leave()
	}
	return unaddressed(c.Conn.Close())
}

// CloseWrite lets the server end its half first, so that an answer to a request
// that was cut short arrives.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return unaddressed(half.CloseWrite())
	}
	return nil
}

// unaddressed takes both ends' addresses out of a network error.
func unaddressed(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return &net.OpError{Op: op.Op, Net: op.Net, Err: op.Err}
	}
	return err
}

// bare is our connection below TLS, nil where it is none of ours.
func bare(nc net.Conn) *conn {
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn()
	}
	c, _ := nc.(*conn)
	return c
}

// addressOf is where a connection comes from, as the system says whenever it is
// asked; it is never kept.
func addressOf(c net.Conn) netip.Addr {
	if at, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return at.AddrPort().Addr()
	}
	return netip.Addr{}
}
