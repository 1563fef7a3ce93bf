package door

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// open serves pages at a free port of this machine.
func open(t *testing.T, o Options, pages http.HandlerFunc) (*Door, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Connections == 0 {
		o.Connections = 64
	}
	o.Random = rand.Reader
	d := New(l, o)
	done := make(chan error, 1)
	go func() { done <- d.Serve(pages) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = d.Shutdown(ctx)
		<-done
	})
	return d, l.Addr().String()
}

// from asks as another address of this machine.
func from(t *testing.T, source, address, request string) string {
	t.Helper()
	dial := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(source)}}
	c, err := dial.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = io.WriteString(c, request)
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	answer, _ := io.ReadAll(c)
	return string(answer)
}

// Nothing that a page can look at says who asks.
func TestNobody(t *testing.T) {
	var seen string
	_, address := open(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		seen = fmt.Sprintf("%s %+v %v %v", r.RemoteAddr, r.Header, r.Context(), r)
	})
	answer := from(t, "127.0.0.77", address, "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: CANARY-UA\r\nCookie: a=CANARY-COOKIE\r\nX-Forwarded-For: 198.51.100.7\r\n"+
		"Forwarded: for=198.51.100.7\r\nReferer: http://canary.example/\r\nDNT: 1\r\nSec-CH-UA: CANARY\r\nAccept-Language: en\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 200") {
		t.Fatalf("answer: %.100s", answer)
	}
	for _, word := range []string{"127.0.0.77", "CANARY", "canary", "198.51.100.7", "Dnt"} {
		if strings.Contains(seen, word) {
			t.Errorf("a page saw %q in %s", word, seen)
		}
	}
	if !strings.HasPrefix(seen, "nowhere ") || !strings.Contains(seen, "Accept-Language") {
		t.Errorf("a page saw %s", seen)
	}
}

// captured is what a process writes to standard error while f runs.
func captured(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stderr
	os.Stderr = w
	log.SetOutput(w) // which kept the old file
	out := make(chan string)
	go func() { b, _ := io.ReadAll(r); out <- string(b) }()
	f()
	os.Stderr = old
	log.SetOutput(old)
	_ = w.Close()
	return <-out
}

// A page that fails says nothing anywhere but in which line of ours it was.
func TestFault(t *testing.T) {
	said := captured(t, func() {
		d, address := open(t, Options{}, func(http.ResponseWriter, *http.Request) { panic("CANARY-PANIC 127.0.0.77") })
		answer := from(t, "127.0.0.77", address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(answer, "HTTP/1.1 500") || strings.Contains(answer, "CANARY") {
			t.Errorf("answer: %.200s", answer)
		}
		n, first := d.Faults()
		if n != 1 || !strings.Contains(first, "door.TestFault") || strings.Contains(first, "CANARY") {
			t.Errorf("%d faults, the first at %q", n, first)
		}
		if n, _ := d.Faults(); n != 0 {
			t.Error("told twice")
		}
	})
	if said != "" {
		t.Errorf("written to standard error: %s", said)
	}
}

// Bad handshakes, half requests and bodies that break off are said to nobody.
func TestQuiet(t *testing.T) {
	said := captured(t, func() {
		_, address := open(t, Options{TLS: &tls.Config{Certificates: []tls.Certificate{certificate(t)}}}, func(w http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(io.Discard, r.Body)
			if err != nil && strings.Contains(err.Error(), "127.0.0") {
				t.Errorf("an error names an address: %v", err)
			}
		})
		from(t, "127.0.0.77", address, "this is no handshake\r\n\r\n")
		from(t, "127.0.0.77", address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
		_ = c.Close()
		if c, err = tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}}); err != nil {
			t.Fatal(err)
		}
		if c.ConnectionState().NegotiatedProtocol != "h2" {
			t.Error("no HTTP/2 over TLS")
		}
		_ = c.Close()
	})
	if said != "" {
		t.Errorf("written to standard error: %s", said)
	}
}

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	as := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, as, as, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func limits(now *time.Time) *limiter {
	return &limiter{random: rand.Reader, clock: func() time.Time { return *now }, requests: 3, open: 2, most: 4}
}

