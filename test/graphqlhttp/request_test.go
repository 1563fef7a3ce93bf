package graphqlhttp

import (
	"net/http"
	neturl "net/url"
	"strings"
	"testing"
)

const (
	village = `{ unit(code: "990101001") { name } }`
	named   = `"name":"青穗镇"`
)

// at is a GET with parameters, which come in pairs.
func at(pairs ...string) asked {
	v := neturl.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return asked{method: http.MethodGet, query: "?" + v.Encode()}
}

func body(text string, headers ...string) asked {
	return asked{http.MethodPost, "", text, append([]string{"Content-Type: application/json"}, headers...)}
}

func (a asked) with(headers ...string) asked {
	a.headers = append(append([]string{}, a.headers...), headers...)
	return a
}

// What is no request is refused whatever the reader accepts: the status is the
// same under both media types, and so are code, rule and the member at fault.
func TestRequestsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		a           asked
		status      int
		rule, field string
	}{
		"no body":                   {body(""), 400, "input.json", ""},
		"not JSON":                  {body(`{ "query`), 400, "input.json", ""},
		"a list":                    {body(`[{"query":"{__typename}"}]`), 400, "input.type", ""},
		"two objects":               {body(`{"query":"{__typename}"} {}`), 400, "input.trailing", ""},
		"not UTF-8":                 {body("{\"query\":\"{__typename} #\xff\"}"), 400, "request.encoding", "body"},
		"no query":                  {body(`{}`), 400, "query.missing", "query"},
		"null for a query":          {body(`{"query":null}`), 400, "query.missing", "query"},
		"an empty query":            {body(`{"query":" \n"}`), 400, "query.missing", "query"},
		"a number for a query":      {body(`{"query":1}`), 400, "input.type", "query"},
		"an unknown member":         {body(`{"qurey":"{__typename}"}`), 400, "input.unknown_field", "qurey"},
		"an object for a name":      {body(`{"query":"{__typename}","operationName":{}}`), 400, "input.type", "operationName"},
		"a list of variables":       {body(`{"query":"{__typename}","variables":[]}`), 400, "query.variables", "variables"},
		"text for variables":        {body(`{"query":"{__typename}","variables":"{}"}`), 400, "query.variables", "variables"},
		"text for extensions":       {body(`{"query":"{__typename}","extensions":"{}"}`), 400, "query.extensions", "extensions"},
		"a number beyond numbers":   {body(`{"query":"{__typename}","variables":{"a":1e999}}`), 400, "query.variables", "variables"},
		"an id that is none":        {body(`{"documentId":"trace"}`), 400, "query.document_id", "documentId"},
		"an id in capitals":         {body(`{"documentId":"` + strings.Repeat("A", 64) + `"}`), 400, "query.document_id", "documentId"},
		"another hash":              {body(`{"documentId":"md5:` + strings.Repeat("a", 32) + `"}`), 400, "query.document_id", "documentId"},
		"nothing by GET":            {at(), 400, "query.missing", "query"},
		"variables by GET":          {at("query", "{__typename}", "variables", "[]"), 400, "query.variables", "variables"},
		"half variables by GET":     {at("query", "{__typename}", "variables", "{"), 400, "query.variables", "variables"},
		"extensions by GET":         {at("query", "{__typename}", "extensions", "1"), 400, "query.extensions", "extensions"},
		"twice by GET":              {at("query", "{__typename}", "query", "{ledger{ordinal}}"), 400, "input.field_twice", "query"},
		"badly encoded":             {asked{method: "GET", query: "?query=%7B__typename%7D&x=%zz"}, 400, "request.address", ""},
		"a long address":            {at("query", "{__typename}", "pad", strings.Repeat("x", 33<<10)), 400, "request.address_too_long", ""},
		"no content type":           {asked{method: "POST", body: `{"query":"{__typename}"}`}, 415, "request.content_type", "Content-Type"},
		"GraphQL as a body":         {asked{"POST", "", `{__typename}`, []string{"Content-Type: application/graphql"}}, 415, "request.content_type", "Content-Type"},
		"a form":                    {asked{"POST", "", `query=%7B__typename%7D`, []string{"Content-Type: application/x-www-form-urlencoded"}}, 415, "request.content_type", "Content-Type"},
		"a form with a file":        {asked{"POST", "", ``, []string{"Content-Type: multipart/form-data; boundary=x"}}, 415, "request.content_type", "Content-Type"},
		"another charset":           {asked{"POST", "", `{"query":"{__typename}"}`, []string{"Content-Type: application/json; charset=gbk"}}, 415, "request.content_type", "Content-Type"},
		"PUT":                       {asked{method: "PUT", body: `{"query":"{__typename}"}`}, 405, "request.method", ""},
		"DELETE":                    {asked{method: "DELETE"}, 405, "request.method", ""},
		"OPTIONS":                   {asked{method: "OPTIONS"}, 405, "request.method", ""},
		"a token that is none":      {body(`{"query":"{__typename}"}`, "Authorization: Bearer x"), 401, "token.malformed", ""},
		"from another site":         {body(`{"query":"{__typename}"}`, "Sec-Fetch-Site: cross-site"), 403, "request.cross_origin", ""},
		"from another site, hidden": {body(`{"query":"{__typename}"}`, "Origin: null"), 403, "request.cross_origin", ""},
	} {
		for _, accept := range []string{newer, older, "*/*", ""} {
			a := c.a
			if accept != "" {
				a = a.with("Accept: " + accept)
			}
			w := do(t, a)
			data, problems := w.read(t)
			kind := older
			if accept == newer {
				kind = newer
			}
			if w.status != c.status || w.kind != kind+"; charset=utf-8" || data != nil || len(problems) != 1 {
				t.Errorf("%s accepting %q: %d %s %s", name, accept, w.status, w.kind, w.body)
				continue
			}
			if p := problems[0]; p.Extensions.Rule != c.rule || p.Extensions.Field != c.field || p.Extensions.Code == "" || !chinese(p.Message) {
				t.Errorf("%s: %s", name, w.body)
			}
			if allow := w.header.Get("Allow"); (allow == "GET, POST") != (c.status == 405) {
				t.Errorf("%s allows %q", name, allow)
			}
			if c.status == 401 && !strings.HasPrefix(w.header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("%s does not say how to sign in", name)
			}
			if _, problems := do(t, a.with("Accept-Language: en")).read(t); chinese(problems[0].Message) {
				t.Errorf("%s in English: %s", name, problems[0].Message)
			}
		}
	}
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 0x4e00 })
}

