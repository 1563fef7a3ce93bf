package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/policy"
)

// penalised is a scene in which the village was penalised: the county began
// with 200 for the town, the town asked 220 of the village, which can do 190
// and delivered 185. It occurred on Friday 20 March 2026 at nine.
type penalised struct {
	*scene
	id       string
	occurred time.Time
}

func newPenalised(t *testing.T, before func(p *penalised)) *penalised {
	s := newScene(t)
	p := &penalised{scene: s, occurred: time.Date(2026, 3, 20, 9, 0, 0, 0, ledger.Beijing)}
	proposals, err := policy.Proposed()
	s.must(err)
	for _, x := range proposals {
		s.do(admin, "policy.adopt", object{"name": x.Name, "title": x.Title, "values": x.Values, "document": "paper"})
	}
	s.task(object{"duty": "farm"})
	s.pass("down", county, town, "200", nil)
	s.pass("on", town, village, "220", object{"basis": []string{"down"}, "base": "200"})
	s.do(investigator, "unit.verify_capacity", object{"code": village, "of": "task/area", "value": "190", "asOf": "2026-03-01", "document": "paper"})
	s.do(admin, "unit.list_duty", object{"code": village, "item": "farm", "title": "种田", "class": "basic"})
	if before != nil {
		before(p)
	}
	s.now = p.occurred.Add(24 * time.Hour)
	s.do(investigator, "outcome.penalise", p.penalty())
	p.id = outcome.ID("task", "task/area", village, p.occurred)
	return p
}

func (p *penalised) penalty() object {
	return object{"kind": "quantity", "title": "未完成", "mandate": "task", "measure": "task/area", "unit": village, "occurredAt": p.occurred, "required": "220", "verified": "185", "document": "paper",
		"penalties": []object{{"form": "circular", "body": county, "on": "2026-03-21"}}}
}

func (p *penalised) object(id, unit, issuance string, more object) {
	c := object{"issuance": issuance, "unit": unit, "id": id, "ground": "infeasible", "reason": "办不到", "measure": "task/area"}
	for k, v := range more {
		c[k] = v
	}
	p.do(clerk(unit), "assignment.object", c)
}

func (p *penalised) decide(id, unit, issuance, by string) {
	p.do(clerk(by), "assignment.decide_objection", object{"issuance": issuance, "unit": unit, "id": id, "decision": "insisted", "reason": "照办"})
}

var reviewer = as(ledger.Reviewer, "99-bb")

// explained is the hash and the shares as they are known now.
func (p *penalised) explained() (hash, shares string) {
	p.t.Helper()
	e, err := p.rows().Explanation(p.id, 1, 0)
	if err != nil {
		p.t.Fatalf("%v: %+v", err, e.Evidence)
	}
	if hash, err = e.Hash(); err != nil {
		p.t.Fatalf("%v", err)
	}
	var text []string
	for _, s := range e.Explained.Masses {
		text = append(text, fmt.Sprint(s.Unit, " ", s.Points))
	}
	return hash, strings.Join(text, ", ")
}

// What clears a unit, or changes what it was asked, counts only where it was on
// record before the outcome: later it changes neither a share nor the hash.
func TestAfterTheOutcome(t *testing.T) {
	p := newPenalised(t, nil)
	hash, shares := p.explained()
	if want := county + " 2572, " + town + " 5714, " + village + " 1714"; shares != want {
		t.Errorf("%s, want %s", shares, want)
	}
	dated := object{"issuance": "on", "unit": village, "id": "dated", "ground": "infeasible", "reason": "3月5日已经提出", "measure": "task/area", "onPaper": "2026-03-05", "document": "paper"}
	if err := p.try(clerk(village), "assignment.object", dated); err == nil || errRule(err) != "assignment.paper_by_reviewer" {
		t.Errorf("a clerk dates an objection back: %v", err)
	}
	delete(dated, "onPaper")
	for _, c := range []struct {
		name string
		when func()
	}{
		{"an objection of later", func() { p.object("later", village, "on", nil) }},
		{"one that says it was raised before", func() { p.do(clerk(village), "assignment.object", dated) }},
		{"their answers", func() { p.decide("later", village, "on", town); p.decide("dated", village, "on", town) }},
		{"one of the town", func() { p.object("above", town, "down", nil) }},
		{"an amendment", func() {
			p.do(clerk(town), "issuance.amend_line", object{"id": "on", "reason": "更正", "line": object{"to": village, "amounts": []object{{"measure": "task/area", "value": "200", "base": "200"}}}})
		}},
		{"one with effect from before", func() {
			p.do(clerk(county), "issuance.amend_line", object{"id": "down", "effective": "2026-03-03", "reason": "更正", "line": object{"to": town, "amounts": []object{{"measure": "task/area", "value": "230"}}}})
		}},
		{"what is asked besides", func() { p.pass("besides", town, village, "50", object{"basis": []string{"down"}, "base": "50"}) }},
		{"the withdrawal of all of it", func() {
			p.do(clerk(town), "issuance.withdraw", object{"id": "on", "effective": "2026-03-03", "reason": "更正"})
		}},
		{"means", func() {
			p.do(clerk(county), "assignment.grant_resource", object{"issuance": "down", "unit": town, "kind": "money", "amount": "1", "needed": "2"})
		}},
		{"a duty that is recalled", func() { p.do(admin, "unit.recall_duty", object{"code": village, "item": "farm"}) }},
		{"what it reports itself", func() { // withdrawn, and still to be accounted for
			p.do(clerk(village), "assignment.report", object{"issuance": "on", "unit": village, "amounts": []object{{"measure": "task/area", "value": "220"}}, "asOf": "2026-03-10"})
		}},
	} {
		p.now = p.now.Add(time.Hour)
		c.when()
		if h, s := p.explained(); h != hash || s != shares {
			t.Errorf("%s: %s, was %s; same hash: %t", c.name, s, shares, h == hash)
		}
	}
	e, err := p.rows().Explanation(p.id, 1, 0)
	if err != nil || len(e.Evidence.Ignored) < 3 {
		t.Errorf("%v; what does not count is not told: %+v", err, e.Evidence.Ignored)
	}
	// A paper that came late counts by its effect, what a reviewer states by its
	// document, and what is verified whenever it was.
	p.do(investigator, "issuance.make", object{"id": "late", "issuer": town, "basis": []string{"down"}, "effective": "2026-03-05", "document": "paper",
		"lines": []object{{"to": bureau, "amounts": []object{{"measure": "task/area", "value": "100", "base": "100"}}}}})
	if h, _ := p.explained(); h == hash {
		t.Error("a late paper changes nothing")
	}
	p.do(reviewer, "outcome.state", object{"id": p.id, "point": "objected", "unit": village, "value": "yes", "by": town, "onPaper": "2026-03-05", "reason": "来函在案", "document": "paper"})
	stated, _ := p.explained()
	p.do(investigator, "assignment.verify", object{"issuance": "on", "unit": village, "amounts": []object{{"measure": "task/area", "value": "180"}}, "asOf": "2026-03-20", "document": "paper"})
	if h, s := p.explained(); stated == hash || h == stated || s == shares {
		t.Errorf("late facts that count change nothing: %s", s)
	}
}

