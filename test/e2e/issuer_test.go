package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"suyuan/portal/api"
	issuerpage "suyuan/portal/issuer"
	"suyuan/services/intake/token"
	"suyuan/services/issuer"
)

// An issuing is an issuer's host, and a ledger that has its keys.
type issuing struct {
	url   string
	codes []token.Code
	ring  *token.Ring

	mu     sync.Mutex
	hidden bool // the ledger has no key of number 5
	lose   bool // answers to /issue are lost on the way
	issued int  // requests for signatures
}

func issuerHost(t *testing.T, people int) *issuing {
	t.Helper()
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
	h := &issuing{}
	if h.codes, err = o.NewRoster(term, people); err != nil {
		t.Fatal(err)
	}
	var listed []token.Listed
	for _, k := range keys {
		listed = append(listed, token.Listed{ID: k.ID, County: k.Term.County, Quarter: k.Term.Quarter, N: k.N, SPKI: k.SPKI})
	}
	if h.ring, err = token.NewRing(listed); err != nil {
		t.Fatal(err)
	}
	ledger := httptest.NewServer(h.ledger(keys))
	t.Cleanup(ledger.Close)
	site, err := issuerpage.New(issuerpage.Options{Office: o, Ledger: ledger.URL})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/issue" {
			site.ServeHTTP(w, r)
			return
		}
		h.mu.Lock()
		h.issued++
		lose := h.lose
		h.mu.Unlock()
		if !lose {
			site.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// ledger answers the one question as the portal does.
func (h *issuing) ledger(keys []issuer.PublicKey) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Query().Get("query") != api.KeysQuestion || r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
			http.Error(w, "another question", http.StatusTeapot)
			return
		}
		var edges []any
		for _, k := range keys {
			h.mu.Lock()
			hidden := h.hidden && k.N == 5
			h.mu.Unlock()
			if !hidden {
				edges = append(edges, map[string]any{"node": map[string]any{"id": k.ID, "kind": "RSA", "county": k.Term.County, "quarter": k.Term.Quarter, "n": k.N,
					"spki": base64.StdEncoding.EncodeToString(k.SPKI), "revoked": false, "unit": map[string]any{"name": "云溪县"}}})
			}
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": map[string]any{"issuerKeys": map[string]any{"edges": edges, "pageInfo": map[string]any{"hasNextPage": false}}}})
	})
}

// A cadre is somebody with a code at the issuer's page.
type cadre struct{ *page }

// until waits for what the page comes to show.
func (p cadre) until(t *testing.T, condition string) {
	t.Helper()
	eval[bool](t, p.page, fmt.Sprintf(`new Promise(done => { const look = () => (%s) ? done(true) : setTimeout(look, 20); look() })`, condition))
}

func shown(id string) string { return fmt.Sprintf(`!document.getElementById(%q).hidden`, id) }

func (p cadre) enter(t *testing.T, code string) {
	t.Helper()
	eval[bool](t, p.page, fmt.Sprintf(`(() => { document.getElementById("code").value = %q; return true })()`, code))
	p.must(t, chromedp.Click(chromedp.CSS("#ask button")))
}

// sound wants a page in order; requests may go to the issuer and to the ledger.
func (p cadre) sound(t *testing.T, about string) {
	t.Helper()
	for _, problem := range p.problems(t) {
		if !strings.Contains(problem, "/graphql?query=query") {
			t.Errorf("%s: %s", about, problem)
		}
	}
	p.mu.Lock()
	p.silent = false
	p.mu.Unlock()
}

