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
			document: find(r.documentAt, e.Document), fictional: e.Fictional, assumed: e.Assumed, events: []uint64{m.ordinal},
		})
		r.mandateAt[e.ID] = h
		r.mandateContent(h, m, e.Measures, e.Constraints)
		r.mandateDocument(h, e.Document)
	}))
	add(on(func(r *Rows, m moment, e mandate.Revised) {
		h := r.mandateAt[r.subject(m)]
		row := &r.mandates[h]
		row.events = append(row.events, m.ordinal)
		if e.Title != "" {
			row.title = e.Title
		}
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
		row := &r.mandates[r.mandateAt[r.subject(m)]]
		row.withdrawn, row.events = m.ordinal, append(row.events, m.ordinal)
	}))
}

func (r *Rows) mandateContent(h int32, m moment, measures []mandate.Measure, constraints []mandate.Constraint) {
	row := &r.mandates[h]
	for _, def := range measures {
		if def.Harder == "" {
			def.Harder = "higher"
		}
		id := mandate.MeasureID(row.id, def.Key)
		r.measureAt[id] = int32(len(r.measures))
		row.measures = append(row.measures, int32(len(r.measures)))
		r.measures = append(r.measures, measureRow{id: id, mandate: h, def: def})
	}
	for _, c := range constraints {
		row.constraints = append(row.constraints, constraintRow{c, r.unitOf(c.Author), m.ordinal})
	}
}

func (r *Rows) mandateDocument(h int32, id string) {
	if d, ok := r.documentAt[id]; ok {
		r.documents[d].mandates = append(r.documents[d].mandates, h)
	}
}
