package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"suyuan/services/finding"
	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
)

// everywhere are the ways in which an outcome and a finding about it, under
// its id or another, can be asked for.
func (w *judged) everywhere(id string) []string {
	const about = `id round stage shares { name points mass class band } originating { code } current { hash explanation { hash shares { points } lines { clause amount } } }
		notices { unit { code } points } mirrors { unit { code } state } replies { unit { code } } votes { agrees } terms { term due } steps { what } events { ordinal }`
	return []string{
		fmt.Sprintf(`{ finding(id: %q) { %s } }`, id, about),
		`{ findings(first: 200) { total pageInfo { hasNextPage endCursor } edges { cursor node { ` + about + ` } } } }`,
		fmt.Sprintf(`{ findings(unit: %q) { total } }`, town), `{ findings(within: "99") { total } }`,
		`{ a: findings(stage: DRAFT) { total } b: findings(stage: CHECKED) { total } c: findings(stage: HEARING) { total } d: findings(stage: WITHDRAWN) { total } }`,
		fmt.Sprintf(`{ penalty(id: %q) { id knownSince findings { id } current { id } mirrors { unit { code } } warned { unit { code } } statements { value }
			evidence { points { field } questions { why } } explanation { hash shares { points } } } }`, w.shortfall),
		`{ penalties { total edges { cursor node { id findings { id } current { stage } mirrors { points } } } } }`,
	}
}

func (w *judged) body(by ledger.Actor, query string) string {
	return string(w.graph.Reply(graph.WithViewer(w.t.Context(), by, "zh"), bind.Request{Query: query}).Body)
}

// Until a finding is issued it is there for those who may read it, and for
// everybody else, by every way of asking and whoever asked before, as if
// nobody had ever begun it.
func TestUnissuedFindingsAreNotThere(t *testing.T) {
	w := withFindings(t)
	w.shortfall = w.penalise(outcome.Penalise{
		Kind: outcome.Quantity, Title: "退林还耕未完成", Mandate: "farmland-600", Measure: "farmland-600/area", Unit: thatVillage, Issuance: "farmland-600-town", OccurredAt: on("2022-07-15"),
		Required: "220", Verified: "190", Capacity: "200", CapacityFrom: "核查记录", CapacityDocument: "wangxi-check-2022-3",
	})
	id := finding.ID(w.shortfall, 1)
	queries, unknown := w.everywhere(id), w.everywhere(finding.ID(w.shortfall, 7))[0]
	before := map[string][]string{} // there are others, which some may see
	for _, r := range findingReaders {
		for _, q := range queries {
			before[r.name] = append(before[r.name], w.body(r.by, q))
		}
	}
	const penalty = 5 // of whose evidence staff is told as long as there is no finding
	everybody := before[findingReaders[len(findingReaders)-1].name][penalty]
	for name := range before {
		before[name][penalty] = everybody
	}
	for _, want := range []string{`"evidence":null`, `"explanation":null`, `"warned":null`, `"statements":null`, `"knownSince":null`} {
		if !strings.Contains(everybody, want) {
			t.Errorf("everybody is told who may answer for it: %s", everybody)
		}
	}
	look := func(stage string, sees ...string) {
		t.Helper()
		first, _, _ := strings.Cut(stage, ",")
		for range 2 { // the second answers may have been kept
			for _, r := range findingReaders {
				may := strings.Contains(" "+strings.Join(sees, " ")+" ", " "+r.name+" ")
				for i, q := range queries {
					got := w.body(r.by, q)
					switch {
					case strings.Contains(got, `"errors"`):
						t.Errorf("%s: %s is answered with an error: %s", stage, r.name, got)
					case may && i == 0 && (!strings.Contains(got, `"stage":"`+first+`"`) || !strings.Contains(got, `"points":6667`)):
						t.Errorf("%s: %s does not see it: %s", stage, r.name, got)
					case !may && got != before[r.name][i]:
						t.Errorf("%s: %s sees\n%s\nand saw\n%s", stage, r.name, got, before[r.name][i])
					case !may && i == 0 && got != w.body(r.by, unknown):
						t.Errorf("%s: %s can tell it from one that is not there", stage, r.name)
					}
				}
			}
		}
		w.whoWrote(stage, id, first == "ISSUED")
	}

	w.noticed(w.shortfall, 1, drafts, checks)
	look("DRAFT", "reviewer", "investigator", "auditor")
	w.must(w.submit(checks, "finding.check", finding.Check{ID: id, Version: 1, Passed: true}))
	look("CHECKED", "reviewer", "investigator", "auditor")
	w.must(w.submit(drafts, "finding.notify", finding.Notify{ID: id}))
	w.must(w.submit(clerkOfTown, "finding.reply", finding.Respond{ID: id, Text: "有异议"}))
	look("HEARING", "reviewer", "investigator", "auditor", "clerk-named")
	w.must(w.submit(drafts, "finding.answer_reply", finding.AnswerReply{ID: id, Reply: 1, Reason: "不成立"}))
	w.settle(id, checks, votes)
	var all []string
	for _, r := range findingReaders {
		all = append(all, r.name)
	}
	look("ISSUED", all...)
}

