package breakdown

import (
	"slices"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/mandate"
)

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

// figures reads what a row asks for. What can be read is kept though another
// figure cannot, so that the totals are held against all that is there.
func (r *reader) figures(row int, out *Row, kept bool) {
	good := true
	for i, m := range r.s.opt.Measures {
		set, ok := r.s.Columns[i]
		if !ok || r.shared(row, set.value) || r.shared(row, set.base) {
			good = good && !ok
			continue
		}
		f := figures{measure: i}
		state := r.value(row, set.value, m, &f)
		good = r.base(row, set.base, m, state, kept, &f) && state != bad && good
		if state != absent {
			out.Figures = append(out.Figures, f)
		}
	}
	if good && len(out.Figures) == 0 {
		r.problem(row, r.firstValue(), "没有填；没有任务的单位请删去整行，任务为零的请填 0。", "Nothing is filled in; delete the row of a unit without a task, and write 0 where it is zero.")
	}
}

func (r *reader) firstValue() int {
	for col, c := range r.h.columns {
		if c.role == roleValue {
			return col
		}
	}
	return -1
}

// shared reports a figure that one merged cell gives several rows or columns.
func (r *reader) shared(row, col int) bool {
	a, ok := r.g.merged[[2]int{row, col}]
	if !ok || col < 0 || r.g.filled(row, col).kind == blank {
		return false
	}
	r.spoilt[col] = true
	if a.top == row {
		r.problem(row, col, "合并单元格 %s%d:%s%d 里只有一个数，看不出各是多少；请取消合并，逐格填写。", "The merged cell %s%d:%s%d holds one figure for several; take the merging back and fill in each.",
			columnName(a.left), a.top+1, columnName(a.right), a.bottom+1)
	}
	return true
}

// state of a cell with a figure.
type state uint8

const (
	absent state = iota
	given
	bad
)

// none are texts that stand for an empty cell.
var none = []string{"-", "--", "—", "——", "/", "无", "一", "n/a"}

func (r *reader) value(row, col int, m Measure, f *figures) state {
	c := r.g.at(row, col)
	if c.kind == blank || c.kind == text && slices.Contains(none, tight(c.text)) {
		return absent
	}
	var wrong *Problem
	switch {
	case m.Kind == mandate.Set:
		f.items = itemsOf(c.text)
		return given
	case m.IsFrequency():
		wrong = r.frequency(row, col, c, f)
	default:
		wrong = r.number(row, col, c, m, &f.exact)
		f.value = f.exact.String()
	}
	if wrong != nil {
		r.problems.Add(*wrong)
		r.spoilt[col] = true
		return bad
	}
	return given
}

func (r *reader) number(row, col int, c cell, m Measure, to *exact.Decimal) *Problem {
	v, wrong := readFigure(c, r.h.columns[col].unit, m.Unit)
	if wrong == nil {
		*to = v
		return nil
	}
	p := r.place(row, col)
	p.Text = *wrong
	return &p
}

func (r *reader) frequency(row, col int, c cell, f *figures) *Problem {
	v, err := exact.ParseFrequency(strings.ReplaceAll(plain(c.text), " ", ""))
	if err == nil && c.kind == text {
		f.value = v.String()
		return nil
	}
	p := r.place(row, col)
	p.Text = say("频次应以文本写成“次数/天数”，如每七天一次写 1/7；这里是“%s”。", "A frequency is written as text, times/days: once a week is 1/7; this is %q.", c.text)
	return &p
}

// itemsOf takes a list apart: by lines where it has lines, else by the signs
// that stand between the items of a list.
func itemsOf(s string) []string {
	by := func(c rune) bool { return strings.ContainsRune("、,，;；", c) }
	if strings.Contains(s, "\n") {
		by = func(c rune) bool { return c == '\n' }
	}
	var items []string
	for _, item := range strings.FieldsFunc(s, by) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func (r *reader) base(row, col int, m Measure, value state, kept bool, f *figures) bool {
	c := r.g.at(row, col)
	if col < 0 || c.kind == blank || c.kind == text && slices.Contains(none, tight(c.text)) || kept {
		return true
	}
	if value == absent {
		r.problem(row, col, "有基数而没有填任务数。", "There is a base but nothing is asked for.")
		return false
	}
	var v exact.Decimal
	if p := r.number(row, col, c, m, &v); p != nil {
		r.problems.Add(*p)
		r.spoilt[col] = true
		return false
	}
	f.base = v.String()
	return true
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
