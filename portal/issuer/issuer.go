// Package issuer is the issuer's page and the two addresses its script and
// `suyuan issuer fetch` ask. It is served by a process of its own, away from
// the ledger. It sets no cookie, reads none, and must never log a request or
// write down anything of one.
package issuer

import (
	"bytes"
	"context"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"suyuan/portal/static"
	"suyuan/portal/words"
	"suyuan/services/issuer"
	"suyuan/services/ledger"
)

//go:embed page.html sheet.html words/*.json
var embedded embed.FS

// Office makes offers and signs.
type Office interface {
	AnswerOffer(issuer.OfferRequest) (issuer.OfferAnswer, error)
	AnswerIssue(context.Context, issuer.IssueRequest) (issuer.IssueAnswer, error)
}

// Options say what the page is about.
type Options struct {
	Office Office
	Ledger string // scheme and host of the ledger that has the keys
	Secure bool   // behind TLS
}

// New makes the handler of the whole host.
func New(o Options) (http.Handler, error) {
	s := &site{options: o, files: map[string]static.File{}}
	var err error
	if s.page, err = template.New("page.html").Option("missingkey=error").ParseFS(embedded, "page.html"); err != nil {
		return nil, err
	}
	said, err := fs.Sub(embedded, "words")
	if err != nil {
		return nil, err
	}
	if s.words, err = words.Read(said); err != nil {
		return nil, err
	}
	style, err1 := static.Sheet("report.css")
	icon, err2 := static.Icon("plain.svg")
	script, err3 := static.Bundle("issuer.js")
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	s.style, s.icon, s.script = style, icon, script
	for _, f := range []static.File{style, icon, script} {
		if f.Name != "" {
			s.files[f.Path()] = f
		}
	}
	return s, nil
}

type site struct {
	options             Options
	page                *template.Template
	words               *words.Book
	style, icon, script static.File
	files               map[string]static.File
}

// ServeHTTP implements http.Handler.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.secure(w.Header())
	switch file, ok := s.files[r.URL.Path]; {
	case r.URL.Path == "/" && reads(r):
		s.show(w, r, http.StatusOK, "")
	case r.URL.Path == "/offer" && r.Method == http.MethodPost:
		answer(w, r, func(_ context.Context, q issuer.OfferRequest) (issuer.OfferAnswer, error) {
			return s.options.Office.AnswerOffer(q)
		})
	case r.URL.Path == "/issue" && r.Method == http.MethodPost:
		answer(w, r, s.options.Office.AnswerIssue)
	case ok && reads(r):
		send(w, r, http.StatusOK, mime.TypeByExtension(r.URL.Path[lastDot(r.URL.Path):]), file.Content)
	case r.URL.Path == "/" || r.URL.Path == "/offer" || r.URL.Path == "/issue" || ok:
		s.show(w, r, http.StatusMethodNotAllowed, "method")
	default:
		s.show(w, r, http.StatusNotFound, "not_found")
	}
}

func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

func lastDot(path string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return i
		}
	}
	return len(path)
}

// answer reads one JSON value, asks and writes one. What fails has no page:
// the script says it in its own place.
func answer[Q, A any](w http.ResponseWriter, r *http.Request, ask func(context.Context, Q) (A, error)) {
	lang := language(r)
	var q Q
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" { // no form of another host's page is taken
		refuse(w, r, lang, errRequest)
		return
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, issuer.MaxRequest))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		refuse(w, r, lang, errRequest)
		return
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		refuse(w, r, lang, errRequest)
		return
	}
	a, err := ask(r.Context(), q)
	if err != nil {
		refuse(w, r, lang, err)
		return
	}
	body, err := json.Marshal(a)
	if err != nil {
		refuse(w, r, lang, err)
		return
	}
	send(w, r, http.StatusOK, "application/json", body)
}

var errRequest = ledger.Errorf(ledger.Invalid, "issuer.request",
	"请求不合格式；请用本页面或者 suyuan issuer fetch 领取。",
	"The request is not in its form; use the page, or suyuan issuer fetch.")

// refusal is how an error goes over the network; the same as the ledger's own.
type refusal struct {
	Error struct {
		Code    ledger.Code `json:"code"`
		Rule    string      `json:"rule"`
		Message string      `json:"message"`
	} `json:"error"`
}

func refuse(w http.ResponseWriter, r *http.Request, lang string, err error) {
	e := ledger.AsError(err)
	var out refusal
	out.Error.Code, out.Error.Rule, out.Error.Message = e.Code, e.Rule, e.Text.In(lang)
	body, err := json.Marshal(out)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	send(w, r, e.Code.Status(), "application/json", body)
}

// Page is what the template is given.
type Page struct {
	s                   *site
	Lang, Other         string
	Ledger              string
	Style, Icon, Script string
	Sum, Fault          string
	Says                []said
}

type said struct{ Key, Text string }

// T is a sentence of the page's language.
func (p *Page) T(key string) (string, error) { return p.s.words.Say(p.Lang, key) }

// forScript are the sentences that the script fills in.
var forScript = []string{
	"offered.term", "working", "sending", "again", "copy", "copied", "selected", "nth",
	"fault.network", "fault.ledger", "fault.offer", "fault.unlisted", "fault.signatures", "fault.other",
}

func (s *site) show(w http.ResponseWriter, r *http.Request, status int, fault string) {
	body, err := s.render(language(r), fault)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	send(w, r, status, "text/html; charset=utf-8", body)
}

func (s *site) render(lang, fault string) ([]byte, error) {
	p := &Page{s: s, Lang: lang, Other: words.Languages[0], Ledger: s.options.Ledger, Style: s.style.Path(), Icon: s.icon.Path(), Script: s.script.Path(), Sum: hex.EncodeToString(s.script.Sum[:])}
	if lang == p.Other {
		p.Other = words.Languages[1]
	}
	if fault != "" {
		text, err := s.words.Say(lang, fault)
		if err != nil {
			return nil, err
		}
		p.Fault = text
	}
	for _, key := range forScript {
		text, err := s.words.Raw(lang, key)
		if err != nil {
			return nil, err
		}
		p.Says = append(p.Says, said{key, text})
	}
	var b bytes.Buffer
	err := s.page.Execute(&b, p)
	return b.Bytes(), err
}

func language(r *http.Request) string {
	if asked := r.URL.Query().Get("lang"); slices.Contains(words.Languages, asked) {
		return asked
	}
	return words.Preferred(r.Header.Get("Accept-Language"))
}

func send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
