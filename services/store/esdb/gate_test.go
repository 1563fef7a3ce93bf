package esdb

import (
	"net"
	"strings"
	"sync"
	"testing"
)

// gate stands between a store and a server: it passes everything, breaks
// everything off, or holds everything up.
type gate struct {
	to       string
	listener net.Listener
	mu       sync.Mutex
	state    string // "open", "shut": connections are closed at once, "stuck": nothing moves
	moved    chan struct{}
	conns    map[net.Conn]bool
	running  sync.WaitGroup
}

// gated gives a gate to the server of a connection string, and the string to
// go through it.
func gated(t testing.TB, url string) (*gate, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, rest, _ := strings.Cut(strings.TrimPrefix(url, "esdb://"), "?")
	g := &gate{to: host, listener: l, state: "open", moved: make(chan struct{}), conns: map[net.Conn]bool{}}
	g.running.Go(g.accept)
	t.Cleanup(func() {
		_ = l.Close()
		g.set("shut")
		g.running.Wait()
	})
	return g, "esdb://" + l.Addr().String() + "?" + rest
}

// set changes what becomes of connections, those that are open included.
func (g *gate) set(state string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.state = state
	close(g.moved)
	g.moved = make(chan struct{})
	if state == "shut" {
		for c := range g.conns {
			_ = c.Close()
		}
		clear(g.conns)
	}
}

func (g *gate) now() (string, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.state, g.moved
}

func (g *gate) keep(c net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.state == "shut" {
		_ = c.Close()
		return false
	}
	g.conns[c] = true
	return true
}

func (g *gate) accept() {
	for {
		c, err := g.listener.Accept()
		if err != nil {
			return
		}
		if !g.keep(c) {
			continue
		}
		g.running.Go(func() {
			defer c.Close()
			d, err := net.Dial("tcp", g.to)
			if err != nil || !g.keep(d) {
				return
			}
			defer d.Close()
			g.running.Go(func() { g.pass(c, d) })
			g.pass(d, c)
		})
	}
}

func (g *gate) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		for {
			state, moved := g.now()
			if state != "stuck" {
				break
			}
			<-moved
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
