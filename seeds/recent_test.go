package seeds

import (
	"reflect"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// Steps that are marked move together by whole weeks into the week before now,
// everything else stays, and what was given is not touched.
func TestRecent(t *testing.T) {
	day := func(month time.Month, d, hour int) time.Time {
		return time.Date(2020, month, d, hour, 0, 0, 0, ledger.Beijing)
	}
	given := func() []Scenario {
		return []Scenario{
			{ID: "old", Steps: []Step{{At: day(1, 1, 9)}}},
			{ID: "new", Steps: []Step{{At: day(2, 3, 9)}, {At: day(3, 2, 10), Recent: true}, {At: day(3, 4, 15), Recent: true}}},
			{ID: "newer", Steps: []Step{{At: day(3, 5, 8), Recent: true}}},
		}
	}
	for name, c := range map[string]struct {
		now   time.Time
		weeks int
	}{
		"before the last of them": {day(3, 5, 7), 0},
		"within the week":         {day(3, 12, 7), 0},
		"a week after":            {day(3, 12, 8), 1},
		"almost two":              {day(3, 19, 7), 1},
		"years after":             {time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC), 350},
	} {
		list, want := given(), given()
		got := Recent(list, c.now)
		by := time.Duration(c.weeks) * week
		want[1].Steps[1].At, want[1].Steps[2].At = want[1].Steps[1].At.Add(by), want[1].Steps[2].At.Add(by)
		want[2].Steps[0].At = want[2].Steps[0].At.Add(by)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if !reflect.DeepEqual(list, given()) {
			t.Errorf("%s: what was given was changed", name)
		}
		if last := got[2].Steps[0].At; c.weeks > 0 && (last.After(c.now) || c.now.Sub(last) >= week) {
			t.Errorf("%s: the last is of %s", name, last)
		}
	}
	old := []Scenario{{ID: "old", Steps: []Step{{At: day(1, 1, 9)}}}}
	if got := Recent(old, day(12, 1, 1)); !reflect.DeepEqual(got, old) {
		t.Errorf("nothing is recent: %+v", got)
	}
}
