package attribution

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"suyuan/services/exact"

	"pgregory.net/rapid"
)

// cascade draws a case that is right: trees and joining branches, cuts, bases on record, parts retained, several
// documents of one issuer on the same bases, units that stand twice on a chain.
func cascade(t *rapid.T) Case {
	c := Case{Kind: rapid.SampledFrom([]string{"divisible", "divisible", "intensity", "set"}).Draw(t, "kind")}
	if c.Kind == "intensity" {
		c.Harder = rapid.SampledFrom([]string{"lower", "higher"}).Draw(t, "harder")
	}
	left := map[string]exact.Rat{} // of a group: what it may still retain
	for i := range rapid.IntRange(1, 9).Draw(t, "issuances") {
		in := CaseIssuance{ID: fmt.Sprint("i", i), Issuer: fmt.Sprint("u", rapid.IntRange(0, 5).Draw(t, "issuer"))}
		chooseBasis(t, c, &in)
		for _, u := range rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 0, 4, rapid.ID[int]).Draw(t, "to") {
			if unit := fmt.Sprint("u", u); unit != in.Issuer {
				in.Lines = append(in.Lines, drawLine(t, c.Kind, unit))
			}
		}
		if in.Lines == nil {
			in.Lines = []CaseLine{}
		}
		if c.Kind == "divisible" && len(in.Basis) > 0 {
			key := groupKey(in)
			if _, seen := left[key]; !seen {
				left[key] = oracleReceived(c, in)
			}
			part, _ := exact.NewRat(rapid.SampledFrom([]int64{0, 0, 1, 3, 7}).Draw(t, "retained"), 7)
			kept := left[key].Mul(part)
			left[key] = left[key].Sub(kept)
			if len(kept.String()) <= maxNumber {
				in.Retained = kept.String()
			}
		}
		c.Issuances = append(c.Issuances, in)
	}
	return c
}

func groupKey(in CaseIssuance) string {
	return fmt.Sprint(in.Issuer, slices.Sorted(slices.Values(in.Basis)))
}

// chooseBasis takes the same bases as an earlier document of the issuer, or some it has not used yet.
func chooseBasis(t *rapid.T, c Case, in *CaseIssuance) {
	used := map[string]bool{}
	for _, e := range c.Issuances {
		if e.Issuer != in.Issuer {
			continue
		}
		if rapid.Bool().Draw(t, "same bases") {
			in.Basis, in.Merge = slices.Clone(e.Basis), e.Merge
			return
		}
		for _, b := range e.Basis {
			used[b] = true
		}
	}
	for _, e := range c.Issuances {
		if _, ok := find(e, in.Issuer); ok && !used[e.ID] && rapid.IntRange(0, 3).Draw(t, "basis") > 0 {
			in.Basis = append(in.Basis, e.ID)
		}
	}
	in.Basis = rapid.Permutation(in.Basis).Draw(t, "order")
	if c.Kind != "set" {
		in.Merge = rapid.SampledFrom([]string{"", "", "sum", "strictest"}).Draw(t, "merge")
	}
}

func drawLine(t *rapid.T, kind, unit string) CaseLine {
	l := CaseLine{To: unit}
	number := rapid.SampledFrom([]string{"0", "1", "2", "3", "5", "8.5", "13", "40", "99.000001", "100", "30/7", "600"})
	switch {
	case kind == "set":
		l.Items = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"photo", "log", "form", "app"}), rapid.ID[string]).Draw(t, "items")
		return l
	case kind == "divisible" && rapid.IntRange(0, 3).Draw(t, "on record") == 0:
		l.Base = number.Draw(t, "base")
	}
	l.Value = number.Draw(t, "value")
	return l
}

func find(in CaseIssuance, unit string) (CaseLine, bool) {
	for _, l := range in.Lines {
		if l.To == unit {
			return l, true
		}
	}
	return CaseLine{}, false
}

// table answers for every line, as text, so that exactly what is published is compared.
func table(t *rapid.T, c Case) (map[Place]Result, map[string]exact.Rat) {
	a, err := Attribute(c)
	if err != nil {
		t.Fatalf("%v\n%s", err, text(c))
	}
	byPlace := map[Place]Result{}
	for _, r := range a.Results {
		byPlace[Place{r.Issuance, r.Unit}] = r
	}
	return byPlace, a.NodeAdditions
}

func text(v any) string {
	b, err := json.Marshal(v)
	return fmt.Sprintf("%s%s", b, map[bool]string{true: "", false: fmt.Sprint(err)}[err == nil])
}

func total(steps []CaseStep) (sum exact.Rat) {
	for _, s := range steps {
		sum = sum.Add(s.Amount)
	}
	return sum
}

// addUp is what is true of every result.
func addUp(r Result, kind, harder string) error {
	switch kind {
	case "divisible":
		if !total(r.Steps).Equal(*r.Value) || !total(r.Layers).Equal(*r.Value) {
			return fmt.Errorf("steps come to %v, layers to %v, not %v", total(r.Steps), total(r.Layers), r.Value)
		}
		for _, l := range r.Layers {
			if l.Amount.Sign() <= 0 {
				return fmt.Errorf("a layer of %v", l.Amount)
			}
		}
	case "intensity":
		sum := total(r.Steps)
		if harder == "lower" {
			sum = sum.Neg()
		}
		if !r.Reference.Value.Add(sum).Equal(*r.Value) {
			return fmt.Errorf("from %v by %v is not %v", r.Reference.Value, sum, r.Value)
		}
	case "set":
		asked := map[string]bool{}
		for _, o := range r.Items {
			asked[o.Item] = true
			if len(o.Units) == 0 {
				return fmt.Errorf("nobody owns %s", o.Item)
			}
		}
		for _, f := range r.Reliefs {
			if asked[f.Item] {
				return fmt.Errorf("relief of %s, which is asked", f.Item)
			}
		}
	}
	return nil
}

func TestEverythingAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cascade(t)
		results, _ := table(t, c)
		for p, r := range results {
			if err := addUp(r, c.Kind, c.Harder); err != nil {
				t.Fatalf("%v: %v\n%s", p, err, text(c))
			}
		}
	})
}
