package view

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"suyuan/services/outcome"
)

// What is gathered around an outcome as known at an ordinal is what a fold up
// to it gathers, whatever came after: the other parts of the record, whenever
// the outcome occurred, with and without its issuance named.
func TestRecordEqualsPrefix(t *testing.T) {
	gathered := map[string]int{}
	histories(t, func(h *history) {
		h.submit(admin, "policy.adopt", object{"name": "terms", "title": "期限", "document": h.documents[0], "values": object{
			"objectionDays": "10", "noticeDays": "10", "extensionDays": "5", "mirrorDays": "10", "appealDays": "30", "appealDecisionDays": "30"}})
		for range 15 {
			among(h, []func(){h.report, h.report, h.report, h.act, h.object, h.decide, h.deliver, h.capacity})()
		}
		all := h.records()
		for range 2 {
			k := rapid.IntRange(min(10, len(all)), len(all)).Draw(h.T, "ordinal")
			then := h.folded(all[:k])
			for _, o := range h.outcomes(then) {
				var past, whole string
				then.Read(func(r *Rows) { past = recordText(r, o, uint64(k), gathered) })
				h.view.Read(func(r *Rows) { whole = recordText(r, o, uint64(k), nil) })
				if past != whole {
					h.Fatalf("%+v as of %d:\nthen  %s\nwhole %s", *o.Penalised, k, past, whole)
				}
			}
		}
	})
	for _, part := range []string{"steps", "layers", "approved", "linear", "not linear", "objections", "decided", "due", "verified", "reported", "capacities", "duties", "class", "acts", "acks", "stops",
		"falsifications", "given", "constraints", "infeasible", "delivered", "acknowledged", "reference", "provisional", "demands", "split", "refused"} {
		if gathered[part] == 0 {
			t.Errorf("no record has %s", part)
		}
	}
	t.Log(gathered)
}

// outcomes are some that could be recorded of what a view knows.
func (h *history) outcomes(v *View) (list []outcome.State) {
	v.Read(func(r *Rows) {
		for i := range r.lines {
			l := r.lines[i]
			version := r.versions[l.version]
			if version.count == 0 {
				continue
			}
			a := r.amounts[version.first+int32(i)%version.count]
			m := &r.measures[a.measure]
			// about when the line was made or any event after it, a little later or sooner
			made := r.issuances[l.issuance].made
			at := time.UnixMilli(r.events[int(made)-1+(i*7)%(len(r.events)-int(made)+1)].recorded + int64(i%3-1))
			p := outcome.Penalised{ID: fmt.Sprint("o", i), Kind: outcome.Quantity, Mandate: r.mandates[m.mandate].id, Measure: m.id, Unit: r.code(l.to), OccurredAt: at}
			switch i % 4 {
			case 0:
				p.Kind, p.Measure = outcome.Contradiction, ""
			case 1:
				p.Issuance = r.issuances[l.issuance].id
			case 2:
				p.Kind = outcome.Competing
				for _, g := range h.issuances {
					p.Competing = append(p.Competing, g.id)
				}
			}
			if m.def.Kind != "set" || p.Measure == "" {
				list = append(list, outcome.State{Penalised: &p})
			}
		}
	})
	return list
}

// recordText is a record as text; seen counts what parts it has.
func recordText(r *Rows, o outcome.State, known uint64, seen map[string]int) string {
	g := r.gathering(o, known)
	err := g.all()
	if seen != nil {
		for part, there := range map[string]bool{
			"steps": len(g.out.Steps) > 1, "layers": len(g.out.Layers) > 1, "linear": g.out.Linear, "not linear": len(g.out.Steps) > 0 && !g.out.Linear, "objections": len(g.out.Objections) > 0,
			"verified": len(g.out.Verified) > 0, "reported": len(g.out.Reported) > 0, "capacities": len(g.out.Capacities) > 0, "duties": len(g.out.Duties) > 0, "acts": len(g.out.Acts) > 0,
			"acks": len(g.out.Acks) > 0, "stops": len(g.out.Stops) > 0, "falsifications": len(g.out.Falsifications) > 0, "given": len(g.out.Given) > 0, "constraints": len(g.out.Constraints) > 0,
			"infeasible": g.out.Infeasible, "delivered": g.out.Delivered != nil, "acknowledged": g.out.Acknowledged != nil, "reference": g.out.Reference != nil, "provisional": g.out.Provisional,
			"demands": len(g.out.Demands) > 1, "split": g.out.Split != nil, "refused": err != nil,
		} {
			if there {
				seen[part]++
			}
		}
		for _, s := range append(slices.Clone(g.out.Steps), g.out.Layers...) {
			if s.Approved.Sign() > 0 {
				seen["approved"]++
			}
		}
		for _, o := range g.out.Objections {
			if o.Decided != nil {
				seen["decided"]++
			}
			if o.Due != nil {
				seen["due"]++
			}
		}
		for _, d := range g.out.Duties {
			if d.Class != "" {
				seen["class"]++
			}
		}
	}
	if err != nil {
		return fmt.Sprint(err, string(asText(g.out)))
	}
	return string(asText(g.out))
}
