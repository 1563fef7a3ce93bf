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

// isTotal tells a row of totals by the word that stands where other rows name
// their receiver. A remark such as 上年累计 makes no total of a row, and a row
// with a code is somebody's.
func (r *reader) isTotal(row int) bool {
	col := r.totalIn(row)
	if col < 0 || r.codeIn(row) != "" {
		return false
	}
	word := r.g.at(row, col).text
	if also := r.namedBelow(row, col); also >= 0 {
		r.problem(row, col, "“%[1]s”是合计的写法，而这一行 %[2]s 列又写了“%[3]s”，看不出是合计还是接收单位；请只留一处。",
			"%[1]q says a total and column %[2]s of this row names %[3]q; it could be either, so keep one of them.", word, columnName(also), r.g.at(row, also).text)
		for c := range r.counting() {
			r.spoilt[c] = true // whose figures these are is not known
		}
		return true
	}
	grand, _ := totals(word)
	if !totalAlone(word) {
		r.notice(row, col, "“%s”按合计处理，不是接收单位。", "%q is taken for a total, not for a receiver.", word)
	}
	r.totals = append(r.totals, totalRow{row: row, before: len(r.s.Rows), grand: grand, part: isPart(word)})
	r.superiors(row) // a subtotal above its rows names their township
	return true
}

// totalIn is the column in which a row says that it is a total, or -1. Where
// nobody is named at all, a running number may give way to the word.
func (r *reader) totalIn(row int) int {
	named := false
	for _, col := range r.who {
		c := r.g.at(row, col)
		if c.kind != text {
			continue
		}
		if _, ok := totals(c.text); ok {
			return col
		}
		named = true
	}
	for col, c := range r.h.columns {
		if at := r.g.at(row, col); !named && c.role == roleNote && col < r.firstValue() && at.kind == text && totalAlone(at.text) {
			return col
		}
	}
	return -1
}

// namedBelow is a column that names a receiver of a lower level than the one
// with the word for a total, or -1: 甲镇, 小计 is a subtotal, 小计, 东村 is not.
func (r *reader) namedBelow(row, word int) int {
	if !r.h.columns[word].identifies() {
		return -1
	}
	for _, col := range r.who[slices.Index(r.who, word)+1:] {
		c := r.g.at(row, col)
		if _, total := totals(c.text); c.kind != blank && !total {
			return col
		}
	}
	return -1
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

// isFooter tells a note: it begins as notes do, and where figures stand is
// nothing, or another such note.
func (r *reader) isFooter(row int) bool {
	labels := r.labels(row)
	if len(labels) == 0 || !footer(labels[0]) || r.codeIn(row) != "" {
		return false
	}
	return !slices.ContainsFunc(slices.Collect(r.counting()), func(col int) bool {
		c := r.g.at(row, col)
		return c.kind != blank && !(c.kind == text && footer(c.text))
	})
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
