package breakdown

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// What a cell shows is what is recorded, or a person is told.
func TestNumberFormats(t *testing.T) {
	for _, c := range []struct {
		format string
		id     int
		value  any
		want   string
	}{
		{"", 0, 600.4, "2 |东村 area=600.4\n"},
		{"", 1, 600.4, "第 2 行 B 列（任务数）：单元格显示 600，实际的值是 600.4"},
		{"", 3, 1600.0, "2 |东村 area=1600\n"},
		{"", 4, 600.455, "单元格显示 600.46，实际的值是 600.455"},
		{"#,##0.0_ ;[Red]-#,##0.0 ", 0, 600.25, "单元格显示 600.3，实际的值是 600.25"},
		{"0.00##", 0, 600.1234, "2 |东村 area=600.1234\n"},
		{"", 9, 0.6, "第 2 行 B 列（任务数）：单元格是百分比格式"},
		{"0.0%;-0.0%", 0, 0.6, "单元格是百分比格式"},
		{"", 14, 44782, "第 2 行 B 列（任务数）：单元格是日期格式"},
		{"", 31, 44782, "单元格是日期格式"},
		{`yyyy"年"m"月"d"日"`, 0, 44782, "单元格是日期格式"},
		{"[h]:mm", 0, 2, "单元格是日期格式"},
		{`0!.0,"万"`, 0, 12345, "单元格的数字格式会缩小显示或另加单位（.万）"},
		{"#,##0,", 0, 12345, "单元格的数字格式会缩小显示"},
		{`0"万"`, 0, 5, "单元格的数字格式会缩小显示或另加单位（万）"},
		{`0"公顷"`, 0, 5, "另加单位（公顷）"},
		{`0"亩"`, 0, 5, "2 |东村 area=5\n"},
		{`"约"0`, 0, 5, "2 |东村 area=5\n"},
		{"General", 0, 600.4, "2 |东村 area=600.4\n"},
		{"0.0E+00", 0, 1234, "2 |东村 area=1234\n"},
		{"[Red][>100]0;0.0", 0, 12, "2 |东村 area=12\n"},
	} {
		f := excelize.NewFile()
		style := &excelize.Style{NumFmt: c.id}
		if c.format != "" {
			style.CustomNumFmt = &c.format
		}
		id, err := f.NewStyle(style)
		if err != nil {
			t.Fatal(err)
		}
		for at, v := range map[string]any{"A1": "单位", "B1": "任务数", "A2": "东村", "B2": c.value} {
			if err := f.SetCellValue("Sheet1", at, v); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetCellStyle("Sheet1", "B2", "B2", id); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		if got := outcome(t, b.String(), Options{Measures: []Measure{land}}); !strings.Contains(got, c.want) || strings.Contains(c.want, "|") && strings.Contains(got, "：") {
			t.Errorf("%s %d %v: %q, want %q", c.format, c.id, c.value, got, c.want)
		}
	}
}

func TestOnlyTheFirstRoundedCellsAreNamed(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		id, err := f.NewStyle(&excelize.Style{NumFmt: 1})
		if err == nil {
			err = f.SetCellStyle("Sheet1", "B2", "B9", id)
		}
		for row := 2; row <= 9 && err == nil; row++ {
			err = f.SetSheetRow("Sheet1", fmt.Sprint("A", row), &[]any{fmt.Sprint("村", row), 1.5})
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	got := outcome(t, string(data), Options{Measures: []Measure{land}})
	if strings.Count(got, "单元格显示 2，实际的值是 1.5") != 3 || !strings.Contains(got, "另有 5 个单元格显示的小数少于实际的值") {
		t.Errorf("%q", got)
	}
}

// packed is a workbook with one part written anew.
func packed(t *testing.T, part string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		if name != part {
			addPart(t, w, name, []byte(text))
		}
	}
	addPart(t, w, part, content)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A small archive with more elements than a sheet has is refused before they
// are held, whatever part they stand in.
func TestMoreElementsThanASheetHas(t *testing.T) {
	const sheet = "xl/worksheets/sheet1.xml"
	for name, c := range map[string]struct{ part, open, each, close string }{
		"cells in one row":  {sheet, "<worksheet><sheetData><row>", "<c/>", "</row></sheetData></worksheet>"},
		"cells with prefix": {sheet, "<x:worksheet><x:sheetData>", `<x:row><x:c t="s"/></x:row>`, "</x:sheetData></x:worksheet>"},
		"rows":              {sheet, "<worksheet><sheetData>", "<row/>", "</sheetData></worksheet>"},
		"shared texts":      {"xl/sharedStrings.xml", "<sst>", "<si/>", "</sst>"},
		"merged areas":      {sheet, "<worksheet><mergeCells>", `<mergeCell ref="A1:A2"/>`, "</mergeCells></worksheet>"},
		"styles":            {"xl/styles.xml", "<styleSheet><cellXfs>", "<xf/>", "</cellXfs></styleSheet>"},
	} {
		data := packed(t, c.part, []byte(c.open+strings.Repeat(c.each, 2_100_000)+c.close))
		if len(data) > 1<<20 {
			t.Fatalf("%s: %d bytes are no bomb", name, len(data))
		}
		start := time.Now()
		if _, _, err := Read(t.Context(), "x.xlsx", data, Options{Measures: []Measure{land}}); err == nil || !strings.Contains(err.Error(), "breakdown.too_much") {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %d bytes refused in %v", name, len(data), time.Since(start))
	}
	wide := []byte("<\x00c\x00/\x00>\x00")
	if _, _, err := Read(t.Context(), "x.xlsx", packed(t, sheet, wide), Options{Measures: []Measure{land}}); err == nil || !strings.Contains(err.Error(), "breakdown.workbook") {
		t.Errorf("UTF-16: %v", err)
	}
}

// Elements that the end of a piece cuts in two are counted too.
func TestElementsAreCountedAcrossPieces(t *testing.T) {
	const xml = `<row r="1"><c r="A1"/><x:c r="B1"/><cols/></row><row/>   <v>a</v>      `
	for size := 1; size < len(xml); size++ {
		var n tally
		for rest := xml; rest != ""; rest = rest[min(size, len(rest)):] {
			if err := n.count([]byte(rest[:min(size, len(rest))])); err != nil {
				t.Fatal(err)
			}
		}
		if n.cells != 2 || n.rows != 2 || n.tags != 6 {
			t.Fatalf("in pieces of %d: %+v", size, n)
		}
	}
}

func TestReadingEndsWhenAsked(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for name, data := range map[string][]byte{"x.csv": []byte("单位,任务数\n东村,1\n"), "x.xlsx": workbook(t, func(*excelize.File) {})} {
		if _, _, err := Read(ctx, name, data, Options{Measures: []Measure{land}}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
