package breakdown

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"suyuan/services/mandate"
)

func measure(key, name, unit string, kind mandate.Kind, d mandate.Dimension) Measure {
	return Measure{"task", mandate.Measure{Key: key, Name: name, Unit: unit, Kind: kind, Dimension: d}}
}

var (
	land    = measure("area", "退林还耕面积", "亩", mandate.Divisible, mandate.Split)
	money   = measure("fund", "资金", "元", mandate.Divisible, mandate.Quantity)
	days    = measure("days", "完成时限", "天", mandate.Intensity, mandate.Deadline)
	patrols = measure("patrols", "巡查", "", mandate.Intensity, mandate.Frequency)
	photos  = measure("photos", "佐证材料", "", mandate.Set, mandate.Trace)
)

// print is a sheet in short: each row as code|name|measure=value/base….
func print(s *Sheet) string {
	var b strings.Builder
	rows := slices.Clone(s.Rows)
	if s.Kept != nil {
		rows = append(rows, *s.Kept)
	}
	for _, r := range rows {
		fmt.Fprintf(&b, "%d %s|%s", r.At, r.Code, r.Name)
		for _, w := range r.Within {
			fmt.Fprintf(&b, "<%s", w.name)
		}
		for _, f := range r.Figures {
			fmt.Fprintf(&b, " %s=%s%s", s.opt.Measures[f.measure].Key, f.value, strings.Join(f.items, "+"))
			if f.base != "" {
				fmt.Fprintf(&b, "/%s", f.base)
			}
		}
		if r.Due != nil {
			fmt.Fprintf(&b, " by %s", dueText(*r.Due))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestHeadingsAndRows(t *testing.T) {
	for _, c := range []struct {
		name     string
		measures []Measure
		options  Options
		csv      string
		want     string
	}{
		{"plain", []Measure{land}, Options{}, "单位,任务数\n东村,1\n西村,2\n", "2 |东村 area=1\n3 |西村 area=2\n"},
		{"English", []Measure{land}, Options{}, "Code;Receiver;Value;Base;Due\n990101;East;1;2;2022-08-09\n", "2 990101|East area=1/2 by 2022-08-09\n"},
		{"title, notes, blank rows", []Measure{land}, Options{}, "某县任务分解表\n\n填表单位：某局,,单位：万亩\n村名,行政区划代码,下达数\n\n东村,990101001001,0.5\n", "6 990101001001|东村 area=5000\n"},
		{"a measure by name", []Measure{land, money}, Options{}, "单位名称,退林还耕面积（亩）,退林还耕面积基数,资金(万元),备注\n东村,10,8,1.5,强\n", "2 |东村 area=10/8 fund=15000\n"},
		{"by key and id", []Measure{land, money}, Options{}, "unit,area,task/fund\n东村,10,20\n", "2 |东村 area=10 fund=20\n"},
		{"one that is meant", []Measure{land, money}, Options{Measure: "fund"}, "单位,任务数（万元）\n东村,1\n", "2 |东村 fund=10000\n"},
		{"two rows of headings", []Measure{land}, Options{}, "乡镇,村,退林还耕面积（亩）,,完成时限\n,,基数,任务数,\n青穗镇,东村,8,10,2022/8/9\n,西村,4,5,\n", "3 |东村<青穗镇 area=10/8 by 2022-08-09\n4 |西村<青穗镇 area=5/4\n"},
		{"a measure named as a deadline is", []Measure{days}, Options{}, "单位,完成时限（天）\n东村,30\n", "2 |东村 days=30\n"},
		{"frequencies and lists", []Measure{patrols, photos}, Options{}, "单位,巡查,佐证材料\n东村,1/7,日照片、轨迹；签到\n西村,,\"a、b\nc\n\"\n", "2 |东村 patrols=1/7 photos=日照片+轨迹+签到\n3 |西村 photos=a、b+c\n"},
		{"what is kept", []Measure{land}, Options{}, "单位,任务数\n东村,1\n县本级,5\n合计,6\n", "2 |东村 area=1\n3 |县本级 area=5\n"},
		{"empty cells, dashes", []Measure{land, money}, Options{}, "单位,退林还耕面积,资金\n东村,1,—\n西村,,2\n南村,无,0\n", "2 |东村 area=1\n3 |西村 fund=2\n4 |南村 fund=0\n"},
		{"totals above", []Measure{land}, Options{}, "单位,任务数\n合 计,6\n东村,1\n西村,5\n", "3 |东村 area=1\n4 |西村 area=5\n"},
		{"subtotals below and a total", []Measure{land}, Options{}, "乡镇,村,任务数\n甲镇,东村,1\n,西村,2\n,小计,3\n乙镇,南村,4\n,小计,4\n总计,,7\n", "2 |东村<甲镇 area=1\n3 |西村<甲镇 area=2\n5 |南村<乙镇 area=4\n"},
		{"subtotals above their rows", []Measure{land}, Options{}, "乡镇,村,任务数\n合计,,7\n甲镇,小计,3\n,东村,1\n,西村,2\n乙镇,小计,4\n,南村,4\n", "4 |东村<甲镇 area=1\n5 |西村<甲镇 area=2\n7 |南村<乙镇 area=4\n"},
		{"a unit for all", []Measure{land}, Options{Unit: "万亩"}, "单位,任务数\n东村,1\n", "2 |东村 area=10000\n"},
		{"what is said of the unit in the heading goes first", []Measure{land}, Options{Unit: "万亩"}, "单位：公顷\n单位,任务数（亩）\n东村,1\n", "3 |东村 area=1\n"},
		{"notes below", []Measure{land}, Options{}, "单位,任务数\n东村,1\n注：虚构\n填表人：某 审核人：某\n", "2 |东村 area=1\n"},
		{"a guarded text", []Measure{land, patrols}, Options{Measure: "area"}, "单位,任务数,巡查\n'=东村,1,'1/7\n", "2 |=东村 area=1 patrols=1/7\n"},
	} {
		c.options.Measures = c.measures
		s, problems, err := Read(t.Context(), c.name+".csv", []byte(c.csv), c.options)
		if err != nil || problems.Count() > 0 {
			t.Errorf("%s: %v, %+v", c.name, err, problems)
			continue
		}
		if got := print(s); got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestProblemsAreNamedByCell(t *testing.T) {
	many := "单位,任务数\n" + strings.Repeat("东村,x\n", 25)
	for _, c := range []struct {
		name     string
		measures []Measure
		csv      string
		want     []string
	}{
		{"text among figures, with the rest of the sheet looked at", []Measure{land}, "单位,任务数\n东村,一百\n西村,-3\n,5\n南村,\n", []string{
			"第 2 行 B 列（任务数）：“一百”不是数；", "第 3 行 B 列（任务数）：“-3”是负数；", "第 4 行 A 列（单位）：没有写接收单位。", "第 5 行 B 列（任务数）：没有填；"}},
		{"a total that is not the sum", []Measure{land}, "单位,任务数\n东村,1\n西村,2\n合计,4\n", []string{"第 4 行 B 列（任务数）：合计写的是 4，各行相加是 3；"}},
		{"a subtotal that is not the sum", []Measure{land}, "乡镇,村,任务数\n甲镇,东村,1\n,小计,1\n乙镇,南村,4\n,小计,5\n合计,,5\n", []string{"第 5 行 C 列（任务数）：合计写的是 5，各行相加是 4；"}},
		{"which measure", []Measure{land, money}, "单位,任务数\n东村,1\n", []string{"第 1 行 B 列（任务数）：任务有几项指标"}},
		{"no figures", []Measure{land}, "单位,备注\n东村,1\n", []string{"没有认出表头：应有一行写明单位"}},
		{"two columns for one", []Measure{land}, "单位,任务数,退林还耕面积\n东村,1,2\n", []string{"第 1 行 C 列（退林还耕面积）：与 B 列写的是同一项"}},
		{"a unit that measures something else", []Measure{land}, "单位,任务数（万元）\n东村,1\n", []string{"第 1 行 B 列（任务数（万元））：“万元”不能换算成指标的计量单位“亩”。"}},
		{"a base where nothing divides", []Measure{days}, "单位,完成时限,基数\n东村,1,2\n", []string{"第 1 行 C 列（基数）：指标“完成时限”不是可分数量，没有基数。"}},
		{"a base without a figure", []Measure{land}, "单位,任务数,基数\n东村,,2\n", []string{"第 2 行 C 列（基数）：有基数而没有填任务数。"}},
		{"only a base", []Measure{land}, "单位,基数\n东村,2\n", []string{"第 1 行 B 列（基数）：有基数而没有任务数一列。"}},
		{"a day that is none", []Measure{land}, "单位,任务数,截止日期\n东村,1,月底\n", []string{"第 2 行 C 列（截止日期）：“月底”不是日期；"}},
		{"a frequency", []Measure{patrols}, "单位,巡查\n东村,每周\n", []string{"第 2 行 B 列（巡查）：频次应以文本写成“次数/天数”"}},
		{"nobody", []Measure{land}, "单位,任务数\n\n", []string{"表头下面没有任何单位。"}},
		{"an empty file", []Measure{land}, "", []string{"没有认出表头"}},
		{"what is kept, twice", []Measure{land}, "单位,任务数\n东村,1\n本级,1\n自留,2\n", []string{"第 4 行：第 3 行已经写了本级自留。"}},
		{"no more than twenty are listed", []Measure{land}, many, slices.Repeat([]string{"“x”不是数"}, 20)},
	} {
		_, problems, err := Read(t.Context(), "x.csv", []byte(c.csv), Options{Measures: c.measures})
		if err != nil || len(problems.List) != len(c.want) {
			t.Errorf("%s: %v, %+v", c.name, err, problems)
			continue
		}
		for i, want := range c.want {
			if got := problems.List[i].In("zh-CN"); !strings.Contains(got, want) {
				t.Errorf("%s: %q, want %q", c.name, got, want)
			}
		}
		if c.csv == many && problems.More != 5 {
			t.Errorf("%d more", problems.More)
		}
	}
}

// workbook makes a workbook with the library that reads it.
func workbook(t *testing.T, make func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range [][]any{{"单位", "任务数", "截止日期"}, {"东村", 1, 44782}, {"西村", 2.5, "2022-08-09"}, {"南村", 3}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	make(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbooks(t *testing.T) {
	no := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		make  func(f *excelize.File)
		sheet string
		want  string // what is read, or part of what is wrong
	}{
		{"numbers, dates", func(*excelize.File) {}, "", "2 |东村 area=1 by 2022-08-09\n3 |西村 area=2.5 by 2022-08-09\n4 |南村 area=3\n"},
		{"from 1904", func(f *excelize.File) {
			yes := true
			no(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
			no(f.SetCellValue("Sheet1", "C2", 43320))
		}, "", "2 |东村 area=1 by 2022-08-09\n"},
		{"a formula without its result", func(f *excelize.File) {
			no(f.SetCellFormula("Sheet1", "B5", "1+1"))
			no(f.SetCellStr("Sheet1", "A5", "北村"))
		}, "", "第 5 行 B 列（任务数）：单元格里是公式"},
		{"a hidden row", func(f *excelize.File) { no(f.SetRowVisible("Sheet1", 3, false)) }, "", "工作表“Sheet1”第 3 行：这一行是隐藏的"},
		{"a hidden column", func(f *excelize.File) { no(f.SetColVisible("Sheet1", "B", false)) }, "", "第 1 行 B 列（任务数）：这一列是隐藏的"},
		{"one figure for several", func(f *excelize.File) { no(f.MergeCell("Sheet1", "B2", "B3")) }, "", "第 2 行 B 列（任务数）：合并单元格 B2:B3 里只有一个数"},
		{"a deadline for several", func(f *excelize.File) { no(f.MergeCell("Sheet1", "C2", "C4")) }, "", "4 |南村 area=3 by 2022-08-09\n"},
		{"a heading between the rows", func(f *excelize.File) {
			no(f.InsertRows("Sheet1", 2, 1))
			no(f.SetCellStr("Sheet1", "A2", "青穗镇"))
			no(f.MergeCell("Sheet1", "A2", "C2"))
		}, "", "3 |东村<青穗镇 area=1 by 2022-08-09\n"},
		{"which sheet", func(f *excelize.File) { _, err := f.NewSheet("二"); no(err); no(f.SetCellStr("二", "A1", "x")) }, "", "几张工作表：Sheet1, 二"},
		{"a sheet by name", func(f *excelize.File) { _, err := f.NewSheet("二"); no(err); no(f.SetCellStr("二", "A1", "x")) }, "Sheet1", "2 |东村 area=1"},
		{"empty sheets do not count", func(f *excelize.File) { _, err := f.NewSheet("二"); no(err) }, "", "2 |东村 area=1"},
		{"no such sheet", func(*excelize.File) {}, "三", "没有工作表“三”，只有：Sheet1"},
		{"an error value", func(f *excelize.File) { no(f.SetCellValue("Sheet1", "B2", true)) }, "", "第 2 行 B 列（任务数）：“"},
		{"too wide", func(f *excelize.File) { no(f.SetCellStr("Sheet1", "ZZ9", "x")) }, "", "第 9 行有 702 列，最多 200 列"},
		{"too long", func(f *excelize.File) { no(f.SetCellStr("Sheet1", "A30000", "x")) }, "", "表超过 25000 行"},
	} {
		s, problems, err := Read(t.Context(), "x.xlsx", workbook(t, c.make), Options{Measures: []Measure{land}, Sheet: c.sheet})
		got := ""
		switch {
		case err != nil:
			got = sentence(err)
		case problems.Count() > 0:
			got = problems.List[0].In("zh-CN")
		default:
			got = print(s)
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFilesThatAreNoSheets(t *testing.T) {
	for name, c := range map[string]struct{ data, rule string }{
		"old.xls":      {"\xD0\xCF\x11\xE0 and more", "breakdown.old_format"},
		"broken.xlsx":  {"PK\x03\x04 and no archive", "breakdown.workbook"},
		"text.xlsx":    {"单位,任务数\n", "breakdown.workbook"},
		"large.csv":    {strings.Repeat("x", MaxBytes+1), "breakdown.too_large"},
		"quotes.csv":   {"单位,任务数\n\"东村,1\n\x00", "breakdown.encoding"},
		"wide.csv":     {strings.Repeat("x,", 300) + "x\n", "breakdown.too_wide"},
		"long.csv":     {"单位,任务数\n" + strings.Repeat("东村,1\n", 26_000), "breakdown.too_long"},
		"numbered.csv": {"单位,任务数\n" + strings.Repeat("\n", 100_000) + "东村,1\n", "breakdown.too_long"},
	} {
		_, _, err := Read(t.Context(), name, []byte(c.data), Options{Measures: []Measure{land}})
		if err == nil || !strings.Contains(err.Error(), c.rule) {
			t.Errorf("%s: %v, want %s", name, err, c.rule)
		}
	}
}

// A small archive that unpacks to much is refused before it is unpacked.
func TestBombs(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		f.Pkg.Store("xl/big.xml", bytes.Repeat([]byte{' '}, maxUnzip+1))
	})
	if len(data) > 1<<20 {
		t.Fatalf("%d bytes are no bomb", len(data))
	}
	if _, _, err := Read(t.Context(), "x.xlsx", data, Options{Measures: []Measure{land}}); err == nil || !strings.Contains(err.Error(), "breakdown.too_much") {
		t.Errorf("%v", err)
	}
}

func TestGB18030(t *testing.T) {
	s, problems, err := Read(t.Context(), "x.csv", gb("单位;任务数\n㐂村𠀀;1,234\n"), Options{Measures: []Measure{land}})
	if err != nil || problems.Count() > 0 || print(s) != "2 |㐂村𠀀 area=1234\n" {
		t.Errorf("%v, %+v", err, problems)
	}
}

func TestTooMuchIsMerged(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		for i := range maxAreas + 1 {
			if err := f.MergeCell("Sheet1", fmt.Sprint("H", 2*i+1), fmt.Sprint("H", 2*i+2)); err != nil {
				t.Fatal(err)
			}
		}
	})
	if _, _, err := Read(t.Context(), "x.xlsx", data, Options{Measures: []Measure{land}}); err == nil || !strings.Contains(err.Error(), "breakdown.merges") {
		t.Errorf("%v", err)
	}
}

// Whatever the parts of a workbook hold: no panic, whoever reads them.
func FuzzWorkbook(f *testing.F) {
	f.Add("xl/worksheets/sheet1.xml", []byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>单位</t></is></c><c r="B1" t="s"><v>0</v></c></row><row r="2" hidden="1"><c r="A2"><f t="shared" si="0"/><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	f.Add("xl/sharedStrings.xml", []byte(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>x</t></si></sst>`))
	f.Add("xl/workbook.xml", []byte(`<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`))
	f.Add("xl/styles.xml", []byte(`<styleSheet/>`))
	f.Fuzz(func(t *testing.T, part string, content []byte) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, text := range parts {
			if name == part {
				continue
			}
			addPart(t, w, name, []byte(text))
		}
		addPart(t, w, part, content)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, _, _ = Read(t.Context(), "x.xlsx", b.Bytes(), Options{Measures: []Measure{land}})
	})
}

func addPart(t *testing.T, w *zip.Writer, name string, content []byte) {
	p, err := w.Create(name)
	if err == nil {
		_, err = p.Write(content)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// parts are a small workbook's.
var parts = map[string]string{
	"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
	"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	"xl/worksheets/sheet1.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>单位</v></c><c r="B1" t="str"><v>任务数</v></c></row><row r="2"><c r="A2" t="str"><v>东村</v></c><c r="B2"><v>1</v></c></row></sheetData></worksheet>`,
}

// Whatever a file holds: a sheet, problems or a refusal, and no panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte("单位,任务数\n东村,1\n合计,1\n"))
	f.Add([]byte("乡镇\t村\t面积（亩）\t\n\t\t基数\t任务数\n甲镇\t东村\t1\t2\n小计\t\t1\t2\n"))
	f.Add([]byte("a;b;\"c\n\";;\n\n\n本级;;1/7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, problems, err := Read(t.Context(), "x.csv", data, Options{Measures: []Measure{land, money, patrols, photos, days}, Measure: "area"})
		if err == nil && problems.Count() == 0 && len(s.Rows) == 0 {
			t.Fatalf("%q is a sheet of nothing", data)
		}
	})
}
