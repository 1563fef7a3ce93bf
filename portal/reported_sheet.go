package portal

import (
	"fmt"
	"strings"
)

// Sheets of the page, by the name of the table.
var reportedTables = []string{"levels", "units", "claims", "weeks", "answers"}

// sheet is the table that is asked for as a file; nil where the page is.
func (v reportedPage) sheet() *sheet {
	for _, table := range reportedTables {
		if !v.wantsFile(table) {
			continue
		}
		t := &sheet{name: "reported-" + table}
		if v.Place != nil {
			t.name += "-" + v.Place.Code
		}
		v.fill(t, table)
		return t
	}
	return nil
}

func (v reportedPage) fill(t *sheet, table string) {
	number := func(n int64) string { return fmt.Sprint(n) }
	switch table {
	case "levels":
		t.columns(v.Page, "col.dimension", "col.level", "col.count", "col.of")
		if v.Matrix == nil {
			return
		}
		for _, row := range v.Matrix.Rows {
			for i, n := range row.Cells {
				if n > 0 {
					t.rows = append(t.rows, []string{v.told("dimension", row.Dimension), v.told("level", v.Matrix.Levels[i]), number(n), number(v.Matrix.All)})
				}
			}
		}
	case "units":
		t.columns(v.Page, "col.code", "col.unit", "col.level", "col.count", "col.of")
		for _, f := range v.Units {
			if f.Unit != nil {
				t.rows = append(t.rows, []string{f.Unit.Code, f.Unit.Name, v.told("level", f.Level), f.Count, f.Of})
			}
		}
	case "claims":
		t.columns(v.Page, "col.code", "col.unit", "col.id", "col.mandate", "col.measure", "col.dimension", "col.cameDown", "col.asked", "col.change", "col.count")
		for _, f := range v.Claims {
			code, name, id, title, of := "", "", "", "", ""
			if f.Unit != nil {
				code, name = f.Unit.Code, f.Unit.Name
			}
			if f.Mandate != nil {
				id, title = f.Mandate.ID, f.Mandate.Title
			}
			if f.Measure != nil {
				of = f.Measure.Name
			}
			t.rows = append(t.rows, []string{code, name, id, title, of, v.told("dimension", f.Dimension), f.CameDown, f.Asked, v.told("change", f.Change), f.Count})
		}
	case "weeks":
		t.columns(v.Page, "col.release", "col.lane", "col.count", "col.of")
		for _, f := range v.Weeks {
			t.rows = append(t.rows, []string{f.Release, v.enum("lane", f.Lane), f.Count, f.Of})
		}
	case "answers":
		t.columns(v.Page, "col.share", "col.lane", "col.count", "col.of")
		for _, r := range v.Rates {
			for _, f := range []*figureRow{r.Verified, r.Open} {
				if f != nil {
					t.rows = append(t.rows, []string{v.enum("share", r.Key), v.enum("lane", f.Lane), f.Count, f.Of})
				}
			}
		}
		for _, f := range v.Periods {
			days, _ := v.Working(f.Days) // the page has said it before
			t.rows = append(t.rows, []string{days, v.enum("lane", f.Lane), f.Count, f.Of})
		}
	}
}

// told is a word of the record, or that it was not told.
func (p *Page) told(set, word string) string {
	if word == "" {
		return p.say("reported.untold")
	}
	return p.enum(set, word)
}

// asJSON reports whether the page's tables are given as JSON as well.
func (p *Page) asJSON() bool {
	return strings.HasSuffix(p.r.URL.Path, "/reported")
}

// JSON is the address of one of the page's tables as JSON.
func (v reportedPage) JSON(table string) (string, error) {
	return v.With(v.Here(), "format", "json", "table", table)
}
