package breakdown

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"suyuan/services/exact"
	"suyuan/services/ledger"
)

func typed(s string) cell  { return cell{text: s, kind: text} }
func stored(s string) cell { return cell{text: s, kind: number} }

func TestFiguresAreExact(t *testing.T) {
	for _, c := range []struct {
		cell     cell
		in, to   string
		want     string // "": refused
		complain string
	}{
		{typed("600"), "", "亩", "600", ""},
		{typed(" 1,234.5 "), "", "亩", "1234.5", ""},
		{typed("１，２３４．５"), "", "亩", "1234.5", ""},
		{typed("1,234,567"), "", "", "1234567", ""},
		{typed("12,34"), "", "亩", "", "thousands"},
		{typed("1,2345"), "", "亩", "", "thousands"},
		{typed("0.5万亩"), "", "亩", "5000", ""},
		{typed("0.5 万亩"), "万亩", "亩", "5000", ""},
		{typed("2"), "公顷", "亩", "30", ""},
		{typed("3"), "亩", "公顷", "0.2", ""},
		{typed("1"), "亩", "公顷", "", "six decimals"}, // 1/15 has no end
		{typed("1.5"), "万元", "元", "15000", ""},
		{typed("0.00000015"), "亿元", "元", "15", ""},
		{typed("15"), "元", "万元", "0.0015", ""},
		{typed("0.3"), "亿元", "万元", "3000", ""},
		{typed("3.2"), "万户", "户", "32000", ""},
		{typed("3.2万"), "", "户", "32000", ""},
		{typed("12户"), "", "户", "12", ""},
		{typed("12人"), "", "", "", "not a number"},
		{typed("12万"), "", "", "120000", ""},
		{typed("200左右"), "", "", "", "not a number"},
		{typed("12亩"), "", "元", "", "cannot be converted"},
		{typed("12"), "亩", "元", "", "cannot be converted"},
		{typed("约200"), "", "亩", "", "not a number"},
		{typed("200-300"), "", "亩", "", "not a number"},
		{typed("200左右"), "", "亩", "", "not a number"},
		{typed("四十"), "", "亩", "", "not a number"},
		{typed("+5"), "", "亩", "", "not a number"},
		{typed("1e3"), "", "亩", "", "not a number"},
		{typed("1.2.3"), "", "亩", "", "not a number"},
		{typed("-5"), "", "亩", "", "negative"},
		{typed("－5"), "", "亩", "", "negative"},
		{typed("-0.00"), "", "亩", "0", ""},
		{typed("0.0000001"), "", "亩", "", "six decimals"},
		{typed("0.000001"), "", "亩", "0.000001", ""},
		{typed("9223372036854.775807"), "", "", "9223372036854.775807", ""},
		{typed("9223372036854.775808"), "", "", "", "too large"},
		{typed("99999999"), "亿元", "元", "", "too large"},
		{typed(strings.Repeat("9", 100)), "", "", "", "not a number"},
		{stored("0.1"), "", "亩", "0.1", ""},
		{stored("0.10000000000000001"), "", "亩", "0.1", ""},
		{stored("0.30000000000000004"), "", "亩", "0.3", ""}, // 0.1+0.2, which a program shows as 0.3
		{stored("88.000000000000014"), "", "亩", "88", ""},
		{stored("1.1E+3"), "", "亩", "1100", ""},
		{stored("1E-6"), "", "亩", "0.000001", ""},
		{stored("0.33333333333333331"), "", "亩", "", "six decimals"},
		{stored("123456789012.123"), "", "亩", "123456789012.123", ""},
		{stored("-1"), "", "亩", "", "negative"},
		{stored("1e300"), "", "亩", "", "not a number"},
		{stored("NaN"), "", "亩", "", "not a number"},
		{cell{kind: unsolved, formula: true}, "", "亩", "", "formula"},
		{cell{text: "#DIV/0!", kind: faulty}, "", "亩", "", "#DIV/0!"},
	} {
		v, wrong := readFigure(c.cell, c.in, c.to)
		switch {
		case c.want != "" && (wrong != nil || v.String() != c.want):
			t.Errorf("%q in %q to %q: %v, %v, want %s", c.cell.text, c.in, c.to, v, wrong, c.want)
		case c.want == "" && (wrong == nil || !strings.Contains(wrong.En, c.complain)):
			t.Errorf("%q in %q to %q: %v, %v, want a complaint about %q", c.cell.text, c.in, c.to, v, wrong, c.complain)
		}
	}
}

// Whatever is in a cell: no panic, and what is read is what a person reads.
func FuzzFigure(f *testing.F) {
	for _, s := range []string{"600", "1,234.5", "１，２", "0.5万亩", "-", "1e5", "0.30000000000000004", "9223372036854.775808", "亿", "1亿亿"} {
		f.Add(s, "万亩", "亩")
		f.Add(s, "", "")
	}
	f.Fuzz(func(t *testing.T, s, in, to string) {
		for _, c := range []cell{typed(s), stored(s)} {
			v, wrong := readFigure(c, in, to)
			if wrong == nil && v < 0 {
				t.Fatalf("%q is below 0: %s", s, v)
			}
			if p, err := exact.ParseDecimal(s); err == nil && p >= 0 && in == "" && c.kind == text && (wrong != nil || v != p) {
				t.Fatalf("%q is read as %v, %v", s, v, wrong)
			}
			_, _ = readDue(c, false)
		}
	})
}

