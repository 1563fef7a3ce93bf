package graph_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

// ofFindings are the types of what was penalised and found: their table is one
// of its own, in a ledger that has some.
var ofFindings = setOf("Penalty", "StatedCapacity", "PenaltyTaken", "PenaltyAssignment", "PenaltyCorrection", "Warning", "Statement", "Evidence", "EvidencePoint", "EvidenceQuestion",
	"PenaltyConnection", "PenaltyEdge", "Finding", "FindingVersion", "Share", "Override", "ShareCap", "Notice", "Mirror", "Reply", "Hearing", "FindingVote", "Appeal", "Removal",
	"FindingRecusal", "FindingDue", "FindingStep", "Explanation", "ExplanationLine", "ExplanationTerm", "FindingConnection", "FindingEdge",
	"Rule", "Policy", "PolicyValue", "Reward", "Clarification", "RewardConnection", "RewardEdge", "ClarificationConnection", "ClarificationEdge")

var ofFindingsField = setOf("Query.penalty", "Query.penalties", "Query.finding", "Query.findings", "Query.policies", "Query.policy", "Query.rules", "Query.rule",
	"Query.rewards", "Query.clarifications", "Query.whatIf")

// findingReaders are one of each kind. Part: it takes part, in what was found
// about the village; staff: it may see which account did what.
var findingReaders = []struct {
	name        string
	by          ledger.Actor
	part, staff bool
}{
	{"reviewer", drafts, true, true},
	{"investigator", as(ledger.Investigator, "99"), true, true},
	{"auditor", as(ledger.Auditor, ""), true, true},
	{"clerk-named", clerkOfTown, true, false},
	{"reviewer-tied", tiedReviewer, false, true},
	{"reviewer-recused", recusedReviewer, false, true},
	{"admin", as(ledger.Admin, ""), false, true},
	{"clerk-elsewhere", as(ledger.Clerk, "9902"), false, false},
	{"named-no-role", ledger.Actor{Account: "x", Unit: town}, false, false},
	{"nobody", ledger.Actor{}, false, false},
}

// Every field of what was penalised and found, for every kind of reader: what
// is public is seen by all alike, what was said by those who take part, who
// acted by staff among them; and nothing is hidden by an error but what the
// schema says is not for them.
func TestVisibleFindings(t *testing.T) {
	w := withFindings(t)
	w.fillFindings()
	circles := directives(t)
	golden := &strings.Builder{}
	fmt.Fprintf(golden, "%-32s %-7s", "field", "to")
	for _, r := range findingReaders {
		fmt.Fprintf(golden, " %s", r.name)
	}
	golden.WriteByte('\n')
	fields := map[string][]string{}
	for typ := range ofFindings {
		fields[typ] = sortedKeys(circles[typ])
	}
	for name := range ofFindingsField {
		typ, field, _ := strings.Cut(name, ".")
		fields[typ] = append(fields[typ], field)
	}
	for _, typ := range sortedKeys(fields) {
		slices.Sort(fields[typ])
		found := w.found(drafts, typ, fields[typ])
		for _, field := range fields[typ] {
			q, ok := found[field]
			if !ok {
				t.Errorf("no row of the ledger has %s.%s", typ, field)
				continue
			}
			to := circles[typ][field]
			fmt.Fprintf(golden, "%-32s %-7s", typ+"."+field, to)
			for _, r := range findingReaders {
				fmt.Fprintf(golden, " %-*s", len(r.name), w.lookAtFindings(typ+"."+field, to, q, r.name, r.by, r.part, r.staff))
			}
			golden.WriteByte('\n')
		}
	}
	compareGolden(t, "testdata/visible_findings.golden", golden.String())
}

// lookAtFindings says what a reader sees of what a reviewer sees: "seen" the
// same, "some" less, "nothing", or "refused" by the schema.
func (w *judged) lookAtFindings(place string, to bind.Visibility, q witness, name string, by ledger.Actor, part, staff bool) (got string) {
	w.t.Helper()
	for _, ask := range []func(ledger.Actor, string) (any, []bind.Error){w.reply, w.byLibrary, w.reply} {
		data, errs := ask(by, q.query)
		values := collect(data, q.path)
		now := "some"
		switch {
		case len(errs) > 0 && errs[0].Extensions.Rule == "field.forbidden" && empty(values):
			now = "refused"
		case len(errs) > 0 && errs[0].Extensions.Rule != "field.forbidden":
			w.t.Errorf("%s for %s: %+v\n%s", place, name, errs, q.query)
		case empty(values) || onlyCounts(values):
			now = "nothing"
		case reflect.DeepEqual(values, q.values):
			now = "seen"
		}
		if now == "some" && slices.ContainsFunc(values, func(v any) bool { return v != nil && !reflect.DeepEqual(v, []any{}) && !among(v, q.values) }) && to != bind.Public {
			w.t.Errorf("%s for %s shows what the reviewer is not shown: %v", place, name, values)
		}
		if to == bind.Party && !part && (now == "seen" || now == "some") || to == bind.Staff && (!staff || !part) && (now == "seen" || now == "some") {
			w.t.Errorf("%s (%s) for %s: %s\n%s", place, to, name, now, q.query)
		}
		if part && (staff || to != bind.Staff) && now != "seen" && to != bind.Public {
			w.t.Errorf("%s (%s) for %s: %s\n%s", place, to, name, now, q.query)
		}
		if got != "" && got != now {
			w.t.Errorf("%s for %s is first %s, then %s", place, name, got, now)
		}
		got = now
	}
	return got
}

func among(v any, all []any) bool {
	return slices.ContainsFunc(all, func(x any) bool { return reflect.DeepEqual(x, v) })
}
