package script

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Connections on which nothing happens make room for others. Which of them is
// the oldest the server may see otherwise than we do, by moments; that it goes
// by age is a test of the listener.
func TestConnectionsIdle(t *testing.T) {
	s := serve(t, "--data", t.TempDir(), "--max-connections", "4")
	client.CloseIdleConnections()
	var idle []*raw
	for range 6 {
		c := dialRaw(t, s, "")
		c.send(t, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if r, _ := c.answer(t); r.StatusCode != http.StatusOK {
			t.Fatalf("%d", r.StatusCode)
		}
		idle = append(idle, c)
	}
	ended := make(chan bool, len(idle))
	for _, c := range idle {
		go func() { ended <- c.ended(5 * time.Second) }()
	}
	closed := 0
	for range idle {
		if <-ended {
			closed++
		}
	}
	if closed != 2 && closed != 3 { // one more where room for the next is made ahead of it
		t.Errorf("%d of 6 connections were closed, where 4 may be open", closed)
	}
}

// Connections that send their request byte by byte hold their place for
// seconds, and then others get it.
func TestSlowHeaders(t *testing.T) {
	s := serve(t, "--data", t.TempDir(), "--max-connections", "4")
	client.CloseIdleConnections()
	var slow []*raw
	began := time.Now()
	for range 4 {
		c := dialRaw(t, s, "")
		c.send(t, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
		go func() {
			for _, err := c.Write([]byte("a")); err == nil; _, err = c.Write([]byte("a")) {
				time.Sleep(100 * time.Millisecond)
			}
		}()
		slow = append(slow, c)
	}
	if w := get(t, s.url+"/healthz"); w.status != http.StatusOK {
		t.Errorf("%d", w.status)
	}
	if took := time.Since(began); took > patience || took < time.Second {
		t.Errorf("others waited %v", took)
	}
	for _, c := range slow {
		if !c.ended(patience) {
			t.Error("a slow connection is still there")
		}
	}
}

// What is too large is refused by its own name, and the server lives.
func TestTooLarge(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, "--data", dir)
	c := dialRaw(t, s, "")
	c.send(t, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: "+strings.Repeat("x", 80<<10)+"\r\n\r\n")
	if r, _ := c.answer(t); r.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("80 KiB of headers: %d", r.StatusCode)
	}
	if w := get(t, s.url+"/"+strings.Repeat("x", 80<<10)); w.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("80 KiB of path: %d", w.status)
	}
	admin := token(t, dir, "--role", "admin")
	if w := submit(t, s, admin, "unit.rename", "large", strings.Repeat("x", 3<<20)); w.status/100 != 4 || refused(t, w).Rule != "request.too_large" {
		t.Errorf("3 MiB of command: %d %s", w.status, w.body)
	}
	if w := get(t, s.url+"/healthz"); w.status != http.StatusOK {
		t.Errorf("afterwards: %d", w.status)
	}
}

func TestHTTP2(t *testing.T) {
	cert, key := certificate(t)
	s := serve(t, "--data", t.TempDir(), "--tls-cert", cert, "--tls-key", key)
	two := &http.Client{Timeout: patience, Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	w, err := two.Get(s.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Body.Close()
	if w.ProtoMajor != 2 || w.StatusCode != http.StatusOK {
		t.Errorf("%s %d", w.Proto, w.StatusCode)
	}
	if _, err := tls.Dial("tcp", strings.TrimPrefix(s.url, "https://"), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	s.stop(t)
}

// Where the disk is full, a command is refused and says so, reads go on, and
// once there is room a restarted server has all it promised.
func TestDiskFull(t *testing.T) {
	dir := demoFolder(t)
	s := &server{done: make(chan struct{})}
	// No file may grow beyond 1 MiB, as if there were no more room.
	s.cmd = exec.Command("sh", "-c", `ulimit -f 2048 && exec "$0" "$@"`, binary, "serve", "--listen", "127.0.0.1:0", "--data", dir)
	begin(t, s)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	var last answered
	n := 0
	for ; n < 2000; n++ {
		if last = submit(t, s, clerk, "document.register", fmt.Sprintf("full-%d", n), paper(fmt.Sprintf("full-%d", n))); last.status != http.StatusCreated {
			break
		}
	}
	if e := refused(t, last); n == 0 || last.status != http.StatusServiceUnavailable || e.Code != "unavailable" || e.Message == "" {
		t.Fatalf("after %d: %d %s", n, last.status, last.body)
	}
	number := last.header.Get("X-Request-Id")
	if again := submit(t, s, clerk, "document.register", "another", paper("another")); again.status != http.StatusServiceUnavailable || refused(t, again).Rule != "ledger.read_only" {
		t.Errorf("the next: %d %s", again.status, again.body)
	}
	if h := healthz(t, s); h.Status != "read-only" {
		t.Errorf("healthz: %+v", h)
	}
	if text := metricsOf(t, s); !strings.Contains(text, "\nsuyuan_ledger_read_only 1\n") {
		t.Error("the figures do not say read-only")
	}
	for _, page := range []string{"/", "/mandates/farmland-600/units/990101001002", fmt.Sprintf("/documents/full-%d", n-1)} {
		if w := get(t, s.url+page); w.status != http.StatusOK {
			t.Errorf("GET %s: %d", page, w.status)
		}
	}
	s.stop(t)
	failed := 0
	for line := range strings.Lines(s.err.String()) {
		if strings.Contains(line, `"msg":"request failed"`) && strings.Contains(line, number) {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("request %s failed, and the log says so %d times: %s", number, failed, s.err.String())
	}

	if info, err := os.Stat(filepath.Join(dir, "ledger.db-wal")); err == nil && info.Size() > 1<<20 {
		t.Errorf("the limit did not hold: %d", info.Size())
	}
	s = serve(t, "--data", dir)
	for i := range n {
		if w := get(t, s.url+fmt.Sprintf("/documents/full-%d", i)); w.status != http.StatusOK {
			t.Fatalf("document %d of %d, which was recorded: %d", i, n, w.status)
		}
	}
	if w := submit(t, s, clerk, "document.register", fmt.Sprintf("full-%d", n), paper(fmt.Sprintf("full-%d", n))); w.status != http.StatusCreated {
		t.Errorf("the refused one, sent again: %d %s", w.status, w.body)
	}
	s.stop(t)
	if _, stderr, code := command(t, nil, "verify", "--data", dir); code != 0 {
		t.Errorf("verify: %s", stderr)
	}
}
