package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
)

// After one finding was issued the next round is there for those who take part
// in it, and for everybody else, byte for byte, as if nobody had begun it nor
// stated anything for it: evidence and statements are as the issued one knew
// them.
func TestTheNextRoundIsNotThere(t *testing.T) {
	w := withFindings(t)
	w.shortfall = w.penalise(outcome.Penalise{
		Kind: outcome.Quantity, Title: "退林还耕未完成", Mandate: "farmland-600", Measure: "farmland-600/area", Unit: thatVillage, Issuance: "farmland-600-town", OccurredAt: on("2022-07-15"),
		Required: "220", Verified: "190", Capacity: "200", CapacityFrom: "核查记录", CapacityDocument: "wangxi-check-2022-3",
	})
	w.must(w.submit(drafts, "outcome.state", outcome.Say{ID: w.shortfall, Point: outcome.Duty, Value: outcome.DutyBasic, Reason: "清单", Document: "wangxi-check-2022-3"}))
	basis := w.submitted() // the last event that the first finding knows
	reads := func(when string, all bool) {
		t.Helper()
		for _, r := range findingReaders {
			got := w.body(r.by, fmt.Sprintf(`{ event(ordinal: "%d") { data } }`, basis))
			if want := r.staff && (all || r.part || r.name == "reviewer-recused"); strings.Contains(got, "清单") != want {
				t.Errorf("%s, %s reads of the outcome %s", when, r.name, got)
			}
		}
	}
	reads("before there is a finding, from which somebody may be recused", false)
	first, second := w.noticed(w.shortfall, 1, drafts, checks), finding.ID(w.shortfall, 2)
	w.notify(first, drafts, checks)
	w.settle(first, checks, votes)
	issued := w.state(first).Current().Hash
	if known := w.state(first).Current().Known; known != basis {
		t.Fatalf("it knows %d, and the last event was %d", known, basis)
	}
	reads("issued", true)

	about := fmt.Sprintf(`{ penalty(id: %q) { knownSince current { id } warned { unit { code } } statements { point value reason event { ordinal } }
		evidence { points { field value } questions { why value text { zh } } ignored { field } } explanation { hash shares { points } } under: explanation(version: 1) { hash } } }`, w.shortfall)
	queries := append(w.everywhere(second), w.everywhere(first)[0], about)
	const next = 0
	var before [][]string
	for _, r := range findingReaders {
		var told []string
		for _, q := range queries {
			told = append(told, w.body(r.by, q))
		}
		if last := told[len(told)-1]; !strings.Contains(last, issued) || !strings.Contains(last, "清单") {
			t.Errorf("%s is not told what was issued: %s", r.name, last)
		}
		before = append(before, told)
	}
	look := func(stage string, sees ...string) {
		t.Helper()
		for range 2 { // the second answers may have been kept
			for n, r := range findingReaders {
				may := strings.Contains(" "+strings.Join(sees, " ")+" ", " "+r.name+" ")
				for i, q := range queries {
					got := w.body(r.by, q)
					switch {
					case strings.Contains(got, `"errors"`):
						t.Errorf("%s: %s is answered with an error: %s", stage, r.name, got)
					case may && i == next && !strings.Contains(got, `"stage":"`+stage+`"`), may && i == len(queries)-1 && (!strings.Contains(got, "只给办案人看") || strings.Contains(got, issued)):
						t.Errorf("%s: %s does not see it: %s", stage, r.name, got)
					case !may && got != before[n][i]:
						t.Errorf("%s: %s sees\n%s\nand saw\n%s", stage, r.name, got, before[n][i])
					}
				}
			}
		}
	}

	// what is stated is for staff that takes part, before the next round too
	w.must(w.submit(laterDrafts, "outcome.state", outcome.Say{ID: w.shortfall, Point: outcome.Duty, Value: outcome.DutyCooperate, Reason: "只给办案人看", Document: "wangxi-check-2022-3"}))
	stated := w.submitted()
	if got := w.body(drafts, about); !strings.Contains(got, "只给办案人看") {
		t.Errorf("who drafted it is not told what was stated since: %s", got)
	}
	if a, b := w.body(ledger.Actor{}, about), before[len(before)-1][len(queries)-1]; a != b {
		t.Errorf("everybody is told what was stated after it was issued: %s", a)
	}
	for _, r := range findingReaders {
		got := w.body(r.by, fmt.Sprintf(`{ event(ordinal: "%d") { data } }`, stated))
		if may := r.part && r.staff; strings.Contains(got, "只给办案人看") != may {
			t.Errorf("%s reads of what was stated: %s", r.name, got)
		}
	}

	w.must(w.submit(system, "finding.mark_review", finding.MarkReview{ID: first}))
	for n, r := range findingReaders { // that it is marked everybody may see
		for i, q := range queries[:len(queries)-1] {
			before[n][i] = w.body(r.by, q)
		}
	}
	w.must(w.submit(laterDrafts, "finding.draft", finding.Begin{Outcome: w.shortfall, Round: 2}))
	w.must(w.submit(laterDrafts, "finding.recuse", finding.Recuse{ID: second, Account: "recused", Reason: "亲属"}))
	look("DRAFT", "reviewer", "investigator", "auditor")
	w.must(w.submit(laterChecks, "finding.check", finding.Check{ID: second, Version: 1, Passed: true}))
	look("CHECKED", "reviewer", "investigator", "auditor")
	w.must(w.submit(laterDrafts, "finding.notify", finding.Notify{ID: second}))
	look("HEARING", "reviewer", "investigator", "auditor", "clerk-named")
	for _, by := range []ledger.Actor{laterDrafts, laterChecks} { // one asks for it, another agrees
		w.must(w.submit(by, "finding.withdraw", finding.Withdraw{ID: second, Reason: "材料不足"}))
	}
	if stage := w.state(second).Stage; stage != finding.Dropped {
		t.Fatalf("it is not withdrawn but %s", stage)
	}
	for n, r := range findingReaders { // the unit that had notice of it, too, and whoever was recused from it alone
		got := w.body(r.by, about)
		if all := r.part && r.staff; all && !strings.Contains(got, "只给办案人看") || !all && r.name != "reviewer-recused" && got != before[n][len(queries)-1] {
			t.Errorf("withdrawn, %s is told %s, was told %s", r.name, got, before[n][len(queries)-1])
		}
	}
}

// submitted is the ordinal of the last event.
func (w *judged) submitted() uint64 { return w.log.Head().Ordinal }
