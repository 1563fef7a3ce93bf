package view

import (
	"slices"
	"strconv"

	"suyuan/services/attribution"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Cascade is how one measure grew on its way down.
type Cascade struct {
	Mandate Mandate
	Measure Measure
	Under   *Unit
	Levels  []LevelSum
	Rows    Page[CascadeRow]
	AsOf    string
}

// LevelSum adds up all units of one level.
type LevelSum struct {
	Level    unit.Level
	Units    string
	Received *string
	Added    *string
	Adding   string
}

// CascadeRow is one unit that received the measure.
type CascadeRow struct {
	Unit     Unit
	Issuance Issuance
	Value    *string
	Items    []string
	Step     *string
	Ratio    *string
	Below    string
	Flags    []FlagCode
	Events   []EventRef
}

// Cascade answers for a measure of a mandate below a unit; with an empty
// under, from where it begins. nil where mandate or measure is not on record.
func (r *Rows) Cascade(mandateID, measure, under string, at AsOf, p Paging) (*Cascade, error) {
	m := find(r.mandateAt, mandateID)
	if m == none {
		return nil, nil
	}
	x := r.measureOf(m, measure)
	if x == none {
		return nil, nil
	}
	c := &Cascade{Mandate: r.mandateValue(m), Measure: r.measureValue(x), AsOf: r.asOf(at)}
	var tops []int32 // issuances the rows below come from
	if under == "" {
		tops = r.beginnings(x, at)
	} else {
		u := r.unitOf(under)
		if u == none {
			return nil, ledger.Errorf(ledger.NotFound, "unit.unknown", "没有代码为“%s”的单位。", "There is no unit %q.", under).At("under")
		}
		c.Under, tops = r.unitPtr(u), r.issuedOf(u, x, at)
	}
	if under == "" && at == Now {
		c.Levels = r.sums(r.measures[x].levels, x)
	} else {
		c.Levels = r.sums(r.subtree(tops, x, at), x)
	}
	lines := r.linesFrom(tops, x, at)
	var err error
	c.Rows, err = page(p, lines, func(line int32) CascadeRow { return r.cascadeRow(line, x, at) })
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (r *Rows) measureOf(m int32, key string) int32 {
	for _, x := range r.mandates[m].measures {
		if r.measures[x].def.Key == key || r.measures[x].id == key {
			return x
		}
	}
	return none
}

// beginnings are the issuances in force of a measure that rest on nothing.
func (r *Rows) beginnings(measure int32, at AsOf) []int32 {
	var tops []int32
	for _, g := range r.measures[measure].groups {
		for _, h := range r.groups[g].members {
			if r.inForce(h, at) && len(r.book(measure, at).Basis(h)) == 0 {
				tops = append(tops, h)
			}
		}
	}
	slices.Sort(tops)
	return tops
}

// issuedOf are a unit's issuances in force of a measure.
func (r *Rows) issuedOf(u, measure int32, at AsOf) []int32 {
	var tops []int32
	for _, h := range r.units[u].issued {
		if r.inForce(h, at) && r.groupOf(h, measure) != none {
			tops = append(tops, h)
		}
	}
	return tops
}

// linesFrom lists the lines of issuances that carry a measure, by receiver's
// code.
func (r *Rows) linesFrom(tops []int32, measure int32, at AsOf) []int32 {
	var lines []int32
	for _, h := range tops {
		r.allLines(h, func(line int32) {
			if _, ok := r.amountIn(r.versionAt(line, at), measure); ok {
				lines = append(lines, line)
			}
		})
	}
	slices.SortStableFunc(lines, func(a, b int32) int { return int(r.ranks[r.lines[a].to]) - int(r.ranks[r.lines[b].to]) })
	return lines
}

func (r *Rows) cascadeRow(line, measure int32, at AsOf) CascadeRow {
	l := r.lines[line]
	v := r.versionAt(line, at)
	a, _ := r.amountIn(v, measure)
	out := CascadeRow{
		Unit: r.unitValue(l.to), Issuance: r.issuanceValue(l.issuance), Value: r.valueText(a), Items: r.itemNames(a), Flags: []FlagCode{},
		Below: strconv.Itoa(r.below(l, measure, at)), Events: r.eventRefs(r.issuances[l.issuance].made, r.versions[v].event),
	}
	b := r.book(measure, at)
	t, err := attribution.TraceLine(b, r.kind(measure), r.harder(measure), l.issuance, l.to)
	if err != nil {
		return out
	}
	if n := len(t.Steps); n > 0 && t.Steps[n-1].Issuance == l.issuance {
		s := t.Steps[n-1].Amount.String()
		out.Step, out.Ratio = &s, stepRatio(t.Steps[n-1])
	}
	w := walk{r, b, r.chain(l.issuance, b), l.to}
	for _, f := range w.flags(line, t) {
		if !slices.Contains(out.Flags, f.Code) {
			out.Flags = append(out.Flags, f.Code)
		}
	}
	return out
}

// below counts the lines a receiver passed on in turn, on this basis.
func (r *Rows) below(l lineRow, measure int32, at AsOf) int {
	n := 0
	for _, g := range r.restingOn[l.issuance] {
		row := &r.groups[g]
		if row.issuer != l.to || row.measure != measure {
			continue
		}
		n += int(r.book(measure, at).sums(row).lines)
		if !r.isSum(measure) {
			n += len(r.linesFrom(row.members, measure, at))
		}
	}
	return n
}

// subtree adds up levels below some issuances, by walking down. What is kept
// up to date for the whole measure is the same sum.
func (r *Rows) subtree(tops []int32, measure int32, at AsOf) [unit.Levels]levelRow {
	var levels [unit.Levels]levelRow
	b := r.book(measure, at)
	seen := map[int32]bool{}    // issuances
	counted := map[int32]bool{} // units
	groups := map[int32]bool{}
	pending := slices.Clone(tops)
	for len(pending) > 0 { // ends: each issuance is taken once
		h := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if seen[h] {
			continue
		}
		seen[h] = true
		r.addGroup(&levels, groups, h, b)
		r.allLines(h, func(line int32) {
			a, ok := r.amountIn(r.versionAt(line, at), measure)
			if !ok {
				return
			}
			to := r.lines[line].to
			level := &levels[r.units[to].level]
			if !counted[to] {
				counted[to] = true
				level.units++
			}
			if r.isSum(measure) {
				level.received.Add(a.value)
			}
		})
		for _, g := range r.restingOn[h] {
			if r.groups[g].measure == measure {
				for _, x := range r.groups[g].members {
					if r.inForce(x, at) {
						pending = append(pending, x)
					}
				}
			}
		}
	}
	return levels
}

func (r *Rows) addGroup(levels *[unit.Levels]levelRow, seen map[int32]bool, h int32, b book) {
	g := r.groupOf(h, b.measure)
	if g == none || seen[g] || !r.isSum(b.measure) || !r.groups[g].hasBasis {
		return
	}
	seen[g] = true
	addition, err := attribution.NodeAddition(b, h)
	if err != nil {
		return
	}
	level := &levels[r.units[r.issuances[h].issuer].level]
	level.added = level.added.Add(addition)
	level.adding += positive(addition)
}

// sums turns level rows into what people read, leaving out levels without a
// part.
func (r *Rows) sums(levels [unit.Levels]levelRow, measure int32) []LevelSum {
	out := []LevelSum{}
	for l := unit.Central; l < unit.Levels; l++ {
		row := levels[l]
		if row.units == 0 && row.adding == 0 && row.added.IsZero() {
			continue
		}
		s := LevelSum{Level: l, Units: strconv.Itoa(int(row.units)), Adding: strconv.Itoa(int(row.adding))}
		if r.isSum(measure) {
			received, added := row.received.String(), row.added.String()
			s.Received, s.Added = &received, &added
		}
		out = append(out, s)
	}
	return out
}
