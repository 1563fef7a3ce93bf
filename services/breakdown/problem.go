package breakdown

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"suyuan/services/ledger"
)

// Problem is one thing in a sheet that keeps it from going in, or that a
// person should know of, with its place as a spreadsheet program shows it.
type Problem struct {
	Sheet   string // empty for a CSV file
	Row     int    // from 1; 0 where it is about the whole sheet
	Col     int    // from 1; 0 where it is about the whole row
	Heading string
	Text    ledger.Text
}

// In is the problem as one line: 工作表“Sheet1”第 17 行 D 列（任务数）：… Nothing
// in it steers a terminal.
func (p Problem) In(lang string) string {
	p.Sheet, p.Heading = seen(p.Sheet), seen(p.Heading)
	return steerless(p.in(lang))
}

func (p Problem) in(lang string) string {
	place := p.placeZh()
	colon := "："
	if lang == "en" {
		place, colon = p.placeEn(), ": "
	}
	if place == "" {
		return p.Text.In(lang)
	}
	return place + colon + p.Text.In(lang)
}

func (p Problem) placeZh() string {
	var b strings.Builder
	if p.Sheet != "" {
		fmt.Fprintf(&b, "工作表“%s”", p.Sheet)
	}
	if p.Row > 0 {
		fmt.Fprintf(&b, "第 %d 行", p.Row)
	}
	if p.Col > 0 {
		fmt.Fprintf(&b, " %s 列", columnName(p.Col-1))
	}
	if p.Heading != "" {
		fmt.Fprintf(&b, "（%s）", p.Heading)
	}
	return b.String()
}

func (p Problem) placeEn() string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, fmt.Sprintf("sheet %q", p.Sheet))
	}
	if p.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d", p.Row))
	}
	if p.Col > 0 {
		parts = append(parts, "column "+columnName(p.Col-1))
	}
	place := strings.Join(parts, ", ")
	if p.Heading != "" {
		place += " (" + p.Heading + ")"
	}
	return place
}

// Problems are all that was found in one sheet; the first are kept, the others
// counted.
type Problems struct {
	List []Problem
	More int
}

// Add adds one.
func (ps *Problems) Add(p Problem) {
	if len(ps.List) >= maxTold {
		ps.More++
		return
	}
	ps.List = append(ps.List, p)
}

// Count is how many there are in all.
func (ps *Problems) Count() int { return len(ps.List) + ps.More }

// Err is nil where there are none, else the refusal of the whole sheet, which
// tells the first of them.
func (ps *Problems) Err() error {
	if ps.Count() == 0 {
		return nil
	}
	first := ps.List[0]
	return ledger.Errorf(ledger.Invalid, "breakdown.problems", "表中有 %[1]d 处问题，没有写入任何内容。%[2]s", "Nothing was written: problems in the sheet: %[1]d. %[3]s",
		ps.Count(), first.In("zh-CN"), first.In("en"))
}

// whole is a text that messages print whole: it is made of parts that were
// cut already.
type whole string

// seen is how a text of a file is shown: without signs that steer a terminal,
// and no more of it than tells which it is.
func seen(s string) string {
	const most = 40
	s = steerless(s)
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// steerless is a text without control and format characters; a line's end
// becomes a space.
func steerless(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t' || c == '\r' || c == '\u2028' || c == '\u2029':
			return ' '
		case unicode.IsControl(c) || unicode.Is(unicode.Cf, c):
			return -1
		}
		return c
	}, s)
}

// say makes the two sentences of a problem. What comes out of the file is
// shown as seen shows it.
func say(zh, en string, args ...any) ledger.Text {
	args = slices.Clone(args)
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = seen(a)
		case whole:
			args[i] = string(a)
		}
	}
	return ledger.Errorf(ledger.Invalid, "breakdown.problem", zh, en, args...).Text
}
