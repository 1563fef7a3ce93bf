package record

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
	"suyuan/services/view/docket/dockettest"
)

var days, _ = calendar.Official()

// rest is the rest of a read model, of which a box asks nothing.
type rest struct{}

func (rest) Unit(string) (unit.Fact, bool)               { return unit.Fact{}, false }
func (rest) HasDocument(string) bool                     { return false }
func (rest) Mandate(string) (issuance.MandateFact, bool) { return issuance.MandateFact{}, false }
func (rest) Issuance(string) (issuance.Fact, bool)       { return issuance.Fact{}, false }
func (rest) Vouched(string) (issuance.Source, bool)      { return "", false }
func (rest) MergedInto(string) string                    { return "" }
func (rest) Complaint(string) (complaint.Fact, bool)     { return complaint.Fact{}, false }
func (rest) IssuerKey(string) (issuerkey.Fact, bool)     { return issuerkey.Fact{}, false }
func (rest) Spent(string) (string, bool)                 { return "", false }
func (rest) Calendar() *calendar.Calendar                { return nil }

// A box whose report was merged shows how the other is handled, from that day
// on: its stage, its dates, its answer. It says nowhere that there is another,
// and nothing of what the other's reporter did or was told.
func TestMergedBoxFollowsTheOther(t *testing.T) {
	maker := dockettest.New()
	d := docket.New(&maker.Key, rest{})
	at := time.Date(2025, 3, 3, 9, 0, 0, 0, ledger.Beijing)
	n := uint64(0)
	add := func(id, name string, body any) {
		n++
		d.Apply(docket.Event{Ordinal: n, Type: name, Stream: "complaint-" + id, At: at, Body: body})
	}
	file := func() string {
		id, err := maker.File(func(_ ledger.Actor, _ string, input any) error {
			f := input.(complaint.File)
			add(f.ID, "complaint.filed", complaint.Filed(f))
			return nil
		}, ledger.DateOf(at), complaint.Open, claim.Facts{Mandate: "m", Issuer: "990101001", Within: "990101", Dimension: "quantity"})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	other := file()
	add(other, "complaint.accepted", complaint.Accepted{At: at})
	add(other, "complaint.dispatched", complaint.Dispatched{At: at, To: "990101-nyj", Days: 15})
	at = at.AddDate(0, 0, 5)
	mine := file()
	add(mine, "complaint.accepted", complaint.Accepted{At: at})
	add(mine, "complaint.merged", complaint.Merged{At: at, Into: other, Reason: "CANARY-REASON"})
	add(other, "complaint.signed_for", complaint.SignedFor{At: at})
	add(other, "complaint.replied", complaint.Replied{Letter: complaint.Letter{Letter: "x", Day: "2025-03-08"}})
	add(other, "complaint.retaliation_reported", complaint.RetaliationReported{Letter: complaint.Letter{Letter: "y", Day: "2025-03-08"}})
	add(other, "complaint.asked", complaint.Asked{Message: dockettest.Blob("question", "")})
	add(other, "complaint.paused", complaint.Paused{At: at, Reason: "CANARY-PAUSE"})
	add(other, "complaint.resumed", complaint.Resumed{At: at})
	at = at.AddDate(0, 0, 5)
	add(other, "complaint.answered", complaint.Answered{At: at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Partly})

	l := New(nil, nil, func() time.Time { return at })
	c, _ := d.Find(mine)
	box := l.box(d, c)
	text, err := json.Marshal(box)
	if err != nil {
		t.Fatal(err)
	}
	for _, tells := range []string{"merge", other, "CANARY", "retaliation_reported", "complaint.replied", "complaint.asked", "2025-03-03"} {
		if strings.Contains(string(text), tells) {
			t.Errorf("the box says %s: %s", tells, text)
		}
	}
	var steps []string
	for _, s := range box.History {
		steps = append(steps, fmt.Sprint(strings.TrimPrefix(s.What, "complaint."), s.Day[5:], s.Unit, s.Word))
	}
	want := "filed03-08 accepted03-08 dispatched03-08990101-nyj signed_for03-08 paused03-08 resumed03-08 answered03-13partly"
	if got := strings.Join(steps, " "); got != want || box.State != "answered" || box.Unit != "990101-nyj" || box.Complaint != mine {
		t.Errorf("%s of %s, %s", got, box.Unit, box.State)
	}
}

// together is a world of two complaints of which one goes on in the other,
// which was dispatched before.
type together struct {
	t           *testing.T
	d           *docket.Docket
	at          time.Time
	n           uint64
	maker       *dockettest.Reports
	mine, other string
}

func (w *together) now() time.Time { return w.at }

// file files another report about the same.
func (w *together) file() string {
	w.t.Helper()
	id, err := w.maker.File(func(_ ledger.Actor, _ string, input any) error {
		f := input.(complaint.File)
		w.add(f.ID, "complaint.filed", complaint.Filed(f))
		return nil
	}, ledger.DateOf(w.at), complaint.Open, claim.Facts{Mandate: "m", Issuer: "990101001", Within: "990101", Dimension: "quantity"})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *together) add(id, name string, body any) {
	w.n++
	w.d.Apply(docket.Event{Ordinal: w.n, Type: name, Stream: "complaint-" + id, At: w.at, Body: body})
}

func (w *together) later(days int) { w.at = w.at.AddDate(0, 0, days) }

func newTogether(t *testing.T) *together {
	t.Helper()
	maker := dockettest.New()
	w := &together{t: t, maker: maker, d: docket.New(&maker.Key, rest{}), at: time.Date(2025, 3, 3, 9, 0, 0, 0, ledger.Beijing)}
	for _, id := range []*string{&w.other, &w.mine} {
		*id = w.file()
		w.add(*id, "complaint.accepted", complaint.Accepted{At: w.at})
	}
	w.add(w.other, "complaint.dispatched", complaint.Dispatched{At: w.at, To: "990101-nyj", Days: 15})
	w.add(w.mine, "complaint.merged", complaint.Merged{At: w.at, Into: w.other})
	w.later(1)
	w.add(w.other, "complaint.signed_for", complaint.SignedFor{At: w.at})
	return w
}

// shown is a box in one line: where it stands, what can be done, the messages
// and the history.
func (w *together) shown(id string) string {
	l := New(nil, days, func() time.Time { return w.at })
	c, _ := w.d.Find(id)
	box := l.box(w.d, c)
	var out []string
	for _, m := range box.May {
		out = append(out, m.Act)
	}
	for _, m := range messages(w.d, c, w.at) {
		out = append(out, "<"+m.Blob.ID[:4])
	}
	for _, s := range box.History {
		out = append(out, strings.TrimPrefix(s.What, "complaint.")+string(s.Day[7:])+s.Word)
	}
	return box.State + ": " + strings.Join(out, " ")
}

func (w *together) want(id, want string) {
	w.t.Helper()
	if got := w.shown(id); got != want {
		w.t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// A reporter whose complaint goes on in another reads its answer and can judge
// it; once that is done the box tells the same as before, and goes on alone.
func TestMergedBoxJudgesTheAnswer(t *testing.T) {
	w := newTogether(t)
	question, answer := dockettest.Blob("question", ""), dockettest.Blob("answer", "")
	w.add(w.other, "complaint.asked", complaint.Asked{At: w.at, Message: question})
	w.want(w.mine, "handling: reply withdraw retaliation filed-03 accepted-03 dispatched-03 signed_for-04")
	w.later(2)
	given := complaint.Answered{At: w.at, Message: answer, Outcome: complaint.Partly}
	w.add(w.other, "complaint.answered", given)
	told := " <" + answer.ID[:4] + " filed-03 accepted-03 dispatched-03 signed_for-04 answered-06partly"
	w.want(w.mine, "answered: reply withdraw rate review retaliation"+told)
	fact, _ := w.d.Fact(w.mine)
	if other, _ := w.d.Fact(w.other); other.Others != 1 || fact.Into == nil || fact.Into.Answered == nil || fact.Into.Answered.Message != answer {
		t.Fatalf("decisions know %+v, %+v", other, fact.Into)
	}
	// The other's reporter judges it first, and it is closed: that is no affair
	// of this one.
	w.later(1)
	w.add(w.other, "complaint.rated", complaint.Rated{Letter: complaint.Letter{Letter: "x", Day: "2025-03-07"}, Solved: true, Satisfied: true})
	w.want(w.mine, "answered: reply withdraw rate review retaliation"+told)
	w.later(1)
	c, _ := w.d.Find(w.mine)
	no := false
	events, err := complaint.Hear{
		ID: w.mine, Letter: strings.Repeat("a", 64), Day: ledger.DateOf(w.at), Act: claim.Rate, Solved: &no, Satisfied: &no, Narrative: dockettest.Blob("l", complaint.ClassText),
	}.Decide(c.State, facts{rest{}, w.d}, dockettest.System, w.at)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"Dispatched": "dispatched", "SignedFor": "signed_for", "Answered": "answered", "Rated": "rated"}
	for _, e := range events {
		name := strings.TrimPrefix(fmt.Sprintf("%T", e), "complaint.")
		w.add(w.mine, "complaint."+names[name], e)
	}
	w.later(1)
	w.add(w.other, "complaint.followed_up", complaint.FollowedUp{At: w.at, Confirmed: true})
	w.add(w.other, "complaint.closed", complaint.Closed{At: w.at, How: complaint.ByRating})
	w.want(w.mine, "answered: reply withdraw review retaliation"+told+" rated-08")
	if c, _ := w.d.Find(w.mine); c.State.Timing.Turn != complaint.Redoing || c.State.Handler != "990101-nyj" || !c.Answered.Equal(given.At) || c.Sent.After(given.At) {
		t.Errorf("it goes on as %+v, sent %v, answered %v", c.State.Timing, c.Sent, c.Answered)
	}
	if other, _ := w.d.Fact(w.other); other.Others != 0 {
		t.Error("it goes on in the other still")
	}
}

// Who took a report back is shown the same whether or not others go on in it.
func TestTakenBackLooksTheSame(t *testing.T) {
	w, alone := newTogether(t), newTogether(t)
	back := complaint.Withdrawn{Letter: complaint.Letter{Letter: "x", Day: "2025-03-05"}}
	for _, x := range []*together{w, alone} {
		x.later(1)
		x.add(x.other, "complaint.withdrawn", back)
	}
	alone.add(alone.other, "complaint.closed", complaint.Closed{At: alone.at, How: complaint.ByWithdrawal})
	w.later(1)
	w.add(w.other, "complaint.recalled", complaint.Recalled{At: w.at, Reason: "x"})
	w.add(w.other, "complaint.dispatched", complaint.Dispatched{At: w.at, To: "990101-xyz", Days: 15})
	w.add(w.other, "complaint.answered", complaint.Answered{At: w.at, Message: dockettest.Blob("answer", ""), Outcome: complaint.Solved})
	alone.later(1)
	l := func(x *together) string {
		c, _ := x.d.Find(x.other)
		text, err := json.Marshal(New(nil, days, func() time.Time { return x.at }).box(x.d, c))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if c, _ := w.d.Find(w.other); c.Counts() {
		t.Error("a claim that was taken back still counts")
	}
	if l(w) != l(alone) {
		t.Errorf("\nwith others %s\nalone       %s", l(w), l(alone))
	}
	w.want(w.other, "closed: reply retaliation filed-03 accepted-03 dispatched-03 signed_for-04 withdrawn-05 closed-05withdrawn")
	if !strings.HasPrefix(w.shown(w.mine), "answered: reply withdraw rate review retaliation") {
		t.Errorf("the others are shown %s", w.shown(w.mine))
	}
}

// A report without facts that could be read says so in its box.
func TestUntoldBox(t *testing.T) {
	w := newTogether(t)
	maker := dockettest.New()
	other := dockettest.New()
	for name, x := range map[string]struct {
		key  claim.Key
		want bool
	}{"read": {maker.Key, false}, "none": {maker.Key, true}, "sealed under another key": {claim.Key{1}, false}} {
		d := docket.New(&x.key, rest{})
		f := claim.Facts{Mandate: "m", Issuer: "990101001", Within: "990101", Dimension: "quantity"}
		if x.want {
			f = claim.None()
		}
		id, err := other.File(func(_ ledger.Actor, _ string, input any) error {
			f := input.(complaint.File)
			d.Apply(docket.Event{Ordinal: 1, Type: "complaint.filed", Stream: "complaint-" + f.ID, At: w.at, Body: complaint.Filed(f)})
			return nil
		}, ledger.DateOf(w.at), complaint.Open, f)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := d.Find(id)
		if got := New(nil, days, func() time.Time { return w.at }).box(d, c).Unread; got != x.want {
			t.Errorf("%s: the box says unread %v", name, got)
		}
	}
}

// facts is the rest with the docket's own complaints.
type facts struct {
	rest
	d *docket.Docket
}

func (f facts) Complaint(id string) (complaint.Fact, bool) { return f.d.Fact(id) }
