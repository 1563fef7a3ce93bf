package clarification

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
	"suyuan/services/unit"
)

type known map[string]string // documents and whom they come from

func (known) Unit(code string) (unit.Fact, bool) {
	return unit.Fact{Code: code, Merged: strings.HasSuffix(code, "-old")}, !strings.HasSuffix(code, "-lost")
}
func (k known) HasDocument(id string) bool              { return k[id] != "" }
func (k known) IssuerOf(document string) (string, bool) { u, ok := k[document]; return u, ok }

type (
	tc     = ledgertest.Case[State, Facts]
	events = []ledger.Evolver[State]
)

func TestIssue(t *testing.T) {
	const town, jw = "990101001", "990101-jw"
	by := func(r ledger.Role, code string) ledger.Actor {
		return ledger.Actor{Account: "a", Roles: []ledger.Role{r}, Unit: code}
	}
	inspector := by(ledger.Investigator, jw)
	sound := Issue{"x", town, "未按规定公示救助名单", Mistaken, []Form{Written, Notice}, "record"}
	with := func(how func(c *Issue)) Issue { c := sound; how(&c); return c }
	forms := func(f ...Form) Issue { return with(func(c *Issue) { c.Forms = f }) }
	issued := Issued{"x", town, "未按规定公示救助名单", Mistaken, []Form{Written, Notice}, jw, "record"}
	fabricated := issued
	fabricated.Conclusion = Fabricated
	all := issued
	all.Forms = []Form{Meeting, FaceToFace, Notice, Written}
	seen := ledgertest.Run[State, Facts](t, known{"record": jw, "theirs": "9901-jw"}, []tc{
		{Name: "who verified it clears", By: inspector, When: sound, Then: events{issued}},
		{Name: "of what was made up, too", By: inspector, When: with(func(c *Issue) { c.Conclusion = Fabricated }), Then: events{fabricated}},
		{Name: "in every form", By: inspector, When: forms(all.Forms...), Then: events{all}},
		{Name: "not what could not be ruled out", By: inspector, When: with(func(c *Issue) { c.Conclusion = Unproven }), Refused: "refused clarification.not_excluded at conclusion"},
		{Name: "a conclusion", By: inspector, When: with(func(c *Issue) { c.Conclusion = "" }), Refused: "invalid input.word at conclusion"},
		{Name: "face to face goes with paper", By: inspector, When: forms(FaceToFace), Refused: "refused clarification.not_written at forms"},
		{Name: "so does a meeting", By: inspector, When: forms(Meeting), Refused: "refused clarification.not_written at forms"},
		{Name: "so does a notice", By: inspector, When: forms(Notice, FaceToFace), Refused: "refused clarification.not_written at forms"},
		{Name: "in some form", By: inspector, When: forms(), Refused: "invalid input.count at forms"},
		{Name: "that is known", By: inspector, When: forms(Written, "song"), Refused: "invalid input.word at forms"},
		{Name: "each once", By: inspector, When: forms(Written, Written), Refused: "invalid clarification.form_twice at forms"},
		{Name: "nobody else verified it", By: inspector, When: with(func(c *Issue) { c.Document = "theirs" }), Refused: "refused clarification.not_verifier at document"},
		{Name: "from a record", By: inspector, When: with(func(c *Issue) { c.Document = "" }), Refused: "invalid document.required at document"},
		{Name: "no other role", By: by(ledger.Reviewer, jw), When: sound, Refused: "forbidden clarification.role"},
		{Name: "nor the unit itself", By: by(ledger.Investigator, town), When: sound, Refused: "forbidden clarification.own at unit"},
		{Name: "nor from elsewhere", By: by(ledger.Investigator, "990102-jw"), When: sound, Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "a unit", By: inspector, When: with(func(c *Issue) { c.Unit = "x" }), Refused: "invalid unit.code at unit"},
		{Name: "that is there", By: inspector, When: with(func(c *Issue) { c.Unit = town + "-lost" }), Refused: "refused unit.unknown at unit"},
		{Name: "and still is", By: inspector, When: with(func(c *Issue) { c.Unit = town + "-old" }), Refused: "refused unit.unknown at unit"},
		{Name: "of something", By: inspector, When: with(func(c *Issue) { c.Matter = "" }), Refused: "invalid input.missing at matter"},
		{Name: "an id", By: inspector, When: with(func(c *Issue) { c.ID = "X" }), Refused: "invalid input.id at id"},
		{Name: "once", Given: events{Issued{}}, By: inspector, When: sound, Refused: "conflict clarification.exists at id"},
	})
	ledgertest.Complete(t, seen)
}

// Neither the command nor the event has room for a report or who sent it.
func TestNamesNoReport(t *testing.T) {
	want := []string{"id", "unit", "matter", "conclusion", "forms", "by", "document"}
	var got []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Issued]()) {
		got = append(got, f.Tag.Get("json"))
	}
	if !slices.Equal(got, want) {
		t.Errorf("a clarification holds %v; whatever is added must not lead to a report", got)
	}
}
