package view

import (
	"reflect"
	"strings"

	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
)

func assignmentFolds(add func(reflect.Type, fold)) {
	add(on(func(r *Rows, m moment, e assignment.Delivered) {
		a := r.assignment(m, e.Issuance, e.Unit)
		a.delivered, a.deliveredAt = m.ordinal, milli(e.At)
	}))
	add(on(func(r *Rows, m moment, e assignment.Acknowledged) {
		a := r.assignment(m, e.Issuance, e.Unit)
		a.acknowledged, a.acknowledgedAt = m.ordinal, milli(e.At)
		if a.delivered == 0 { // since when it lay there the receiver's late word does not tell
			a.delivered = m.ordinal
		}
	}))
	add(on(func(r *Rows, m moment, e assignment.Objected) {
		h := r.assignmentOf(e.Issuance, e.Unit)
		r.touch(h, m)
		o := int32(len(r.objections))
		a := &r.assignments[h]
		a.objections = append(a.objections, o)
		r.objections = append(r.objections, objectionRow{
			id: e.ID, assignment: h, unit: a.unit, issuance: a.issuance, measure: r.measureAt.of(e.Measure), ground: e.Ground,
			constraint: e.Constraint, reason: e.Reason, owedBy: r.unitOf(e.OwedBy), document: r.documentAt.of(e.Document),
			onPaper: e.OnPaper, stated: e.Stated, raised: m.ordinal, decidedBy: none,
		})
		more := r.units[a.unit].open()
		more.objections = append(more.objections, o)
	}))
	add(on(func(r *Rows, m moment, e assignment.ObjectionDecided) {
		a := r.ofStream(m)
		for _, o := range a.objections {
			if row := &r.objections[o]; row.id == e.ID {
				row.decision, row.decidedBy, row.decided = e.Decision, r.unitOf(e.By), m.ordinal
				row.answer, row.illegal = e.Reason, e.ClearlyIllegal
			}
		}
	}))
	add(on(func(r *Rows, m moment, e assignment.ResourceGranted) {
		a := r.ofStream(m)
		a.resources = append(a.resources, eventOf[assignment.ResourceGranted]{m.ordinal, e})
	}))
	add(on(func(r *Rows, m moment, e assignment.Acted) {
		a := r.ofStream(m)
		a.acts = append(a.acts, eventOf[assignment.Acted]{m.ordinal, e})
	}))
	add(on(func(r *Rows, m moment, e assignment.StopRequested) {
		a := r.ofStream(m)
		a.stops = append(a.stops, eventOf[assignment.StopRequested]{m.ordinal, e})
	}))
	add(on(func(r *Rows, m moment, e assignment.StopDecided) {
		a := r.ofStream(m)
		a.stopDecisions = append(a.stopDecisions, eventOf[assignment.StopDecided]{m.ordinal, e})
	}))
	add(on(func(r *Rows, m moment, e assignment.Reported) {
		a := r.assignment(m, e.Issuance, e.Unit)
		r.reports(&a.reported, m, e.Amounts, e.AsOf, e.Document)
	}))
	add(on(func(r *Rows, m moment, e assignment.VerifiedDelivery) {
		a := r.assignment(m, e.Issuance, e.Unit)
		r.reports(&a.verified, m, e.Amounts, e.AsOf, e.Document)
	}))
	add(on(func(r *Rows, m moment, e assignment.FalsificationVerified) {
		a := r.assignment(m, e.Issuance, e.Unit)
		a.falsifications = append(a.falsifications, eventOf[assignment.FalsificationVerified]{m.ordinal, e})
	}))
}

// assignmentOf finds or enters the row of a line's fate.
func (r *Rows) assignmentOf(issuance, unit string) int32 {
	i, u := r.issuanceAt.of(issuance), r.unitOf(unit)
	if h := r.fateOf(i, u); h != none {
		return h
	}
	h := int32(len(r.assignments))
	r.assignments = append(r.assignments, assignmentRow{issuance: i, unit: u, stream: none})
	r.assignmentAt.add(hashPair(i, u), h)
	return h
}

// fateOf finds what became of an issuance's line to a unit, or none.
func (r *Rows) fateOf(issuance, unit int32) int32 {
	return r.assignmentAt.find(hashPair(issuance, unit), func(h int32) bool {
		return r.assignments[h].issuance == issuance && r.assignments[h].unit == unit
	})
}

func (r *Rows) assignment(m moment, issuance, unit string) *assignmentRow {
	h := r.assignmentOf(issuance, unit)
	r.touch(h, m)
	return &r.assignments[h]
}

// touch remembers whose stream it is.
func (r *Rows) touch(h int32, m moment) { r.assignments[h].stream = r.about(m, h) }

// ofStream is the row of the stream an event stands in. An act may come from
// another unit than the receiver, so the stream, not the event, names it; its
// first event may be one that carries no name, so the name is read then.
func (r *Rows) ofStream(m moment) *assignmentRow {
	h := r.subject(m)
	if h == none {
		_, name, _ := strings.Cut(r.streams[r.events[m.ordinal-1].stream].name, "-")
		h = r.assignmentOf(splitAssignment(name))
		r.touch(h, m)
	}
	return &r.assignments[h]
}

// splitAssignment takes `<issuance>-<unit>` apart: the unit begins at the last
// dash-separated part that begins with a digit (see unit.ValidCode).
func splitAssignment(s string) (issuance, unit string) {
	for i := len(s) - 1; i > 0; i-- {
		if s[i-1] == '-' && s[i] >= '0' && s[i] <= '9' {
			return s[:i-1], s[i:]
		}
	}
	return s, ""
}

func (r *Rows) reports(into *[]reportRow, m moment, amounts []assignment.Delivery, asOf ledger.Date, document string) {
	for _, d := range amounts {
		value, days := figure(d.Value)
		*into = append(*into, reportRow{r.measureAt.of(d.Measure), value, days, asOf, r.documentAt.of(document), m.ordinal})
	}
}
