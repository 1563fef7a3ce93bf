package export_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"suyuan/services/export"
	"suyuan/services/graph/bind"
	"suyuan/services/ledger"
	"suyuan/services/view"
)

var (
	nobody  = ledger.Actor{}
	auditor = as(ledger.Auditor, "")
	admin   = as(ledger.Admin, "")
)

// kept are the types, and the fields of others, that are in no table, whoever
// the export is for. What was said in the course of a finding stands in the
// contents of its events, for those who are shown them.
var kept = map[string]bool{
	"Complaint": true, "Reported": true, "HandlingClock": true, "Owed": true, "Rating": true, "Letter": true, "Message": true, "Exempted": true,
	"ComplaintStep": true, "Case": true, "CaseNote": true, "RecordsRequest": true, "CaseStep": true,
	"Reply": true, "Hearing": true, "FindingVote": true, "Appeal": true, "FindingRecusal": true, "FindingStep": true, "Finding.hands": true, "Finding.recusals": true,
}

// Whatever the schema shows to some only is in the export, for those alone.
func TestRestrictedFields(t *testing.T) {
	w := played(t)
	columns := map[string]string{
		"Objection.reason": "objections.reason", "Objection.answer": "objections.answer", "Event.data": "events.data", "Event.metadata": "events.metadata",
	}
	restricted := 0
	for _, a := range w.graph.Access() {
		if a.To != bind.Public && !kept[a.Type] && !kept[a.Type+"."+a.Field] && a.Type+"."+a.Field != "Query.unreadableClaims" {
			restricted++
			if columns[a.Type+"."+a.Field] == "" {
				t.Errorf("%s.%s (%s) is not exported", a.Type, a.Field, a.To)
			}
		}
	}
	if restricted != len(columns) {
		t.Errorf("%d fields are restricted, %d are looked at", restricted, len(columns))
	}
	for _, c := range []struct {
		name   string
		by     ledger.Actor
		staff  bool
		shown  map[string]bool // objections whose reason is shown
		hidden int
	}{
		{"nobody", nobody, false, nil, 3},
		{"a clerk elsewhere", as(ledger.Clerk, "9902"), false, nil, 3},
		{"the clerk who objected", as(ledger.Clerk, "990201001"), false, map[string]bool{"only-two-firms": true}, 2},
		{"the clerk who owed the answer", as(ledger.Clerk, "990101001"), false, map[string]bool{"no-more-land": true}, 2},
		{"an investigator", as(ledger.Investigator, "990101-jw"), true, nil, 0},
		{"a reviewer", as(ledger.Reviewer, "99"), true, nil, 0},
		{"an auditor", auditor, true, nil, 0},
		{"an admin", admin, true, nil, 0},
	} {
		dir := w.exported(c.by)
		hidden := 0
		for _, o := range rows(t, dir, "objections") {
			want := c.staff || c.shown[o["id"].(string)]
			if got := o["reason"] != nil; got != want {
				t.Errorf("%s: reason of %v shown: %v", c.name, o["id"], got)
			}
			if o["reason"] == nil {
				hidden++
			}
		}
		if hidden != c.hidden {
			t.Errorf("%s: %d reasons are hidden", c.name, hidden)
		}
		events := rows(t, dir, "events")
		if len(events) != int(w.log.Head().Ordinal) {
			t.Errorf("%s: %d events", c.name, len(events))
		}
		for _, e := range events {
			want := c.staff && w.mayRead(c.by, e["ordinal"].(string))
			if shown := e["data"] != nil; shown != want || (e["metadata"] != nil) != want {
				t.Errorf("%s: content of event %v shown: %v", c.name, e["ordinal"], shown)
			}
		}
		everything := bytes.Join(values(folder(t, dir)), nil)
		if leaked := bytes.Contains(everything, []byte("全村能退出复耕的林地约200亩")); leaked != (c.staff || c.shown["no-more-land"]) {
			t.Errorf("%s: the reason is somewhere: %v", c.name, leaked)
		}
	}
}

