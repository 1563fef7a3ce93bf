package calendar_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
)

const sample = `{
  "about": "试用的日历",
  "from": 2025,
  "to": 2026,
  "years": [
    {
      "year": 2025,
      "source": "手工",
      "holidays": [
        {"zh":"元旦","en":"New Year's Day","off":["2025-01-01"],"work":[]},
        {"zh":"劳动节","en":"Labour Day","off":["2025-05-01","2025-05-02"],"work":["2025-04-27"]},
        {"zh":"国庆节","en":"National Day","off":["2025-10-01"],"work":[]}
      ]
    },
    {
      "year": 2026,
      "source": "手工",
      "notices": ["https://www.gov.cn/"],
      "holidays": [
        {"zh":"元旦","en":"New Year's Day","off":["2026-01-01"],"work":[]},
        {"zh":"劳动节","en":"Labour Day","off":["2026-05-01"],"work":["2026-05-09"]},
        {"zh":"国庆节","en":"National Day","off":["2026-10-01"],"work":[]}
      ]
    }
  ]
}
`

func read(t testing.TB, text string) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Read("days.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// edited is a text in which one thing, found once, was changed.
func edited(t testing.TB, text, from, to string) string {
	t.Helper()
	if strings.Count(text, from) != 1 {
		t.Fatalf("%q stands %d times", from, strings.Count(text, from))
	}
	return strings.Replace(text, from, to, 1)
}

// What is edited moves what is due: a day off more by one working day, a
// weekend worked back again, and a year entered makes known what was not.
func TestEditing(t *testing.T) {
	text := officialFile(t)
	c := clock(t, calendar.WorkingDays, 5, "2026-11-16 09:00")
	due := func(text string) ledger.Date {
		last, err := c.LastDay(read(t, text))
		if err != nil {
			t.Fatal(err)
		}
		return last
	}
	if got := due(text); got != "2026-11-23" {
		t.Errorf("as it is: %s", got)
	}
	local := edited(t, text, `"2026-10-07"],"work":["2026-09-20",`, `"2026-10-07","2026-11-18"],"work":["2026-09-20",`)
	if got := due(local); got != "2026-11-24" {
		t.Errorf("with a local holiday: %s", got)
	}
	worked := edited(t, local, `"work":["2026-09-20","2026-10-10"`, `"work":["2026-09-20","2026-10-10","2026-11-21"`)
	if got := due(worked); got != "2026-11-23" {
		t.Errorf("with a Saturday worked for it: %s", got)
	}

	late := clock(t, calendar.WorkingDays, 5, "2026-12-28 09:00")
	if _, err := late.Due(read(t, sample)); err == nil {
		t.Error("2027 was not entered")
	}
	more := edited(t, edited(t, sample, `"to": 2026`, `"to": 2027`), "      ]\n    }\n  ]", `      ]
    },
    {
      "year": 2027,
      "source": "国办通知",
      "holidays": [
        {"zh":"元旦","en":"New Year's Day","off":["2027-01-01","2027-01-02"],"work":["2027-01-03"]},
        {"zh":"劳动节","en":"Labour Day","off":["2027-05-01"],"work":[]},
        {"zh":"国庆节","en":"National Day","off":["2027-10-01"],"work":[]}
      ]
    }
  ]`)
	if last, err := late.LastDay(read(t, more)); err != nil || last != "2027-01-04" {
		t.Errorf("with 2027: %s, %v", last, err)
	}
}

func TestReadRefuses(t *testing.T) {
	line := func(text string) int { // of what was put in, marked §
		return 1 + strings.Count(text[:strings.Index(text, "§")], "\n")
	}
	for name, x := range map[string]struct{ from, to, field, says string }{
		"a word out of place": {`"to": 2026,`, `"to": 2026 §,`, "", "not valid JSON"},
		"no end":              {"  ]\n}\n", "  ]\n§", "", "not valid JSON"},
		"unknown field":       {`"from": 2025,`, `"from": 2025, "§until": 3,`, "§until", "no field named"},
		"field twice":         {`"from": 2025,`, `"from": 2025, "from": 2025,`, "from", "twice"},
		"a holiday's typo":    {`"off":["2025-10-01"]`, `"§of":["2025-10-01"]`, "years[0].holidays[2].§of", "no field named"},
		"a number for a day":  {`"2025-04-27"`, `20250427`, "years[0].holidays[1].work[0]", ""},
		"no about":            {`"试用的日历"`, `" "`, "about", "what this calendar is"},
		"no from":             {`"from": 2025,`, ``, "from", "not a range"},
		"endless years":       {`"to": 2026,`, `"to": 2147483647,`, "from", "not a range"},
		"backwards":           {`"to": 2026,`, `"to": 2024,`, "from", "not a range"},
		"a year short":        {`"to": 2026,`, `"to": 2027,`, "years", "2 years are entered where from and to say 2025 to 2027"},
		"another year":        {`"year": 2026`, `"year": 2027`, "years[1].year", "here the year 2026 is due, not 2027"},
		"no source":           {"      \"source\": \"手工\",\n      \"notices\"", `      "notices"`, "years[1].source", "where the entry of 2026 comes from"},
		"no name":             {`{"zh":"劳动节","en":"Labour Day","off":["2026-05-01"]`, `{"zh":"","en":"Labour Day","off":["2026-05-01"]`, "years[1].holidays[1].zh", "name"},
		"no English name":     {`{"zh":"劳动节","en":"Labour Day","off":["2026-05-01"]`, `{"zh":"劳动节","off":["2026-05-01"]`, "years[1].holidays[1].en", "English"},
		"no such day":         {`"2025-05-02"`, `"2025-02-29"`, "years[0].holidays[1].off[1]", "no date of 2025"},
		"not a date":          {`"2025-05-02"`, `"5月2日"`, "years[0].holidays[1].off[1]", "no date of 2025"},
		"another year's day":  {`"2025-05-02"`, `"2026-05-02"`, "years[0].holidays[1].off[1]", "no date of 2025"},
		"off twice":           {`"2025-05-02"`, `"2025-01-01"`, "years[0].holidays[1].off[1]", "already stands in years[0].holidays[0].off[0] (line 10)"},
		"off and worked":      {`"2026-05-09"`, `"2026-10-01"`, "years[1].holidays[1].work[0]", "no weekend"},
		"worked anyway":       {`"2026-05-09"`, `"2026-05-08"`, "years[1].holidays[1].work[0]", "no weekend"},
		"New Year missing":    {`"off":["2026-01-01"]`, `"off":[]`, "years[1].holidays", "2026-01-01 (New Year's Day)"},
		"Labour Day missing":  {`"off":["2026-05-01"]`, `"off":[]`, "years[1].holidays", "2026-05-01 (Labour Day)"},
		"National missing":    {`"off":["2026-10-01"]`, `"off":[]`, "years[1].holidays", "2026-10-01 (National Day)"},
		"too many days":       {`"2025-05-02"`, strings.Repeat(`"2025-05-02",`, 60) + `""`, "years[0].holidays[1]", "more than 60 days"},
		"too many holidays":   {"        {\"zh\":\"元旦\",\"en\":\"New Year's Day\",\"off\":[\"2026", strings.Repeat("{},", 40) + "        {\"zh\":\"元旦\",\"en\":\"New Year's Day\",\"off\":[\"2026", "years[1].holidays", "more than 40 holidays"},
	} {
		text := edited(t, sample, x.from, x.to)
		_, err := calendar.Read("days.json", []byte(text))
		e, _ := errors.AsType[*ledger.Error](err)
		if e == nil || e.Code != ledger.Invalid || e.Rule != "calendar.file" || e.Field != x.field || !strings.Contains(e.Text.En, x.says) || strings.Contains(e.Text.Zh+e.Text.En, "%!") {
			t.Errorf("%s: %+v", name, err)
			continue
		}
		want := 1 + strings.Count(sample[:strings.Index(sample, x.from)], "\n")
		switch {
		case strings.Contains(x.to, "§"):
			want = line(text)
		case name == "endless years", name == "backwards":
			want = 3
		case name == "no from":
			want = 1 // where the object begins that lacks it
		case name == "a year short":
			want = 5
		case name == "no source":
			want = 15
		case x.field == "years[1].holidays":
			want = 19
		}
		at := strings.TrimSpace(fmt.Sprintf("line %d %s", want, x.field)) + ": "
		if !strings.HasPrefix(e.Text.En, "days.json "+at) || !strings.HasPrefix(e.Text.Zh, fmt.Sprintf("days.json 第 %d 行", want)) {
			t.Errorf("%s: %s; want line %d", name, e.Text.En, want)
		}
	}
	if _, err := calendar.Read("days.json", []byte(edited(t, sample, `"from": 2025,`, `"from": 2025, "until": 3,`))); err == nil || !strings.HasPrefix(ledger.AsError(err).Text.Zh, "days.json 第 3 行 until：没有名为 until 的字段") {
		t.Errorf("%+v", ledger.AsError(err).Text)
	}
	for name, data := range map[string]string{
		"nothing": "", "null": "null", "a list": "[]", "a word": `"2026"`, "more behind": sample + "{}", "lost signs": "{\"about\":\"\xff\xff\"}",
		"deep": strings.Repeat("[", 1<<19), "much": strings.Repeat(" ", 1<<20) + sample,
	} {
		if _, err := calendar.Read("days.json", []byte(data)); err == nil || ledger.AsError(err).Code != ledger.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file that an office's editor saved as GBK, or as UTF-8 with a mark, is the same calendar.
func TestEncodings(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(sample)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"GBK": gbk, "marked": "\ufeff" + sample, "lines of Windows": strings.ReplaceAll(sample, "\n", "\r\n")} {
		if off, err := read(t, text).Working("2025-05-02"); err != nil || off {
			t.Errorf("%s: %v, %v", name, off, err)
		}
	}
	_, err = calendar.Read("days.json", []byte(edited(t, gbk, "2025-05-02", "2025-02-30")))
	if err == nil || !strings.Contains(err.Error(), "line 11 ") {
		t.Error(err)
	}
}

// Every day of the official file, once spoiled, is found on its own line.
func TestEveryDayHasItsLine(t *testing.T) {
	text := officialFile(t)
	var f struct {
		Years []struct {
			Holidays []struct{ Off, Work []string }
		}
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	days := 0
	for i, y := range f.Years {
		for j, h := range y.Holidays {
			for list, all := range map[string][]string{"off": h.Off, "work": h.Work} {
				for k, day := range all {
					if days++; days%7 != 0 { // enough of them
						continue
					}
					_, err := calendar.Read("days.json", []byte(edited(t, text, day, "1"+day[1:])))
					line := 1 + strings.Count(text[:strings.Index(text, day)], "\n")
					want := fmt.Sprintf("days.json line %d years[%d].holidays[%d].%s[%d]: ", line, i, j, list, k)
					if err == nil || !strings.Contains(err.Error(), want) {
						t.Fatalf("%s: %v; want %s", day, err, want)
					}
				}
			}
		}
	}
	if days < 600 {
		t.Errorf("%d days", days)
	}
}

// Whatever is read is a calendar of whole years, or refused as one.
func FuzzRead(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(officialFile(f)))
	f.Add([]byte(`{"about":"x","from":2025,"to":2025,"years":[{"year":2025,"holidays":null}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := calendar.Read("days.json", data)
		if err != nil {
			if e := ledger.AsError(err); e.Code != ledger.Invalid || strings.Contains(e.Text.En, "%!") && !strings.Contains(string(data), "%!") {
				t.Fatal(err)
			}
			return
		}
		from, to := c.Years()
		n, err := c.Between(ledger.Date(fmt.Sprintf("%d-01-01", from)), ledger.Date(fmt.Sprintf("%d-12-31", to)))
		if err != nil || n < 0 || n > 366*(to-from+1) {
			t.Fatal(n, err)
		}
	})
}
