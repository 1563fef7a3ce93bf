package graphqlhttp

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Timeout:       time.Minute,
}

const (
	newer = "application/graphql-response+json"
	older = "application/json"
)

// asked is a request to /graphql; headers are "Name: value".
type asked struct {
	method, query, body string
	headers             []string
}

type answered struct {
	status int
	kind   string // the content type
	header http.Header
	body   string
	took   time.Duration
}

// problem is one of an answer's errors.
type problem struct {
	Message    string
	Extensions struct{ Code, Rule, Field string }
}

func do(t testing.TB, a asked) answered {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), a.method, url+a.query, strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range a.headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	begin := time.Now()
	w, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s %.80s: %v", a.method, a.query, err)
	}
	body, err := io.ReadAll(w.Body)
	_ = w.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return answered{w.StatusCode, w.Header.Get("Content-Type"), w.Header, string(body), time.Since(begin)}
}

// post asks with members as a body, given or not given as JSON.
func post(t testing.TB, members any, headers ...string) answered {
	t.Helper()
	body, ok := members.(string)
	if !ok {
		text, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		body = string(text)
	}
	return do(t, asked{http.MethodPost, "", body, append([]string{"Content-Type: application/json"}, headers...)})
}

// read is the answer taken apart; data is nil where there is none.
func (w answered) read(t testing.TB) (data map[string]any, problems []problem) {
	t.Helper()
	var got struct {
		Data   map[string]any
		Errors []problem
	}
	if err := json.Unmarshal([]byte(w.body), &got); err != nil {
		t.Fatalf("%v: %d %.300s", err, w.status, w.body)
	}
	return got.Data, got.Errors
}

// rule is the rule of the answer's first error, "" where it has none.
func (w answered) rule(t testing.TB) string {
	t.Helper()
	_, problems := w.read(t)
	if len(problems) == 0 {
		return ""
	}
	return problems[0].Extensions.Rule
}

type members map[string]any
