package view

import (
	"reflect"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/outcome"
)

// fewEvents is a ledger with a row of every kind that the codec knows.
func fewEvents(w *world) {
	fewUnits(w)
	fewTasks(w)
	fewAnswers(w)
	fewFindings(w)
	w.must(w.sign())
	w.do(admin, "document.redact", object{"id": "d2", "reason": "涉密"})
}

func fewUnits(w *world) {
	for _, u := range []object{
		{"code": "0", "name": "中央", "kind": "government"}, {"code": "99", "name": "省", "kind": "government", "people": 1000, "staff": 30, "line": "农业", "parent": "0"},
		{"code": "9901", "name": "市", "kind": "government"}, {"code": "9902", "name": "旧市", "kind": "government"},
	} {
		w.do(admin, "unit.register", u)
	}
	for _, id := range []string{"d1", "d2"} {
		w.do(clerk("0"), "document.register", object{"id": id, "number": "〔2026〕" + id, "issuer": "0", "date": "2026-01-05", "title": "通知" + id,
			"sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})
	}
	w.do(admin, "unit.list_duty", object{"code": "99", "item": "patrol", "title": "巡查", "class": "basic", "skills": []string{"测量"}, "document": "d1"})
	w.do(investigator, "unit.verify_capacity", object{"code": "99", "of": "staff", "value": "12.5", "asOf": "2026-01-01", "document": "d1"})
	w.do(admin, "unit.rename", object{"code": "99", "name": "新省"})
	w.do(admin, "unit.merge", object{"code": "9902", "into": "9901", "document": "d1"})
}

func fewTasks(w *world) {
	w.do(clerk("0"), "mandate.issue", object{"id": "task", "title": "任务", "field": "农业", "origin": "0", "lead": "99", "duty": "patrol", "document": "d1", "fictional": true,
		"measures": []object{
			{"key": "area", "name": "面积", "kind": "divisible", "dimension": "quantity"}, {"key": "often", "name": "频次", "kind": "intensity", "dimension": "frequency"},
			{"key": "proof", "name": "台账", "kind": "set", "dimension": "trace"},
		},
		"constraints": []object{{"key": "least", "author": "0", "text": "至少", "terms": []object{{"quantity": "area", "times": 2}}, "is": "at_least", "value": 9}}})
	w.do(clerk("0"), "mandate.revise", object{"id": "task", "document": "d1", "title": "改名"})
	w.do(clerk("0"), "issuance.make", object{"id": "i0", "issuer": "0", "document": "d1", "sent": w.now, "effective": "2026-02-01",
		"stated": []object{{"measure": "task/area", "value": "100.5"}},
		"lines": []object{{"to": "99", "due": w.now.Add(48 * time.Hour), "directedBy": "0", "authority": true,
			"given": []object{{"kind": "money", "amount": "10"}}, "needed": []object{{"kind": "money", "amount": "20"}},
			"amounts": []object{{"measure": "task/area", "value": "100.5"}, {"measure": "task/often", "value": "1/7"}, {"measure": "task/proof", "items": []string{"照片", "台账"}}}}}})
	w.do(clerk("99"), "issuance.make", object{"id": "i1", "issuer": "99", "basis": []string{"i0"}, "document": "d1", "merge": object{"task/area": "sum"},
		"lines":    []object{{"to": "9901", "amounts": []object{{"measure": "task/area", "value": "120", "base": "80"}, {"measure": "task/often", "value": "2/7"}}}},
		"retained": []object{{"measure": "task/area", "value": "3"}}, "reserve": []object{{"measure": "task/area", "value": "5"}},
		"approval": object{"by": "0", "competence": "批准", "date": "2026-01-06", "document": "d1", "covers": []object{{"measure": "task/area", "value": "20"}}}})
	w.do(clerk("0"), "issuance.make", object{"id": "i2", "issuer": "0", "part": object{"of": "sheet", "k": 1, "n": 2},
		"lines": []object{{"to": "9901", "amounts": []object{{"measure": "task/area", "value": "1"}}}}})
	w.do(clerk("0"), "issuance.amend_line", object{"id": "i2", "reason": "调整", "line": object{"to": "9901", "amounts": []object{{"measure": "task/area", "value": "2"}}}})
}

func fewAnswers(w *world) {
	to := func(more object) object {
		more["issuance"], more["unit"] = "i1", "9901"
		return more
	}
	delivered := []object{{"measure": "task/area", "value": "7"}}
	w.do(clerk("9901"), "assignment.deliver", to(object{"at": w.now}))
	w.do(clerk("9901"), "assignment.acknowledge", to(object{"at": w.now}))
	w.do(clerk("9901"), "assignment.object", to(object{"id": "o1", "ground": "infeasible", "reason": "办不到", "measure": "task/area", "document": "d1"}))
	w.do(clerk("99"), "assignment.decide_objection", to(object{"id": "o1", "decision": "insisted", "reason": "研究过"}))
	w.do(clerk("99"), "assignment.grant_resource", to(object{"kind": "money", "amount": "2"}))
	w.do(clerk("9901"), "assignment.act", to(object{"kind": "remedy", "power": "none"}))
	w.do(clerk("9901"), "assignment.request_stop", to(object{"id": "s1", "reason": "危险"}))
	w.do(clerk("99"), "assignment.decide_stop", to(object{"id": "s1", "reason": "研究过"}))
	w.do(clerk("9901"), "assignment.report", to(object{"amounts": delivered, "asOf": "2026-02-01"}))
	w.do(investigator, "assignment.verify", to(object{"amounts": delivered, "asOf": "2026-02-01", "document": "d1"}))
	w.do(investigator, "assignment.verify_falsification", to(object{"amounts": delivered, "who": "9901", "document": "d1"}))
	w.do(clerk("99"), "handoff.propose", object{"id": "h1", "from": "99", "to": "9901", "duty": "patrol", "title": "巡查", "mandate": "task", "authority": true, "people": 1, "money": "1",
		"basis": "批准", "approvedBy": "0", "approvedOn": "2026-01-07", "document": "d1"})
	w.do(clerk("9901"), "handoff.accept", object{"id": "h1"})
}

func fewFindings(w *world) {
	for name, values := range map[string]map[string]string{"jra-1": proposedValues(), "terms": periods} {
		w.do(admin, "policy.adopt", object{"name": name, "title": "参数", "values": values, "document": "d1"})
	}
	occurred := w.now
	w.do(investigator, "outcome.penalise", object{"kind": "quantity", "title": "未完成", "mandate": "task", "measure": "task/area", "unit": "9901", "issuance": "i1", "occurredAt": occurred,
		"required": "120", "verified": "7", "penalties": []object{{"form": "circular", "body": "99", "on": ledger.DateOf(w.now)}}, "document": "d1"})
	id := outcome.ID("task", "task/area", "9901", occurred)
	w.do(panel(1), "outcome.state", object{"id": id, "point": "notice", "value": "yes", "reason": "签收单", "document": "d1"})
	w.do(panel(1), "finding.draft", object{"outcome": id, "round": 1})
	w.do(panel(2), "finding.check", object{"id": id + "-1", "version": 1, "passed": true})
	w.do(panel(1), "finding.notify", object{"id": id + "-1"})
	w.do(clerk("0"), "reward.uplift", object{"id": "r1", "unit": "9901", "mandate": "task", "rule": "wenze-2019-17", "document": "d1"})
	w.do(as(ledger.Investigator, "0"), "clarification.issue", object{"id": "c1", "unit": "9901", "matter": "被举报", "conclusion": "mistaken", "forms": []string{"written"}, "document": "d1"})
}

// Every list and every map of the rows, and of the rows in them, holds
// something in fewEvents: what tests of the snapshot use reaches every codec.
func TestFewEventsHasEverything(t *testing.T) {
	w := small(t)
	fewEvents(w)
	seen := map[string]bool{}
	filled(seen, reflect.ValueOf(w.rows()).Elem(), 0)
	for _, name := range []string{"streamRow", "eventRow", "noteRow", "unitRow", "unitMore", "nameRow", "dutyRow", "capacityRow", "documentRow", "mandateRow", "constraintRow", "measureRow",
		"issuanceRow", "valueRow", "approvalRow", "sheetRow", "lineRow", "versionRow", "askRow", "amountRow", "extraRow", "groupRow", "dayRow", "assignmentRow", "reportRow", "objectionRow",
		"handoffRow", "revisionRow"} {
		if !seen[name] {
			t.Errorf("no %s", name)
		}
	}
}

// filled notes the names of all types that something is there of.
func filled(seen map[string]bool, v reflect.Value, depth int) {
	if depth > 6 || v.Kind() == reflect.Func || v.Kind() == reflect.String {
		return
	}
	seen[v.Type().Name()] = true
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			filled(seen, v.Field(i), depth+1)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			filled(seen, v.Elem(), depth+1)
		}
	case reflect.Slice:
		for i := range min(v.Len(), 20) {
			filled(seen, v.Index(i), depth+1)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			filled(seen, v.MapIndex(k), depth+1)
		}
	}
}
