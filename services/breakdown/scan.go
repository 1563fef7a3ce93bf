package breakdown

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"suyuan/services/ledger"
)

// tally is what was counted in a workbook's XML.
type tally struct {
	bytes, cells, rows, tags int
	row                      int    // cells since the last row began
	rest                     []byte // a tag that the next piece goes on with
}

// scan reads through an unpacked workbook without keeping it and refuses what
// would take too much to hold: a small file may unpack to millions of cells.
// It returns the workbook without what is not XML, such as pictures: nobody
// reads that, so that nothing uncounted is read either.
func scan(ctx context.Context, data []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, notWorkbook(err)
	}
	var t tally
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if name := strings.ToLower(f.Name); !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
			continue
		}
		if err := t.file(ctx, f); err != nil {
			return nil, err
		}
		if err := w.Copy(f); err != nil {
			return nil, notWorkbook(err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (t *tally) file(ctx context.Context, f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return notWorkbook(err)
	}
	defer func() { _ = r.Close() }()
	t.rest, t.row = nil, 0
	piece := make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(piece)
		if t.bytes += n; t.bytes > maxUnzip {
			return tooMuch()
		}
		if err := t.count(piece[:n]); err != nil {
			return err
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return notWorkbook(err)
		}
	}
}

// longest is how much of a tag tells which it is: <mergeCell and a sign.
const longest = 12

// count counts the elements that begin in a piece of XML. A prefix before a
// name, as in <x:c>, is allowed for.
func (t *tally) count(piece []byte) error {
	b := append(t.rest, piece...)
	t.rest = nil
	if bytes.IndexByte(b, 0) >= 0 {
		return notWorkbook(errors.New("XML in UTF-16")) // could not be counted; no spreadsheet program writes it
	}
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			return nil
		}
		if b = b[i+1:]; len(b) < longest {
			t.rest = append([]byte{'<'}, b...)
			return nil
		}
		if err := t.element(b[:longest]); err != nil {
			return err
		}
	}
}

func (t *tally) element(b []byte) error {
	if b[0] == '/' {
		return nil
	}
	t.tags++
	end := bytes.IndexAny(b, " \t\r\n/>")
	if end < 0 {
		end = len(b)
	}
	name := b[:end]
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	switch string(name) {
	case "row":
		t.rows++
		t.row = 0
	case "c":
		t.cells++
		t.row++
	}
	if t.tags > maxTags || t.cells > maxCells || t.rows > maxRowTags || t.row > maxRowCells {
		return tooMuch()
	}
	return nil
}

func tooMuch() error {
	return ledger.Errorf(ledger.Invalid, "breakdown.too_much", "工作簿展开后太大，或单元格太多；请只留这一张分解表，删去图片、空白格式和无关的工作表，再另存一次。",
		"The workbook is too large once unpacked, or has too many cells; keep the one sheet, delete pictures, empty formatted cells and other sheets, and save it again.")
}
