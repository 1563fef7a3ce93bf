package portal

import (
	"fmt"
	"html/template"

	"suyuan/services/ledger"
)

// tracePage is what a unit was asked for under a mandate, one trace for each
// measure and issuance it received.
type tracePage struct {
	*Page
	Mandate struct {
		mandateRow
		Assumed []string
	}
	Unit struct {
		unitRef
		Path []unitRef
	}
	Traces []tracedView
}

// tracedView is a trace with its words and its picture.
type tracedView struct {
	traceData
	Key     string
	Finding wording
	Picture template.HTML
}

func (s *site) trace(p *Page) (reply, error) {
	id, err := p.id("id")
	if err != nil {
		return reply{}, err
	}
	code, err := p.id("code")
	if err != nil {
		return reply{}, err
	}
	key, err := p.text("measure", mostID)
	if err != nil {
		return reply{}, err
	}
	var measure any
	if key != "" {
		measure = id + "/" + key
	}
	type answer struct {
		Trace   []traceData
		Mandate *struct {
			mandateRow
			Assumed []string
		}
		Unit *struct {
			unitRef
			Path []unitRef
		}
	}
	got, err := ask[answer](p.r.Context(), s, "trace", map[string]any{"mandate": id, "unit": code, "measure": measure})
	if err != nil {
		return reply{}, err
	}
	if got.Mandate == nil || got.Unit == nil {
		return reply{}, missing(ledger.Text{Zh: "没有这项任务，或没有这个单位。", En: "There is no such mandate, or no such unit."})
	}
	view := tracePage{Page: p, Mandate: *got.Mandate, Unit: *got.Unit}
	for i, t := range got.Trace {
		key := fmt.Sprintf("t%d", i)
		view.Traces = append(view.Traces, tracedView{t, key, p.find(t), p.picture(t, key)})
	}
	p.Title = p.say("trace.title", "unit", got.Unit.Name, "mandate", got.Mandate.Title)
	p.Crumbs = []Crumb{
		{p.say("mandates.title"), p.To("mandates")},
		{got.Mandate.Title, p.To("mandates", id)},
		{got.Unit.Name, ""},
	}
	if p.wantsSheet("") {
		return reply{sheet: p.traceSheet(id, code, got.Trace)}, nil
	}
	return reply{page: "trace", data: view}, nil
}

// traceSheet lists every step, item and relief.
func (p *Page) traceSheet(id, code string, traces []traceData) *sheet {
	t := &sheet{name: "trace-" + id + "-" + code, head: p.heads("col.measure", "col.issuance", "col.level", "col.unit", "col.code", "col.amount",
		"col.measureUnit", "col.ratio", "col.kind", "col.source", "col.document", "col.events")}
	for _, tr := range traces {
		m := tr.Measure
		row := func(u unitRef, amount, ratio, kind, source string, d *documentRef, events []eventRef) {
			number := ""
			if d != nil {
				number = d.Number
			}
			t.rows = append(t.rows, []string{m.Name, tr.Issuance.ID, p.enum("level", u.Level), u.Name, u.Code, amount, m.Unit, ratio, kind, source, number, ordinals(events)})
		}
		if r := tr.Reference; r != nil {
			row(r.Unit, r.Value, "", p.say("trace.reference"), "", r.Document, r.Events)
		}
		for _, s := range tr.Steps {
			row(s.Unit, s.Amount, s.Ratio, p.enum("step", s.Kind), p.enum("source", s.Source), s.Document, s.Events)
		}
		for _, i := range tr.Items {
			for k, u := range i.Units {
				var d *documentRef
				if k < len(i.Documents) {
					d = &i.Documents[k]
				}
				row(u, i.Item, "", p.say("trace.asks"), "", d, i.Events)
			}
		}
		for _, r := range tr.Reliefs {
			row(r.Unit, r.Item, "", p.say("trace.drops"), "", r.Document, r.Events)
		}
	}
	return t
}

// ordinals lists events for a cell.
func ordinals(events []eventRef) string {
	out := ""
	for i, e := range events {
		if i > 0 {
			out += " "
		}
		out += e.Ordinal
	}
	return out
}
