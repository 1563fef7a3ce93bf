// Package report is what reporters see: the pages of the reporting host, under
// one address, complete without scripts, in Chinese and in English. What a
// reporter has answered travels in the bodies of forms and nowhere else.
//
// The package must never set or read a cookie, put anything of a report, a
// receipt or a step into an address, a header, a log or a count, write a file,
// or answer with a length that says anything of what was sent.
package report

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"net/http"
	"net/url"
	"strings"

	"suyuan/portal/static"
	"suyuan/portal/words"
	"suyuan/services/intake"
	"suyuan/services/intake/gate"
	"suyuan/services/intake/picture"
	"suyuan/services/intake/receipt"
	"suyuan/services/ledger"
)

// Service is what the pages ask of intake; *intake.Service is it.
type Service interface {
	Offer() intake.Offer
	Draw() (receipt.Receipt, error)
	Eligible(facts []byte) ([]intake.Recipient, error)
	Picture(ctx context.Context, file io.Reader) (picture.Picture, error)
	Compose(ctx context.Context, d intake.Draft) error
	Accept(ctx context.Context, sealed []byte) error
	Derive(ctx context.Context, r receipt.Receipt) (receipt.Keys, error)
	Look(ctx context.Context, keys receipt.Keys) (intake.Box, error)
	Poll(ctx context.Context, box [32]byte) ([]byte, error)
}

// Options are what the pages are told when they start.
type Options struct {
	Portal string    // address of the public portal, "" where none is known
	Source string    // address at which the scripts' sources and sums are published, "" where none is
	Hosts  []string  // hosts under which the pages are asked for; others are refused. None: any
	Secure bool      // the pages are served over TLS
	Random io.Reader // for the names of letters; crypto/rand where nil
	Onion  string    // the same pages as an onion service, http://….onion; "" where there is none
}

// Site serves the pages.
type Site struct {
	service Service
	choices *choiceList
	options Options
	book    *words.Book // what these pages say
	terms   *words.Book // levels, dimensions and other words of the portal
	pages   pages
	files   map[string]static.File // by name with hash
	style   static.File
	icon    static.File
	script  static.File
	uploads *gate.Gate
	sealed  *gate.Gate

	arrivals *arrivals
}

// How much that is large is worked on at once, once it has arrived: pictures,
// one of a request at a time, and envelopes with pictures in them. What is
// small never waits for what is large.
const (
	uploadsAtOnce = 12
	uploadsWait   = 48
	sealedAtOnce  = 32
	sealedWait    = 96
)

// New returns the pages. It refuses to start where a template, a style or the
// words are wrong.
func New(s Service, l Lister, clock ledger.Clock, o Options) (*Site, error) {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	t := &Site{
		service: s, choices: &choiceList{from: l, clock: clock}, options: o,
		uploads: gate.New(uploadsAtOnce, uploadsWait), sealed: gate.New(sealedAtOnce, sealedWait),
		arrivals: &arrivals{clock: clock, most: arrivingMost, now: map[*arrival]struct{}{}},
	}
	var err error
	if t.book, err = openWords(); err != nil {
		return nil, err
	}
	if t.terms, err = words.Open(); err != nil {
		return nil, err
	}
	if t.style, err = static.Sheet("report.css"); err != nil {
		return nil, err
	}
	if t.icon, err = static.Icon("plain.svg"); err != nil {
		return nil, err
	}
	if t.script, err = static.Bundle("report.js"); err != nil {
		return nil, err
	}
	t.files = map[string]static.File{t.style.Name: t.style, t.icon.Name: t.icon}
	if t.script.Name != "" {
		t.files[t.script.Name] = t.script
	}
	t.pages, err = parsePages(t.book)
	return t, err
}

// Bundle is the sum of the scripts that are served, and whether there are any:
// what is to be published for people to compare.
func (t *Site) Bundle() ([sha256.Size]byte, bool) { return t.script.Sum, t.script.Name != "" }

// ServeHTTP implements http.Handler.
func (t *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.secure(w.Header())
	switch {
	case !t.expected(r.Host):
		t.fail(w, r, errHost)
	case strings.HasPrefix(r.URL.Path, "/static/"):
		t.file(w, r)
	case r.URL.Path != "/":
		t.fail(w, r, errNoPage)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		t.entry(w, r)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, HEAD, POST")
		t.fail(w, r, errMethod)
	case mediaType(r) == "application/octet-stream":
		t.bytes(w, r)
	default:
		t.form(w, r)
	}
}

// Busy and Broken answer where the door refuses a request or a page failed.
func (t *Site) Busy() http.Handler   { return t.refusal(errBusy) }
func (t *Site) Broken() http.Handler { return t.refusal(errBroken) }

func (t *Site) refusal(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.secure(w.Header())
		if ledger.AsError(err).Rule == errBusy.Rule {
			w.Header().Set("Retry-After", "600")
		}
		t.fail(w, r, err)
	})
}

// expected reports whether the host is one of ours.
func (t *Site) expected(host string) bool {
	if len(t.options.Hosts) == 0 {
		return true
	}
	for _, ours := range t.options.Hosts {
		if strings.EqualFold(host, ours) {
			return true
		}
	}
	return false
}

// file serves a style, an icon or the scripts. They are not kept by the
// browser: a kept file tells that the host was visited.
func (t *Site) file(w http.ResponseWriter, r *http.Request) {
	f, ok := t.files[strings.TrimPrefix(r.URL.Path, "/static/")]
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		t.fail(w, r, errMethod)
		return
	case !ok:
		t.fail(w, r, errNoPage)
		return
	}
	kind := map[string]string{"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
	send(w, r, http.StatusOK, kind[f.Name[strings.LastIndexByte(f.Name, '.')+1:]], f.Content)
}

// addressed is an address of ours that may stand in a page, "" where it is none.
func addressed(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return u.String()
}
