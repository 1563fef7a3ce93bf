package view

import (
	"fmt"
	"testing"

	"suyuan/services/exact"
	"suyuan/services/liability"
	"suyuan/services/outcome"
)

// Every outcome of a territory is divided once, in the order in which it was
// recorded, under what its finding is under and under the other parameters;
// what cannot be divided says so, and what goes on as another is left out.
func TestWhatIf(t *testing.T) {
	p := newPenalised(t, nil)
	var ids []string
	for i := range 5 {
		again := p.penalty()
		at := p.occurred.AddDate(0, 0, -1-i)
		if again["occurredAt"] = at; i == 3 {
			again["occurredAt"] = start.AddDate(0, 0, -30) // before anything was asked
			at = start.AddDate(0, 0, -30)
		}
		p.do(investigator, "outcome.penalise", again)
		ids = append(ids, outcome.ID("task", "task/area", village, at))
	}
	p.do(investigator, "outcome.join", object{"id": ids[4], "into": ids[0], "reason": "重复"})
	p.do(reviewer, "finding.draft", object{"outcome": p.id, "round": 1})
	head := p.log.Head()
	ask := func(within string, other liability.Parameters) (told []string) {
		t.Helper()
		p.must(p.rows().WhatIf(within, other, func(x Reckoned) bool {
			told = append(told, fmt.Sprint(x.Outcome == p.id, x.Finding != "", x.Err != nil, x.Moved))
			return true
		}))
		return told
	}
	if got := fmt.Sprint(ask(county, liability.Proposed())); got != "[true true false 0 false false false 0 false false false 0 false false false 0 false false true 0]" {
		t.Errorf("under the same: %s", got)
	}
	other := liability.Proposed()
	other.SilentPassThrough, _ = exact.NewRat(3, 10)
	// of the 10 that nobody could do, in a gap of 35, the silent village bears 3 instead of 1
	if got := fmt.Sprint(ask("99", other)); got != "[true true false 572 false false false 572 false false false 572 false false false 572 false false true 0]" {
		t.Errorf("under others: %s", got)
	}
	if got := ask(bureau, other); len(got) != 0 {
		t.Errorf("elsewhere: %v", got)
	}
	n := 0
	p.must(p.rows().WhatIf("99", other, func(Reckoned) bool { n++; return n < 2 }))
	if n != 2 || p.log.Head() != head {
		t.Errorf("%d were told; the log ends with %v", n, p.log.Head())
	}
	other.Inducement = exact.FromInt(2)
	for within, q := range map[string]liability.Parameters{"99": other, "77": liability.Proposed()} {
		if err := p.rows().WhatIf(within, q, func(Reckoned) bool { return true }); err == nil {
			t.Errorf("%s, θ = %s: no error", within, q.Inducement)
		}
	}
}
