package breakdown

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"suyuan/services/ledger"
)

// open reads one sheet of a file, by its content: a workbook is a ZIP archive,
// everything else is taken for CSV.
func open(ctx context.Context, name string, data []byte, sheet string) (*grid, error) {
	switch {
	case len(data) > MaxBytes:
		return nil, ledger.Errorf(ledger.Invalid, "breakdown.too_large", "文件超过 %d MB；请删去图片和无关的工作表。", "The file is over %d MB; remove pictures and sheets that do not belong.", MaxBytes>>20)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return nil, ledger.Errorf(ledger.Invalid, "breakdown.old_format", "这是旧的 .xls 格式，或带密码的文件；请另存为不带密码的 .xlsx。", "This is the old .xls format, or a file with a password; save it as .xlsx without one.")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return openWorkbook(ctx, data, sheet)
	case strings.EqualFold(path.Ext(name), ".xlsx"):
		return nil, notWorkbook(errors.New("no ZIP archive"))
	case sheet != "":
		return nil, ledger.Errorf(ledger.Invalid, "breakdown.no_sheets", "CSV 文件没有工作表，不必写工作表名。", "A CSV file has no sheets; leave the sheet's name out.")
	}
	return readCSV(ctx, data)
}

func notWorkbook(err error) error {
	return ledger.Errorf(ledger.Invalid, "breakdown.workbook", "文件不是可读的 .xlsx；请在电子表格软件里重新保存。", "The file is not a readable .xlsx; save it again from the spreadsheet program.").Because(err)
}

