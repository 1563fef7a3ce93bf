package graph_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"suyuan/services/graph"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
)

var update = flag.Bool("update", false, "write testdata/visible.golden anew")

// readers are whom the table has a column for, and which circles each is in.
// The party of an objection is the town that raised it and the county that
// owed the answer.
var readers = []struct {
	name string
	by   ledger.Actor
	in   []bind.Visibility
}{
	// Staff first: an answer kept from one of them must not reach the others.
	{"investigator", as(ledger.Investigator, ""), all},
	{"reviewer", as(ledger.Reviewer, "99"), all},
	{"admin", as(ledger.Admin, ""), all},
	{"auditor", as(ledger.Auditor, ""), all},
	{"clerk-of-party", as(ledger.Clerk, "990201001"), []bind.Visibility{bind.Public, bind.Party}},
	{"clerk-who-owed", as(ledger.Clerk, "990201"), []bind.Visibility{bind.Public, bind.Party}},
	{"clerk-elsewhere", as(ledger.Clerk, "9901"), []bind.Visibility{bind.Public}},
	{"clerk-of-none", as(ledger.Clerk, ""), []bind.Visibility{bind.Public}},
	{"party-no-role", ledger.Actor{Account: "x", Unit: "990201001"}, []bind.Visibility{bind.Public}},
	{"nobody", ledger.Actor{}, []bind.Visibility{bind.Public}},
}

var all = []bind.Visibility{bind.Public, bind.Party, bind.Staff}

// Every role over every field: a field is seen by those the schema's
// directive names, whole, and by nobody else, whether the answer is worked out
// or kept from an earlier reader.
func TestVisible(t *testing.T) {
	w := peopled(t)
	circles := directives(t)
	compareAccess(t, w.graph.Access(), circles)
	golden := &strings.Builder{}
	fmt.Fprintf(golden, "%-32s %-7s", "field", "to")
	for _, r := range readers {
		fmt.Fprintf(golden, " %s", r.name)
	}
	golden.WriteByte('\n')
	for _, typ := range sortedKeys(circles) {
		if ofReports[typ] || ofFindings[typ] {
			continue // TestVisibleReports, TestVisibleFindings
		}
		witnesses := w.witnesses(typ, sortedKeys(circles[typ]))
		for _, field := range sortedKeys(circles[typ]) {
			if ofReportsField[typ+"."+field] || ofFindingsField[typ+"."+field] {
				continue
			}
			to := circles[typ][field]
			fmt.Fprintf(golden, "%-32s %-7s", typ+"."+field, to)
			query, ok := witnesses[field]
			if !ok {
				t.Errorf("no row of the ledger has %s.%s", typ, field)
				continue
			}
			for _, r := range readers {
				fmt.Fprintf(golden, " %-*s", len(r.name), w.look(typ, field, to, query, r.name, r.by, slices.Contains(r.in, to)))
			}
			golden.WriteByte('\n')
		}
	}
	compareGolden(t, "testdata/visible.golden", golden.String())
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	got = trimLines(got)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(wanted) || line != wanted[i] {
			t.Fatalf("%s differs at line %d (-update writes it anew):\n%s", file, i+1, line)
		}
	}
	if got != string(want) {
		t.Errorf("%s has more lines than there are fields", file)
	}
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// compareAccess holds what the binder enforces against what the SDL says.
func compareAccess(t *testing.T, access []bind.Access, circles map[string]map[string]bind.Visibility) {
	t.Helper()
	n := 0
	for _, fields := range circles {
		n += len(fields)
	}
	if n != len(access) || n < 200 {
		t.Errorf("the schema has %d fields, the binder %d", n, len(access))
	}
	seen := map[bind.Visibility]int{}
	for _, a := range access {
		if want := circles[a.Type][a.Field]; a.To != want {
			t.Errorf("%s.%s is for %q, the binder lets %q see it", a.Type, a.Field, want, a.To)
		}
		seen[a.To]++
	}
	if seen[bind.Public] == 0 || seen[bind.Party] == 0 || seen[bind.Staff] == 0 {
		t.Errorf("only %v are there to be walked", seen)
	}
}

// look asks for a field as one reader, by every way that answers are worked
// out, and says what is seen: "seen" all there is, "refused" an access error,
// "null" nothing.
func (w *world) look(typ, field string, to bind.Visibility, q witness, name string, by ledger.Actor, may bool) string {
	w.t.Helper()
	place := fmt.Sprintf("%s.%s (%s) for %s", typ, field, to, name)
	var got string
	for _, ask := range []func(ledger.Actor, string) (any, []bind.Error){w.reply, w.byLibrary, w.reply} {
		data, errs := ask(by, q.query)
		values := collect(data, q.path)
		refused := len(errs) > 0 && errs[0].Extensions.Rule == "field.forbidden" && errs[0].Extensions.Field == typ+"."+field
		switch {
		case len(errs) > 0 && !refused:
			w.t.Errorf("%s: %+v\n%s", place, errs, q.query)
		case may && refused, !may && !refused && !empty(values):
			w.t.Errorf("%s: refused %t, shows %.100v\n%s", place, refused, values, q.query)
		case may && !reflect.DeepEqual(values, q.values):
			w.t.Errorf("%s is silently %.100v, not %.100v\n%s", place, values, q.values, q.query)
		}
		now := "seen"
		if refused {
			now = "refused"
		} else if empty(values) {
			now = "null"
		}
		if got != "" && got != now {
			w.t.Errorf("%s is first %s, then %s", place, got, now)
		}
		got = now
	}
	return got
}

// reply asks as /graphql does.
func (w *world) reply(by ledger.Actor, query string) (data any, errs []bind.Error) {
	w.t.Helper()
	var got struct {
		Data   any
		Errors []bind.Error
	}
	reply := w.graph.Reply(graph.WithViewer(w.t.Context(), by, "en"), bind.Request{Query: query})
	w.must(json.Unmarshal(reply.Body, &got))
	return got.Data, got.Errors
}

// byLibrary asks the library's own executor, which serves nobody but holds
// what does to the same answers.
func (w *world) byLibrary(by ledger.Actor, query string) (data any, errs []bind.Error) {
	w.t.Helper()
	result := w.graph.ByLibrary(graph.WithViewer(w.t.Context(), by, "en"), bind.Request{Query: query})
	w.must(json.Unmarshal(result.Body(), &struct{ Data *any }{&data}))
	return data, result.Errors
}

// empty reports whether nothing at all is to be seen.
func empty(values []any) bool {
	return !slices.ContainsFunc(values, func(v any) bool {
		list, isList := v.([]any)
		return v != nil && (!isList || len(list) > 0)
	})
}

// In one list a clerk sees what parties may see in the rows that concern its
// unit, and in no other.
func TestVisibleRowByRow(t *testing.T) {
	w := peopled(t)
	data, errs := w.reply(as(ledger.Clerk, "990201001"), `{ objections(first: 200) { unit { code } owedBy { code } reason } }`)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	seen := map[bool]int{}
	rows, _ := collect(data, []string{"objections"})[0].([]any)
	for _, row := range rows {
		raised, owed := collect(row, []string{"unit", "code"})[0], collect(row, []string{"owedBy", "code"})[0]
		concerned := raised == "990201001" || owed == "990201001"
		seen[concerned]++
		if reason := collect(row, []string{"reason"})[0]; (reason != nil) != concerned {
			t.Errorf("%s to %s: the reason is %v", raised, owed, reason)
		}
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("the list has %v", seen)
	}
}
