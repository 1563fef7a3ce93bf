package auth

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"suyuan/services/ledger"
)

// site is a small portal: it says who asks, signs in and signs out.
func site(s *Sessions) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		actor, err := s.Authenticate(r)
		switch {
		case err != nil:
			writeError(w, r, err)
		default:
			io.WriteString(w, actor.Account)
		}
	})
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		if err := s.SignIn(r.Context(), ledger.Actor{Account: r.FormValue("as")}); err != nil {
			writeError(w, r, err)
		}
	})
	mux.HandleFunc("POST /out", func(w http.ResponseWriter, r *http.Request) {
		if err := s.SignOut(r.Context()); err != nil {
			writeError(w, r, err)
		}
	})
	return s.Middleware(mux)
}

func writeError(w http.ResponseWriter, _ *http.Request, err error) {
	http.Error(w, ledger.AsError(err).Rule, http.StatusTeapot)
}

// browser keeps cookies as a browser does.
type browser struct {
	*testing.T
	client *http.Client
	base   string
}

// served is a browser before a real server.
func served(t *testing.T, server *httptest.Server) *browser {
	t.Cleanup(server.Close)
	client := server.Client()
	client.Jar, _ = cookiejar.New(nil)
	return &browser{t, client, server.URL}
}

// direct is a browser that calls the handler itself: without a socket, so that
// time can be moved.
func direct(t *testing.T, h http.Handler) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{t, &http.Client{Jar: jar, Transport: handlerTransport{h}}, "http://suyuan.test"}
}

type handlerTransport struct{ http.Handler }

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

func (b *browser) do(method, path string) (*http.Response, string) {
	b.Helper()
	r := must(http.NewRequest(method, b.base+path, nil))
	response, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	return response, string(must(io.ReadAll(response.Body)))
}

func (b *browser) get() string { b.Helper(); _, body := b.do("GET", "/"); return body }

// post answers with the one cookie that was set.
func (b *browser) post(path string) *http.Cookie {
	b.Helper()
	response, body := b.do("POST", path)
	if response.StatusCode != http.StatusOK || len(response.Cookies()) != 1 {
		b.Fatalf("POST %s: %d %q, cookies %v", path, response.StatusCode, body, response.Cookies())
	}
	return response.Cookies()[0]
}

// plant puts a session cookie where the browser will send it.
func (b *browser) plant(cookie http.Cookie) {
	b.client.Jar.SetCookies(must(url.Parse(b.base)), []*http.Cookie{{Name: cookie.Name, Value: cookie.Value, Path: "/", Secure: cookie.Secure}})
}

func TestAnonymousPagesSetNoCookie(t *testing.T) {
	b := served(t, httptest.NewServer(site(NewSessions(writeError, false))))
	check := func(method, path string) {
		t.Helper()
		response, _ := b.do(method, path)
		if set := response.Header.Values("Set-Cookie"); len(set) > 0 {
			t.Errorf("%s %s set %q", method, path, set)
		}
	}
	check("GET", "/")
	check("GET", "/missing")
	check("HEAD", "/")
	check("POST", "/out")
	check("POST", "/in?as=")
	b.plant(http.Cookie{Name: "suyuan", Value: "made-up"})
	check("GET", "/")
	check("POST", "/out")
}

func TestSessionCookie(t *testing.T) {
	for _, test := range []struct {
		name   string
		server func(http.Handler) *httptest.Server
		behind bool
		proto  []string
		cookie string
		secure bool
	}{
		{"plain", httptest.NewServer, false, nil, "suyuan", false},
		{"TLS", httptest.NewTLSServer, false, nil, "__Host-suyuan", true},
		{"behind a proxy over TLS", httptest.NewServer, true, []string{"https"}, "__Host-suyuan", true},
		{"behind a proxy without", httptest.NewServer, true, []string{"http"}, "suyuan", false},
		{"behind a proxy that adds to the header", httptest.NewServer, true, []string{"https", "http"}, "suyuan", false},
		{"no proxy, header made up", httptest.NewServer, false, []string{"https"}, "suyuan", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			portal := site(NewSessions(writeError, test.behind))
			b := served(t, test.server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Header["X-Forwarded-Proto"] = test.proto
				portal.ServeHTTP(w, r)
			})))
			c := b.post("/in?as=a")
			if c.Name != test.cookie || c.Secure != test.secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode ||
				c.Path != "/" || c.Domain != "" || c.MaxAge != 0 || !c.Expires.IsZero() || len(c.Value) < 32 {
				t.Errorf("cookie %v", c)
			}
			gone := b.postWith("/out", c)
			if gone.Name != test.cookie || gone.Secure != test.secure || gone.MaxAge >= 0 || gone.Value != "" {
				t.Errorf("cookie at sign-out %v", gone)
			}
		})
	}
}

