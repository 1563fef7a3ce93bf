package script

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// client follows no redirect, keeps no cookie and trusts any certificate: it
// only ever talks to this machine.
var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{MaxIdleConnsPerHost: 128, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	Timeout:       patience,
}

// asked is a request; headers are "Name: value".
type asked struct {
	method, url, body string
	headers           []string
}

type answered struct {
	status int
	header http.Header
	body   string
}

func do(a asked) (answered, error) {
	r, err := http.NewRequest(a.method, a.url, strings.NewReader(a.body))
	if err != nil {
		return answered{}, err
	}
	for _, h := range a.headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w, err := client.Do(r)
	if err != nil {
		return answered{}, err
	}
	body, err := io.ReadAll(w.Body)
	_ = w.Body.Close()
	return answered{w.StatusCode, w.Header, string(body)}, err
}

func request(t testing.TB, a asked) answered {
	t.Helper()
	w, err := do(a)
	if err != nil {
		t.Fatalf("%s %s: %v", a.method, a.url, err)
	}
	return w
}

func get(t testing.TB, url string, headers ...string) answered {
	t.Helper()
	return request(t, asked{http.MethodGet, url, "", headers})
}

// receipt is what a command that was carried out answers.
type receipt struct {
	Stream   string
	Revision int64
	Ordinal  string
	Events   []string
	Repeated bool
}

// refusal is what one that was not answers.
type refusal struct{ Code, Rule, Message, Field string }

func read[T any](t testing.TB, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func refused(t testing.TB, w answered) refusal {
	t.Helper()
	return read[struct{ Error refusal }](t, w.body).Error
}

type health struct{ Status, Ordinal, Reason string }

func healthz(t testing.TB, s *server) health {
	t.Helper()
	w := get(t, s.url+"/healthz")
	if w.status != http.StatusOK {
		t.Fatalf("healthz: %d %s", w.status, w.body)
	}
	return read[health](t, w.body)
}

// submission is a request that puts a command on record, with the key given.
func submission(s *server, token, name, key, input string) asked {
	return asked{http.MethodPost, s.url + "/api/commands/" + name, input, []string{
		"Authorization: Bearer " + token, "Content-Type: application/json", "Idempotency-Key: " + key,
	}}
}

func submit(t testing.TB, s *server, token, name, key, input string) answered {
	t.Helper()
	return request(t, submission(s, token, name, key, input))
}
