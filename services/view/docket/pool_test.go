package docket_test

import (
	"testing"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/release"
	"suyuan/services/view/docket"
)

// What was vouched for under a key that was revoked since is of the open lane:
// it makes up no k, in a release or beside a trace.
func TestRevokedKeysVouchForNobody(t *testing.T) {
	l := newLog()
	l.fill(8)
	id, err := l.maker.File(l.submit, "2025-03-03", complaint.Verified, claim.Facts{Mandate: "task-1", Issuer: "990101001", Within: "990101", Dimension: "quantity"})
	if err != nil {
		t.Fatal(err)
	}
	l.add("complaint-"+id, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "990101-nyj", Days: 15}, clerk) // and never answered
	independent := func() (reports, answers, told int) {
		d := folded(t, &l.maker.Key, l.events)
		pool := d.Pool("2026-01-01")
		if len(pool.Reports) != 9 || len(pool.Answers) == 0 {
			t.Fatalf("%d reports, %d answers", len(pool.Reports), len(pool.Answers))
		}
		for _, r := range pool.Reports {
			if r.Proof != (release.Proof{}) {
				reports++
			}
		}
		for _, a := range pool.Answers {
			if a.Proof != (release.Proof{}) {
				answers++
			}
		}
		for c := range d.All() {
			for _, claim := range d.For(ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}}).Claims(c.Claim.Mandate) {
				told += claim.Independent
			}
		}
		return reports, answers, told
	}
	if r, a, told := independent(); r != 5 || a == 0 || told == 0 {
		t.Fatalf("%d, %d, %d are vouched for before", r, a, told)
	}
	l.add("issuerkey-cards-990101-1", "issuerkey.revoked", issuerkey.Revoked{Reason: "失窃"}, clerk)
	if r, a, told := independent(); r != 0 || a != 0 || told != 0 {
		t.Errorf("%d reports, %d answers, %d of claims are vouched for by a key that was revoked", r, a, told)
	}
}

// dated is a rest that knows the working days.
type dated struct {
	rest
	days *calendar.Calendar
}

func (d dated) Calendar() *calendar.Calendar { return d.days }

// An answer is told when nothing about it can change any more: closed in
// silence, it can be rated and reviewed for thirty days yet, and a letter of
// the last of them is entered with the cut of the next.
func TestAnswersAreToldWhenTheyAreSettled(t *testing.T) {
	days, err := calendar.Official()
	if err != nil {
		t.Fatal(err)
	}
	l := newLog() // 3 March
	id := l.file(t, "990101001")
	l.add("complaint-"+id, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "990101-nyj", Days: 15}, clerk)
	l.at = l.at.AddDate(0, 0, 7) // 10 March
	l.add("complaint-"+id, "complaint.answered", complaint.Answered{At: l.at, Outcome: complaint.Partly}, clerk)
	r := &dated{days: days}
	r.d = docket.New(&l.maker.Key, r)
	for _, e := range l.events {
		r.d.Apply(e)
	}
	l.at = l.at.AddDate(0, 0, 1)
	closed := docket.Event{Ordinal: 99, Type: "complaint.closed", Stream: "complaint-" + id, At: l.at, Body: complaint.Closed{At: l.at, How: complaint.BySilence}}
	if n := len(r.d.Pool("2025-05-30").Answers); n != 0 {
		t.Error("an answer is told before it is closed")
	}
	r.d.Apply(closed)
	for until, want := range map[ledger.Date]int{"2025-03-11": 0, "2025-04-09": 0, "2025-04-10": 0, "2025-04-11": 1} {
		answers := r.d.Pool(until).Answers
		if len(answers) != want {
			t.Errorf("%s: %d answers, not %d", until, len(answers), want)
		}
		if len(answers) > 0 && (!answers[0].Responded || answers[0].Days != 5 || answers[0].Day != "2025-04-11") {
			t.Errorf("%+v", answers[0])
		}
	}
}
