package script

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A command over HTTP: what is taken, what is not, and that nothing is written
// in any case but the first.
func TestCommands(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")

	first := submit(t, s, clerk, "document.register", "key-1", paper("p-1"))
	got := read[receipt](t, first.body)
	if first.status != http.StatusCreated || got.Stream != "document-p-1" || got.Repeated || len(got.Events) != 1 || got.Ordinal != healthz(t, s).Ordinal {
		t.Fatalf("%d %s", first.status, first.body)
	}
	event := get(t, s.url+"/events/"+got.Ordinal)
	if event.status != http.StatusOK || !strings.Contains(event.body, "document-p-1") {
		t.Errorf("the event's page: %d", event.status)
	}

	before := healthz(t, s)
	again := submit(t, s, clerk, "document.register", "key-1", " "+paper("p-1"))
	repeat := read[receipt](t, again.body)
	if again.status != http.StatusCreated || !repeat.Repeated || !reflect.DeepEqual(repeat.Events, got.Events) || repeat.Ordinal != got.Ordinal {
		t.Errorf("the repeat: %d %s", again.status, again.body)
	}

	for name, c := range map[string]struct {
		change      func(a *asked)
		status      int
		rule, field string // rule may be a beginning
	}{
		"key for another input": {func(a *asked) {
			with("Idempotency-Key", "key-1")(a)
			a.body = strings.Replace(paper("p-1"), "通知", "意见", 1)
		}, 409, "command.key_reused", "Idempotency-Key"},
		"no key":            {with("Idempotency-Key", ""), 400, "command.key", "Idempotency-Key"},
		"a long key":        {with("Idempotency-Key", strings.Repeat("k", 201)), 400, "command.key", "Idempotency-Key"},
		"no content type":   {with("Content-Type", ""), 400, "request.content_type", "Content-Type"},
		"a form":            {with("Content-Type", "application/x-www-form-urlencoded"), 400, "request.content_type", "Content-Type"},
		"unknown field":     {body(strings.Replace(paper("p-2"), `"id"`, `"colour":"red","id"`, 1)), 400, "input.unknown_field", "colour"},
		"wrong type":        {body(strings.Replace(paper("p-2"), `"2022-03-04"`, `20220304`, 1)), 400, "input.type", "date"},
		"no date":           {body(strings.Replace(paper("p-2"), `"2022-03-04"`, `"yesterday"`, 1)), 400, "input.date", "date"},
		"bad JSON":          {body(`{"id":`), 400, "input.json", ""},
		"nothing":           {body(``), 400, "input.json", ""},
		"trailing":          {body(paper("p-2") + paper("p-3")), 400, "input.trailing", ""},
		"over 1 MiB":        {body(strings.Repeat(" ", 1<<20) + paper("p-2")), 400, "request.too_large", "body"},
		"5 MB of [":         {body(strings.Repeat("[", 5_000_000)), 400, "request.too_large", "body"},
		"deep":              {body(strings.Repeat("[", 1_000_000)), 400, "input.", ""},
		"unknown command":   {func(a *asked) { a.url += "ed" }, 404, "command.unknown", ""},
		"nobody":            {with("Authorization", ""), 401, "command.sign_in", ""},
		"not a token":       {with("Authorization", "Bearer x.y.z"), 401, "token.malformed", ""},
		"unsigned":          {with("Authorization", "Bearer "+unsigned(clerk)), 401, "token.", ""},
		"altered":           {with("Authorization", "Bearer "+altered(clerk)), 401, "token.", ""},
		"of another ledger": {with("Authorization", "Bearer "+token(t, keysOnly(t), "--role", "clerk", "--unit", "990101001")), 401, "token.key", ""},
		"expired":           {with("Authorization", "Bearer "+expired(t, dir, clerk)), 401, "token.expired", ""},
		"clerk of another unit": {func(a *asked) {
			a.url, a.body = s.url+"/api/commands/unit.declare_capacity", `{"code":"990102001","of":"hall","value":"1","asOf":"2022-03-04"}`
		}, 403, "", ""},
		"an auditor":       {with("Authorization", "Bearer "+token(t, dir, "--role", "auditor", "--unit", "99-sjt")), 403, "", ""},
		"entered before":   {body(paper("p-1")), 409, "document.", ""},
		"the ledger's own": {func(a *asked) { a.url = s.url + "/api/commands/checkpoint.sign"; a.body = `{"note":"x"}` }, 403, "checkpoint.system_only", ""},
	} {
		a := submission(s, clerk, "document.register", "key-2", paper("p-2"))
		c.change(&a)
		w := request(t, a)
		e := refused(t, w)
		if w.status != c.status || !strings.HasPrefix(e.Rule, c.rule) || c.field != "" && e.Field != c.field || e.Message == "" || e.Code == "" {
			t.Errorf("%s: %d %+v", name, w.status, e)
		}
		if w.status == 401 && w.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: 401 without WWW-Authenticate", name)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		w := request(t, asked{method, s.url + "/api/commands/document.register", "", nil})
		if w.status != http.StatusMethodNotAllowed || w.header.Get("Allow") != "POST" {
			t.Errorf("%s: %d, Allow %q", method, w.status, w.header.Get("Allow"))
		}
	}
	if after := healthz(t, s); after != before {
		t.Errorf("something was written: %+v before, %+v after", before, after)
	}
	s.stop(t)
	found(t, dir, 0, "afterwards")
}

