package breakdown

import (
	"context"
	"slices"
	"strings"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Line is what one row asks of one unit.
type Line struct {
	At   int // the row
	Name string
	issuance.Line
}

// Resolve finds the unit that each row means: by its code, else by its exact
// name within the issuer's territory. checked is called after each row.
func (s *Sheet) Resolve(ctx context.Context, a Ask, issuer string, checked func()) ([]Line, *Problems, error) {
	r := resolver{ask: a, sheet: s, issuer: issuer, names: map[string][]Unit{}, first: map[string]int{}}
	var lines []Line
	for _, row := range s.Rows {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		u, err := r.unit(ctx, row)
		if err != nil {
			return nil, nil, err
		}
		if u != nil && r.fits(row, *u) {
			lines = append(lines, s.line(row, *u))
		}
		checked()
	}
	return lines, &r.problems, nil
}

type resolver struct {
	ask      Ask
	sheet    *Sheet
	issuer   string
	names    map[string][]Unit // asked already
	first    map[string]int    // the row of a unit
	problems Problems
}

func (r *resolver) problem(row Row, is func(column) bool, zh, en string, args ...any) {
	p := Problem{Sheet: r.sheet.Name, Row: row.At, Text: say(zh, en, args...)}
	if col := slices.IndexFunc(r.sheet.heads, is); col >= 0 {
		p.Col, p.Heading = col+1, strings.Join(strings.Fields(r.sheet.heads[col].heading), "")
	}
	r.problems.Add(p)
}

func isCode(c column) bool { return c.role == roleCode }

// isName is the column receivers' names stand in.
func (r *resolver) isName(c column) bool {
	if slices.ContainsFunc(r.sheet.heads, func(c column) bool { return c.role == roleName }) {
		return c.role == roleName
	}
	lowest := -1
	for _, h := range r.sheet.heads {
		if h.role == roleLevel {
			lowest = max(lowest, h.level)
		}
	}
	return c.role == roleLevel && c.level == lowest
}

// unit is nil where the row's receiver was not found, and why is told.
func (r *resolver) unit(ctx context.Context, row Row) (*Unit, error) {
	if row.Code != "" {
		return r.byCode(ctx, row)
	}
	found, err := r.named(ctx, row.Name)
	if err != nil {
		return nil, err
	}
	exact := slices.DeleteFunc(slices.Clone(found), func(u Unit) bool { return plain(u.Name) != row.Name || u.Merged })
	if len(exact) > 1 {
		if narrow := slices.DeleteFunc(slices.Clone(exact), func(u Unit) bool { return !row.lies(u, false) }); len(narrow) > 0 {
			exact = narrow
		}
	}
	switch len(exact) {
	case 1:
		return &exact[0], nil
	case 0:
		r.unknown(row, found)
	default:
		r.problem(row, r.isName, "“%[1]s”有几个：%[2]s；请加一列代码，写明是哪一个。", "%[1]q is the name of several: %[2]s; add a column with codes and say which.", row.Name, some(exact))
	}
	return nil, nil
}

func (r *resolver) unknown(row Row, found []Unit) {
	if len(found) == 0 {
		r.problem(row, r.isName, "%[2]s 的区域内没有名为“%[1]s”的单位；请写登记的全称，或加一列代码。", "There is no unit named %[1]q in the territory of %[2]s; write the name as registered, or add a column with codes.", row.Name, r.issuer)
		return
	}
	r.problem(row, r.isName, "没有名为“%[1]s”的单位；相近的有 %[2]s，请写全称或代码。", "There is no unit named %[1]q; near it are %[2]s. Write the whole name, or the code.", row.Name, some(found))
}

// some names a few units with their codes.
func some(units []Unit) whole {
	const few = 5
	var out []string
	for _, u := range units[:min(len(units), few)] {
		out = append(out, seen(u.Name)+" "+seen(u.Code))
	}
	if len(units) > few {
		out = append(out, "…")
	}
	return whole(strings.Join(out, ", "))
}

func (r *resolver) named(ctx context.Context, name string) ([]Unit, error) {
	if found, ok := r.names[name]; ok {
		return found, nil
	}
	found, err := unitsNamed(ctx, r.ask, name, unit.Territory(r.issuer))
	r.names[name] = found
	return found, err
}

// byCode takes a code as it is, else without the zeros that other tables pad
// it with to six or twelve digits.
func (r *resolver) byCode(ctx context.Context, row Row) (*Unit, error) {
	for _, code := range codes(row.Code) {
		u, err := unitByCode(ctx, r.ask, code)
		if u != nil || err != nil {
			return u, err
		}
	}
	if !unit.ValidCode(row.Code) {
		r.problem(row, isCode, "单位代码“%s”不合规范：区划代码为 2、4、6、9 或 12 位数字。", "The unit code %q is not well-formed: a division code has 2, 4, 6, 9 or 12 digits.", row.Code)
		return nil, nil
	}
	r.problem(row, isCode, "没有代码为“%s”的单位，请先登记单位或核对代码。", "There is no unit %q; register it first or check the code.", row.Code)
	return nil, nil
}

func codes(code string) []string {
	all := []string{code}
	for _, n := range []int{9, 6, 4, 2} {
		if (len(code) == 12 || len(code) == 6) && n < len(code) && strings.Trim(code[n:], "0") == "" {
			all = append(all, code[:n])
		}
	}
	return slices.DeleteFunc(all, func(c string) bool { return !unit.ValidCode(c) })
}

// lies reports whether a unit lies below the superiors that the row names; a
// heading between the rows counts only where it helps to choose.
func (row Row) lies(u Unit, strictOnly bool) bool {
	for _, w := range row.Within {
		if (w.strict || !strictOnly) && !slices.ContainsFunc(u.Above, func(name string) bool { return plain(name) == w.name }) {
			return false
		}
	}
	return true
}

// fits holds what was found against all the row says of it.
func (r *resolver) fits(row Row, u Unit) bool {
	before, twice := r.first[u.Code]
	switch {
	case row.Code != "" && row.Name != "" && plain(u.Name) != row.Name:
		r.problem(row, r.isName, "代码 %[1]s 登记的是“%[2]s”，表中写的是“%[3]s”；请核对。", "The code %[1]s is registered as %[2]q, the sheet says %[3]q; check which is meant.", u.Code, u.Name, row.Name)
	case u.Merged:
		r.problem(row, r.isName, "单位 %s 已并入其他单位，不能再派给它。", "Unit %s was merged into another and takes nothing new.", u.Code)
	case u.Code == r.issuer:
		r.problem(row, r.isName, "%s 不能给自己下达；本单位自留的部分，单位一栏请写“本级”。", "%s cannot hand a line to itself; name what it keeps 本级 (retained).", u.Code)
	case twice:
		r.problem(row, r.isName, "与第 %[1]d 行是同一单位（%[2]s），请并成一行。", "This is the same unit as in row %[1]d (%[2]s); make them one.", before, u.Code)
	case !row.lies(u, true):
		w := row.Within[slices.IndexFunc(row.Within, func(w within) bool { return w.strict })]
		r.problem(row, r.isName, "表中写在“%[1]s”之下，登记的上级是“%[2]s”；请核对。", "The sheet has it under %[1]q, it is registered under %[2]q; check which is meant.", w.name, last(u.Above))
	default:
		r.first[u.Code] = row.At
		return true
	}
	return false
}

func last(names []string) string {
	if len(names) == 0 {
		return "—"
	}
	return names[len(names)-1]
}

// line is the row as commands take it.
func (s *Sheet) line(row Row, u Unit) Line {
	l := Line{At: row.At, Name: u.Name, Line: issuance.Line{To: u.Code, Due: row.Due}}
	for _, f := range row.Figures {
		l.Amounts = append(l.Amounts, issuance.Amount{Measure: s.opt.Measures[f.measure].ID(), Value: f.value, Base: f.base, Items: f.items})
	}
	return l
}

// Problem makes a problem of a refusal that names a row's line.
func (s *Sheet) Problem(row int, err *ledger.Error) Problem {
	return Problem{Sheet: s.Name, Row: row, Text: err.Text}
}
