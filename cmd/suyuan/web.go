package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"suyuan/portal"
	"suyuan/portal/api"
	"suyuan/portal/observe"
	"suyuan/seeds"
	"suyuan/services/auth"
	"suyuan/services/calendar"
	"suyuan/services/catalogue"
	"suyuan/services/desk"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
	"suyuan/services/view"
)

// web is what answers requests.
type web struct {
	serving  serving
	house    *house
	desk     api.Desk
	links    *auth.Links
	sessions *auth.Sessions // made with the handler
	figures  figures
	gate     *gate
	keeper   *keeper
	intake   *intakeDesk // nil where no reports are taken
	log      *slog.Logger
}

// handler wires the portal and the API to one address.
func (w *web) handler() (http.Handler, error) {
	s, h := w.serving, w.house
	bearer, err := s.tokens()
	if err != nil {
		return nil, err
	}
	var pages *portal.Portal
	var programs api.API
	refuse := func(w http.ResponseWriter, r *http.Request, err error) {
		if !programs.Error(w, r, err) {
			pages.Error(w, r, err)
		}
	}
	if err := h.graph.Register(portal.Documents()); err != nil {
		return nil, err
	}
	w.sessions = auth.NewSessions(refuse, s.proxied)
	door := caseNames{w.figures.desk(sentry{w.desk, h.store}), h.report.claims}
	asked := noted{auth.First(append(bearer, w.sessions)...)} // a token decides where there is one
	days := s.working
	if days == nil {
		if days, err = calendar.Official(); err != nil {
			return nil, err
		}
	}
	pages, err = portal.New(w.figures.pages(pageQueries{h.graph}), people{asked, w.sessions, w.links}, portal.Options{
		WorkingDays: days.Between,
		Log:         w.log, Demo: s.demo, Public: s.public, Proxied: s.proxied, Clock: wallClock, Random: random,
		Desk: staff{Desk: door, view: h.view, vault: h.vault, key: h.report.claims, state: files{h.view, h.vault, h.store.Err}.taking},
	})
	if err != nil {
		return nil, err
	}
	guard, err := s.crossOrigin(refuse)
	if err != nil {
		return nil, err
	}
	r := mux.NewRouter()
	programs = api.API{
		Desk: door, Graph: w.figures.graph(answers{h.graph}), Files: files{h.view, h.vault, h.store.Err},
		Actor: asked.Authenticate, Health: w.health, Commands: func() any { return catalogue.Described() }, Log: w.log,
	}
	programs.Routes(r)
	r.PathPrefix("/").Handler(pages)
	live := w.sessions.Middleware(guard(r))
	all := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/robots.txt" {
			pages.ServeHTTP(w, r) // the same for everybody: no session is looked at
			return
		}
		live.ServeHTTP(w, r)
	})
	return w.observer(refuse).Watch(w.gate.watch(w.figures.besides(all, s), refuse, healthPath, metricsPath)), nil
}

const healthPath = "/healthz"

// observer watches over every request of the portal and the API.
func (w *web) observer(refuse auth.ErrorWriter) *observe.Observer {
	return &observe.Observer{
		Log: w.log, Clock: wallClock, Random: random, Broken: refuse, Quiet: []string{healthPath, metricsPath},
		Count: func(seen observe.Seen) { w.figures.Request(seen.Route, seen.Method, seen.Status, seen.Took) }, Hidden: w.figures.Hidden,
	}
}

// crossOrigin refuses what other sites send; we are no other site under the
// name that browsers know us by, whatever a proxy makes of it.
func (s serving) crossOrigin(refuse auth.ErrorWriter) (func(http.Handler) http.Handler, error) {
	if s.public == "" {
		return auth.CrossOrigin(refuse)
	}
	return auth.CrossOrigin(refuse, s.public)
}

// noted tells the log in which roles somebody asks.
type noted struct{ auth.Authenticator }

func (n noted) Authenticate(r *http.Request) (ledger.Actor, error) {
	actor, err := n.Authenticator.Authenticate(r)
	if err == nil {
		observe.Roles(r.Context(), actor.Roles)
	}
	return actor, err
}

// tokens are accepted where there is a key that signs them.
func (s serving) tokens() ([]auth.Authenticator, error) {
	keys, err := auth.LoadKeys(s.keys())
	if errors.Is(err, auth.ErrNoKeys) {
		if _, err := auth.GenerateKey(random, s.keys(), wallClock()); err != nil {
			return nil, err
		}
		keys, err = auth.LoadKeys(s.keys())
	}
	if err != nil {
		return nil, err
	}
	return []auth.Authenticator{auth.Bearer{Verifier: auth.NewVerifier(keys, wallClock)}}, nil
}

// health says whether the ledger takes entries, and why not.
func (w *web) health() api.Health {
	out := api.Health{Status: "ok", Ordinal: fmt.Sprint(w.house.view.Position().Ordinal)}
	if w.gate.Stopping() {
		out.Status = api.Stopping
		return out
	}
	if s, ok := w.house.store.(distant); ok && s.Outage() != nil {
		out.Status, out.Reason = api.Unreachable, "the cluster is out of reach; the server's log says why"
	}
	if err := w.house.store.Err(); err != nil {
		out.Status, out.Reason = "read-only", "the reason is in the server's log" // which may name paths
		if d, ok := errors.AsType[*ledger.Damage](err); ok && d.Ordinal > 0 {
			out.Reason = fmt.Sprintf("ordinal %d: not what was recorded", d.Ordinal)
		}
	}
	return out
}

