package docket_test

import (
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/view/docket"
)

func (l *log) file(t *testing.T, issuer string) string {
	t.Helper()
	id, err := l.maker.File(l.submit, "2025-03-03", complaint.Open, claim.Facts{Mandate: "task-1", Issuer: issuer, Within: "990101", Dimension: "quantity", CameDown: "600", Asked: "690"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Whoever may not see what a complaint goes on in is not shown that it goes on
// in anything: it is hidden as well, however long the way there is.
func TestMergedIsHiddenWithItsTarget(t *testing.T) {
	beside := ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}, Unit: "990101-jw"}
	above := ledger.Actor{Account: "b", Roles: []ledger.Role{ledger.Investigator}, Unit: "9901"}
	l := newLog()
	planted, middle, open, hidden := l.file(t, "990101001"), l.file(t, "990101002"), l.file(t, "990101003"), l.file(t, "990101-jw")
	l.add("complaint-"+planted, "complaint.merged", complaint.Merged{At: l.at, Into: middle, Reason: "同一事项"}, clerk)
	d := folded(t, &l.maker.Key, l.events)
	if d.For(beside).Complaint(planted) == nil || d.For(beside).Complaint(hidden) != nil || len(d.For(above).Complaints(docket.Filter{})) != 4 {
		t.Fatal("the world is not as the test takes it to be")
	}
	l.add("complaint-"+middle, "complaint.merged", complaint.Merged{At: l.at, Into: hidden, Reason: "同一事项"}, clerk)
	d = folded(t, &l.maker.Key, l.events)
	for _, id := range []string{planted, middle} {
		if d.For(beside).Complaint(id) != nil {
			t.Errorf("%s goes on in a complaint that is hidden, and is shown", id)
		}
		if d.For(above).Complaint(id) == nil {
			t.Error("who may see all of them is shown less")
		}
	}
	if list := d.For(beside).Complaints(docket.Filter{}); len(list) != 1 || list[0].ID != open {
		t.Errorf("%d are listed", len(list))
	}
	if claims := d.For(beside).Claims("task-1"); len(claims) != 1 || len(claims[0].Complaints) != 1 {
		t.Errorf("claims: %+v", claims)
	}
	// Commands find it unknown as well.
	if fact, _ := d.Fact(planted); complaint.MayRead(beside, fact.Named, "", rest{d}) {
		t.Error("commands of one who is recused from the target still reach the merged one")
	}
	for c := range d.All() {
		for _, s := range c.Steps {
			if s.What == "complaint.merged" && s.To != "" {
				t.Error("the step names what it goes on in")
			}
		}
	}
}

// A recusal by hand from the target holds for what goes on in it.
func TestMergedIsHiddenWithALaterRecusal(t *testing.T) {
	beside := ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}, Unit: "990101-jw"}
	for _, r := range []complaint.Recusal{{Account: "a", Reason: "亲属"}, {Unit: "990101-jw", Reason: "利害关系"}} {
		l := newLog()
		one, into := l.file(t, "990101001"), l.file(t, "990101001")
		l.add("complaint-"+one, "complaint.merged", complaint.Merged{At: l.at, Into: into, Reason: "同一事项"}, clerk)
		if folded(t, &l.maker.Key, l.events).For(beside).Complaint(one) == nil {
			t.Fatal("it is hidden before anybody is recused")
		}
		l.add("complaint-"+into, "complaint.recused", r, clerk)
		d := folded(t, &l.maker.Key, l.events)
		if fact, _ := d.Fact(one); d.For(beside).Complaint(one) != nil || complaint.MayRead(beside, fact.Named, "", rest{d}) {
			t.Errorf("%+v: what goes on in it is still shown", r)
		}
	}
}

// merged is a rest in which one unit was merged into another.
type mergedUnits struct {
	rest
	from, into string
}

func (m mergedUnits) MergedInto(code string) string {
	if code == m.from {
		return m.into
	}
	return ""
}

