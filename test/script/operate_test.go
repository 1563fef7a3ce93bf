package script

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// raw is a connection on which the test writes HTTP itself.
type raw struct {
	net.Conn
	in *bufio.Reader
}

func dialRaw(t testing.TB, s *server, from string) *raw {
	t.Helper()
	d := net.Dialer{Timeout: patience}
	if from != "" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	c, err := d.Dial("tcp", "127.0.0.1:"+s.url[strings.LastIndex(s.url, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &raw{c, bufio.NewReader(c)}
}

func (c *raw) send(t testing.TB, text string) {
	t.Helper()
	if _, err := c.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

// answer reads a whole answer.
func (c *raw) answer(t testing.TB) (*http.Response, string) {
	t.Helper()
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	var body strings.Builder
	_, err = bufio.NewReader(r.Body).WriteTo(&body)
	if err != nil {
		t.Fatal(err)
	}
	return r, body.String()
}

// ended reports whether the other end closes within a time.
func (c *raw) ended(within time.Duration) bool {
	_ = c.SetReadDeadline(time.Now().Add(within))
	_, err := c.in.ReadByte()
	e, ok := err.(net.Error)
	return err != nil && (!ok || !e.Timeout())
}

// begun is a command that is under way: its last byte is yet to come.
func begun(t testing.TB, s *server, token, key string) (c *raw, rest string) {
	t.Helper()
	body := paper(key)
	c = dialRaw(t, s, "")
	c.send(t, fmt.Sprintf("POST /api/commands/document.register HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s",
		token, key, len(body), body[:len(body)-1]))
	for end := time.Now().Add(patience); !strings.Contains(metricsOf(t, s), "suyuan_http_requests_under_way 1\n"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the command is not under way")
		}
	}
	return c, body[len(body)-1:]
}

func metricsOf(t testing.TB, s *server) string {
	t.Helper()
	w := get(t, s.url+"/metrics")
	if w.status != http.StatusOK {
		t.Fatalf("metrics: %d %s", w.status, w.body)
	}
	return w.body
}

// gone waits for a server that was told to stop before.
func (s *server) gone(t testing.TB, within time.Duration) {
	t.Helper()
	select {
	case <-s.done:
	case <-time.After(within):
		t.Fatalf("it is still there after %v: %s", within, s.err.String())
	}
	if s.code != 0 {
		t.Errorf("exit status %d: %s", s.code, s.err.String())
	}
}

// Told to stop, a server says so to whoever checks on it, takes nothing new,
// ends what is under way, and signs for all of it.
func TestStop(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	idle := dialRaw(t, s, "")
	idle.send(t, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if r, _ := idle.answer(t); r.StatusCode != http.StatusOK || r.Close {
		t.Fatalf("before: %d", r.StatusCode)
	}
	late, rest := begun(t, s, token(t, dir, "--role", "clerk", "--unit", "990101001"), "late")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if !idle.ended(patience) {
		t.Error("an idle connection stays open")
	}
	check := dialRaw(t, s, "")
	check.send(t, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	r, body := check.answer(t)
	if r.StatusCode != http.StatusServiceUnavailable || read[health](t, body).Status != "stopping" || !r.Close {
		t.Errorf("a check on a stopping server: %d %s", r.StatusCode, body)
	}
	for _, path := range []string{"/", "/graphql?query=%7B__typename%7D", "/static/x"} {
		if w := get(t, s.url+path); w.status != http.StatusServiceUnavailable || w.header.Get("Retry-After") == "" || !strings.Contains(w.body, "正在停止") {
			t.Errorf("GET %s on a stopping server: %d %s", path, w.status, w.body)
		}
	}
	if s.ended() {
		t.Fatal("it ended with a command under way")
	}
	late.send(t, rest)
	if r, body := late.answer(t); r.StatusCode != http.StatusCreated {
		t.Errorf("the command under way: %d %s", r.StatusCode, body)
	}
	s.gone(t, patience)
	if strings.Contains(s.err.String(), `"level":"ERROR"`) {
		t.Errorf("the log complains: %s", s.err.String())
	}
	out, stderr, code := command(t, nil, "verify", "--data", dir)
	var events, signed, covered int
	if _, err := fmt.Sscanf(out[strings.Index(out, ":")+1:], "%d events", &events); err != nil || code != 0 {
		t.Fatalf("%v %s %s", err, out, stderr)
	}
	if _, err := fmt.Sscanf(out[strings.Index(out, "checkpoints"):], "checkpoints: %d, the last covers %d events", &signed, &covered); err != nil || covered != events-1 {
		t.Errorf("the last checkpoint is not the last event: %s", out)
	}
}

// What does not end in time is cut off; the exit is still a good one.
func TestStopTimeout(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir, "--stop-timeout", "300ms")
	stuck, _ := begun(t, s, token(t, dir, "--role", "clerk", "--unit", "990101001"), "stuck")
	began := time.Now()
	s.stop(t)
	if took := time.Since(began); took < 300*time.Millisecond || took > patience {
		t.Errorf("it took %v", took)
	}
	if !stuck.ended(patience) || !strings.Contains(s.err.String(), "requests were cut off") {
		t.Errorf("cut off without a word: %s", s.err.String())
	}
}

// A second signal does not wait.
func TestStopAtOnce(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir, "--stop-timeout", "10m")
	begun(t, s, token(t, dir, "--role", "clerk", "--unit", "990101001"), "stuck")
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	for end := time.Now().Add(patience); !strings.Contains(s.err.String(), `"msg":"stopping"`); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not stop")
		}
	}
	began := time.Now()
	if err := s.end(syscall.SIGTERM); err != nil || s.code != -1 || time.Since(began) > patience {
		t.Errorf("%v, status %d after %v", err, s.code, time.Since(began))
	}
	if _, stderr, code := command(t, nil, "verify", "--data", dir); code != 0 {
		t.Errorf("afterwards: %s", stderr)
	}
}

// The service manager hears when the server is ready, that it lives, and when
// it stops.
func TestNotify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	heard := func() string {
		text := make([]byte, 200)
		_ = socket.SetReadDeadline(time.Now().Add(patience))
		n, err := socket.Read(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(text[:n])
	}
	s, err := launch(append(environment(), "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=100000"), t.TempDir(), "--data", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
	if got := heard(); got != "READY=1" {
		t.Errorf("first: %q", got)
	}
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got := heard(); got != "WATCHDOG=1" {
			t.Errorf("while it runs: %q", got)
		}
	}
	s.stop(t)
	last := "WATCHDOG=1"
	for last == "WATCHDOG=1" {
		last = heard()
	}
	if last != "STOPPING=1" {
		t.Errorf("last: %q", last)
	}
}

// Whatever is asked for, the number of series stays.
func TestMetricsStay(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	admin := token(t, dir, "--role", "admin")
	flood := func(round int) {
		for n := range 50 {
			id := fmt.Sprintf("%d-%d", round, n)
			for _, a := range []asked{
				{http.MethodGet, s.url + "/nowhere-" + id + "/" + id, "", nil},
				{http.MethodGet, s.url + "/units/" + id + "?search=" + id, "", nil},
				{http.MethodGet, s.url + "/static/" + id, "", nil},
				{"METHOD" + strings.ReplaceAll(id, "-", "X"), s.url + "/units", "", nil},
				{"METHOD" + strings.ReplaceAll(id, "-", "X"), s.url + "/api/commands", "", nil},
				{http.MethodPost, s.url + "/sign-in/" + id, "", nil},
				{http.MethodGet, s.url + "/graphql?query=%7Bx" + strings.ReplaceAll(id, "-", "_") + "%7D", "", nil},
				submission(s, admin, "command."+id, id, "{}"),
				submission(s, admin, "unit.rename", id, `{"code":"`+id+`"}`),
			} {
				if w := request(t, a); w.status >= 500 {
					t.Fatalf("%s %s: %d %s", a.method, a.url, w.status, w.body)
				}
			}
		}
	}
	flood(0)
	metricsOf(t, s) // whose own series are there from the second time on
	before := series(metricsOf(t, s))
	flood(1)
	flood(2)
	after := series(metricsOf(t, s))
	if slices.Compare(before, after) != 0 {
		t.Errorf("%d series became %d", len(before), len(after))
	}
	text := metricsOf(t, s)
	for _, want := range []string{
		`suyuan_http_requests_total{class="4xx",method="other",route="unmatched"} 150`,
		`suyuan_http_requests_total{class="4xx",method="GET",route="/units/{code}"} 150`,
		`suyuan_command_duration_seconds_count{command="other",outcome="not_found"} 150`,
		`suyuan_graphql_duration_seconds_count{outcome="refused"} 150`, `suyuan_graphql_answers_total{way="refused"} 150`, `suyuan_graphql_answers_total{way="run"} `,
		"suyuan_ledger_read_only 0", "suyuan_fold_lag_events 0", "suyuan_sessions 0", "process_start_time_seconds ", "process_max_fds ", "go_build_info{",
		"suyuan_checkpoint_timestamp_seconds 1", "suyuan_ledger_head_ordinal 3",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s in the figures", want)
		}
	}
}

