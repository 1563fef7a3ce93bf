package graphqlhttp

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Who may ask which types there are: staff who are signed in, and nobody else,
// however the question is put.
func TestIntrospection(t *testing.T) {
	questions := map[string]members{
		"__schema":        {"query": `{ __schema { queryType { name } } }`},
		"__type":          {"query": `{ __type(name: "Unit") { name fields { name } } }`},
		"__type, unknown": {"query": `{ __type(name: "Nothing") { name } }`},
		"by a variable":   {"query": `query($n: String!) { __type(name: $n) { name } }`, "variables": members{"n": "Unit"}},
		"under an alias":  {"query": `{ harmless: __schema { types { name } } }`},
		"in a fragment":   {"query": `{ ...A } fragment A on Query { ... on Query { __schema { types { name } } } }`},
		"switched off":    {"query": `{ __schema @skip(if: true) { types { name } } }`},
	}
	for _, c := range []struct {
		role, unit string
		may        bool
	}{
		{"", "", false}, {"clerk", "990101", false},
		{"investigator", "", true}, {"reviewer", "", true}, {"admin", "", true}, {"auditor", "", true},
	} {
		headers := []string{"Accept: " + newer}
		if c.role != "" {
			headers = append(headers, "Authorization: Bearer "+token(t, c.role, c.unit))
		}
		for name, q := range questions {
			w := post(t, q, headers...)
			data, problems := w.read(t)
			switch {
			case c.may && (w.status != 200 || data == nil || len(problems) > 0):
				t.Errorf("%s for %q: %d %.300s", name, c.role, w.status, w.body)
			case !c.may && (w.status != 403 || data != nil || w.rule(t) != "query.introspection" || strings.Contains(w.body, `"Unit"`)):
				t.Errorf("%s for %q: %d %.300s", name, c.role, w.status, w.body)
			}
		}
		// Nobody has both in one query: what is known about types needs no ledger.
		w := post(t, members{"query": `{ unit(code: "990101001") { name } __schema { types { name } } }`}, headers...)
		if rule := w.rule(t); w.status < 400 || strings.Contains(w.body, `"data"`) || c.may != (rule == "query.introspection_alone") || !c.may != (rule == "query.introspection") {
			t.Errorf("beside an answer, for %q: %d %.300s", c.role, w.status, w.body)
		}
		// A mistake is not corrected for those who may not look.
		w = post(t, members{"query": `{ unit(code: "99") { nam } }`}, append(headers, "Accept-Language: en")...)
		if w.status != 400 || w.rule(t) != "query.invalid" || strings.Contains(w.body, "Did you mean") != c.may {
			t.Errorf("a mistake, for %q: %s", c.role, w.body)
		}
		// What every type may be asked is its name.
		if w := post(t, members{"query": `{ __typename ledger { __typename } }`}, headers...); w.status != 200 || !strings.Contains(w.body, `"Ledger"`) {
			t.Errorf("__typename for %q: %d %s", c.role, w.status, w.body)
		}
	}
}

// The audits ask about types in four places, which the public may not. All
// others are passed by the public too.
func TestAuditsOfThePublic(t *testing.T) {
	if bad := strings.Join(failing(t, ""), " "); bad != "2EA1 28B9 D6D5 6A70" {
		t.Errorf("not passed: %s", bad)
	}
}

// session is an auditor's cookie. The link that gives it works once.
var session = sync.OnceValues(func() (string, error) {
	link := signInLine.FindStringSubmatch(served.output())
	if link == nil {
		return "", errors.New("no link for an auditor: " + served.output())
	}
	w, err := client.Post(strings.TrimSuffix(url, "/graphql")+link[1], "", nil)
	if err != nil {
		return "", err
	}
	_ = w.Body.Close()
	if len(w.Cookies()) != 1 {
		return "", fmt.Errorf("signing in: %s, cookies %v", w.Status, w.Cookies())
	}
	return "Cookie: " + w.Cookies()[0].Name + "=" + w.Cookies()[0].Value, nil
})

var signInLine = regexp.MustCompile(`(?m)^sign-in auditor +http://localhost:\d+(\S+)$`)

// A session is as good as a token, a token decides where there are both, and
// no other site may ask through a session.
func TestWhoAsks(t *testing.T) {
	cookie, err := session()
	if err != nil {
		t.Fatal(err)
	}
	types := members{"query": `{ __schema { queryType { name } } }`}
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"a session":                    {[]string{cookie}, 200},
		"own page":                     {[]string{cookie, "Sec-Fetch-Site: same-origin"}, 200},
		"another site":                 {[]string{cookie, "Sec-Fetch-Site: cross-site"}, 403},
		"a clerk's token over it":      {[]string{cookie, "Authorization: Bearer " + token(t, "clerk", "990101")}, 403},
		"a bad token over it":          {[]string{cookie, "Authorization: Bearer x"}, 401},
		"a session that is none":       {[]string{"Cookie: suyuan=none"}, 403},
		"a token, whatever the origin": {[]string{"Authorization: Bearer " + token(t, "auditor", ""), "Origin: https://elsewhere.example"}, 200},
	} {
		if w := post(t, types, append(c.headers, "Accept: "+newer)...); w.status != c.status {
			t.Errorf("%s: %d %s", name, w.status, w.body)
		}
	}
}
