package portal

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"

	"suyuan/services/ledger"
)

//go:embed glossary.json
var glossaryFile []byte

// term is one word of the field. The first code names it in links. Said is how
// pages about findings say it, by language: there its first use is linked.
type term struct {
	Codes []string            `json:"codes"`
	Zh    string              `json:"zh"`
	En    string              `json:"en"`
	Said  map[string][]string `json:"said,omitempty"`
	Means *ledger.Text        `json:"means,omitempty"`
}

// In is the term in a language.
func (t term) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

type glossary struct {
	terms []term
	index map[string]int
}

func openGlossary() (glossary, error) {
	g := glossary{index: map[string]int{}}
	if err := json.Unmarshal(glossaryFile, &g.terms); err != nil {
		return g, fmt.Errorf("glossary: %w", err)
	}
	for i, t := range g.terms {
		if len(t.Codes) == 0 || t.Zh == "" || t.En == "" || t.Said != nil && t.Means == nil {
			return g, fmt.Errorf("glossary: term %d is not complete", i)
		}
		for _, code := range t.Codes {
			if _, twice := g.index[code]; twice {
				return g, fmt.Errorf("glossary: %s stands twice", code)
			}
			g.index[code] = i
		}
	}
	return g, nil
}

func (g glossary) find(code string) *term {
	i, ok := g.index[code]
	if !ok {
		return nil
	}
	return &g.terms[i]
}

// marked is a term inside the portal's words: [[addOn|加码]].
var marked = regexp.MustCompile(`\[\[(\w+)\|([^\]|]+)\]\]`)

// linkTerms escapes words and links the terms marked in them.
func (p *Page) linkTerms(text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	return template.HTML(marked.ReplaceAllStringFunc(escaped, func(m string) string {
		part := marked.FindStringSubmatch(m)
		return string(p.termLink(part[1], part[2]))
	}))
}

// Term names a term of the field; its first use on a page leads to the glossary.
func (p *Page) Term(code string) (template.HTML, error) {
	t := p.s.terms.find(code)
	if t == nil {
		return "", fmt.Errorf("no term %q", code)
	}
	return p.termLink(code, template.HTMLEscapeString(t.In(p.Lang))), nil
}

// termLink takes text that is already escaped.
func (p *Page) termLink(code, text string) template.HTML {
	t := p.s.terms.find(code)
	if t == nil || p.seen[t.Codes[0]] {
		return template.HTML(text)
	}
	p.seen[t.Codes[0]] = true
	href := template.HTMLEscapeString(p.origin + p.To("glossary") + "#" + t.Codes[0])
	return template.HTML(`<a class="term" href="` + href + `">` + text + `</a>`)
}

type glossaryPage struct {
	*Page
	Terms []term
	Flags []string
}

func (s *site) glossary(p *Page) (reply, error) {
	p.Title = p.say("glossary.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	if p.wantsSheet("") {
		t := &sheet{name: "glossary", head: []string{"中文", "English", "code"}}
		for _, term := range s.terms.terms {
			t.rows = append(t.rows, []string{term.Zh, term.En, term.Codes[0]})
		}
		return reply{sheet: t}, nil
	}
	return reply{page: "glossary", data: glossaryPage{p, s.terms.terms, flags}}, nil
}
