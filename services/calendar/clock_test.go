package calendar_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
)

// at reads 2026-09-17 10:30 as China's civil time.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", s, ledger.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func clock(t testing.TB, kind calendar.Kind, days int, started string, pauses ...string) calendar.Clock {
	t.Helper()
	c := calendar.Clock{Kind: kind, Days: days, Started: at(t, started)}
	for i, moment := range pauses {
		var err error
		if i%2 == 0 {
			c, err = c.Pause(at(t, moment), "等候补充材料")
		} else {
			c, err = c.Resume(at(t, moment))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestClocks(t *testing.T) {
	cal := official(t)
	const w, d = calendar.WorkingDays, calendar.CalendarDays
	for name, x := range map[string]struct {
		clock                            calendar.Clock
		half, most, due, last, next7days string
	}{
		"five working days over a worked Sunday": {clock(t, w, 5, "2026-09-17 10:30"),
			"2026-09-22 00:00", "2026-09-23 00:00", "2026-09-24 00:00", "2026-09-23", "2026-10-01 00:00"},
		"the same from the day's first minute": {clock(t, w, 5, "2026-09-17 00:00"),
			"2026-09-22 00:00", "2026-09-23 00:00", "2026-09-24 00:00", "2026-09-23", "2026-10-01 00:00"},
		"the same to its last": {clock(t, w, 5, "2026-09-17 23:59"),
			"2026-09-22 00:00", "2026-09-23 00:00", "2026-09-24 00:00", "2026-09-23", "2026-10-01 00:00"},
		"from a day off": {clock(t, w, 1, "2026-10-03 09:00"),
			"2026-10-09 00:00", "2026-10-09 00:00", "2026-10-09 00:00", "2026-10-08", "2026-10-16 00:00"},
		"sixty calendar days": {clock(t, d, 60, "2026-01-20 09:00"),
			"2026-02-20 00:00", "2026-03-10 00:00", "2026-03-22 00:00", "2026-03-21", "2026-03-29 00:00"},
		"sixty and thirty more": {clock(t, d, 90, "2026-01-20 09:00"),
			"2026-03-07 00:00", "2026-04-03 00:00", "2026-04-21 00:00", "2026-04-20", "2026-04-28 00:00"},
		"calendar days need no calendar": {clock(t, d, 10, "2027-12-28 09:00"),
			"2028-01-03 00:00", "2028-01-06 00:00", "2028-01-08 00:00", "2028-01-07", "2028-01-15 00:00"},
		"a pause within a day": {clock(t, d, 10, "2026-03-01 09:00", "2026-03-03 09:00", "2026-03-03 23:59"),
			"2026-03-07 00:00", "2026-03-10 00:00", "2026-03-12 00:00", "2026-03-11", "2026-03-19 00:00"},
		"a pause over one midnight": {clock(t, d, 10, "2026-03-01 09:00", "2026-03-03 09:00", "2026-03-04 09:00"),
			"2026-03-08 00:00", "2026-03-11 00:00", "2026-03-13 00:00", "2026-03-12", "2026-03-20 00:00"},
		"a pause until the midnight": {clock(t, d, 10, "2026-03-01 09:00", "2026-03-03 09:00", "2026-03-04 00:00"),
			"2026-03-08 00:00", "2026-03-11 00:00", "2026-03-13 00:00", "2026-03-12", "2026-03-20 00:00"},
		"a pause from the midnight": {clock(t, d, 10, "2026-03-01 09:00", "2026-03-04 00:00", "2026-03-04 09:00"),
			"2026-03-07 00:00", "2026-03-10 00:00", "2026-03-12 00:00", "2026-03-11", "2026-03-19 00:00"},
		"a pause over a weekend costs no working day": {clock(t, w, 5, "2026-11-16 09:00", "2026-11-20 23:59", "2026-11-23 09:00"),
			"2026-11-20 00:00", "2026-11-24 00:00", "2026-11-25 00:00", "2026-11-24", "2026-12-02 00:00"},
		"before 1970": {clock(t, d, 2, "1969-12-20 09:00"),
			"1969-12-22 00:00", "1969-12-23 00:00", "1969-12-23 00:00", "1969-12-22", "1969-12-30 00:00"},
		"a pause after it was due": {clock(t, d, 2, "2026-03-01 09:00", "2026-03-05 09:00", "2026-03-07 09:00"),
			"2026-03-03 00:00", "2026-03-04 00:00", "2026-03-04 00:00", "2026-03-03", "2026-03-13 00:00"},
	} {
		for what, got := range map[string]func() (time.Time, error){
			x.half:      func() (time.Time, error) { return x.clock.At(cal, 50) },
			x.most:      func() (time.Time, error) { return x.clock.At(cal, 80) },
			x.due:       func() (time.Time, error) { return x.clock.Due(cal) },
			x.next7days: func() (time.Time, error) { return x.clock.OverdueAt(cal, 7) },
		} {
			if moment, err := got(); err != nil || !moment.Equal(at(t, what)) {
				t.Errorf("%s: %v, %v; want %s", name, moment, err, what)
			}
		}
		if last, err := x.clock.LastDay(cal); err != nil || string(last) != x.last {
			t.Errorf("%s: the last day is %s, %v; want %s", name, last, err, x.last)
		}
	}
}

// What is asked of a clock that stands still, and of one whose next year is
// not announced: all that can be told is told.
func TestWhatCannotBeToldYet(t *testing.T) {
	cal := read(t, sample)
	paused := clock(t, calendar.CalendarDays, 10, "2026-03-01 09:00", "2026-03-07 09:00")
	if moment, err := paused.At(cal, 50); err != nil || !moment.Equal(at(t, "2026-03-07 00:00")) {
		t.Errorf("reached before the pause: %v, %v", moment, err)
	}
	for what, err := range map[string]error{
		"due":      second(paused.Due(cal)),
		"80 %":     second(paused.At(cal, 80)),
		"last day": second(paused.LastDay(cal)),
		"overdue":  second(paused.OverdueAt(cal, 7)),
	} {
		if !errors.Is(err, calendar.ErrPaused) {
			t.Errorf("%s of a paused clock: %v", what, err)
		}
	}
	late := at(t, "2029-01-01 00:00")
	if reached, err := paused.Reached(cal, late, 80); err != nil || reached {
		t.Errorf("a paused clock came to 80 %%: %v, %v", reached, err)
	}
	if used, err := paused.Used(cal, late); err != nil || used != 5 {
		t.Errorf("%d days used, %v", used, err)
	}
	over := clock(t, calendar.CalendarDays, 2, "2026-03-01 09:00", "2026-03-07 09:00")
	if days, err := over.Overdue(cal, late); err != nil || days != 3 {
		t.Errorf("%d days overdue, %v", days, err)
	}
	if moment, err := over.OverdueAt(cal, 3); err != nil || !moment.Equal(at(t, "2026-03-07 00:00")) {
		t.Errorf("three days overdue as the pause begins: %v, %v", moment, err)
	}
	if _, err := over.OverdueAt(cal, 4); !errors.Is(err, calendar.ErrPaused) {
		t.Error(err)
	}
	again := clock(t, calendar.CalendarDays, 2, "2026-03-01 09:00", "2026-03-07 09:00", "2026-03-12 09:00")
	for now, want := range map[string]int{"2026-03-03 12:00": 0, "2026-03-04 12:00": 0, "2026-03-05 00:00": 1, "2026-03-07 12:00": 3, "2026-03-08 12:00": 3, "2026-03-12 12:00": 3, "2026-03-13 00:00": 4} {
		if days, err := again.Overdue(cal, at(t, now)); err != nil || days != want {
			t.Errorf("at %s: %d days overdue, %v; want %d", now, days, err, want)
		}
	}

	long := clock(t, calendar.WorkingDays, 20, "2026-12-10 09:00") // 15 working days are left in 2026
	if moment, err := long.At(cal, 75); err != nil || !moment.Equal(at(t, "2027-01-01 00:00")) {
		t.Errorf("the last moment known: %v, %v", moment, err)
	}
	if _, err := long.Due(cal); err == nil || !strings.Contains(err.Error(), "2027") {
		t.Errorf("due in a year not announced: %v", err)
	}
	if reached, err := long.Reached(cal, late, 75); err != nil || !reached {
		t.Errorf("75 %% were reached in 2026: %v, %v", reached, err)
	}
	if reached, err := long.Reached(cal, at(t, "2027-01-01 12:00"), 80); err != nil || reached {
		t.Errorf("on the first day of 2027, which is not over: %v, %v", reached, err)
	}
	if _, err := long.Reached(cal, at(t, "2027-01-02 00:00"), 80); err == nil || !strings.Contains(err.Error(), "2027") {
		t.Errorf("whether a day of 2027 counted: %v", err)
	}
	if _, err := clock(t, calendar.CalendarDays, 20, "2030-12-10 09:00").Due(nil); err != nil {
		t.Error(err)
	}
}

func second[T any](_ T, err error) error { return err }

// A clock, day by day, through random pauses: when each percentage is reached,
// how much is used and overdue at any moment, and what cannot be told.
func TestClocksAgainstDayByDay(t *testing.T) {
	cal, naive := official(t), newNaive(t, officialFile(t))
	rapid.Check(t, func(t *rapid.T) {
		c := drawClock(t)
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		now := drawAfter(t, "now", c.Started.AddDate(0, 0, -2), 250)

		whole := naive.follow(c, c.Started.AddDate(1, 6, 0))
		need := 1
		for need*100 < percent*c.Days {
			need++
		}
		moment, err := c.At(cal, percent)
		switch {
		case !whole.at[need].IsZero():
			agree(t, "At", moment, err, whole.at[need], 0)
		case whole.missing != 0:
			agree(t, "At", moment, err, time.Time{}, whole.missing)
		case !errors.Is(err, calendar.ErrPaused):
			t.Fatalf("At: %v, %v; want it paused", moment, err)
		}
		days := rapid.IntRange(1, 30).Draw(t, "overdue")
		if moment, err = c.OverdueAt(cal, days); !whole.overdueAt[days].IsZero() {
			agree(t, "OverdueAt", moment, err, whole.overdueAt[days], 0)
		} else if whole.missing == 0 && !errors.Is(err, calendar.ErrPaused) {
			t.Fatalf("OverdueAt: %v, %v; want it paused", moment, err)
		}

		was := naive.follow(c, now)
		used, err := c.Used(cal, now)
		agree(t, "Used", used, err, was.used, was.missing)
		overdue, err := c.Overdue(cal, now)
		agree(t, "Overdue", overdue, err, was.overdue, was.missing)
		reached, err := c.Reached(cal, now, percent)
		if was.used >= need {
			agree(t, "Reached", reached, err, true, 0)
		} else {
			agree(t, "Reached", reached, err, false, was.missing)
		}
	})
}

// Whatever happens afterwards, what was answered about a moment stays: pauses
// and resumptions to come change nothing, and none makes a clock come sooner.
func TestNothingResets(t *testing.T) {
	cal := official(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawClock(t)
		now := drawAfter(t, "now", c.Started, 120)
		before := c
		before.Pauses = nil
		for _, p := range c.Pauses {
			if !p.From.Before(now) {
				break
			}
			if !p.To.Before(now) {
				p.To = time.Time{}
			}
			before.Pauses = append(before.Pauses, p)
		}
		whole, err1 := c.Used(cal, now)
		then, err2 := before.Used(cal, now)
		if whole != then || (err1 == nil) != (err2 == nil) {
			t.Fatalf("used %d, %v; as it was then %d, %v", whole, err1, then, err2)
		}
		longer, err := c.Due(cal)
		never := c
		never.Pauses = nil
		if shorter, err1 := never.Due(cal); err == nil && err1 == nil && longer.Before(shorter) {
			t.Fatalf("due %v with its pauses, %v without", longer, shorter)
		}
	})
}

func TestPauseAndResume(t *testing.T) {
	c := clock(t, calendar.WorkingDays, 60, "2026-03-02 09:00")
	rule := func(_ calendar.Clock, err error) string {
		if err == nil {
			return ""
		}
		return ledger.AsError(err).Rule
	}
	once, err := c.Pause(at(t, "2026-03-04 09:00"), "等候鉴定")
	if err != nil || !once.Paused(at(t, "2030-01-01 00:00")) || once.Paused(at(t, "2026-03-04 08:59")) || len(c.Pauses) != 0 {
		t.Fatalf("%+v, %v", once, err)
	}
	one, err1 := once.Resume(at(t, "2026-03-06 09:00"))
	other, err2 := once.Resume(at(t, "2026-03-09 09:00"))
	if err := errors.Join(err1, err2); err != nil || !once.Pauses[0].To.IsZero() || one.Pauses[0].To.Equal(other.Pauses[0].To) {
		t.Fatalf("clocks share their pauses: %+v, %+v, %+v, %v", once, one, other, err)
	}
	if one.Paused(at(t, "2026-03-06 09:00")) || !one.Paused(at(t, "2026-03-06 08:59")) || !one.Paused(at(t, "2026-03-04 09:00")) {
		t.Errorf("%+v", one)
	}
	spare := c
	spare.Pauses = make([]calendar.Pause, 0, 4)
	first, err1 := spare.Pause(at(t, "2026-03-04 09:00"), "甲")
	_, err2 = spare.Pause(at(t, "2026-03-05 09:00"), "乙")
	if err := errors.Join(err1, err2); err != nil || first.Pauses[0].Reason != "甲" {
		t.Errorf("clocks share their pauses: %+v, %v", first, err)
	}
	for name, x := range map[string]struct{ got, want string }{
		"no reason":              {rule(c.Pause(at(t, "2026-03-04 09:00"), " \t")), "clock.no_reason"},
		"before the start":       {rule(c.Pause(at(t, "2026-03-02 08:59"), "因")), "clock.pause_order"},
		"at the start":           {rule(c.Pause(at(t, "2026-03-02 09:00"), "因")), ""},
		"twice":                  {rule(once.Pause(at(t, "2026-03-05 09:00"), "因")), "clock.already_paused"},
		"resumed while it runs":  {rule(c.Resume(at(t, "2026-03-05 09:00"))), "clock.not_paused"},
		"resumed twice":          {rule(one.Resume(at(t, "2026-03-07 09:00"))), "clock.not_paused"},
		"resumed before":         {rule(once.Resume(at(t, "2026-03-03 09:00"))), "clock.pause_order"},
		"resumed at once":        {rule(once.Resume(at(t, "2026-03-04 09:00"))), "clock.pause_order"},
		"again before its end":   {rule(one.Pause(at(t, "2026-03-05 09:00"), "因")), "clock.pause_order"},
		"again at its end":       {rule(one.Pause(at(t, "2026-03-06 09:00"), "因")), ""},
		"resumed out of reach":   {rule(once.Resume(time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC))), "calendar.number"},
		"in a year out of reach": {rule(c.Pause(time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), "因")), "calendar.number"},
	} {
		if x.got != x.want {
			t.Errorf("%s: %q, want %q", name, x.got, x.want)
		}
	}

	text, err := json.Marshal(once)
	var back calendar.Clock
	if err := errors.Join(err, json.Unmarshal(text, &back)); err != nil || back.Check() != nil || strings.Contains(string(text), `"to"`) || !back.Paused(at(t, "2026-03-05 00:00")) {
		t.Errorf("%s: %+v, %v", text, back, err)
	}
}

