package attribution

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rewrite copies the issuances deeply enough to change them.
func rewrite(c Case) Case {
	c.Issuances = slices.Clone(c.Issuances)
	for i := range c.Issuances {
		c.Issuances[i].Basis = slices.Clone(c.Issuances[i].Basis)
		c.Issuances[i].Lines = slices.Clone(c.Issuances[i].Lines)
	}
	return c
}

// cite makes what a unit based on one issuance rest on another.
func cite(c Case, unit, from, to string) {
	for i := range c.Issuances {
		if in := &c.Issuances[i]; in.Issuer == unit {
			for k := range in.Basis {
				if in.Basis[k] == from {
					in.Basis[k] = to
				}
			}
		}
	}
}

// without leaves a unit's steps out.
func without(r Result, unit string) Result {
	r.Steps = slices.DeleteFunc(slices.Clone(r.Steps), func(s CaseStep) bool { return s.Unit == unit })
	return r
}

func TestPassingOnUnchangedChangesNobodyElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cascade(t)
		i := rapid.IntRange(0, len(c.Issuances)-1).Draw(t, "issuance")
		if len(c.Issuances[i].Lines) == 0 {
			t.Skip()
		}
		k := rapid.IntRange(0, len(c.Issuances[i].Lines)-1).Draw(t, "line")
		before, _ := table(t, c)

		after := rewrite(c)
		line := after.Issuances[i].Lines[k]
		if c.Kind == "divisible" && num(line.Value).IsZero() {
			t.Skip() // of nothing nothing is carried: the steps above become zeros, as they would for anybody who received it
		}
		unit, id := line.To, after.Issuances[i].ID
		cite(after, unit, id, "passed")
		after.Issuances[i].Lines[k].To = "between"
		line.Base = ""
		after.Issuances = append(after.Issuances, CaseIssuance{ID: "passed", Issuer: "between", Basis: []string{id}, Lines: []CaseLine{line}})
		results, _ := table(t, after)
		for p, want := range before {
			at := p
			if p == (Place{id, unit}) {
				at.Issuance = "passed"
				want.Issuance, want.Flags = "passed", results[at].Flags // flags belong to the group that set them
			}
			for _, s := range results[at].Steps {
				if s.Unit == "between" && !s.Amount.IsZero() {
					t.Fatalf("passing on unchanged adds %v\n%s", s.Amount, text(after))
				}
			}
			if got := without(results[at], "between"); text(got) != text(want) {
				t.Fatalf("%v\nbefore %s\n after %s\n%s", p, text(want), text(got), text(after))
			}
		}
	})
}

func TestSplittingADocumentChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cascade(t)
		i := rapid.IntRange(0, len(c.Issuances)-1).Draw(t, "issuance")
		k := rapid.IntRange(0, len(c.Issuances[i].Lines)).Draw(t, "lines that stay")
		before, additions := table(t, c)

		after := rewrite(c)
		in := &after.Issuances[i]
		part := *in
		part.ID, part.Lines = "part", append([]CaseLine{}, in.Lines[k:]...)
		in.Lines, in.Retained = in.Lines[:k], ""
		for _, l := range part.Lines {
			cite(after, l.To, in.ID, "part")
		}
		id := in.ID
		after.Issuances = append(after.Issuances, part)
		results, added := table(t, after)
		for p, want := range before {
			if _, moved := find(part, p.Unit); moved && p.Issuance == id {
				p.Issuance, want.Issuance = "part", "part"
			}
			if got := results[p]; text(got) != text(want) {
				t.Fatalf("%v\nbefore %s\n after %s\n%s", p, text(want), text(got), text(after))
			}
		}
		for id, want := range additions {
			if !added[id].Equal(want) {
				t.Fatalf("%s added %v, now %v\n%s", id, want, added[id], text(after))
			}
		}
		if len(part.Basis) > 0 && len(additions) > 0 && !added["part"].Equal(additions[id]) {
			t.Fatalf("the part adds %v, the whole %v", added["part"], additions[id])
		}
	})
}

func TestOrderOfIssuancesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cascade(t)
		for _, in := range c.Issuances {
			for _, l := range in.Lines {
				c.At = append(c.At, Place{in.ID, l.To})
			}
		}
		want, err := Attribute(c)
		shuffled := c
		shuffled.Issuances = rapid.Permutation(c.Issuances).Draw(t, "order")
		got, err2 := Attribute(shuffled)
		if err != nil || err2 != nil || text(got) != text(want) {
			t.Fatalf("%v %v\nbefore %s\n after %s\n%s", err, err2, text(want), text(got), text(c))
		}
	})
}

// TestSetsOnAChain takes the definition at its word: the owner of an item began its last unbroken run.
func TestSetsOnAChain(t *testing.T) {
	items := []string{"photo", "log", "form"}
	rapid.Check(t, func(t *rapid.T) {
		c := Case{Kind: "set"}
		owner, relief := map[string]string{}, map[string]string{}
		for i := range rapid.IntRange(1, 8).Draw(t, "levels") {
			unit := fmt.Sprint("u", i)
			in := CaseIssuance{ID: fmt.Sprint("i", i), Issuer: unit, Lines: []CaseLine{{To: fmt.Sprint("u", i+1), Items: []string{}}}}
			if i > 0 {
				in.Basis = []string{fmt.Sprint("i", i-1)}
			}
			for _, item := range items {
				asked := rapid.Bool().Draw(t, item)
				switch {
				case asked:
					in.Lines[0].Items = append(in.Lines[0].Items, item)
					delete(relief, item)
					if owner[item] == "" {
						owner[item] = unit
					}
				case owner[item] != "":
					delete(owner, item)
					relief[item] = unit
				}
			}
			c.Issuances = append(c.Issuances, in)
		}
		a, err := Attribute(c)
		if err != nil {
			t.Fatal(err)
		}
		last := a.Results[len(a.Results)-1]
		got := map[string]string{}
		for _, o := range last.Items {
			got[o.Item] = strings.Join(o.Units, "+")
		}
		dropped := map[string]string{}
		for _, f := range last.Reliefs {
			dropped[f.Item] += f.Unit
		}
		if text(got) != text(owner) || text(dropped) != text(relief) {
			t.Fatalf("owners %v, want %v; reliefs %v, want %v", got, owner, dropped, relief)
		}
	})
}

func FuzzAttribute(f *testing.F) {
	for _, text := range raw(f) {
		f.Add([]byte(text))
	}
	for _, seed := range []string{``, `{}`, `null`, `{"kind":"set","issuances":[{"id":"a","issuer":"b","basis":["a"],"lines":[]}]}`,
		`{"kind":"divisible","issuances":[{"id":"a","issuer":"b","lines":[{"to":"c","value":"1/0","base":"-1"}]}],"at":[{"issuance":"z"}]}`,
		`{"kind":"divisible","issuances":null,"at":[]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		c, err := ReadCase(bytes.NewReader(input))
		if err != nil {
			if !errors.Is(err, ErrCase) {
				t.Fatalf("%v", err)
			}
			return
		}
		a, err := Attribute(c)
		if err != nil {
			return
		}
		for _, r := range a.Results {
			if err := addUp(r, c.Kind, c.Harder); err != nil {
				t.Fatalf("%s to %s: %v", r.Issuance, r.Unit, err)
			}
		}
	})
}
