package breakdown

import (
	"regexp"
	"slices"
	"strings"

	"suyuan/services/mandate"
)

// Measure is a measure of one of the mandates that a sheet hands down.
type Measure struct {
	Mandate string
	mandate.Measure
}

// ID is <mandate>/<key>.
func (m Measure) ID() string { return mandate.MeasureID(m.Mandate, m.Key) }

// column is what one column was recognised as.
type column struct {
	role    role
	level   int    // of roleLevel
	measure int    // of roleValue and roleBase: which; -1: the one that is meant where none is named
	unit    string // what its figures are in, empty where the heading does not say
	heading string // for messages
}

// bracketed is a heading's last pair of brackets: 面积（亩）.
var bracketed = regexp.MustCompile(`^(.*)[(\[]([^()\[\]]*)[)\]]$`)

// classify tells what a column holds from its headings, the upper first. What
// is named exactly as a measure is that measure, whatever the words mean
// otherwise.
func classify(pieces []string, measures []Measure) column {
	c := column{measure: -1, heading: strings.Join(pieces, " ")}
	rest := roleNone
	for _, piece := range pieces {
		r, m, unit := classifyPiece(piece, measures)
		if unit != "" {
			c.unit = unit
		}
		switch {
		case m >= 0:
			c.measure = m
			if r != roleNone {
				rest = r
			}
		case r == roleNone && piece == pieces[len(pieces)-1]:
			return column{role: roleNone, measure: -1, heading: c.heading} // 面积 / 已完成: something else about it
		case r != roleNone:
			rest = r
		}
	}
	if c.role = rest; rest == roleNone && c.measure >= 0 {
		c.role = roleValue
	}
	if c.role != roleValue && c.role != roleBase {
		c.unit = ""
	}
	if c.role == roleLevel {
		c.level, _ = levelOf(tight(pieces[len(pieces)-1]))
	}
	return c
}

// classifyPiece tells what one heading says: a role, a measure, or both, and a
// unit in brackets behind it.
func classifyPiece(piece string, measures []Measure) (r role, measure int, unit string) {
	whole := tight(piece)
	if m := measureNamed(whole, measures); m >= 0 {
		return roleNone, m, ""
	}
	if r := wordRole(whole); r != roleNone {
		return r, -1, ""
	}
	bare := whole
	if m := bracketed.FindStringSubmatch(whole); m != nil {
		bare, unit = m[1], m[2]
	}
	if m := measureNamed(bare, measures); m >= 0 {
		return roleNone, m, unit
	}
	if r := wordRole(bare); r != roleNone {
		return r, -1, unit
	}
	for _, w := range slices.Concat(baseWords, valueWords) {
		name, ok := strings.CutSuffix(bare, w)
		if m := measureNamed(name, measures); ok && m >= 0 {
			return wordRole(w), m, unit
		}
	}
	return roleNone, -1, ""
}

func measureNamed(s string, measures []Measure) int {
	return slices.IndexFunc(measures, func(m Measure) bool { return s != "" && (s == tight(m.Name) || s == m.Key || s == m.ID()) })
}

func wordRole(s string) role {
	for _, w := range []struct {
		words []string
		role  role
	}{{codeWords, roleCode}, {nameWords, roleName}, {dueWords, roleDue}, {unitWords, roleUnit}, {noteWords, roleNote}, {baseWords, roleBase}, {valueWords, roleValue}} {
		if slices.Contains(w.words, s) {
			return w.role
		}
	}
	if _, ok := levelOf(s); ok {
		return roleLevel
	}
	return roleNone
}

// identifies reports whether a column says who receives.
func (c column) identifies() bool {
	return c.role == roleCode || c.role == roleName || c.role == roleLevel
}

// counts reports whether a column holds figures.
func (c column) counts() bool { return c.role == roleValue || c.role == roleBase }

// maxHead is how far down a table may begin.
const maxHead = 40

// head is where a table's headings stand and what they say.
type head struct {
	top, bottom int
	columns     []column
}

// findHead finds the first rows that name both who receives and how much.
func (g *grid) findHead(measures []Measure) (head, bool) {
	for top := range min(maxHead, len(g.rows)) {
		bottom := g.headBottom(top, measures)
		if bottom < top {
			continue
		}
		h := head{top: top, bottom: bottom}
		for col := range g.width() {
			pieces := g.pieces(top, bottom, col)
			if len(pieces) == 0 {
				h.columns = append(h.columns, column{role: roleNote, measure: -1})
				continue
			}
			h.columns = append(h.columns, classify(pieces, measures))
		}
		if slices.ContainsFunc(h.columns, column.identifies) && slices.ContainsFunc(h.columns, column.counts) {
			return h, true
		}
	}
	return head{}, false
}

// headBottom is the last row of the headings that begin in a row, or -1 where
// none do. Headings reach as far down as the merged cell of one that says who
// receives; in a CSV file, where nothing is merged, one row further where that
// says what and leaves blank who.
func (g *grid) headBottom(top int, measures []Measure) int {
	bottom := -1
	var who []int
	for col := range g.rows[top] {
		c := g.at(top, col)
		if c.kind == blank || !classify([]string{c.text}, measures).identifies() {
			continue
		}
		who = append(who, col)
		bottom = max(bottom, top)
		if a, ok := g.merged[[2]int{top, col}]; ok {
			bottom = max(bottom, min(a.bottom, top+3, len(g.rows)-1))
		}
	}
	if bottom == top && top+1 < len(g.rows) && g.continues(top+1, who, measures) {
		bottom++
	}
	return bottom
}

func (g *grid) continues(row int, who []int, measures []Measure) bool {
	for _, col := range who {
		if g.filled(row, col).kind != blank {
			return false
		}
	}
	for col := range g.rows[row] {
		if c := g.at(row, col); c.kind == text && classify([]string{c.text}, measures).counts() {
			return true
		}
	}
	return false
}

// pieces are the different headings of a column, the upper first. Where an
// upper heading stands over several columns without being merged, it counts
// for those to its right that have a lower heading only.
func (g *grid) pieces(top, bottom, col int) []string {
	var pieces []string
	for row := top; row <= bottom; row++ {
		c := g.filled(row, col)
		for left := col - 1; c.kind == blank && row < bottom && left >= 0 && g.at(bottom, col).kind != blank; left-- {
			if g.filled(bottom, left).kind == blank {
				break
			}
			c = g.filled(row, left)
		}
		if c.kind != blank && (len(pieces) == 0 || pieces[len(pieces)-1] != c.text) {
			pieces = append(pieces, c.text)
		}
	}
	return pieces
}
