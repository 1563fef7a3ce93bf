package portal

import "suyuan/services/ledger"

// findingPage is a finding as its reader may see it: the shares, why each unit
// carries its own, and what happened to it.
type findingPage struct {
	*Page
	Finding findingData
	Why     *division
	Acts    acts
	Today   string
}

var noFinding = ledger.Text{Zh: "没有这份认定，或尚未公开。", En: "There is no such finding, or it is not public yet."}

func (s *site) finding(p *Page) (reply, error) {
	view, err := s.findingView(p)
	if err != nil {
		return reply{}, err
	}
	return reply{page: "finding", data: view}, nil
}

// findingView is the page; whoever may not see the finding is told that there
// is none.
func (s *site) findingView(p *Page) (*findingPage, error) {
	id, err := p.id("id")
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ Finding *findingData }](p.r.Context(), s, "finding", map[string]any{"id": id})
	if err == nil && got.Finding == nil {
		err = missing(noFinding)
	}
	if err != nil {
		return nil, err
	}
	view := &findingPage{Page: p, Finding: *got.Finding, Today: p.today()}
	view.Acts, err = p.begin(view.all())
	return view, err
}
