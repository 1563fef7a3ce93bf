package portal

import "testing"

// A draft whose check a recusal undid is checked anew; what the check or the
// panel did not pass needs another version, whoever was recused since.
func TestWhatFailedNeedsAnotherVersion(t *testing.T) {
	steps := func(list ...string) (out []benchStep) {
		for _, what := range list {
			out = append(out, benchStep{What: what, Version: 1})
		}
		return out
	}
	for _, c := range []struct {
		name  string
		stage string
		steps []benchStep
		want  bool
	}{
		{"drafted", "DRAFT", steps("finding.drafted"), false},
		{"did not pass", "DRAFT", steps("finding.drafted", "finding.checked"), true},
		{"passed", "CHECKED", steps("finding.drafted", "finding.checked"), false},
		{"who checked was recused", "DRAFT", steps("finding.drafted", "finding.checked", "finding.recused"), false},
		{"after the notice", "DRAFT", steps("finding.drafted", "finding.checked", "finding.notified", "finding.replied", "finding.recused"), false},
		{"sent back, and somebody recused", "DRAFT", steps("finding.drafted", "finding.checked", "finding.notified", "finding.sent_back", "finding.recused"), true},
		{"another version of what was sent back", "DRAFT", steps("finding.drafted", "finding.checked", "finding.notified", "finding.sent_back", "finding.recomputed", "finding.recused"), false},
	} {
		f := &benchFinding{Stage: c.stage, Steps: c.steps}
		f.Versions = append(f.Versions, struct{ N, Reply int }{N: 1})
		if got := f.failed(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
