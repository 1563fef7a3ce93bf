package portal

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"suyuan/portal/chart"
	"suyuan/services/figure"
)

// picture draws a trace; id keeps the pictures of one page apart.
func (p *Page) picture(t traceData, id string) template.HTML {
	f := p.find(t)
	if t.Measure.Set() {
		return p.setPicture(t, id, f)
	}
	w := chart.Waterfall{ID: id, Title: f.Claim, Broken: p.say("chart.broken")}
	if t.Reference != nil {
		r := t.Reference
		w.Reference = "yes"
		w.Bars = append(w.Bars, chart.Bar{
			Key: id + "-origin", Name: r.Unit.Name, Amount: p.size(t.Measure, figure.Parse(r.Value)), Delta: figure.Parse(r.Value).Rat(),
			Level: r.Unit.Level, Link: p.paper(r.Document, "", r.Unit.Name), Events: p.eventLink(r.Events),
		})
		p.entitle(&w.Bars[0])
	}
	for i, s := range t.Steps {
		w.Bars = append(w.Bars, p.bar(t, s, fmt.Sprintf("%s-%d", id, i)))
	}
	w.End = chart.Bar{
		Key: id + "-end", Name: t.Unit.Name, Amount: p.size(t.Measure, figure.Parse(t.Value)),
		Link: p.paper(t.Issuance.Document, t.Issuance.ID, t.Unit.Name), Events: p.eventLink(t.Issuance.Events),
	}
	p.entitle(&w.End)
	var parts []string
	for _, b := range append(slices.Clone(w.Bars), w.End) {
		parts = append(parts, b.Name+" "+p.noted(b))
	}
	w.Desc = f.From + p.say("list.stop") + strings.Join(parts, p.say("list.clause"))
	return w.HTML()
}

// bar is one step of a waterfall.
func (p *Page) bar(t traceData, s step, key string) chart.Bar {
	amount := figure.Parse(s.Amount)
	b := chart.Bar{
		Key: key, Name: s.Unit.Name, Level: s.Level, Outlined: s.Source == "REPORTED",
		Delta: amount.Rat(), Link: p.paper(s.Document, s.Issuance.ID, s.Unit.Name), Events: p.eventLink(s.Events),
	}
	switch {
	case s.Kind == "ORIGIN":
		b.Amount = p.size(t.Measure, amount)
		p.entitle(&b)
		return b
	case amount.Sign() == 0:
		b.Kind, b.Amount = chart.Unchanged, p.enum("step", "UNCHANGED")
	case amount.Sign() < 0:
		b.Kind, b.Amount = chart.Relief, amount.Signed()
	default:
		b.Kind, b.Amount = chart.Addition, amount.Signed()
	}
	if t.Reference != nil {
		b.Delta = towards(t.Measure, amount).Rat()
	}
	if t.Measure.Harder == "LOWER" && amount.Sign() != 0 {
		b.Amount = p.short(t.Measure, s.Amount)
	}
	if amount.Sign() != 0 && s.Ratio != "" {
		b.Note = p.say("chart.ratio", "ratio", figure.Parse(s.Ratio).Percent())
	}
	p.entitle(&b)
	return b
}

// entitle says in full what a bar's link is about.
func (p *Page) entitle(b *chart.Bar) {
	b.Link.Title = p.say("chart.step", "unit", b.Name, "amount", p.noted(*b), "document", b.Link.Title)
}

// noted is a bar's amount with its ratio, where it has one.
func (p *Page) noted(b chart.Bar) string {
	if b.Note == "" {
		return b.Amount
	}
	return p.say("chart.noted", "amount", b.Amount, "note", b.Note)
}

// short is a step's change for a picture.
func (p *Page) short(m measure, s string) string {
	text, err := p.change(m, s, figure.Figure.Signed, figure.Figure.Short)
	if err != nil {
		panic(err)
	}
	return text
}

// paper leads to the document, or to the issuance where there is none.
func (p *Page) paper(d *documentRef, issuance, unit string) chart.Link {
	switch {
	case d != nil:
		return chart.Link{Title: strings.TrimSpace(d.Number + " " + d.Title), Href: p.To("documents", d.ID)}
	case issuance != "":
		return chart.Link{Title: p.say("issuance.of", "unit", unit), Href: p.To("issuances", issuance)}
	}
	return chart.Link{}
}

// eventLink leads to the first event a figure rests on.
func (p *Page) eventLink(events []eventRef) chart.Link {
	if len(events) == 0 {
		return chart.Link{}
	}
	text := p.say("event.short", "ordinal", events[0].Ordinal)
	return chart.Link{Text: text, Title: text + " " + events[0].Type, Href: p.To("events", events[0].Ordinal)}
}

// setPicture shows who asked for which item first.
func (p *Page) setPicture(t traceData, id string, f wording) template.HTML {
	units := setUnits(t)
	s := chart.Set{ID: id, Title: f.Claim}
	for _, u := range units {
		s.Columns = append(s.Columns, chart.Column{Name: u.Name, Level: u.Level})
	}
	column := func(u unitRef) int { return slices.IndexFunc(units, func(v unitRef) bool { return v.Code == u.Code }) }
	var parts []string
	for i, item := range t.Items {
		it := chart.Item{Key: fmt.Sprintf("%s-%d", id, i), Name: item.Item, Events: p.eventLink(item.Events)}
		var names []string
		for _, u := range item.Units {
			it.From = append(it.From, column(u))
			names = append(names, u.Name)
		}
		var doc *documentRef
		if len(item.Documents) > 0 {
			doc = &item.Documents[0]
		}
		who := strings.Join(names, p.say("list.comma"))
		it.Link = p.paper(doc, t.Issuance.ID, who)
		it.Link.Title = p.say("chart.step", "unit", who, "amount", item.Item, "document", it.Link.Title)
		parts = append(parts, who+" "+item.Item)
		s.Items = append(s.Items, it)
	}
	for i, r := range t.Reliefs {
		it := chart.Item{
			Key: fmt.Sprintf("%s-r%d", id, i), Name: p.say("chart.dropped", "item", r.Item), From: []int{column(r.Unit)}, Dropped: true,
			Link: p.paper(r.Document, t.Issuance.ID, r.Unit.Name), Events: p.eventLink(r.Events),
		}
		it.Link.Title = p.say("chart.step", "unit", r.Unit.Name, "amount", it.Name, "document", it.Link.Title)
		parts = append(parts, r.Unit.Name+" "+it.Name)
		s.Items = append(s.Items, it)
	}
	s.Desc = strings.Join(parts, p.say("list.clause"))
	return s.HTML()
}

// setUnits are the units of a set's trace from the top to the receiver.
func setUnits(t traceData) []unitRef {
	var units []unitRef
	add := func(u unitRef) {
		if u.Code != t.Unit.Code && !slices.ContainsFunc(units, func(v unitRef) bool { return v.Code == u.Code }) {
			units = append(units, u)
		}
	}
	for _, i := range t.Items {
		for _, u := range i.Units {
			add(u)
		}
	}
	for _, r := range t.Reliefs {
		add(r.Unit)
	}
	for _, s := range t.Steps {
		add(s.Unit)
	}
	slices.SortStableFunc(units, func(a, b unitRef) int { return slices.Index(levels, a.Level) - slices.Index(levels, b.Level) })
	return append(units, t.Unit)
}
