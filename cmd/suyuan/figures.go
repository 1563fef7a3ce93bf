package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"suyuan/portal"
	"suyuan/portal/api"
	"suyuan/portal/observe"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/graph"
	"suyuan/services/ledger"
	"suyuan/services/metrics"
	"suyuan/services/view/docket"
)

// figures stands between the parts of a server and what operators watch.
type figures struct{ *metrics.Metrics }

const metricsPath = "/metrics"

func newFigures() figures {
	var commands []string
	for _, c := range catalogue.Commands() {
		if name := countedAs(c.Name); !slices.Contains(commands, name) {
			commands = append(commands, name)
		}
	}
	outcomes := []string{"ok", "repeated"}
	for _, code := range []ledger.Code{ledger.Invalid, ledger.Unauthenticated, ledger.Forbidden, ledger.NotFound, ledger.Conflict, ledger.Refused, ledger.Unavailable, ledger.Internal} {
		outcomes = append(outcomes, string(code))
	}
	return figures{metrics.New(commands, outcomes, []string{graph.Refused, graph.Schema, graph.Kept, graph.Run})}
}

// countedAs is what a command is counted under. What is done about reports is
// counted together: that retaliation was taken up once is not for operators,
// who may be anybody's superiors.
func countedAs(command string) string {
	if subject, _, _ := strings.Cut(command, "."); docket.Sealed(subject) {
		return "sealed"
	}
	return command
}

// watch has the state of a server looked at.
func (f figures) watch(w *web, l *listener) {
	h := w.house
	state := metrics.State{
		Fold:       func() uint64 { return h.view.Position().Ordinal },
		Checkpoint: func() (uint64, time.Time) { _, _, covers, at := h.view.State(); return covers, at },
		ReadOnly:   func() bool { return h.store.Err() != nil }, Stopping: w.gate.Stopping,
		Snapshot: w.keeper.Made, Sessions: w.sessions.Open, UnderWay: w.gate.UnderWay, Connections: l.Open, Room: func() int { return l.limit },
		Free: func() uint64 { return free(w.serving.place) },
	}
	if s, ok := h.store.(headed); ok {
		state.Head = func() uint64 { return s.Head().Ordinal }
	}
	if s, ok := h.store.(distant); ok {
		state.Unreachable = func() bool { return s.Outage() != nil }
	}
	f.Watch(state)
}

// free is how many bytes the ledger may still grow by, 0 where nobody can tell.
func free(p place) uint64 {
	var at unix.Statfs_t
	dir, err := p.dir()
	if err != nil { // on a cluster, what grows here is files
		dir = p.data
	}
	if unix.Statfs(filepath.Clean(dir), &at) != nil {
		return 0
	}
	return at.Bavail * uint64(at.Bsize)
}

func (f figures) scrubbed(err error) {
	switch {
	case err == nil:
		f.Scrubbed(metrics.ScrubOK, wallClock())
	case errors.Is(err, ledger.ErrDamaged):
		f.Scrubbed(metrics.ScrubDamaged, wallClock())
	case !errors.Is(err, context.Canceled):
		f.Scrubbed(metrics.ScrubFailed, wallClock())
	}
}

// desk counts commands by name and outcome, those of the reactors too.
func (f figures) desk(d api.Desk) api.Desk { return countedDesk{d, f} }

type countedDesk struct {
	api.Desk
	figures figures
}

func (d countedDesk) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	began := wallClock()
	r, err := d.Desk.Submit(ctx, by, name, key, input)
	outcome := "ok"
	switch {
	case err != nil:
		outcome = string(ledger.AsError(err).Code)
	case r.Repeated:
		outcome = "repeated"
	}
	d.figures.Command(countedAs(name), outcome, wallClock().Sub(began))
	return r, err
}

// appends counts what is written, and how long the disk takes.
func (f figures) appends(log ledger.Log) ledger.Log { return countedLog{log, f} }

type countedLog struct {
	ledger.Log
	figures figures
}

func (l countedLog) Append(ctx context.Context, stream string, expect ledger.Expect, events ...ledger.Record) (ledger.Position, error) {
	began := wallClock()
	p, err := l.Log.Append(ctx, stream, expect, events...)
	outcome := metrics.Appended
	switch {
	case errors.Is(err, ledger.ErrWrongRevision):
		outcome = metrics.Conflict
	case errors.Is(err, ledger.ErrReadOnly):
		outcome = metrics.ReadOnly
	case err != nil:
		outcome = metrics.Failed
	}
	l.figures.Append(outcome, len(events), wallClock().Sub(began))
	return p, err
}

// graph counts the questions of programs, pages those of the portal.
func (f figures) graph(g api.Graph) api.Graph { return countedGraph{g, f} }

type countedGraph struct {
	api.Graph
	figures figures
}

func (g countedGraph) Answer(ctx context.Context, by ledger.Actor, lang string, q api.Question) api.Answer {
	began := wallClock()
	answer := g.Graph.Answer(ctx, by, lang, q)
	g.figures.Operation(answer.Executed, wallClock().Sub(began))
	return answer
}

func (f figures) pages(q portal.Querier) portal.Querier { return countedPages{q, f} }

type countedPages struct {
	portal.Querier
	figures figures
}

func (q countedPages) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	began := wallClock()
	data, err := q.Querier.Query(ctx, document, variables)
	q.figures.Operation(err == nil, wallClock().Sub(began))
	return data, err
}

// besides serves the figures to programs on this machine at the portal's own
// address, and leaves everybody else to next, who knows of no such page. A
// proxy on this machine looks like such a program: where there is one, or where
// the figures have an address of their own, nobody gets them here.
func (f figures) besides(next http.Handler, s serving) http.Handler {
	handler := f.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != metricsPath || s.proxied || s.metrics != "" || !fromHere(r) {
			next.ServeHTTP(w, r)
			return
		}
		observe.Route(r.Context(), metricsPath)
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "GET or HEAD", http.StatusMethodNotAllowed)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// fromHere reports whether a program on this machine asks for itself: neither
// through a proxy nor through a name that somebody else's page made up.
func fromHere(r *http.Request) bool {
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || name == "Origin" || strings.HasPrefix(name, "X-Forwarded") || strings.HasPrefix(name, "X-Real") {
			return false
		}
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return isNear(r.Context()) && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// serveMetrics serves the figures, and nothing else, at an address of their
// own; stop ends that.
func (w *web) serveMetrics() (stop func(), err error) {
	l, err := listen(w.serving.metrics, 16)
	if err != nil {
		return nil, errListen(w.serving.metrics, "--metrics-listen", err)
	}
	routes := http.NewServeMux()
	routes.Handle("GET "+metricsPath, w.figures.Handler())
	server := newServer(routes, l, w.log)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			w.log.Error("metrics are no longer served", "error", err)
		}
	}()
	w.log.Info("metrics", "address", l.Addr().String())
	return func() {
		_ = server.Close()
		<-ended
	}, nil
}