func TestClocksThatCannotBe(t *testing.T) {
	good := clock(t, calendar.CalendarDays, 60, "2026-03-02 09:00", "2026-03-04 09:00", "2026-03-06 09:00", "2026-03-07 09:00", "2026-03-08 09:00")
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		spoil func(*calendar.Clock)
		field string
	}{
		"no kind":         {func(c *calendar.Clock) { c.Kind = "" }, "kind"},
		"another kind":    {func(c *calendar.Clock) { c.Kind = "lunar" }, "kind"},
		"no days":         {func(c *calendar.Clock) { c.Days = 0 }, "days"},
		"negative":        {func(c *calendar.Clock) { c.Days = -5 }, "days"},
		"endless":         {func(c *calendar.Clock) { c.Days = 1 << 62 }, "days"},
		"not started":     {func(c *calendar.Clock) { c.Started = time.Time{} }, "started"},
		"too many pauses": {func(c *calendar.Clock) { c.Pauses = make([]calendar.Pause, 1001) }, "pauses"},
		"no reason":       {func(c *calendar.Clock) { c.Pauses[1].Reason = "" }, "pauses[1].reason"},
		"overlapping":     {func(c *calendar.Clock) { c.Pauses[1].From = c.Pauses[0].From }, "pauses[1]"},
		"before start":    {func(c *calendar.Clock) { c.Pauses[0].From = c.Started.Add(-1) }, "pauses[0]"},
		"backwards":       {func(c *calendar.Clock) { c.Pauses[1].To = c.Pauses[1].From.Add(-1) }, "pauses[1]"},
		"open and first":  {func(c *calendar.Clock) { c.Pauses[0].To = time.Time{} }, "pauses[0]"},
	} {
		c := good
		c.Pauses = append([]calendar.Pause(nil), good.Pauses...)
		x.spoil(&c)
		now := at(t, "2026-04-01 00:00")
		for what, err := range map[string]error{
			"Check": c.Check(), "Due": second(c.Due(nil)), "LastDay": second(c.LastDay(nil)), "Reached": second(c.Reached(nil, now, 50)),
			"Used": second(c.Used(nil, now)), "Overdue": second(c.Overdue(nil, now)), "OverdueAt": second(c.OverdueAt(nil, 7)),
		} {
			if e := ledger.AsError(err); err == nil || e.Code != ledger.Invalid || e.Field != x.field || strings.Contains(e.Text.Zh+e.Text.En, "%!") {
				t.Errorf("%s, %s: %+v; want %s refused", name, what, err, x.field)
			}
		}
	}
	for _, percent := range []int{-1, 0, 101, 1 << 62} {
		if _, err := good.At(nil, percent); err == nil || ledger.AsError(err).Field != "percent" {
			t.Errorf("%d %%: %v", percent, err)
		}
		if _, err := good.Reached(nil, good.Started, percent); err == nil || ledger.AsError(err).Field != "percent" {
			t.Errorf("%d %%: %v", percent, err)
		}
	}
	for _, days := range []int{-1, 1 << 62} {
		if _, err := good.OverdueAt(nil, days); err == nil {
			t.Errorf("overdue by %d", days)
		}
	}
	due, _ := good.Due(nil)
	if same, err := good.OverdueAt(nil, 0); err != nil || !reflect.DeepEqual(same, due) {
		t.Errorf("%v, %v; due %v", same, err, due)
	}
}
