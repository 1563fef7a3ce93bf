package api

import (
	"context"
	"encoding/json"
	"net/http"

	"suyuan/services/ledger"
)

// Answer is a finished answer, JSON as GraphQL has it. Executed is false where
// nothing was run: then it holds errors and no data. Body is only read.
type Answer struct {
	Body     []byte
	Executed bool
}

// Graph answers questions for an actor.
type Graph interface {
	Answer(ctx context.Context, by ledger.Actor, lang string, q Question) Answer
}

// graphql serves queries over HTTP as the GraphQL Foundation's draft has it:
// the answer's media type by Accept, 400 for a request that is none, and for a
// query that cannot be run what its media type says.
func (a API) graphql(w http.ResponseWriter, r *http.Request) {
	kind, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		a.graphqlFail(w, r, errAccept)
		return
	}
	by, err := a.Actor(r)
	if err != nil {
		a.graphqlFail(w, r, err)
		return
	}
	q, err := question(w, r)
	if err != nil {
		a.graphqlFail(w, r, err)
		return
	}
	forOtherHosts(w, r, by, q)
	answer := a.Graph.Answer(r.Context(), by, lang(r), q)
	status := http.StatusOK
	if !answer.Executed {
		status = notRun(w, r, kind, answer.Body)
	}
	vary(w)
	send(w, status, kind, answer.Body)
}

// notRun is the status of an answer that only says why the query was not run.
// A change asked for by GET is wrong whatever the reader accepts: whoever
// stands between may ask a GET again.
func notRun(w http.ResponseWriter, r *http.Request, kind mediaType, body []byte) int {
	var why graphqlErrors
	if json.Unmarshal(body, &why) != nil || len(why.Errors) == 0 {
		return http.StatusInternalServerError
	}
	first := why.Errors[0].Extensions
	switch {
	case r.Method == http.MethodGet && first.Rule == "query.read_only":
		w.Header().Set("Allow", http.MethodPost)
		return http.StatusMethodNotAllowed
	case first.Code == ledger.Internal || first.Code == ledger.Unavailable:
		return first.Code.Status()
	case kind == plainJSON:
		return http.StatusOK
	}
	return first.Code.Status()
}

var errAccept = ledger.Errorf(ledger.Invalid, "request.accept",
	"应答只有 application/graphql-response+json 和 application/json 两种，编码为 UTF-8；请在 Accept 中接受其一。",
	"Answers come as application/graphql-response+json or application/json, in UTF-8; accept one of them.").At("Accept")

// graphqlOnly answers every other method than GraphQL takes.
func (a API) graphqlOnly(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", "GET, POST")
	a.graphqlFail(w, r, errMethod("GET, POST"))
}

// refusals of a request that have a status of their own.
var statuses = map[string]int{
	"request.accept":       http.StatusNotAcceptable,
	"request.content_type": http.StatusUnsupportedMediaType,
	"request.method":       http.StatusMethodNotAllowed,
}

// graphqlFail refuses a request before it is a question, in GraphQL's form.
func (a API) graphqlFail(w http.ResponseWriter, r *http.Request, err error) {
	e := a.refusal(w, r, err)
	status, ok := statuses[e.Rule]
	if !ok {
		status = e.Code.Status()
	}
	kind, _ := negotiate(r.Header.Values("Accept"))
	body, err := json.Marshal(graphqlErrors{[]graphqlError{{e.Text.In(lang(r)), graphqlExtensions{e.Code, e.Rule, e.Field}}}})
	if err != nil {
		a.Log.Error("write answer", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	vary(w)
	send(w, status, kind, body)
}

// graphqlErrors are refusals as the graph tells them.
type (
	graphqlErrors struct {
		Errors []graphqlError `json:"errors"`
	}
	graphqlError struct {
		Message    string            `json:"message"`
		Extensions graphqlExtensions `json:"extensions"`
	}
	graphqlExtensions struct {
		Code  ledger.Code `json:"code"`
		Rule  string      `json:"rule"`
		Field string      `json:"field,omitempty"`
	}
)

func vary(w http.ResponseWriter) { w.Header().Set("Vary", "Accept, Accept-Language") }
