package script

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"suyuan/portal/api"
	tokens "suyuan/services/intake/token"
)

// issuing starts `suyuan issuer serve` for a test, which ends it, and returns
// when it answers.
func issuing(t testing.TB, args ...string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(binary, append([]string{"issuer", "serve", "--issuer-listen", "127.0.0.1:0"}, args...)...), done: make(chan struct{})}
	s.cmd.Env, s.cmd.Dir = environment(), t.TempDir()
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.err
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait()
		s.code = s.cmd.ProcessState.ExitCode()
		close(s.done)
	}()
	t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
	for end := time.Now().Add(patience); time.Now().Before(end) && !s.ended(); time.Sleep(10 * time.Millisecond) {
		if found := issuerLine.FindStringSubmatch(s.out.String()); found != nil {
			s.url = found[1]
			return s
		}
	}
	t.Fatalf("issuer serve did not get ready: %s%s", s.out.String(), s.err.String())
	return nil
}

var (
	issuerLine = regexp.MustCompile(`(?m)^issuer +(https?://127\.0\.0\.1:\d+)/$`)
	printed    = regexp.MustCompile(`<p class="code">([\d ]{27})<br>([\d ]{27})</p>`)
)

// did runs the binary and wants it to succeed.
func did(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	out, problem, code := command(t, strings.NewReader(stdin), args...)
	if code != 0 {
		t.Fatalf("suyuan %s: status %d: %s", strings.Join(args, " "), code, problem)
	}
	return out
}

// slips are the codes on a sheet.
func slips(t testing.TB, path string) (codes []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range printed.FindAllStringSubmatch(string(text), -1) {
		codes = append(codes, m[1]+" "+m[2])
	}
	return codes
}

// An issuer with its keys on a ledger, and a sheet of codes.
type issuerHouse struct {
	ledger     *server
	data, file string
	codes      []string
	place      []string
}

func issuerAndLedger(t testing.TB, count int) *issuerHouse {
	t.Helper()
	dir := t.TempDir()
	h := &issuerHouse{ledger: serve(t, "--demo", "--data", filepath.Join(dir, "ledger"), "--report-listen", "off"), data: filepath.Join(dir, "issuer"), file: filepath.Join(dir, "admin")}
	h.place = []string{"--county", "990101", "--quarter", "2026Q4", "--lang", "en"}
	if err := os.WriteFile(h.file, []byte(token(t, filepath.Join(dir, "ledger"), "--role", "admin")), 0o600); err != nil {
		t.Fatal(err)
	}
	sheet := filepath.Join(dir, "sheet.html")
	did(t, "", append([]string{"issuer", "keys", "--issuer-data", h.data}, h.place...)...)
	did(t, "", append([]string{"issuer", "roster", "--issuer-data", h.data, "--count", fmt.Sprint(count), "--sheet", sheet}, h.place...)...)
	h.codes = slips(t, sheet)
	if len(h.codes) != count {
		t.Fatalf("%d codes on the sheet", len(h.codes))
	}
	return h
}

func (h *issuerHouse) publish(t testing.TB) {
	t.Helper()
	out := did(t, "", append([]string{"issuer", "keys", "--issuer-data", h.data, "--server", h.ledger.url, "--token-file", h.file}, h.place...)...)
	if n := strings.Count(out, "published "); n != tokens.PerQuarter {
		t.Fatalf("%d keys were published: %s", n, out)
	}
}

func (h *issuerHouse) fetch(t testing.TB, at, code, to string) (problem string, status int) {
	t.Helper()
	_, problem, status = command(t, strings.NewReader(code+"\n"), "issuer", "fetch", "--issuer", at, "--ledger", h.ledger.url, "--to", to, "--lang", "en")
	return problem, status
}

