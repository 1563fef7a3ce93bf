package view

import (
	"fmt"
	"strconv"
	"testing"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// The days of a group come to what it adds, and the totals of all issuers to
// the sums by level.
func TestBurdenEqualsLevels(t *testing.T) {
	histories(t, func(h *history) {
		r := h.rows()
		for g := range r.groups {
			row := &r.groups[g]
			var sum addedBy
			for i, d := range row.days {
				sum.added, sum.times = sum.added.Add(d.added), sum.times+d.adding
				if i > 0 && row.days[i-1].day >= d.day {
					h.Fatalf("group %d: days out of order", g)
				}
			}
			if !sum.added.Equal(row.amount) || (sum.times == 1) != row.harder || sum.times < 0 || sum.times > 1 {
				h.Fatalf("group %d: its days come to %s, %d; it adds %s, %v", g, sum.added, sum.times, row.amount, row.harder)
			}
		}
		for x := range r.measures {
			m := &r.measures[x]
			totals, err := r.BurdenByOrigin(BurdenQuery{Measure: m.id}, MaxPage)
			h.must(err)
			shown := map[string]exact.Rat{}
			for _, t := range totals {
				if t.Added != nil {
					shown[t.Unit.Code] = rat(*t.Added)
				}
			}
			for code, sum := range h.addedOf(r, int32(x)) {
				if got := shown[code]; sum.Sign() > 0 && !got.Equal(sum) {
					h.Fatalf("%s: %s added %s, shown %s", m.id, code, sum, got)
				}
			}
		}
	})
}

// addedOf adds up a measure's groups by issuer.
func (h *history) addedOf(r *Rows, x int32) map[string]exact.Rat {
	out := map[string]exact.Rat{}
	for _, g := range r.measures[x].groups {
		code := r.code(r.groups[g].issuer)
		out[code] = out[code].Add(r.groups[g].amount)
	}
	return out
}

func TestBurdenByDay(t *testing.T) {
	w := small(t)
	raise(w, "0", "99", "9901")
	w.do(clerk("0"), "issuance.make", object{"id": "i0", "issuer": "0", "effective": "2026-02-01", "lines": []object{{"to": "99", "amounts": []object{{"measure": "task/area", "value": "100"}}}}})
	w.do(clerk("99"), "issuance.make", object{"id": "i1", "issuer": "99", "basis": []string{"i0"}, "effective": "2026-02-10", "lines": []object{{"to": "9901", "amounts": []object{{"measure": "task/area", "value": "130"}}}}})
	w.do(clerk("99"), "issuance.amend_line", object{"id": "i1", "effective": "2026-02-20", "line": object{"to": "9901", "amounts": []object{{"measure": "task/area", "value": "150"}}}})
	for name, c := range map[string]struct {
		q     BurdenQuery
		added string // of 99; empty where it is not shown
	}{
		"all":               {BurdenQuery{Measure: "task/area"}, "50"},
		"the first day":     {BurdenQuery{Measure: "task/area", From: "2026-02-10", To: "2026-02-10"}, "30"},
		"the second":        {BurdenQuery{From: "2026-02-11"}, "20"},
		"before":            {BurdenQuery{To: "2026-02-09"}, ""},
		"the province":      {BurdenQuery{Within: "99"}, "50"},
		"the city":          {BurdenQuery{Within: "9901"}, ""},
		"another dimension": {BurdenQuery{Dimension: dimension("deadline")}, ""},
		"its dimension":     {BurdenQuery{Dimension: dimension("quantity")}, "50"},
	} {
		w.view.Read(func(r *Rows) {
			totals, err := r.BurdenByOrigin(c.q, 20)
			w.must(err)
			got := ""
			if len(totals) > 0 {
				got = *totals[0].Added
				if len(r.OriginEvents(totals[0])) != 2 {
					t.Errorf("%s: rests on %v", name, r.OriginEvents(totals[0]))
				}
			}
			if got != c.added || len(totals) > 1 {
				t.Errorf("%s: %q, want %q of %d", name, got, c.added, len(totals))
			}
		})
	}
	for name, q := range map[string]BurdenQuery{"measure.unknown": {Measure: "x"}, "unit.unknown": {Within: "98"}, "burden.dates": {From: "2026-02-02", To: "2026-02-01"}} {
		w.view.Read(func(r *Rows) {
			if _, err := r.BurdenByOrigin(q, 20); ledger.AsError(err).Rule != name {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

func TestObligations(t *testing.T) {
	w := small(t)
	raise(w, "0", "99")
	for id, due := range map[string]string{"a": "2026-04-02T09:00:00+08:00", "b": "2026-04-01T23:30:00+08:00", "c": ""} {
		line := object{"to": "99", "amounts": []object{{"measure": "task/area", "value": "1"}}}
		if due != "" {
			line["due"] = due
		}
		w.do(clerk("0"), "issuance.make", object{"id": id, "issuer": "0", "lines": []object{line}})
	}
	w.view.Read(func(r *Rows) {
		all, err := r.Obligations("99", "", "", 10)
		w.must(err)
		one, err := r.Obligations("99", "2026-04-01", "2026-04-01", 10)
		w.must(err)
		if len(all) != 2 || all[0].Received.Issuance.ID != "b" || len(one) != 1 || one[0].Received.Issuance.ID != "b" {
			t.Errorf("all %v, on the first %v", all, one)
		}
		if _, err := r.Obligations("98", "", "", 10); ledger.AsError(err).Rule != "unit.unknown" {
			t.Error(err)
		}
	})
}

// raise enters a chain of units and a task with a divisible measure.
func raise(w *world, chain ...string) {
	for _, code := range chain {
		w.do(admin, "unit.register", object{"code": code, "name": code, "kind": "government"})
	}
	w.do(clerk("0"), "mandate.issue", object{"id": "task", "title": "任务", "field": "农业", "origin": "0",
		"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}}})
}

func dimension(d mandate.Dimension) *mandate.Dimension { return &d }

// A sheet in parts takes effect with the last of them, whichever came in last.
func TestPartsTakeEffectTogether(t *testing.T) {
	w := small(t)
	raise(w, "0", "99", "98")
	for k, part := range []struct{ to, effective string }{{"99", "2026-06-01"}, {"98", "2026-01-01"}} {
		w.do(clerk("0"), "issuance.make", object{"id": fmt.Sprint("p", k), "issuer": "0", "effective": part.effective, "part": object{"of": "sheet", "k": k + 1, "n": 2},
			"lines": []object{{"to": part.to, "amounts": []object{{"measure": "task/area", "value": "75"}}}}})
	}
	for day, want := range map[ledger.Date]int{"2026-04-01": 0, "2026-06-01": 2} {
		at := AsOf{Effective: day.Time().AddDate(0, 0, 1)}
		w.view.Read(func(r *Rows) {
			c, err := r.Cascade("task", "area", "", at, whole)
			w.must(err)
			units := 0
			for _, l := range c.Levels {
				n, _ := strconv.Atoi(l.Units)
				units += n
			}
			if len(c.Rows.Items) != want || units != want {
				t.Errorf("on %s: %d rows, %d units in the sums, want %d", day, len(c.Rows.Items), units, want)
			}
		})
	}
}
