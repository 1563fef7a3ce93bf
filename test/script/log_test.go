package script

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// visitor asks from an address of its own, under a name of its own.
type visitor struct {
	client http.Client
	base   string
}

const (
	visitorAddress = "127.0.0.77"
	visitorName    = "CANARY-AGENT"
)

func newVisitor(s *server) *visitor {
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(visitorAddress)}}
	return &visitor{base: s.url, client: http.Client{
		CheckRedirect: client.CheckRedirect, Timeout: patience,
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
			DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
				_, port, _ := net.SplitHostPort(address)
				return from.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
			},
		},
	}}
}

func (v *visitor) ask(t *testing.T, method, target, body string, headers ...string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range append(headers, "User-Agent: "+visitorName, "Referer: http://localhost/CANARY-REFERER", "X-Forwarded-For: 192.0.2.77") {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w, err := v.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(w.Body)
	_ = w.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, string(content)
}

var hrefs = regexp.MustCompile(`href="(/[^"#]*)`)

// crawl follows every link from the start page, up to a number of pages.
func (v *visitor) crawl(t *testing.T, limit int, headers ...string) int {
	t.Helper()
	seen, next := map[string]bool{"/": true}, []string{"/"}
	for n := 0; n < limit && len(next) > 0; n++ {
		path := next[0]
		next = next[1:]
		status, body := v.ask(t, http.MethodGet, v.base+path, "", headers...)
		if status >= 500 {
			t.Errorf("GET %s: %d", path, status)
		}
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			if to := strings.ReplaceAll(m[1], "&amp;", "&"); !seen[to] {
				seen[to] = true
				next = append(next, to)
			}
		}
	}
	return len(seen)
}

// A log says what was asked for in kind, how it ended and how long it took:
// never who asked, from where, with what, or for which unit or document.
func TestLogNamesNobody(t *testing.T) {
	dir := demoFolder(t)
	cert, key := certificate(t)
	s := serve(t, "--demo", "--data", dir, "--log-level", "debug", "--tls-cert", cert, "--tls-key", key)
	all := links(t, s)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001", "--account", "CANARY-ACCOUNT")
	cookie := signIn(t, all["reviewer"])
	code := func(role string) string { return all[role][strings.LastIndex(all[role], "/")+1:] }
	v := newVisitor(s)

	if pages := v.crawl(t, 120); pages < 60 {
		t.Errorf("the crawl found %d pages", pages)
	}
	v.crawl(t, 20, "Cookie: "+cookie.Name+"="+cookie.Value)
	for _, a := range []struct {
		method, path, body string
		headers            []string
		status             int
	}{
		{"GET", "/units?search=CANARY-SEARCH&lang=en", "", nil, 200},
		{"GET", "/CANARY-PATH/CANARY-PATH", "", nil, 404},
		{"GET", "/units/CANARY-UNIT", "", nil, 404},
		{"GET", "/documents/CANARY-DOCUMENT", "", nil, 404},
		{"GET", "/sign-in/" + code("clerk"), "", nil, 200},
		{"POST", "/sign-in/" + code("clerk"), "", nil, 303},
		{"POST", "/sign-in/" + code("clerk"), "", nil, 410},
		{"POST", "/sign-in/CANARY-CODE", "", nil, 410},
		{"GET", "/graphql?query=" + url.QueryEscape(`{unit(code:"CANARY-QUERY"){name}}`), "", nil, 200},
		{"POST", "/graphql", `{"query":"{CANARY_FIELD"}`, []string{"Content-Type: application/json"}, 200},
		{"POST", "/api/commands/document.register", paper("canary-paper"), []string{"Content-Type: application/json", "Authorization: Bearer " + clerk, "Idempotency-Key: CANARY-KEY"}, 201},
		{"POST", "/api/commands/CANARY-COMMAND", "{}", []string{"Content-Type: application/json", "Authorization: Bearer " + clerk, "Idempotency-Key: CANARY-KEY"}, 404},
		{"POST", "/api/commands/unit.rename", `{"CANARY-INPUT":1}`, []string{"Content-Type: application/json", "Authorization: Bearer " + clerk, "Idempotency-Key: CANARY-KEY"}, 400},
		{"POST", "/api/files", "CANARY-FILE", []string{"Authorization: Bearer CANARY-TOKEN"}, 401},
		{"POST", "/sign-out", "", []string{"Sec-Fetch-Site: cross-site", "Origin: https://CANARY-ORIGIN.example"}, 403},
		{"CANARY-METHOD", "/units", "", nil, 405},
		{"CANARY-METHOD", "/graphql", "", nil, 405},
	} {
		if status, body := v.ask(t, a.method, v.base+a.path, a.body, a.headers...); status != a.status {
			t.Errorf("%s %s: %d, want %d: %.200s", a.method, a.path, status, a.status, body)
		}
	}
	// No TLS where TLS is due, and one that leaves in the middle of a body.
	broken := dialRaw(t, s, visitorAddress)
	broken.send(t, "GET /CANARY-PLAIN HTTP/1.1\r\nHost: CANARY-HOST\r\n\r\n")
	broken.ended(10 * time.Second)
	leaver := tls.Client(dialRaw(t, s, visitorAddress), &tls.Config{InsecureSkipVerify: true})
	if _, err := fmt.Fprintf(leaver, "POST /api/commands/unit.rename HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\nCANARY-HALF", clerk); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	_ = leaver.NetConn().Close()
	metrics := ""
	if w := get(t, s.url+"/metrics"); w.status == http.StatusOK {
		metrics = w.body
	}
	s.stop(t)

	log := s.err.String()
	if !strings.Contains(log, "TLS handshake error from nowhere") {
		t.Error("the bad handshake left no trace at all, so this test shows nothing of it")
	}
	secrets := []string{"CANARY", "canary", visitorAddress, "192.0.2.77", "990101001", "farmland-600", "search=", "lang=", cookie.Value, clerk, clerk[strings.LastIndex(clerk, ".")+1:]}
	for role := range all {
		secrets = append(secrets, code(role))
	}
	for _, secret := range secrets {
		if at := strings.Index(log, secret); at >= 0 {
			t.Errorf("the log holds %q: …%s…", secret, log[max(0, at-200):min(len(log), at+100)])
		}
		if metrics == "" || strings.Contains(metrics, secret) {
			t.Errorf("the figures hold %q", secret)
		}
	}
	requestLines(t, log)
}

