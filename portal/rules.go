package portal

import (
	"unicode/utf8"

	"suyuan/services/ledger"
)

// ruleGroup is the rules of one kind.
type ruleGroup struct {
	Kind  string
	Rules []ruleRef
}

type rulesPage struct {
	*Page
	Groups     []ruleGroup
	Unverified int // how many were not read
}

// rules lists every rule a finding may cite, with what was not verified of it.
func (s *site) rules(p *Page) (reply, error) {
	got, err := ask[struct{ Rules []ruleRef }](p.r.Context(), s, "rules", nil)
	if err != nil {
		return reply{}, err
	}
	p.Title = p.say("rules.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	if p.wantsSheet("") {
		t := &sheet{name: "rules", head: p.heads("col.id", "col.kind", "col.source", "col.article", "col.says", "col.checked", "col.unverified")}
		for _, r := range got.Rules {
			t.rows = append(t.rows, []string{r.ID, p.enum("ruleKind", r.Kind), p.Text(r.Source), p.Text(r.Article), p.Text(r.Text), p.yes(r.Verified), p.Text(r.unread())})
		}
		return reply{sheet: t}, nil
	}
	view := rulesPage{Page: p}
	for _, kind := range enums["ruleKind"] {
		g := ruleGroup{Kind: kind}
		for _, r := range got.Rules {
			if r.Kind == kind {
				g.Rules = append(g.Rules, r)
				if !r.Verified {
					view.Unverified++
				}
			}
		}
		if g.Rules != nil {
			view.Groups = append(view.Groups, g)
		}
	}
	return reply{page: "rules", data: view}, nil
}

func (r ruleRef) unread() (t ledger.Text) {
	if r.Unverified != nil {
		t = *r.Unverified
	}
	return t
}

// mostOfRule is how much of what a rule says stands in a list to choose from.
const mostOfRule = 60

// ruleChoices are the rules that can be cited, as a list to choose from, each
// with the beginning of what it says: several stand in one article. This
// product's own divide responsibility; nobody takes a measure by them.
func (s *site) ruleChoices(p *Page, own bool) ([]choice, error) {
	got, err := ask[struct{ Rules []ruleRef }](p.r.Context(), s, "rules", nil)
	if err != nil {
		return nil, err
	}
	var out []choice
	for _, r := range got.Rules {
		if r.Kind == "PRODUCT" && !own {
			continue
		}
		name := p.Text(r.Source)
		if article := p.Text(r.Article); article != "" {
			name += " " + article
		}
		out = append(out, choice{Value: r.ID, Text: p.say("rules.choice", "rule", name, "says", beginning(p.Text(r.Text), mostOfRule))})
	}
	return out, nil
}

// beginning is the first characters of a text; where that is not all of it, it
// says so.
func beginning(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
