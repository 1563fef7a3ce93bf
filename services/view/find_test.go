package view

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"suyuan/services/unit"
)

// What is called something is found by it: at once, after a rename by the new
// name alone, after a snapshot, within a territory and a level.
func TestFind(t *testing.T) {
	w := small(t)
	for _, u := range [][2]string{{"99", "甲省"}, {"9901", "龙泉市"}, {"990101", "东湖县"}, {"990101001", "龙泉镇"}, {"990101002", "泉龙镇"}, {"9902", "东泉市"}} {
		w.do(admin, "unit.register", object{"code": u[0], "name": u[1], "kind": "government"})
	}
	w.do(clerk("99"), "document.register", object{"id": "d1", "number": "甲政发〔2022〕17号", "issuer": "99", "date": "2022-08-09", "title": "关于退林还耕的通知"})
	for i, title := range []string{"退林还耕", "河长巡查", "还林"} {
		w.do(clerk("99"), "mandate.issue", object{"id": fmt.Sprint("m", i), "title": title, "field": "农业", "origin": "99",
			"measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}}})
	}
	look := func(v *View) {
		t.Helper()
		v.Read(func(r *Rows) {
			town := unit.Township
			for name, c := range map[string]struct {
				q    UnitQuery
				want []string
			}{
				"two characters": {UnitQuery{Search: "龙泉"}, []string{"9901", "990101001"}},
				"one":            {UnitQuery{Search: "东"}, []string{"990101", "9902"}},
				"two words":      {UnitQuery{Search: "泉 市"}, []string{"9901", "9902"}},
				"within":         {UnitQuery{Search: "龙泉", Within: "990101"}, []string{"990101001"}},
				"a level":        {UnitQuery{Search: "泉", Level: &town}, []string{"990101001", "990101002"}},
				"a code":         {UnitQuery{Search: "990101"}, []string{"990101", "990101001", "990101002"}},
				"nothing":        {UnitQuery{Search: "泉县"}, nil},
				"nowhere":        {UnitQuery{Search: "龙泉", Within: "98"}, nil},
			} {
				p, err := r.Units(c.q, whole)
				w.must(err)
				var got []string
				for _, u := range p.Items {
					got = append(got, u.Code)
				}
				if !slices.Equal(got, c.want) || p.Total != len(c.want) || p.More {
					t.Errorf("%s: %v of %d, want %v", name, got, p.Total, c.want)
				}
			}
			p, err := r.Units(UnitQuery{Search: "泉"}, Paging{First: 2, After: "1"})
			w.must(err)
			if len(p.Items) != 2 || p.Items[0].Code != "990101001" || !p.More || p.Total != 4 || p.Cursors[1] != "3" {
				t.Errorf("a page: %+v", p)
			}
			m, err := r.Mandates(MandateQuery{Search: "还"}, whole)
			w.must(err)
			if len(m.Items) != 2 || m.Items[0].ID != "m2" {
				t.Errorf("mandates, newest first: %v", m.Items)
			}
			d, err := r.Documents(DocumentQuery{Search: "甲政发[2022]17号"}, whole)
			w.must(err)
			if len(d.Items) != 1 {
				t.Errorf("a number as it is typed: %v", d.Items)
			}
		})
	}
	look(w.view)
	w.view.Settle(context.Background())
	look(w.view)
	path := t.TempDir() + "/rows"
	_, err := w.view.Save(path)
	w.must(err)
	again := w.fresh()
	w.must(again.Load(path))
	look(again)
	w.do(admin, "unit.rename", object{"code": "9901", "name": "新泉市"})
	w.view.Read(func(r *Rows) {
		for q, want := range map[string]int{"龙泉": 1, "新泉": 1} {
			if p, err := r.Units(UnitQuery{Search: q}, whole); err != nil || p.Total != want {
				t.Errorf("after a rename, %s: %d, %v", q, p.Total, err)
			}
		}
	})
}