func TestIssuerInABrowser(t *testing.T) {
	for _, v := range []view{{360, "zh-CN", true}, {1280, "en", true}} {
		t.Run(v.String(), func(t *testing.T) {
			h := issuerHost(t, 2)
			p := cadre{visitFor(t, h.url, v, 2*time.Minute)}
			eval[bool](t, p.page, `(() => { Object.defineProperty(Crypto.prototype, "subtle", { value: undefined }); return true })()`) // as without TLS
			p.sound(t, "the first page")

			p.enter(t, h.codes[0].Text(token.Card)) // of the other kind
			p.until(t, shown("fault"))
			p.sound(t, "a code of the other kind")

			h.mu.Lock()
			h.hidden = true
			h.mu.Unlock()
			p.enter(t, h.codes[0].Text(token.Enrolment))
			p.until(t, shown("fault")+` && document.getElementById("why").textContent.includes("5")`)
			h.mu.Lock()
			if h.hidden = false; h.issued > 0 {
				t.Error("it asked for signatures under keys that are not on the ledger")
			}
			h.mu.Unlock()

			p.enter(t, h.codes[0].Text(token.Enrolment))
			p.until(t, shown("offer"))
			if term := eval[string](t, p.page, `document.getElementById("term").textContent`); !strings.Contains(term, "云溪县 990101") || !strings.Contains(term, "2026Q4") {
				t.Errorf("the term is %q", term)
			}
			p.sound(t, "the offer")
			p.must(t, chromedp.Click(chromedp.CSS("#take")))
			h.tokens(t, p)
			p.shoot(t, shotsDir(t), "issuer-"+v.String())
			p.sound(t, "the tokens")
			if kept := eval[int](t, p.page, `sessionStorage.length + localStorage.length + document.cookie.length`); kept != 0 {
				t.Errorf("%d things are kept in the browser", kept)
			}
			p.must(t, chromedp.Click(chromedp.CSS("#saved")))
			p.until(t, shown("gone"))
			if left := eval[int](t, p.page, `document.querySelectorAll("textarea").length + document.getElementById("code").value.length`); left != 0 {
				t.Error("the page is not cleared")
			}
			p.sound(t, "the end")
			h.lost(t, p)
		})
	}
}

// tokens waits for eight of them and checks each.
func (h *issuing) tokens(t *testing.T, p cadre) {
	t.Helper()
	p.until(t, shown("done")+" || "+shown("fault"))
	texts := eval[[]string](t, p.page, `[...document.querySelectorAll("textarea")].map(e => e.value)`)
	if len(texts) != token.PerQuarter {
		t.Fatalf("%d tokens: %s", len(texts), eval[string](t, p.page, `document.getElementById("why").textContent`))
	}
	seen := map[[32]byte]bool{}
	for _, text := range texts {
		proof, err := token.ReadProof(text)
		if err != nil {
			t.Fatal(err)
		}
		spend, err := h.ring.Verify(proof)
		if err != nil || seen[spend.Nullifier] {
			t.Errorf("a token that is not good, or there twice: %v", err)
		}
		seen[spend.Nullifier] = true
	}
}

// lost has an answer get lost: the same tab has its tokens all the same.
func (h *issuing) lost(t *testing.T, p cadre) {
	t.Helper()
	p.open(t, h.url)
	h.mu.Lock()
	h.lose = true
	h.mu.Unlock()
	p.enter(t, h.codes[1].Text(token.Enrolment))
	p.until(t, shown("offer"))
	p.must(t, chromedp.Click(chromedp.CSS("#take")))
	p.until(t, shown("fault"))
	h.mu.Lock()
	h.lose = false
	h.mu.Unlock()
	p.open(t, h.url)
	p.enter(t, h.codes[1].Text(token.Enrolment))
	h.tokens(t, p)
}

// Without scripts the page says what to do instead, and offers nothing that
// cannot work.
func TestIssuerWithoutScripts(t *testing.T) {
	h := issuerHost(t, 1)
	for _, lang := range []string{"zh-CN", "en"} {
		p := visit(t, h.url, view{360, lang, false})
		if says := eval[string](t, p, `document.querySelector("noscript").textContent`); !strings.Contains(says, "suyuan issuer fetch") {
			t.Errorf("%s: %q", lang, says)
		}
		if eval[bool](t, p, `document.getElementById("ask").checkVisibility()`) {
			t.Errorf("%s: a form that does nothing", lang)
		}
		if problems := p.problems(t); len(problems) > 0 {
			t.Error(strings.Join(problems, "\n"))
		}
	}
}
