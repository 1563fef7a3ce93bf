package seeds

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// Every published case the demonstration promises is there, says what it
// assumes, and says it on its mandates and outcomes too.
func TestAll(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	var cases []string
	keys := map[string]bool{}
	for _, s := range all[1:] {
		cases = append(cases, s.ID)
		if !strings.HasPrefix(s.ID, strings.ToLower(s.Case)) || len(s.Assumed) == 0 || len(s.Expect) == 0 {
			t.Errorf("%s: case %s, %d assumptions, %d expectations", s.ID, s.Case, len(s.Assumed), len(s.Expect))
		}
		for _, p := range s.Steps {
			if keys[p.key] {
				t.Errorf("key %s twice", p.key)
			}
			keys[p.key] = true
			var with struct{ Assumed []string }
			if (p.Do == "mandate.issue" || p.Do == "outcome.penalise") && (json.Unmarshal(p.With, &with) != nil || len(with.Assumed) == 0) {
				t.Errorf("%s: %s does not say what is assumed", s.ID, p.Do)
			}
		}
	}
	if want := []string{"s4-18", "s4-20", "s4-21", "s4-23", "s0-10", "s0-4", "s2-4", "s2-18", "s2-4-silent", "s2-19", "s4-7", "s1-5", "s1-8", "cleared", "waits", "underway"}; !slices.Equal(cases, want) {
		t.Errorf("cases %v", cases)
	}
	if all[0].ID != "base" || all[0].Case != "" {
		t.Errorf("the division comes first, not %s", all[0].ID)
	}
}
