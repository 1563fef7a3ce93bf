package main

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// opened is a listener with one connection, and that connection's other end.
func opened(t *testing.T) (*listener, net.Conn, net.Conn) {
	t.Helper()
	l, err := listen("127.0.0.1:0", 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	far, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = far.Close() })
	near, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return l, near, far
}

// Nothing that a connection says of itself or of its faults names its ends.
func TestConnectionFromNowhere(t *testing.T) {
	_, c, far := opened(t)
	there := far.LocalAddr().String()
	if err := c.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	_, late := c.Read(make([]byte, 1))
	if e, ok := late.(net.Error); !ok || !e.Timeout() { // the server tells a slow reader from a broken one by this
		t.Errorf("a late read: %v", late)
	}
	if err := c.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := far.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	_ = far.Close()
	_, reset := c.Read(make([]byte, 1))
	_, broken := c.Write(make([]byte, 1))
	_ = c.Close()
	_, closed := c.Read(make([]byte, 1))
	for name, err := range map[string]error{"late": late, "reset": reset, "broken": broken, "closed": closed, "address": errors.New(c.RemoteAddr().String())} {
		if err == nil || strings.Contains(err.Error(), there) || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !errors.Is(closed, net.ErrClosed) {
		t.Errorf("closed: %v", closed)
	}
}

// A place is free once, however often its connection is closed, and whoever
// waits for one hears of the end.
func TestListenerPlaces(t *testing.T) {
	l, c, _ := opened(t)
	_ = c.Close()
	_ = c.Close()
	if l.Open() != 0 {
		t.Fatalf("%d open", l.Open())
	}
	far, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = far.Close() }()
	if _, err := l.Accept(); err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error)
	go func() { _, err := l.Accept(); waiting <- err }()
	select {
	case err := <-waiting:
		t.Fatalf("there was no room: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	_ = l.Close()
	if err := <-waiting; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// Where it is full, the connection that has been idle longest makes room: not
// the one opened first, and none that is at work.
func TestListenerOldestIdle(t *testing.T) {
	l, err := listen("127.0.0.1:0", 3)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var near []net.Conn
	for range 3 {
		far, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = far.Close() }()
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		near = append(near, c)
	}
	for _, i := range []int{0, 2, 1} {
		l.state(near[i], http.StateIdle)
	}
	l.state(near[0], http.StateActive)
	if err := l.makeRoom(); err != nil {
		t.Fatal(err)
	}
	for i, open := range []bool{true, true, false} {
		if _, err := near[i].Write([]byte{0}); (err == nil) != open {
			t.Errorf("connection %d: %v", i, err)
		}
	}
}

// A server over such a listener answers, keeps connections, and knows who is
// near.
func TestServerNear(t *testing.T) {
	l, err := listen("127.0.0.1:0", 4)
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isNear(r.Context()) || r.RemoteAddr != "nowhere" {
			t.Errorf("near %v, from %q", isNear(r.Context()), r.RemoteAddr)
		}
		_, _ = io.WriteString(w, "here")
	}), l, slog.New(slog.DiscardHandler))
	ended := make(chan error)
	go func() { ended <- server.Serve(l) }()
	for range 3 {
		r, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil || string(body) != "here" {
			t.Errorf("%q %v", body, err)
		}
	}
	if l.Open() != 1 {
		t.Errorf("%d connections for three requests", l.Open())
	}
	_ = server.Close()
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	if l.Open() != 0 {
		t.Errorf("%d connections afterwards", l.Open())
	}
}
