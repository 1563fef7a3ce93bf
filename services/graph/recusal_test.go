package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

// traces are questions in which a complaint might show itself.
var traces = []string{
	`{ complaints { total pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }`,
	`{ complaints(first: 1) { total pageInfo { hasNextPage endCursor } edges { node { stage } } } }`,
	`{ complaints(first: 0) { total pageInfo { hasNextPage endCursor } } }`,
	`{ complaints(first: 2, after: "1") { total pageInfo { hasNextPage } edges { cursor } } }`,
	`{ complaints(filter: { handler: "990101-nyj" }) { total } }`,
	`{ complaints(filter: { mandate: "farmland-600" }) { total } }`,
	`{ complaints(filter: { issuer: "990101" }) { total } }`,
	`{ complaints(filter: { stage: REVIEW }) { total } }`,
	`{ complaints(filter: { turn: REVIEW }) { total } }`,
	`{ complaints(filter: { retaliation: true }) { total } }`,
	`{ complaints(filter: { running: true, lane: OPEN, dimension: QUANTITY, from: "2025-01-01", until: "2026-01-01" }) { total } }`,
	`{ cases { total pageInfo { hasNextPage endCursor } edges { node { id complaints { id } } } } }`,
	`{ case(id: "town") { title } }`,
	`{ trace(mandate: "farmland-600", unit: "990101001002") { claims { released reports complaints { id } cameDown asked due independent } } }`,
	`{ statistics(metric: REPORTS, groupBy: CLAIM) { count of } }`,
	`{ mandate(id: "farmland-600") { events { ordinal } } unit(code: "990101001") { events { ordinal } added { amount } } }`,
}

// The named superior, who belongs to the named unit or lies below it, whatever
// his role, is told by every question what is told to everybody who is no
// party to anything: in lists, counts, pages, single answers, and by name what
// is told of a name that nobody has.
func TestRecusedFindsNoTrace(t *testing.T) {
	w := withReports(t)
	w.fill()
	asked := slices.Clone(traces)
	for _, id := range w.ids {
		asked = append(asked, fmt.Sprintf(`{ complaint(id: %q) { id } }`, id))
	}
	for i, q := range asked {
		want := string(w.graph.Reply(graph.WithViewer(t.Context(), ledger.Actor{}, "en"), bind.Request{Query: q}).Body)
		for _, role := range ledger.Roles {
			for _, unit := range []string{town, town + "-nyz", "990101001001", "990101001002"} {
				by := as(role, unit)
				if got := string(w.graph.Reply(graph.WithViewer(t.Context(), by, "en"), bind.Request{Query: q}).Body); got != want {
					t.Errorf("%s of %s: %s\n%s\nto everybody: %s", role, unit, q, got, want)
				}
			}
		}
		known := string(w.graph.Reply(graph.WithViewer(t.Context(), onCase, "en"), bind.Request{Query: q}).Body)
		if known == want && !strings.Contains(q, "statistics") && !strings.Contains(q, "{ mandate(") {
			t.Errorf("question %d finds nothing for those who may know either: %s", i, q)
		}
		if strings.HasPrefix(q, "{ complaint(id") {
			unknown := strings.Replace(q, q[len(`{ complaint(id: "`):len(`{ complaint(id: "`)+32], strings.Repeat("0", 32), 1)
			if got := string(w.graph.Reply(graph.WithViewer(t.Context(), onCase, "en"), bind.Request{Query: unknown}).Body); got != want {
				t.Errorf("%s: %s, of a name nobody has: %s", q, want, got)
			}
		}
	}
}

