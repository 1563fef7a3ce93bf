package docket_test

import (
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/release"
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
