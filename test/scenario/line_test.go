package scenario

import (
	"net"
	"sync"
	"testing"
	"time"
)

// A direction is one of a connection's two.
type direction int

const (
	asking    direction = iota // to the store
	answering                  // from it
)

// line is the way to a store: connections through it can be held and cut.
type line struct {
	listener net.Listener
	to       string

	mu   sync.Mutex
	cond *sync.Cond
	open map[*connection]bool
	held [2]bool // nothing passes on
	wait [2]int  // readings of so many connections that are held
	left int     // answered bytes until all is cut, -1: no end
	over bool
}

type connection struct {
	ends [2]net.Conn // towards the store, towards the client
	cut  bool
}

func newLine(t *testing.T, to string) *line {
	t.Helper()
	l := &line{to: to, open: map[*connection]bool{}, left: -1}
	l.cond = sync.NewCond(&l.mu)
	var err error
	l.listener, err = net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { l.serve(c) })
		}
	})
	t.Cleanup(func() {
		l.mu.Lock()
		l.over = true
		l.mu.Unlock()
		_ = l.listener.Close()
		l.cut()
		serving.Wait()
	})
	return l
}

func (l *line) address() string { return l.listener.Addr().String() }

func (l *line) serve(client net.Conn) {
	store, err := net.DialTimeout("tcp", l.to, patience)
	if err != nil {
		reset(client)
		return
	}
	c := &connection{ends: [2]net.Conn{store, client}}
	l.mu.Lock()
	if l.over {
		l.mu.Unlock()
		reset(store)
		reset(client)
		return
	}
	l.open[c] = true
	l.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { l.pass(c, asking) })
	both.Go(func() { l.pass(c, answering) })
	both.Wait()
}

// pass copies what comes until the connection ends in any way.
func (l *line) pass(c *connection, way direction) {
	from, to := c.ends[1-way], c.ends[way]
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			n, ok := l.take(c, way, n)
			if _, failed := to.Write(buffer[:n]); failed != nil || !ok {
				break
			}
		}
		if err != nil {
			break
		}
	}
	l.end(c)
}

// take waits until bytes may pass and says how many; not ok: they are the last.
func (l *line) take(c *connection, way direction, n int) (pass int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait[way]++
	l.cond.Broadcast()
	for l.held[way] && !c.cut {
		l.cond.Wait()
	}
	l.wait[way]--
	if c.cut {
		return 0, false
	}
	if way == asking || l.left < 0 {
		return n, true
	}
	if n < l.left {
		l.left -= n
		return n, true
	}
	n, l.left = l.left, -1
	for other := range l.open {
		if other != c {
			l.endLocked(other)
		}
	}
	return n, false
}

func (l *line) end(c *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.endLocked(c)
}

func (l *line) endLocked(c *connection) {
	c.cut = true
	delete(l.open, c)
	reset(c.ends[0])
	reset(c.ends[1])
	l.cond.Broadcast()
}

// cut breaks every open connection; what is held is lost.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		l.endLocked(c)
	}
}

// cutAfter lets so many answered bytes pass and breaks every connection then,
// in the middle of whatever it is.
func (l *line) cutAfter(bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = bytes
}

// hold lets nothing pass in one direction, or again.
func (l *line) hold(way direction, on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held[way] = on
	l.cond.Broadcast()
}

// holding waits until something is held.
func (l *line) holding(t *testing.T, way direction) {
	t.Helper()
	end := time.Now().Add(patience)
	late := time.AfterFunc(patience, l.cond.Broadcast)
	defer late.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.wait[way] == 0 {
		if time.Now().After(end) {
			t.Fatal("nothing came to be held")
		}
		l.cond.Wait()
	}
}

// reset closes a connection so that what was on its way is lost.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}
