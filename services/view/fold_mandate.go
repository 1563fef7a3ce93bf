package view

import (
	"reflect"

	"suyuan/services/mandate"
)

func mandateFolds(add func(reflect.Type, fold)) {
	add(on(func(r *Rows, m moment, e mandate.Issued) {
		h := int32(len(r.mandates))
		r.mandates = append(r.mandates, mandateRow{
			id: e.ID, title: e.Title, field: e.Field, duty: e.Duty, origin: r.unitOf(e.Origin), lead: r.unitOf(e.Lead),
			document: r.documentAt.of(e.Document), fictional: e.Fictional, assumed: e.Assumed, issued: m.ordinal, stream: r.about(m, h),
		})
		r.mandateAt.put(h)
		r.finder.mandates.Set(h)
		r.mandateContent(h, m, e.Measures, e.Constraints)
		r.mandateDocument(h, e.Document)
	}))
	add(on(func(r *Rows, m moment, e mandate.Revised) {
		h := r.subject(m)
		row := &r.mandates[h]
		if e.Title != "" {
			if row.titles == nil {
				row.titles = []nameRow{{row.title, row.issued}}
			}
			row.title, row.titles = e.Title, append(row.titles, nameRow{e.Title, m.ordinal})
			r.finder.mandates.Set(h)
		}
		if row.revisions == nil {
			row.revisions = []revisionRow{{row.issued, row.lead, row.document, row.duty}}
		}
		row.revisions = append(row.revisions, revisionRow{m.ordinal, r.unitOf(e.Lead), r.documentAt.of(e.Document), e.Duty})
		if e.Lead != "" {
			row.lead = r.unitOf(e.Lead)
		}
		if e.Duty != "" {
			row.duty = e.Duty
		}
		r.mandateContent(h, m, e.Measures, e.Constraints)
		r.mandateDocument(h, e.Document)
	}))
	add(on(func(r *Rows, m moment, _ mandate.Withdrawn) {
		r.mandates[r.subject(m)].withdrawn = m.ordinal
	}))
}

func (r *Rows) mandateContent(h int32, m moment, measures []mandate.Measure, constraints []mandate.Constraint) {
	row := &r.mandates[h]
	for _, def := range measures {
		if def.Harder == "" {
			def.Harder = "higher"
		}
		id := mandate.MeasureID(row.id, def.Key)
		x := int32(len(r.measures))
		row.measures = append(row.measures, x)
		r.measures = append(r.measures, measureRow{id: id, mandate: h, event: m.ordinal, def: def})
		r.measureAt.put(x)
	}
	for _, c := range constraints {
		row.constraints = append(row.constraints, constraintRow{c, r.unitOf(c.Author), m.ordinal})
	}
}

func (r *Rows) mandateDocument(h int32, id string) {
	if d := r.documentAt.of(id); d != none {
		r.documents[d].mandates = append(r.documents[d].mandates, h)
	}
}
