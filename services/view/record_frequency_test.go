package view

import (
	"testing"

	"suyuan/services/exact"
	"suyuan/services/outcome"
)

// Of a frequency what was asked, what could be done and what was done are
// written alike, and count alike, per 30 days; a capacity that was recorded as
// a bare number is times per 30 days.
func TestAFrequencyHasOneUnitOfAccount(t *testing.T) {
	for _, c := range []struct{ able, want string }{{"1/14", "15/7"}, {"2", "2"}} {
		p := newPenalised(t, func(p *penalised) {
			// Of a measure that is not on record yet nobody can tell that it is none.
			p.do(investigator, "unit.verify_capacity", object{"code": village, "of": "river/metres", "value": "1/14", "asOf": "2026-03-01", "document": "paper"})
			p.do(clerk(county), "mandate.issue", object{"id": "river", "title": "巡河", "field": "水利", "origin": county, "measures": []object{
				{"key": "rounds", "name": "巡河", "kind": "intensity", "dimension": "frequency"}, {"key": "metres", "name": "河长", "kind": "divisible", "dimension": "quantity"}}})
			p.do(clerk(county), "issuance.make", object{"id": "rounds", "issuer": county, "lines": []object{{"to": village, "amounts": []object{{"measure": "river/rounds", "value": "1/7"}, {"measure": "river/metres", "value": "10"}}}}})
			p.do(investigator, "unit.verify_capacity", object{"code": village, "of": "river/rounds", "value": c.able, "asOf": "2026-03-01", "document": "paper"})
			p.do(investigator, "assignment.verify", object{"issuance": "rounds", "unit": village, "amounts": []object{{"measure": "river/rounds", "value": "1/30"}}, "asOf": "2026-03-02", "document": "paper"})
		})
		if err := p.try(investigator, "unit.verify_capacity", object{"code": village, "of": "river/metres", "value": "1/14", "asOf": "2026-03-01", "document": "paper"}); err == nil || errRule(err) != "unit.no_frequency" {
			t.Errorf("so many times in some days are taken of metres: %v", err)
		}
		x := p.penalty()
		x["mandate"], x["measure"], x["required"], x["verified"] = "river", "river/rounds", "1/7", "1/60"
		p.do(investigator, "outcome.penalise", x)
		e, err := p.rows().Explanation(outcome.ID("river", "river/rounds", village, p.occurred), 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		found := e.Evidence.Case
		want, _ := exact.ParseRat(c.want)
		if found.Capacity == nil || !found.Capacity.Equal(want) || !found.Verified.Equal(exact.FromInt(1)) || found.Issued[0].String() != "30/7" {
			t.Errorf("asked %v, could do %v, did %v", found.Issued, found.Capacity, found.Verified)
		}
		// So many times in some days say nothing of metres.
		x["measure"], x["required"], x["verified"] = "river/metres", "10", "5"
		p.do(investigator, "outcome.penalise", x)
		if e, err := p.rows().Explanation(outcome.ID("river", "river/metres", village, p.occurred), 1, 0); err != nil || e.Evidence.Case.Capacity != nil {
			t.Errorf("%v, %v metres", err, e.Evidence.Case.Capacity)
		}
		u := p.rows().Unit(village)
		for _, able := range p.rows().Capacities(*u) {
			if able.Of == "river/rounds" && able.Value != c.able {
				t.Errorf("a capacity of %s is shown as %s", c.able, able.Value)
			}
		}
	}
}