// Who is recused by an event, by account or by unit, or by the unit that his
// own was merged into, is shown nothing from then on.
func TestRecusedLater(t *testing.T) {
	w := withReports(t)
	id := w.file(complaint.Open, ofTown("500", "600"))
	other := w.file(complaint.Open, ofTown("500", "600"))
	sees := func(by ledger.Actor) string {
		data, errs := w.reply(by, fmt.Sprintf(`{ complaints { total } complaint(id: %q) { id } }`, id))
		return fmt.Sprint(data, errs)
	}
	both, one := sees(as(ledger.Investigator, "")), "map[complaint:<nil> complaints:map[total:1]] []"
	above, cousin := as(ledger.Investigator, "99"), as(ledger.Reviewer, "990101")
	if sees(above) != both || sees(cousin) != both || !strings.Contains(both, "total:2") {
		t.Fatalf("%s, %s, %s", both, sees(above), sees(cousin))
	}
	w.must(w.submit(onCase, "complaint.recuse", complaint.Recuse{ID: id, Account: above.Account, Reason: "亲属"}))
	w.must(w.submit(onCase, "complaint.recuse", complaint.Recuse{ID: id, Unit: "990101", Reason: "利害关系"}))
	for _, by := range []ledger.Actor{above, cousin, as(ledger.Investigator, "990101-jw"), as(ledger.Reviewer, "990101")} {
		if got := sees(by); got != one {
			t.Errorf("%s sees %s", by.Account, got)
		}
	}
	if sees(onCase) != both {
		t.Errorf("who was not recused sees %s", sees(onCase))
	}
	successor := as(ledger.Investigator, "990101-jw")
	f := ofTown("500", "600")
	f.Issuer = office
	other = w.file(complaint.Open, f)
	still := func() string {
		data, _ := w.reply(successor, fmt.Sprintf(`{ complaint(id: %q) { id } }`, other))
		return fmt.Sprint(data)
	}
	if !strings.Contains(still(), other) {
		t.Fatalf("before the merger: %s", still())
	}
	w.must(w.submit(as(ledger.Admin, ""), "unit.merge", object{"code": office, "into": "990101-jw"}))
	if still() != "map[complaint:<nil>]" {
		t.Errorf("the unit that the named one was merged into sees %s", still())
	}
}

// What is kept for one reader is given to nobody else who has other rows,
// whoever asks first; also where nothing is asked that not everybody may see.
func TestTwoReadersOneCache(t *testing.T) {
	w := withReports(t)
	w.fill()
	askers := []ledger.Actor{onCase, recusedOne, handling, {}, as(ledger.Reviewer, "99"), as(ledger.Auditor, town), {Account: onCase.Account + "x", Roles: onCase.Roles}}
	fresh := func(by ledger.Actor, q string) string {
		return string(w.graph.ByLibrary(graph.WithViewer(t.Context(), by, "en"), bind.Request{Query: q}).Body())
	}
	for n, q := range traces {
		for first := range askers {
			text := fmt.Sprintf("%s # %d %d", q, n, first) // so that nothing is kept of it yet
			for i := range 2 * len(askers) {
				by := askers[(first+i)%len(askers)]
				got := string(w.graph.Reply(graph.WithViewer(t.Context(), by, "en"), bind.Request{Query: text}).Body)
				if want := fresh(by, q); got != want {
					t.Fatalf("%s, %d after %s: %s\nnot %s\n%s", by.Account, i, askers[first].Account, got, want, q)
				}
			}
		}
	}
}