// A network is a /24 or a /56, counts for ten minutes, and this machine is
// none.
func TestLimit(t *testing.T) {
	now := time.Unix(0, 0)
	l := limits(&now)
	at := netip.MustParseAddr
	for i := range 3 {
		if !l.ask(at(fmt.Sprintf("198.51.100.%d", i)), costly) {
			t.Fatal("refused too early")
		}
	}
	if l.ask(at("198.51.100.200"), costly) || l.ask(at("::ffff:198.51.100.9"), costly) {
		t.Error("the same network may ask more often")
	}
	if !l.ask(at("198.51.101.1"), costly) {
		t.Error("another network is refused")
	}
	for range 3 {
		l.ask(at("2001:db8:0:ff00::1"), costly)
	}
	if l.ask(at("2001:db8:0:ff7f::2"), costly) || !l.ask(at("2001:db8:0:fe00::2"), costly) {
		t.Error("an IPv6 network is not a /56")
	}
	for range 10 {
		if !l.ask(at("127.0.0.1"), costly) || !l.ask(at("::1"), costly) {
			t.Fatal("this machine is counted")
		}
	}
	key := l.key
	now = now.Add(Period)
	if !l.ask(at("198.51.100.1"), costly) || l.key == key {
		t.Error("a new period has the old key or counts")
	}
}

// The table does not grow without bound: who comes when it is full shares.
func TestLimitFull(t *testing.T) {
	now := time.Unix(0, 0)
	l := limits(&now)
	taken := 0
	for i := range 200 {
		if l.ask(netip.AddrFrom4([4]byte{198, 51, byte(i), 1}), costly) {
			taken++
		}
	}
	if len(l.counts) != 4 || taken != 4+3 {
		t.Errorf("%d rows, %d admitted", len(l.counts), taken)
	}
}

// One network cannot take all connections, and gets back those it gave up.
func TestLimitOpen(t *testing.T) {
	now := time.Unix(0, 0)
	l := limits(&now)
	at := netip.MustParseAddr("198.51.100.1")
	leave, ok := l.enter(at)
	_, ok2 := l.enter(at)
	_, ok3 := l.enter(at)
	if !ok || !ok2 || ok3 {
		t.Error(ok, ok2, ok3)
	}
	leave()
	if _, ok := l.enter(at); !ok {
		t.Error("what was given up is gone")
	}
}

// Nothing of an address is in what the limiter keeps.
func TestLimitForgets(t *testing.T) {
	now := time.Unix(0, 0)
	l := limits(&now)
	l.ask(netip.MustParseAddr("198.51.100.1"), costly)
	for row := range l.counts {
		if strings.Contains(string(row[:]), "\xc6\x33\x64") {
			t.Error("a row holds the address")
		}
	}
	other := limits(&now)
	other.ask(netip.MustParseAddr("198.51.100.1"), costly)
	for row := range l.counts {
		if _, same := other.counts[row]; same {
			t.Error("two limiters know a network by the same row")
		}
	}
}

// distant gives connections of other machines.
type distant struct {
	net.Listener
	at net.Addr
}

func (d distant) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return there{c, d.at}, nil
}

type there struct {
	net.Conn
	at net.Addr
}

func (c there) RemoteAddr() net.Addr { return c.at }

