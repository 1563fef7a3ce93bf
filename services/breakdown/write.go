package breakdown

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// WriteCSV writes the parts of an issuance as CSV, UTF-8 with the mark by
// which spreadsheet programs know it. Read takes it back.
func WriteCSV(w io.Writer, lang string, parts ...*Record) error {
	t, err := newTable(parts, lang)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(t.head); err != nil {
		return err
	}
	for _, row := range append(t.rows, t.total) {
		record := make([]string, len(row))
		for i, v := range row {
			record[i] = harmless(v)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Texts that a spreadsheet program would take for a formula, or for a date or
// a number that it would write anew: a code of twelve digits, a frequency 1/7.
var (
	formulaLike = regexp.MustCompile(`^\s*['=+\-@\t]`)
	dateLike    = regexp.MustCompile(`^[0-9]+/[0-9]+$`)
)

// harmless keeps a text a text. Read takes the sign off again.
func harmless(v value) string {
	if !v.number && guarded(v.text) {
		return "'" + v.text
	}
	return v.text
}

func guarded(s string) bool { return formulaLike.MatchString(s) || dateLike.MatchString(s) }

// WriteWorkbook writes the parts of an issuance as a workbook of one sheet: a
// title, headings, a row for each receiver, totals as formulas with what they
// come to. Read takes it back.
func WriteWorkbook(w io.Writer, lang string, parts ...*Record) (err error) {
	t, err := newTable(parts, lang)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	if err := f.SetSheetName("Sheet1", t.words.sheet); err != nil {
		return err
	}
	full := true
	if err := f.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}); err != nil {
		return err
	}
	b := sheetWriter{t: t, file: f}
	if err := b.write(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

type sheetWriter struct {
	t                 *table
	file              *excelize.File
	sw                *excelize.StreamWriter
	title, head, cell int // styles
}

func (b *sheetWriter) write() (err error) {
	if err := b.styles(); err != nil {
		return err
	}
	if b.sw, err = b.file.NewStreamWriter(b.t.words.sheet); err != nil {
		return err
	}
	for i, h := range b.t.head {
		if err := b.sw.SetColWidth(i+1, i+1, float64(max(14, min(40, 2*len([]rune(h)))))); err != nil {
			return err
		}
	}
	if err := b.sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := b.sw.SetRow("A1", []any{excelize.Cell{StyleID: b.title, Value: b.t.title}}); err != nil {
		return err
	}
	if err := b.sw.MergeCell("A1", fmt.Sprint(columnName(len(b.t.head)-1), 1)); err != nil {
		return err
	}
	if err := b.row(2, texts(b.t.head), b.head); err != nil {
		return err
	}
	for i, row := range b.t.rows {
		if err := b.row(3+i, row, b.cell); err != nil {
			return err
		}
	}
	if err := b.totals(3 + len(b.t.rows)); err != nil {
		return err
	}
	return b.sw.Flush()
}

func (b *sheetWriter) styles() (err error) {
	edge := []excelize.Border{{Type: "left", Style: 1, Color: "808080"}, {Type: "right", Style: 1, Color: "808080"}, {Type: "top", Style: 1, Color: "808080"}, {Type: "bottom", Style: 1, Color: "808080"}}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	if b.title, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: middle}); err != nil {
		return err
	}
	if b.head, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: middle, Border: edge}); err != nil {
		return err
	}
	b.cell, err = b.file.NewStyle(&excelize.Style{Border: edge, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	return err
}

func texts(list []string) []value {
	row := make([]value, len(list))
	for i, s := range list {
		row[i] = value{text: s}
	}
	return row
}

func (b *sheetWriter) row(at int, row []value, style int) error {
	cells := make([]any, len(row))
	for i, v := range row {
		cells[i] = excelize.Cell{StyleID: style, Value: v.any()}
	}
	return b.sw.SetRow(fmt.Sprint("A", at), cells)
}

// totals are formulas, so that they follow what is edited.
func (b *sheetWriter) totals(at int) error {
	cells := make([]any, len(b.t.total))
	for i, v := range b.t.total {
		c := excelize.Cell{StyleID: b.cell, Value: v.any()}
		if name := columnName(i); v.number && at > 3 && b.t.sumsExactly(i) {
			c.Formula = fmt.Sprintf("SUM(%s3:%s%d)", name, name, at-1)
		}
		cells[i] = c
	}
	return b.sw.SetRow(fmt.Sprint("A", at), cells)
}

// any is the value as the library takes it: a number cell holds a binary
// fraction, and of 15 digits it gives back the same decimal.
func (v value) any() any {
	switch {
	case v.text == "":
		return nil
	case v.number:
		if f, err := strconv.ParseFloat(v.text, 64); err == nil {
			return f
		}
	}
	return v.text
}
