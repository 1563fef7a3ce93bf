package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"suyuan/services/ledger"
)

// Whoever stands in front of the API refuses in the API's own form, and hears
// where an address is a page's.
func TestErrorInItsOwnForm(t *testing.T) {
	a := API{Log: slog.New(slog.DiscardHandler)}
	refusal := ledger.Errorf(ledger.Forbidden, "request.cross_origin", "不行", "no")
	for path, member := range map[string]string{
		"/graphql": "errors", "/graphql?query=a": "errors", "/api/commands/unit.rename": "error", "/api/files": "error",
		"/": "", "/graphqlx": "", "/apix": "", "/mandates": "",
	} {
		w := httptest.NewRecorder()
		taken := a.Error(w, httptest.NewRequest(http.MethodPost, path, nil), refusal)
		if taken != (member != "") || !taken && w.Body.Len() > 0 {
			t.Errorf("%s: %t, %s", path, taken, w.Body)
			continue
		}
		var got map[string]json.RawMessage
		if taken && (json.Unmarshal(w.Body.Bytes(), &got) != nil || got[member] == nil || w.Code != http.StatusForbidden) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// The status of an answer that was not run says what its first error does; a
// fault of ours is one under either media type.
func TestNotRun(t *testing.T) {
	for _, c := range []struct {
		method, body string
		older, newer int
	}{
		{"POST", `{"errors":[{"message":"x","extensions":{"code":"invalid","rule":"query.syntax"}}]}`, 200, 400},
		{"POST", `{"errors":[{"message":"x","extensions":{"code":"invalid","rule":"query.read_only"}}]}`, 200, 400},
		{"GET", `{"errors":[{"message":"x","extensions":{"code":"invalid","rule":"query.read_only"}}]}`, 405, 405},
		{"POST", `{"errors":[{"message":"x","extensions":{"code":"forbidden","rule":"query.introspection"}}]}`, 200, 403},
		{"POST", `{"errors":[{"message":"x","extensions":{"code":"not_found","rule":"query.document_unknown"}}]}`, 200, 404},
		{"POST", `{"errors":[{"message":"x","extensions":{"code":"internal","rule":"internal"}}]}`, 500, 500},
		{"POST", `{"errors":[{"message":"x","extensions":{"code":"unavailable","rule":"query.stopped"}}]}`, 503, 503},
		{"POST", `{"errors":[]}`, 500, 500},
		{"POST", ``, 500, 500},
	} {
		r := httptest.NewRequest(c.method, "/graphql", nil)
		for kind, want := range map[mediaType]int{plainJSON: c.older, responseJSON: c.newer} {
			if got := notRun(httptest.NewRecorder(), r, kind, []byte(c.body)); got != want {
				t.Errorf("%s %s as %s: %d, want %d", c.method, c.body, kind, got, want)
			}
		}
	}
}
