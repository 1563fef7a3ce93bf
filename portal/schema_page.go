package portal

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"suyuan/services/graph"
)

// The schema's own descriptions are English; these say the same in Chinese, by
// type and field.
//
//go:embed schema_words.json
var schemaWords []byte

// publicSchema is what can be asked, ready to be shown.
type publicSchema struct {
	graph.Published
	zh, en    map[string]string // descriptions by place: Unit, Unit.line
	documents []knownDocument
}

// knownDocument is one of the portal's own documents, which can be asked for
// by its id.
type knownDocument struct{ Name, ID string }

// openSchema refuses where a description stands in one language only.
func openSchema(documents map[string]string) (s publicSchema, err error) {
	if s.Published, err = graph.Publish(); err != nil {
		return s, err
	}
	if err = json.Unmarshal(schemaWords, &s.zh); err != nil {
		return s, fmt.Errorf("schema words: %w", err)
	}
	s.en = described(s.Types)
	for place := range s.en {
		if s.zh[place] == "" {
			return s, fmt.Errorf("schema words: nothing in Chinese for %s", place)
		}
	}
	if len(s.en) != len(s.zh) {
		return s, fmt.Errorf("schema words: %d descriptions in Chinese, %d in the schema", len(s.zh), len(s.en))
	}
	for name, text := range documents {
		sum := sha256.Sum256([]byte(text))
		s.documents = append(s.documents, knownDocument{name, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(s.documents, func(a, b knownDocument) int { return cmp.Compare(a.Name, b.Name) })
	return s, nil
}

// described is the schema's own descriptions, by place.
func described(types []graph.PublishedType) map[string]string {
	all := map[string]string{}
	for _, t := range types {
		if t.Description != "" {
			all[t.Name] = t.Description
		}
		for _, f := range t.Fields {
			if f.Description != "" {
				all[t.Name+"."+f.Name] = f.Description
			}
		}
	}
	return all
}

type schemaPage struct {
	*Page
	Kinds     []schemaKind
	Documents []knownDocument
	Limits    []schemaLimit
	Example   string // a question, as it goes into the address
	Host      string
	Circles   []string
}

// schemaKind is the types of one kind.
type schemaKind struct {
	Kind  string
	Types []graph.PublishedType
}

// schemaLimit is how much one query may hold.
type schemaLimit struct {
	Name          string
	Public, Staff int
}

// example is a question that any ledger can answer.
const example = `{ mandates(first: 3) { edges { node { id title origin { name } } } } }`

func (s *site) schemaPage(p *Page) (reply, error) {
	p.Title = p.say("schema.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	page := schemaPage{Page: p, Documents: s.schema.documents, Limits: s.schema.limits(), Host: p.host(),
		Example: "/graphql?" + url.Values{"query": {example}}.Encode(), Circles: circles}
	for _, t := range s.schema.Types {
		if n := len(page.Kinds); n == 0 || page.Kinds[n-1].Kind != t.Kind {
			page.Kinds = append(page.Kinds, schemaKind{Kind: t.Kind})
		}
		last := &page.Kinds[len(page.Kinds)-1]
		last.Types = append(last.Types, t)
	}
	return reply{page: "schema", data: page}, nil
}

func (s publicSchema) limits() []schemaLimit {
	a, b := s.Public, s.Staff
	return []schemaLimit{
		{"length", a.Length, b.Length}, {"tokens", a.Tokens, b.Tokens}, {"depth", a.Depth, b.Depth}, {"aliases", a.Aliases, b.Aliases},
		{"fragments", a.Fragments, b.Fragments}, {"directives", a.Directives, b.Directives}, {"text", a.Text, b.Text},
		{"selections", a.Selections, b.Selections}, {"values", a.Values, b.Values}, {"resolved", a.Resolved, b.Resolved},
		{"work", a.Work, b.Work},
	}
}

// Question is the example as it is sent.
func (schemaPage) Question() string { return example }

// Says describes a place of the schema, "" where it needs no words.
func (p schemaPage) Says(place ...string) string {
	name := strings.Join(place, ".")
	if p.Lang == "zh-CN" {
		return p.s.schema.zh[name]
	}
	return p.s.schema.en[name]
}

// Ref writes a type, its name as a link to where it stands on the page.
func (p schemaPage) Ref(r graph.PublishedRef) template.HTML {
	name := template.HTMLEscapeString(r.Name)
	if slices.ContainsFunc(p.s.schema.Types, func(t graph.PublishedType) bool { return t.Name == r.Name }) {
		name = `<a href="#` + name + `">` + name + `</a>`
	}
	return template.HTML(template.HTMLEscapeString(r.Before) + name + template.HTMLEscapeString(r.After))
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]{1,200}$`)

// host is this portal as a program would address it: under the name it was
// told, else under the one it was asked for. What a header says of TLS counts
// only where a proxy is known to have set it.
func (p *Page) host() string {
	if p.s.options.Public != "" {
		return p.s.options.Public
	}
	host := p.r.Host
	if !plainHost.MatchString(host) {
		host = "localhost:8080"
	}
	if p.r.TLS != nil || p.s.options.Proxied && p.r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + host
	}
	return "http://" + host
}

// schemaText is the schema as programs read it.
func (s *site) schemaText(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="suyuan.graphql"`)
	w.Header().Set("Cache-Control", "no-cache")
	sum := sha256.Sum256([]byte(s.schema.Text))
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(s.schema.Text))
}