// Keys, roster, exchange, refusals: the whole way on the real binary.
func TestIssuer(t *testing.T) {
	h := issuerAndLedger(t, 3)
	i := issuing(t, "--issuer-data", h.data, "--ledger", h.ledger.url)
	to := filepath.Join(t.TempDir(), "tokens")
	// A key that is not on the ledger: nothing is asked for, nothing kept.
	problem, status := h.fetch(t, i.url, h.codes[0], to)
	if status != 1 || !strings.Contains(problem, "issuer.key_unlisted") {
		t.Fatalf("keys that are not on the ledger: %d %s", status, problem)
	}
	i.stop(t) // one process has the folder
	h.publish(t)
	h.publish(t) // again: nothing is on record twice
	i = issuing(t, "--issuer-data", h.data, "--ledger", h.ledger.url)
	if problem, status := h.fetch(t, i.url, h.codes[0], to); status != 0 {
		t.Fatalf("%d %s", status, problem)
	}
	text, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	all, err := tokens.ParseAll(string(text))
	if err != nil || len(all) != tokens.PerQuarter {
		t.Fatalf("%d tokens, %v", len(all), err)
	}
	// A browser may ask the ledger from the issuer's page, this and nothing else.
	for query, open := range map[string]bool{api.KeysQuestion: true, "{ledger{ordinal}}": false} {
		w := get(t, h.ledger.url+"/graphql?"+url.Values{"query": {query}, "variables": {`{"county":"990101","quarter":"2026Q4"}`}}.Encode(), "Origin: "+i.url, "Accept: application/json")
		if got := w.header.Get("Access-Control-Allow-Origin"); w.status != http.StatusOK || (got == "*") != open {
			t.Errorf("%s: %d, open to %q", query, w.status, got)
		}
	}
	ring := h.ring(t)
	for _, made := range all {
		if _, err := ring.Verify(made.Encode()); err != nil {
			t.Error(err)
		}
	}
	if left, _ := filepath.Glob(to + ".part*"); left != nil {
		t.Errorf("the seed is still there: %v", left)
	}
	// The code is used up; a slip of the finger and another person's card are told from it.
	problem, status = h.fetch(t, i.url, h.codes[0], to+"2")
	if status != 1 || !strings.Contains(problem, "issuer.used") {
		t.Errorf("a code used twice: %d %s", status, problem)
	}
	if problem, status = h.fetch(t, i.url, "1"+h.codes[1][1:]+"x", to+"3"); status != 1 || !strings.Contains(problem, "token.code_") {
		t.Errorf("a mistyped code: %d %s", status, problem)
	}
	i.stop(t)
}

// ring is the issuer's keys as the ledger has them.
func (h *issuerHouse) ring(t testing.TB) *tokens.Ring {
	t.Helper()
	w := request(t, asked{http.MethodPost, h.ledger.url + "/graphql", `{"query":"{issuerKeys{edges{node{id county quarter n spki}}}}"}`, []string{"Content-Type: application/json"}})
	got := read[struct {
		Data struct {
			IssuerKeys struct {
				Edges []struct {
					Node struct {
						ID, County, Quarter string
						N                   int
						SPKI                []byte
					}
				}
			}
		}
	}](t, w.body)
	var listed []tokens.Listed
	for _, e := range got.Data.IssuerKeys.Edges {
		k := e.Node
		listed = append(listed, tokens.Listed{ID: k.ID, County: k.County, Quarter: k.Quarter, N: k.N, SPKI: k.SPKI})
	}
	ring, err := tokens.NewRing(listed)
	if err != nil || len(listed) != tokens.PerQuarter {
		t.Fatalf("%d keys on the ledger, %v", len(listed), err)
	}
	return ring
}

// Cards: the sheet's codes are those of the batch that goes on the ledger.
func TestIssuerCards(t *testing.T) {
	h := issuerAndLedger(t, 1)
	sheet := filepath.Join(t.TempDir(), "cards.html")
	args := append([]string{"issuer", "cards", "--count", "5", "--sheet", sheet, "--server", h.ledger.url, "--token-file", h.file}, h.place...)
	if out := did(t, "", args...); !strings.HasPrefix(out, "published ") {
		t.Fatal(out)
	}
	w := get(t, h.ledger.url+"/graphql?query="+strings.ReplaceAll("{issuerKeys{edges{node{kind county quarter n cards}}}}", " ", "%20"))
	if !strings.Contains(w.body, `{"kind":"CARDS","county":"990101","quarter":"2026Q4","n":1,"cards":"5"}`) {
		t.Errorf("on the ledger: %s", w.body)
	}
	if codes := slips(t, sheet); len(codes) != 5 {
		t.Errorf("%d cards on the sheet", len(codes))
	}
	if _, problem, status := command(t, nil, args...); status != 2 || !strings.Contains(problem, "is there already") {
		t.Errorf("a sheet written over: %d %s", status, problem)
	}
	var input struct{ Hashes []string }
	out := did(t, "", append([]string{"issuer", "cards", "--count", "3", "--batch", "2", "--sheet", sheet + "2"}, h.place...)...)
	if err := json.Unmarshal([]byte(out), &input); err != nil || len(input.Hashes) != 3 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, text := range slips(t, sheet+"2") {
		code, err := tokens.ParseCode(tokens.Card, text)
		if err != nil {
			t.Fatal(err)
		}
		if hash := code.Hash(tokens.Card); !strings.Contains(out, fmt.Sprintf("%x", hash)) {
			t.Error("a card of the sheet is not in the batch")
		}
	}
}

