package breakdown

import (
	"slices"

	"suyuan/services/exact"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

// totalRow is a row of totals, and how many receivers stood above it.
type totalRow struct {
	row, before int
	grand, part bool
}

// addUp holds every total against the rows it sums: 总计 and the only 合计 all
// of them, 小计 those up to the one before, or where the first stands above
// its rows, those down to the next.
func (r *reader) addUp() {
	words := 0
	onTop := false
	for i, t := range r.totals {
		if !t.part && !t.grand {
			words++
		}
		onTop = onTop || t.part && t.before == 0 && i <= 1
	}
	for i, t := range r.totals {
		from, to := 0, len(r.s.Rows)
		whole := t.grand || !t.part && (words == 1 || i > 0 && r.totals[i-1].before == t.before)
		switch {
		case whole:
		case onTop:
			from, to = t.before, r.until(i)
		default:
			from, to = r.since(i), t.before
		}
		r.hold(t, from, to, whole)
	}
}

// since is where the rows begin that the total i sums.
func (r *reader) since(i int) int {
	for i--; i >= 0; i-- {
		if r.totals[i].part || r.totals[i].before > 0 {
			return r.totals[i].before
		}
	}
	return 0
}

// until is where the rows end that the total i stands above.
func (r *reader) until(i int) int {
	for i++; i < len(r.totals); i++ {
		return r.totals[i].before
	}
	return len(r.s.Rows)
}

// hold holds one total against its rows. What does not divide has no sum: of
// such a row a person is told that nothing was compared.
func (r *reader) hold(t totalRow, from, to int, whole bool) {
	divides := false
	for col := range r.counting() {
		c := r.h.columns[col]
		m := r.s.opt.Measures[c.measure]
		at := r.g.at(t.row, col)
		divides = divides || m.Kind == mandate.Divisible
		if m.Kind != mandate.Divisible || at.kind == blank || r.spoilt[col] {
			continue
		}
		if at.kind == unsolved {
			r.notice(t.row, col, "合计是公式，文件里没有它的结果，未作核对。", "The total is a formula without its result and was not compared.")
			continue
		}
		var stated exact.Decimal
		if p := r.number(t.row, col, at, m, &stated); p != nil {
			r.problems.Add(*p)
			continue
		}
		r.compare(t, col, stated, r.sum(col, from, to, whole), whole)
	}
	if !divides {
		r.notice(t.row, -1, "这一行按合计处理；表中的指标不是可分数量，没有核对。", "This row is taken for a total; the sheet's measures do not divide, and nothing was compared.")
	}
}

// sum adds one column up; what the issuer keeps counts in the whole.
func (r *reader) sum(col, from, to int, whole bool) exact.Sum {
	var sum exact.Sum
	c := r.h.columns[col]
	add := func(row Row) {
		for _, f := range row.Figures {
			if f.measure != c.measure {
				continue
			}
			if c.role == roleValue {
				sum.Add(f.exact)
			} else if base, err := exact.ParseDecimal(f.base); err == nil {
				sum.Add(base)
			}
		}
	}
	for _, row := range r.s.Rows[from:to] {
		add(row)
	}
	if whole && r.s.Kept != nil {
		add(*r.s.Kept)
	}
	return sum
}

func (r *reader) compare(t totalRow, col int, stated exact.Decimal, sum exact.Sum, whole bool) {
	c := r.h.columns[col]
	if whole && c.role == roleValue {
		r.s.Totals[c.measure] = stated
	}
	var said exact.Sum
	if said.Add(stated); said.Cmp(sum) == 0 {
		return
	}
	if !r.s.opt.AcceptTotals && !(whole && c.role == roleValue && r.recorded(c.measure, stated)) {
		r.problem(t.row, col, "合计写的是 %[1]s，各行相加是 %[2]s；请改正，或用 --accept-totals 照原样登记。", "The total says %[1]s and its rows add up to %[2]s; correct it, or take it as stated with --accept-totals.", stated.String(), sum.String())
		return
	}
	if whole && c.role == roleValue {
		r.s.Stated[c.measure] = Stated{stated, t.row + 1}
		return
	}
	r.notice(t.row, col, "合计写的是 %[1]s，各行相加是 %[2]s；只有任务数的总合计照原样登记，这一处没有登记。", "The total says %[1]s and its rows add up to %[2]s; only the whole total of what is asked is recorded as stated, this one is not.", stated.String(), sum.String())
}

// recorded reports whether the record states a total just so.
func (r *reader) recorded(measure int, total exact.Decimal) bool {
	id := r.s.opt.Measures[measure].ID()
	return slices.ContainsFunc(r.s.opt.Recorded, func(a issuance.Amount) bool { return a.Measure == id && sameValue(a.Value, total.String()) })
}

// Sum is what all rows ask of one measure together.
type Sum struct {
	Measure Measure
	Total   string
	Rows    int // that ask for it
}

// Sums adds up what the sheet hands down of each measure that divides.
func (s *Sheet) Sums() (all []Sum) {
	for i, m := range s.opt.Measures {
		if _, ok := s.Columns[i]; !ok || m.Kind != mandate.Divisible {
			continue
		}
		var sum exact.Sum
		n := 0
		for _, row := range s.Rows {
			for _, f := range row.Figures {
				if f.measure == i {
					sum.Add(f.exact)
					n++
				}
			}
		}
		all = append(all, Sum{m, sum.String(), n})
	}
	return all
}