// A refusal speaks the reader's language.
func TestCommandLanguages(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	clerk := token(t, dir, "--role", "clerk", "--unit", "990101001")
	for header, chinese := range map[string]bool{
		"": true, "zh-CN": true, "zh-TW,zh;q=0.9,en;q=0.8": true, "fr": true, "en;q=0.5,zh;q=0.9": true, "en;q=0,zh": true, ";;,=": true,
		"en": false, "en-GB,en;q=0.9,zh;q=0.1": false, "zh;q=0.5, en-US": false, "fr, en;q=0.1": false,
	} {
		a := submission(s, clerk, "unit.declare_capacity", "k", `{"code":"990102001","of":"hall","value":"1","asOf":"2022-03-04"}`)
		a.headers = append(a.headers, "Accept-Language: "+header)
		w := request(t, a)
		if e := refused(t, w); w.status != http.StatusForbidden || isChinese(e.Message) != chinese {
			t.Errorf("Accept-Language %q: %d %s", header, w.status, e.Message)
		}
	}
}

func isChinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 0x4e00 })
}

// The query language: errors in its own form, and nothing sent to it takes the
// server down.
func TestGraphQL(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	ask := func(query string) asked {
		return asked{http.MethodPost, s.url + "/graphql", fmt.Sprintf(`{"query":%q}`, query), []string{"Content-Type: application/json", "Accept: application/graphql-response+json"}}
	}
	for name, c := range map[string]struct {
		a      asked
		status int
		says   string
	}{
		"a query":          {ask(`{ unit(code: "990101001") { name } }`), 200, `"name":"青穗镇"`},
		"by GET":           {asked{http.MethodGet, s.url + "/graphql?query=%7Bunit(code:%22990101001%22)%7Bname%7D%7D", "", nil}, 200, `"name":"青穗镇"`},
		"nothing there":    {ask(`{ unit(code: "1") { name } }`), 200, ``},
		"unknown field":    {ask(`{ unit(code: "990101001") { colour } }`), 400, `"errors":[`},
		"syntax":           {ask(`{ unit(`), 400, `"errors":[`},
		"no query":         {ask(``), 400, `"query.missing"`},
		"unknown member":   {asked{http.MethodPost, s.url + "/graphql", `{"qurey":"{ unit }"}`, []string{"Content-Type: application/json"}}, 400, `"qurey"`},
		"a change":         {ask(`mutation { unit(code: "1") { name } }`), 400, `"errors":[`},
		"cyclic fragment":  {ask(`{ unit(code: "990101001") { ...A } } fragment A on Unit { ...B } fragment B on Unit { ...A }`), 400, `"errors":[`},
		"own fragment":     {ask(`{ unit(code: "990101001") { ...A } } fragment A on Unit { parent { ...A } }`), 400, `"errors":[`},
		"5 MB of [":        {asked{http.MethodPost, s.url + "/graphql", strings.Repeat("[", 5_000_000), []string{"Content-Type: application/json"}}, 400, `"request.too_large"`},
		"1 MB of [":        {asked{http.MethodPost, s.url + "/graphql", strings.Repeat("[", 1_000_000), []string{"Content-Type: application/json"}}, 400, `"request.too_large"`},
		"braces":           {ask(strings.Repeat("{a", 300_000)), 400, `"errors":[`},
		"brackets":         {ask(`{ unit(code: ` + strings.Repeat("[", 900_000)), 400, `"errors":[`},
		"deep":             {ask(`{ unit(code: "990101001") ` + strings.Repeat(`{ parent `, 2000) + `{ name }` + strings.Repeat(`}`, 2001)), 400, `"errors":[`},
		"one field often":  {ask(`{` + strings.Repeat(`unit(code: "990101001") { name } `, 20_000) + `}`), 400, `"errors":[`},
		"aliases":          {ask(`{` + aliases(5000) + `}`), 400, `"errors":[`},
		"a huge string":    {ask(`{ unit(code: "` + strings.Repeat("9", 900_000) + `") { name } }`), 0, ``},
		"wrong variables":  {asked{http.MethodGet, s.url + "/graphql?query=%7Ba%7D&variables=%5B", "", nil}, 400, `"variables"`},
		"wrong method":     {asked{http.MethodDelete, s.url + "/graphql", "", nil}, 405, `"request.method"`},
		"a bad token":      {asked{http.MethodGet, s.url + "/graphql?query=%7Ba%7D", "", []string{"Authorization: Bearer x"}}, 401, `"token.malformed"`},
		"healthz is asked": {asked{http.MethodPost, s.url + "/healthz", "", nil}, 405, `"request.method"`},
	} {
		begin := time.Now()
		w := request(t, c.a)
		if c.status != 0 && w.status != c.status || w.status >= 500 || !strings.Contains(w.body, c.says) {
			t.Errorf("%s: %d %.300s", name, w.status, w.body)
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	if h := healthz(t, s); h.Status != "ok" {
		t.Errorf("%+v", h)
	}
	s.stop(t)
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `a%d: unit(code: "990101001") { name } `, i)
	}
	return b.String()
}

