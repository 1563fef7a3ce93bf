package export_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"suyuan/seeds"
	"suyuan/services/caseroom"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
	"suyuan/services/release"
	"suyuan/services/view/docket/dockettest"
)

// reports puts reports about a town on record, a case and a release.
func (w *world) reports() (ids []string) {
	w.t.Helper()
	day := time.Date(2025, 3, 3, 9, 0, 0, 0, ledger.Beijing)
	w.clock.Set(day)
	submit := func(by ledger.Actor, name string, input any) error {
		w.t.Helper()
		w.put(by, name, dockettest.JSON(input))
		return nil
	}
	maker, investigator := dockettest.New(), as(ledger.Investigator, "")
	w.must(maker.Publish(submit, "990101", "2025Q1", 1, 9))
	for range 5 {
		id, err := maker.File(submit, ledger.DateOf(day), complaint.Verified, claim.Facts{
			Mandate: "farmland-600", Measure: "farmland-600/area", Issuer: "990101001", Within: "990101", Dimension: "split", CameDown: "500", Asked: "600",
		})
		w.must(err)
		ids = append(ids, id)
	}
	w.must(submit(investigator, "complaint.accept", complaint.Accept{ID: ids[0]}))
	w.must(submit(investigator, "complaint.dispatch", complaint.Dispatch{ID: ids[0], To: "990101-nyj"}))
	w.must(submit(investigator, "case.open", caseroom.Open{ID: "canary-case", Title: "CANARY-TITLE", From: caseroom.FromReports, Complaints: ids[:1]}))
	w.must(submit(dockettest.System, "release.publish", release.Publish{Date: ledger.DateOf(day), Part: 1}))
	return ids
}

// undecided is a file without the lines about outcomes, and about findings that
// are under way: what those say depends on who is tied to them, and not on
// reports.
func undecided(t *testing.T, file []byte) []byte {
	t.Helper()
	marks := [][]byte{[]byte("finding-"), []byte("outcome-")}
	all, err := seeds.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for _, e := range s.Expect {
			if e.Finding != nil && e.Finding.By != nil { // not everybody's yet
				marks = append(marks, []byte(e.Finding.ID))
			}
		}
	}
	var kept []byte
	for line := range bytes.Lines(file) {
		if !slices.ContainsFunc(marks, func(m []byte) bool { return bytes.Contains(line, m) }) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// No export says anything of a report or a case, whoever it is for; the named
// superior's is that of anybody else of his role, byte for byte. What was
// released is a table.
func TestReportsAreInNoExport(t *testing.T) {
	w := played(t)
	ids := w.reports()
	canaries := append(slices.Clone(ids), "CANARY", "canary", "complaint.", "case.", "nullifier", "age1", dockettest.Hash("signer1"))
	files := map[string]map[string][]byte{}
	for name, by := range map[string]ledger.Actor{
		"nobody": nobody, "investigator": as(ledger.Investigator, ""), "named": as(ledger.Investigator, "990101001"), "below": as(ledger.Investigator, "990101001001"),
		"elsewhere": as(ledger.Investigator, "9902"), "auditor": auditor, "handles": as(ledger.Clerk, "990101-nyj"), "admin": admin,
	} {
		dir := w.exported(by)
		files[name] = folder(t, dir)
		for file, content := range files[name] {
			if file == "README.txt" || file == "schema.json" {
				continue
			}
			for _, canary := range canaries {
				if at := bytes.Index(content, []byte(canary)); at >= 0 {
					t.Errorf("%s for %s holds %s: %.200s", file, name, canary, content[max(0, at-100):])
				}
			}
		}
		sealed := 0
		for _, e := range rows(t, dir, "events") {
			if e["type"] != "sealed" {
				continue
			}
			sealed++
			if e["data"] != nil || e["metadata"] != nil || e["unit"] != nil || e["previous"] != nil || e["hash"] == nil || e["stream"] != "sealed" {
				t.Errorf("%s is told %v", name, e)
			}
		}
		if sealed != 5+5+2+1+1 { // spent, filed, accepted and dispatched, opened and assigned
			t.Errorf("%s: %d sealed entries", name, sealed)
		}
		var told []string
		for _, r := range rows(t, dir, "released") {
			told = append(told, strings.Join([]string{r["release"].(string), r["table"].(string), r["lane"].(string), r["count"].(string)}, " "))
			if r["table"] == "REPORTS/CLAIM" && (r["unit"] != "990101001" || r["mandate"] != "farmland-600" || r["came_down"] != "500" || r["asked"] != "600" || r["of"] != "5") {
				t.Errorf("%s: %v", name, r)
			}
		}
		if want := []string{"2025-03-03 REPORTS/CLAIM VERIFIED 5", "2025-03-03 REPORTS/LEVEL_AND_DIMENSION VERIFIED 5"}; !slices.Equal(told, want) {
			t.Errorf("%s: released %q", name, told)
		}
	}
	for file := range files["named"] {
		if file == "manifest.json" || file == "README.txt" {
			continue // they name the reader
		}
		for _, other := range []string{"investigator", "below", "elsewhere"} {
			if !bytes.Equal(undecided(t, files["named"][file]), undecided(t, files[other][file])) {
				t.Errorf("%s is another for the named than for %s", file, other)
			}
		}
	}
}
