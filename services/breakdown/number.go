package breakdown

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"suyuan/services/exact"
	"suyuan/services/ledger"
)

// figure is digits with or without thousands separators and decimals, and
// behind them perhaps a unit of measure.
var (
	figure  = regexp.MustCompile(`^(-?)([0-9][0-9,]*)(\.[0-9]+)?\s*(.*)$`)
	grouped = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+$`)
)

// maxFigure bounds the text of a figure; the longest that fits has 21
// characters.
const maxFigure = 60

// readFigure reads a cell as a decimal in the measure's unit. in is the unit
// that the column says its figures are in, to is the measure's; a unit in the
// cell itself goes before the column's.
func readFigure(c cell, in, to string) (exact.Decimal, *ledger.Text) {
	var written string
	switch c.kind {
	case number:
		written = shortest(c.text)
	case text:
		written = plain(c.text)
	default:
		return 0, unreadable(c)
	}
	m := figure.FindStringSubmatch(written)
	if len(written) > maxFigure || m == nil {
		return 0, told("“%s”不是数；请只写数字，如 600、1,200.5 或 0.5万亩。", "%q is not a number; write digits only, such as 600, 1,200.5 or 0.5万亩.", c.text)
	}
	whole := m[2]
	if strings.Contains(whole, ",") {
		if !grouped.MatchString(whole) {
			return 0, told("“%s”里的逗号不在千分位上，看不出是多少；请改写。", "The comma in %q is not at the thousands, so the figure is unclear; write it anew.", c.text)
		}
		whole = strings.ReplaceAll(whole, ",", "")
	}
	if m[4] != "" {
		in = m[4]
	}
	times, ok := conversion(in, to)
	if base, _ := unitOf(m[4]); m[4] != "" && base != "" && (to == "" || !ok && !knownUnit(m[4])) {
		return 0, told("“%s”不是数；请只写数字，如 600、1,200.5 或 0.5万亩。", "%q is not a number; write digits only, such as 600, 1,200.5 or 0.5万亩.", c.text) // 200左右
	}
	if !ok {
		return 0, cannotConvert(in, to)
	}
	if m[1] == "-" && strings.Trim(whole+m[3], "0.") != "" {
		return 0, told("“%s”是负数；下达的任务量不能小于 0。", "%q is negative; what is passed down cannot be below 0.", c.text)
	}
	return scaled(whole+m[3], times, c.text)
}

// scaled multiplies exactly and refuses what six decimals do not hold.
func scaled(decimal string, times *big.Rat, shown string) (exact.Decimal, *ledger.Text) {
	v, _ := new(big.Rat).SetString(decimal) // its form was checked
	v.Mul(v, times)
	micro := new(big.Rat).Mul(v, big.NewRat(1_000_000, 1))
	if !micro.IsInt() {
		return 0, told("“%s”的小数超过六位；请按文件原数填写，不要四舍五入。", "%q has more than six decimals; enter the figure as the document has it.", shown)
	}
	if !micro.Num().IsInt64() {
		return 0, told("“%s”太大。", "%q is too large.", shown)
	}
	return exact.Decimal(micro.Num().Int64()), nil
}

func unreadable(c cell) *ledger.Text {
	switch c.kind {
	case unsolved:
		return told("单元格里是公式，文件里没有它的结果；请在电子表格软件里打开、重新计算并保存，或改成数值。",
			"The cell holds a formula and the file does not hold what it came to; open, recalculate and save it in the spreadsheet program, or write the figure.")
	case faulty:
		return told("“%s”不是数；请改正公式或改成数值。", "%q is not a number; correct the formula or write the figure.", c.text)
	}
	return told("没有填。", "Nothing is filled in.")
}

func told(zh, en string, args ...any) *ledger.Text {
	t := say(zh, en, args...)
	return &t
}

// shown is how many significant digits a spreadsheet program keeps of what is
// typed and shows of what it computes.
const shown = 15

// shortest is the decimal a person sees in a number cell. The file holds a
// binary fraction; its shortest decimal text is what was typed. One of more
// than 15 digits was computed, as 0.1+0.2 is 0.30000000000000004: of that the
// program shows 15, and so do we.
func shortest(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	out := strconv.FormatFloat(f, 'f', -1, 64)
	if digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(out), "0"); len(digits) > shown {
		g, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', shown-1, 64), 64)
		if err != nil {
			return s
		}
		out = strconv.FormatFloat(g, 'f', -1, 64)
	}
	return out
}