// Before the outcome each of them counts.
func TestBeforeTheOutcome(t *testing.T) {
	_, plain := newPenalised(t, nil).explained()
	seen := map[string]string{}
	for name, before := range map[string]func(p *penalised){
		"an objection": func(p *penalised) { p.object("o", village, "on", nil) },
		"an objection that was overruled": func(p *penalised) {
			p.object("o", village, "on", object{"ground": "unresourced"})
			p.decide("o", village, "on", town)
		},
		"one that nobody answered in time": func(p *penalised) { p.object("o", village, "on", object{"ground": "unresourced"}) },
		"means": func(p *penalised) {
			p.do(clerk(town), "assignment.grant_resource", object{"issuance": "on", "unit": village, "kind": "money", "amount": "1", "needed": "2"})
		},
		"a duty that is recalled": func(p *penalised) { p.do(admin, "unit.recall_duty", object{"code": village, "item": "farm"}) },
		"an amendment": func(p *penalised) {
			p.do(clerk(town), "issuance.amend_line", object{"id": "on", "reason": "更正", "line": object{"to": village, "amounts": []object{{"measure": "task/area", "value": "210", "base": "200"}}}})
		},
	} {
		if _, s := newPenalised(t, before).explained(); s == plain {
			t.Errorf("%s changes nothing: %s", name, s)
		} else {
			seen[name] = s
		}
	}
	if seen["an objection that was overruled"] != seen["one that nobody answered in time"] {
		t.Errorf("left to lapse and insisted on are not the same: %v", seen)
	}
}

// The same outcome recorded twice is one.
func TestOutcomeTwice(t *testing.T) {
	p := newPenalised(t, nil)
	again := p.penalty()
	again["title"], again["occurredAt"], again["verified"] = "另一份通报", p.occurred.Add(3*time.Hour), "180"
	err := p.try(investigator, "outcome.penalise", again)
	if err == nil || errRule(err) != "outcome.already_recorded" || !strings.Contains(err.Error(), p.id) {
		t.Errorf("%v", err)
	}
	hash, _ := p.explained()
	p.do(reviewer, "finding.draft", object{"outcome": p.id, "round": 1})
	if err := p.try(reviewer, "finding.draft", object{"outcome": p.id, "round": 2}); err == nil {
		t.Error("a second finding about it")
	}
	again["occurredAt"] = p.occurred.AddDate(0, 0, -1)
	p.do(investigator, "outcome.penalise", again)
	other := outcome.ID("task", "task/area", village, p.occurred.AddDate(0, 0, -1))
	p.do(investigator, "outcome.join", object{"id": other, "into": p.id, "reason": "重复"})
	if err := p.try(reviewer, "finding.draft", object{"outcome": other, "round": 1}); err == nil {
		t.Error("a finding about what goes on as another")
	}
	if _, err := p.rows().Explanation(other, 1, 0); err == nil {
		t.Error("an explanation of what goes on as another")
	}
	if h, _ := p.explained(); h != hash {
		t.Error("what was recorded twice changes the one")
	}
}