// A unit that was recused by hand takes its recusal along when it is merged.
func TestRecusalFollowsAMergedUnit(t *testing.T) {
	l := newLog()
	id := l.file(t, "990101001")
	l.add("complaint-"+id, "complaint.recused", complaint.Recusal{Unit: "990101-nyj", Reason: "利害关系"}, clerk)
	by := ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}, Unit: "990101-jw"}
	for from, hidden := range map[string]bool{"990101-nyj": true, "990101-xyz": false} {
		r := &mergedUnits{from: from, into: "990101-jw"}
		r.d = docket.New(&l.maker.Key, r)
		for _, e := range l.events {
			r.d.Apply(e)
		}
		if fact, _ := r.d.Fact(id); (r.d.For(by).Complaint(id) == nil) != hidden || complaint.Recused(by, fact.Named, r) != hidden {
			t.Errorf("%s was merged into the reader's unit: hidden is not %v", from, hidden)
		}
	}
}

// One that goes on alone since is shown to the unit that handles it, whoever
// handles the other now, and to nobody who is recused from either.
func TestGoneOnAloneIsHiddenStill(t *testing.T) {
	l := newLog()
	one, into := l.file(t, "990101001"), l.file(t, "990101001")
	l.add("complaint-"+into, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "990101-nyj", Days: 15}, clerk)
	l.add("complaint-"+one, "complaint.merged", complaint.Merged{At: l.at, Into: into}, clerk)
	d := folded(t, &l.maker.Key, l.events)
	if c, _ := d.Find(into); len(d.Going(c)) != 1 {
		t.Fatal("nothing goes on in the other")
	}
	again := empty(t, &l.maker.Key)
	if err := again.Decode(d.Encode()); err != nil {
		t.Fatal(err)
	}
	if c, _ := again.Find(into); len(again.Going(c)) != 1 {
		t.Error("a snapshot loses who goes on in the other")
	}
	l.add("complaint-"+one, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "990101-nyj", Days: 15}, clerk)
	l.add("complaint-"+one, "complaint.answered", complaint.Answered{At: l.at}, clerk)
	l.add("complaint-"+into, "complaint.recalled", complaint.Recalled{At: l.at, Reason: "换"}, clerk)
	l.add("complaint-"+into, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "990101-xyz", Days: 15}, clerk)
	l.add("complaint-"+into, "complaint.recused", complaint.Recusal{Account: "gone", Reason: "亲属"}, clerk)
	level, err := l.maker.File(l.submit, "2025-03-03", complaint.Open, claim.Facts{Paper: "x", Level: "COUNTY", Within: "990101", Dimension: "quantity"})
	if err != nil {
		t.Fatal(err)
	}
	two := l.file(t, "990101001")
	l.add("complaint-"+two, "complaint.merged", complaint.Merged{At: l.at, Into: level}, clerk)
	l.add("complaint-"+two, "complaint.dispatched", complaint.Dispatched{At: l.at, To: "9901-jw", Days: 15}, clerk)
	d = folded(t, &l.maker.Key, l.events)
	if beside := (ledger.Actor{Account: "b", Roles: []ledger.Role{ledger.Investigator}, Unit: "990101-jw"}); d.For(beside).Complaint(two) != nil {
		t.Error("who is recused from the other by its level sees it")
	}
	if c, _ := d.Find(into); len(d.Going(c)) != 0 {
		t.Error("it goes on in the other still")
	}
	for name, c := range map[string]struct {
		by  ledger.Actor
		may bool
	}{
		"its handler":          {ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Clerk}, Unit: "990101-nyj"}, true},
		"the other's":          {ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Clerk}, Unit: "990101-xyz"}, false},
		"who is recused there": {ledger.Actor{Account: "gone", Roles: []ledger.Role{ledger.Investigator}}, false},
		"an investigator":      {ledger.Actor{Account: "a", Roles: []ledger.Role{ledger.Investigator}}, true},
	} {
		if got := d.For(c.by).Complaint(one) != nil; got != c.may {
			t.Errorf("%s sees it: %v", name, got)
		}
	}
}
