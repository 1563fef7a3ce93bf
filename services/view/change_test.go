package view

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// level tells what is kept of area at a level.
func (s *scene) level(l int) string { return face(s.rows().measures[0].levels[l]) }

// A sheet counts once all its parts are in, and a part that was taken back
// before that never counts.
func TestSheetInThreeParts(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	part := func(k int, to, value string) {
		s.pass(fmt.Sprint("p", k), county, to, value, object{"part": object{"of": "sheet", "k": k, "n": 3}})
	}
	part(3, town, "5")
	part(1, village, "7")
	for _, l := range []int{4, 5} {
		if got := s.level(l); got != "0 units, received 0, added 0, 0 adding" {
			t.Errorf("two of three parts: level %d: %s", l, got)
		}
	}
	if i := s.rows().Issuance("p3", Now); i.Part == nil || i.Part.Complete {
		t.Errorf("part %+v", i.Part)
	}
	if traces, err := s.rows().Traces("task", town, "", Now); err != nil || len(traces) != 0 {
		t.Errorf("a trace of a part: %v, %v", traces, err)
	}
	s.do(clerk(county), "issuance.withdraw", object{"id": "p1", "reason": "撤"})
	part(2, bureau, "11")
	want := map[int]string{3: "1 units, received 11, added 0, 0 adding", 4: "1 units, received 5, added 0, 0 adding", 5: "0 units, received 0, added 0, 0 adding"}
	for l, w := range want {
		if got := s.level(l); got != w {
			t.Errorf("complete: level %d: %s", l, got)
		}
	}
	before := AsOf{Ordinal: s.at["p2"] - 1}
	if traces, err := s.rows().Traces("task", town, "", before); err != nil || len(traces) != 0 {
		t.Errorf("before it was complete: %v, %v", traces, err)
	}
}

// A basis that is taken back or changed changes what rests on it at once.
func TestAdditionFollowsTheBasis(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "5", nil)
	s.pass("b", town, village, "7", object{"basis": []string{"a"}})
	if got := s.level(4); got != "1 units, received 5, added 2, 1 adding" {
		t.Errorf("made: %s", got)
	}
	s.do(clerk(county), "issuance.amend_line", object{"id": "a", "line": object{"to": town, "amounts": []object{{"measure": "task/area", "value": "8"}}}})
	if got := s.level(4); got != "1 units, received 8, added -1, 0 adding" {
		t.Errorf("amended: %s", got)
	}
	s.do(clerk(county), "issuance.withdraw", object{"id": "a", "reason": "撤"})
	if got := s.level(4); got != "0 units, received 0, added 0, 0 adding" { // the town is now the origin of record
		t.Errorf("withdrawn: %s", got)
	}
	if list, err := s.rows().Added(*s.rows().Unit(town), 10); err != nil || len(list) != 0 {
		t.Errorf("added %+v, %v", list, err)
	}
}

// The origin of a mandate may hand it down in a document that rests on
// another: that is no addition to anything.
func TestOwnMandateBesideAnother(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "5", nil)
	s.do(clerk(town), "mandate.issue", object{"id": "own", "title": "自设", "field": "农业", "origin": town,
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}}})
	s.do(clerk(town), "issuance.make", object{"id": "b", "issuer": town, "basis": []string{"a"}, "lines": []object{{"to": village,
		"amounts": []object{{"measure": "task/area", "value": "5"}, {"measure": "own/area", "value": "9"}}}}})
	traces, err := s.rows().Traces("own", village, "", Now)
	s.must(err)
	if x := traces[0]; x.Provisional || len(s.rows().TraceFlags(x)) != 0 || len(x.Steps) != 1 || x.Steps[0].Kind != Origin {
		t.Errorf("%+v", x)
	}
}

// Amendments count by the date they take effect, of equals the one recorded
// last; none takes effect before the line as it was made.
func TestAmendmentsInForceAtADate(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "1", object{"effective": "2026-02-10"})
	for _, x := range []struct{ value, effective string }{{"4", "2026-02-25"}, {"2", "2026-02-20"}, {"3", "2026-02-20"}, {"9", "2026-02-01"}} {
		s.do(clerk(county), "issuance.amend_line", object{"id": "a", "effective": x.effective, "line": object{"to": town, "amounts": []object{{"measure": "task/area", "value": x.value}}}})
	}
	for date, want := range map[ledger.Date]string{"2026-02-09": "", "2026-02-10": "9", "2026-02-20": "3", "2026-02-24": "3", "2026-02-25": "4", "2027-01-01": "4"} {
		got := ""
		traces, err := s.rows().Traces("task", town, "area", AsOf{Effective: date.Time().Add(24*time.Hour - time.Millisecond)})
		s.must(err)
		if len(traces) > 0 {
			got = *traces[0].Value
		}
		if got != want {
			t.Errorf("%s: %q, want %q", date, got, want)
		}
	}
}

