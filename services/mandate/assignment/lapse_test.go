package assignment

import (
	"testing"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/policy"
)

// dated is when objections were raised and which versions of the periods
// there are, the oldest first.
type dated struct {
	calendar *calendar.Calendar
	raised   map[string]time.Time
	versions []policy.Adopted
}

func (d dated) Calendar() *calendar.Calendar { return d.calendar }

func (d dated) Policy(name string, on ledger.Date) (found policy.Adopted, ok bool) {
	for _, v := range d.versions {
		if v.Name == name && !v.From.Time().After(on.Time()) {
			found, ok = v, true
		}
	}
	return found, ok
}

func (d dated) PolicyVersion(name string, version int) (policy.Adopted, bool) {
	for _, v := range d.versions {
		if v.Name == name && v.Version == version {
			return v, true
		}
	}
	return policy.Adopted{}, false
}

func (d dated) RaisedAt(issuance, unit, objection string) (time.Time, bool) {
	at, ok := d.raised[issuance+" "+unit+" "+objection]
	return at, ok
}

func periods(version int, from ledger.Date, objectionDays string) policy.Adopted {
	return policy.Adopted{Name: policy.Periods, Version: version, From: from, Values: map[string]string{
		"objectionDays": objectionDays, "noticeDays": "10", "extensionDays": "5", "mirrorDays": "10", "appealDays": "30", "appealDecisionDays": "30",
	}}
}

var system = ledger.Actor{Account: ledger.System}

// Raised on Monday 25 July 2022, ten working days end with Monday 8 August.
func lapses(t *testing.T) map[string]bool {
	t.Helper()
	cal, err := calendar.Official()
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2022, 7, 25, 11, 0, 0, 0, ledger.Beijing)
	midnight := time.Date(2022, 8, 9, 0, 0, 0, 0, ledger.Beijing)
	raised := func(at time.Time, versions ...policy.Adopted) dated {
		return dated{cal, map[string]time.Time{"c1 " + town + " o": at}, versions}
	}
	ten := periods(1, "2022-01-01", "10")
	unread := ten
	unread.Values = nil
	open := events{Objected{Issuance: "c1", Unit: town, ID: "o", OwedBy: county}}
	lapsed := events{ObjectionDecided{ID: "o", By: county, Decision: Lapsed}}
	one := Lapse{atTown, "o"}
	const notDue = "refused assignment.not_due"
	return ledgertest.Run[State, LapseFacts](t, raised(monday, ten), []ledgertest.Case[State, LapseFacts]{
		{Name: "the days are over", Given: open, By: system, When: one, At: midnight, Then: lapsed},
		{Name: "the last is not", Given: open, By: system, When: one, At: midnight.Add(-time.Second), Refused: notDue},
		{Name: "the periods of its day hold", Given: open, Facts: raised(monday, ten, periods(2, "2022-07-26", "1")), By: system, When: one, At: midnight.Add(-time.Second), Refused: notDue},
		{Name: "not those of a day before", Given: open, Facts: raised(monday, ten, periods(2, "2022-07-25", "1")), By: system, When: one, At: midnight.AddDate(0, 0, -13), Then: lapsed},
		{Name: "raised before there were any", Given: open, Facts: raised(monday.AddDate(-1, 0, 0), periods(1, "2022-07-25", "10")), By: system, When: one, At: midnight, Then: lapsed},
		{Name: "its days begin with them", Given: open, Facts: raised(monday.AddDate(-1, 0, 0), periods(1, "2022-07-25", "10")), By: system, When: one, At: midnight.Add(-time.Second), Refused: notDue},
		{Name: "nothing was ever adopted", Given: open, Facts: raised(monday), By: system, When: one, At: midnight.AddDate(1, 0, 0), Refused: notDue},
		{Name: "what was adopted cannot be read", Given: open, Facts: raised(monday, unread), By: system, When: one, At: midnight, Refused: "invalid policy.missing_value at values.appealDays"},
		{Name: "a year the calendar lacks", Given: open, Facts: raised(time.Date(2027, 1, 4, 9, 0, 0, 0, ledger.Beijing), ten), By: system, When: one, At: midnight, Refused: "unavailable calendar.year_missing"},
		{Name: "without a calendar", Given: open, Facts: dated{raised: raised(monday).raised, versions: []policy.Adopted{ten}}, By: system, When: one, At: midnight, Refused: "unavailable assignment.no_calendar"},
		{Name: "it was answered", Given: append(open, lapsed...), By: system, When: one, At: midnight, Refused: notDue},
		{Name: "there is none", By: system, When: one, At: midnight, Refused: notDue},
		{Name: "the read model has not seen it yet", Given: open, Facts: dated{calendar: cal, versions: []policy.Adopted{ten}}, By: system, When: one, At: midnight, Refused: notDue},
		{Name: "nobody says so for it", Given: open, By: issuer, When: one, At: midnight, Refused: "forbidden assignment.system_only"},
	})
}
