package portal

import (
	"strings"

	"suyuan/services/desk"
	"suyuan/services/ledger"
)

type caseRow struct {
	ID, Title, Opened, From string
	Mandate                 *mandateRef
	About                   []unitRef
	Closed                  bool
	Came                    string
	Complaints              []struct{ ID string }
}

type casesPage struct {
	*Page
	List connection[caseRow]
	Acts acts
}

// cases lists those that the reader works on, and opens another.
func (s *site) cases(p *Page) (reply, error) {
	view, err := s.casesView(p)
	if err != nil {
		return reply{}, err
	}
	if p.wantsSheet("") {
		t := &sheet{name: "cases", head: p.heads("col.id", "col.case", "col.opened", "col.from", "col.mandate", "col.complaints", "col.state")}
		t.rows, t.next, err = gather("", func(after string) (connection[caseRow], error) { return s.casesPart(p, perAsk, after) }, func(c caseRow) []string {
			ids := make([]string, len(c.Complaints))
			for i, x := range c.Complaints {
				ids[i] = x.ID
			}
			row := []string{c.ID, c.Title, c.Opened, p.enum("caseFrom", c.From), "", strings.Join(ids, " "), p.caseState(c.Closed, c.Came)}
			if c.Mandate != nil {
				row[4] = c.Mandate.Title
			}
			return row
		})
		return reply{sheet: t}, err
	}
	return reply{page: "cases", data: view}, nil
}

func (s *site) casesPart(p *Page, first int, after string) (connection[caseRow], error) {
	got, err := ask[struct{ Cases connection[caseRow] }](p.r.Context(), s, "cases", map[string]any{"first": first, "after": orNull(after)})
	return got.Cases, err
}

func (s *site) casesView(p *Page) (*casesPage, error) {
	if err := p.needs(ledger.Investigator, ledger.Reviewer); err != nil {
		return nil, err
	}
	after, err := p.text("after", mostCursor)
	if err != nil {
		return nil, err
	}
	view := &casesPage{Page: p}
	if view.List, err = s.casesPart(p, 50, after); err != nil {
		return nil, err
	}
	var all []act
	if p.Actor.Is(ledger.Investigator) {
		open, err := p.openCase()
		if err != nil {
			return nil, err
		}
		all = append(all, open)
	}
	p.Title = p.say("cases.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	view.Acts, err = p.begin(all)
	return view, err
}

// openCase is the form of a new case, with what the address brings along: a
// complaint, or a mandate whose flags call for one.
func (p *Page) openCase() (act, error) {
	complaint, err := p.text("complaint", mostID)
	if err != nil {
		return act{}, err
	}
	mandate, err := p.text("mandate", mostID)
	if err != nil {
		return act{}, err
	}
	from := &field{Name: "from", Kind: choiceField}
	for _, word := range []string{"reports", "claims", "flags"} {
		from.Choices = append(from.Choices, choice{word, p.enum("word", word), word == "reports" && complaint != "" || word == "flags" && mandate != "" && complaint == ""})
	}
	return act{Name: "open", Now: true, Open: complaint != "" || mandate != "", command: "case.open", Fields: []*field{
		{Name: "title", Kind: areaField, Max: 120, Hint: p.say("form.caseTitle")}, from,
		{Name: "complaints", Kind: listField, Optional: true, Value: complaint, Hint: p.say("form.complaints")},
		{Name: "mandate", Kind: lineField, Max: mostID, Optional: true, Value: mandate, Hint: p.say("form.mandate")},
		{Name: "about", Kind: listField, Optional: true, Hint: p.say("form.about")},
	}}, nil
}

func (s *site) casesDo(p *Page) (reply, error) {
	view, err := s.casesView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	for i := range view.Acts.All {
		view.Acts.All[i].after = func(done desk.Receipt) string { return p.To("cases", strings.TrimPrefix(done.Stream, "case-")) }
	}
	got, err := p.do(&view.Acts, f, nil, seals{})
	if err != nil {
		return shown("cases", view, err)
	}
	return got, nil
}

// caseState says how far a case has come.
func (p *Page) caseState(closed bool, came string) string {
	if !closed {
		return p.say("case.open")
	}
	return p.enum("caseOutcome", came)
}

// CaseState is caseState for templates.
func (p *Page) CaseState(closed bool, came string) string { return p.caseState(closed, came) }

// Investigates reports whether the reader opens cases.
func (p *Page) Investigates() bool { return p.Actor.Is(ledger.Investigator) }
