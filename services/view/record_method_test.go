package view

import (
	"testing"

	"suyuan/services/finding"
	"suyuan/services/liability"
	"suyuan/services/outcome/evidence"
)

// A finding of a time whose rules refused what these divide does not hold
// against them, and nobody is told that something was altered; of a case that
// no rule has changed, it is what it always was.
func TestAFindingByOlderRules(t *testing.T) {
	p := newPenalised(t, nil)
	other := newPenalised(t, func(p *penalised) {
		for i, illegal := range []bool{true, false} {
			id := []string{"o1", "o2"}[i]
			p.object(id, village, "on", object{"ground": "unresourced"})
			p.do(clerk(town), "assignment.decide_objection", object{"issuance": "on", "unit": village, "id": id, "decision": "insisted", "reason": "照办", "clearlyIllegal": illegal})
		}
	})
	for _, x := range []*penalised{p, other} {
		x.do(reviewer, "finding.draft", object{"outcome": x.id, "round": 1})
	}
	stored := func(p *penalised) *finding.Version {
		f, ok := p.rows().dossier.Finding(p.id + "-1")
		if !ok {
			t.Fatalf("no finding on %s", p.id)
		}
		return &f.State.Versions[len(f.State.Versions)-1]
	}
	again := func(p *penalised) Recomputed {
		x, err := p.rows().Recompute(p.id + "-1")
		if err != nil {
			t.Fatalf("%v", err)
		}
		return x
	}
	plain, twice := stored(p), stored(other)
	if plain.Method != 1 || twice.Method != 2 || twice.Refused != "" || !again(p).Same() || !again(other).Same() {
		t.Fatalf("%+v, %+v", plain, twice)
	}
	was := *twice
	nobody := []finding.Share{{Unit: liability.Unattributed, Points: finding.Whole}}
	for _, c := range []struct {
		name        string
		method      int
		refused     string
		other, same bool
	}{
		{"refused by the first rules", 1, "evidence.no_chain", true, false},
		{"divided by the first rules", 1, "", true, false},
		{"divided by these", 2, "", false, true},
		{"refused by these", 2, "evidence.no_chain", false, false},
		{"divided by rules to come", evidence.Method + 1, "", true, false},
	} {
		*twice = was
		if twice.Method = c.method; c.refused != "" {
			twice.Refused, twice.Hash, twice.Shares, twice.Computed = c.refused, "", nobody, nobody
		}
		if x := again(other); x.OtherMethod() != c.other || x.Same() != c.same {
			t.Errorf("%s: by another method %v, the same %v", c.name, x.OtherMethod(), x.Same())
		}
	}
	*twice = was
	plain.Method = 2
	if x := again(p); x.OtherMethod() || x.Same() {
		t.Error("a case that no rule changed is said to rest on the second")
	}
}
