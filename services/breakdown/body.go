package breakdown

import "slices"

// body reads the rows below the headings.
func (r *reader) body() {
	for row := r.h.bottom + 1; row < len(r.g.rows); row++ {
		if r.g.empty(row) {
			continue
		}
		switch {
		case r.g.hidden[row]:
			r.problem(row, -1, "这一行是隐藏的；请取消隐藏或筛选，核对后再报，不要的行请删去。", "This row is hidden; show it and check it, or delete it.")
			for col := range r.counting() {
				r.spoilt[col] = true // its figures are in no sum
			}
		case r.isTotal(row):
		case r.isSection(row):
		case r.isFooter(row):
			r.notice(row, -1, "这一行是说明，已略过。", "This row is a note and is passed over.")
		default:
			r.receiver(row)
		}
		if len(r.s.Rows) > MaxRows {
			r.problem(row, -1, "接收单位超过 %d 个；请拆成几份。", "There are more than %d receivers; split the sheet.", MaxRows)
			return
		}
	}
}

// labels are a row's texts outside of its figures.
func (r *reader) labels(row int) (out []string) {
	for col := range r.g.rows[row] {
		c := r.g.at(row, col)
		if c.kind == text && (col >= len(r.h.columns) || !r.h.columns[col].counts() && r.h.columns[col].role != roleDue) {
			out = append(out, c.text)
		}
	}
	return out
}

func (r *reader) isTotal(row int) bool {
	for _, s := range r.labels(row) {
		if grand, ok := totals(s); ok {
			r.totals = append(r.totals, totalRow{row: row, before: len(r.s.Rows), grand: grand, part: isPart(s)})
			r.superiors(row) // a subtotal above its rows names their township
			return true
		}
	}
	return false
}

// isSection tells a heading between the rows: one text over the whole width,
// such as a township's name over its villages.
func (r *reader) isSection(row int) bool {
	first := slices.IndexFunc(r.g.rows[row], func(c cell) bool { return c.kind != blank })
	a, ok := r.g.merged[[2]int{row, first}]
	if !ok || !a.wide() || footer(r.g.at(row, first).text) {
		return false
	}
	for col, c := range r.h.columns {
		if c.role == roleValue && (col < a.left || col > a.right) {
			return false
		}
	}
	r.section = &within{name: plain(r.g.at(row, first).text), col: first}
	return true
}

// isFooter tells a note: no figure stands in the row, and it begins as notes
// do or reaches over columns that are not its own.
func (r *reader) isFooter(row int) bool {
	labels := r.labels(row)
	if len(labels) == 0 || !footer(labels[0]) || r.codeIn(row) != "" {
		return false
	}
	return !slices.ContainsFunc(slices.Collect(r.counting()), func(col int) bool { return r.g.at(row, col).kind == number })
}

func (r *reader) counting() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for col, c := range r.h.columns {
			if c.counts() && !yield(col) {
				return
			}
		}
	}
}

func (r *reader) receiver(row int) {
	out := Row{At: row + 1, Within: r.superiors(row)}
	if name := r.who[len(r.who)-1]; name >= 0 {
		out.Name = plain(r.g.filled(row, name).text)
	}
	out.Code = r.codeIn(row)
	if out.Code == "" && out.Name == "" {
		r.problem(row, max(r.who[len(r.who)-1], -1), "没有写接收单位。", "No receiver is named.")
		return
	}
	kept := out.Code == "" && keeps(out.Name)
	r.figures(row, &out, kept)
	r.due(row, &out)
	switch {
	case kept && r.s.Kept != nil:
		r.problem(row, -1, "第 %d 行已经写了本级自留。", "Row %d says already what the issuer keeps.", r.s.Kept.At)
	case kept:
		r.s.Kept = &out
	default:
		r.s.Rows = append(r.s.Rows, out)
	}
}

// codeIn is the code that a row gives, if any.
func (r *reader) codeIn(row int) string {
	for col, c := range r.h.columns {
		if s := r.code(row, col); c.role == roleCode && s != "" {
			return s
		}
	}
	return ""
}

func (r *reader) code(row, col int) string {
	c := r.g.filled(row, col)
	if c.kind == number {
		return shortest(c.text)
	}
	return tight(c.text)
}

// superiors reads the columns of the levels above; a blank cell says what the
// one above it said.
func (r *reader) superiors(row int) []within {
	above := r.who[:len(r.who)-1]
	if len(r.inherits) != len(above) {
		r.inherits = make([]within, len(above))
	}
	for i, col := range above {
		c := r.g.filled(row, col)
		if _, total := totals(c.text); c.kind != blank && !total {
			r.inherits[i] = within{plain(c.text), col, true}
		}
	}
	all := slices.DeleteFunc(slices.Clone(r.inherits), func(w within) bool { return w.name == "" })
	if r.section != nil {
		all = append(all, *r.section)
	}
	return all
}

func (r *reader) due(row int, out *Row) {
	out.Due = r.s.opt.due()
	for col, c := range r.h.columns {
		if c.role != roleDue || r.g.filled(row, col).kind == blank {
			continue
		}
		t, wrong := readDue(r.g.filled(row, col), r.g.from1904)
		if wrong != nil {
			p := r.place(row, col)
			p.Text = *wrong
			r.problems.Add(p)
			return
		}
		out.Due = &t
	}
}
