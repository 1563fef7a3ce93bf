package portal

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"suyuan/portal/words"
	"suyuan/services/ledger"
)

// Page is what every page knows of itself; page structs embed it, and
// templates speak through its methods.
type Page struct {
	s *site
	r *http.Request
	w http.ResponseWriter

	path     map[string]string // the variables of the route
	explicit bool              // the address says which language
	seen     map[string]bool   // glossary terms already linked
	origin   string            // before addresses in what is read elsewhere; "" on the portal's own pages

	Lang     string
	Title    string
	Crumbs   []Crumb
	Actor    ledger.Actor
	UnitName string // of the actor's unit
	Search   string // what the page was searched for
	Notice   string // what is wrong with the ledger, "" where nothing is
}

// Crumb is one step of the way to this page. The last has no address.
type Crumb struct{ Text, Href string }

// Alternate is this page in one language.
type Alternate struct {
	Lang, Name, Href string
	Here             bool
}

// T says the words of a key; pairs fill its places.
func (p *Page) T(key string, pairs ...any) (string, error) {
	text, err := p.s.book.Say(p.Lang, key, pairs...)
	return marked.ReplaceAllString(text, "$2"), err
}

// say is T for code, where a wrong key is a fault the page reports.
func (p *Page) say(key string, pairs ...any) string {
	text, err := p.T(key, pairs...)
	if err != nil {
		panic(err)
	}
	return text
}

// Rich is T with the glossary's terms linked: [[addOn|加码]], each on first use.
func (p *Page) Rich(key string, pairs ...any) (template.HTML, error) {
	text, err := p.s.book.Say(p.Lang, key, pairs...)
	if err != nil {
		return "", err
	}
	return p.linkTerms(text), nil
}

// clause is a piece of a Chinese sentence, up to its mark.
var clause = regexp.MustCompile(`[^，：；。]+[，：；。]?`)

// chinese is a Chinese name or title in a sentence of another language.
var chinese = regexp.MustCompile(`\p{Han}+[，：；。、:,.]?`)

// Phrases lets a headline break at the marks of its Chinese rather than inside a
// word of it.
func (p *Page) Phrases(s string) template.HTML {
	pieces := clause
	if p.Lang != "zh-CN" {
		pieces = chinese
	}
	return template.HTML(pieces.ReplaceAllString(template.HTMLEscapeString(s), `<span class="phrase">$0</span>`))
}

// Enum says one of a closed set of words, such as the levels.
func (p *Page) Enum(set string, value any) (string, error) {
	word := fmt.Sprint(value)
	if !known(set, word) {
		return "", fmt.Errorf("%s has no %q", set, word)
	}
	return p.T(set + "." + word)
}

func (p *Page) enum(set, value string) string {
	text, err := p.Enum(set, value)
	if err != nil {
		panic(err)
	}
	return text
}

// To is the address of a page by its segments, in the language chosen.
func (p *Page) To(segments ...any) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(fmt.Sprint(s)))
	}
	if b.Len() == 0 {
		b.WriteByte('/')
	}
	return p.keepLang(b.String(), url.Values{})
}

func (p *Page) keepLang(path string, q url.Values) string {
	if p.explicit {
		q.Set("lang", p.Lang)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// With is an address of this portal with parameters set (or, where empty, removed).
func (p *Page) With(address string, pairs ...any) (string, error) {
	u, err := url.Parse(address)
	if err != nil || len(pairs)%2 != 0 {
		return "", fmt.Errorf("address %q with %v", address, pairs)
	}
	q := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		q.Del(fmt.Sprint(pairs[i]))
		if v := fmt.Sprint(pairs[i+1]); v != "" {
			q.Set(fmt.Sprint(pairs[i]), v)
		}
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Here is this page's own address, parameters included.
func (p *Page) Here() string { return "/" + strings.TrimLeft(p.r.URL.RequestURI(), "/") }

// Sheet is the address of this page's list, or of one of its tables, as CSV.
func (p *Page) Sheet(table string) (string, error) {
	pairs := []any{"format", "csv", "table", table, "after", ""}
	for _, cursor := range unitLists {
		pairs = append(pairs, cursor, "")
	}
	return p.With(p.Here(), pairs...)
}

// Explicit is the language the address names, "" where it names none.
func (p *Page) Explicit() string {
	if p.explicit {
		return p.Lang
	}
	return ""
}

// Alternates lists this page in every language.
func (p *Page) Alternates() ([]Alternate, error) {
	var out []Alternate
	for _, lang := range words.Languages {
		href, err := p.With(p.Here(), "lang", lang)
		if err != nil {
			return nil, err
		}
		name := map[string]string{"zh-CN": "中文", "en": "English"}[lang]
		out = append(out, Alternate{lang, name, href, lang == p.Lang})
	}
	return out, nil
}

// At reports whether the page lies under a section of the header.
func (p *Page) At(section string) bool {
	path := p.r.URL.Path
	return path == section || strings.HasPrefix(path, section+"/")
}

// Staff are the pages of the reader's own work, none for the public.
func (p *Page) Staff() (out []struct{ Section, Href, Text string }) {
	add := func(section, text string, roles ...ledger.Role) {
		if p.Actor.Is(roles...) {
			out = append(out, struct{ Section, Href, Text string }{section, p.keepLang(section, url.Values{}), text})
		}
	}
	add("/bench", p.say("nav.bench"), ledger.Reviewer, ledger.Investigator)
	add("/answers", p.say("nav.answers"), ledger.Clerk)
	add("/outcomes/new", p.say("nav.newOutcome"), ledger.Investigator, ledger.Clerk)
	add("/complaints", p.say("nav.complaints"), ledger.Investigator, ledger.Reviewer, ledger.Clerk)
	add("/cases", p.say("nav.cases"), ledger.Investigator, ledger.Reviewer)
	add("/recipients", p.say("nav.recipients"), ledger.Admin)
	add("/issuer-keys", p.say("nav.issuerKeys"), ledger.Admin)
	return out
}

// Record marks a word of the record as Chinese where the page is not.
func (p *Page) Record() template.HTMLAttr {
	if p.Lang == "zh-CN" {
		return ""
	}
	return `lang="zh-CN"`
}

// Roles says what the signed-in account may do.
func (p *Page) Roles() (string, error) {
	var out []string
	for _, role := range p.Actor.Roles {
		text, err := p.Enum("role", role)
		if err != nil {
			return "", err
		}
		out = append(out, text)
	}
	return strings.Join(out, p.say("list.comma")), nil
}

// Static names the style sheet, the script and the icon.
func (p *Page) Static() assets { return p.s.static }

// Demo reports whether this is a demonstration.
func (p *Page) Demo() bool { return p.s.options.Demo }

// turn leads through a list that is shown part by part.
type turn struct{ First, Next string }

// Turn is where a list goes on; name is the parameter that holds its cursor,
// place the heading it stands under.
func (p *Page) Turn(name, next, place string) (Part, error) {
	var t turn
	var err error
	if p.r.URL.Query().Get(name) != "" {
		if t.First, err = p.With(p.Here(), name, ""); err != nil {
			return Part{}, err
		}
		t.First += "#" + place
	}
	if next != "" {
		if t.Next, err = p.With(p.Here(), name, next); err != nil {
			return Part{}, err
		}
		t.Next += "#" + place
	}
	return p.On(t), nil
}

// On pairs a page with one thing, for the parts that templates share.
func (p *Page) On(it any) Part { return Part{p, it} }

// Part is what a shared template is given.
type Part struct {
	*Page
	It any
}
