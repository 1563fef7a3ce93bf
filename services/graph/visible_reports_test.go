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

// ofReports are the types of which it depends on the reader which rows there
// are at all, and of what is public about reports: their table is one of its
// own, in a ledger that has some.
var ofReports = setOf("Complaint", "Reported", "HandlingClock", "Owed", "Rating", "Letter", "Message", "Exempted", "ComplaintStep", "Claim",
	"ComplaintConnection", "ComplaintEdge", "Case", "CaseNote", "RecordsRequest", "CaseStep", "CaseConnection", "CaseEdge",
	"Figure", "Period", "Release", "ReleaseConnection", "ReleaseEdge", "IssuerKey", "IssuerKeyConnection", "IssuerKeyEdge", "Recipient", "RecipientConnection", "RecipientEdge")

var ofReportsField = setOf("Query.complaints", "Query.complaint", "Query.cases", "Query.case", "Query.recipients", "Query.issuerKeys", "Query.statistics",
	"Query.releases", "Trace.claims")

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set
}

// What a reader of the table sees of what whoever works on the case sees.
const (
	all_  = "all"  // the same
	part  = "part" // some of it, nothing else
	none_ = "none" // what everybody is told, and nothing more
)

// reportReaders are one of each kind. In is what there is for them: of
// complaints they may read (and of that what only an opener sees), of cases,
// of what is public.
var reportReaders = []struct {
	name                   string
	by                     ledger.Actor
	complaint, open, caseA string
}{
	{"on-the-case", onCase, all_, all_, all_},
	{"investigator", ledger.Actor{Account: "other", Roles: []ledger.Role{ledger.Investigator}}, all_, all_, none_},
	{"reviewer-above", as(ledger.Reviewer, "99"), all_, part, none_},
	{"reviewer-elsewhere", as(ledger.Reviewer, "9902"), none_, none_, none_},
	{"clerk-who-handles", handling, part, none_, none_},
	{"clerk-elsewhere", as(ledger.Clerk, "9901"), none_, none_, none_},
	{"named", recusedOne, none_, none_, none_},
	{"clerk-named", as(ledger.Clerk, town), none_, none_, none_},
	{"below-the-named", recusedBelow, none_, none_, none_},
	{"admin", as(ledger.Admin, ""), none_, none_, none_},
	{"auditor", as(ledger.Auditor, ""), none_, none_, none_},
	{"auditor-of-named", as(ledger.Auditor, town), none_, none_, none_},
	{"nobody", ledger.Actor{}, none_, none_, none_},
}

// openOnly are the types of what only an opener sees.
var openOnly = setOf("Reported", "Letter", "Message", "Exempted")

// group says which column of a reader a field goes by; "" for what is public.
func group(typ, field string, to bind.Visibility) string {
	switch {
	case typ == "Query" || field == "pageInfo":
		return "" // a list is there for everybody, if an empty one
	case typ == "Complaint" && field == "cases":
		return "case"
	case strings.HasPrefix(typ, "Case") || typ == "RecordsRequest":
		return "case"
	case openOnly[typ] || typ == "Complaint" && to == bind.Case:
		return "open"
	case typ == "Complaint" && field == "steps":
		return "steps"
	case typ == "Complaint" || typ == "ComplaintStep" || typ == "HandlingClock" || typ == "Owed" || typ == "Rating" || strings.HasPrefix(typ, "Complaint"):
		return "complaint"
	}
	return ""
}

// Every field of reports, for every kind of reader: what he may see is what
// whoever works on the case sees, and what he may not see is not there, in no
// error either.
func TestVisibleReports(t *testing.T) {
	w := withReports(t)
	w.fill()
	circles := directives(t)
	golden := &strings.Builder{}
	fmt.Fprintf(golden, "%-32s %-7s", "field", "to")
	for _, r := range reportReaders {
		fmt.Fprintf(golden, " %s", r.name)
	}
	golden.WriteByte('\n')
	fields := map[string][]string{}
	for typ := range ofReports {
		fields[typ] = sortedKeys(circles[typ])
	}
	for name := range ofReportsField {
		typ, field, _ := strings.Cut(name, ".")
		fields[typ] = append(fields[typ], field)
	}
	for _, typ := range sortedKeys(fields) {
		slices.Sort(fields[typ])
		found := w.found(onCase, typ, fields[typ])
		for _, field := range fields[typ] {
			to := circles[typ][field]
			q, ok := found[field]
			if !ok {
				t.Errorf("no row of the ledger has %s.%s", typ, field)
				continue
			}
			fmt.Fprintf(golden, "%-32s %-7s", typ+"."+field, to)
			for _, r := range reportReaders {
				want := map[string]string{"case": r.caseA, "open": r.open, "complaint": r.complaint, "steps": r.complaint, "": part}[group(typ, field, to)]
				if want == part && r.complaint == none_ {
					want = none_
				}
				fmt.Fprintf(golden, " %-*s", len(r.name), w.lookAtReports(typ+"."+field, q, r.name, r.by, want, r.complaint == none_))
			}
			golden.WriteByte('\n')
		}
	}
	compareGolden(t, "testdata/visible_reports.golden", golden.String())
}

func (w *reported) lookAtReports(place string, q witness, name string, by ledger.Actor, want string, shut bool) string {
	w.t.Helper()
	got := ""
	public, _ := w.reply(ledger.Actor{}, q.query)
	for _, ask := range []func(ledger.Actor, string) (any, []bind.Error){w.reply, w.byLibrary, w.reply} {
		data, errs := ask(by, q.query)
		values := collect(data, q.path)
		now := "same"
		switch {
		case len(errs) > 0:
			w.t.Errorf("%s for %s: an error says that there is something: %+v\n%s", place, name, errs, q.query)
		case empty(values) || onlyCounts(values):
			now = "nothing"
		case !reflect.DeepEqual(values, q.values):
			now = "some"
		}
		if want == all_ && now != "same" || want == none_ && !shut && now != "nothing" || got != "" && got != now {
			w.t.Errorf("%s for %s: %s (then %s), want %s\n%s\n%v", place, name, now, got, want, q.query, values)
		}
		if want == none_ && shut && !reflect.DeepEqual(data, public) {
			w.t.Errorf("%s for %s is not what everybody is told:\n%v\n%v\n%s", place, name, data, public, q.query)
		}
		got = now
	}
	return got
}

// onlyCounts: a list of nothing says no more than that.
func onlyCounts(values []any) bool {
	return !slices.ContainsFunc(values, func(v any) bool { return v != nil && v != "0" && !reflect.DeepEqual(v, []any{}) })
}

// found is witnesses as an actor is answered.
func (w *world) found(by ledger.Actor, typ string, fields []string) map[string]witness {
	w.t.Helper()
	found := map[string]witness{}
	to := links(sdl(w.t))
	for _, way := range w.ways(to, typ) {
		for _, field := range fields {
			if _, ok := found[field]; ok {
				continue
			}
			for _, arguments := range w.argumentsOf(typ, field) {
				q := way.to(field, arguments, to[typ][field] != "")
				data, errs := w.reply(by, q.query)
				if q.values = collect(data, q.path); len(errs) == 0 && !empty(q.values) {
					found[field] = q
					break
				}
			}
		}
		if len(found) == len(fields) {
			break
		}
	}
	return found
}
