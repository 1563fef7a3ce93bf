package view

import (
	"slices"
	"strings"
)

// joinGroup puts an issuance into the group of a measure it carries, now or
// in any version of a line.
func (r *Rows) joinGroup(h, measure int32) {
	row := &r.issuances[h]
	if r.groupOf(h, measure) != none {
		return
	}
	key := groupKey{row.issuer, measure, basisKey(row.basis)}
	g, ok := r.groupAt[key]
	if !ok {
		g = int32(len(r.groups))
		r.groups = append(r.groups, groupRow{issuer: row.issuer, measure: measure, basis: row.basis})
		r.groupAt[key] = g
		r.measures[measure].groups = append(r.measures[measure].groups, g)
		for _, b := range row.basis {
			r.restingOn[b] = append(r.restingOn[b], g)
		}
	}
	r.groups[g].members = append(r.groups[g].members, h)
	row.groups = append(row.groups, g)
}

// groupOf finds the group an issuance belongs to for a measure, or none.
func (r *Rows) groupOf(h, measure int32) int32 {
	for _, g := range r.issuances[h].groups {
		if r.groups[g].measure == measure {
			return g
		}
	}
	return none
}

func basisKey(basis []int32) string {
	sorted := slices.Sorted(slices.Values(basis))
	var b strings.Builder
	for _, h := range sorted {
		b.WriteByte(byte(h >> 24))
		b.WriteByte(byte(h >> 16))
		b.WriteByte(byte(h >> 8))
		b.WriteByte(byte(h))
	}
	return b.String()
}

// change takes an issuance out of the sums, lets it be changed, and puts it
// back in if it counts then.
func (r *Rows) change(h int32, how func()) {
	if r.issuances[h].counted {
		r.count(h, -1)
	}
	how()
	if r.inForce(h, Now) {
		r.count(h, +1)
	}
	r.settle(h)
}

// count adds an issuance's lines and what it keeps to the sums that are kept
// up to date, or takes them out. Additions are settled afterwards.
func (r *Rows) count(h int32, sign int) {
	row := &r.issuances[h]
	for line := range r.linesIn(h) {
		r.countLine(line, sign)
	}
	for _, k := range row.retained {
		r.groups[r.groupOf(h, k.measure)].keep(k, sign)
	}
	row.counted = sign > 0
}

func (r *Rows) countLine(line int32, sign int) {
	l := r.lines[line]
	v := r.versions[l.version]
	for _, a := range r.amounts[v.first : v.first+v.count] {
		r.groups[r.groupOf(l.issuance, a.measure)].take(a, r.isSum(a.measure), sign)
		level := &r.measures[a.measure].levels[r.units[l.to].level]
		if r.countsAlone(line, a.measure) {
			level.units += int32(sign)
		}
		if r.isSum(a.measure) {
			addTo(&level.received, a.value, sign)
		}
	}
}

// countsAlone reports whether no other line in the sums asks the receiver for
// the measure.
func (r *Rows) countsAlone(line, measure int32) bool {
	for other := r.units[r.lines[line].to].received; other != none; other = r.lines[other].next {
		if other == line || !r.issuances[r.lines[other].issuance].counted {
			continue
		}
		if _, ok := r.amountIn(r.lines[other].version, measure); ok {
			return false
		}
	}
	return true
}

// settle works the additions out anew that an issuance has a part in: those of
// its own groups and of what rests on it.
func (r *Rows) settle(h int32) {
	for _, g := range r.issuances[h].groups {
		r.refresh(g)
	}
	for _, g := range r.restingOn[h] {
		r.refresh(g)
	}
}

// refresh works a group's addition out anew and carries the difference to its
// level's sum.
func (r *Rows) refresh(g int32) {
	row := &r.groups[g]
	level := &r.measures[row.measure].levels[r.units[row.issuer].level]
	level.enter(row.addition, -1)
	row.addition = r.book(row.measure, Now).weigh(g)
	level.enter(row.addition, +1)
}

func (l *levelRow) enter(a addition, sign int32) {
	if sign > 0 {
		l.added = l.added.Add(a.amount)
	} else {
		l.added = l.added.Sub(a.amount)
	}
	if a.harder {
		l.adding += sign
	}
}
