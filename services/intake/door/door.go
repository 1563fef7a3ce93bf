package door

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"suyuan/services/ledger"
)

// Bounds of a connection. An envelope with pictures must arrive in bodyTime.
const (
	headerTime  = 10 * time.Second
	bodyTime    = 3 * time.Minute
	answerTime  = 5 * time.Minute
	idleTime    = 30 * time.Second
	headerBytes = 16 << 10
	maxStreams  = 16 // requests at once on one HTTP/2 connection
)

// Options say how wide a door is.
type Options struct {
	Connections int // open at once; at least 1
	Requests    int // forms and envelopes of one network in a Period, and twenty times as many polls; 0: any number. Pages are not counted, nor is this machine.
	TLS         *tls.Config
	Random      io.Reader
	Clock       ledger.Clock
	Busy        http.Handler // answers a network that asked too often; nil: a line of text
	Broken      http.Handler // answers where a page failed; nil: a line of text
}

// Door is a server for reporters; New makes it.
type Door struct {
	options  Options
	listener *listener
	server   *http.Server

	mu     sync.Mutex
	faults int
	first  string // where the first of them was
}

// New makes a door of a listener, which from now on is the door's.
func New(l net.Listener, o Options) *Door {
	d := &Door{options: o}
	limit := &limiter{random: o.Random, clock: o.Clock, requests: o.Requests, open: max(16, o.Connections/4), most: networks}
	d.listener = newListener(l, limit, max(1, o.Connections), o.Clock)
	d.server = &http.Server{
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		HTTP2:     &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:  log.New(io.Discard, "", 0), // it speaks of one client at the time it did something
		TLSConfig: o.TLS,
		ConnState: d.listener.state,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, cameBy{}, bare(c))
		},
	}
	return d
}

// cameBy is under which a request knows its connection; nobody else can ask.
type cameBy struct{}

// Addr is where the door is.
func (d *Door) Addr() net.Addr { return d.listener.Addr() }

// Serve answers until Shutdown; then the error is http.ErrServerClosed.
func (d *Door) Serve(pages http.Handler) error {
	d.server.Handler = d.guard(pages)
	if d.options.TLS != nil {
		return d.server.ServeTLS(d.listener, "", "")
	}
	return d.server.Serve(d.listener)
}

// Shutdown takes no more connections, and ends those that are left when ctx
// does.
func (d *Door) Shutdown(ctx context.Context) error {
	err := d.server.Shutdown(ctx)
	if err != nil {
		_ = d.server.Close()
	}
	return err
}

// Faults tells how many pages failed since it was last asked, and in which
// line of ours the first did. It is for the log, at a time that has nothing to
// do with when somebody asked.
func (d *Door) Faults() (n int, first string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, first = d.faults, d.first
	d.faults, d.first = 0, ""
	return n, first
}

// guard stands before every page.
func (d *Door) guard(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer d.caught(w, r)
		c, _ := r.Context().Value(cameBy{}).(*conn)
		if c == nil || !d.listener.limit.ask(addressOf(c.Conn), costOf(r)) {
			strip(r)
			answer(d.options.Busy, w, r, http.StatusTooManyRequests, "稍后再试 · Too many requests; try again in ten minutes.")
			return
		}
		strip(r)
		owe := sync.OnceFunc(func() { c.owe(1) })
		defer func() { owe(); c.owe(-1) }()
		if r.Body == nil || r.Body == http.NoBody {
			owe()
		} else {
			r.Body = body{r.Body, owe}
		}
		pages.ServeHTTP(w, r)
	})
}

// passed are the headers that reach a page. A cookie, an agent, a referrer or
// what a proxy says of a client does not.
var passed = map[string]bool{
	"Accept": true, "Accept-Language": true, "Content-Type": true, "Content-Length": true, "Transfer-Encoding": true, "Expect": true,
	"Origin": true, "Sec-Fetch-Site": true, "Sec-Fetch-Mode": true, "Sec-Fetch-Dest": true, "Range": true,
}

func strip(r *http.Request) {
	for name := range r.Header {
		if !passed[name] {
			delete(r.Header, name)
		}
	}
}

// caught ends a page that failed: with its place kept, and nothing of what it
// was about.
func (d *Door) caught(w http.ResponseWriter, r *http.Request) {
	why := recover()
	if why == nil {
		return
	}
	if why == http.ErrAbortHandler {
		panic(why)
	}
	where := place()
	d.mu.Lock()
	d.faults++
	if d.first == "" {
		d.first = where
	}
	d.mu.Unlock()
	answer(d.options.Broken, w, r, http.StatusInternalServerError, "页面出错，请返回重试 · This page failed; go back and try again.")
}

// place is the innermost line of this module that a panic passed through.
func place() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicked := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicked = true
		case panicked && strings.HasPrefix(f.Function, "suyuan/"):
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

func answer(with http.Handler, w http.ResponseWriter, r *http.Request, status int, text string) {
	if with != nil {
		with.ServeHTTP(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
