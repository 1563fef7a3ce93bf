package breakdown

import (
	"math/big"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"suyuan/services/ledger"
)

// looks is what a number format makes of a number.
type looks uint8

const (
	asIs    looks = iota
	percent       // a hundredth is shown as one
	day           // a day's number is shown as a date
	scales        // thousands are left out, or another unit is written behind
)

// shape is a number format in so far as it may show another number than the
// cell holds.
type shape struct {
	looks    looks
	decimals int    // shown; -1: as many as there are
	behind   string // text written with the number, such as 万
}

// general is the shape of cells without a format.
var general = shape{decimals: -1}

// builtin are the formats that files name by number only.
var builtin = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 12: "# ?/?", 13: "# ??/??",
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
	59: "0", 60: "0.00", 61: "#,##0", 62: "#,##0.00", 67: "0%", 68: "0.00%", 69: "# ?/?", 70: "# ??/??",
}

// dates reports whether the number of a built-in format is that of a date or a
// time; some depend on the language.
func dates(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58 || id >= 71 && id <= 81
}

// shapes are the formats of a workbook's styles.
func shapes(f *excelize.File) []shape {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return nil
	}
	own := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			if n != nil {
				own[n.NumFmtID] = n.FormatCode
			}
		}
	}
	all := make([]shape, len(f.Styles.CellXfs.Xf))
	for i, xf := range f.Styles.CellXfs.Xf {
		all[i] = general
		id := xf.NumFmtID
		if id == nil {
			continue
		}
		if code, ok := own[*id]; ok {
			all[i] = shapeOf(code)
		} else if code, ok := builtin[*id]; ok {
			all[i] = shapeOf(code)
		} else if dates(*id) {
			all[i].looks = day
		}
	}
	return all
}

// shapeOf reads a format's code: 0.00;[Red]-0.00, yyyy"年"m"月", 0!.0,"万". What
// one of its sections does counts for all.
func shapeOf(code string) shape {
	out := general
	for i, section := range sections(code) {
		s := sectionShape(section)
		if out.looks == asIs {
			out.looks = s.looks
		}
		if i == 0 {
			out.decimals = s.decimals
		}
		out.behind += s.behind
	}
	return out
}

// sections takes a code apart at the semicolons outside of quotes.
func sections(code string) []string {
	quoted, escaped := false, false
	return strings.FieldsFunc(code, func(c rune) bool {
		switch {
		case escaped:
			escaped = false
		case c == '\\' || c == '!':
			escaped = !quoted
		case c == '"':
			quoted = !quoted
		}
		return c == ';' && !quoted
	})
}

func sectionShape(s string) shape {
	signs, behind := literals(s)
	out := shape{decimals: -1, behind: behind}
	lower := strings.NewReplacer("general", "", "standard", "", "e+", "^", "e-", "^").Replace(strings.ToLower(signs))
	last := strings.LastIndexAny(lower, "0#?")
	switch {
	case strings.Contains(lower, "%"):
		out.looks = percent
	case strings.ContainsAny(lower, "ymdhseg"):
		out.looks = day
	case last >= 0 && strings.HasPrefix(strings.TrimSpace(lower[last+1:]), ","):
		out.looks = scales
	}
	if last >= 0 && !strings.Contains(lower, "^") {
		_, after, _ := strings.Cut(lower, ".")
		out.decimals = strings.Count(after, "0") + strings.Count(after, "#") + strings.Count(after, "?")
	}
	return out
}

// literals takes a section apart: signs that stand for digits, dates and the
// like, and texts that are written as they are.
func literals(s string) (signs, behind string) {
	var a, b strings.Builder
	r := []rune(s)
	for i := 0; i < len(r); i++ {
		switch c := r[i]; {
		case c == '"':
			for i++; i < len(r) && r[i] != '"'; i++ {
				b.WriteRune(r[i])
			}
		case c == '\\' || c == '!':
			if i++; i < len(r) {
				b.WriteRune(r[i])
			}
		case c == '_' || c == '*':
			i++ // a width, a filling
		case c == '[':
			from := i + 1
			for i++; i < len(r) && r[i] != ']'; i++ {
			}
			if inside := strings.ToLower(string(r[from:min(i, len(r))])); inside != "" && strings.Trim(inside, "hms") == "" {
				a.WriteString(inside) // so many hours
			}
		case c > unicode.MaxASCII:
			b.WriteRune(c)
		default:
			a.WriteRune(c)
		}
	}
	return a.String(), b.String()
}

// unlike tells why a number cell may not be taken as it is: what it shows is
// another number, or not one.
func (s shape) unlike(in, to string) *ledger.Text {
	switch s.looks {
	case percent:
		return told("单元格是百分比格式，显示的与实际的值不同；请改成常规格式，写出原数。", "The cell has a percent format and shows another number than it holds; make it a plain number.")
	case day:
		return told("单元格是日期格式，不是任务数；请改成常规格式，写出原数。", "The cell has a date format and holds no figure; make it a plain number.")
	case scales:
		return s.other()
	}
	if in == "" {
		in = to
	}
	if u := tight(strings.Trim(s.behind, ".,-+ ")); u != "" && knownUnit(u) {
		if times, ok := conversion(u, in); !ok || times.Cmp(big.NewRat(1, 1)) != 0 {
			return s.other()
		}
	}
	return nil
}

func (s shape) other() *ledger.Text {
	return told("单元格的数字格式会缩小显示或另加单位（%s），显示的与实际的值不同；请改成常规格式，写出原数。", "The cell's number format shows it in another unit (%s) than it holds; make it a plain number.", s.behind)
}

// shows is the number as the format rounds it, and whether that is another.
func (s shape) shows(held string) (string, bool) {
	v, ok := new(big.Rat).SetString(held)
	if !ok || s.decimals < 0 || s.decimals > shown {
		return held, false
	}
	text := v.FloatString(s.decimals)
	rounded, _ := new(big.Rat).SetString(text)
	return text, rounded.Cmp(v) != 0
}

// fewRounded is how many cells are named that show fewer decimals than they
// hold; the others are counted.
const fewRounded = 3

// formatted holds a number cell's format against its figure.
func (r *reader) formatted(row, col int, c cell, m Measure) *Problem {
	if c.kind != number {
		return nil
	}
	if wrong := c.shape.unlike(r.h.columns[col].unit, m.Unit); wrong != nil {
		p := r.place(row, col)
		p.Text = *wrong
		return &p
	}
	if text, other := c.shape.shows(shortest(c.text)); other {
		if r.rounded++; r.rounded <= fewRounded {
			r.notice(row, col, "单元格显示 %[1]s，实际的值是 %[2]s；登记的是实际的值，请核对。", "The cell shows %[1]s and holds %[2]s; what it holds is recorded, so check it.", text, shortest(c.text))
		}
	}
	return nil
}

// countRounded tells how many more cells show fewer decimals than they hold.
func (r *reader) countRounded() {
	if more := r.rounded - fewRounded; more > 0 {
		r.notice(-1, -1, "另有 %d 个单元格显示的小数少于实际的值。", "%d more cells show fewer decimals than they hold.", more)
	}
}
