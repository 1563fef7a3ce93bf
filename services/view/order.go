package view

import (
	"slices"
	"strings"

	"suyuan/services/unit"
)

// Units are numbered as they come in, and ranked by code. A code's own
// departments and everything below it follow it directly ('-' sorts before
// every digit), so that a subtree is one range of ranks.

func (r *Rows) dirty() bool { return r.ordered < len(r.units) }

// rank sorts the newcomers and merges them in: many at once cost one pass.
func (r *Rows) rank() {
	if !r.dirty() {
		return
	}
	fresh := make([]int32, 0, len(r.units)-r.ordered)
	for h := r.ordered; h < len(r.units); h++ {
		fresh = append(fresh, int32(h))
	}
	byCode := func(a, b int32) int { return strings.Compare(r.units[a].code, r.units[b].code) }
	slices.SortFunc(fresh, byCode)
	merged := make([]int32, 0, len(r.units))
	old := r.order
	for len(old) > 0 && len(fresh) > 0 {
		if byCode(old[0], fresh[0]) < 0 {
			merged, old = append(merged, old[0]), old[1:]
		} else {
			merged, fresh = append(merged, fresh[0]), fresh[1:]
		}
	}
	merged = append(append(merged, old...), fresh...)
	r.order, r.ordered = merged, len(r.units)
	r.ranks = make([]int32, len(r.units))
	for i, h := range merged {
		r.ranks[h] = int32(i)
	}
}

// territory is the range of ranks [from, to) of a unit's subtree. Rows must
// be ranked.
func (r *Rows) territory(code string) (from, to int) {
	if code == unit.CentralCode {
		return 0, len(r.order)
	}
	compare := func(h int32, c string) int { return strings.Compare(r.units[h].code, c) }
	from, _ = slices.BinarySearchFunc(r.order, code, compare)
	if unit.IsDepartment(code) { // a department contains itself alone
		if from < len(r.order) && r.units[r.order[from]].code == code {
			return from, from + 1
		}
		return from, from
	}
	to, _ = slices.BinarySearchFunc(r.order, code+":", compare) // ':' sorts behind every digit
	return from, to
}
