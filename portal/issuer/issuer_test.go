package issuer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	page "suyuan/portal/issuer"
	"suyuan/services/intake/token"
	"suyuan/services/issuer"
	"suyuan/services/ledger"
)

// desk answers as an office does, from memory.
type desk struct{ err error }

func (d desk) AnswerOffer(q issuer.OfferRequest) (issuer.OfferAnswer, error) {
	return issuer.OfferAnswer{County: "990101", Quarter: "2026Q4", Keys: []string{q.Code}}, d.err
}

func (d desk) AnswerIssue(context.Context, issuer.IssueRequest) (issuer.IssueAnswer, error) {
	return issuer.IssueAnswer{Signatures: []string{"a"}}, d.err
}

func ask(t testing.TB, d desk, secure bool, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	s, err := page.New(page.Options{Office: d, Ledger: "https://ledger.example", Secure: secure})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const asJSON = "Content-Type: application/json"

// Every answer has the headers of the reporting pages and no cookie, whatever
// was asked.
func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/", "", 200}, {"HEAD", "/", "", 200}, {"POST", "/", "", 405}, {"GET", "/offer", "", 405}, {"DELETE", "/issue", "", 405}, {"GET", "/nowhere", "", 404},
		{"POST", "/offer", `{"code":"x"}`, 200}, {"POST", "/issue", `{"code":"x","blinded":[]}`, 200}, {"POST", "/offer", "x", 400},
	} {
		w := ask(t, desk{}, true, c.method, c.path, c.body, asJSON, "Cookie: session=canary", "If-None-Match: *")
		if w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.status)
		}
		want := map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' https://ledger.example; form-action 'self'; " +
				"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "X-Robots-Tag": "noarchive",
			"Permissions-Policy":        "camera=(), microphone=(), geolocation=(), clipboard-read=(), display-capture=()",
			"Strict-Transport-Security": "max-age=63072000",
			"Set-Cookie":                "", "ETag": "", "Last-Modified": "",
		}
		for name, value := range want {
			if got := w.Header().Get(name); got != value {
				t.Errorf("%s %s: %s is %q", c.method, c.path, name, got)
			}
		}
	}
	if got := ask(t, desk{}, false, "GET", "/", "").Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("without TLS: %q", got)
	}
}

// Nothing but the page's own kind of request is taken: no form of another
// host's, nothing that is too long, nothing that is more than asked for.
func TestRequests(t *testing.T) {
	for about, c := range map[string]struct{ body, kind string }{
		"a form":         {"code=x", "application/x-www-form-urlencoded"},
		"text":           {`{"code":"x"}`, "text/plain"},
		"no kind":        {`{"code":"x"}`, ""},
		"another member": {`{"code":"x","name":"y"}`, "application/json"},
		"two values":     {`{"code":"x"}{"code":"y"}`, "application/json"},
		"too long":       {`{"code":"` + strings.Repeat("1", issuer.MaxRequest) + `"}`, "application/json"},
		"nothing":        {"", "application/json"},
	} {
		w := ask(t, desk{}, false, "POST", "/offer", c.body, "Content-Type: "+c.kind)
		var got struct {
			Error struct{ Rule, Message string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusBadRequest || got.Error.Rule != "issuer.request" {
			t.Errorf("%s: %d %s", about, w.Code, w.Body)
		}
	}
	refused := desk{ledger.Errorf(ledger.Refused, "issuer.used", "领过了", "had them")}
	for lang, want := range map[string]string{"zh-CN": "领过了", "en": "had them"} {
		w := ask(t, refused, false, "POST", "/issue", `{"code":"x","blinded":[]}`, asJSON, "Accept-Language: "+lang)
		if w.Code != ledger.Refused.Status() || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", lang, w.Code, w.Body)
		}
	}
	if w := ask(t, desk{fmt.Errorf("open /secret: no")}, false, "POST", "/issue", `{"code":"x","blinded":[]}`, asJSON); strings.Contains(w.Body.String(), "secret") {
		t.Errorf("a fault shows itself: %s", w.Body)
	}
}

// The page is complete in both languages, and says what to do without scripts.
func TestPage(t *testing.T) {
	for lang, want := range map[string]string{"zh-CN": "领取上报凭证", "en": "Fetch your reporting tokens"} {
		body := ask(t, desk{}, false, "GET", "/?lang="+lang, "").Body.String()
		for _, part := range []string{want, `<html lang="` + lang + `">`, "<noscript>", "suyuan issuer fetch", `data-ledger="https://ledger.example"`, `inputmode="numeric"`} {
			if !strings.Contains(body, part) {
				t.Errorf("%s: no %s", lang, part)
			}
		}
		if strings.Contains(body, " style=") || strings.Contains(body, " onclick") {
			t.Errorf("%s: something inline, which the policy forbids", lang)
		}
	}
}

// A real office: requests of one address have one length, answers too.
func TestConstantLengths(t *testing.T) {
	o, err := issuer.Open(t.TempDir(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	term := issuer.Term{County: "990101", Quarter: "2026Q4"}
	keys, err := o.Keys(term)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := o.NewRoster(term, 4)
	if err != nil {
		t.Fatal(err)
	}
	s, err := page.New(page.Options{Office: o, Ledger: "https://ledger.example"})
	if err != nil {
		t.Fatal(err)
	}
	var listed []token.Listed
	for _, k := range keys {
		listed = append(listed, token.Listed{ID: k.ID, County: k.Term.County, Quarter: k.Term.Quarter, N: k.N, SPKI: k.SPKI})
	}
	post := func(path string, q, a any) (sent, got int) {
		body, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		got = w.Body.Len()
		if err := json.Unmarshal(w.Body.Bytes(), a); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return len(body), got
	}
	lengths := map[string]bool{}
	for i, code := range codes {
		var offer issuer.OfferAnswer
		text := code.Text(token.Enrolment)
		a, b := post("/offer", issuer.OfferRequest{Code: text}, &offer)
		x, err := issuer.Begin(text, [32]byte{byte(i)}, offer, listed)
		if err != nil {
			t.Fatal(err)
		}
		q, err := x.Request()
		if err != nil {
			t.Fatal(err)
		}
		var answer issuer.IssueAnswer
		c, d := post("/issue", q, &answer)
		if _, err := x.Finish(answer); err != nil {
			t.Fatal(err)
		}
		lengths[fmt.Sprint(a, b, c, d)] = true
	}
	if len(lengths) != 1 {
		t.Errorf("requests and answers of %d lengths: %v", len(lengths), lengths)
	}
}

// A sheet has every code once, in groups, in both languages.
func TestSheet(t *testing.T) {
	codes, _, err := issuer.NewCards(rand.Reader, issuer.Term{County: "990101", Quarter: "2026Q4"}, 9)
	if err != nil {
		t.Fatal(err)
	}
	for kind, says := range map[token.Kind]string{token.Card: "上报卡", token.Enrolment: "登记码"} {
		var b bytes.Buffer
		if err := page.WriteSheet(&b, kind, issuer.Term{County: "990101", Quarter: "2026Q4"}, codes); err != nil {
			t.Fatal(err)
		}
		for _, c := range codes {
			text := c.Text(kind)
			if strings.Count(b.String(), text[:27]+"<br>"+text[28:]) != 1 {
				t.Errorf("%s: a code is not on the sheet once", says)
			}
		}
		for _, part := range []string{says, "990101 · 2026Q4", `lang="en"`, "break-inside"} {
			if !strings.Contains(b.String(), part) {
				t.Errorf("no %s", part)
			}
		}
	}
}