// mayRead is what staff is shown of an event.
func (w *world) mayRead(by ledger.Actor, ordinal string) (may bool) {
	n, err := strconv.ParseUint(ordinal, 10, 64)
	w.must(err)
	w.view.Read(func(r *view.Rows) { may = r.MayReadEvent(by, n) })
	return may
}

// What a finding's events hold, and an outcome's that no issued finding knew of,
// is for those who take part, also when it is taken from the log itself.
func TestContentsOfFindings(t *testing.T) {
	w := played(t)
	var executor string
	shown := func(by ledger.Actor) (findings, outcomes, others int) {
		for _, e := range rows(t, w.exported(by), "events") {
			stream := e["stream"].(string)
			if e["type"] == "finding.drafted" && executor == "" {
				executor, _, _ = strings.Cut(strings.TrimPrefix(stream, "finding-"), "-")
			}
			switch {
			case e["data"] == nil:
			case strings.HasPrefix(stream, "finding-"):
				findings++
			case strings.HasPrefix(stream, "outcome-"):
				outcomes++
			default:
				others++
			}
		}
		return findings, outcomes, others
	}
	all, every, others := shown(auditor)
	tied, some, same := shown(as(ledger.Auditor, executor))
	none, known, less := shown(admin)
	if all == 0 || tied == 0 || tied >= all || none != 0 || same != others || less != others || known == 0 || known > some || some > every {
		t.Errorf("an auditor is shown the contents of %d events of findings, one of unit %s of %d, an admin of %d; of outcomes %d, %d, %d; of others %d, %d, %d",
			all, executor, tied, none, every, some, known, others, same, less)
	}
}

func values(m map[string][]byte) (list [][]byte) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// What events hold is there byte for byte.
func TestEventsByteForByte(t *testing.T) {
	w := played(t)
	list := rows(t, w.exported(auditor), "events")
	n := 0
	for e, err := range w.log.All(t.Context(), ledger.Position{}) {
		w.must(err)
		if got := list[n]; got["data"] != string(e.Data) || got["metadata"] != string(e.Meta) || got["id"] != e.ID.String() || got["ordinal"] != fmt.Sprint(n+1) {
			t.Errorf("event %d: %v", n+1, got)
		}
		n++
	}
}

// Everything that is on record is in its file, whatever the size of pages.
func TestNothingIsMissing(t *testing.T) {
	w := played(t)
	w.large()
	dir := w.exported(nobody)
	recorded := map[string]int{}
	for e, err := range w.log.All(t.Context(), ledger.Position{}) {
		w.must(err)
		recorded[e.Type]++
	}
	for kind, want := range map[string]int{
		"units": recorded["unit.registered"], "documents": recorded["document.registered"], "mandates": recorded["mandate.issued"], "issuances": recorded["issuance.made"],
		"handoffs": recorded["handoff.proposed"], "objections": recorded["assignment.objected"], "outcomes": recorded["outcome.penalised"], "findings": recorded["finding.issued"],
		"lines": 30 + 305 + 30, "assignments": 30 + 305 + 30, "checkpoints": 0,
	} {
		if got := len(rows(t, dir, kind)); got != want {
			t.Errorf("%d %s, want %d", got, kind, want)
		}
	}
	whole := map[any]int{}
	for _, s := range rows(t, dir, "shares") {
		n, err := strconv.Atoi(s["points"].(string))
		w.must(err)
		whole[s["finding"]] += n
	}
	for finding, points := range whole {
		if points != 10000 {
			t.Errorf("the shares of %v are %d", finding, points)
		}
	}
	if len(whole) == 0 || len(rows(t, dir, "penalties")) < len(rows(t, dir, "outcomes")) {
		t.Errorf("%d findings have shares, and there are %d penalties", len(whole), len(rows(t, dir, "penalties")))
	}
	codes := map[string]int{}
	for _, f := range rows(t, dir, "flags") {
		codes[f["code"].(string)]++
		if own := slices.Contains([]any{"SHORT_NOTICE", "SAME_DAY", "OFF_LIST", "INFEASIBLE"}, f["code"]); own != (f["measure"] != nil) {
			t.Errorf("%v", f) // what a receiver's trace shows of others stands with the others
		}
	}
	for _, code := range []string{"OVER_RECEIVED", "INFEASIBLE", "NO_BASIS", "TRANSFER"} {
		if codes[code] == 0 {
			t.Errorf("no flag %s: %v", code, codes)
		}
	}
	seen := map[string]bool{}
	for _, l := range rows(t, dir, "lines") {
		key := fmt.Sprint(l["issuance"], l["to"], l["measure"])
		if seen[key] || len(l["events"].([]any)) == 0 {
			t.Errorf("%s is there twice or rests on nothing", key)
		}
		seen[key] = true
	}
}

