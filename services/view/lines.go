package view

import (
	"cmp"
	"iter"
	"slices"
)

// lineTo finds the line of an issuance to a unit, or none. Two lines to one
// unit in one issuance are refused.
func (r *Rows) lineTo(h, to int32) int32 {
	if to == none {
		return none
	}
	row := &r.issuances[h]
	made := r.lines[row.first : row.first+row.n]
	if !row.sorted && len(made) > fewLines {
		return r.lineAmong(to, h)
	}
	i, found := 0, false
	if row.sorted {
		i, found = slices.BinarySearchFunc(made, to, func(l lineRow, to int32) int { return cmp.Compare(l.to, to) })
	} else {
		i = slices.IndexFunc(made, func(l lineRow) bool { return l.to == to })
		found = i >= 0
	}
	if found {
		return row.first + int32(i)
	}
	for _, line := range row.more {
		if r.lines[line].to == to {
			return line
		}
	}
	return none
}

// fewLines are searched one by one sooner than through their receiver.
const fewLines = 64

// lineAmong looks for the line among all its receiver got.
func (r *Rows) lineAmong(to, h int32) int32 {
	for line := r.units[to].received; line != none; line = r.lines[line].next {
		if r.lines[line].issuance == h {
			return line
		}
	}
	return none
}

// asking yields the lines that ever asked a unit for a measure, newest first.
func (r *Rows) asking(u, measure int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for a := r.askOf(u, measure); a != none; a = r.asks[a].next {
			if !yield(r.asks[a].line) {
				return
			}
		}
	}
}

func (r *Rows) askOf(u, measure int32) int32 {
	return r.askAt.find(hashPair(u, measure), func(a int32) bool {
		return r.asks[a].measure == measure && r.lines[r.asks[a].line].to == u
	})
}

// ask enters a line among those that ask its receiver for a measure.
func (r *Rows) ask(line, measure int32) {
	to := r.lines[line].to
	newest := r.askOf(to, measure)
	for a := newest; a != none; a = r.asks[a].next {
		if r.asks[a].line == line {
			return
		}
	}
	r.asks = append(r.asks, askRow{line, measure, newest})
	r.enterAsk(int32(len(r.asks)) - 1)
}

// enterAsk makes an ask the newest of its unit and measure.
func (r *Rows) enterAsk(a int32) {
	row := &r.asks[a]
	key := hashPair(r.lines[row.line].to, row.measure)
	if row.next == none {
		r.askAt.add(key, a)
		return
	}
	r.askAt.swap(key, row.next, a)
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
	if at == Now {
		return v
	}
	for v != none && !r.counts(at, line, r.versions[v].event) {
		v = r.versions[v].older
	}
	return v
}

// counts reports whether an event that a line was made or changed by counts.
func (r *Rows) counts(at AsOf, line int32, event uint64) bool {
	if event == r.issuances[r.lines[line].issuance].made {
		return r.sees(at, event)
	}
	return r.changes(at, event)
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
