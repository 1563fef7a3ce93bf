package portal

import "suyuan/services/ledger"

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
