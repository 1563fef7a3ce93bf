package breakdown

import (
	"slices"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/mandate"
)

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
	if p := r.formatted(row, col, c, m); p != nil {
		return p
	}
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
