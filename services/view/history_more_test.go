package view

import (
	"fmt"
	"slices"

	"suyuan/services/ledger"
)

func (h *history) anyIssuance() *given {
	if len(h.issuances) == 0 {
		return nil
	}
	return among(h, h.issuances)
}

func (h *history) amend() {
	g := h.anyIssuance()
	if g == nil {
		return
	}
	to := h.one(append(g.to, h.one(h.units)))
	measures := h.measures
	for _, a := range (facts{h.rows()}).Received(g.id, to) {
		if !h.chance(3) {
			measures = []string{a.Measure}
		}
	}
	l := h.line(to, measures, h.between(0, 1))
	if h.submit(clerk(g.issuer), "issuance.amend_line", object{"id": g.id, "line": l, "effective": h.effective(), "reason": "调整"}) && !slices.Contains(g.to, to) {
		g.to = append(g.to, to)
	}
}

func (h *history) withdraw() {
	if g := h.anyIssuance(); g != nil && h.chance(2) {
		h.submit(clerk(g.issuer), "issuance.withdraw", object{"id": g.id, "reason": "撤回", "effective": h.effective()})
	}
}

func (h *history) deliver() {
	g := h.anyIssuance()
	if g == nil {
		return
	}
	to := h.one(g.to)
	ref := object{"issuance": g.id, "unit": to}
	if h.chance(2) {
		ref["at"] = h.now
	}
	if h.chance(2) {
		h.submit(clerk(g.issuer), "assignment.deliver", ref)
		return
	}
	h.submit(clerk(to), "assignment.acknowledge", ref)
}

func (h *history) object() {
	g := h.anyIssuance()
	if g == nil {
		return
	}
	to, id := h.one(g.to), fmt.Sprint("o", h.keys)
	line, _ := (facts{h.rows()}).Line(g.id, to)
	owes := line.Issuer
	if line.DirectedBy != "" {
		owes = line.DirectedBy
	}
	if h.chance(3) {
		if h.submit(clerk(to), "assignment.request_stop", object{"issuance": g.id, "unit": to, "id": id, "reason": "危险"}) {
			h.questions = append(h.questions, question{g.id, to, id, owes, "stop"})
		}
		return
	}
	if h.submit(clerk(to), "assignment.object", object{"issuance": g.id, "unit": to, "id": id, "ground": "infeasible", "reason": "办不到",
		"measure": h.one(append(line.Measures, ""))}) {
		h.questions = append(h.questions, question{g.id, to, id, owes, "objection"})
	}
}

func (h *history) decide() {
	if len(h.questions) == 0 {
		return
	}
	q := among(h, h.questions)
	c := object{"issuance": q.issuance, "unit": q.unit, "id": q.id, "reason": "研究过"}
	if q.kind == "stop" {
		h.submit(clerk(q.owes), "assignment.decide_stop", c)
		return
	}
	c["decision"] = h.one([]string{"accepted", "modified", "insisted"})
	h.submit(clerk(q.owes), "assignment.decide_objection", c)
}

func (h *history) report() {
	g := h.anyIssuance()
	if g == nil {
		return
	}
	to := h.one(g.to)
	line, _ := (facts{h.rows()}).Line(g.id, to)
	if len(line.Measures) == 0 {
		return
	}
	c := object{"issuance": g.id, "unit": to, "amounts": []object{{"measure": h.one(line.Measures), "value": h.number()}}, "asOf": "2026-02-01"}
	switch h.between(0, 2) {
	case 0:
		h.submit(clerk(to), "assignment.report", c)
	case 1:
		c["document"] = h.one(h.documents)
		h.submit(investigator, "assignment.verify", c)
	default:
		c["document"], c["who"] = h.one(h.documents), to
		delete(c, "asOf")
		h.submit(investigator, "assignment.verify_falsification", c)
	}
}

func (h *history) act() {
	g := h.anyIssuance()
	if g == nil {
		return
	}
	to := h.one(g.to)
	if h.chance(2) {
		h.submit(clerk(g.issuer), "assignment.grant_resource", object{"issuance": g.id, "unit": to, "kind": "money", "amount": h.number()})
		return
	}
	h.submit(clerk(to), "assignment.act", object{"issuance": g.id, "unit": to, "kind": "remedy", "power": "none"})
}

func (h *history) handoff() {
	id, from := fmt.Sprint("move", len(h.handoffs)), h.one(h.units)
	c := object{"id": id, "from": from, "to": h.one(h.units), "duty": "patrol", "title": "巡查", "authority": h.chance(2), "people": h.between(0, 1),
		"mandate": h.one(append(h.mandates, ""))}
	if h.chance(2) {
		c["approvedBy"], c["approvedOn"], c["document"] = h.one(h.units), "2026-01-07", h.one(h.documents)
	}
	if h.submit(clerk(from), "handoff.propose", c) {
		h.handoffs = append(h.handoffs, id)
	}
}

func (h *history) closeHandoff() {
	id := h.one(h.handoffs)
	if id == "" {
		return
	}
	at := h.rows().handoffAt.of(id)
	if at == none {
		return // the fold lags
	}
	row := h.rows().handoffs[at]
	from, to := clerk(h.rows().code(row.from)), clerk(h.rows().code(row.to))
	switch h.between(0, 3) {
	case 0:
		h.submit(to, "handoff.reject", object{"id": id, "reason": "无力承接"})
	case 1:
		h.submit(from, "handoff.recall", object{"id": id, "reason": "收回"})
	default:
		h.submit(to, "handoff.accept", object{"id": id})
	}
}

func (h *history) capacity() {
	u := h.one(h.units)
	c := object{"code": u, "of": h.one(append(h.measures, "staff")), "value": h.number(), "asOf": h.one([]string{"2026-01-01", "2026-02-01"})}
	if h.chance(3) {
		h.submit(clerk(u), "unit.declare_capacity", c)
		return
	}
	c["document"] = h.one(h.documents)
	h.submit(investigator, "unit.verify_capacity", c)
}

func (h *history) duty() {
	u := h.one(h.units)
	if h.chance(3) {
		h.submit(admin, "unit.recall_duty", object{"code": u, "item": h.one([]string{"patrol", "survey"})})
		return
	}
	h.submit(admin, "unit.list_duty", object{"code": u, "item": h.one([]string{"patrol", "survey"}), "title": "事项", "class": h.one([]string{"basic", "cooperate"})})
}

func (h *history) rename() {
	u := h.one(h.units)
	switch h.between(0, 9) {
	case 0:
		h.submit(admin, "unit.merge", object{"code": u, "into": h.one(h.units)})
	case 1:
		h.submit(admin, "document.redact", object{"id": h.one(h.documents), "reason": "销毁"})
	default:
		h.submit(admin, "unit.rename", object{"code": u, "name": fmt.Sprint("新名", h.keys)})
	}
}

// lagging lets the fold fall behind, or catch up.
func (h *history) lagging() {
	h.lag = !h.lag && h.chance(2)
	h.must(h.Wait(h.Context(), ledger.Position{}))
}

func (h *history) checkpoint() {
	if h.sign() == nil {
		h.done["checkpoint.sign"]++
	}
}