func openWorkbook(ctx context.Context, data []byte, sheet string) (g *grid, err error) {
	if data, err = scan(ctx, data); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip})
	if err != nil {
		return nil, notWorkbook(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if sheet == "" {
		if sheet, err = onlySheet(ctx, f); err != nil {
			return nil, err
		}
	}
	if i, err := f.GetSheetIndex(sheet); err != nil || i < 0 {
		return nil, ledger.Errorf(ledger.Invalid, "breakdown.no_such_sheet", "文件里没有工作表“%[1]s”，只有：%[2]s。", "There is no sheet %[1]q, only: %[2]s.", seen(sheet), sheetNames(f.GetSheetList()))
	}
	b := book{ctx: ctx, file: f, shapes: shapes(f), g: &grid{name: sheet, hidden: map[int]bool{}, hiddenCols: map[int]bool{}, merged: map[[2]int]area{}}}
	if err := b.read(); err != nil {
		return nil, err
	}
	return b.g, nil
}

// onlySheet is the one sheet that is neither hidden nor empty.
func onlySheet(ctx context.Context, f *excelize.File) (string, error) {
	var used []string
	for _, name := range f.GetSheetList() {
		visible, err := f.GetSheetVisible(name)
		if err != nil {
			return "", notWorkbook(err)
		}
		if full, err := hasContent(ctx, f, name); err != nil {
			return "", err
		} else if visible && full {
			used = append(used, name)
		}
	}
	switch len(used) {
	case 0:
		return "", ledger.Errorf(ledger.Invalid, "breakdown.empty", "文件里没有填了内容的工作表。", "No sheet of the file has anything in it.")
	case 1:
		return used[0], nil
	}
	return "", ledger.Errorf(ledger.Invalid, "breakdown.which_sheet", "文件里有几张工作表：%s；请用 --sheet 写明是哪一张。", "The file has several sheets: %s; say which with --sheet.", sheetNames(used))
}

func sheetNames(all []string) string {
	var out []string
	for _, name := range all[:min(len(all), maxTold)] {
		out = append(out, seen(name))
	}
	if len(all) > maxTold {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}

func hasContent(ctx context.Context, f *excelize.File, name string) (bool, error) {
	rows, err := f.Rows(name)
	if err != nil {
		return false, notWorkbook(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		cells, err := rows.Columns()
		if err != nil {
			return false, notWorkbook(err)
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			return true, nil
		}
	}
	return false, rows.Error()
}

// book is a workbook of which one sheet becomes a grid.
type book struct {
	ctx    context.Context // of the one call of read
	file   *excelize.File
	shapes []shape
	g      *grid
}

func (b book) read() error {
	if props, err := b.file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.g.from1904 = *props.Date1904
	}
	if err := b.merges(); err != nil {
		return err
	}
	rows, err := b.file.Rows(b.g.name)
	if err != nil {
		return notWorkbook(err)
	}
	defer func() { _ = rows.Close() }()
	for i := 0; rows.Next(); i++ {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		hidden := rows.GetRowOpts().Hidden
		values, err := rows.Columns()
		if err != nil {
			return notWorkbook(err)
		}
		if err := bounded(i, len(values)); err != nil {
			return err
		}
		if i >= maxLast {
			continue // formatted but empty
		}
		row, err := b.row(i, values)
		if err != nil {
			return err
		}
		b.g.rows = append(b.g.rows, row)
		b.g.hidden[i] = hidden
	}
	if err := errors.Join(rows.Error(), b.columns()); err != nil {
		return notWorkbook(err)
	}
	return nil
}

func (b book) row(i int, values []string) ([]cell, error) {
	row := make([]cell, len(values))
	for j, v := range values {
		if a, ok := b.g.merged[[2]int{i, j}]; ok && (a.top != i || a.left != j) {
			continue // what a merged area says stands in its first cell
		}
		at := fmt.Sprint(columnName(j), i+1)
		t, err := b.file.GetCellType(b.g.name, at)
		if err != nil {
			return nil, notWorkbook(err)
		}
		formula := ""
		if v == "" || t == excelize.CellTypeUnset || t == excelize.CellTypeNumber || t == excelize.CellTypeFormula {
			if formula, err = b.file.GetCellFormula(b.g.name, at); err != nil {
				return nil, notWorkbook(err)
			}
		}
		row[j] = cellOf(v, t)
		if row[j].kind == number {
			style, err := b.file.GetCellStyle(b.g.name, at)
			if err != nil {
				return nil, notWorkbook(err)
			}
			if row[j].shape = general; style >= 0 && style < len(b.shapes) {
				row[j].shape = b.shapes[style]
			}
		}
		if row[j].formula = formula != ""; row[j].formula && v == "" {
			row[j].kind = unsolved
		}
	}
	return row, nil
}

func cellOf(v string, t excelize.CellType) cell {
	c := textCell(v)
	if c.kind == blank {
		return c
	}
	switch t {
	case excelize.CellTypeUnset, excelize.CellTypeNumber:
		c.kind = number
	case excelize.CellTypeBool, excelize.CellTypeError:
		c.kind = faulty
	}
	return c
}

func (b book) columns() error {
	for j := range b.g.width() {
		visible, err := b.file.GetColVisible(b.g.name, columnName(j))
		if err != nil {
			return err
		}
		b.g.hiddenCols[j] = !visible
	}
	return nil
}

func (b book) merges() error {
	areas, err := b.file.GetMergeCells(b.g.name, true)
	if err != nil {
		return notWorkbook(err)
	}
	if len(areas) > maxAreas {
		return tooMerged()
	}
	for _, m := range areas {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			return notWorkbook(err)
		}
		right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil {
			return notWorkbook(err)
		}
		a := area{top - 1, left - 1, bottom - 1, right - 1}
		for i := a.top; i <= min(a.bottom, maxLast); i++ {
			for j := a.left; j <= min(a.right, maxWidth); j++ {
				b.g.merged[[2]int{i, j}] = a
			}
			if len(b.g.merged) > maxMerge {
				return tooMerged()
			}
		}
	}
	return nil
}

func tooMerged() error {
	return ledger.Errorf(ledger.Invalid, "breakdown.merges", "合并的单元格太多；请取消合并。", "Too many cells are merged; take the merging back.")
}
