package script

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// commandIn is command with more in its environment.
func commandIn(t testing.TB, dir string, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, problem bytes.Buffer
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c := exec.CommandContext(limit, binary, args...)
	c.Dir, c.Stdout, c.Stderr, c.Env = dir, &out, &problem, append(environment(), env...)
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), problem.String(), c.ProcessState.ExitCode()
}

func TestEnvironment(t *testing.T) {
	dir := t.TempDir()
	base, err := filepath.Abs(filepath.Join("..", "..", "seeds", "00-base.json"))
	if err != nil {
		t.Fatal(err)
	}
	there := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name, "ledger.db"))
		return err == nil
	}
	// The environment stands for the flag, and the flag beats it; an empty
	// variable is none.
	named := []string{"SUYUAN_DATA=named"}
	if _, stderr, code := commandIn(t, dir, named, "seed", base); code != 0 || !there("named") || there(".suyuan") {
		t.Errorf("seed by SUYUAN_DATA: %d %s", code, stderr)
	}
	if _, stderr, code := commandIn(t, dir, named, "seed", "--data", "flag", base); code != 0 || !there("flag") {
		t.Errorf("seed by --data: %d %s", code, stderr)
	}
	if out, stderr, code := commandIn(t, dir, named, "verify"); code != 0 || !strings.HasPrefix(out, "verified: ") {
		t.Errorf("verify: %d %s", code, stderr)
	}
	if _, stderr, code := commandIn(t, dir, []string{"SUYUAN_DATA="}, "verify"); code != 1 || !strings.Contains(stderr, "no ledger in ./.suyuan") {
		t.Errorf("with an empty SUYUAN_DATA: %d %s", code, stderr)
	}
	if _, stderr, code := commandIn(t, dir, append(named, "SUYUAN_SCRUB_EVERY=often"), "verify"); code != 0 {
		t.Errorf("another command's variable: %d %s", code, stderr)
	}
	// Lists.
	if _, stderr, code := commandIn(t, dir, []string{"SUYUAN_DATA=named"}, "keygen"); code != 0 {
		t.Fatal(stderr)
	}
	if out, stderr, code := commandIn(t, dir, []string{"SUYUAN_DATA=named", "SUYUAN_ROLE=auditor,reviewer", "SUYUAN_TTL=1h"}, "token"); code != 0 || strings.Count(out, ".") != 2 {
		t.Errorf("token: %d %s", code, stderr)
	}
	for variable, says := range map[string]string{
		"SUYUAN_SCRUB_EVERY=often":     `SUYUAN_SCRUB_EVERY="often" in the environment: `,
		"SUYUAN_DEMO=yes":              `SUYUAN_DEMO="yes" in the environment: write true or false`,
		"SUYUAN_BEHIND_PROXY=perhaps":  `SUYUAN_BEHIND_PROXY="perhaps" in the environment: write true or false`,
		"SUYUAN_MAX_CONNECTIONS=many":  `SUYUAN_MAX_CONNECTIONS="many" in the environment: `,
		"SUYUAN_MAX_CONNECTIONS=0":     "--max-connections must be at least 1 (from the environment: SUYUAN_MAX_CONNECTIONS=0)",
		"SUYUAN_SCRUB_EVERY=1ms":       "--scrub-every must be at least 1s",
		"SUYUAN_STOP_TIMEOUT=-1s":      "--stop-timeout cannot be negative",
		"SUYUAN_LANG=fr":               "choose zh or en (from the environment: SUYUAN_LANG=fr)",
		"SUYUAN_LOG_LEVEL=loud":        "(from the environment: SUYUAN_LOG_LEVEL=loud)",
		"SUYUAN_LOG_FORMAT=xml":        "(from the environment: SUYUAN_LOG_FORMAT=xml)",
		"SUYUAN_STORE=files":           "(from the environment: SUYUAN_STORE=files)",
		"SUYUAN_SNAPSHOT_EVERY=-1":     "(from the environment: SUYUAN_SNAPSHOT_EVERY=-1)",
		"SUYUAN_PUBLIC_URL=example":    "nothing behind it; the portal cannot live under a path (from the environment: SUYUAN_PUBLIC_URL=example)",
		"SUYUAN_PUBLIC_URL=https://x/": "cannot live under a path",
	} {
		_, stderr, code := commandIn(t, dir, []string{variable}, "serve", "--listen", "127.0.0.1:0")
		if code != 2 || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "suyuan: ") || !strings.Contains(stderr, says) {
			t.Errorf("%s: status %d, %s", variable, code, stderr)
		}
	}
	for _, name := range []string{"serve", "token"} {
		if out, _, code := commandIn(t, dir, nil, name, "--help"); code != 0 || !strings.Contains(out, "[$SUYUAN_DATA]") {
			t.Errorf("%s --help does not name its variables: %s", name, out)
		}
	}
}