// postWith sends the cookie whatever the browser thinks of its Secure attribute.
func (b *browser) postWith(path string, cookie *http.Cookie) *http.Cookie {
	b.Helper()
	r := must(http.NewRequest("POST", b.base+path, nil))
	r.AddCookie(cookie)
	b.client.Jar = nil
	response, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	response.Body.Close()
	if len(response.Cookies()) != 1 {
		b.Fatalf("cookies %v", response.Cookies())
	}
	return response.Cookies()[0]
}

func TestSignInAndOut(t *testing.T) {
	b := served(t, httptest.NewTLSServer(site(NewSessions(writeError, false))))
	in := b.post("/in?as=a")
	if got := b.get(); got != "a" {
		t.Fatalf("signed in as %q", got)
	}
	b.post("/out")
	if got := b.get(); got != "" {
		t.Fatalf("after signing out %q", got)
	}
	b.plant(*in) // somebody kept it
	if got := b.get(); got != "" {
		t.Errorf("with the old cookie %q", got)
	}
}

func TestSignInRenewsTheToken(t *testing.T) {
	server := httptest.NewServer(site(NewSessions(writeError, false)))
	attacker, victim := served(t, server), served(t, server)
	planted := attacker.post("/in?as=attacker")
	victim.client = &http.Client{Transport: server.Client().Transport}
	victim.client.Jar, _ = cookiejar.New(nil)
	victim.plant(*planted)
	if in := victim.post("/in?as=victim"); in.Value == planted.Value {
		t.Error("the planted token was kept")
	}
	if got := victim.get(); got != "victim" {
		t.Errorf("the victim is %q", got)
	}
	attacker.plant(*planted)
	if got := attacker.get(); got != "" {
		t.Errorf("with the planted token the attacker is %q", got)
	}
	victim.plant(http.Cookie{Name: "suyuan", Value: "chosen-by-the-attacker"})
	if in := victim.post("/in?as=victim"); strings.Contains(in.Value, "chosen") {
		t.Error("a token of the browser's own making was taken")
	}
}

func TestSessionEndsAfterAnHourWithoutARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := direct(t, site(NewSessions(writeError, false)))
		b.post("/in?as=a")
		for range 3 {
			time.Sleep(sessionIdle - time.Second)
			if got := b.get(); got != "a" {
				t.Fatalf("within the hour %q", got)
			}
		}
		time.Sleep(sessionIdle)
		if got := b.get(); got != "" {
			t.Errorf("after an hour %q", got)
		}
		response, _ := b.do("GET", "/")
		if set := response.Cookies(); len(set) > 0 {
			t.Errorf("and the page set %v", set)
		}
	})
}

func TestSessionEndsAfterEightHoursInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := direct(t, site(NewSessions(writeError, false)))
		begun := time.Now()
		b.post("/in?as=a")
		for time.Since(begun) < sessionLife-30*time.Minute {
			time.Sleep(30 * time.Minute)
			if time.Since(begun) < sessionLife && b.get() != "a" {
				t.Fatalf("ended after %v", time.Since(begun))
			}
		}
		time.Sleep(30 * time.Minute)
		if got := b.get(); got != "" {
			t.Errorf("after eight hours %q", got)
		}
		b.post("/in?as=a") // begins anew
		time.Sleep(sessionIdle - time.Second)
		if got := b.get(); got != "a" {
			t.Errorf("signed in again %q", got)
		}
	})
}

func TestSignOutReachesRequestsUnderWay(t *testing.T) {
	s := NewSessions(writeError, false)
	loaded, signedOut := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.Handle("/", site(s))
	mux.Handle("/slow", s.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(loaded)
		<-signedOut
	})))
	b := direct(t, mux)
	in := b.post("/in?as=a")
	done := make(chan struct{})
	go func() {
		defer close(done)
		r := httptest.NewRequest("GET", "/slow", nil)
		r.AddCookie(in)
		mux.ServeHTTP(httptest.NewRecorder(), r)
	}()
	<-loaded
	b.post("/out")
	close(signedOut)
	<-done
	b.plant(*in)
	if got := b.get(); got != "" {
		t.Errorf("the slow request brought %q back", got)
	}
}

func TestSessionsOutsideTheMiddleware(t *testing.T) {
	s := NewSessions(writeError, false)
	r := httptest.NewRequest("GET", "/", nil)
	r.TLS = &tls.ConnectionState{}
	_, err := s.Authenticate(r)
	for _, err := range []error{err, s.SignIn(r.Context(), clerk), s.SignOut(r.Context())} {
		if !ledger.IsCode(ledger.AsError(err), ledger.Internal) {
			t.Errorf("%v", err)
		}
	}
}
