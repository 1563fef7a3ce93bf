package report

import (
	"bytes"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"suyuan/portal/words"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

//go:embed pages/*.html words/*.json
var embedded embed.FS

// pages is every page as one set of templates.
type pages struct{ all *template.Template }

var saysKey = regexp.MustCompile(`\.T "([\w.]+)"`)

func openWords() (*words.Book, error) {
	files, err := fs.Sub(embedded, "words")
	if err != nil {
		return nil, err
	}
	return words.Read(files)
}

func parsePages(book *words.Book) (pages, error) {
	files, err := fs.Glob(embedded, "pages/*.html")
	if err != nil {
		return pages{}, err
	}
	for _, file := range files {
		text, err := embedded.ReadFile(file)
		if err != nil {
			return pages{}, err
		}
		for _, m := range saysKey.FindAllStringSubmatch(string(text), -1) {
			if !book.Has(m[1]) {
				return pages{}, fmt.Errorf("%s: no words for %q", file, m[1])
			}
		}
	}
	t, err := template.New("layout.html").Option("missingkey=error").ParseFS(embedded, files...)
	return pages{t}, err
}

// Page is one page as its template is given it.
type Page struct {
	t *Site
	c Choices

	At     string // 1, 2, 3, sent, exit, open, box, error
	Lang   string
	Values answers
	Faults []fault
	Notice string
	Script bool // the page carries what scripts need to go on without asking

	Blank  bool // it is kept for the scripts to fill: everything there could be is in it
	Review []row
	Reads  []string // who can read the narrative, by name of their units
	Box    *boxView
	Status int
}

// row is one line of what will be sent.
type row struct{ Name, Key, Value string }

func (t *Site) page(at, lang string, values answers, c Choices) *Page {
	return &Page{t: t, c: c, At: at, Lang: lang, Values: values, Status: http.StatusOK}
}

// T says the words of a key; pairs fill its places.
func (p *Page) T(key string, pairs ...any) (string, error) {
	return p.t.book.Say(p.Lang, key, pairs...)
}

// say is T for code, where a wrong key is a fault of ours.
func (p *Page) say(key string, pairs ...any) string {
	text, err := p.T(key, pairs...)
	if err != nil {
		panic(err)
	}
	return text
}

// Other is the language that the page is not in.
func (p *Page) Other() string {
	if p.Lang == words.Languages[0] {
		return words.Languages[1]
	}
	return words.Languages[0]
}

// Value is what a field holds.
func (p *Page) Value(name string) string { return p.Values.get(name) }

// Is reports whether a field holds a value.
func (p *Page) Is(name, value string) bool { return slices.Contains(p.Values[name], value) }

// Fault is what is wrong with a field, "" where nothing is.
func (p *Page) Fault(name string) string {
	for _, f := range p.Faults {
		if f.Field == name {
			return f.Text
		}
	}
	return ""
}

// carried is a field that travels along unseen.
type carried struct{ Name, Value string }

// Carried are the answers that this page does not ask for.
func (p *Page) Carried() []carried {
	var out []carried
	for _, f := range fields {
		if f.step == p.At && f.name != "letter" || p.Blank || !p.carries(f.name) {
			continue
		}
		for _, v := range p.Values[f.name] {
			out = append(out, carried{f.name, v})
		}
	}
	return out
}

// carries reports whether what another page asks for travels through this one.
func (p *Page) carries(name string) bool {
	switch p.At {
	case "box":
		return name == "receipt" || name == "letter"
	case "sent":
		return name == "receipt"
	case "open":
		return name != "receipt" && fieldOf(name).step <= "3"
	}
	return fieldOf(name).step <= "3"
}

// Word is what the claim's vocabulary says of one of its words, Hint when to
// choose it.
func (p *Page) Word(of, code string) (string, error) {
	w, err := word(of, code)
	return w.Label.In(p.Lang), err
}

// Hint says when to choose a word.
func (p *Page) Hint(of, code string) (string, error) {
	w, err := word(of, code)
	return w.Hint.In(p.Lang), err
}

func word(of, code string) (claim.Word, error) {
	for _, choice := range claim.Words {
		if choice.Field != of {
			continue
		}
		for _, w := range choice.Words {
			if w.Code == code {
				return w, nil
			}
		}
	}
	return claim.Word{}, fmt.Errorf("no word %q of %s", code, of)
}

// On is what is wrong with a field, for the part that shows it.
func (p *Page) On(name string) struct{ Text string } { return struct{ Text string }{p.Fault(name)} }

// Id is a field's id in the page. A page kept for scripts has two fields of one
// name, of which one is taken out.
func (p *Page) Id(name string) string {
	if p.Blank {
		return name + "-other"
	}
	return name
}

// Until says the last day on which something may be done.
func (p *Page) Until(act string) string {
	if m := p.Box.Act(act); m != nil && m.Until != "" {
		return p.say("box.until", "day", m.Until)
	}
	return ""
}

// Default is the button that the Enter key presses.
func (p *Page) Default() string {
	return map[string]string{"1": "2", "2": "3", "3": "send", "sent": "kept", "open": "look", "box": "look"}[p.At]
}

// Steps are the pages that scripts show one after the other.
func (p *Page) Steps() (out []*Page) {
	for _, at := range []string{"1", "2", "3", "sent", "open", "box", "exit"} {
		out = append(out, p.For(at))
	}
	return out
}

// Levels, Dimensions, Forms, Motives, Minutes and Often are what can be tapped.
func (p *Page) Levels() []string     { return claim.Levels }
func (p *Page) Forms() []string      { return claim.Forms }
func (p *Page) Motives() []string    { return claim.Motives }
func (p *Page) Minutes() []string    { return minutes }
func (p *Page) Often() []string      { return often }
func (p *Page) Dimensions() []string { return dimensions() }

var (
	minutes = []string{"30", "60", "120", "240", "480", "960", "2400"}
	often   = []string{"3/1", "2/1", "1/1", "3/7", "2/7", "1/7", "2/30", "1/30", "1/90", "1/365"}
)

func dimensions() (out []string) {
	for _, d := range mandate.Dimensions {
		out = append(out, string(d))
	}
	return out
}

// Times says a frequency such as 1/7.
func (p *Page) Times(f string) (string, error) {
	times, days, _ := strings.Cut(f, "/")
	if days == "1" {
		return p.t.terms.Say(p.Lang, "rate.daily", "times", times)
	}
	return p.t.terms.Say(p.Lang, "rate.days", "days", days, "times", times)
}

// Spent says how long a number of minutes is.
func (p *Page) Spent(minutes string) (string, error) { return p.T("spent.m" + minutes) }

// Frequent reports whether the figures are frequencies.
func (p *Page) Frequent() bool { return p.Value("dimension") == frequency }

// Tasks, Units and Places are what the searches of the first step find.
func (p *Page) Tasks() found[Mandate] { return p.c.mandates(p.Value("taskq"), p.Value("task")) }
func (p *Page) Units() found[Unit] {
	code, _ := p.Values.issuer()
	return p.c.units(p.Value("whoq"), code, false, anyUnit)
}
func (p *Page) Places() found[Unit] {
	return p.c.units(p.Value("placeq"), p.Value("place"), true, place)
}

// Measures are those of the task that the figures may be about.
func (p *Page) Measures() []Measure { return p.c.measures(p.Value("task"), p.Value("dimension")) }

// Offer is what a report is sealed with.
func (p *Page) Offer() (offer, error) {
	o := p.t.service.Offer()
	return offer{Open: o.Open, Cut: p.Day(o.Cut)}, nil
}

type offer struct {
	Open bool
	Cut  string
}

// Day says a date.
func (p *Page) Day(d ledger.Date) string {
	parts := strings.Split(string(d), "-")
	if len(parts) != 3 {
		return ""
	}
	year, month, of := parts[0], strings.TrimPrefix(parts[1], "0"), strings.TrimPrefix(parts[2], "0")
	if p.Lang != "en" {
		return year + "年" + month + "月" + of + "日"
	}
	months := strings.Fields("January February March April May June July August September October November December")
	for i, name := range months {
		if fmt.Sprint(i+1) == month {
			return of + " " + name + " " + year
		}
	}
	return string(d)
}

// Style, Icon and Bundle name what the page loads; Sum is the bundle's.
func (p *Page) Style() string  { return p.t.style.Path() }
func (p *Page) Icon() string   { return p.t.icon.Path() }
func (p *Page) Bundle() string { return p.t.script.Path() }
func (p *Page) Sum() string    { return hex.EncodeToString(p.t.script.Sum[:]) }
func (p *Page) Source() string { return addressed(p.t.options.Source) }
func (p *Page) Portal() string { return addressed(p.t.options.Portal) }

// For is the page of another step, empty, for the scripts to fill.
func (p *Page) For(at string) *Page {
	q := p.t.page(at, p.Lang, answers{}, Choices{})
	q.Blank = true
	if at == "box" {
		q.Box = &boxView{}
	}
	return q
}

// Data is what the scripts go on with; the template writes it as JSON.
func (p *Page) Data() (map[string]any, error) {
	said := map[string]string{}
	for _, key := range p.t.book.Keys() {
		if group, _, _ := strings.Cut(key, "."); slices.Contains(spoken, group) {
			text, err := p.t.book.Raw(p.Lang, key)
			if err != nil {
				return nil, err
			}
			said[key] = text
		}
	}
	return map[string]any{
		"lang": p.Lang, "words": said, "offer": p.t.service.Offer(), "mandates": p.c.Mandates, "units": p.c.Units, "found": mostFound,
	}, nil
}

// spoken are the groups of words that scripts say.
var spoken = []string{"js", "fault", "review", "box", "state", "step", "change", "act", "word"}

// render fills a page into memory, so that a fault half-way sends nothing.
func (p *Page) render() ([]byte, error) {
	var b bytes.Buffer
	if err := p.t.pages.all.ExecuteTemplate(&b, "layout.html", p); err != nil {
		return nil, fmt.Errorf("page %s: %w", p.At, err)
	}
	return b.Bytes(), nil
}

// pageSize is what every page is filled up to, or to the next multiple of it:
// only the first page, the same for everybody, may be longer than one.
const pageSize = 64 << 10

const begin, end = "\n<!--", "-->\n"

// padded fills a page up behind its end.
func padded(body []byte) []byte {
	size := (len(body) + len(begin) + len(end) + pageSize - 1) / pageSize * pageSize
	out := make([]byte, 0, size)
	out = append(append(out, body...), begin...)
	for len(out) < size-len(end) {
		out = append(out, ' ')
	}
	return append(out, end...)
}

// answer sends a page.
func (p *Page) answer(w http.ResponseWriter, r *http.Request) {
	body, err := p.render()
	for err == nil && len(body) > pageSize-len(begin)-len(end) && p.Box != nil && p.Box.shorten() {
		body, err = p.render()
	}
	if err != nil {
		panic(err)
	}
	send(w, r, p.Status, "text/html; charset=utf-8", padded(body))
}

// fail is the page of an error that has no form to go back to.
func (t *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := ledger.AsError(err)
	p := t.page("error", words.Preferred(r.Header.Get("Accept-Language")), answers{}, Choices{})
	p.Notice = e.Text.In(p.Lang)
	p.Status = e.Code.Status()
	switch e.Rule {
	case errMethod.Rule:
		p.Status = http.StatusMethodNotAllowed
	case errBusy.Rule:
		p.Status = http.StatusTooManyRequests
	}
	body, broken := p.render()
	if broken != nil {
		body = []byte(p.Notice)
	}
	send(w, r, p.Status, "text/html; charset=utf-8", padded(body))
}
