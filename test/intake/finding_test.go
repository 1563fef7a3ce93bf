package intake

import (
	"slices"
	"testing"
	"time"

	"suyuan/seeds"
	"suyuan/services/calendar"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
	"suyuan/services/intake/record"
)

// A box tells of a finding that was issued about what was reported, once it
// was; one about another task, or about another place, it does not know. What
// a box is answered keeps its size.
func TestBoxTellsOfFindings(t *testing.T) {
	w := open(t, fresh(t), options{})
	defer w.close()
	claims := []claim.Facts{
		{V: 1, Mandate: "funds-120", Issuer: "990201", Within: "990201", Dimension: "quantity"},
		{V: 1, Mandate: "funds-120", Level: "COUNTY", Within: "990201", Dimension: "quantity"},
		{V: 1, Mandate: "funds-120", Issuer: "990101", Within: "990101", Dimension: "quantity"}, // of another county
		{V: 1, Mandate: "farmland-600", Issuer: "990101", Within: "990101", Dimension: "quantity"},
		{V: 1, Paper: "某〔2018〕1号", Level: "COUNTY", Within: "990201", Dimension: "quantity"},
	}
	for i, f := range claims {
		must(t, w.accept(newSender(i).letter(t, envelope.Letter{Facts: f.Marshal(), Narrative: envelope.Narrative{Text: "每周多一张表。"}})))
	}
	must(t, w.cut("2026-11-20", 1))
	days, err := calendar.Official()
	must(t, err)
	look := record.New(w.view, days, w.clock.Now)
	told := func(i int) (ids []string) {
		t.Helper()
		box, ok := look.Box(newSender(i).stored.Box)
		if !ok || box.Box.Unread {
			t.Fatalf("box %d is not there", i)
		}
		for _, c := range box.Box.Changed {
			if c.What == "finding_issued" {
				ids = append(ids, c.ID+" "+string(c.Day))
			}
		}
		return ids
	}
	for i := range claims { // those about farmland-600 were issued before anybody reported
		if ids := told(i); len(ids) > 0 {
			t.Errorf("box %d tells of %v before anything was issued", i, ids)
		}
	}
	all, err := seeds.All()
	must(t, err)
	at := slices.IndexFunc(all, func(s seeds.Scenario) bool { return s.ID == "s2-4-silent" })
	if at < 0 {
		t.Fatal("the scenario is gone")
	}
	must(t, seeds.Play(t.Context(), w.desk, w.clock.Set, all[at], nil))
	w.clock.Set(time.Date(2026, 11, 21, 10, 0, 0, 0, w.clock.Now().Location()))
	for i, want := range []int{1, 1, 0, 0, 0} {
		if ids := told(i); len(ids) != want {
			t.Errorf("box %d tells of %v, want %d", i, ids, want)
		}
		page, err := w.service.Poll(t.Context(), newSender(i).box)
		must(t, err)
		if len(page) != intake.PollSize {
			t.Errorf("an answer of %d bytes", len(page))
		}
	}
	if _, ok := look.Box([32]byte{1}); ok {
		t.Error("a box that is not there")
	}
}