// clusterTime is how long a person waits for a cluster that does not answer;
// what became of the command is settled by sending it again with its key.
const clusterTime = 20 * time.Second

// sentry stands at the desk's door. A ledger that takes no entries refuses
// before anything is decided: its fold may have stopped long ago, and what is
// missing there would be given as the reason. A command that comes upon an
// event that is not what was appended closes the ledger there and then.
type sentry struct {
	desk  api.Desk
	store engine
}

func (s sentry) Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error) {
	if reason := s.store.Err(); reason != nil {
		return desk.Receipt{}, desk.ReadOnly(reason)
	}
	if _, far := s.store.(distant); far {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, clusterTime)
		defer cancel()
	}
	r, err := s.desk.Submit(ctx, by, name, key, input)
	if d, ok := errors.AsType[*ledger.Damage](err); ok {
		s.store.MarkDamaged(d)
	}
	return r, err
}

// files keeps documents' files.
type files struct {
	view  *view.View
	vault *blob.Vault
	state func() error // why nothing is taken
}

// taking refuses while nothing is taken.
func (f files) taking() error {
	if err := f.state(); err != nil {
		return ledger.Errorf(ledger.Unavailable, "ledger.read_only", "账本现为只读，暂不收文件；请联系管理员。", "The ledger takes no entries at present, and no files; tell the administrator.").Because(err)
	}
	return nil
}

func (f files) Put(ctx context.Context, content []byte) (api.File, error) {
	if err := f.taking(); err != nil {
		return api.File{}, err
	}
	ref, err := f.vault.Put(ctx, content)
	return api.File{ID: ref.ID, Hash: ref.Hash}, err
}

func (f files) Has(ctx context.Context, id string) (bool, error) { return f.vault.Has(ctx, id) }

func (f files) OfDocument(ctx context.Context, by ledger.Actor, id string) ([]byte, error) {
	at, err := f.view.File(id, by)
	if err != nil {
		return nil, err
	}
	return f.vault.Get(ctx, blob.Ref{ID: at.ID, Hash: at.Hash})
}

// pageQueries answers the portal's documents.
type pageQueries struct{ graph *graph.Graph }

func (q pageQueries) Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error) {
	return q.graph.Query(graph.WithViewer(ctx, portal.ActorFrom(ctx), portal.LangFrom(ctx)), document, variables)
}

// answers serves /graphql.
type answers struct{ graph *graph.Graph }

func (a answers) Answer(ctx context.Context, by ledger.Actor, lang string, q api.Question) api.Answer {
	reply := a.graph.Reply(graph.WithViewer(ctx, by, lang), bind.Request{Query: q.Document, ID: q.ID, Operation: q.Operation, Variables: q.Variables})
	return api.Answer(reply)
}

// people opens and ends the portal's sessions.
type people struct {
	asked    auth.Authenticator
	sessions *auth.Sessions
	links    *auth.Links
}

func (p people) Actor(r *http.Request) (ledger.Actor, error) { return p.asked.Authenticate(r) }
func (p people) Peek(code string) (ledger.Actor, error)      { return p.links.Peek(code) }
func (p people) SignOut(_ http.ResponseWriter, r *http.Request) error {
	return p.sessions.SignOut(r.Context())
}

func (p people) Redeem(_ http.ResponseWriter, r *http.Request, code string) error {
	actor, err := p.links.Redeem(code)
	if err != nil {
		return err
	}
	return p.sessions.SignIn(r.Context(), actor)
}

// greet prints what a person at the terminal wants next: in a demo the trace
// of the 600 mu and one sign-in link a role, always the address.
func (s serving) greet(ctx context.Context, io streams, h *house, at net.Addr, links *auth.Links) error {
	base := s.portal(at)
	lang := language(s.lang)
	if s.demo {
		demo := seeds.Demo()
		ask := traceOf{demo.Mandate, demo.Unit, demo.Measure}
		if data, err := ask.query(ctx, h.graph, lang); err == nil { // a ledger of somebody's own has no such mandate
			if err := printTraces(io.out, data, lang); err != nil {
				return err
			}
			fmt.Fprintln(io.out)
		}
	}
	fmt.Fprintf(io.out, "portal  %s/\n", base)
	if !s.demo {
		return nil
	}
	for _, actor := range seeds.Demo().Actors {
		code, err := links.New(actor)
		if err != nil {
			return err
		}
		fmt.Fprintf(io.out, "sign-in %-12s  %s/sign-in/%s\n", actor.Roles[0], base, code)
	}
	return nil
}

// portal is where people find the portal.
func (s serving) portal(at net.Addr) string {
	if s.public != "" {
		return s.public
	}
	return s.address(at)
}

// address is what a browser on this machine calls the server. The portal is
// localhost and reporting pages are 127.0.0.1, so that no cookie of the one
// travels to the other.
func (s serving) address(at net.Addr) string {
	scheme := "http"
	if s.cert != "" {
		scheme = "https"
	}
	return scheme + "://" + known(at)
}

// known is what programs on this machine call an address.
func known(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return at.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsLoopback() || ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
