package portal

import "suyuan/services/ledger"

type recipientRow struct {
	ID, Key, Day string
	Unit         *unitRef
	Retired      bool
	Event        eventRef
}

type recipientsPage struct {
	*Page
	List   connection[recipientRow]
	Active int // on this page
	Acts   acts
}

// recipients shows whose keys reports are sealed to: anybody may look, the
// administrator registers and retires them.
func (s *site) recipients(p *Page) (reply, error) {
	view, err := s.recipientsView(p)
	return reply{page: "recipients", data: view}, err
}

func (s *site) recipientsDo(p *Page) (reply, error) {
	if err := p.needs(ledger.Admin); err != nil {
		return reply{}, err
	}
	view, err := s.recipientsView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	given := map[string]any{}
	if f.Get("do") == "register" {
		given["purpose"] = "investigator"
	}
	got, err := p.do(&view.Acts, f, given, seals{})
	if err != nil {
		return shown("recipients", view, err)
	}
	return got, nil
}

func (s *site) recipientsView(p *Page) (*recipientsPage, error) {
	after, err := p.text("after", mostCursor)
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ Recipients connection[recipientRow] }](p.r.Context(), s, "recipients", map[string]any{"first": perAsk, "after": orNull(after)})
	if err != nil {
		return nil, err
	}
	view := &recipientsPage{Page: p, List: got.Recipients}
	retire := &field{Name: "id", Kind: choiceField}
	for _, r := range view.List.Nodes() {
		if !r.Retired {
			view.Active++
			retire.Choices = append(retire.Choices, choice{Value: r.ID, Text: r.ID})
		}
	}
	var all []act
	if p.Actor.Is(ledger.Admin) {
		all = []act{
			{Name: "register", Now: true, command: "recipient.register", Fields: []*field{
				{Name: "id", Kind: lineField, Max: 64, Hint: p.say("form.recipientID")},
				{Name: "account", Kind: lineField, Max: 100, Optional: true, Hint: p.say("form.recipientAccount")},
				{Name: "unit", Kind: lineField, Max: 40, Optional: true, Hint: p.say("form.recipientUnit")},
				{Name: "recipient", Kind: lineField, Max: 80, Hint: p.say("form.recipient")},
			}},
			{Name: "retire", Now: view.Active > 0, command: "recipient.retire", Fields: []*field{retire, {Name: "reason", Kind: areaField, Max: 300}}},
		}
	}
	p.Title = p.say("recipients.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	view.Acts, err = p.begin(all)
	return view, err
}