// An entry of a report, a case or a token is told in the same words to
// everybody: its place, its day and its hash. Nobody is given its content, the
// stream it stands in or the entry before it.
func TestSealedEntries(t *testing.T) {
	w := withReports(t)
	w.fill()
	const fields, who = `ordinal id type version stream revision recorded effective decidedAt hash previous { ordinal type } subject { kind id path } meaning { en }`, ` roles unit { code }`
	sealed := map[string]int{}
	for e, err := range w.log.All(t.Context(), ledger.Position{}) {
		w.must(err)
		category, _, _ := strings.Cut(e.Stream, "-")
		secret := slices.Contains([]string{"complaint", "case", "nullifier"}, category)
		told := fields + who
		if category == "finding" {
			told = fields // by whom, those who take part are told earlier: see whoWrote
		}
		head := fmt.Sprintf(`{ event(ordinal: "%d") { %s } }`, e.Position.Ordinal, told)
		public, errs := w.reply(ledger.Actor{}, head)
		for _, r := range reportReaders {
			if got, errs := w.reply(r.by, head); len(errs) > 0 || fmt.Sprint(got) != fmt.Sprint(public) {
				t.Errorf("%s is told of %s %v, everybody %v %v", r.name, e.Type, got, public, errs)
			}
			data, _ := w.reply(r.by, fmt.Sprintf(`{ event(ordinal: "%d") { data metadata } }`, e.Position.Ordinal))
			if shown := !empty(collect(data, []string{"event", "data"})) || !empty(collect(data, []string{"event", "metadata"})); secret && shown {
				t.Errorf("%s is given the content of %s: %v", r.name, e.Type, data)
			}
		}
		event, _ := public.(map[string]any)["event"].(map[string]any)
		text := fmt.Sprint(event)
		if len(errs) > 0 || event["hash"] == nil {
			t.Fatalf("%s: %v %v", e.Type, public, errs)
		}
		if !secret {
			continue
		}
		sealed[category]++
		if event["type"] != "sealed" || event["stream"] != "sealed" || event["previous"] != nil || event["unit"] != nil || !strings.HasSuffix(fmt.Sprint(event["recorded"]), "T16:00:00Z") ||
			strings.Contains(text, e.Type) || strings.Contains(text, strings.TrimPrefix(e.Stream, category+"-")) || strings.Contains(text, category) && category != "case" {
			t.Errorf("%s shows itself: %s", e.Type, text)
		}
	}
	if sealed["complaint"] < 40 || sealed["case"] < 5 || sealed["nullifier"] < 10 {
		t.Errorf("only %v were looked at", sealed)
	}
	if data, errs := w.reply(onCase, fmt.Sprintf(`{ complaint(id: %q) { steps { what } } }`, w.ids[0])); len(errs) > 0 || strings.Contains(fmt.Sprint(data), "ordinal") {
		t.Errorf("%v %v", data, errs)
	}
}

// Below k, what was reported is told to investigators alone; a claim that
// others contradict says so; eight tokens of one cadre count once.
func TestClaimsBesideATrace(t *testing.T) {
	w := withReports(t)
	w.must(w.maker.Publish(w.submit, "990101", "2025Q1", 1, 9))
	for range 2 {
		w.file(complaint.Verified, ofTown("500", "600"))
	}
	w.must(w.maker.Publish(w.submit, "990101", "2025Q1", 2, 9))
	w.file(complaint.Verified, ofTown("500", "600")) // perhaps one of the two, with a token under another key
	w.file(complaint.Open, ofTown("500", "600"))
	w.file(complaint.Open, ofTown("500", "650"))
	gone := w.file(complaint.Open, ofTown("500", "700"))
	w.hear(gone, claim.Withdraw)
	const q = `{ trace(mandate: "farmland-600", unit: "990101001002") { claims { released source unit { code } cameDown asked reports independent contested } } }`
	data, errs := w.reply(onCase, q)
	want := "map[trace:[map[claims:[" +
		"map[asked:600 cameDown:500 contested:true independent:2 released:false reports:4 source:REPORTED unit:map[code:990101001]] " +
		"map[asked:650 cameDown:500 contested:true independent:0 released:false reports:1 source:REPORTED unit:map[code:990101001]]]]]]"
	if got := fmt.Sprint(data); got != want || len(errs) > 0 {
		t.Errorf("%s\nnot %s %v", got, want, errs)
	}
	for _, by := range []ledger.Actor{{}, recusedOne, recusedBelow, handling, as(ledger.Auditor, ""), as(ledger.Admin, ""), as(ledger.Investigator, "9902")} {
		if data, errs := w.reply(by, q); fmt.Sprint(data) != "map[trace:[map[claims:[]]]]" || len(errs) > 0 {
			t.Errorf("%s is told %v %v", by.Account, data, errs)
		}
	}
	data, _ = w.reply(as(ledger.Reviewer, "99"), q)
	if got := fmt.Sprint(data); strings.Contains(got, "600") || strings.Contains(got, "650") || !strings.Contains(got, "reports:5") {
		t.Errorf("a reviewer is told %s", got)
	}
}