var template = regexp.MustCompile(`^(unmatched|/[a-z{}/.\-]*)$`)

// requestLines wants every line of a request to hold what it should and nothing
// besides.
func requestLines(t *testing.T, log string) {
	t.Helper()
	routes, roles := map[string]int{}, map[string]int{}
	for text := range strings.Lines(log) {
		if !strings.HasPrefix(text, "{") {
			continue // what --demo prints while it plays
		}
		line := read[map[string]any](t, text)
		if line["msg"] != "request" {
			continue
		}
		for name := range line {
			if !slices.Contains([]string{"time", "level", "msg", "method", "route", "status", "ms", "roles", "request"}, name) {
				t.Errorf("a request's line holds %q: %s", name, text)
			}
		}
		route, _ := line["route"].(string)
		if id, _ := line["request"].(string); !template.MatchString(route) || len(id) != 16 {
			t.Errorf("a request's line: %s", text)
		}
		routes[route]++
		if role, ok := line["roles"].(string); ok {
			roles[role]++
		}
	}
	for _, want := range []string{"/", "/units/{code}", "/mandates/{id}/units/{code}", "/sign-in/{code}", "/api/commands/{name}", "/graphql", "/static/", "/robots.txt", "unmatched", "/healthz"} {
		if routes[want] == 0 && want != "/robots.txt" {
			t.Errorf("no line of route %s among %v", want, routes)
		}
	}
	if roles["clerk"] == 0 || roles["reviewer"] == 0 {
		t.Errorf("roles: %v", roles)
	}
}

// The number that somebody is shown with an error is the number in the log.
func TestRequestNumber(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	admin := token(t, dir, "--role", "admin")
	page := get(t, s.url+"/units/nowhere", "Accept-Language: en")
	program := submit(t, s, admin, "unit.rename", "x", `{}`)
	graphql := get(t, s.url+"/graphql?query=%7B")
	s.stop(t)
	for name, w := range map[string]answered{"a page": page, "a program": program, "GraphQL": graphql} {
		number := w.header.Get("X-Request-Id")
		if len(number) != 16 || strings.Count(s.err.String(), `"request":"`+number+`"`) != 1 {
			t.Errorf("%s: number %q is not in the log once: %s", name, number, s.err.String())
		}
		if name != "GraphQL" && !strings.Contains(w.body, number) { // whose errors have a form of their own
			t.Errorf("%s does not show %s: %s", name, number, w.body)
		}
	}
}

// Lines are JSON where nobody looks on, text where that is asked for, and as
// many as are asked for.
func TestLogFormat(t *testing.T) {
	dir := demoFolder(t)
	for _, c := range []struct {
		args        []string
		first, none string
	}{
		{nil, `{"time":"`, `"route":"/healthz"`},
		{[]string{"--log-format", "json", "--log-level", "debug"}, `{"time":"`, "no such words"},
		{[]string{"--log-format", "text"}, "time=", "route=/healthz"},
	} {
		s := serve(t, append([]string{"--data", dir}, c.args...)...)
		get(t, s.url+"/")
		s.stop(t)
		if log := s.err.String(); !strings.HasPrefix(log, c.first) || strings.Contains(log, c.none) || !strings.Contains(log, "stopping") {
			t.Errorf("with %v: %s", c.args, log)
		}
	}
	s := serve(t, "--data", dir, "--log-level", "warn")
	get(t, s.url+"/")
	if s.stop(t); s.err.String() != "" {
		t.Errorf("nothing was wrong, and the log says %s", s.err.String())
	}
	for _, args := range [][]string{{"--log-format", "xml"}, {"--log-level", "loud"}} {
		_, stderr, code := command(t, nil, append([]string{"serve", "--data", dir}, args...)...)
		if code != 2 || !strings.Contains(stderr, args[0]) || !strings.Contains(stderr, "choose") {
			t.Errorf("with %v: %d %s", args, code, stderr)
		}
	}
}
