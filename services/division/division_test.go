package division_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/encoding/simplifiedchinese"

	"suyuan/services/division"
	"suyuan/services/unit"
)

// fictional is a small division as the files print one.
func fictional() map[string]string {
	return map[string]string{
		"provinces.csv": "\uFEFFcode,name\n99,\"望省\"\n",
		"cities.csv":    "code,name,provinceCode\n9901,\"市辖区\",99\n",
		"areas.csv":     "code,name,cityCode,provinceCode\n990101,\"望溪县\",9901,99\n",
		"streets.csv":   "code,name,areaCode,provinceCode,cityCode\n990101001,\"青穗镇\",990101,99,9901\n990101400,\"红星农场\",990101,99,9901\n990101401,\"望溪茶业公司\",990101,99,9901\n",
		"villages.csv":  "code,name,streetCode,provinceCode,cityCode,areaCode\n990101001001,\"东村村民委员会\",990101001,99,9901,990101\n990101001002,\"河东居委会\",990101001,99,9901,990101\n",
	}
}

func read(files map[string]string) ([][]unit.Registered, error) {
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return division.Read(dir)
}

func TestUnitsComeWithTheirSuperiorsFirst(t *testing.T) {
	levels, err := read(fictional())
	if err != nil {
		t.Fatal(err)
	}
	want := [][]unit.Registered{
		{{Code: "0", Name: "中央", Kind: unit.Government}},
		{{Code: "99", Name: "望省", Kind: unit.Government, Parent: "0"}},
		{{Code: "9901", Name: "市辖区", Kind: unit.Government, Parent: "99"}},
		{{Code: "990101", Name: "望溪县", Kind: unit.Government, Parent: "9901"}},
		{{Code: "990101001", Name: "青穗镇", Kind: unit.Government, Parent: "990101"}, {Code: "990101400", Name: "红星农场", Kind: unit.Other, Parent: "990101"},
			{Code: "990101401", Name: "望溪茶业公司", Kind: unit.Enterprise, Parent: "990101"}},
		{{Code: "990101001001", Name: "东村村民委员会", Kind: unit.VillageOrg, Parent: "990101001"}, {Code: "990101001002", Name: "河东居委会", Kind: unit.VillageOrg, Parent: "990101001"}},
	}
	if len(levels) != len(want) {
		t.Fatalf("%d levels", len(levels))
	}
	for i := range want {
		for j := range want[i] {
			if j >= len(levels[i]) || levels[i][j] != want[i][j] {
				t.Errorf("level %d, unit %d: %+v, want %+v", i, j, levels[i], want[i][j])
			}
		}
	}
}

// A file in GB18030 is read as what it says; what is neither is refused.
func TestNoNameGoesOnRecordAsOtherSigns(t *testing.T) {
	gb := func(s string) string {
		b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	files := fictional()
	files["areas.csv"] = gb(files["areas.csv"])
	levels, err := read(files)
	if err != nil || levels[3][0].Name != "望溪县" {
		t.Errorf("GB18030: %v, %v", levels, err)
	}
	files["areas.csv"] = "code,name,cityCode\n990101,\xFF\xFF,9901\n"
	if _, err := read(files); err == nil || !strings.Contains(err.Error(), "areas.csv line 2 is neither UTF-8 nor GB18030") {
		t.Errorf("neither: %v", err)
	}
	files["areas.csv"] = "code,name,cityCode\n990101,望\uFFFD县,9901\n"
	if _, err := read(files); err == nil || !strings.Contains(err.Error(), "areas.csv line 2: 990101 has no name") {
		t.Errorf("lost before: %v", err)
	}
}

func TestWrongFilesAreRefusedByFileAndLine(t *testing.T) {
	for _, c := range []struct{ name, file, text, says string }{
		{"a code too short", "areas.csv", "code,name,cityCode\n990101,县,9901\n9901,x,9901\n", "areas.csv line 3: the code \"9901\" should have 6 digits"},
		{"letters", "provinces.csv", "code,name\nab,x\n", "provinces.csv line 2: the code \"ab\""},
		{"another superior", "areas.csv", "code,name,cityCode\n990101,县,9902\n", "areas.csv line 2: the superior of 990101 is given as \"9902\""},
		{"no superior", "streets.csv", "code,name,areaCode\n990102001,镇,990102\n", "streets.csv line 2: 990102001 has the superior 990102"},
		{"twice", "provinces.csv", "code,name\n99,a\n99,b\n", "provinces.csv line 3: code 99 stands twice"},
		{"no name", "cities.csv", "code,name,provinceCode\n9901,\" \",99\n", "cities.csv line 2: 9901 has no name"},
		{"no column", "cities.csv", "code,name\n9901,x\n", "cities.csv line 1"},
		{"no CSV", "villages.csv", "code,name,streetCode\n\"990101001001,x\n", "villages.csv cannot be read as CSV"},
		{"empty", "villages.csv", "", "villages.csv cannot be read as CSV"},
	} {
		files := maps.Clone(fictional())
		files[c.file] = c.text
		if _, err := read(files); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	files := fictional()
	delete(files, "streets.csv")
	if _, err := read(files); err == nil || !strings.Contains(err.Error(), "no streets.csv") {
		t.Errorf("a missing file: %v", err)
	}
}
