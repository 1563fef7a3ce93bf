package view

import (
	"slices"

	"suyuan/services/attribution"
	"suyuan/services/exact"
	"suyuan/services/mandate"
)

// book lets attribution ask about one measure as of one moment.
type book struct {
	rows    *Rows
	measure int32
	at      AsOf
	past    map[int32]*sums // groups added up for another moment than now
	known   *bases          // what was found already; nil where nothing is asked twice
}

// bases remembers what the issuances of one chain rest on: a trace asks three
// times for each.
type bases struct {
	n  int
	of [8]struct {
		issuance int32
		basis    []int32
	}
}

func (k *bases) get(h int32) ([]int32, bool) {
	if k == nil {
		return nil, false
	}
	for i := range k.of[:k.n] {
		if k.of[i].issuance == h {
			return k.of[i].basis, true
		}
	}
	return nil, false
}

func (k *bases) put(h int32, basis []int32) {
	if k != nil && k.n < len(k.of) {
		k.of[k.n].issuance, k.of[k.n].basis = h, basis
		k.n++
	}
}

func (r *Rows) book(measure int32, at AsOf) book {
	b := book{rows: r, measure: measure, at: at}
	if at != Now {
		b.past = map[int32]*sums{}
	}
	return b
}

// Issuer is the issuing unit's handle.
func (b book) Issuer(h int32) int32 { return b.rows.issuances[h].issuer }

// Basis leaves out what does not bring the mandate: what was taken back hands
// nothing down, and what hands down another mandate is no basis of this one.
func (b book) Basis(h int32) []int32 {
	basis, ok := b.known.get(h)
	if !ok {
		basis = b.standingBasis(h)
		b.known.put(h, basis)
	}
	return basis
}

func (b book) standingBasis(h int32) []int32 {
	row := &b.rows.issuances[h]
	for i, x := range row.basis {
		if !b.brings(x, row.issuer) {
			kept := slices.Clone(row.basis[:i])
			for _, y := range row.basis[i+1:] {
				if b.brings(y, row.issuer) {
					kept = append(kept, y)
				}
			}
			return kept
		}
	}
	return row.basis
}

// brings reports whether an issuance in force asks a unit for anything of the
// measure's mandate.
func (b book) brings(h, to int32) bool {
	r, line := b.rows, b.rows.lineTo(h, to)
	if line == none || !r.inForce(h, b.at) {
		return false
	}
	v := r.versionAt(line, b.at)
	return v != none && slices.ContainsFunc(r.amounts[r.versions[v].first:r.versions[v].first+r.versions[v].count], func(a amountRow) bool {
		return r.measures[a.measure].mandate == r.measures[b.measure].mandate
	})
}

// Merge is what the issuance says of its bases.
func (b book) Merge(h int32) attribution.Merge {
	switch b.rows.issuances[h].merge[b.measure] {
	case "sum":
		return attribution.MergeSum
	case "strictest":
		return attribution.MergeStrictest
	case "union":
		return attribution.MergeUnion
	}
	return attribution.MergeDefault
}

// Line is the line in force from an issuance to a unit.
func (b book) Line(h, to int32) (attribution.Line, bool) {
	if !b.rows.inForce(h, b.at) {
		return attribution.Line{}, false
	}
	a, ok := b.amount(h, to)
	if !ok {
		return attribution.Line{}, false
	}
	return attribution.Line{Value: b.rows.rat(a), Base: exact.FromDecimal(a.base), HasBase: a.hasBase}, true
}

func (b book) amount(h, to int32) (amountRow, bool) {
	line := b.rows.lineTo(h, to)
	if line == none {
		return amountRow{}, false
	}
	return b.amountOf(line)
}

// Items lists what a line of a set asks for.
func (b book) Items(h, to int32) []int32 {
	a, ok := b.amount(h, to)
	if !ok || a.list == none {
		return nil
	}
	return b.rows.lists[a.list]
}

// Totals sums the issuance's group.
func (b book) Totals(h int32) attribution.Totals {
	g := b.rows.groupOf(h, b.measure)
	if g == none {
		return attribution.Totals{}
	}
	s := b.sumsOf(g)
	return attribution.Totals{
		Value: s.value.Rat(), BaseOnRecord: s.based.Rat(), ValueWithoutBase: s.withoutBase.Rat(),
		Retained: s.retained.Rat(), AnyBase: s.withBase > 0,
	}
}

// rat is an amount as attribution takes it: a frequency per 30 days.
func (r *Rows) rat(a amountRow) exact.Rat {
	return r.rate(a.value, a.days)
}

// rate is a figure as everything counts with it: a frequency per 30 days.
func (r *Rows) rate(value exact.Decimal, days int32) exact.Rat {
	if days > 0 {
		return exact.Frequency{Count: int64(value), Days: int64(days)}.Per30()
	}
	return exact.FromDecimal(value)
}

func (r *Rows) kind(measure int32) attribution.Kind {
	switch r.measures[measure].def.Kind {
	case mandate.Intensity:
		return attribution.Intensity
	case mandate.Set:
		return attribution.Set
	}
	return attribution.Divisible
}

func (r *Rows) harder(measure int32) attribution.Harder {
	if r.measures[measure].def.Harder == "lower" {
		return attribution.HarderLower
	}
	return attribution.HarderHigher
}

// isSum reports whether values of a measure add up.
func (r *Rows) isSum(measure int32) bool { return r.measures[measure].def.Kind == mandate.Divisible }
