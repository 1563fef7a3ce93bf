package view

import (
	"cmp"
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
// under, from where it begins. nil where mandate or measure was not on record.
func (r *Rows) Cascade(mandateID, measure, under string, at AsOf, p Paging) (*Cascade, error) {
	m := r.mandateAt.of(mandateID)
	if m == none {
		return nil, nil
	}
	x := r.measureOf(m, measure)
	if x == none || !r.sees(at, r.measures[x].event) {
		return nil, nil
	}
	c := &Cascade{Mandate: r.mandateThen(m, at), Measure: r.measureValue(x), AsOf: r.asOf(at)}
	b := r.book(x, at)
	var tops []int32 // issuances the rows below come from
	u := none
	if under == "" {
		tops = b.beginnings()
	} else {
		if u = r.unitOf(under); u == none {
			return nil, ledger.Errorf(ledger.NotFound, "unit.unknown", "没有代码为“%s”的单位。", "There is no unit %q.", under).At("under")
		}
		top := r.unitThen(u, at)
		c.Under, tops = &top, b.issuedBy(u)
	}
	levels, err := b.levelsBelow(u, tops)
	if err != nil {
		return nil, err
	}
	c.Levels = r.sums(levels, x)
	known := map[int32][]FlagCode{}
	c.Rows, err = page(p, b.linesFrom(tops), func(line int32) CascadeRow { return b.cascadeRow(line, known) })
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

// beginnings are the issuances in force of the measure whose issuers received
// nothing of it by what they rest on.
func (b book) beginnings() []int32 {
	groups := b.rows.measures[b.measure].groups
	if b.at == Now {
		groups = b.rows.measures[b.measure].roots // kept up to date
	}
	var tops []int32
	for _, g := range groups {
		if b.at == Now || !b.receives(g) {
			tops = append(tops, b.standing(b.rows.groups[g].members)...)
		}
	}
	slices.Sort(tops)
	return tops
}

// receives reports whether the issuer of a group received anything of the
// measure by its bases.
func (b book) receives(g int32) bool {
	row := &b.rows.groups[g]
	return slices.ContainsFunc(row.basis, func(x int32) bool { _, ok := b.Line(x, row.issuer); return ok })
}

// standing are those of some issuances that are in force.
func (b book) standing(issuances []int32) []int32 {
	var in []int32
	for _, h := range issuances {
		if b.rows.inForce(h, b.at) {
			in = append(in, h)
		}
	}
	return in
}

// issuedBy lists a unit's issuances, oldest first.
func (r *Rows) issuedBy(u int32) []int32 {
	var all []int32
	for h := r.units[u].issued; h != none; h = r.issuances[h].before {
		all = append(all, h)
	}
	slices.Reverse(all)
	return all
}

// issuedBy are a unit's issuances in force of the measure.
func (b book) issuedBy(u int32) []int32 {
	return slices.DeleteFunc(b.standing(b.rows.issuedBy(u)), func(h int32) bool { return b.rows.groupOf(h, b.measure) == none })
}

// linesFrom lists the lines of issuances that carry the measure, by receiver's
// code.
func (b book) linesFrom(tops []int32) []int32 {
	r := b.rows
	var lines []int32
	for _, h := range tops {
		for line := range r.linesIn(h) {
			if _, ok := b.amountOf(line); ok {
				lines = append(lines, line)
			}
		}
	}
	byRank := func(x, y int32) int { return cmp.Compare(r.ranks[r.lines[x].to], r.ranks[r.lines[y].to]) }
	if !slices.IsSortedFunc(lines, byRank) {
		slices.SortStableFunc(lines, byRank)
	}
	return lines
}

// cascadeRow is one receiver: its own line's step and flags. Those of the
// chain above stand in its trace. known holds the flags of issuances that
// other rows have asked for.
func (b book) cascadeRow(line int32, known map[int32][]FlagCode) CascadeRow {
	r, l := b.rows, b.rows.lines[line]
	v := r.versionAt(line, b.at)
	a, _ := r.amountIn(v, b.measure)
	out := CascadeRow{
		Unit: r.unitThen(l.to, b.at), Issuance: r.issuanceThen(l.issuance, b.at), Value: r.valueText(a), Items: r.itemNames(a), Flags: []FlagCode{},
		Below: strconv.Itoa(b.below(l)), Events: r.eventRefs(r.issuances[l.issuance].made, r.versions[v].event),
	}
	step, ok := attribution.OwnStep(b, r.kind(b.measure), r.harder(b.measure), l.issuance, l.to)
	if ok {
		s := step.Amount.String()
		out.Step, out.Ratio = &s, stepRatio(step)
	}
	common, ok := known[l.issuance]
	if !ok {
		common = flagCodesOf(nil, b.issuanceFlags(l.issuance))
		known[l.issuance] = common
	}
	out.Flags = append(flagCodesOf(out.Flags, r.skipLevel(l.issuance, l.to)), common...)
	if step.BaseMismatch {
		out.Flags = append(out.Flags, BaseMismatch)
	}
	out.Flags = flagCodesOf(out.Flags, b.lineFlags(line))
	return out
}

// flagCodesOf puts the codes of flags behind others, each once.
func flagCodesOf(to []FlagCode, flags []Flag) []FlagCode {
	for _, f := range flags {
		if !slices.Contains(to, f.Code) {
			to = append(to, f.Code)
		}
	}
	return to
}

// below counts the units a receiver passed the measure on to, on this basis.
func (b book) below(l lineRow) int {
	n := 0
	for _, g := range b.rows.issuances[l.issuance].resting {
		if row := &b.rows.groups[g]; row.issuer == l.to && row.measure == b.measure {
			n += int(b.sumsOf(g).lines)
		}
	}
	return n
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
