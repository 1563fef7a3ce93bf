package auth

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"suyuan/services/ledger"
)

func TestCrossOrigin(t *testing.T) {
	cookie := http.Header{"Cookie": {"suyuan=x"}}
	with := func(h http.Header, pairs ...string) http.Header {
		h = h.Clone()
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	for _, test := range []struct {
		name, method string
		header       http.Header
		pass         bool
	}{
		{"read from elsewhere", "GET", with(cookie, "Sec-Fetch-Site", "cross-site"), true},
		{"own form", "POST", with(cookie, "Sec-Fetch-Site", "same-origin"), true},
		{"typed in", "POST", with(cookie, "Sec-Fetch-Site", "none"), true},
		{"another site's form", "POST", with(cookie, "Sec-Fetch-Site", "cross-site"), false},
		{"a neighbouring host's form", "POST", with(cookie, "Sec-Fetch-Site", "same-site"), false},
		{"another site deletes", "DELETE", with(cookie, "Sec-Fetch-Site", "cross-site"), false},
		{"another site's form without a cookie signs nobody in", "POST", http.Header{"Sec-Fetch-Site": {"cross-site"}}, false},
		{"old browser, own form", "POST", with(cookie, "Origin", "https://suyuan.test"), true},
		{"old browser, another site's form", "POST", with(cookie, "Origin", "https://evil.test"), false},
		{"old browser, origin hidden", "POST", with(cookie, "Origin", "null"), false},
		{"script without a browser", "POST", http.Header{}, true},
		{"token from elsewhere", "POST", http.Header{"Authorization": {"Bearer x"}, "Origin": {"https://evil.test"}}, true},
		{"a password the browser remembers excuses nothing", "POST", with(cookie, "Authorization", "Basic YTpi", "Sec-Fetch-Site", "cross-site"), false},
		{"trusted origin", "POST", with(cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://friend.test"), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var refused error
			reached := false
			protect := must(CrossOrigin(func(_ http.ResponseWriter, _ *http.Request, err error) { refused = err }, "https://friend.test"))
			r := httptest.NewRequest(test.method, "https://suyuan.test/out", nil)
			r.Header = test.header
			protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })).ServeHTTP(httptest.NewRecorder(), r)
			if reached != test.pass || (refused == nil) != test.pass {
				t.Fatalf("reached %v, refused %v", reached, refused)
			}
			if e := ledger.AsError(refused); refused != nil && (e.Rule != "request.cross_origin" || e.Code != ledger.Forbidden) {
				t.Error(e)
			}
		})
	}
	if _, err := CrossOrigin(writeError, "friend.test/path"); err == nil {
		t.Error("trusts what is no origin")
	}
}
