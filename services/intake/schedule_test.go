package intake

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, ledger.Beijing)
	if err != nil {
		panic(err)
	}
	return t
}

// A cut is due once a day from its time of China's day on, whatever zone the
// clock is in.
func TestSchedule(t *testing.T) {
	for _, c := range []struct {
		now       string
		due, next ledger.Date
	}{
		{"2026-11-22 02:59", "2026-11-21", "2026-11-22"},
		{"2026-11-22 03:00", "2026-11-22", "2026-11-23"},
		{"2026-11-22 23:59", "2026-11-22", "2026-11-23"},
		{"2026-12-31 03:00", "2026-12-31", "2027-01-01"},
	} {
		s := Schedule{At: 3 * time.Hour, Clock: func() time.Time { return at(c.now).UTC() }}
		if s.Due() != c.due || s.Next() != c.next {
			t.Errorf("%s: due %s, next %s", c.now, s.Due(), s.Next())
		}
	}
	s := Schedule{Every: time.Second, Clock: func() time.Time { return at("2026-11-22 02:00") }}
	if s.Next() != "2026-11-22" {
		t.Errorf("every second: next %s", s.Next())
	}
}

// played runs a cutter over moments and gives the days it cut at.
func played(t *testing.T, last ledger.Date, fail func(n int) error, moments ...string) (days []ledger.Date, kept ledger.Date, said string) {
	t.Helper()
	var out strings.Builder
	now := at(moments[0])
	n := 0
	c := &Cutter{
		Schedule: Schedule{At: 3 * time.Hour, Clock: func() time.Time { return now }},
		Cut: func(_ context.Context, day ledger.Date) error {
			days = append(days, day)
			n++
			return fail(n)
		},
		Stir: func() error { return nil }, Last: func() (ledger.Date, error) { return last, nil },
		Keep:   func(d ledger.Date) error { last = d; return nil },
		Faults: slog.New(slog.NewTextHandler(&out, nil)),
	}
	ctx, stop := context.WithCancel(t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() { c.Run(ctx, ticks); close(done) }()
	for _, m := range moments[1:] {
		ticks <- at(m) // it has looked at the moment before
	}
	stop()
	<-done
	return days, last, out.String()
}

// One that was missed is made at the start, and none is made twice a day.
func TestCutterMissed(t *testing.T) {
	good := func(int) error { return nil }
	for _, c := range []struct {
		name string
		last ledger.Date
		now  string
		want int
	}{
		{"missed yesterday's", "2026-11-20", "2026-11-22 02:00", 1},
		{"missed today's", "2026-11-21", "2026-11-22 04:00", 1},
		{"made today's", "2026-11-22", "2026-11-22 04:00", 0},
		{"first start", "", "2026-11-22 04:00", 1},
	} {
		days, kept, said := played(t, c.last, good, c.now, c.now, c.now)
		if len(days) != c.want || c.want == 1 && days[0] != "2026-11-22" || said != "" {
			t.Errorf("%s: cut %v, kept %s, said %s", c.name, days, kept, said)
		}
	}
}

// A cut that fails is tried again a few times and then not before the next is
// due: never one a minute. What stays in the spool does not make it a failure.
func TestCutterFails(t *testing.T) {
	moments := []string{"2026-11-22 04:00"}
	for range 20 {
		moments = append(moments, moments[0])
	}
	days, kept, said := played(t, "2026-11-21", func(int) error { return errors.New("the disk is full") }, moments...)
	if len(days) != tries || kept != "2026-11-21" || strings.Count(said, "the disk is full") != 1 {
		t.Errorf("cut %v, kept %s, said %s", days, kept, said)
	}
	days, kept, _ = played(t, "2026-11-21", func(int) error { return &Left{errors.New("unreadable")} }, moments...)
	if len(days) != 1 || kept != "2026-11-22" {
		t.Errorf("one letter stays: cut %v, kept %s", days, kept)
	}
}

// A fault is logged once for as long as it lasts, and again when it returns,
// though other things go well or badly meanwhile.
func TestCutterSaysWhatReturns(t *testing.T) {
	var out strings.Builder
	stirs := []error{errors.New("first"), errors.New("first"), nil, errors.New("first"), nil, nil}
	n := 0
	c := &Cutter{
		Schedule: Schedule{At: 3 * time.Hour, Clock: func() time.Time { return at("2026-11-22 04:00") }},
		Cut:      func(context.Context, ledger.Date) error { return errors.New("second") },
		Stir: func() error {
			n++
			return stirs[n-1]
		},
		Last: func() (ledger.Date, error) { return "2026-11-21", nil }, Keep: func(ledger.Date) error { return nil },
		Faults: slog.New(slog.NewTextHandler(&out, nil)),
	}
	ctx, stop := context.WithCancel(t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() { c.Run(ctx, ticks); close(done) }()
	for range len(stirs) - 1 {
		ticks <- time.Time{}
	}
	stop()
	<-done
	if first, second := strings.Count(out.String(), "first"), strings.Count(out.String(), "second"); first != 2 || second != 1 {
		t.Errorf("a fault that returned was logged %d times, one that lasted %d times:\n%s", first, second, out.String())
	}
}