// A reader that wants neither type is told which there are, in one of them.
func TestAcceptsNeither(t *testing.T) {
	for _, accept := range []string{"text/html", "application/xml, text/*", "application/json;q=0", "application/json; charset=gb2312"} {
		for name, a := range map[string]asked{"GET": at("query", village), "POST": body(`{"query":"{__typename}"}`)} {
			w := do(t, a.with("Accept: "+accept))
			if w.status != 406 || w.rule(t) != "request.accept" || !strings.HasPrefix(w.kind, older) || strings.Contains(w.body, "青穗镇") {
				t.Errorf("%s accepting %s: %d %s %s", name, accept, w.status, w.kind, w.body)
			}
		}
	}
}

// What is a request, but whose query cannot be run, is 400 under the newer
// type and 200 under the older; there is no data under either.
func TestQueriesThatCannotBeRun(t *testing.T) {
	for name, c := range map[string]struct {
		members members
		rule    string
	}{
		"syntax":           {members{"query": "{"}, "query.syntax"},
		"an unknown field": {members{"query": "{ nothing }"}, "query.invalid"},
		"a variable":       {members{"query": "query($c: ID!) { unit(code: $c) { name } }"}, "query.variable"},
		"two queries":      {members{"query": "query A { __typename } query B { __typename }"}, "query.operation"},
		"no such query":    {members{"query": "query A { __typename }", "operationName": "B"}, "query.operation"},
		"a change":         {members{"query": "mutation { unit }"}, "query.read_only"},
		"a subscription":   {members{"query": "subscription { unit }"}, "query.read_only"},
	} {
		for accept, status := range map[string]int{newer: 400, older: 200, "*/*": 200} {
			w := post(t, c.members, "Accept: "+accept)
			if data, _ := w.read(t); w.status != status || w.rule(t) != c.rule || strings.Contains(w.body, `"data"`) || data != nil {
				t.Errorf("%s accepting %s: %d %s", name, accept, w.status, w.body)
			}
		}
	}
}

// A change is not even understood by GET.
func TestChangesByGET(t *testing.T) {
	for _, accept := range []string{newer, older} {
		w := do(t, at("query", "mutation { __typename }").with("Accept: "+accept))
		if w.status != 405 || w.header.Get("Allow") != "POST" || w.rule(t) != "query.read_only" {
			t.Errorf("accepting %s: %d, allows %q: %s", accept, w.status, w.header.Get("Allow"), w.body)
		}
	}
}

// The same question by every way in.
func TestWaysToAsk(t *testing.T) {
	const byCode = `query A($c: ID!) { unit(code: $c) { name } } query B { __typename }`
	for name, a := range map[string]asked{
		"POST":               body(`{"query":"{ unit(code: \"990101001\") { name } }"}`),
		"with a charset":     {"POST", "", `{"query":"{ unit(code: \"990101001\") { name } }"}`, []string{"Content-Type: application/json; charset=UTF-8"}},
		"nulls":              body(`{"query":"{ unit(code: \"990101001\") { name } }","variables":null,"operationName":null,"extensions":null,"documentId":null}`),
		"extensions":         body(`{"query":"{ unit(code: \"990101001\") { name } }","extensions":{"any":["thing"]}}`),
		"variables":          body(`{"query":"query($c: ID!) { unit(code: $c) { name } }","variables":{"c":"990101001"}}`),
		"GET":                at("query", village),
		"GET, one of two":    at("query", byCode, "operationName", "A", "variables", `{"c":"990101001"}`, "extensions", "{}"),
		"GET, empty members": at("query", village, "variables", "", "operationName", "", "extensions", "", "documentId", ""),
		"GET, lang":          at("query", village, "lang", "en"),
	} {
		for accept, kind := range map[string]string{newer: newer, older: older, "*/*": older, older + ";q=0.2, " + newer + ";q=0.1": older} {
			w := do(t, a.with("Accept: "+accept))
			if w.status != 200 || w.kind != kind+"; charset=utf-8" || !strings.Contains(w.body, named) || strings.Contains(w.body, "errors") {
				t.Errorf("%s accepting %s: %d %s %s", name, accept, w.status, w.kind, w.body)
			}
			if w.header.Get("Cache-Control") != "no-store" || len(w.header.Values("Set-Cookie")) > 0 || w.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %v", name, w.header)
			}
		}
	}
}
