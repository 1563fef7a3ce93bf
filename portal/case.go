package portal

import (
	"context"
	"slices"
	"strings"

	"suyuan/services/ledger"
)

type caseData struct {
	ID, Title, Opened, From string
	Mandate                 *mandateRef
	About                   []unitRef
	Complaints              []complaintRow
	Documents               []documentRef
	Issuances               []issuanceRef
	Accounts, HiddenFrom    []string
	Notes                   []caseNote
	Requests                []caseRequest
	Closed                  bool
	Came, Text              string
	Steps                   []complaintStep
}

type caseNote struct {
	Day, Blob string
	Text      string // read from the vault
	Lost      bool   // it cannot be read any more
}

type caseRequest struct {
	Day, What, By string
	Units         []unitRef
}

type casePage struct {
	*Page
	Case     caseData
	Acts     acts
	Today    string
	Siblings string // the units below one, to be asked for records
}

// mostNotes is how many notes a page reads, the latest.
const mostNotes = 100

func (s *site) caseFile(p *Page) (reply, error) {
	view, err := s.caseView(p)
	if err != nil {
		return reply{}, err
	}
	return reply{page: "case", data: view}, nil
}

func (s *site) caseDo(p *Page) (reply, error) {
	view, err := s.caseView(p)
	if err != nil {
		return reply{}, err
	}
	f, err := p.posted()
	if err != nil {
		return reply{}, err
	}
	d, err := s.desk()
	if err != nil {
		return reply{}, err
	}
	got, err := p.do(&view.Acts, f, map[string]any{"id": view.Case.ID}, seals{note: func(ctx context.Context, text string) (Sealed, error) {
		return d.Note(ctx, p.Actor, view.Case.ID, f.key, text)
	}})
	if err != nil {
		return shown("case", view, err)
	}
	return got, nil
}

func (s *site) caseView(p *Page) (*casePage, error) {
	if err := p.needs(ledger.Investigator, ledger.Reviewer); err != nil {
		return nil, err
	}
	id, err := p.id("id")
	if err != nil {
		return nil, err
	}
	got, err := ask[struct{ Case *caseData }](p.r.Context(), s, "case", map[string]any{"id": id})
	if err == nil && got.Case == nil {
		err = missing(noCase)
	}
	if err != nil {
		return nil, err
	}
	view := &casePage{Page: p, Case: *got.Case, Today: p.today()}
	if err := s.readNotes(p, &view.Case); err != nil {
		return nil, err
	}
	if view.Siblings, err = s.siblings(p); err != nil {
		return nil, err
	}
	p.Title = view.Case.Title
	p.Crumbs = []Crumb{{p.say("cases.title"), p.To("cases")}, {Text: p.Title}}
	view.Acts, err = p.begin(view.all())
	return view, err
}

// readNotes reads the latest notes.
func (s *site) readNotes(p *Page, c *caseData) error {
	if s.options.Desk == nil {
		return nil
	}
	c.Notes = c.Notes[max(0, len(c.Notes)-mostNotes):]
	for i := range c.Notes {
		n := &c.Notes[i]
		text, err := s.options.Desk.Read(p.r.Context(), p.Actor, c.ID, n.Blob)
		if ledger.IsCode(err, ledger.NotFound) {
			n.Lost = true
		} else if err != nil {
			return err
		}
		n.Text = text
	}
	return nil
}

// siblings are the codes of the units of one level right below the one that
// the address names.
func (s *site) siblings(p *Page) (string, error) {
	under, err := p.text("under", mostID)
	if err != nil || under == "" {
		return "", err
	}
	got, err := ask[struct {
		Unit *struct{ Children connection[unitRef] }
	}](p.r.Context(), s, "case_siblings", map[string]any{"code": under})
	if err != nil || got.Unit == nil {
		return "", err
	}
	var codes []string
	for _, u := range got.Unit.Children.Nodes() {
		if u.Kind == "GOVERNMENT" || u.Kind == "VILLAGE" {
			codes = append(codes, u.Code)
		}
	}
	return strings.Join(codes, "\n"), nil
}

func (v *casePage) all() []act {
	c, open := &v.Case, !v.Case.Closed
	on := func(name string, now bool, fields ...*field) act {
		return act{Name: name, Now: open && now, Fields: fields, command: "case." + name}
	}
	reason := func() *field { return &field{Name: "reason", Kind: areaField, Max: 300} }
	all := []act{on("note", true, &field{Name: "note", Kind: noteField, Max: 2000, Hint: v.say("form.note")})}
	if v.Actor.Is(ledger.Investigator) {
		how := &field{Name: "how", Kind: choiceField}
		for _, w := range []string{"documented", "unfounded", "referred", "joined"} {
			how.Choices = append(how.Choices, choice{Value: w, Text: v.enum("word", w)})
		}
		ask := on("request_records", true,
			&field{Name: "units", Kind: listField, Value: v.Siblings, Hint: v.say("form.siblings")},
			&field{Name: "what", Kind: areaField, Max: 300}, &field{Name: "by", Kind: dateField, Optional: true})
		ask.Open = open && v.Siblings != ""
		all = append(all,
			on("link", true,
				&field{Name: "complaints", Kind: listField, Optional: true, Hint: v.say("form.complaints")},
				&field{Name: "documents", Kind: listField, Optional: true, Hint: v.say("form.documents")},
				&field{Name: "issuances", Kind: listField, Optional: true, Hint: v.say("form.issuances")}),
			ask,
			on("assign", true, &field{Name: "account", Kind: lineField, Max: 100}, &field{Name: "unit", Kind: lineField, Max: 40, Optional: true, Hint: v.say("form.unitCode")}),
			on("unassign", len(c.Accounts) > 1, &field{Name: "account", Kind: lineField, Max: 100}),
		)
		close := act{Name: "close_case", Now: open, command: "case.close", Fields: []*field{how, {Name: "text", Kind: areaField, Max: 300}}}
		all = append(all, close)
	}
	recuse := on("recuse", true,
		&field{Name: "account", Kind: lineField, Max: 100, Optional: true, Hint: v.say("form.oneOfTwo")},
		&field{Name: "unit", Kind: lineField, Max: 40, Optional: true, Hint: v.say("form.unitCode")}, reason())
	recuse.done = v.To("cases")
	all = append(all, recuse)
	for i := range all {
		if all[i].Name == "unassign" {
			all[i].done = v.To("cases")
		}
	}
	return slices.Clip(all)
}
