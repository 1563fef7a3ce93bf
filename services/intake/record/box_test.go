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
