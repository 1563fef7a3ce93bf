package portal

import "strings"

// mandateRow is a mandate as lists show it.
type mandateRow struct {
	mandateRef
	Origin   unitRef
	Document *documentRef
	Measures []measure
	Units    string
	Events   []eventRef
}

type mandatesPage struct {
	*Page
	List connection[mandateRow]
}

func (s *site) mandates(p *Page) (reply, error) {
	q, after, err := p.searched()
	if err != nil {
		return reply{}, err
	}
	p.Title = p.say("mandates.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	list := func(first int) func(string) (connection[mandateRow], error) {
		return func(after string) (connection[mandateRow], error) {
			got, err := ask[struct{ Mandates connection[mandateRow] }](p.r.Context(), s, "mandates",
				map[string]any{"search": orNull(q), "first": first, "after": orNull(after)})
			return got.Mandates, err
		}
	}
	if p.wantsSheet("") {
		t := &sheet{name: "mandates", head: p.heads("col.id", "col.mandate", "col.field", "col.origin", "col.code", "col.measures", "col.units", "col.document", "col.events")}
		t.rows, t.next, err = gather(after, list(perAsk), func(m mandateRow) []string {
			var names []string
			for _, x := range m.Measures {
				names = append(names, x.Name)
			}
			number := ""
			if m.Document != nil {
				number = m.Document.Number
			}
			return []string{m.ID, m.Title, m.Field, m.Origin.Name, m.Origin.Code, strings.Join(names, "；"), m.Units, number, ordinals(m.Events)}
		})
		return reply{sheet: t}, err
	}
	rows, err := list(25)(after)
	if err != nil {
		return reply{}, err
	}
	return reply{page: "mandates", data: mandatesPage{p, rows}}, nil
}

// searched reads what every list takes: words to search for and a place to go on from.
func (p *Page) searched() (q, after string, err error) {
	if q, err = p.text("q", mostSearch); err != nil {
		return "", "", err
	}
	p.Search = q
	after, err = p.text("after", mostCursor)
	return q, after, err
}
