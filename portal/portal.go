// Package portal is the public face: pages rendered on the server, complete
// without scripts, in Chinese and in English. Every page runs its own GraphQL
// document, so whatever it shows, anybody can query. What staff do on their pages
// goes to a Desk; the package must never write to the ledger otherwise, and it
// never sets a cookie of its own.
package portal

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/gorilla/mux"

	"suyuan/portal/observe"
	"suyuan/portal/words"
	"suyuan/services/ledger"
)

// Querier answers a GraphQL document as JSON: the data object. Its errors are
// *ledger.Error. Actor and language are in ctx: ActorFrom, LangFrom.
type Querier interface {
	Query(ctx context.Context, document string, variables map[string]any) (json.RawMessage, error)
}

// Sessions says who is asking and opens and ends cookie sessions.
type Sessions interface {
	// Actor returns the zero Actor where nobody is signed in; bad credentials
	// are an error.
	Actor(r *http.Request) (ledger.Actor, error)
	// Peek looks at a one-time link without using it up. A code that was used,
	// has run out or was never given out is ledger.Unauthenticated.
	Peek(code string) (ledger.Actor, error)
	// Redeem uses the link up and opens a session; its errors are Peek's.
	Redeem(w http.ResponseWriter, r *http.Request, code string) error
	SignOut(w http.ResponseWriter, r *http.Request) error
}

// Options are what the portal is told when it starts.
type Options struct {
	Log  *slog.Logger // where faults of ours go; slog.Default() where nil
	Demo bool         // sign-in links were printed in the terminal, and the pages say so

	Desk   Desk         // where staff's pages write; nil: they only show
	Clock  ledger.Clock // what day it is
	Random io.Reader    // keys of forms; crypto/rand where nil

	// WorkingDays is how many working days come after the first day up to and
	// with the last; nil where no calendar is known.
	WorkingDays func(first, last ledger.Date) (int, error)

	Public  string // scheme and host under which browsers find the portal; "" where only requests tell
	Proxied bool   // a proxy ends TLS and says so itself in X-Forwarded-Proto
}

type site struct {
	query    Querier
	sessions Sessions
	options  Options
	book     *words.Book
	terms    glossary
	queries  map[string]string
	schema   publicSchema
	pages    pages
	static   assets
	claims   claimMemory
}

// Portal serves the pages.
type Portal struct {
	site    *site
	handler http.Handler
}

// ServeHTTP implements http.Handler.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// Error answers a request with an error's page, for whoever stands in front of
// the portal: sessions that cannot be read, requests from other sites.
func (p *Portal) Error(w http.ResponseWriter, r *http.Request, err error) {
	secure(w.Header())
	page := &Page{s: p.site, r: r, w: w, seen: map[string]bool{}}
	page.Lang, page.explicit = negotiate(r)
	page.fail(err)
}

// New returns the portal. It refuses to start where a template, a document, the
// glossary or the words are wrong. Requests from other sites are for the
// caller to refuse, before they arrive here.
func New(q Querier, s Sessions, o Options) (*Portal, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Clock == nil {
		return nil, errors.New("the portal needs a clock")
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	t := &site{query: q, sessions: s, options: o}
	var err error
	if t.book, err = words.Open(); err != nil {
		return nil, err
	}
	if t.terms, err = openGlossary(); err != nil {
		return nil, err
	}
	if t.queries, err = composeDocuments(); err != nil {
		return nil, err
	}
	if t.schema, err = openSchema(t.queries); err != nil {
		return nil, err
	}
	if t.static, err = openAssets(); err != nil {
		return nil, err
	}
	if t.pages, err = parsePages(t.book, t.terms); err != nil {
		return nil, err
	}
	return &Portal{t, secured(t.routes())}, nil
}

// Documents returns every GraphQL document the pages run, by name, complete with
// its fragments, for checking against the schema.
func Documents() map[string]string {
	documents, err := composeDocuments()
	if err != nil {
		panic(err) // embedded files; New refuses to start for the same reason
	}
	return documents
}

// routes gives every page its address. Addresses are permanent.
func (s *site) routes() http.Handler {
	r := mux.NewRouter().StrictSlash(true)
	r.Use(observe.Routed)
	get := func(path string, h handler) { r.Handle(path, s.page(h)).Methods(http.MethodGet, http.MethodHead) }
	get("/", s.home)
	get("/mandates", s.mandates)
	get("/mandates/{id}", s.mandate)
	get("/mandates/{id}/units/{code}", s.trace)
	get("/burden", s.burden)
	get("/reported", s.reported)
	get("/units", s.units)
	get("/units/{code}", s.unit)
	get("/units/{code}/reported", s.unitReported)
	get("/documents", s.documents)
	get("/documents/{id}", s.document)
	get("/issuances/{id}", s.issuance)
	get("/events/{ordinal}", s.event)
	for path, h := range map[string]struct{ show, do handler }{
		"/complaints/{id}": {s.complaint, s.complaintDo}, "/cases": {s.cases, s.casesDo}, "/cases/{id}": {s.caseFile, s.caseDo},
		"/recipients": {s.recipients, s.recipientsDo}, "/issuer-keys": {s.issuerKeys, s.issuerKeysDo},
		"/bench/{id}": {s.benchItem, s.benchItemDo}, "/outcomes/new": {s.newOutcome, s.newOutcomeDo}, "/outcomes/{id}/correct": {s.correctOutcome, s.correctOutcomeDo},
		"/findings/{id}": {s.finding, s.findingDo}, "/units/{code}/record": {s.unitRecord, s.unitRecordDo},
		"/policies": {s.policies, s.policiesDo},
	} {
		get(path, h.show)
		r.Handle(path, s.page(h.do)).Methods(http.MethodPost)
	}
	get("/outcomes", s.outcomes)
	get("/outcomes/{id}", s.outcome)
	get("/findings", s.findings)
	get("/findings/{id}/paper", s.findingPaper)
	get("/rules", s.rules)
	get("/whatif", s.whatIf)
	get("/complaints", s.complaints)
	get("/bench", s.bench)
	get("/answers", s.answers)
	get("/complaints/{id}/sealed/{blob}", s.complaintSealed)
	get("/glossary", s.glossary)
	get("/about", s.about)
	get("/schema", s.schemaPage)
	get("/sign-in", s.signIn)
	get("/sign-in/{code}", s.signInLink)
	r.Handle("/sign-in/{code}", s.page(s.redeem)).Methods(http.MethodPost)
	r.Handle("/sign-out", s.page(s.signOut)).Methods(http.MethodPost)
	r.Handle("/robots.txt", plain(robots))
	r.Handle("/schema.graphql", plain(s.schemaText))
	r.PathPrefix("/static/").Handler(plain(s.asset))
	r.NotFoundHandler = s.page(func(p *Page) (reply, error) { return reply{}, errNoPage })
	r.MethodNotAllowedHandler = s.page(s.wrongMethod)
	return r
}
