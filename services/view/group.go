package view

import (
	"slices"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// enterGroups puts an issuance into the group of every measure it carries.
func (r *Rows) enterGroups(h int32) {
	row := &r.issuances[h]
	r.allLines(h, func(line int32) {
		v := r.versions[r.lines[line].version]
		for _, a := range r.amounts[v.first : v.first+v.count] {
			r.joinGroup(h, a.measure)
		}
	})
	for _, k := range row.retained {
		r.joinGroup(h, k.measure)
	}
}

func (r *Rows) joinGroup(h, measure int32) int32 {
	row := &r.issuances[h]
	if g := r.groupOf(h, measure); g != none {
		return g
	}
	key := groupKey{row.issuer, measure, basisKey(row.basis)}
	g, ok := r.groupAt[key]
	if !ok {
		g = int32(len(r.groups))
		r.groups = append(r.groups, groupRow{issuer: row.issuer, measure: measure, hasBasis: len(row.basis) > 0})
		r.groupAt[key] = g
		r.measures[measure].groups = append(r.measures[measure].groups, g)
		for _, b := range row.basis {
			r.restingOn[b] = append(r.restingOn[b], g)
		}
		r.refresh(g)
	}
	r.groups[g].members = append(r.groups[g].members, h)
	row.groups = append(row.groups, g)
	return g
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
// back in if it still counts.
func (r *Rows) change(h int32, how func()) {
	counted := r.inForce(h, Now)
	if counted {
		r.count(h, -1)
	}
	how()
	r.enterGroups(h) // an amendment may bring a measure
	if counted && r.inForce(h, Now) {
		r.count(h, +1)
	}
}

// count adds an issuance to the sums that are kept up to date, or takes it
// out: its groups', its receivers' levels', and what rests on it.
func (r *Rows) count(h int32, sign int) {
	row := &r.issuances[h]
	r.allLines(h, func(line int32) { r.countLine(line, sign) })
	for _, k := range row.retained {
		g := &r.groups[r.groupOf(h, k.measure)]
		addTo(&g.retained, k.value, sign)
	}
	for _, g := range row.groups {
		r.refresh(g)
	}
	for _, g := range r.restingOn[h] {
		r.refresh(g)
	}
}

func (r *Rows) countLine(line int32, sign int) {
	l := r.lines[line]
	v := r.versions[l.version]
	for _, a := range r.amounts[v.first : v.first+v.count] {
		g := &r.groups[r.groupOf(l.issuance, a.measure)]
		g.lines += int32(sign)
		level := &r.measures[a.measure].levels[r.units[l.to].level]
		if r.countsAlone(line, a.measure) {
			level.units += int32(sign)
		}
		if r.measures[a.measure].def.Kind != mandate.Divisible {
			continue
		}
		addTo(&g.value, a.value, sign)
		addTo(&level.received, a.value, sign)
		if a.hasBase {
			addTo(&g.based, a.base, sign)
			g.withBase += int32(sign)
		} else {
			addTo(&g.withoutBase, a.value, sign)
		}
	}
}

// countsAlone reports whether no other line in force asks the receiver for
// the measure; the line's own issuance is in between being counted.
func (r *Rows) countsAlone(line, measure int32) bool {
	for other := r.units[r.lines[line].to].received; other != none; other = r.lines[other].next {
		if other == line || r.lines[other].issuance == r.lines[line].issuance || !r.counted(r.lines[other].issuance, line) {
			continue
		}
		if _, ok := r.amountIn(r.lines[other].version, measure); ok {
			return false
		}
	}
	return true
}

// counted reports whether an issuance is in the sums while another is being
// put in or taken out: parts of one sheet come in one after the other.
func (r *Rows) counted(h, line int32) bool {
	row, mine := &r.issuances[h], &r.issuances[r.lines[line].issuance]
	if row.sheet != nil && row.sheet == mine.sheet && row.part.K > mine.part.K && row.sheet.complete == r.position.Ordinal {
		return false
	}
	return r.inForce(h, Now)
}

func addTo(s *exact.Sum, d exact.Decimal, sign int) {
	if sign > 0 {
		s.Add(d)
	} else {
		s.Sub(d)
	}
}

// refresh works a group's addition out anew and carries the difference to its
// level's sum.
func (r *Rows) refresh(g int32) {
	row := &r.groups[g]
	if !row.hasBasis || r.measures[row.measure].def.Kind != mandate.Divisible {
		return
	}
	level := r.levelOf(row)
	level.added = level.added.Sub(row.addition)
	level.adding -= positive(row.addition)
	row.got = exact.Sum{}
	row.addition = exact.Rat{}
	if row.lines > 0 || row.retained.Sign() != 0 {
		row.addition = r.additionOf(g)
	}
	level.added = level.added.Add(row.addition)
	level.adding += positive(row.addition)
}

func (r *Rows) additionOf(g int32) exact.Rat {
	row := &r.groups[g]
	received, err := attributionReceived(r.book(row.measure, Now), row.members, r)
	if err != nil { // a basis that cannot be merged counts as nothing received
		received = exact.Rat{}
	}
	return row.value.Rat().Add(row.retained.Rat()).Sub(received)
}

func (r *Rows) levelOf(g *groupRow) *levelRow {
	return &r.measures[g.measure].levels[r.units[g.issuer].level]
}

func positive(x exact.Rat) int32 {
	if x.Sign() > 0 {
		return 1
	}
	return 0
}

// levelsOf is the sums of a measure by level as they are kept.
func (r *Rows) levelsOf(measure int32) [unit.Levels]levelRow { return r.measures[measure].levels }
