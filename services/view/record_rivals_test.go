package view

import (
	"fmt"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/policy"
)

// newRivals is a scene in which county and town asked 100 each of the village
// at once, which can do 100 and did.
func newRivals(t *testing.T, before func(p *penalised)) *penalised {
	s := newScene(t)
	p := &penalised{scene: s, occurred: time.Date(2026, 3, 20, 9, 0, 0, 0, ledger.Beijing)}
	proposals, err := policy.Proposed()
	s.must(err)
	for _, x := range proposals {
		s.do(admin, "policy.adopt", object{"name": x.Name, "title": x.Title, "values": x.Values, "document": "paper"})
	}
	s.task(object{"duty": "farm"})
	s.do(investigator, "unit.verify_capacity", object{"code": village, "of": "task/area", "value": "100", "asOf": "2026-03-01", "document": "paper"})
	s.pass("down", county, village, "100", nil)
	s.pass("on", town, village, "100", object{"origin": true})
	before(p)
	s.now = p.occurred.Add(24 * time.Hour)
	s.do(investigator, "outcome.penalise", object{"kind": "competing", "title": "未完成", "mandate": "task", "measure": "task/area", "unit": village, "occurredAt": p.occurred, "required": "200", "verified": "100",
		"document": "paper", "competing": []string{"down", "on"}, "penalties": []object{{"form": "circular", "body": county, "on": "2026-03-21"}}})
	p.id = outcome.ID("task", "task/area", village, p.occurred)
	return p
}

// What was objected to, insisted on and verified of the tasks that competed
// counts as on a line: who spoke up in time is not charged as silent.
func TestRivals(t *testing.T) {
	verify := func(p *penalised, issuance, value string) {
		p.do(investigator, "assignment.verify", object{"issuance": issuance, "unit": village, "amounts": []object{{"measure": "task/area", "value": value}}, "asOf": "2026-03-01", "document": "paper"})
	}
	for _, c := range []struct {
		name, want, verified string
		before               func(p *penalised)
	}{
		{"nobody said anything", county + " 4500, " + town + " 4500, " + village + " 1000", "100", func(*penalised) {}},
		{"both were objected to", county + " 5000, " + town + " 5000, " + village + " 0", "100", func(p *penalised) {
			p.object("o1", village, "down", nil)
			p.object("o2", village, "on", nil)
			p.decide("o1", village, "down", county)
			p.decide("o2", village, "on", town)
		}},
		{"each was verified", county + " 4500, " + town + " 4500, " + village + " 1000", "100", func(p *penalised) { verify(p, "down", "40"); verify(p, "on", "50"); verify(p, "on", "60") }},
		{"less was verified", county + " 4091, " + town + " 4091, " + village + " 1818", "90", func(p *penalised) { verify(p, "down", "40"); verify(p, "on", "50") }},
		{"one was verified", county + " 4500, " + town + " 4500, " + village + " 1000", "100", func(p *penalised) { verify(p, "down", "40") }},
	} {
		p := newRivals(t, c.before)
		e, err := p.rows().Explanation(p.id, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := p.explained(); got != c.want || fmt.Sprint(e.Evidence.Case.Verified) != c.verified {
			t.Errorf("%s: %s, want %s; %v verified", c.name, got, c.want, e.Evidence.Case.Verified)
		}
	}
}

// Who falsified what another measure counts did not falsify this one.
func TestFalsifiedOfAnotherMeasure(t *testing.T) {
	both := []object{{"measure": "task/area", "value": "220", "base": "200"}, {"measure": "task/trees", "value": "5"}}
	found := func(measure string) string {
		p := &penalised{scene: newScene(t), occurred: time.Date(2026, 3, 20, 9, 0, 0, 0, ledger.Beijing)}
		proposals, err := policy.Proposed()
		p.must(err)
		for _, x := range proposals {
			p.do(admin, "policy.adopt", object{"name": x.Name, "title": x.Title, "values": x.Values, "document": "paper"})
		}
		p.task(object{"duty": "farm", "measures": []object{{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity", "unit": "亩"}, {"key": "trees", "name": "株数", "kind": "divisible", "dimension": "quantity", "unit": "株"}}})
		p.do(clerk(county), "issuance.make", object{"id": "down", "issuer": county, "document": "paper", "lines": []object{{"to": town, "amounts": []object{{"measure": "task/area", "value": "200"}, {"measure": "task/trees", "value": "5"}}}}})
		p.do(clerk(town), "issuance.make", object{"id": "on", "issuer": town, "basis": []string{"down"}, "document": "paper", "lines": []object{{"to": village, "amounts": both}}})
		p.now = p.occurred.Add(24 * time.Hour)
		p.do(investigator, "outcome.penalise", p.penalty())
		p.id = outcome.ID("task", "task/area", village, p.occurred)
		if measure != "" {
			p.do(investigator, "assignment.verify_falsification", object{"issuance": "on", "unit": village, "who": village, "amounts": []object{{"measure": measure, "value": "3"}}, "document": "paper"})
		}
		_, shares := p.explained()
		return shares
	}
	plain, other, own := found(""), found("task/trees"), found("task/area")
	if other != plain || own == plain {
		t.Errorf("%s; with trees falsified %s, with the area %s", plain, other, own)
	}
}
