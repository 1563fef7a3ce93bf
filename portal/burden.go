package portal

import (
	"cmp"
	"net/http"
)

// burdenPage is who added most, of what the filter leaves.
type burdenPage struct {
	*Page
	Filter  *burdenFilter
	List    *ranking // nil where the filter has to be put right first
	Finding string
	AsOf    string
}

// burdenShown is how many rows the page shows; the sheet holds perAsk.
const burdenShown = 50

func (s *site) burden(p *Page) (reply, error) {
	filter, err := p.readBurden()
	if err != nil {
		return reply{}, err
	}
	view := burdenPage{Page: p, Filter: filter}
	p.Title = p.say("burden.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	asSheet := p.wantsSheet("")
	if filter.ready() {
		first := burdenShown + 1
		if asSheet {
			first = perAsk
		}
		got, err := p.askBurden(filter.variables(), first)
		switch {
		case err != nil && !filter.refused(p, err):
			return reply{}, err
		case err == nil && asSheet:
			return reply{sheet: p.burdenSheet(got.BurdenByOrigin)}, nil
		case err == nil:
			list := rank(got.BurdenByOrigin, filter.Of != nil, burdenShown)
			view.List, view.AsOf = &list, got.Ledger.Ordinal
			view.Finding = p.burdenFinding(list)
			p.Title = cmp.Or(view.Finding, p.Title)
		}
	}
	out := reply{page: "burden", data: view}
	if view.List == nil && (asSheet || len(filter.Faults()) > 0) {
		out.status = http.StatusBadRequest
	}
	return out, nil
}

type burdenAnswer struct {
	BurdenByOrigin []burdenRow
	Ledger         struct{ Ordinal string }
}

func (p *Page) askBurden(variables map[string]any, first int) (burdenAnswer, error) {
	variables["first"] = first
	return ask[burdenAnswer](p.r.Context(), p.s, "burden", variables)
}

func (p *Page) burdenSheet(rows []burdenRow) *sheet {
	t := &sheet{name: "burden", head: p.heads("col.level", "col.unit", "col.code", "col.mandate", "col.measure", "col.id", "col.dimension",
		"col.step", "col.measureUnit", "col.times", "col.events")}
	for _, r := range rows {
		t.rows = append(t.rows, []string{p.enum("level", r.Unit.Level), r.Unit.Name, r.Unit.Code, r.Mandate.Title, r.Measure.Name, r.Measure.ID,
			p.enum("dimension", r.Measure.Dimension), r.Added, r.Measure.Unit, r.Times, ordinals(r.Events)})
	}
	return t
}

// Narrow is this page's address with the filter, as far as it was understood, and
// pairs changed (or, where empty, removed).
func (b burdenPage) Narrow(pairs ...any) (string, error) {
	var all []any
	for _, in := range b.Filter.inputs() {
		all = append(all, in.Name, cmp.Or(in.Value, in.Typed))
	}
	return b.With(b.To("burden"), append(all, pairs...)...)
}

// Dimensions are the choices of the form, in the schema's order.
func (b burdenPage) Dimensions() []string { return enums["dimension"] }

// Condition is a part of the filter in words, and the page without it.
type condition struct{ Text, Without string }

// Conditions puts the filter into words, a part at a time.
func (b burdenPage) Conditions() ([]condition, error) {
	f := b.Filter
	var out []condition
	for _, in := range f.inputs() {
		if in.Value == "" || in.Fault != "" {
			continue
		}
		text, err := b.condition(*in)
		if err != nil {
			return nil, err
		}
		href, err := b.Narrow(in.Name, "")
		if err != nil {
			return nil, err
		}
		out = append(out, condition{text, href})
	}
	return out, nil
}

func (b burdenPage) condition(in input) (string, error) {
	f := b.Filter
	switch {
	case in.Name == "within" && f.Unit != nil:
		return b.T("burden.isWithin", "unit", f.Unit.Name)
	case in.Name == "measure" && f.Of != nil:
		return b.T("burden.isMeasure", "measure", f.Of.Measure.Name, "mandate", f.Of.Mandate.Title)
	case in.Name == "dimension":
		word, err := b.Enum("dimension", in.Value)
		if err != nil {
			return "", err
		}
		return b.T("burden.isDimension", "dimension", word)
	}
	day, err := b.Day(in.Value)
	if err != nil {
		return "", err
	}
	if in.Name == "from" {
		return b.T("burden.isFrom", "day", day)
	}
	return b.T("burden.isTo", "day", day)
}
