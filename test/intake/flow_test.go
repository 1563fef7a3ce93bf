package intake

import (
	"strings"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake/envelope"
	"suyuan/services/view/docket"
)

// A report is in the spool, then in the ledger, never in both and never in
// none; what its browser sent unreadable is on record without a claim.
func TestFlow(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	good, odd, verified := newSender(1), newSender(2), newSender(3)
	must(t, w.accept(good.report(t, 1)))
	must(t, w.accept(good.report(t, 1)))
	must(t, w.accept(odd.letter(t, envelope.Letter{Facts: []byte("no facts"), Narrative: envelope.Narrative{Text: "x"}})))
	must(t, w.accept(verified.letter(t, envelope.Letter{Facts: facts(3), Token: keys().issuer.token(t, 3)})))
	if rule := ruleOf(w.accept(good.report(t, 2))); rule != "intake.taken" {
		t.Errorf("another report under the same receipt: %s", rule)
	}
	if rule := ruleOf(w.accept(good.follow(t, claim.FollowUp{V: 1, Act: claim.Reply}, "more"))); rule != "intake.waiting" {
		t.Errorf("a follow-up before the cut: %s", rule)
	}
	if rule := ruleOf(w.accept(newSender(9).follow(t, claim.FollowUp{V: 1, Act: claim.Reply}, "more"))); rule != "intake.no_box" {
		t.Errorf("a follow-up to nothing: %s", rule)
	}
	if w.spool.Len() != 3 {
		t.Fatalf("%d wait", w.spool.Len())
	}
	must(t, w.cut("2026-11-20", 1))
	if w.spool.Len() != 0 {
		t.Errorf("%d still wait", w.spool.Len())
	}
	must(t, w.accept(good.report(t, 1)))
	if rule := ruleOf(w.accept(good.report(t, 2))); rule != "intake.taken" {
		t.Errorf("another report after the cut: %s", rule)
	}
	forged := newSender(4)
	forged.stored.Box = good.stored.Box
	if rule := ruleOf(w.accept(forged.follow(t, claim.FollowUp{V: 1, Act: claim.Withdraw}, ""))); rule != "intake.no_box" {
		t.Errorf("a follow-up under somebody else's box: %s", rule)
	}
	must(t, w.accept(good.follow(t, claim.FollowUp{V: 1, Act: claim.Withdraw}, "no more")))
	must(t, w.cut("2026-11-21", 2))
	w.view.Docket(func(d *docket.Docket) {
		untold := 0
		for c := range d.All() {
			if c.Untold {
				untold++
			}
		}
		if d.Size() != 3 || untold != 1 || d.Unreadable() != 0 {
			t.Errorf("%d complaints, %d without a claim, %d that cannot be opened", d.Size(), untold, d.Unreadable())
		}
		c, ok := d.Box(good.stored.Box)
		if !ok || c.State.How != complaint.ByWithdrawal || !c.Readable || c.Claim.Asked != "601" {
			t.Errorf("the report: %+v", c)
		}
		if c, ok = d.Box(verified.stored.Box); !ok || c.State.Filed.Lane != complaint.Verified {
			t.Errorf("the verified report: %+v", c)
		}
	})
	for _, e := range w.all() {
		if strings.HasPrefix(e.Stream, "complaint-") && !strings.Contains(string(e.Meta), `"recorded":"2026-11-19T16:00:00Z"`) && !strings.Contains(string(e.Meta), `"recorded":"2026-11-20T16:00:00Z"`) {
			t.Errorf("%s is recorded at another moment than a cut's: %s", e.Type, e.Meta)
		}
	}
}
