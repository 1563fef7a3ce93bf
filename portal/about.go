package portal

type aboutPage struct {
	*Page
	Ledger ledgerState
}

func (s *site) about(p *Page) (reply, error) {
	got, err := ask[struct{ Ledger ledgerState }](p.r.Context(), s, "about", nil)
	if err != nil {
		return reply{}, err
	}
	p.Title = p.say("about.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	return reply{page: "about", data: aboutPage{p, got.Ledger}}, nil
}
