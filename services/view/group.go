package view

import (
	"cmp"
	"slices"
	"time"

	"suyuan/services/ledger"
)

// joinGroup puts an issuance into the group of a measure it carries, now or
// in any version of a line.
func (r *Rows) joinGroup(h, measure int32) {
	row := &r.issuances[h]
	if r.groupOf(h, measure) != none {
		return
	}
	g := r.groupWith(row.issuer, measure, row.basis)
	if g == none {
		g = int32(len(r.groups))
		r.groups = append(r.groups, groupRow{issuer: row.issuer, measure: measure, basis: row.basis, root: none})
		r.groupAt.add(hashPair(row.issuer, measure), g)
		r.measures[measure].groups = append(r.measures[measure].groups, g)
		for _, b := range row.basis {
			r.issuances[b].resting = append(r.issuances[b].resting, g)
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

// groupWith finds the group of an issuer and a measure on exactly these bases,
// in whatever order, or none.
func (r *Rows) groupWith(issuer, measure int32, basis []int32) int32 {
	return r.groupAt.find(hashPair(issuer, measure), func(g int32) bool {
		row := &r.groups[g]
		return row.issuer == issuer && row.measure == measure && sameSet(row.basis, basis)
	})
}

// sameSet: a basis is named at most once in an issuance.
func sameSet(a, b []int32) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}

// change takes an issuance out of the sums, lets it be changed, and puts it
// back in if it counts then.
func (r *Rows) change(h int32, m moment, how func()) {
	r.moves(h, m)
	if r.issuances[h].counted {
		r.count(h, -1)
	}
	how()
	r.awaits(h)
	if r.inForce(h, Now) {
		r.count(h, +1)
	}
	r.settle(h, m)
}

// awaits notes since when an issuance holds with all its measures: one that an
// amendment brought holds no earlier than the issuance itself, and what it
// rests on may take effect after it.
func (r *Rows) awaits(h int32) {
	row := &r.issuances[h]
	if row.made == 0 {
		return
	}
	since := r.events[row.made-1].effective
	for _, up := range row.basis {
		if made := r.issuances[up].made; made != 0 {
			since = max(since, r.events[made-1].effective)
		}
	}
	for _, g := range row.groups {
		x := &r.measures[r.groups[g].measure]
		x.effective = max(x.effective, since)
	}
}

// moves notes that an event changed, or will change, something of all
// measures of an issuance.
func (r *Rows) moves(h int32, m moment) {
	for _, g := range r.issuances[h].groups {
		r.measures[r.groups[g].measure].touch(m)
	}
}

func (x *measureRow) touch(m moment) {
	x.changed = m.ordinal
	x.recorded, x.effective = max(x.recorded, m.Recorded.UnixMilli()), max(x.effective, m.Effective.UnixMilli())
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
	for other := range r.asking(r.lines[line].to, measure) {
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
func (r *Rows) settle(h int32, m moment) {
	for _, g := range r.issuances[h].groups {
		r.refresh(g, m)
	}
	for _, g := range r.issuances[h].resting {
		r.refresh(g, m)
	}
}

// refresh works a group's addition out anew and carries the difference to its
// level's sum.
func (r *Rows) refresh(g int32, m moment) {
	row := &r.groups[g]
	measure := &r.measures[row.measure]
	measure.touch(m)
	level := &measure.levels[r.units[row.issuer].level]
	level.enter(row.addition, -1)
	b := r.book(row.measure, Now)
	before := row.addition
	row.addition = b.weigh(g)
	level.enter(row.addition, +1)
	row.enter(dayOf(m.Effective), before)
	r.root(g, !row.empty() && !b.receives(g))
}

// enter books the difference between what a group adds and what it added
// before on a day.
func (g *groupRow) enter(day int32, before addition) {
	added, adding := g.amount.Sub(before.amount), int32(0)
	switch {
	case g.harder && !before.harder:
		adding = 1
	case before.harder && !g.harder:
		adding = -1
	}
	if added.IsZero() && adding == 0 {
		return
	}
	i, found := slices.BinarySearchFunc(g.days, day, func(d dayRow, day int32) int { return cmp.Compare(d.day, day) })
	if !found {
		g.days = slices.Insert(g.days, i, dayRow{day: day})
	}
	d := &g.days[i]
	d.added, d.adding = d.added.Add(added), d.adding+adding
}

// dayOf is the calendar day of an instant.
func dayOf(t time.Time) int32 {
	_, offset := t.In(ledger.Beijing).Zone()
	seconds := t.Unix() + int64(offset)
	day := seconds / 86400
	if seconds%86400 < 0 {
		day--
	}
	return int32(day)
}

// root enters a group among those its measure begins with, or takes it out.
func (r *Rows) root(g int32, is bool) {
	row := &r.groups[g]
	if is == (row.root != none) {
		return
	}
	m := &r.measures[row.measure]
	if is {
		row.root, m.roots = int32(len(m.roots)), append(m.roots, g)
		return
	}
	last := m.roots[len(m.roots)-1]
	m.roots[row.root], r.groups[last].root = last, row.root
	row.root, m.roots = none, m.roots[:len(m.roots)-1]
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
