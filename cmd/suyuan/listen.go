package main

import (
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Bounds of a connection. A body of the largest size must arrive in bodyTime.
const (
	headerTime  = 5 * time.Second
	bodyTime    = time.Minute
	answerTime  = 2 * time.Minute
	idleTime    = 2 * time.Minute
	headerBytes = 64 << 10
	maxStreams  = 100 // requests at once on one HTTP/2 connection
)

// newServer bounds what a connection may take. Its own complaints name the
// other end, which for connections of a listener of ours is nobody.
func newServer(handler http.Handler, l *listener, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		HTTP2:     &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:  slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ConnState: l.state, ConnContext: nearby,
	}
}

// listener takes a bounded number of connections and forgets at the door where
// they come from: nothing behind it can write an address down, the server's
// own error log included. All it keeps is whether the other end is on this
// machine. Where it is full, the connection that has been idle longest makes
// room; where none is idle, newcomers wait in the system's queue.
type listener struct {
	net.Listener
	limit int

	mu     sync.Mutex
	change *sync.Cond // of what follows
	open   int
	idle   *list.List // of *conn, idle longest in front
	places map[*conn]*list.Element
	closed bool
}

func listen(address string, limit int) (*listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	out := &listener{Listener: l, limit: limit, idle: list.New(), places: map[*conn]*list.Element{}}
	out.change = sync.NewCond(&out.mu)
	return out, nil
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	if err := l.makeRoom(); err != nil {
		return nil, err
	}
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.open++ // a server accepts one at a time: the room is still there
	l.mu.Unlock()
	here, ok := c.RemoteAddr().(*net.TCPAddr)
	return &conn{Conn: c, from: l, near: ok && here.IP.IsLoopback()}, nil
}

func (l *listener) makeRoom() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.open >= l.limit && !l.closed {
		if longest := l.idle.Front(); longest != nil {
			c := longest.Value.(*conn)
			l.wake(c)
			l.mu.Unlock()
			_ = c.Close()
			l.mu.Lock()
			continue
		}
		l.change.Wait()
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

func (l *listener) leave(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wake(c)
	l.open--
	l.change.Broadcast()
}

// state is told by the server what a connection is doing.
func (l *listener) state(nc net.Conn, s http.ConnState) {
	c, ok := bare(nc)
	if !ok {
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

// Open is how many connections there are.
func (l *listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.mu.Lock()
	l.closed = true
	l.change.Broadcast()
	l.mu.Unlock()
	return l.Listener.Close()
}

// conn is a connection from nowhere.
type conn struct {
	net.Conn
	from *listener
	near bool // from this machine
	gone bool // under the listener's mu
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

// unaddressed takes both ends' addresses out of a network error.
func unaddressed(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return &net.OpError{Op: op.Op, Net: op.Net, Err: op.Err}
	}
	return err
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.from.mu.Lock()
	again := c.gone
	c.gone = true
	c.from.mu.Unlock()
	if !again {
		c.from.leave(c)
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

// bare is our connection below TLS.
func bare(nc net.Conn) (*conn, bool) {
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn()
	}
	c, ok := nc.(*conn)
	return c, ok
}

type nearKey struct{}

// nearby notes in a request's context whether it came from this machine.
func nearby(ctx context.Context, nc net.Conn) context.Context {
	c, ok := bare(nc)
	return context.WithValue(ctx, nearKey{}, ok && c.near)
}

func isNear(ctx context.Context) bool {
	near, _ := ctx.Value(nearKey{}).(bool)
	return near
}

func errListen(address, flag string, err error) error {
	return fmt.Errorf("listen on %s: %w; choose another address with %s", address, err, flag)
}
