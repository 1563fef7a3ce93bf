package breakdown

import (
	"regexp"
	"slices"
	"strings"
)

// A unit that a sheet says for all its figures: 单位：万亩, （单位：万亩）, 计量单位
// and the unit in the next cell, or a title that ends in （万亩）.
var (
	unitLabel = regexp.MustCompile(`(?:^|[\s()\[\]【】,;、])(?:计\s*量|数\s*量|面\s*积|金\s*额)?\s*单\s*位\s*:\s*([^\s()\[\]【】;]*)|(?:^|[\s()\[\],;])unit\s*:\s*([^\s()\[\];]*)`)
	inBracket = regexp.MustCompile(`[(\[【]([^()\[\]【】]*)[)\]】]`)
	unitAlone = []string{"计量单位", "数量单位", "面积单位", "金额单位", "单位"}
	// counted are units that are not converted, but are known for units.
	counted = list(`公里 千米 米 里 平方米 立方米 方 吨 公斤 千克 斤 克 户 人 人次 次 个 株 头 只 羽 棵 套 台 件 份 处 条 项 家 座 口 天 km m t kg`)
)

// saidUnit is a unit that the sheet gives for its figures, and where.
type saidUnit struct {
	row, col int
	unit     string
}

// unitsAbove reads what stands above the headings.
func (r *reader) unitsAbove() (all []saidUnit) {
	for row := range r.h.top {
		for col, c := range r.g.rows[row] {
			for _, u := range r.unitsIn(row, col, c) {
				if u = strings.Trim(tight(steerless(u)), ":.。、,()[]【】"); u != "" {
					all = append(all, saidUnit{row, col, u})
				}
			}
		}
	}
	return all
}

func (r *reader) unitsIn(row, col int, c cell) (all []string) {
	s := plain(c.text)
	labelled := false
	for _, m := range unitLabel.FindAllStringSubmatch(s, -1) {
		labelled = true
		if u := m[1] + m[2]; u != "" {
			all = append(all, apart(u)...)
		} else {
			all = append(all, apart(r.next(row, col))...)
		}
	}
	if labelled {
		return all
	}
	if next := r.next(row, col); slices.Contains(unitAlone, strings.Trim(tight(s), "()[]【】")) && r.isUnit(next) {
		return []string{next}
	}
	for _, m := range inBracket.FindAllStringSubmatch(tight(s), -1) {
		u := m[1]
		for _, word := range unitAlone {
			u = strings.TrimPrefix(u, word)
		}
		if r.isUnit(u) {
			all = append(all, u)
		}
	}
	return all
}

// next is the text of the next cell of a row that has one.
func (r *reader) next(row, col int) string {
	for col++; col < len(r.g.rows[row]); col++ {
		if c := r.g.at(row, col); c.kind != blank {
			return tight(c.text)
		}
	}
	return ""
}

// isUnit reports whether a text is a unit of measure and not some other word.
func (r *reader) isUnit(s string) bool {
	s = tight(s)
	base, _ := unitOf(s)
	if _, ok := known[base]; ok || s != "" && base == "" || slices.Contains(counted, base) {
		return true
	}
	return slices.ContainsFunc(r.s.opt.Measures, func(m Measure) bool {
		of, _ := unitOf(m.Unit)
		return s != "" && of == base
	})
}

// apart are the units of a list: 亩、万元.
func apart(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("、,;", c) })
}

// settleUnits says of every column of figures what they are in: its heading, a
// column 计量单位, what stands above the table, what was said on the command
// line, else the measure's own unit. A unit that fits nothing is refused: it
// would be another number.
func (r *reader) settleUnits() {
	var above, flag []saidUnit
	above = r.unitsAbove()
	for _, u := range apart(r.s.opt.Unit) {
		flag = append(flag, saidUnit{-1, -1, u})
	}
	rows := r.unitColumn()
	for col := range r.counting() {
		c := &r.h.columns[col]
		m := r.s.opt.Measures[c.measure]
		if c.unit != "" {
			if _, ok := conversion(c.unit, m.Unit); !ok {
				p := r.place(r.h.bottom, col)
				p.Text = *cannotConvert(c.unit, m.Unit)
				r.problems.Add(p)
			}
			r.agrees(col, rows, m)
			continue
		}
		for _, said := range [][]saidUnit{rows, above, flag} {
			if c.unit == "" {
				c.unit = r.oneOf(said, m)
			}
		}
	}
	r.allFit(rows)
	r.allFit(above)
	r.allFit(flag)
}

