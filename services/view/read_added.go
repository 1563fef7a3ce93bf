package view

import (
	"cmp"
	"slices"

	"suyuan/services/attribution"
	"suyuan/services/exact"
)

// Addition is what a unit added of one measure on one set of bases.
type Addition struct {
	Mandate                        Mandate
	Measure                        Measure
	Received, PassedDown, Retained string
	Amount                         string
	Ratio                          *string
	Authorised                     bool
	Issuances                      []Issuance
	Events                         []EventRef
}

// Added lists a unit's node additions, largest first, cuts last.
func (r *Rows) Added(u Unit, first int) ([]Addition, error) {
	if _, _, err := (Paging{First: first}).window(0); err != nil {
		return nil, err
	}
	seen := map[int32]bool{}
	var groups []int32
	for _, h := range r.issuedBy(u.h) {
		for _, g := range r.issuances[h].groups {
			row := &r.groups[g]
			if !seen[g] && !row.empty() && r.isSum(row.measure) && r.book(row.measure, Now).rests(g) {
				seen[g] = true
				groups = append(groups, g)
			}
		}
	}
	slices.SortStableFunc(groups, func(a, b int32) int {
		return cmp.Or(r.groups[b].amount.Cmp(r.groups[a].amount), cmp.Compare(a, b))
	})
	out := []Addition{}
	for _, g := range groups[:min(first, len(groups))] {
		out = append(out, r.additionValue(g))
	}
	return out, nil
}

func (r *Rows) additionValue(g int32) Addition {
	row := &r.groups[g]
	b := r.book(row.measure, Now)
	received := b.received(g)
	a := Addition{
		Mandate: r.mandateValue(r.measures[row.measure].mandate), Measure: r.measureValue(row.measure), Received: received.String(),
		PassedDown: row.value.String(), Retained: row.retained.String(), Amount: row.amount.String(),
		Ratio: ratioText(row.amount, received), Authorised: row.amount.Sign() <= 0 || b.covered(g, true).Cmp(row.amount) >= 0, Issuances: []Issuance{},
	}
	var events []uint64
	for _, h := range row.members {
		if !b.isPart(h) {
			continue
		}
		a.Issuances = append(a.Issuances, r.issuanceValue(h))
		events = append(events, r.history(r.issuances[h].stream)...)
	}
	a.Events = r.eventRefs(events...)
	return a
}

func ratioText(amount, of exact.Rat) *string {
	q, ok := amount.Quo(of)
	if !ok {
		return nil
	}
	s := q.String()
	return &s
}

func stepRatio(s attribution.Step) *string {
	if !s.HasRatio {
		return nil
	}
	text := s.Ratio.String()
	return &text
}