// A server takes all of it: numbers, times, yes and no.
func TestEnvironmentOfServe(t *testing.T) {
	s, err := launch(append(environment(), "SUYUAN_DATA="+demoFolder(t), "SUYUAN_SCRUB_EVERY=2h", "SUYUAN_MAX_CONNECTIONS=77", "SUYUAN_METRICS_LISTEN=",
		"SUYUAN_LOG_FORMAT=text", "SUYUAN_LOG_LEVEL=debug", "SUYUAN_LISTNE=127.0.0.1:1", "GOMEMLIMIT=300MiB"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	text := metricsOf(t, s)
	for _, want := range []string{"\nsuyuan_http_connections_limit 77\n", "\ngo_gc_gomemlimit_bytes 3.145728e+08\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q among the figures", want)
		}
	}
	s.stop(t)
	log := s.err.String()
	if !strings.Contains(log, `is it misspelt?" name=SUYUAN_LISTNE`) || strings.Count(log, "misspelt") != 1 || !strings.Contains(log, "level=DEBUG") {
		t.Errorf("the log: %s", log)
	}
}

// What keeps a server from serving is found before a ledger is made, and
// before anybody is told that it serves.
func TestUnableToServe(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	taken := l.Addr().String()
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{[]string{"--listen", "127.0.0.1:0", "--tls-cert", "no.pem", "--tls-key", "no.key"}, "--tls-cert and --tls-key: ", 2},
		{[]string{"--listen", taken}, "choose another address with --listen", 1},
		{[]string{"--listen", "127.0.0.1:0", "--metrics-listen", taken}, "choose another address with --metrics-listen", 1},
	} {
		dir := t.TempDir()
		out, stderr, code := commandIn(t, dir, nil, append([]string{"serve", "--data", "new"}, c.args...)...)
		if code != c.code || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: status %d, %s%s", c.args, code, out, stderr)
		}
		if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
			t.Errorf("%v: the data folder was made", c.args)
		}
	}
}

// Under the name that browsers know it by, the portal is no other site,
// whatever a proxy makes of that name on the way.
func TestPublicURL(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	dir := demoFolder(t)
	for public, want := range map[string]int{"": http.StatusForbidden, "https://suyuan.example": http.StatusSeeOther, "https://other.example": http.StatusForbidden} {
		s, err := launch(environment(), t.TempDir(), "--data", dir, "--listen", address, "--behind-proxy", "--public-url", public)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
		for !strings.Contains(s.out.String(), "portal") && !s.ended() {
			time.Sleep(5 * time.Millisecond)
		}
		s.url = "http://" + address
		healthz(t, s)
		w := request(t, asked{http.MethodPost, s.url + "/sign-out", "", []string{"Origin: https://suyuan.example", "X-Forwarded-Proto: https"}})
		if w.status != want {
			t.Errorf("a POST from https://suyuan.example, with --public-url %q: %d, want %d", public, w.status, want)
		}
		s.stop(t)
		if public != "" && !strings.Contains(s.out.String(), "portal  "+public+"/\n") {
			t.Errorf("with --public-url %s it prints %s", public, s.out.String())
		}
	}
}

// The page of the schema names the server as it was told to be found, and
// believes of TLS only a proxy that it was told of.
func TestSchemaAddress(t *testing.T) {
	dir := demoFolder(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "http://localhost"}, {[]string{"--behind-proxy"}, "https://localhost"},
		{[]string{"--behind-proxy", "--public-url", "https://suyuan.example"}, "https://suyuan.example"},
	} {
		s, err := launch(environment(), t.TempDir(), append([]string{"--data", dir}, c.args...)...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
		var line struct{ Msg, Address string }
		for end := time.Now().Add(patience); line.Msg != "serving" && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			for text := range strings.Lines(s.err.String()) {
				if json.Unmarshal([]byte(text), &line); line.Msg == "serving" {
					break
				}
			}
		}
		_, port, err := net.SplitHostPort(line.Address)
		if err != nil {
			t.Fatal(err)
		}
		w := request(t, asked{http.MethodGet, "http://localhost:" + port + "/schema", "", []string{"X-Forwarded-Proto: https"}})
		other := strings.NewReplacer("https:", "http:", "http:", "https:").Replace(c.want)
		if w.status != http.StatusOK || !strings.Contains(w.body, c.want) || strings.Contains(w.body, other) {
			t.Errorf("%v: %d, no %s, or %s", c.args, w.status, c.want, other)
		}
		s.stop(t)
	}
}
