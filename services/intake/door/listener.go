package door

import (
	"container/list"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"suyuan/services/ledger"
)

// listener takes a bounded number of connections and shows none of their
// addresses. Where it is full, the connection that has been idle longest makes
// room; where none is idle, the one that has brought nothing longest, once that
// is longer than patience. Until then newcomers wait in the system's queue.
type listener struct {
	net.Listener
	limit  *limiter
	most   int
	mu     sync.Mutex
	change *sync.Cond // of what follows
	open   int
	idle   *list.List // of *conn, idle longest in front
	places map[*conn]*list.Element
	late   *list.List // of *conn that are not idle, in front the one that brought nothing longest
	clock  ledger.Clock
	closed bool
}

func newListener(l net.Listener, limit *limiter, most int, clock ledger.Clock) *listener {
	out := &listener{Listener: l, limit: limit, most: most, idle: list.New(), places: map[*conn]*list.Element{}, late: list.New(), clock: clock}
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
		defer l.mu.Unlock()
		l.open++ // a server accepts one at a time: the room is still there
		out := &conn{Conn: c, from: l, leave: leave, moved: l.clock()}
		out.line = l.late.PushBack(out)
		return out, nil
	}
}

func (l *listener) makeRoom() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.open >= l.most && !l.closed {
		c, wait := l.longest()
		if c == nil {
			again := time.AfterFunc(wait, func() { l.mu.Lock(); l.change.Broadcast(); l.mu.Unlock() })
			l.change.Wait()
			again.Stop()
			continue
		}
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

// How long a connection may bring less than a stretch of bytes where others
// wait for its place.
const (
	patience = 10 * time.Second
	stretch  = 4 << 10
)

// longest is the connection that makes room, or nil and how long to wait for
// one; under mu.
func (l *listener) longest() (c *conn, wait time.Duration) {
	if at := l.idle.Front(); at != nil {
		return at.Value.(*conn), 0
	}
	now := l.clock()
	for at := l.late.Front(); at != nil; at = at.Next() {
		c := at.Value.(*conn)
		if c.owed > 0 { // it is we who are slow
			continue
		}
		if past := now.Sub(c.moved); past < patience {
			return nil, patience - past
		}
		return c, 0
	}
	return nil, patience
}

// progress puts a connection behind the others; under mu.
func (l *listener) progress(c *conn) {
	c.moved, c.brought = l.clock(), 0
	if !c.gone {
		l.late.MoveToBack(c.line)
	}
}

// owe notes that so many more answers are ours to give, whatever the
// connection brings.
func (c *conn) owe(n int) {
	c.from.mu.Lock()
	defer c.from.mu.Unlock()
	c.owed += n
	c.from.progress(c)
}

// carried counts bytes that went over the connection.
func (c *conn) carried(n int) {
	if n <= 0 {
		return
	}
	c.from.mu.Lock()
	defer c.from.mu.Unlock()
	if c.brought += n; c.brought >= stretch {
		c.from.progress(c)
	}
}

// body tells the listener when all of a request is here.
type body struct {
	io.ReadCloser
	done func()
}

func (b body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.done()
	}
	return n, err
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
	l.progress(c)
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
	// What follows is under the listener's mu.
	gone    bool
	line    *list.Element // in late
	moved   time.Time     // when it last brought a stretch
	brought int           // bytes since
	owed    int           // requests that are all here and not answered
}

// nowhere is every connection's other end.
type nowhere struct{}

func (nowhere) Network() string { return "tcp" }
func (nowhere) String() string  { return "nowhere" }

func (c *conn) RemoteAddr() net.Addr { return nowhere{} }

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.carried(n)
	return n, unaddressed(err)
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.carried(n)
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
		l.late.Remove(c.line)
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
