package observe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"suyuan/services/ledger"
)

// house is an observer over a server of its own.
type house struct {
	log    bytes.Buffer
	seen   []Seen
	hidden []int
	*Observer
}

func newHouse() *house {
	h := &house{}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	h.Observer = &Observer{
		Log:    slog.New(Logs(slog.NewJSONHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		Clock:  func() time.Time { now = now.Add(1500 * time.Microsecond); return now },
		Random: rand.NewChaCha8([32]byte{7}),
		Count:  func(s Seen) { h.seen = append(h.seen, s) }, Hidden: func(status int) { h.hidden = append(h.hidden, status) },
		Quiet: []string{"/quiet"},
	}
	h.Broken = func(w http.ResponseWriter, r *http.Request, err error) {
		Report(r.Context(), h.Log, err)
		http.Error(w, "broken "+ID(r.Context()), http.StatusInternalServerError)
	}
	return h
}

// ask serves one request over a real connection and waits for its end.
func ask(t *testing.T, handler http.Handler, path string) (status int, body string, header http.Header, err error) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	defer server.Close()
	r, err := http.Get(server.URL + path)
	if err != nil {
		return 0, "", nil, err
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	return r.StatusCode, string(text), r.Header, err
}

func (h *house) lines(t *testing.T) (all []map[string]any) {
	t.Helper()
	for text := range strings.Lines(h.log.String()) {
		line := map[string]any{}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

func routed(path string, handle http.HandlerFunc) http.Handler {
	r := mux.NewRouter()
	r.Use(Routed)
	r.HandleFunc(path, handle)
	return r
}

func TestWatch(t *testing.T) {
	h := newHouse()
	status, _, header, err := ask(t, h.Watch(routed("/units/{code}", func(w http.ResponseWriter, r *http.Request) {
		Roles(r.Context(), []ledger.Role{ledger.Reviewer, ledger.Clerk, ledger.Reviewer})
		h.Log.WarnContext(r.Context(), "on the way")
		w.WriteHeader(http.StatusTeapot)
	})), "/units/secret?q=secret")
	if err != nil || status != http.StatusTeapot {
		t.Fatal(status, err)
	}
	lines := h.lines(t)
	if len(lines) != 2 || lines[0]["msg"] != "on the way" || lines[0]["request"] != header.Get(HeaderID) || len(header.Get(HeaderID)) != 16 {
		t.Errorf("%v", lines)
	}
	want := map[string]any{"level": "INFO", "msg": "request", "method": "GET", "route": "/units/{code}", "status": 418.0, "ms": 1.5, "roles": "clerk,reviewer", "request": header.Get(HeaderID)}
	delete(lines[1], "time")
	if got := lines[1]; len(got) != len(want) {
		t.Errorf("the line: %v", got)
	}
	for name, value := range want {
		if lines[1][name] != value {
			t.Errorf("%s: %v, want %v", name, lines[1][name], value)
		}
	}
	if len(h.seen) != 1 || h.seen[0] != (Seen{"/units/{code}", "GET", 418, 1500 * time.Microsecond}) {
		t.Errorf("counted: %v", h.seen)
	}
	if strings.Contains(h.log.String(), "secret") {
		t.Error(h.log.String())
	}
}

func TestWatchUnmatchedAndQuiet(t *testing.T) {
	h := newHouse()
	handler := h.Watch(routed("/quiet", func(http.ResponseWriter, *http.Request) {}))
	_, _, first, _ := ask(t, handler, "/quiet")
	_, _, second, _ := ask(t, handler, "/nowhere/secret")
	lines := h.lines(t)
	if len(lines) != 2 || lines[0]["level"] != "DEBUG" || lines[1]["route"] != Unmatched || lines[1]["status"] != 404.0 {
		t.Errorf("%v", lines)
	}
	if first.Get(HeaderID) == second.Get(HeaderID) {
		t.Error("two requests share a number")
	}
}

func TestWatchPanic(t *testing.T) {
	h := newHouse()
	status, body, header, err := ask(t, h.Watch(routed("/x", func(http.ResponseWriter, *http.Request) { panic("the roof fell in") })), "/x")
	if err != nil || status != http.StatusInternalServerError || body != "broken "+header.Get(HeaderID)+"\n" {
		t.Fatal(status, body, err)
	}
	lines := h.lines(t)
	if len(lines) != 2 || lines[0]["level"] != "ERROR" || lines[0]["error"] != "panic: the roof fell in" || lines[0]["request"] != header.Get(HeaderID) || lines[0]["route"] != "/x" {
		t.Fatalf("%v", lines)
	}
	if stack, _ := lines[0]["stack"].(string); !strings.Contains(stack, "TestWatchPanic") {
		t.Errorf("the stack does not lead to the panic: %s", stack)
	}
	if lines[1]["status"] != 500.0 || h.seen[0].Status != 500 {
		t.Errorf("%v %v", lines[1], h.seen)
	}
}

// Half an answer must not look like a whole one.
func TestWatchPanicHalfWay(t *testing.T) {
	h := newHouse()
	_, body, _, err := ask(t, h.Watch(routed("/x", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		_ = http.NewResponseController(w).Flush()
		panic("the roof fell in")
	})), "/x")
	if err == nil {
		t.Errorf("the answer looks whole: %q", body)
	}
	if log := h.log.String(); strings.Count(log, "the roof fell in") != 1 || !strings.Contains(log, `"msg":"request"`) {
		t.Error(log)
	}
}

// Of a silent handler the class of its answer is known, whatever it does.
func TestSilent(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(h *house) http.HandlerFunc
		status int
	}{
		"answers": {func(h *house) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				Roles(r.Context(), []ledger.Role{ledger.Clerk})
				h.Log.ErrorContext(r.Context(), "secret")
				Report(r.Context(), h.Log, errors.New("secret"))
				w.WriteHeader(http.StatusAccepted)
			}
		}, 202},
		"panics": {func(*house) http.HandlerFunc { return func(http.ResponseWriter, *http.Request) { panic("secret") } }, 500},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse()
			status, body, header, err := ask(t, h.Silent(routed("/report/{secret}", c.handle(h))), "/report/secret?secret")
			if err != nil || status != c.status || strings.Contains(body, "secret") {
				t.Fatal(status, body, err)
			}
			if len(header.Values(HeaderID)) != 0 || h.log.Len() != 0 || len(h.seen) != 0 {
				t.Errorf("header %v, log %q, seen %v", header, h.log.String(), h.seen)
			}
			if len(h.hidden) != 1 || h.hidden[0] != c.status {
				t.Errorf("counted: %v", h.hidden)
			}
		})
	}
}

// Only what is a fault of ours is logged, with what is underneath it.
func TestReport(t *testing.T) {
	refused := ledger.Errorf(ledger.Refused, "x.no", "不行", "no")
	for _, c := range []struct {
		err  error
		says string
	}{
		{refused, ""},
		{refused.Because(errors.New("underneath")), ""},
		{ledger.Errorf(ledger.Unavailable, "x.full", "满了", "full"), ""},
		{ledger.Errorf(ledger.Unavailable, "x.left", "走了", "left").Because(context.Canceled), ""},
		{ledger.Errorf(ledger.Unavailable, "x.disk", "盘坏了", "disk").Because(errors.New("underneath")), `"rule":"x.disk","route":"","error":"underneath"`},
		{errors.New("underneath"), `"rule":"internal","route":"","error":"underneath"`},
	} {
		h := newHouse()
		Report(context.Background(), h.Log, c.err)
		if got := h.log.String(); c.says == "" && got != "" || !strings.Contains(got, c.says) {
			t.Errorf("%v: %s", c.err, got)
		}
	}
}
