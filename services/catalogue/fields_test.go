package catalogue

import (
	"encoding/json"
	"slices"
	"testing"
)

// Every command says what it is for and which fields it takes; embedded parts
// stand beside the rest, as the decoder reads them.
func TestDescribed(t *testing.T) {
	byName := map[string]Command{}
	for _, c := range Described() {
		if c.About == "" || len(c.Fields) == 0 {
			t.Errorf("%s is not described", c.Name)
		}
		byName[c.Name] = c
	}
	names := func(list []Field) []string {
		var out []string
		for _, f := range list {
			out = append(out, f.Name+" "+f.Type)
		}
		return out
	}
	got := names(byName["assignment.acknowledge"].Fields)
	if want := []string{"issuance string", "unit string", "at time", "text string"}; !slices.Equal(got, want) {
		t.Errorf("assignment.acknowledge takes %v, want %v", got, want)
	}
	lines := byName["issuance.make"].Fields[slices.IndexFunc(byName["issuance.make"].Fields, func(f Field) bool { return f.Name == "lines" })]
	if lines.Type != "object[]" || !slices.Contains(names(lines.Fields), "amounts object[]") {
		text, _ := json.Marshal(lines)
		t.Errorf("issuance.make's lines are %s", text)
	}
}
