package calendar

import (
	"fmt"
	"strings"

	"suyuan/services/charset"
	"suyuan/services/ledger"
)

// Bounds of a calendar file.
const (
	maxBytes    = 1 << 20
	maxYears    = 200
	maxHolidays = 40 // of a year
	maxListed   = 60 // days of one holiday
	firstYear   = 1950
	lastYear    = 2199
)

// A file is a calendar as people edit it; what the fields are for is said in
// its own about.
type file struct {
	About string `json:"about"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Years []year `json:"years"`
}

type year struct {
	Year     int       `json:"year"`
	Source   string    `json:"source"`            // where its entry comes from
	Notices  []string  `json:"notices,omitempty"` // where it was announced
	Holidays []holiday `json:"holidays"`
}

// A holiday takes days off, weekends among them or not, and may have weekends
// worked for it.
type holiday struct {
	Zh   string        `json:"zh"`
	En   string        `json:"en"`
	Off  []ledger.Date `json:"off"`
	Work []ledger.Date `json:"work"`
}

// Off everywhere in the country since 1949; a year without one of these is a
// year that was not entered whole.
var always = []struct{ day, zh, en string }{
	{"01-01", "元旦", "New Year's Day"},
	{"05-01", "劳动节", "Labour Day"},
	{"10-01", "国庆节", "National Day"},
}

// Read reads a calendar file. The name is what errors call it; an error of
// what is in it says line and field.
func Read(name string, data []byte) (*Calendar, error) {
	if len(data) > maxBytes {
		return nil, ledger.Errorf(ledger.Invalid, "calendar.too_large", "%[1]s 超过 %[2]d KB；请核对是不是日历文件。", "%[1]s is over %[2]d KB; check that it is a calendar file.", name, maxBytes>>10)
	}
	text, ok := charset.Text(data)
	r := reader{name: name, data: text, off: map[int]bool{}, work: map[int]bool{}, stands: map[int]string{}}
	if !ok {
		return nil, r.wrong(max(1, charset.Wrong(data)), "", "既不是 UTF-8，也不是 GB18030（GBK）编码，请另存为 UTF-8", "is neither UTF-8 nor GB18030 (GBK); save the file as UTF-8")
	}
	if line, err := wrongJSON(text); err != nil {
		return nil, r.wrong(line, "", "不是合法的 JSON（%v）", "this is not valid JSON (%v)", err)
	}
	var f file
	if err := ledger.DecodeStrict(text, &f); err != nil {
		e := ledger.AsError(err)
		return nil, r.at(e.Field, "%[1]s", "%[2]s", strings.TrimRight(e.Text.Zh, "。"), strings.TrimRight(e.Text.En, "."))
	}
	if err := r.file(f); err != nil {
		return nil, err
	}
	return build(f.From, f.To, r.off, r.work), nil
}

// A reader checks one file and gathers its days by their numbers.
type reader struct {
	name      string
	data      []byte
	off, work map[int]bool
	stands    map[int]string // the field in which a day stands
}

func (r reader) file(f file) error {
	switch {
	case strings.TrimSpace(f.About) == "":
		return r.at("about", "请写明这份日历是什么、怎么改", "say what this calendar is and how it is edited")
	case f.From < firstYear || f.To > lastYear || f.From > f.To || f.To-f.From >= maxYears:
		return r.at("from", "年份 %d 至 %d 不对，应在 %d 与 %d 之间，且不超过 %d 年", "the years %d to %d are not a range within %d and %d of at most %d years", f.From, f.To, firstYear, lastYear, maxYears)
	case len(f.Years) != f.To-f.From+1:
		return r.at("years", "写了 %d 年，而 from 和 to 是 %d 至 %d；每年一条，一年也不能缺", "%d years are entered where from and to say %d to %d; enter each year once and leave none out", len(f.Years), f.From, f.To)
	}
	for i, y := range f.Years {
		if err := r.year(fmt.Sprintf("years[%d]", i), y, f.From+i); err != nil {
			return err
		}
	}
	return nil
}

func (r reader) year(at string, y year, want int) error {
	switch {
	case y.Year != want:
		return r.at(at+".year", "此处应是 %[2]d 年，写的是 %[1]d；各年要按先后，不重不漏", "here the year %[2]d is due, not %[1]d; the years stand in order, each once", y.Year, want)
	case strings.TrimSpace(y.Source) == "":
		return r.at(at+".source", "请写明 %d 年的安排从哪里来", "say where the entry of %d comes from", y.Year)
	case len(y.Holidays) > maxHolidays:
		return r.at(at+".holidays", "一年超过 %d 个节日", "more than %d holidays in a year", maxHolidays)
	}
	for i, h := range y.Holidays {
		if err := r.holiday(fmt.Sprintf("%s.holidays[%d]", at, i), h, y.Year); err != nil {
			return err
		}
	}
	for _, a := range always {
		day := ledger.Date(fmt.Sprintf("%d-%s", y.Year, a.day))
		if !r.off[dayOf(day.Time())] {
			return r.at(at+".holidays", "%[1]s（%[2]s）没有列为放假；%[4]d 年没有写全", "%[1]s (%[3]s) is not off; the year %[4]d is not entered whole", day, a.zh, a.en, y.Year)
		}
	}
	return nil
}

func (r reader) holiday(at string, h holiday, year int) error {
	switch {
	case strings.TrimSpace(h.Zh) == "":
		return r.at(at+".zh", "请写节日的名称", "give the holiday's name")
	case strings.TrimSpace(h.En) == "":
		return r.at(at+".en", "请写节日的英文名称", "give the holiday's English name")
	case len(h.Off) > maxListed || len(h.Work) > maxListed:
		return r.at(at, "一个节日超过 %d 天", "more than %d days for one holiday", maxListed)
	}
	for i, day := range h.Off {
		if err := r.day(fmt.Sprintf("%s.off[%d]", at, i), day, year, r.off); err != nil {
			return err
		}
	}
	for i, day := range h.Work {
		field := fmt.Sprintf("%s.work[%d]", at, i)
		if err := r.day(field, day, year, r.work); err != nil {
			return err
		}
		if !weekend(dayOf(day.Time())) {
			return r.at(field, "%s 不是周末，本来就上班；请核对日期", "%s is no weekend and worked anyway; check the date", day)
		}
	}
	return nil
}

func (r reader) day(field string, day ledger.Date, year int, into map[int]bool) error {
	if !day.Valid() || day.Time().Year() != year {
		return r.at(field, "“%[1]s”不是 %[2]d 年的日期；请写成 %[2]d-05-01 的样子", "“%[1]s” is no date of %[2]d; write it as %[2]d-05-01", day, year)
	}
	n := dayOf(day.Time())
	if other := r.stands[n]; other != "" {
		return r.at(field, "%s 已写在 %s（第 %d 行），一天只能写一次", "%s already stands in %s (line %d); enter a day once", day, other, lineOf(r.data, other))
	}
	r.stands[n], into[n] = field, true
	return nil
}

func (r reader) at(field, zh, en string, args ...any) error {
	return r.wrong(lineOf(r.data, field), field, zh, en, args...)
}

func (r reader) wrong(line int, field, zh, en string, args ...any) error {
	where := ""
	if field != "" {
		where = " " + field
	}
	return ledger.Errorf(ledger.Invalid, "calendar.file",
		"%[1]s 第 %[2]d 行%[3]s：%[4]s。", "%[1]s line %[2]d%[3]s: %[5]s.",
		r.name, line, where, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)).At("%s", field)
}
