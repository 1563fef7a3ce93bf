package outcome

import (
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

// alone is a world in which nothing can be gathered around an outcome: who is
// concerned is then only what it says itself.
type alone struct{ world }

func (alone) Concerned(string) []string { return nil }

// Who is tied is told by the outcome itself where the record says nothing: the
// origin of its task, who was warned, and whoever was named in a statement.
func TestTiedByTheOutcomeItself(t *testing.T) {
	id := ID("area-600", "area-600/area", village, occurred)
	given := events{onRecord(short())}
	say := Say{ID: id, Point: Duty, Value: DutyBasic, Reason: "清单", Document: "paper"}
	stated := Stated{ID: StatementID(Objected, town), Point: Objected, Unit: town, Value: "yes", By: "990103", OnPaper: "2022-07-01", Reason: "来文", Document: "paper"}
	taken := stated
	taken.Value, taken.By, taken.OnPaper = Unknown, "", ""
	told := with(accident(), func(c *Penalise) {
		c.Warned = append(c.Warned, Warning{Unit: "990105", At: *hours(-2), Document: "paper"})
	})
	harm := Say{ID: ID("", "", town, occurred), Point: Effective, Unit: town, Value: "yes", Reason: "记录", Document: "paper"}
	ledgertest.Run[State, Facts](t, alone{}, []tried{
		{Name: "by the executor", By: actor(ledger.Reviewer, village), Given: given, When: say, Refused: "forbidden outcome.tied"},
		{Name: "by where the task began", By: actor(ledger.Reviewer, inspection), Given: given, When: say, Refused: "forbidden outcome.tied"},
		{Name: "by who was said to have objected", By: actor(ledger.Reviewer, town), Given: append(given, stated), When: say, Refused: "forbidden outcome.tied"},
		{Name: "by who was said to have insisted", By: actor(ledger.Reviewer, "990103"), Given: append(given, stated), When: say, Refused: "forbidden outcome.tied"},
		{Name: "not any more once that was taken back", By: actor(ledger.Reviewer, "990103"), Given: append(given, stated, taken), When: say, Then: events{said(say, village)}},
		{Name: "by who had been warned", By: actor(ledger.Reviewer, "990105"), Given: events{onRecord(told)}, When: harm, Refused: "forbidden outcome.tied"},
		{Name: "and nobody else", By: actor(ledger.Reviewer, "990106"), Given: given, When: say, Then: events{said(say, village)}},
	})
}

func said(c Say, unit string) Stated {
	return Stated{ID: StatementID(c.Point, unit), Point: c.Point, Unit: unit, Value: c.Value, By: c.By, OnPaper: c.OnPaper, Reason: c.Reason, Document: c.Document}
}

// A department records no measure against itself, though its division contains
// it; and who is no clerk records as none.
func TestWhoRecords(t *testing.T) {
	against := with(accident(), func(c *Penalise) {
		c.Unit, c.Warned, c.KnownSince = inspection, nil, nil
		c.Penalties = []Penalty{{Form: Removal, Body: inspection, On: "2022-08-03"}}
	})
	ledgertest.Run[State, Facts](t, world{}, []tried{
		{Name: "itself", By: actor(ledger.Clerk, inspection), At: occurred.AddDate(0, 0, 9), When: against, Refused: "forbidden outcome.not_above at penalties[0].body"},
		{Name: "the body, as an auditor", By: actor(ledger.Auditor, county), At: occurred.AddDate(0, 0, 9), When: short(), Refused: "forbidden outcome.recorders"},
	})
}

// What no outcome can be called is no id.
func TestNoID(t *testing.T) {
	id := ID("area-600", "area-600/area", village, occurred)
	if code, day, ok := SplitID(id); code != village || day != "2022-08-01" || !ok {
		t.Error(code, day, ok)
	}
	for _, x := range []string{"", "x", "-", "--", village, village + "-20220801", village + "-20220801-", village + "-20220801-0123abc", village + "-20220801-0123abcde", village + "-20220801-0123ABCD",
		village + "-20220801-0123abcx", village + "-2022081-0123abcd", village + "-20221301-0123abcd", "-20220801-0123abcd", "x-20220801-0123abcd", village + "20220801-0123abcd"} {
		if code, day, ok := SplitID(x); ok || code != "" && day.Valid() {
			t.Errorf("%q is %q of %s, %t", x, code, day, ok)
		}
	}
}

// Numbers are taken up to their bounds and no further.
func TestBoundsOfStatements(t *testing.T) {
	for value, ok := range map[string]bool{"0": true, "1/3": true, "5": true, "-1/3": false, "": false, "x": false, "1/0": false, "0.000001": true,
		"340282366920938463463374607431768211455/1": true, "340282366920938463463374607431768211456/1": false} {
		if err := checkPart("value", value); (err == nil) != ok {
			t.Errorf("part %q: %v", value, err)
		}
	}
	for value, ok := range map[string]bool{"0": true, "525600": true, "525601": false, "-1": false, "1.5": false, "": false} {
		if err := checkMinutes("value", value); (err == nil) != ok {
			t.Errorf("minutes %q: %v", value, err)
		}
	}
	for value, ok := range map[string]bool{"0": true, "-0.1": false, "12.345678": true, "x": false} {
		if err := checkNumber("value", value); (err == nil) != ok {
			t.Errorf("number %q: %v", value, err)
		}
	}
	for year, ok := range map[int]bool{1948: false, 1949: true} {
		if err := checkMoment("at", time.Date(year, 6, 1, 0, 0, 0, 0, ledger.Beijing), occurred); (err == nil) != ok {
			t.Errorf("%d: %v", year, err)
		}
	}
}