func TestDeadlines(t *testing.T) {
	end := func(day string) string { return day + "T23:59:59+08:00" }
	for _, c := range []struct {
		cell     cell
		from1904 bool
		want     string
	}{
		{typed("2022年8月9日"), false, end("2022-08-09")},
		{typed("2022-08-09"), false, end("2022-08-09")},
		{typed("2022/8/9"), false, end("2022-08-09")},
		{typed("2022.8.9"), false, end("2022-08-09")},
		{typed("２０２２年８月９日"), false, end("2022-08-09")},
		{typed("20220809"), false, end("2022-08-09")},
		{stored("20220809"), false, end("2022-08-09")},
		{typed("2022-08-09 18:00"), false, "2022-08-09T18:00:00+08:00"},
		{typed("2022年8月9日18时30分"), false, "2022-08-09T18:30:00+08:00"},
		{typed("2022年8月9日 18点"), false, "2022-08-09T18:00:00+08:00"},
		{typed("2022-08-09T07:05:09"), false, "2022-08-09T07:05:09+08:00"},
		{typed("2022-08-09 24:00"), false, "2022-08-10T00:00:00+08:00"},
		{stored("44782"), false, end("2022-08-09")},
		{stored("43320"), true, end("2022-08-09")},
		{stored("44782.75"), false, "2022-08-09T18:00:00+08:00"},
		{stored("44782.729166666664"), false, "2022-08-09T17:30:00+08:00"},
		{stored("44620"), false, end("2022-02-28")},
		{stored("8"), false, ""},
		{stored("1e9"), false, ""},
		{typed("44782"), false, ""},
		{typed("2022-02-29"), false, ""},
		{typed("2022-13-01"), false, ""},
		{typed("8月9日"), false, ""},
		{typed("22-8-9"), false, ""},
		{typed("2022-08-09 25:00"), false, ""},
		{typed("2022-08-09 24:01"), false, ""},
		{typed("月底前"), false, ""},
	} {
		got, wrong := readDue(c.cell, c.from1904)
		switch {
		case c.want == "" && wrong == nil:
			t.Errorf("%q is read as %s", c.cell.text, got)
		case c.want != "" && (wrong != nil || got.Format(time.RFC3339) != c.want):
			t.Errorf("%q: %s, %v, want %s", c.cell.text, got, wrong, c.want)
		case c.want != "":
			if again, wrong := readDue(typed(dueText(got)), false); wrong != nil || !again.Equal(got) {
				t.Errorf("%q: written as %q, which is read as %s", c.cell.text, dueText(got), again)
			}
		}
	}
	odd := time.Date(2022, 8, 9, 18, 0, 1, 5_000_000, ledger.Beijing)
	if again, wrong := readDue(typed(dueText(odd)), false); wrong != nil || !again.Equal(odd) {
		t.Errorf("%s comes back as %s", odd, again)
	}
}

func gb(s string) []byte {
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	const s = "单位,任务数\n㐂村𠀀,1\n"
	for name, data := range map[string][]byte{"UTF-8": []byte(s), "UTF-8 with a mark": []byte("\uFEFF" + s), "GB18030": gb(s)} {
		if got, err := decode(data); err != nil || got != s {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, data := range map[string][]byte{
		"UTF-16": []byte("\xFF\xFE\x55\x53\x4D\x4F"), "broken GB18030": append(gb("单位"), 0xFF, 0x20), "cut off": gb("单位")[:3], "binary": {0, 1, 2},
	} {
		if got, err := decode(data); !ledger.IsCode(err, ledger.Invalid) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// GB18030 is never read as anything but what was written.
func FuzzEncoding(f *testing.F) {
	f.Add("单位,任务数")
	f.Add("a")
	f.Add("镕㐂𠀀")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) || strings.ContainsRune(s, 0) || strings.HasPrefix(s, "\uFEFF") {
			return
		}
		if got, err := decode([]byte(s)); err != nil || got != s {
			t.Fatalf("UTF-8 %q: %q, %v", s, got, err)
		}
		data := gb(s)
		got, err := decode(data)
		if err != nil || got != s && !utf8.Valid(data) {
			t.Fatalf("GB18030 %q: %q, %v", s, got, err)
		}
	})
}

func TestSeparators(t *testing.T) {
	for s, want := range map[string]rune{
		"单位,任务数\n东村,1\n":                     ',',
		"单位\t任务数\n东村\t1,234\n":               '\t',
		"单位;任务数;备注\n东村;1,234;\n西村;2,3;x\n":   ';',
		"标题\n\n单位,\"a;b;c\"\n东村,\"d;e;f\"\n": ',',
		"单位\n": ',',
	} {
		if got := separator(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestColumnNames(t *testing.T) {
	for col, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := columnName(col); got != want {
			t.Errorf("%d: %s, want %s", col, got, want)
		}
	}
}