// agrees refuses a heading and a column 计量单位 that say different units.
func (r *reader) agrees(col int, rows []saidUnit, m Measure) {
	for _, u := range rows {
		a, ok := conversion(r.h.columns[col].unit, m.Unit)
		b, fits := conversion(u.unit, m.Unit)
		if ok && fits && a.Cmp(b) != 0 {
			r.problem(u.row, u.col, "这里写的是“%[1]s”，%[2]s 列的表头写的是“%[3]s”；请改成一样。", "This says %[1]q, the heading of column %[2]s says %[3]q; make them the same.", u.unit, columnName(col), r.h.columns[col].unit)
		}
	}
}

// oneOf is the unit of those said that fits a measure; two that come to
// different numbers are refused.
func (r *reader) oneOf(said []saidUnit, m Measure) string {
	found := ""
	for _, u := range said {
		times, ok := conversion(u.unit, m.Unit)
		if !ok {
			continue
		}
		if before, _ := conversion(found, m.Unit); found != "" && before.Cmp(times) != 0 {
			r.problem(u.row, u.col, "计量单位一处写“%[1]s”，一处写“%[2]s”；请改成一样。", "The unit of measure is %[1]q in one place and %[2]q in another; make them the same.", found, u.unit)
			continue
		}
		if found == "" {
			found = u.unit
		}
	}
	return found
}

// allFit refuses units that measure none of what may be handed down, and
// those of which none is for a column of this sheet.
func (r *reader) allFit(said []saidUnit) {
	here := len(said) == 0
	fits := func(unit, of string) bool { _, ok := conversion(unit, of); return ok }
	for _, u := range said {
		for i := range r.s.Columns {
			here = here || fits(u.unit, r.s.opt.Measures[i].Unit)
		}
		if !slices.ContainsFunc(r.s.opt.Measures, func(m Measure) bool { return fits(u.unit, m.Unit) }) {
			r.misfit(u)
			return
		}
	}
	if !here {
		r.misfit(said[0])
	}
}

func (r *reader) misfit(u saidUnit) {
	var units []string
	for i := range r.s.opt.Measures {
		if _, ok := r.s.Columns[i]; ok {
			units = append(units, r.s.opt.Measures[i].Unit)
		}
	}
	where := r.place(u.row, u.col)
	where.Heading = ""
	where.Text = say("计量单位“%[1]s”不能换算成表中指标的单位“%[2]s”；请改正，或删去（填表的单位请写“填报单位”）。",
		"The unit of measure %[1]q cannot be converted to that of the sheet's measures, %[2]q; correct it, or delete it (an office that fills in the sheet is 填报单位).", u.unit, strings.Join(units, "、"))
	r.problems.Add(where)
}

// unitColumn reads a column 计量单位: one unit for all rows with figures.
func (r *reader) unitColumn() (said []saidUnit) {
	for col, c := range r.h.columns {
		if c.role != roleUnit {
			continue
		}
		for row := r.h.bottom + 1; row < len(r.g.rows); row++ {
			s := tight(r.g.filled(row, col).text)
			if s == "" && (r.totalIn(row) >= 0 || !r.hasFigure(row)) || s != "" && len(said) > 0 && said[0].unit == s {
				continue
			}
			if s != "" && len(said) == 0 {
				if !r.hasFigure(row) {
					continue // a note beneath
				}
				said = append(said, saidUnit{row, col, s})
				continue
			}
			if r.hasFigure(row) {
				r.problem(row, col, "这一列的计量单位各行应当相同，且每行都写；请改成一种单位。", "This column must say the same unit of measure in every row; make it one.")
				return said
			}
		}
	}
	return said
}

func (r *reader) hasFigure(row int) bool {
	return slices.ContainsFunc(slices.Collect(r.counting()), func(col int) bool { return r.g.at(row, col).kind != blank })
}