// whoWrote: of an event of a finding that is not issued nobody else is told by
// which unit it was made, which would say who was given notice; and its bytes
// are for those who take part, also afterwards.
func (w *judged) whoWrote(stage, id string, issued bool) {
	w.t.Helper()
	for _, e := range collect(w.data(drafts, fmt.Sprintf(`{ finding(id: %q) { events { ordinal } } }`, id)), []string{"finding", "events"})[0].([]any) {
		ordinal := e.(map[string]any)["ordinal"].(string)
		header := fmt.Sprintf(`{ event(ordinal: %q) { type unit { code } roles } }`, ordinal)
		content := fmt.Sprintf(`{ event(ordinal: %q) { data metadata } }`, ordinal)
		wrote := w.body(drafts, header)
		if w.body(drafts, content) == w.body(tiedReviewer, content) {
			w.t.Errorf("%s: a reviewer who is tied reads event %s", stage, ordinal)
		}
		for _, r := range findingReaders {
			if got := w.body(r.by, header); !r.part && (got == wrote) != issued || strings.Contains(got, "errors") {
				w.t.Errorf("%s: %s is told %s of %s", stage, r.name, got, wrote)
			}
			if got := w.body(r.by, content); r.staff && !r.part && got != `{"data":{"event":{"data":null,"metadata":null}}}` {
				w.t.Errorf("%s: %s reads event %s: %s", stage, r.name, ordinal, got)
			}
		}
	}
}

func (w *judged) data(by ledger.Actor, query string) any {
	w.t.Helper()
	data, errs := w.reply(by, query)
	if len(errs) > 0 {
		w.t.Fatal(errs)
	}
	return data
}

// From the unit that was penalised one query goes back to where it began.
func TestPenaltyWalksBack(t *testing.T) {
	w := withFindings(t)
	w.fillFindings()
	query := fmt.Sprintf(`{ penalty(id: %q) { executor { code } assignment { issuance { id } value state } issuances { id issuer { code } } origin { code }
		chain { value steps { unit { code } amount } originating { code } } mirrors { unit { code } origin state } current { id } findings { id } }
		twice: penalty(id: %q) { into { id } current { id } } }`, w.shortfall, w.twice)
	want := fmt.Sprintf(`{"data":{"penalty":{"executor":{"code":"990101001002"},"assignment":{"issuance":{"id":"farmland-600-town"},"value":"220","state":"VERIFIED"},`+
		`"issuances":[{"id":"farmland-600-town","issuer":{"code":"990101001"}},{"id":"farmland-600-county","issuer":{"code":"990101"}}],"origin":{"code":"990101"},`+
		`"chain":{"value":"220","steps":[{"unit":{"code":"990101"},"amount":"200"},{"unit":{"code":"990101001"},"amount":"20"}],"originating":{"code":"990101"}},`+
		`"mirrors":[{"unit":{"code":"990101001"},"origin":false,"state":"ANSWERED"},{"unit":{"code":"990101"},"origin":true,"state":"UNANSWERED"}],"current":{"id":"%[2]s"},"findings":[{"id":"%[2]s"},{"id":"%[1]s"}]},`+
		`"twice":{"into":{"id":"%[3]s"},"current":null}}}`, w.first, w.second, w.shortfall)
	if got := w.body(ledger.Actor{}, query); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Every worked example, asked as a what-if, gives its shares; a case that does
// not hold is refused with the field at fault, in the reader's language.
func TestWhatIf(t *testing.T) {
	w := withFindings(t)
	for name, c := range workedCases(t) {
		query, err := json.Marshal(string(c.raw))
		w.must(err)
		data := w.data(ledger.Actor{}, fmt.Sprintf(`{ whatIf(case: %s, version: 1) { noShortfall shares { name points } policy { name version } hash } }`, query))
		got := map[string]float64{}
		shares, _ := collect(data, []string{"whatIf", "shares"})[0].([]any)
		for _, s := range shares {
			got[s.(map[string]any)["name"].(string)] = s.(map[string]any)["points"].(float64)
		}
		if none := collect(data, []string{"whatIf", "noShortfall"})[0].(bool); none != (c.Expect.Outcome != "") || fmt.Sprint(got) != fmt.Sprint(orEmpty(c.Expect.Shares)) {
			t.Errorf("%s: %v, %v; want %v", name, none, got, c.Expect)
		}
	}
	for query, want := range map[string]string{
		`{ whatIf(case: "{}") { hash } }`: `"field":"kind"`,
		`{ whatIf(case: "{\"kind\":\"quantity\",\"units\":[\"a\",\"b\"],\"issued\":[\"x\"]}") { hash } }`:                                `逐级要求的数第1项`,
		`{ whatIf(case: "{\"kind\":\"quantity\",\"units\":[\"a\",\"b\"],\"issued\":[\"2\"],\"verified\":\"1\"}", version: 9) { hash } }`: `"field":"version"`,
	} {
		if got := w.body(ledger.Actor{}, query); !strings.Contains(got, want) || !strings.Contains(got, `"data":null`) {
			t.Errorf("%s: %s", query, got)
		}
	}
}

func orEmpty(m map[string]float64) map[string]float64 {
	if m == nil {
		return map[string]float64{}
	}
	return m
}