// with sets a header, or takes it away.
func with(name, value string) func(*asked) {
	return func(a *asked) {
		var kept []string
		for _, h := range a.headers {
			if !strings.HasPrefix(h, name+": ") {
				kept = append(kept, h)
			}
		}
		if a.headers = kept; value != "" {
			a.headers = append(a.headers, name+": "+value)
		}
	}
}

func body(text string) func(*asked) { return func(a *asked) { a.body = text } }

// keysOnly is a folder with a signing key of its own.
func keysOnly(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, stderr, code := command(t, nil, "keygen", "--data", dir); code != 0 {
		t.Fatal(stderr)
	}
	return dir
}

// expired is a token of the ledger's own key that was good an hour ago.
func expired(t *testing.T, dir, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	claims := read[map[string]any](t, string(raw))
	claims["iat"], claims["exp"] = time.Now().Add(-2*time.Hour).Unix(), time.Now().Add(-time.Hour).Unix()
	raw, err = json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed := parts[0] + "." + base64.RawURLEncoding.EncodeToString(raw)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(signingKey(t, dir), []byte(signed)))
}

func signingKey(t *testing.T, dir string) ed25519.PrivateKey {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "keys", "token-*.key"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	block, _ := pem.Decode(contents(t, filepath.Dir(files[0]), filepath.Base(files[0])))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(ed25519.PrivateKey)
}

// unsigned says of itself that it needs no signature.
func unsigned(token string) string {
	parts := strings.Split(token, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1] + "."
}

// altered claims another unit under the same signature.
func altered(token string) string {
	parts := strings.Split(token, ".")
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		panic(err)
	}
	other := strings.Replace(string(claims), "990101001", "990102001", 1)
	return parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(other)) + "." + parts[2]
}
