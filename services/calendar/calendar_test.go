package calendar_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
)

func official(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Official()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Days as the State Council's office announced them; the file is not asked.
func TestWorkingDays(t *testing.T) {
	c := official(t)
	for day, want := range map[ledger.Date]bool{
		"2026-11-20": true, // a Friday
		"2026-11-21": false,
		"2026-11-22": false,
		"2026-11-23": true,

		"2015-09-03": false, // the 70th anniversary of victory, a Thursday
		"2015-09-04": false,
		"2015-09-06": true, // the Sunday worked for it

		"2018-12-29": true, // a Saturday of 2018 worked for the New Year of 2019
		"2018-12-31": false,
		"2019-01-02": true,
		"2019-04-28": true, // Labour Day of 2019, lengthened in March
		"2019-05-02": false,
		"2019-05-03": false,
		"2019-05-05": true,

		"2020-01-31": false, // Spring Festival, lengthened in January
		"2020-02-03": true,
		"2020-10-08": false,
		"2020-10-10": true,

		"2022-01-29": true, // Saturday and Sunday before Spring Festival
		"2022-01-30": true,
		"2022-01-31": false,
		"2022-02-04": false,
		"2022-02-07": true,
		"2022-12-31": false,
		"2023-01-02": false,
		"2023-06-25": true, // a Sunday

		"2024-02-04": true, // a Sunday
		"2024-02-09": true, // New Year's Eve, not a holiday that year
		"2024-02-12": false,
		"2024-02-16": false,
		"2024-02-18": true,
		"2024-02-29": true,

		"2025-01-26": true,
		"2025-01-28": false, // New Year's Eve, a holiday again
		"2025-09-28": true,
		"2025-10-06": false, // Mid-autumn within the National Day week
		"2025-10-08": false,
		"2025-10-09": true,
		"2025-10-11": true,

		"2026-01-04": true,
		"2026-02-14": true,
		"2026-02-23": false,
		"2026-02-28": true,
		"2026-09-20": true,
		"2026-10-07": false,
		"2026-10-10": true,
	} {
		if got, err := c.Working(day); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", day, got, err, want)
		}
	}
}

func TestAdd(t *testing.T) {
	c := official(t)
	for _, x := range []struct {
		day  ledger.Date
		n    int
		want ledger.Date
	}{
		{"2026-02-11", 0, "2026-02-11"},
		{"2026-02-21", 0, "2026-02-21"}, // off, and still the day itself
		{"2026-11-16", 5, "2026-11-23"},
		{"2026-02-11", 5, "2026-02-25"},  // 12, 13, Saturday 14, nine days off, 24, 25
		{"2026-09-17", 5, "2026-09-23"},  // 18, Sunday 20, 21, 22, 23
		{"2025-09-22", 15, "2025-10-17"}, // Sunday 28 worked, 1 to 8 October off, Saturday 11 worked
		{"2022-12-26", 10, "2023-01-10"},
		{"2018-12-28", 1, "2018-12-29"},
		{"2018-12-28", 2, "2019-01-02"},
		{"2024-02-28", 1, "2024-02-29"},
		{"2003-12-31", 1, "2004-01-02"}, // the day that does not count need not be known
		{"2026-10-02", 1, "2026-10-08"},
	} {
		got, err := c.Add(x.day, x.n)
		if err != nil || got != x.want {
			t.Errorf("%s + %d: %s, %v; want %s", x.day, x.n, got, err, x.want)
		}
		if n, err := c.Between(x.day, x.want); err != nil || n != x.n {
			t.Errorf("%s to %s: %d, %v; want %d", x.day, x.want, n, err, x.n)
		}
		if n, err := c.Between(x.want, x.day); err != nil || n != -x.n {
			t.Errorf("%s back to %s: %d, %v; want %d", x.want, x.day, n, err, -x.n)
		}
	}
}

