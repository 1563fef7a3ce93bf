package portal

import "strings"

// unitRows fills a sheet from the tables that are not paged.
func (p *Page) unitRows(t *sheet, table string, u *unitData) {
	switch table {
	case "added":
		t.head = p.heads("col.mandate", "col.measure", "col.received", "col.passed", "col.retained", "col.step", "col.measureUnit", "col.ratio", "col.authorised", "col.events")
		for _, a := range u.Added {
			t.rows = append(t.rows, []string{a.Mandate.Title, a.Measure.Name, a.Received, a.PassedDown, a.Retained, a.Amount, a.Measure.Unit, a.Ratio, p.yes(a.Authorised), ordinals(a.Events)})
		}
	case "objections":
		t.head = p.heads("col.id", "col.unit", "col.mandate", "col.ground", "col.raised", "col.owedBy", "col.state", "col.decided", "col.document", "col.events")
		for _, o := range u.Objections {
			t.rows = append(t.rows, []string{o.ID, o.Unit.Name, o.Mandate.Title, p.enum("ground", o.Ground), o.Raised, o.OwedBy.Name, p.enum("objection", o.State), o.Decided, numberOf(o.Document), ordinals(o.Events)})
		}
	case "handoffs":
		t.head = p.heads("col.id", "col.duty", "col.from", "col.to", "col.authority", "col.people", "col.money", "col.state", "col.document", "col.events")
		for _, h := range u.Handoffs {
			t.rows = append(t.rows, []string{h.ID, h.Title, h.From.Name, h.To.Name, p.yes(h.Authority), h.People, h.Money, p.enum("handoff", h.State), numberOf(h.Document), ordinals(h.Events)})
		}
	case "duties":
		t.head = p.heads("col.id", "col.duty", "col.dutyClass", "col.skills", "col.document", "col.events")
		for _, d := range u.Duties {
			t.rows = append(t.rows, []string{d.Item, d.Title, p.enum("dutyClass", d.Class), strings.Join(d.Skills, "；"), numberOf(d.Document), ordinals(d.Events)})
		}
	case "capacities":
		t.head = p.heads("col.capacity", "col.amount", "col.asOf", "col.verified", "col.document", "col.events")
		for _, c := range u.Capacities {
			t.rows = append(t.rows, []string{c.Name(), c.Value, c.AsOf, p.yes(c.Verified), numberOf(c.Document), ordinals(c.Events)})
		}
	}
}

// dueRows fills a sheet with what is due, the earliest first, as much as one
// question may ask for.
func (p *Page) dueRows(t *sheet, u *unitData) error {
	due, err := p.askDue(u.Code, perAsk)
	t.head = p.heads("col.due", "col.mandate", "col.measure", "col.amount", "col.measureUnit", "col.items", "col.issuer", "col.issuance", "col.state", "col.source", "col.events")
	for _, d := range due {
		r := d.Received
		t.rows = append(t.rows, []string{d.Due, r.Mandate.Title, r.Measure.Name, r.Value, r.Measure.Unit, strings.Join(r.Items, "；"), r.Issuance.Issuer.Name, r.Issuance.ID,
			p.enum("assignment", r.State), p.enum("source", r.Issuance.Source), ordinals(r.Events)})
	}
	return err
}

// Name is what the capacity is of: a measure's name, or as recorded.
func (c capacity) Name() string {
	if c.Measure != nil {
		return c.Measure.Name
	}
	return c.Of
}

func (p *Page) yes(b bool) string {
	if b {
		return p.say("yes")
	}
	return p.say("no")
}

func numberOf(d *documentRef) string {
	if d == nil {
		return ""
	}
	return d.Number
}

func titles(mandates []mandateRef) string {
	var out []string
	for _, m := range mandates {
		out = append(out, m.Title)
	}
	return strings.Join(out, "；")
}

func totals(amounts []measured) string {
	var out []string
	for _, a := range amounts {
		out = append(out, a.Measure.Name+" "+a.Value+" "+a.Measure.Unit)
	}
	return strings.Join(out, "；")
}

// Quantity is the capacity in the measure's own words, where there is a measure.
func (c capacity) Quantity(p *Page) (string, error) {
	if c.Measure != nil {
		return p.Amount(*c.Measure, c.Value)
	}
	return p.Num(c.Value), nil
}
