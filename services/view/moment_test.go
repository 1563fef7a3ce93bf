package view

import (
	"testing"
)

// before is the moment just before an event of the scene.
func (s *scene) before(name string) AsOf { return AsOf{Ordinal: s.at[name] - 1} }

func codesOf(flags []Flag) string {
	out := ""
	for _, f := range flags {
		out += string(f.Code) + " "
	}
	return out
}

// A flag of an earlier moment rests on what was on record then.
func TestFlagsAsOfTheirMoment(t *testing.T) {
	s := newScene(t)
	s.task(object{"duty": "patrol"})
	s.duty(town, "patrol")
	s.pass("a", county, town, "5", nil)
	s.at["recall"] = s.do(admin, "unit.recall_duty", object{"code": town, "item": "patrol"})
	s.pass("b", town, village, "7", object{"basis": []string{"a"}})
	s.do(clerk(town), "issuance.make", object{"id": "c", "issuer": town, "basis": []string{"a"}, "approval": approval("2", true),
		"lines": []object{{"to": bureau, "amounts": []object{{"measure": "task/days", "value": "3"}}}}})
	s.at["joins"] = s.do(clerk(town), "issuance.amend_line", object{"id": "c",
		"line": object{"to": bureau, "amounts": []object{{"measure": "task/area", "value": "0"}, {"measure": "task/days", "value": "3"}}}})
	for _, c := range []struct {
		unit string
		at   AsOf
		want string
	}{
		{town, s.before("recall"), ""},
		{town, Now, "OFF_LIST "},
		{village, s.before("joins"), "OVER_RECEIVED "}, // the approval came with a document that said nothing of it yet
		{village, Now, ""},
	} {
		traces, err := s.rows().Traces("task", c.unit, "area", c.at)
		s.must(err)
		if got := codesOf(s.rows().TraceFlags(traces[0])); got != c.want {
			t.Errorf("%s as of %d: %q, want %q", c.unit, c.at.Ordinal, got, c.want)
		}
	}
}

// Lines are traced oldest first.
func TestTracesInOrder(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("z", county, town, "5", nil)
	s.pass("a", county, town, "6", nil)
	traces, err := s.rows().Traces("task", town, "area", Now)
	s.must(err)
	if len(traces) != 2 || traces[0].Issuance.ID != "z" || traces[1].Issuance.ID != "a" {
		t.Errorf("%+v", traces)
	}
}

// Two documents of one group that were decided at the same moment and merge
// differently come to the same whichever was first.
func TestMergesThatDifferInAnyOrder(t *testing.T) {
	s := newScene(t)
	s.task(nil)
	s.pass("a", county, town, "5", nil)
	s.pass("b", city, town, "9", object{"origin": true})
	bases := []string{"a", "b"}
	s.lag = true
	s.pass("c", town, village, "9", object{"basis": bases, "merge": object{"task/area": "strictest"}})
	s.pass("d", town, bureau, "2", object{"basis": bases})
	log := s.records()
	first := s.folded(log)
	n := len(log)
	log[n-1], log[n-2] = log[n-2], log[n-1]
	second := s.folded(renumbered(log))
	want := "1 units, received 14, added 2, 1 adding"
	for _, v := range []*View{first, second} {
		if got := face(v.rows.measures[0].levels[4]); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// What was known then goes by the names it had.
func TestNamesThen(t *testing.T) {
	w := small(t)
	raise(w, "0", "99", "9901")
	w.do(clerk("0"), "issuance.make", object{"id": "i0", "issuer": "0", "lines": []object{{"to": "99", "amounts": []object{{"measure": "task/area", "value": "100"}}}}})
	w.do(clerk("99"), "issuance.make", object{"id": "i1", "issuer": "99", "basis": []string{"i0"}, "lines": []object{{"to": "9901", "amounts": []object{{"measure": "task/area", "value": "130"}}}}})
	w.do(clerk("0"), "document.register", object{"id": "d", "number": "〔2026〕1号", "issuer": "0", "date": "2026-01-05", "title": "通知"})
	made := w.log.Head().Ordinal
	w.do(admin, "unit.rename", object{"code": "99", "name": "新名"})
	w.do(clerk("0"), "mandate.revise", object{"id": "task", "title": "新题", "document": "d"})
	w.do(admin, "unit.rename", object{"code": "99", "name": "再名"})
	for at, want := range map[uint64][2]string{made: {"99", "任务"}, made + 1: {"新名", "任务"}, made + 2: {"新名", "新题"}, 0: {"再名", "新题"}} {
		w.view.Read(func(r *Rows) {
			traces, err := r.Traces("task", "9901", "", AsOf{Ordinal: at})
			w.must(err)
			c, err := r.Cascade("task", "area", "99", AsOf{Ordinal: at}, whole)
			w.must(err)
			x := traces[0]
			for place, got := range map[string]string{"a step": x.Steps[1].Unit.Name, "a flag": r.TraceFlags(x)[0].Unit.Name, "a cascade's top": c.Under.Name} {
				if got != want[0] {
					t.Errorf("as of %d, %s: %s, want %s", at, place, got, want[0])
				}
			}
			for place, got := range map[string]string{"a trace": x.Mandate.Title, "a cascade": c.Mandate.Title, "the mandate": r.Mandate("task", AsOf{Ordinal: at}).Title} {
				if got != want[1] {
					t.Errorf("as of %d, %s: %s, want %s", at, place, got, want[1])
				}
			}
		})
	}
}