// That somebody is being punished is told above the unit named: who stands
// beside it may read the report, and is not shown that letter.
func TestRetaliationIsToldAbove(t *testing.T) {
	w := withReports(t)
	f := ofTown("500", "600")
	f.Issuer = office
	id := w.file(complaint.Open, f)
	w.hear(id, claim.Reply)
	w.hear(id, claim.Retaliation)
	letters := func(by ledger.Actor) string {
		data, errs := w.reply(by, fmt.Sprintf(`{ complaint(id: %q) { letters { act } } }`, id))
		return fmt.Sprint(data, errs)
	}
	above, beside := letters(as(ledger.Investigator, "9901-jw")), letters(as(ledger.Investigator, "990101-jw"))
	if !strings.Contains(above, "RETALIATION") || !strings.Contains(above, "REPLY") {
		t.Errorf("above the named unit: %s", above)
	}
	if strings.Contains(beside, "RETALIATION") || !strings.Contains(beside, "REPLY") {
		t.Errorf("beside it: %s", beside)
	}
}

// Nor are they told by its state, by a step, by a message or by a list.
func TestRetaliationShowsNowhereBeside(t *testing.T) {
	w := withReports(t)
	f := ofTown("500", "600")
	f.Issuer = office
	id := w.file(complaint.Open, f)
	w.hear(id, claim.Reply)
	w.hear(id, claim.Retaliation)
	w.later(40)
	w.must(w.submit(system, "complaint.breach", complaint.Breach{ID: id, Turn: complaint.Protecting, N: 1}))
	w.must(w.submit(onCase, "complaint.take_retaliation", complaint.TakeRetaliation{ID: id}))
	w.must(w.submit(onCase, "complaint.answer_retaliation", complaint.AnswerRetaliation{ID: id, Message: w.blob()}))
	told := func(by ledger.Actor) string {
		data, errs := w.reply(by, fmt.Sprintf(`{ complaint(id: %q) { retaliation steps { what word } messages { what } } of: complaints(filter: { retaliation: true }) { total } not: complaints(filter: { retaliation: false }) { total } }`, id))
		return strings.ToLower(fmt.Sprint(data, errs))
	}
	above := told(as(ledger.Investigator, "9901-jw"))
	for _, word := range []string{"retaliation:answered", "retaliation_reported", "retaliation_taken", "what:complaint.retaliation_answered", "word:retaliation", "of:map[total:1]", "not:map[total:0]"} {
		if !strings.Contains(above, word) {
			t.Errorf("above the named unit there is no %s: %s", word, above)
		}
	}
	for _, by := range []ledger.Actor{as(ledger.Investigator, "990101-jw"), as(ledger.Reviewer, "990101-jw")} {
		beside := told(by)
		left := strings.Replace(beside, "retaliation:<nil>", "", 1)
		if strings.Contains(left, "retaliation") || !strings.Contains(beside, "of:map[total:0]") || !strings.Contains(beside, "not:map[total:1]") || !strings.Contains(beside, "filed") {
			t.Errorf("beside it, %v: %s", by.Roles, beside)
		}
	}
}

// Why somebody was recused is for those who are on the case, in a step as in
// the list of recusals.
func TestReasonsOfRecusalsAreForTheCase(t *testing.T) {
	w := withReports(t)
	id := w.file(complaint.Open, ofTown("500", "600"))
	w.must(w.submit(onCase, "complaint.recuse", complaint.Recuse{ID: id, Unit: "990102", Reason: "利害关系"}))
	told := func(by ledger.Actor) string {
		data, errs := w.reply(by, fmt.Sprintf(`{ complaint(id: %q) { recusals { reason } steps { what to text } } }`, id))
		return fmt.Sprint(data, errs)
	}
	if got := told(onCase); strings.Count(got, "利害关系") != 2 || !strings.Contains(got, "to:990102") {
		t.Errorf("an investigator is told %s", got)
	}
	if got := told(as(ledger.Reviewer, "99")); strings.Contains(got, "利害关系") || strings.Contains(got, "990102") || !strings.Contains(got, "complaint.recused") {
		t.Errorf("a reviewer is told %s", got)
	}
}
