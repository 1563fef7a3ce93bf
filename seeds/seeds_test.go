package seeds

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// Every published case the demonstration promises is there, says what it
// assumes, and says it on its mandate too.
func TestAll(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	var cases []string
	keys := map[string]bool{}
	for _, s := range all[1:] {
		cases = append(cases, s.Case)
		if s.ID != strings.ToLower(s.Case) || len(s.Assumed) == 0 || len(s.Expect) == 0 {
			t.Errorf("%s: case %s, %d assumptions, %d expectations", s.ID, s.Case, len(s.Assumed), len(s.Expect))
		}
		for _, p := range s.Steps {
			if keys[p.key] {
				t.Errorf("key %s twice", p.key)
			}
			keys[p.key] = true
			var with struct{ Assumed []string }
			if p.Do == "mandate.issue" && (json.Unmarshal(p.With, &with) != nil || len(with.Assumed) == 0) {
				t.Errorf("%s: the mandate does not say what is assumed", s.ID)
			}
		}
	}
	if want := []string{"S4-18", "S4-20", "S4-21", "S4-23", "S0-10", "S0-4", "S2-4", "S2-18"}; !slices.Equal(cases, want) {
		t.Errorf("cases %v", cases)
	}
	if all[0].ID != "base" || all[0].Case != "" {
		t.Errorf("the division comes first, not %s", all[0].ID)
	}
}
