package view

import "iter"

// lineTo finds the line of an issuance to a unit, or none.
func (r *Rows) lineTo(h, to int32) int32 {
	if to == none {
		return none
	}
	for line := r.units[to].received; line != none; line = r.lines[line].next {
		if r.lines[line].issuance == h {
			return line
		}
	}
	return none
}

// linesIn yields every line of an issuance, in the document's order.
func (r *Rows) linesIn(h int32) iter.Seq[int32] {
	row := &r.issuances[h]
	return func(yield func(int32) bool) {
		for i := range row.n {
			if !yield(row.first + i) {
				return
			}
		}
		for _, line := range row.more {
			if !yield(line) {
				return
			}
		}
	}
}

// versionAt is a line as it stands at a moment, or none: of the versions that
// count, the one that takes effect last.
func (r *Rows) versionAt(line int32, at AsOf) int32 {
	v := r.lines[line].version
	for v != none && !r.sees(at, r.versions[v].event) {
		v = r.versions[v].older
	}
	return v
}

// amountIn finds what a version asks for of a measure.
func (r *Rows) amountIn(version, measure int32) (amountRow, bool) {
	if version == none {
		return amountRow{}, false
	}
	v := r.versions[version]
	for _, a := range r.amounts[v.first : v.first+v.count] {
		if a.measure == measure {
			return a, true
		}
	}
	return amountRow{}, false
}