// A line amended before the one in force may bring a measure of its own.
func TestMeasureInAnOlderVersion(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "1", nil)
	s.pass("b", town, village, "1", object{"basis": []string{"a"}, "effective": "2026-02-01"})
	s.do(clerk(town), "issuance.amend_line", object{"id": "b", "effective": "2026-02-20", "line": object{"to": village, "amounts": []object{{"measure": "task/area", "value": "2"}}}})
	s.do(clerk(town), "issuance.amend_line", object{"id": "b", "effective": "2026-02-10", "line": object{"to": village, "amounts": []object{{"measure": "task/days", "value": "3"}}}})
	traces, err := s.rows().Traces("task", village, "", AsOf{Effective: ledger.Date("2026-02-15").Time()})
	s.must(err)
	if len(traces) != 1 || traces[0].Measure.Key != "days" || *traces[0].Value != "3" {
		t.Errorf("%+v", traces)
	}
}

// 2,000 lines are one issuance, and one more is refused.
func TestIssuanceOf2000Lines(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	var lines []object
	for i := range 2000 {
		code := "990101001-v" + fmt.Sprint(i)
		s.do(admin, "unit.register", object{"code": code, "name": code, "kind": "other"})
		lines = append(lines, object{"to": code, "amounts": []object{{"measure": "task/area", "value": "0.5"}}})
	}
	s.do(clerk(county), "issuance.make", object{"id": "all", "issuer": county, "lines": lines})
	if got := s.level(4); got != "2000 units, received 1000, added 0, 0 adding" {
		t.Error(got)
	}
	c, err := s.rows().Cascade("task", "area", "", Now, Paging{First: 200, After: "1900"})
	s.must(err)
	if len(c.Rows.Items) != 100 || c.Rows.More || c.Rows.Total != 2000 {
		t.Errorf("%d rows of %d", len(c.Rows.Items), c.Rows.Total)
	}
	over := append(lines, object{"to": town, "amounts": []object{{"measure": "task/area", "value": "1"}}})
	if err := s.try(clerk(county), "issuance.make", object{"id": "more", "issuer": county, "lines": over}); err == nil || !strings.Contains(err.Error(), "issuance.too_many_lines") {
		t.Errorf("2,001 lines: %v", err)
	}
}

// Intensities and sets count who made it harder, without adding up.
func TestAddingOfIntensitiesAndSets(t *testing.T) {
	for _, c := range []struct {
		name, passed string
		want         int32
	}{{"stricter", "3", 1}, {"the same", "5", 0}, {"looser", "7", 0}} {
		s := newScene(t)
		s.task(nil)
		days := func(id, from, to, value string, more object) {
			more["id"], more["issuer"] = id, from
			more["lines"] = []object{{"to": to, "amounts": []object{{"measure": "task/days", "value": value}}}}
			s.do(clerk(from), "issuance.make", more)
		}
		days("a", county, town, "5", object{})
		days("b", town, village, c.passed, object{"basis": []string{"a"}})
		if got := s.rows().measures[1].levels[4].adding; got != c.want {
			t.Errorf("%s: %d adding", c.name, got)
		}
	}
}

// An objection that names a measure is about that measure's mandate alone.
func TestObjectionsByMandate(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.do(clerk(county), "mandate.issue", object{"id": "second", "title": "第二", "field": "农业", "origin": county,
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}}})
	s.do(clerk(county), "issuance.make", object{"id": "a", "issuer": county, "lines": []object{{"to": town,
		"amounts": []object{{"measure": "task/area", "value": "5"}, {"measure": "second/area", "value": "9"}}}}})
	s.do(clerk(town), "assignment.object", object{"issuance": "a", "unit": town, "id": "o1", "ground": "infeasible", "reason": "x", "measure": "second/area"})
	s.do(clerk(town), "assignment.object", object{"issuance": "a", "unit": town, "id": "o2", "ground": "infeasible", "reason": "x"})
	for mandate, want := range map[string]int{"task": 1, "second": 2, "third": 0, "": 2} {
		list, err := s.rows().Objections(ObjectionQuery{Mandate: mandate}, 10)
		s.must(err)
		if len(list) != want {
			t.Errorf("%q: %d objections", mandate, len(list))
		}
	}
}

// Two parts made under one number at the same moment are both parts, also after
// a start from a snapshot.
func TestPartOfOneNumberTwice(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	one := object{"part": object{"of": "sheet", "k": 1, "n": 2}}
	s.lag = true // the second is decided before the first is seen
	s.pass("first", county, town, "5", one)
	s.pass("again", county, town, "6", one)
	s.lag = false
	s.must(s.view.Catch(t.Context(), s.log))
	path := filepath.Join(t.TempDir(), "rows")
	_, err := s.view.Save(path)
	s.must(err)
	v := s.fresh()
	s.must(v.Load(path))
	if d := differ(answers(s.view), answers(v)); d != "" {
		t.Errorf("answers differ:\n%s", d)
	}
	v.Read(func(r *Rows) {
		for _, id := range []string{"first", "again"} {
			if i := r.Issuance(id, Now); i == nil || i.Part == nil || i.Part.K != 1 || i.Part.Complete {
				t.Errorf("%s: %+v", id, i)
			}
		}
	})
}
