package script

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// What the scripts about sheets use:
//
//	county DIR                         the fictional county of test/cases/breakdown-2000.xlsx as CSV files of divisions
//	slay-while-importing DIR FIXTURE   kill -9 an import of divisions that is half done
//	cell FROM TO CELL VALUE [forget]   a copy of a workbook with one cell written anew; forget drops what formulas came to
func county(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: county DIR")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	towns := [][]string{{"code", "name", "areaCode", "provinceCode", "cityCode"}}
	villages := [][]string{{"code", "name", "streetCode", "provinceCode", "cityCode", "areaCode"}}
	for i := range 40 {
		town := fmt.Sprintf("990901%03d", i+1)
		towns = append(towns, []string{town, pick("东西南北上下前后", i/5) + pick("河山桥塘林", i%5) + pick("镇乡", i%2), "990901", "99", "9909"})
		for j := range 50 {
			villages = append(villages, []string{fmt.Sprintf("%s%03d", town, j+1), pick("大小新老张王李赵陈刘", j/5) + pick("庄屯湾岭坪", j%5) + "村", town, "99", "9909", "990901"})
		}
	}
	for name, rows := range map[string][][]string{
		"provinces.csv": {{"code", "name"}, {"99", "云岭省（虚构）"}},
		"cities.csv":    {{"code", "name", "provinceCode"}, {"9909", "望山市", "99"}},
		"areas.csv":     {{"code", "name", "cityCode", "provinceCode"}, {"990901", "望山县", "9909", "99"}},
		"streets.csv":   towns, "villages.csv": villages,
	} {
		f, err := os.Create(filepath.Join(dir, name))
		ts.Check(err)
		ts.Check(csv.NewWriter(f).WriteAll(rows))
		ts.Check(f.Close())
	}
}

func pick(words string, i int) string { return string([]rune(words)[i]) }

// slayWhileImporting tries again where the import was over before the signal
// came.
func slayWhileImporting(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: slay-while-importing DIR FIXTURE")
	}
	dir := ts.MkAbs(args[0])
	for range 20 {
		var said output
		c := exec.Command(binary, "import", "divisions", ts.MkAbs(args[1]), "--data", dir)
		c.Env, c.Stderr = environment(), &said
		ts.Check(c.Start())
		for !strings.Contains(said.String(), "units 1000/") && c.Process.Signal(syscall.Signal(0)) == nil {
			time.Sleep(time.Millisecond)
		}
		_ = c.Process.Kill()
		if c.Wait() != nil {
			return
		}
		ts.Check(os.RemoveAll(dir))
	}
	ts.Fatalf("the import was always over before it could be killed")
}

func writeCell(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 || len(args) > 5 {
		ts.Fatalf("usage: cell FROM TO CELL VALUE [forget]")
	}
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	var value any = args[3]
	if n, err := strconv.ParseFloat(args[3], 64); err == nil {
		value = n
	}
	ts.Check(f.SetCellValue(f.GetSheetName(0), args[2], value))
	if len(args) == 5 {
		ts.Check(f.UpdateLinkedValue())
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
	ts.Check(f.Close())
}

// The sheet under test/cases is what a spreadsheet program made: nobody's
// tests write it anew.
func TestTheSheetOf2000IsASpreadsheetPrograms(t *testing.T) {
	f, err := excelize.OpenFile(filepath.Join("..", "cases", "breakdown-2000.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	props, err := f.GetAppProps()
	if err != nil || !strings.HasPrefix(props.Application, "LibreOffice/") {
		t.Errorf("%+v, %v", props, err)
	}
	merged, err := f.GetMergeCells("分解表")
	if err != nil || len(merged) < 40 {
		t.Errorf("%d merged areas, %v", len(merged), err)
	}
}
