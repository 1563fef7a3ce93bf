package calendar_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
)

func officialFile(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("calendar.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// naive goes through days one by one. Its second answer is the year it looked
// for in vain, 0 where there was none.
type naive struct {
	years     map[int]bool
	off, work map[string]bool
}

func newNaive(t testing.TB, text string) naive {
	t.Helper()
	var f struct {
		Years []struct {
			Year     int
			Holidays []struct{ Off, Work []string }
		}
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	n := naive{years: map[int]bool{}, off: map[string]bool{}, work: map[string]bool{}}
	for _, y := range f.Years {
		n.years[y.Year] = true
		for _, h := range y.Holidays {
			for _, d := range h.Off {
				n.off[d] = true
			}
			for _, d := range h.Work {
				n.work[d] = true
			}
		}
	}
	return n
}

func (n naive) working(day ledger.Date) (works bool, missing int) {
	t := day.Time()
	if !n.years[t.Year()] {
		return false, t.Year()
	}
	if n.work[string(day)] {
		return true, 0
	}
	return !n.off[string(day)] && t.Weekday() != time.Saturday && t.Weekday() != time.Sunday, 0
}

func next(day ledger.Date) ledger.Date { return ledger.DateOf(day.Time().AddDate(0, 0, 1)) }

func (n naive) add(day ledger.Date, count int) (ledger.Date, int) {
	for count > 0 {
		day = next(day)
		works, missing := n.working(day)
		if missing != 0 {
			return "", missing
		}
		if works {
			count--
		}
	}
	return day, 0
}

func (n naive) between(a, b ledger.Date) (count, missing int) {
	if b < a {
		count, missing = n.between(b, a)
		return -count, missing
	}
	for a < b {
		a = next(a)
		works, missing := n.working(a)
		if missing != 0 {
			return 0, missing
		}
		if works {
			count++
		}
	}
	return count, 0
}

// A course is what became of a clock up to a moment.
type course struct {
	used, overdue int
	at            map[int]time.Time // when so many days were used
	overdueAt     map[int]time.Time
	missing       int
}

// follow goes from one midnight to the next, at most to until. A pause counts
// by the clock's own word for a moment, the last one of the day.
func (n naive) follow(c calendar.Clock, until time.Time) course {
	was := course{at: map[int]time.Time{}, overdueAt: map[int]time.Time{}}
	for day := next(ledger.DateOf(c.Started)); ; day = next(day) {
		end := day.Time().AddDate(0, 0, 1)
		if end.After(until) {
			return was
		}
		if c.Paused(end.Add(-1)) {
			continue
		}
		if was.used == c.Days {
			was.overdue++
			was.overdueAt[was.overdue] = end
			continue
		}
		works := true
		if c.Kind == calendar.WorkingDays {
			if works, was.missing = n.working(day); was.missing != 0 {
				return was
			}
		}
		if works {
			was.used++
			was.at[was.used] = end
		}
	}
}

func drawDay(t *rapid.T) ledger.Date {
	n := rapid.IntRange(0, 366*25).Draw(t, "days since 2003-06")
	return ledger.DateOf(time.Date(2003, 6, 1, 0, 0, 0, 0, ledger.Beijing).AddDate(0, 0, n))
}

// drawAfter is a moment after another, on a midnight more often than chance
// has it.
func drawAfter(t *rapid.T, what string, after time.Time, days int) time.Time {
	at := after.Add(time.Duration(rapid.Int64Range(1, int64(days)*int64(24*time.Hour)).Draw(t, what)))
	if midnight := ledger.DateOf(at).Time(); rapid.Bool().Draw(t, what+" at midnight") && midnight.After(after) {
		return midnight
	}
	return at.UTC()
}

func drawClock(t *rapid.T) calendar.Clock {
	c := calendar.Clock{
		Kind:    rapid.SampledFrom(calendar.Kinds).Draw(t, "kind"),
		Days:    rapid.OneOf(rapid.IntRange(1, 5), rapid.IntRange(1, 90)).Draw(t, "days"),
		Started: drawAfter(t, "started", drawDay(t).Time(), 1),
	}
	at := c.Started
	for i, n := 0, rapid.IntRange(0, 4).Draw(t, "pauses"); i < n; i++ {
		p := calendar.Pause{From: drawAfter(t, "from", at, 40), Reason: "等候补充材料"}
		if rapid.IntRange(0, 4).Draw(t, "goes on") == 0 {
			c.Pauses = append(c.Pauses, p)
			break
		}
		p.To = drawAfter(t, "to", p.From, 20)
		c.Pauses, at = append(c.Pauses, p), p.To
	}
	return c
}

// agree holds an answer to the naive one, a missing year included.
func agree[T comparable](t *rapid.T, what string, got T, err error, want T, missing int) {
	t.Helper()
	if missing != 0 {
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("lacks the year %d ", missing)) {
			t.Fatalf("%s: %v, %v; want the year %d missed", what, got, err, missing)
		}
		return
	}
	if err != nil || got != want {
		t.Fatalf("%s: %v, %v; want %v", what, got, err, want)
	}
}