// Nothing of who came is anywhere: not in the folder, the logs or the
// temporary folder, whether they asked rightly, wrongly, or broke off.
func TestIssuerKeepsNothingOfWhoCame(t *testing.T) {
	h := issuerAndLedger(t, 2)
	h.publish(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	i := issuing(t, "--issuer-data", h.data, "--ledger", h.ledger.url)
	from := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 77)}}).DialContext}}
	for path, body := range map[string]string{"/": "", "/offer": `{"code":"` + h.codes[0] + `"}`, "/issue": `{"code":"` + h.codes[0] + `","blinded":["CANARY-BLINDED"]}`, "/nowhere": "", "/?CANARY-QUERY": ""} {
		method := http.MethodGet
		if body != "" {
			method = http.MethodPost
		}
		r, err := http.NewRequest(method, i.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("User-Agent", "CANARY-UA")
		r.Header.Set("Cookie", "session=CANARY-COOKIE")
		r.Header.Set("X-Forwarded-For", "203.0.113.77")
		r.Header.Set("Content-Type", "application/json")
		w, err := from.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = w.Body.Close()
	}
	raw, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 77)}}).Dial("tcp", strings.TrimPrefix(i.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = raw.Write([]byte("\x16\x03\x01 CANARY-HANDSHAKE\r\n\r\n"))
	_, _ = raw.Read(make([]byte, 64)) // until it is answered or closed
	_ = raw.Close()
	if problem, status := h.fetch(t, i.url, h.codes[0], filepath.Join(t.TempDir(), "tokens")); status != 0 {
		t.Fatal(problem)
	}
	i.stop(t)
	all := i.out.String() + i.err.String()
	for _, dir := range []string{h.data, temp} {
		if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			all += path + string(text)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, canary := range []string{"CANARY", "127.0.0.77", "203.0.113.77", h.codes[0], strings.ReplaceAll(h.codes[0], " ", "")} {
		if strings.Contains(all, canary) {
			t.Errorf("%s is somewhere", canary)
		}
	}
	if i.err.String() != "" {
		t.Errorf("it logged: %s", i.err.String())
	}
}

// Killed at any moment, an issuer gives a code no more than one set of tokens,
// and whoever was interrupted has it in the end.
func TestIssuerKilled(t *testing.T) {
	const people = 6
	h := issuerAndLedger(t, people)
	h.publish(t)
	dir := t.TempDir()
	var done sync.WaitGroup
	for round := range 4 {
		i := issuing(t, "--issuer-data", h.data, "--ledger", h.ledger.url)
		for n, code := range h.codes {
			to := filepath.Join(dir, fmt.Sprint(n))
			if _, err := os.Stat(to); err == nil {
				continue
			}
			done.Go(func() {
				if problem, status := h.fetch(t, i.url, code, to); status != 0 && strings.Contains(problem, "issuer.used") {
					t.Errorf("a code was used up without tokens: %s", problem)
				}
			})
		}
		if round < 3 {
			for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) { // until one of this round has begun
				if parts, _ := filepath.Glob(filepath.Join(dir, "*.part")); len(parts) > round {
					break
				}
				if finished, _ := filepath.Glob(filepath.Join(dir, "?")); len(finished) > 2*round {
					break
				}
			}
			_ = i.end(syscall.SIGKILL)
		}
		done.Wait()
		if round == 3 {
			i.stop(t)
		}
	}
	ring, seen := h.ring(t), map[[32]byte]bool{}
	for n := range people {
		text, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(n)))
		if err != nil {
			t.Fatal(err)
		}
		all, err := tokens.ParseAll(string(text))
		if err != nil || len(all) != tokens.PerQuarter {
			t.Fatalf("%d tokens, %v", len(all), err)
		}
		for _, made := range all {
			spend, err := ring.Verify(made.Encode())
			if err != nil || seen[spend.Nullifier] {
				t.Errorf("a token that is not good, or there twice: %v", err)
			}
			seen[spend.Nullifier] = true
		}
	}
}
