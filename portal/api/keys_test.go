package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"suyuan/services/ledger"
)

type nothing struct{}

func (nothing) Answer(context.Context, ledger.Actor, string, Question) Answer {
	return Answer{[]byte(`{"data":null}`), true}
}

// A page of another host may read the answer to one question, which anybody
// may put; and no other answer, nor that one for whoever is signed in.
func TestOtherHosts(t *testing.T) {
	script, err := os.ReadFile("../static/src/issuer/ledger.js")
	if err != nil || !strings.Contains(string(script), `"`+KeysQuestion+`"`) {
		t.Errorf("the script asks something else: %v", err)
	}
	for _, c := range []struct {
		method, query, account string
		open                   bool
	}{
		{"GET", KeysQuestion, "", true},
		{"GET", KeysQuestion + " ", "", false},
		{"GET", "{ledger{ordinal}}", "", false},
		{"GET", KeysQuestion, "clerk-1", false},
		{"POST", KeysQuestion, "", false},
	} {
		a := API{Graph: nothing{}, Log: slog.New(slog.DiscardHandler), Actor: func(*http.Request) (ledger.Actor, error) { return ledger.Actor{Account: c.account}, nil }}
		r := mux.NewRouter()
		a.Routes(r)
		asked := httptest.NewRequest(c.method, "/graphql?query="+url.QueryEscape(c.query), nil)
		if c.method == "POST" {
			asked = httptest.NewRequest(c.method, "/graphql", strings.NewReader(`{"query":"`+c.query+`"}`))
			asked.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, asked)
		if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != http.StatusOK || (got == "*") != c.open {
			t.Errorf("%s %.20s as %q: %d, %q", c.method, c.query, c.account, w.Code, got)
		}
	}
}
