package auth

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"suyuan/services/ledger"
)

func TestWhoAsks(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, 0)
	keys := load(t, dir)
	token := issue(t, keys, clerk)
	sessions := NewSessions(writeError, false)
	in := direct(t, site(sessions)).post("/in?as=person")
	who := First(Bearer{NewVerifier(keys, at(noon))}, sessions)

	for _, test := range []struct {
		name          string
		authorization []string
		cookie        bool
		account, rule string
	}{
		{"nobody", nil, false, "", ""},
		{"token", []string{"Bearer " + token}, false, "clerk-1", ""},
		{"scheme in small letters", []string{"bearer  " + token}, false, "clerk-1", ""},
		{"session", nil, true, "person", ""},
		{"both: the token counts", []string{"Bearer " + token}, true, "clerk-1", ""},
		{"a bad token is not made up for by a session", []string{"Bearer x"}, true, "", "token.malformed"},
		{"empty token", []string{"Bearer "}, true, "", "token.malformed"},
		{"scheme alone", []string{"Bearer"}, false, "", "token.malformed"},
		{"two tokens", []string{"Bearer " + token, "Bearer " + token}, false, "", "token.repeated"},
		{"a proxy's password and a token", []string{"Basic YTpi", "Bearer " + token}, false, "", "token.repeated"},
		{"a proxy's password", []string{"Basic YTpi"}, true, "person", ""},
		{"a token without its scheme", []string{token}, false, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			for _, value := range test.authorization {
				r.Header.Add("Authorization", value)
			}
			if test.cookie {
				r.AddCookie(in)
			}
			var actor ledger.Actor
			var err error
			sessions.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				actor, err = who.Authenticate(r)
			})).ServeHTTP(httptest.NewRecorder(), r)
			if actor.Account != test.account || (err != nil) != (test.rule != "") || err != nil && ledger.AsError(err).Rule != test.rule {
				t.Errorf("%+v, %v", actor, err)
			}
		})
	}
}
