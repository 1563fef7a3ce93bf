package record

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/view/docket/dockettest"
)

// What the other's reporter does after the first answer, a review with its
// decision, a rating with the closing, another round with its answer, is no
// affair of a merged one: it is answered, and after thirty days of silence
// closed, as a lone one is.
func TestMergedBoxHasALifeOfItsOwn(t *testing.T) {
	rated := complaint.Rated{Letter: complaint.Letter{Letter: "x", Day: "2025-03-06"}}
	for name, then := range map[string][]any{
		"nothing":        nil,
		"under review":   {complaint.ReviewAsked{Letter: rated.Letter}},
		"reviewed":       {complaint.ReviewAsked{Letter: rated.Letter}, complaint.ReviewDecided{Decision: complaint.Upheld, Message: dockettest.Blob("review", ""), By: "x"}},
		"rated, closed":  {rated, complaint.FollowedUp{Confirmed: true}, complaint.Closed{How: complaint.ByRating}},
		"redone":         {rated, complaint.Redone{Days: 15, Reason: "x"}},
		"answered again": {rated, complaint.Redone{Days: 15, Reason: "x"}, complaint.Answered{Message: dockettest.Blob("again", ""), Outcome: complaint.Solved}},
		"recalled":       {rated, complaint.Recalled{Reason: "x"}, complaint.Dispatched{To: "990101-xyz", Days: 15}},
		"taken back":     {complaint.Withdrawn{Letter: rated.Letter}, complaint.Closed{How: complaint.ByWithdrawal}},
	} {
		w := newTogether(t)
		w.later(1)
		answer := dockettest.Blob("answer", "")
		w.add(w.other, "complaint.answered", complaint.Answered{At: w.at, Message: answer, Outcome: complaint.Partly})
		w.later(1)
		for _, body := range then {
			w.add(w.other, nameOf(body), body)
		}
		told := " <" + answer.ID[:4] + " filed-03 accepted-03 dispatched-03 signed_for-04 answered-05partly"
		t.Log(name)
		w.want(w.mine, "answered: reply withdraw rate review retaliation"+told)
		w.later(29) // 4 April is the last day
		w.want(w.mine, "answered: reply withdraw rate review retaliation"+told)
		w.later(1)
		w.want(w.mine, "closed: reply retaliation"+told+" closed-05unrated")
	}
}

// nameOf is the name of an event.
func nameOf(body any) string {
	for _, def := range complaint.Events {
		if def.Type == reflect.TypeOf(body) {
			return def.Name
		}
	}
	panic("no event")
}

// Merged into one that is handled a second time and stands still: what that was
// before is told nowhere, and the clock has a last day.
func TestMergedIntoOneThatIsRedone(t *testing.T) {
	w := newTogether(t)
	w.later(1)
	w.add(w.other, "complaint.answered", complaint.Answered{At: w.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
	w.add(w.other, "complaint.redone", complaint.Redone{At: w.at, Days: 15, Reason: "x"})
	w.later(1)
	w.add(w.other, "complaint.paused", complaint.Paused{At: w.at, Reason: "CANARY", Until: ledger.DateOf(w.at.AddDate(0, 0, 5))})
	w.later(1)
	late := w.file()
	w.add(late, "complaint.merged", complaint.Merged{At: w.at, Into: w.other})
	w.want(late, "handling: reply withdraw retaliation filed-07 accepted-07 dispatched-07 signed_for-07 paused-07")
	c, _ := w.d.Find(late)
	clock, err := json.Marshal(New(nil, days, w.now).box(w.d, c).Clock)
	if want := `{"days":15,"due":"2025-04-01","paused":true,"until":"2025-03-11"}`; err != nil || string(clock) != want {
		t.Errorf("%s, want %s", clock, want)
	}
}

// An answer that was read stays where it was read, though the one that was
// answered is taken from its unit and, as older ledgers hold it, merged on.
func TestAnswerStaysInTheBox(t *testing.T) {
	w := newTogether(t)
	w.later(1)
	w.add(w.other, "complaint.answered", complaint.Answered{At: w.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
	before := w.shown(w.mine)
	w.later(1)
	w.add(w.other, "complaint.rated", complaint.Rated{Letter: complaint.Letter{Letter: "x", Day: "2025-03-06"}})
	w.add(w.other, "complaint.recalled", complaint.Recalled{At: w.at, Reason: "x"})
	third := w.file()
	w.add(third, "complaint.accepted", complaint.Accepted{At: w.at})
	w.add(third, "complaint.dispatched", complaint.Dispatched{At: w.at, To: "990101-xyz", Days: 15})
	w.add(w.other, "complaint.merged", complaint.Merged{At: w.at, Into: third})
	w.want(w.mine, before)
	w.later(1)
	w.add(third, "complaint.answered", complaint.Answered{At: w.at, Message: dockettest.Blob("another", ""), Outcome: complaint.Solved})
	w.want(w.mine, before)
	if got := w.shown(w.other); !strings.Contains(got, "<"+dockettest.Blob("answer", "").ID[:4]) || !strings.Contains(got, "<"+dockettest.Blob("another", "").ID[:4]) {
		t.Errorf("the one in the middle is shown %s", got)
	}
}

// A report that was taken back after its answer and reviewed all the same, as
// once could be, shows the decision.
func TestOldReviewAfterWithdrawal(t *testing.T) {
	w := newTogether(t)
	w.later(1)
	w.add(w.other, "complaint.answered", complaint.Answered{At: w.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
	w.add(w.other, "complaint.withdrawn", complaint.Withdrawn{Letter: complaint.Letter{Letter: "x", Day: ledger.DateOf(w.at)}})
	w.add(w.other, "complaint.closed", complaint.Closed{At: w.at, How: complaint.ByWithdrawal})
	w.later(1)
	w.add(w.other, "complaint.review_asked", complaint.ReviewAsked{Letter: complaint.Letter{Letter: "y", Day: ledger.DateOf(w.at)}})
	w.later(1)
	review := dockettest.Blob("review", "")
	w.add(w.other, "complaint.review_decided", complaint.ReviewDecided{At: w.at, Decision: complaint.Changed, Message: review, By: "x"})
	if got := w.shown(w.other); !strings.HasPrefix(got, "reviewed: reply review retaliation") || !strings.Contains(got, "<"+review.ID[:4]) {
		t.Errorf("%s", got)
	}
}

// Judged on the last day and cut on the next, it was closed in between, as a
// lone one.
func TestJudgedWhenSilenceHadClosedIt(t *testing.T) {
	w := newTogether(t)
	w.add(w.other, "complaint.answered", complaint.Answered{At: w.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})
	w.later(31)
	c, _ := w.d.Find(w.mine)
	no := false
	events, err := complaint.Hear{
		ID: w.mine, Letter: strings.Repeat("a", 64), Day: ledger.DateOf(w.at), Act: claim.Rate, Solved: &no, Satisfied: &no, Narrative: dockettest.Blob("l", complaint.ClassText),
	}.Decide(c.State, facts{rest{}, w.d}, dockettest.System, w.at)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		w.add(w.mine, nameOf(e), e)
	}
	if got, want := w.shown(w.mine), "answered-04partly closed-04unrated rated-04"; !strings.HasPrefix(got, "closed: ") || !strings.HasSuffix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
}