// A network that asks too often is told so, over any number of connections.
func TestBusy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := New(distant{l, &net.TCPAddr{IP: net.ParseIP("198.51.100.1"), Port: 9}}, Options{Connections: 64, Requests: 5, Random: rand.Reader, Clock: func() time.Time { return time.Unix(0, 0) }})
	done := make(chan error, 1)
	go func() { done <- d.Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) }()
	defer func() { _ = d.Shutdown(context.Background()); <-done }()
	for i := range 8 {
		answer := from(t, "127.0.0.1", l.Addr().String(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		want := "HTTP/1.1 200"
		if i >= 5 {
			want = "HTTP/1.1 429"
		}
		if !strings.HasPrefix(answer, want) {
			t.Errorf("request %d: %.60s", i+1, answer)
		}
	}
}

// Pages are not counted and polls are counted apart: a whole town behind one
// network reads and looks for news while somebody sends all that may be sent.
func TestCosts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := New(distant{l, &net.TCPAddr{IP: net.ParseIP("198.51.100.1"), Port: 9}}, Options{Connections: 64, Requests: 2, Random: rand.Reader, Clock: func() time.Time { return time.Unix(0, 0) }})
	done := make(chan error, 1)
	go func() { done <- d.Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) }()
	defer func() { _ = d.Shutdown(context.Background()); <-done }()
	ask := func(request string, times, admitted int) {
		t.Helper()
		for i := range times {
			want := "HTTP/1.1 200"
			if i >= admitted {
				want = "HTTP/1.1 429"
			}
			if answer := from(t, "127.0.0.1", l.Addr().String(), request); !strings.HasPrefix(answer, want) {
				t.Errorf("%.20q, time %d: %.40s", request, i+1, answer)
			}
		}
	}
	const end = "Host: x\r\nConnection: close\r\n"
	envelope := "POST / HTTP/1.1\r\n" + end + "Content-Type: application/octet-stream\r\nContent-Length: 65\r\n\r\n" + strings.Repeat("x", 65)
	news := "POST / HTTP/1.1\r\n" + end + "Content-Type: application/octet-stream\r\nContent-Length: 32\r\n\r\n" + strings.Repeat("x", 32)
	ask("GET /static/report.css HTTP/1.1\r\n"+end+"\r\n", 10, 10)
	ask(envelope, 4, 2)
	ask(news, 42, 40)
	ask("GET / HTTP/1.1\r\n"+end+"\r\n", 10, 10)
	ask(envelope, 1, 0)
}

// Idle connections make room for new ones.
func TestRoom(t *testing.T) {
	_, address := open(t, Options{Connections: 4}, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "here") })
	var idle []net.Conn
	defer func() {
		for _, c := range idle {
			_ = c.Close()
		}
	}()
	for range 20 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		idle = append(idle, c)
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 200") {
			t.Fatalf("%q %v", line, err)
		}
	}
}

// Connections that bring next to nothing keep nobody out, and one that waits
// for us keeps its place.
func TestSlowMakeRoom(t *testing.T) {
	var passed atomic.Int64
	begin := time.Now()
	clock := func() time.Time { return begin.Add(time.Duration(passed.Load())) }
	here, answered := make(chan bool), make(chan bool)
	d, address := open(t, Options{Connections: 8, Clock: clock}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			here <- true
		}
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/long" {
			here <- true
			<-answered
		}
		_, _ = io.WriteString(w, "here")
	})
	dial := func(request string) net.Conn {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		_, _ = io.WriteString(c, request)
		return c
	}
	reads := func(c net.Conn) {
		t.Helper()
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 200") {
			t.Errorf("%q %v", line, err)
		}
	}
	long := dial("POST /long HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
	<-here
	for range 7 {
		dial("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\na")
		<-here
	}
	passed.Store(int64(patience))
	d.listener.change.Broadcast() // the clock of this test wakes nobody
	reads(dial("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
	close(answered)
	reads(long)
}

// Many ask at once while the limiter turns its key.
func TestTogether(t *testing.T) {
	var mu sync.Mutex
	now := time.Unix(0, 0)
	l := limits(&now)
	l.clock = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Minute)
		return now
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 200 {
				if leave, ok := l.enter(netip.AddrFrom4([4]byte{198, 51, byte(i), byte(j)})); ok {
					l.ask(netip.AddrFrom4([4]byte{198, 51, byte(j), byte(i)}), costly)
					leave()
				}
			}
		})
	}
	all.Wait()
}
