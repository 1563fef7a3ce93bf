package breakdown

import (
	"strings"

	"golang.org/x/text/width"
)

// kind is what a cell holds.
type kind uint8

const (
	blank    kind = iota
	text          // as typed
	number        // a binary fraction written as decimal text, or a date's serial number
	unsolved      // a formula without the value it came to
	faulty        // an error value such as #DIV/0!, or true and false
)

// cell is one cell as the file has it.
type cell struct {
	text    string
	kind    kind
	formula bool
	shape   shape // of a number
}

// area is a merged area, rows and columns from 0, ends included.
type area struct{ top, left, bottom, right int }

func (a area) wide() bool { return a.right > a.left }

// grid is one sheet of a workbook, or a CSV file.
type grid struct {
	name       string // empty for a CSV file
	rows       [][]cell
	hidden     map[int]bool // rows
	hiddenCols map[int]bool
	merged     map[[2]int]area // every cell of every area
	from1904   bool            // dates are counted from 1904
}

// at is a cell as it stands; beyond the content it is blank.
func (g *grid) at(row, col int) cell {
	if row < 0 || row >= len(g.rows) || col < 0 || col >= len(g.rows[row]) {
		return cell{}
	}
	return g.rows[row][col]
}

// filled is the cell, or what the merged area it lies in says.
func (g *grid) filled(row, col int) cell {
	if a, ok := g.merged[[2]int{row, col}]; ok {
		return g.at(a.top, a.left)
	}
	return g.at(row, col)
}

func (g *grid) width() int {
	n := 0
	for _, row := range g.rows {
		n = max(n, len(row))
	}
	return n
}

func (g *grid) empty(row int) bool {
	for _, c := range g.rows[row] {
		if c.kind != blank {
			return false
		}
	}
	return true
}

// columnName is A, B, … Z, AA for 0, 1, … 25, 26.
func columnName(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}

// plain is a text with full-width letters, digits and signs made ordinary and
// the white space around it gone.
func plain(s string) string { return strings.TrimSpace(width.Fold.String(s)) }

// tight is plain without any white space and in lower case: how headings and
// labels are compared.
func tight(s string) string { return strings.ToLower(strings.Join(strings.Fields(plain(s)), "")) }
