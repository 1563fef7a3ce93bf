package intake_test

import (
	"encoding/json"
	"strings"
	"testing"

	"suyuan/services/intake"
	"suyuan/services/intake/envelope"
)

// Every box is PollSize bytes and JSON still; of one with too much the newest
// is kept.
func TestPadded(t *testing.T) {
	message := intake.Message{What: "complaint.asked", Day: "2022-08-09", Sealed: make([]byte, envelope.MaxMessage*3)}
	for name, box := range map[string]intake.Box{
		"none":          {},
		"long history":  {Known: true, History: steps(1000, "")},
		"long reasons":  {Known: true, History: steps(20, strings.Repeat("理", 4000))},
		"many changes":  {Known: true, Changed: make([]intake.Change, 5000)},
		"all of it":     {Known: true, History: steps(300, strings.Repeat("理", 100)), Messages: []intake.Message{message, message, message, message, message, message, message, message}},
		"edge, history": {Known: true, History: steps(25, strings.Repeat("a", 2500))},
	} {
		out, err := box.Padded()
		if err != nil || len(out) != intake.PollSize {
			t.Errorf("%s: %d bytes, %v", name, len(out), err)
			continue
		}
		var back intake.Box
		if err := json.Unmarshal(out, &back); err != nil || back.Known != box.Known {
			t.Errorf("%s: %+v, %v", name, back, err)
		}
		if n := len(box.History); n > 0 && (len(back.History) == 0 || back.History[len(back.History)-1] != box.History[n-1]) {
			t.Errorf("%s: the newest step is gone", name)
		}
	}
}

func steps(n int, text string) []intake.Step {
	out := make([]intake.Step, n)
	for i := range out {
		out[i] = intake.Step{What: "complaint.redone", Day: "2022-08-09", Text: text}
	}
	out[n-1].What = "complaint.closed"
	return out
}
