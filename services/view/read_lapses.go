package view

import (
	"time"

	"suyuan/services/mandate/assignment"
)

// Lapsing calls use for every open objection whose days are over at a moment,
// in the order in which they were raised, until use returns false. The error
// is the first of those whose days could not be told. The rows stand still
// meanwhile: use must not read them.
func (v *View) Lapsing(now time.Time, use func(assignment.Lapse) bool) (fault error) {
	v.Read(func(r *Rows) {
		for h := range r.objections {
			o := &r.objections[h]
			if o.decision != "" {
				continue
			}
			due, ok, err := assignment.LapsesAt(r.recorded(o.raised), facts{r})
			if err != nil && fault == nil {
				fault = err
			}
			if !ok || now.Before(due) {
				continue
			}
			ref := assignment.Ref{Issuance: r.issuances[o.issuance].id, Unit: r.code(o.unit)}
			if !use(assignment.Lapse{Ref: ref, ID: o.id}) {
				return
			}
		}
	})
	return fault
}