// large adds an issuance that fills more than a page of lines, and a unit that
// passes down and receives more than a page.
func (w *world) large() {
	w.t.Helper()
	var lines []object
	for i := range 305 {
		code := fmt.Sprintf("990301001%03d", i)
		w.do(admin, "unit.register", object{"code": code, "name": fmt.Sprint("村", i), "kind": "village"})
		lines = append(lines, object{"to": code, "amounts": []object{{"measure": "large/area", "value": fmt.Sprint(i + 1)}}})
	}
	w.do(as(ledger.Clerk, "990101"), "mandate.issue", object{"id": "large", "title": "大任务", "field": "农业农村", "origin": "990101", "fictional": true,
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity", "unit": "亩"}}})
	w.do(as(ledger.Clerk, "990101"), "issuance.make", object{"id": "large-all", "issuer": "990101", "origin": true, "lines": lines})
	for i := range 30 {
		w.do(as(ledger.Clerk, "990102"), "issuance.make", object{"id": fmt.Sprint("many-", i), "issuer": "990102", "origin": true,
			"lines": []object{{"to": "990301001000", "amounts": []object{{"measure": "large/area", "value": "1"}}}}})
	}
}

// Pages that the graph finds too large are made smaller, and nothing changes.
func TestSmallerPages(t *testing.T) {
	w := played(t)
	w.large()
	want := w.exported(nobody)
	o := w.options(nobody)
	refused := 0
	ask := o.Ask
	o.Ask = func(ctx context.Context, query string, variables map[string]any) []byte {
		for _, n := range []string{"200", "100", "50", "25", "12", "20"} {
			if strings.Contains(query, "first:"+n+",") || strings.Contains(query, "first:"+n+")") && !strings.Contains(query, "added(first:200)") {
				refused++
				return []byte(`{"errors":[{"message":"too much","extensions":{"code":"invalid","rule":"query.too_costly"}}]}`)
			}
		}
		return ask(ctx, query, variables)
	}
	_, err := export.Run(t.Context(), o)
	w.must(err)
	if refused < 5 {
		t.Errorf("only %d answers were refused", refused)
	}
	sameRows(t, o.To, want)
}

// sameRows wants the same rows, in whichever order follow-up pages came.
func sameRows(t *testing.T, got, want string) {
	t.Helper()
	for name, b := range folder(t, want) {
		if !strings.HasSuffix(name, ".jsonl") {
			continue
		}
		count := map[string]int{}
		for line := range strings.Lines(string(b)) {
			count[line]++
		}
		for line := range strings.Lines(string(content(t, got, name))) {
			count[line]--
		}
		for line, n := range count {
			if n != 0 {
				t.Errorf("%s: %d of %s", name, n, line)
			}
		}
	}
}

// The manifest says what the files are.
func TestManifest(t *testing.T) {
	w := played(t)
	dir := w.exported(as(ledger.Clerk, "990101"))
	var m export.Manifest
	w.must(json.Unmarshal(content(t, dir, "manifest.json"), &m))
	var root string
	w.view.Read(func(r *view.Rows) { root = r.Ledger().Root })
	if m.Role != "clerk" || m.Unit != "990101" || m.Ordinal != fmt.Sprint(w.log.Head().Ordinal) || m.Root != root || len(m.Incomplete) > 0 {
		t.Errorf("%+v", m)
	}
	if files := folder(t, dir); len(files) != len(m.Files)+1 {
		t.Errorf("%d files, %d named", len(files), len(m.Files))
	}
	for _, f := range m.Files {
		text := content(t, dir, f.Name)
		sum := sha256.Sum256(text)
		if f.SHA256 != hex.EncodeToString(sum[:]) || f.Bytes != int64(len(text)) {
			t.Errorf("%s: %+v", f.Name, f)
		}
		if strings.HasSuffix(f.Name, ".jsonl") && int64(bytes.Count(text, []byte("\n"))) != f.Rows {
			t.Errorf("%s: %d rows", f.Name, f.Rows)
		}
	}
}

// A CSV parses back to the same values as the JSON lines, formulas defused.
func TestCSVParsesBack(t *testing.T) {
	w := played(t)
	titles := []string{"=1+1", "+86", "-5", "@SUM(A1)", "'quoted", `a "b", c`, "＝1", " edge ", "1/2", "换行", "tab\there"}
	var kept []string
	for i, title := range titles {
		text, _ := json.Marshal(object{"id": fmt.Sprint("odd-", i), "number": "号", "issuer": "990101", "date": "2018-03-04", "title": title})
		if _, err := w.desk.Submit(t.Context(), as(ledger.Clerk, "990101"), "document.register", fmt.Sprint("odd-", i), text); err == nil {
			kept = append(kept, title)
		}
	}
	if len(kept) < 8 {
		t.Fatalf("only %q were taken", kept)
	}
	dir := w.exported(auditor)
	if text := string(content(t, dir, "documents.csv")); !strings.Contains(text, ",'=1+1,") || !strings.Contains(text, ",'@SUM(A1),") || !strings.Contains(text, ",''quoted,") || strings.Contains(text, ",=1") {
		t.Errorf("formulas: %s", text)
	}
	var schema []struct {
		Files   []string
		Columns []struct{ Name, Form, Zh, En string }
	}
	w.must(json.Unmarshal(content(t, dir, "schema.json"), &schema))
	for _, s := range schema {
		kind, _, _ := strings.Cut(s.Files[0], ".")
		text := content(t, dir, kind+".csv")
		if !bytes.HasPrefix(text, []byte("\ufeff")) || bytes.Count(text, []byte("\r\n")) < 1 {
			t.Errorf("%s.csv has no mark or no CRLF", kind)
		}
		table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
		w.must(err)
		lines := rows(t, dir, kind)
		if len(table) != len(lines)+1 {
			t.Fatalf("%s: %d rows of CSV, %d of JSON", kind, len(table)-1, len(lines))
		}
		for i, c := range s.Columns {
			if table[0][i] != c.Name || c.Zh == "" || c.En == "" {
				t.Errorf("%s: column %d is %s and %+v", kind, i, table[0][i], c)
			}
			for n, line := range lines {
				if got, want := table[n+1][i], cell(t, c.Form, line[c.Name]); got != want {
					t.Errorf("%s row %d, %s: %q, want %q", kind, n, c.Name, got, want)
				}
			}
		}
	}
}

// cell is what README.txt says of a value in a CSV.
func cell(t *testing.T, form string, v any) string {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		return fmt.Sprint(v)
	case string:
		if form != "number" && v != "" && strings.ContainsAny(v[:1], "=+-@'\t\r\n") || strings.HasPrefix(v, "＝") {
			return "'" + v
		}
		return v
	case []any:
		if form == "texts" {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		return strings.Trim(fmt.Sprint(v), "[]")
	}
	t.Fatalf("%T is no value of an export", v)
	return ""
}
