// Package api is the ledger over HTTP for programs: commands in, GraphQL out,
// JSON both ways. It translates and bounds; what is decided is decided at the
// desk.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"suyuan/portal/observe"
	"suyuan/services/desk"
	"suyuan/services/ledger"
)

// MaxBody bounds a request's body, bytes.
const MaxBody = 1 << 20

// Desk carries commands out.
type Desk interface {
	Submit(ctx context.Context, by ledger.Actor, name, key string, input []byte) (desk.Receipt, error)
}

// Stopping is the status of a server that ends what is under way.
const Stopping = "stopping"

// Unreachable is the status of a server that has lost the cluster its ledger is
// on: it shows what it has, and takes entries again once the cluster is back.
const Unreachable = "unreachable"

// Health is what /healthz says.
type Health struct {
	Status  string `json:"status"` // ok, read-only, Unreachable, Stopping
	Ordinal string `json:"ordinal"`
	Reason  string `json:"reason,omitempty"`
}

// API serves programs.
type API struct {
	Desk   Desk
	Graph  Graph
	Files  Files
	Actor  func(*http.Request) (ledger.Actor, error)
	Health func() Health
	// Commands describes every command, for GET /api/commands.
	Commands func() any
	Log      *slog.Logger
}

// Routes adds the API's addresses to a router.
func (a API) Routes(r *mux.Router) {
	r = r.NewRoute().Subrouter()
	r.Use(observe.Routed)
	r.HandleFunc("/api/commands", a.commands).Methods(http.MethodGet)
	r.HandleFunc("/api/commands/{name}", a.command).Methods(http.MethodPost)
	r.HandleFunc("/api/files", a.upload).Methods(http.MethodPost)
	r.HandleFunc("/api/documents/{id}/file", a.download).Methods(http.MethodGet)
	r.HandleFunc("/graphql", a.graphql).Methods(http.MethodGet, http.MethodPost)
	r.HandleFunc("/healthz", a.healthz).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/api/commands", a.only("GET"))
	r.HandleFunc("/api/commands/{name}", a.only("POST"))
	r.HandleFunc("/api/files", a.only("POST"))
	r.HandleFunc("/api/documents/{id}/file", a.only("GET"))
	r.HandleFunc("/graphql", a.graphqlOnly)
	r.HandleFunc("/healthz", a.only("GET, HEAD"))
}

// only answers every other method than those an address takes.
func (a API) only(allow string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		a.write(w, http.StatusMethodNotAllowed, problem{errMethod(allow), lang(r), observe.ID(r.Context())})
	}
}

// Error answers a request with an error in the API's own form, for whoever
// stands in front of it, and reports whether the address is the API's.
func (a API) Error(w http.ResponseWriter, r *http.Request, err error) bool {
	switch {
	case r.URL.Path == "/graphql":
		a.graphqlFail(w, r, err)
	case strings.HasPrefix(r.URL.Path, "/api/"):
		a.fail(w, r, err)
	default:
		return false
	}
	return true
}

func errMethod(allow string) *ledger.Error {
	return ledger.Errorf(ledger.Invalid, "request.method", "这个地址只接受 %s。", "This address takes %s only.", allow)
}

func (a API) commands(w http.ResponseWriter, _ *http.Request) {
	a.write(w, http.StatusOK, map[string]any{"commands": a.Commands()})
}

func (a API) command(w http.ResponseWriter, r *http.Request) {
	by, err := a.Actor(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	body, err := a.body(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	name := mux.Vars(r)["name"]
	if err := a.stored(r.Context(), name, body); err != nil {
		a.fail(w, r, err)
		return
	}
	receipt, err := a.Desk.Submit(r.Context(), by, name, r.Header.Get("Idempotency-Key"), body)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.write(w, http.StatusCreated, receipt)
}

// body reads a JSON body within its bound.
func (a API) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return nil, ledger.Errorf(ledger.Invalid, "request.content_type", "请以 Content-Type: application/json 提交。", "Send the body as Content-Type: application/json.").At("Content-Type")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, ledger.Errorf(ledger.Invalid, "request.too_large", "请求体超过 %d 字节，没有保存任何内容；请分几次提交。", "The body is over %d bytes and nothing was saved; submit it in parts.", MaxBody).At("body")
	}
	if err != nil {
		return nil, ledger.Errorf(ledger.Invalid, "request.broken", "请求体没有收全，没有保存任何内容；请重试。", "The body did not arrive whole and nothing was saved; send it again.").At("body").Because(err)
	}
	return body, nil
}

// healthz says 503 only where no new request should come any more: a ledger
// that takes no entries still answers everybody who reads.
func (a API) healthz(w http.ResponseWriter, _ *http.Request) {
	health, status := a.Health(), http.StatusOK
	if health.Status == Stopping {
		status = http.StatusServiceUnavailable
	}
	a.write(w, status, health)
}

// problem is a refusal as programs get it.
type problem struct {
	err    *ledger.Error
	lang   string
	number string // the request's, for the administrator to find it in the log
}

// MarshalJSON writes code, rule, message and field; the fault underneath
// stays with us.
func (p problem) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"error": struct {
		Code    ledger.Code `json:"code"`
		Rule    string      `json:"rule"`
		Message string      `json:"message"`
		Field   string      `json:"field,omitempty"`
		Request string      `json:"request,omitempty"`
	}{p.err.Code, p.err.Rule, p.err.Text.In(p.lang), p.err.Field, p.number}})
}

func (a API) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := a.refusal(w, r, err)
	a.write(w, e.Code.Status(), problem{e, lang(r), observe.ID(r.Context())})
}

// refusal logs what is a fault of ours and says how to sign in.
func (a API) refusal(w http.ResponseWriter, r *http.Request, err error) *ledger.Error {
	e := ledger.AsError(err)
	observe.Report(r.Context(), a.Log, err)
	if e.Code == ledger.Unauthenticated {
		w.Header().Set("WWW-Authenticate", `Bearer realm="suyuan"`)
	}
	return e
}

func (a API) write(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		a.Log.Error("write answer", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	send(w, status, plainJSON, append(body, '\n'))
}

// send writes a finished answer. None is kept on its way: who asks decides
// what is in it.
func send(w http.ResponseWriter, status int, kind mediaType, body []byte) {
	h := w.Header()
	h.Set("Content-Type", string(kind)+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body))) // in one piece, not in chunks
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
