package liability

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

type cases struct {
	About      string            `json:"about"`
	Parameters Parameters        `json:"parameters"`
	Cases      []json.RawMessage `json:"cases"`
}

func worked(t testing.TB) (cases, []Case) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "test", "cases", "jra1-cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file cases
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	var all []Case
	for _, raw := range file.Cases {
		c, err := ReadCase(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		all = append(all, c)
	}
	if len(all) < 35 {
		t.Fatalf("%d cases; there are at least 35", len(all))
	}
	return file, all
}

// The worked examples, to the letter.
func TestCases(t *testing.T) {
	file, all := worked(t)
	written, _ := json.Marshal(file.Parameters)
	proposed, _ := json.Marshal(Proposed())
	if !bytes.Equal(written, proposed) {
		t.Errorf("the file's parameters are %s, the proposed ones %s", written, proposed)
	}
	for _, c := range all {
		r, err := Divide(c, file.Parameters)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		got, err := json.Marshal(r.Answer())
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := json.Compact(&want, c.Expect); err != nil {
			t.Fatal(err)
		}
		if want.String() != string(got) {
			t.Errorf("%s:\n got %s\nwant %s", c.Name, got, want.String())
		}
	}
}

// Every point of every share can be found again in the explanation: the lines
// that charge a unit add up to its mass.
func TestLinesAddUp(t *testing.T) {
	file, all := worked(t)
	for _, c := range all {
		r, err := Divide(c, file.Parameters)
		if err != nil {
			t.Fatal(err)
		}
		sum := newDivision(c, file.Parameters).mass
		d := newDivision(c, file.Parameters)
		for _, l := range r.Lines {
			if charges(l.Clause) {
				at := d.place(l.Unit)
				if at < 0 {
					at = d.nobody()
				}
				sum[at] = sum[at].Add(l.Amount)
			}
		}
		for _, s := range r.Shares {
			at := d.place(s.Unit)
			if at < 0 {
				at = d.nobody()
			}
			if !sum[at].Equal(s.Mass) {
				t.Errorf("%s: the lines of %s add up to %s, its mass is %s", c.Name, s.Unit, sum[at], s.Mass)
			}
		}
	}
}

func charges(c Clause) bool {
	switch c {
	case ClauseLayer, ClauseShortfall, ClauseAdditions, ClauseInfeasible, ClauseExecution:
		return false
	}
	return true
}
