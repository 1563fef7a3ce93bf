package script

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var linkLine = regexp.MustCompile(`(?m)^sign-in (\w+) +(\S+)$`)

// links are the one-time links the server printed, by role.
func links(t *testing.T, s *server) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, m := range linkLine.FindAllStringSubmatch(s.out.String(), -1) {
		all[m[1]] = m[2]
	}
	if len(all) != 5 {
		t.Fatalf("five sign-in links were due: %s", s.out.String())
	}
	return all
}

// signIn uses a link up and gives the cookie.
func signIn(t *testing.T, link string) *http.Cookie {
	t.Helper()
	w := request(t, asked{http.MethodPost, link, "", nil})
	if w.status != http.StatusSeeOther || w.header.Get("Location") != "/" {
		t.Fatalf("the link: %d, to %q", w.status, w.header.Get("Location"))
	}
	cookie, err := http.ParseSetCookie(w.header.Get("Set-Cookie"))
	if err != nil || len(w.header.Values("Set-Cookie")) != 1 {
		t.Fatalf("%v: %v", err, w.header.Values("Set-Cookie"))
	}
	return cookie
}

func TestSession(t *testing.T) {
	s := serve(t, "--demo", "--data", demoFolder(t))
	all := links(t, s)
	link := all["clerk"]

	// Chat programs fetch what is sent through them: looking uses nothing up.
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		if w := request(t, asked{method, link, "", nil}); w.status != http.StatusOK || w.header.Get("Set-Cookie") != "" {
			t.Errorf("%s of the link: %d, cookie %q", method, w.status, w.header.Get("Set-Cookie"))
		}
	}
	// Another site's page cannot use it up in somebody's browser.
	for _, from := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://elsewhere.example"} {
		if w := request(t, asked{http.MethodPost, link, "", []string{from}}); w.status != http.StatusForbidden || w.header.Get("Set-Cookie") != "" {
			t.Errorf("POST with %s: %d", from, w.status)
		}
	}

	cookie := signIn(t, link)
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Domain != "" || len(cookie.Value) < 32 {
		t.Errorf("the cookie: %+v", cookie)
	}
	for range 2 {
		if w := request(t, asked{http.MethodPost, link, "", nil}); w.status != http.StatusGone || w.header.Get("Set-Cookie") != "" {
			t.Errorf("the link again: %d", w.status)
		}
	}
	if w := get(t, link); w.status != http.StatusGone {
		t.Errorf("looking at a used link: %d", w.status)
	}

	with := "Cookie: " + cookie.Name + "=" + cookie.Value
	command := func(key string, more ...string) answered {
		return request(t, asked{http.MethodPost, s.url + "/api/commands/document.register", paper(key), append(more, "Content-Type: application/json", "Idempotency-Key: "+key)})
	}
	if w := get(t, s.url+"/", with); !strings.Contains(w.body, "青穗镇") || !strings.Contains(w.body, `action="/sign-out`) || strings.Contains(w.header.Get("Cache-Control"), "public") {
		t.Errorf("the page of somebody signed in does not say so: %d", w.status)
	}
	if w := command("by-session", with); w.status != http.StatusCreated {
		t.Errorf("a command by session: %d %s", w.status, w.body)
	}
	if w := command("from-elsewhere", with, "Origin: https://elsewhere.example", "Sec-Fetch-Site: cross-site"); w.status != http.StatusForbidden {
		t.Errorf("a command another site sent: %d %s", w.status, w.body)
	}
	if w := command("bad-token", with, "Authorization: Bearer x.y.z"); w.status != http.StatusUnauthorized {
		t.Errorf("a bad token beside a good session: %d %s", w.status, w.body)
	}
	if w := request(t, asked{http.MethodPost, s.url + "/sign-out", "", []string{with, "Sec-Fetch-Site: cross-site"}}); w.status != http.StatusForbidden {
		t.Errorf("another site signed somebody out: %d", w.status)
	}
	if w := get(t, s.url+"/sign-out", with); w.status != http.StatusMethodNotAllowed || w.header.Get("Allow") != "POST" {
		t.Errorf("GET /sign-out: %d", w.status)
	}

	out := request(t, asked{http.MethodPost, s.url + "/sign-out", "", []string{with}})
	gone, err := http.ParseSetCookie(out.header.Get("Set-Cookie"))
	if out.status != http.StatusSeeOther || err != nil || gone.MaxAge >= 0 {
		t.Errorf("sign-out: %d, %+v", out.status, gone)
	}
	if w := command("after", with); w.status != http.StatusUnauthorized {
		t.Errorf("a command after signing out: %d %s", w.status, w.body)
	}
	if w := command("made-up", "Cookie: "+cookie.Name+"=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"); w.status != http.StatusUnauthorized {
		t.Errorf("a made-up cookie: %d %s", w.status, w.body)
	}

	// Sessions end with the process, and so do links.
	other := signIn(t, all["reviewer"])
	s.stop(t)
	s = serve(t, "--data", demoFolder(t))
	if strings.Contains(s.out.String(), "sign-in") {
		t.Error("links are printed without --demo")
	}
	if w := request(t, asked{http.MethodPost, s.url + strings.TrimPrefix(all["auditor"], all["auditor"][:strings.Index(all["auditor"], "/sign-in/")]), "", nil}); w.status != http.StatusGone {
		t.Errorf("a link of an earlier run: %d", w.status)
	}
	if w := get(t, s.url+"/", "Cookie: "+other.Name+"="+other.Value); w.status != http.StatusOK || strings.Contains(w.body, `action="/sign-out`) {
		t.Errorf("a session of an earlier run: %d", w.status)
	}
}

// Whoever only reads is given no cookie, whatever the page.
func TestNoCookie(t *testing.T) {
	s := serve(t, "--data", demoFolder(t))
	for _, path := range []string{
		"/", "/?lang=en", "/mandates", "/mandates/farmland-600", "/mandates/farmland-600/units/990101001002", "/units/990101001", "/documents/qingsui-2022-6",
		"/events/45", "/sign-in", "/sign-in/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "/nowhere", "/healthz", "/robots.txt", "/graphql?query=%7Bunit(code:%2299%22)%7Bname%7D%7D",
	} {
		for _, header := range []string{"Accept: text/html", "Cookie: suyuan=stale"} {
			if w := get(t, s.url+path, header); w.status >= 500 || len(w.header.Values("Set-Cookie")) > 0 {
				t.Errorf("GET %s with %s: %d, cookies %v", path, header, w.status, w.header.Values("Set-Cookie"))
			}
		}
	}
}

// Under TLS the cookie stays there.
func TestSessionTLS(t *testing.T) {
	cert, key := certificate(t)
	s := serve(t, "--demo", "--data", demoFolder(t), "--tls-cert", cert, "--tls-key", key)
	link := links(t, s)["clerk"]
	if !strings.HasPrefix(link, "https://") {
		t.Fatalf("the link is %s", link)
	}
	if c := signIn(t, link); c.Name != "__Host-suyuan" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
		t.Errorf("the cookie: %+v", c)
	}
	_, stderr, code := command(t, nil, "serve", "--data", t.TempDir(), "--tls-cert", cert)
	if code != 2 || !strings.Contains(stderr, "--tls-key") {
		t.Errorf("a certificate without its key: %d %s", code, stderr)
	}
	s.stop(t)
}

func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}}
	public, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", public), write("key.pem", "PRIVATE KEY", raw)
}
