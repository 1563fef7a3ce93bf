package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"suyuan/services/ledger"
)

// gate counts the requests under way and lets no more in once it is told to
// stop.
type gate struct {
	mu       sync.Mutex
	under    int
	stopping bool
	empty    chan struct{} // closed when it stops and nobody is inside
}

func newGate() *gate { return &gate{empty: make(chan struct{})} }

var errStopping = ledger.Errorf(ledger.Unavailable, "server.stopping",
	"服务正在停止，这次请求没有执行；请稍后再试。", "The server is stopping and did not carry this request out; try again in a moment.")

// watch lets requests through to next; those of the addresses given are not
// counted and always pass, so that a balancer can ask how we are.
func (g *gate) watch(next http.Handler, refuse func(http.ResponseWriter, *http.Request, error), passing ...string) http.Handler {
	free := map[string]bool{}
	for _, path := range passing {
		free[path] = true
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if free[r.URL.Path] {
			next.ServeHTTP(w, r)
			return
		}
		if !g.enter() {
			w.Header().Set("Connection", "close")
			w.Header().Set("Retry-After", "5")
			refuse(w, r, errStopping)
			return
		}
		defer g.leave()
		next.ServeHTTP(w, r)
	})
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopping {
		return false
	}
	g.under++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.under--
	if g.stopping && g.under == 0 {
		close(g.empty)
	}
}

// stop lets nobody in any more; the channel is closed when all have left.
func (g *gate) stop() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.stopping {
		g.stopping = true
		if g.under == 0 {
			close(g.empty)
		}
	}
	return g.empty
}

// Stopping reports whether it was told to stop.
func (g *gate) Stopping() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stopping
}

// UnderWay is how many are inside.
func (g *gate) UnderWay() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.under
}

// lastWords is how long finished answers may take to leave.
const lastWords = time.Second

// drain answers what is under way, for a time, and then closes the server. What
// is cut off then is logged and no error: it was asked for.
func (g *gate) drain(server *http.Server, limit time.Duration, log *slog.Logger) error {
	empty := g.stop()
	server.SetKeepAlivesEnabled(false) // idle connections are closed at once, others after their answer
	select {
	case <-empty:
	case <-time.After(limit):
		log.Warn("requests were cut off", "requests", g.UnderWay(), "after", limit.String())
		return server.Close()
	}
	last, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	err := server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) { // connections on which nothing was ever asked
		return server.Close()
	}
	return err
}