// series are the names and labels of all figures.
func series(text string) (list []string) {
	for line := range strings.Lines(text) {
		if at := strings.LastIndex(line, " "); at > 0 && line[0] != '#' {
			list = append(list, line[:at])
		}
	}
	return list
}

// The figures are for programs on this machine, or have an address of their
// own; through a proxy nobody gets them.
func TestMetricsWho(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--data", dir)
	for _, c := range []struct {
		header string
		status int
	}{
		{"Accept: */*", 200}, {"Host: localhost:8080", 200}, {"Host: [::1]", 200}, {"Host: suyuan.example", 404}, {"X-Forwarded-For: 192.0.2.1", 404}, {"X-Real-Ip: 192.0.2.1", 404},
		{"Forwarded: for=192.0.2.1", 404}, {"Via: 1.1 proxy", 404}, {"Origin: http://localhost", 404},
	} {
		name, value, _ := strings.Cut(c.header, ": ")
		r, err := http.NewRequest(http.MethodGet, s.url+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
		w, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = w.Body.Close()
		if w.StatusCode != c.status {
			t.Errorf("with %s: %d, want %d", c.header, w.StatusCode, c.status)
		}
	}
	for method, want := range map[string]int{http.MethodHead: 200, http.MethodPost: 405, http.MethodDelete: 405, http.MethodOptions: 405} {
		if w := request(t, asked{method, s.url + "/metrics", "", nil}); w.status != want || want == 405 && w.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, want %d", method, w.status, want)
		}
	}
	s.stop(t)
	s = serve(t, "--data", dir, "--behind-proxy")
	if w := get(t, s.url+"/metrics"); w.status != http.StatusNotFound {
		t.Errorf("behind a proxy: %d", w.status)
	}
	s.stop(t)
	s = serve(t, "--data", dir, "--metrics-listen", "127.0.0.1:0")
	if w := get(t, s.url+"/metrics"); w.status != http.StatusNotFound {
		t.Errorf("with an address of their own: %d", w.status)
	}
	var line struct{ Msg, Address string }
	for end := time.Now().Add(patience); !strings.Contains(s.err.String(), `"msg":"serving"`) && time.Now().Before(end); { // its log is written now and then
		time.Sleep(5 * time.Millisecond)
	}
	for text := range strings.Lines(s.err.String()) {
		if err := json.Unmarshal([]byte(text), &line); err != nil || line.Msg == "metrics" {
			break
		}
	}
	if w := get(t, "http://"+line.Address+"/metrics", "X-Forwarded-For: 192.0.2.1"); w.status != http.StatusOK || !strings.Contains(w.body, "\nsuyuan_fold_ordinal ") {
		t.Errorf("at %s: %d", line.Address, w.status)
	}
	if w := get(t, "http://"+line.Address+"/units"); w.status != http.StatusNotFound {
		t.Errorf("there is more than figures at %s: %d", line.Address, w.status)
	}
	s.stop(t)
}

// The figures follow the background check, and who is signed in.
func TestMetricsMove(t *testing.T) {
	dir := demoFolder(t)
	s := serve(t, "--demo", "--data", dir, "--scrub-every", "1h")
	signIn(t, links(t, s)["auditor"])
	if text := metricsOf(t, s); !strings.Contains(text, "\nsuyuan_sessions 1\n") || !strings.Contains(text, "\nsuyuan_scrub_last_success_timestamp_seconds 0\n") {
		t.Error("one is signed in, and nothing was scrubbed yet: the figures say otherwise")
	}
	s.stop(t)
	s = serve(t, "--demo", "--data", dir, "--scrub-every", "1s")
	for end := time.Now().Add(patience); strings.Contains(metricsOf(t, s), "\nsuyuan_scrub_runs_total{result=\"ok\"} 0\n"); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a minute of scrubs, and the figures know of none")
		}
	}
	if text := metricsOf(t, s); !strings.Contains(text, "\nsuyuan_scrub_last_success_timestamp_seconds 1.") {
		t.Error("the figures do not say when the scrub was")
	}
}
