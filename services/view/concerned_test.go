package view

import (
	"slices"
	"testing"
)

// A reviewer of any unit on the chain, of the task's origin or its lead is one
// of a unit concerned.
func TestConcerned(t *testing.T) {
	p := newPenalised(t, nil)
	r := p.rows()
	got := facts{r}.Concerned(p.id)
	for _, code := range []string{county, town, village} {
		if !slices.Contains(got, code) {
			t.Errorf("%s is not among %v", code, got)
		}
	}
	if got := (facts{r}).Concerned("nothing"); got != nil {
		t.Errorf("of no outcome: %v", got)
	}
}