// A year nobody announced is never taken for weekends only.
func TestMissingYear(t *testing.T) {
	c := official(t)
	from, to := c.Years()
	if from > 2004 || to < 2026 {
		t.Fatalf("the calendar has %d to %d", from, to)
	}
	small := read(t, sample) // 2025 and 2026
	add := func(day ledger.Date, n int) error { _, err := small.Add(day, n); return err }
	between := func(a, b ledger.Date) error { _, err := small.Between(a, b); return err }
	working := func(day ledger.Date) error { _, err := small.Working(day); return err }
	for name, x := range map[string]struct {
		err  error
		year string
	}{
		"runs out of the last year": {add("2026-12-20", 30), "2027"},
		"begins behind it":          {add("2028-03-01", 1), "2028"},
		"begins with its last day":  {add("2026-12-31", 1), "2027"},
		"begins before the first":   {add("2023-05-01", 3000), "2023"},
		"until behind":              {between("2026-12-30", "2029-01-01"), "2027"},
		"back from behind":          {between("2029-01-01", "2026-12-30"), "2027"},
		"from before":               {between("2024-12-01", "2026-12-30"), "2024"},
		"a day behind":              {working("2027-01-01"), "2027"},
		"a day before":              {working("2024-12-31"), "2024"},
		"the last day":              {working("2026-12-31"), ""},
		"the first day":             {working("2025-01-01"), ""},
		"as far as it goes":         {between("2024-12-31", "2026-12-31"), ""},
	} {
		e, _ := errors.AsType[*ledger.Error](x.err)
		switch {
		case x.year == "" && x.err != nil:
			t.Errorf("%s: %v", name, x.err)
		case x.year != "" && (e == nil || e.Rule != "calendar.year_missing" || e.Code != ledger.Unavailable):
			t.Errorf("%s: %v", name, x.err)
		case x.year != "" && (!strings.Contains(e.Text.En, "lacks the year "+x.year+" ") || !strings.Contains(e.Text.Zh, "没有 "+x.year+" 年") || strings.Contains(e.Text.Zh+e.Text.En, "%!")):
			t.Errorf("%s: %+v", name, e.Text)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	c := official(t)
	for _, x := range []struct {
		day  ledger.Date
		n    int
		rule string
	}{
		{"2026-02-30", 1, "input.date"}, {"", 1, "input.date"}, {"2026-2-3", 0, "input.date"},
		{"2026-02-11", -1, "calendar.number"}, {"2026-02-11", 1 << 40, "calendar.number"},
	} {
		if got, err := c.Add(x.day, x.n); err == nil || ledger.AsError(err).Rule != x.rule || got != "" {
			t.Errorf("%s + %d: %q, %v", x.day, x.n, got, err)
		}
	}
	if _, err := c.Between("2026-02-11", "soon"); err == nil || ledger.AsError(err).Field != "last" {
		t.Error(err)
	}
	if _, err := c.Between("soon", "2026-02-11"); err == nil || ledger.AsError(err).Field != "first" {
		t.Error(err)
	}
	if _, err := c.Working("soon"); err == nil {
		t.Error("soon is a day")
	}
}

// Every answer as somebody would give it who goes through the file day by day.
func TestAgainstDayByDay(t *testing.T) {
	c, naive := official(t), newNaive(t, officialFile(t))
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Custom(func(t *rapid.T) ledger.Date { return drawDay(t) }).Draw(t, "day")
		n := rapid.IntRange(0, 300).Draw(t, "n")
		want, missing := naive.add(day, n)
		got, err := c.Add(day, n)
		agree(t, "Add", got, err, want, missing)

		other := drawDay(t)
		count, missing := naive.between(day, other)
		n, err = c.Between(day, other)
		agree(t, "Between", n, err, count, missing)

		works, missing := naive.working(day)
		is, err := c.Working(day)
		agree(t, "Working", is, err, works, missing)
	})
}
