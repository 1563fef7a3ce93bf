package attribution

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"suyuan/services/exact"
)

// to is a line, or several: "town=600/540" has value 600 and base 540 on record.
func to(lines ...string) []CaseLine {
	out := []CaseLine{}
	for _, l := range lines {
		unit, amount, _ := strings.Cut(l, "=")
		value, base, _ := strings.Cut(amount, "|")
		out = append(out, CaseLine{To: unit, Value: value, Base: base})
	}
	return out
}

func issue(id, issuer, basis string, lines ...string) CaseIssuance {
	return CaseIssuance{ID: id, Issuer: issuer, Basis: strings.Fields(basis), Lines: to(lines...)}
}

func divisible(issuances ...CaseIssuance) Case { return Case{Kind: "divisible", Issuances: issuances} }

func (i CaseIssuance) retain(r string) CaseIssuance { i.Retained = r; return i }
func (i CaseIssuance) merged(m string) CaseIssuance { i.Merge = m; return i }

func TestRefusals(t *testing.T) {
	origin := issue("i1", "county", "", "town=100")
	set := func(items ...string) Case {
		return Case{Kind: "set", Issuances: []CaseIssuance{{ID: "i1", Issuer: "a", Lines: []CaseLine{{To: "b", Items: items}}}}}
	}
	intensity := Case{Kind: "intensity", Harder: "lower", Issuances: []CaseIssuance{origin}}
	many := make([]string, MaxLines+1)
	for i := range many {
		many[i] = fmt.Sprintf("v%d=1", i)
	}
	for _, x := range []struct {
		name string
		c    Case
		is   error
		says string
	}{
		{"kind", Case{Kind: "sum", Issuances: []CaseIssuance{origin}}, ErrCase, "kind"},
		{"no direction", Case{Kind: "intensity", Issuances: []CaseIssuance{origin}}, ErrCase, "harder"},
		{"direction", Case{Kind: "intensity", Harder: "less", Issuances: []CaseIssuance{origin}}, ErrCase, "harder"},
		{"empty", divisible(), ErrCase, "0 issuances"},
		{"no id", divisible(issue("", "a", "", "b=1")), ErrCase, "issuances[0]: id is missing"},
		{"long id", divisible(issue(strings.Repeat("i", 201), "a", "", "b=1")), ErrCase, "longer than 200"},
		{"same id", divisible(origin, origin), ErrCase, `issuance "i1" stands twice`},
		{"no issuer", divisible(issue("i1", " ", "", "b=1")), ErrCase, `issuance "i1": issuer is missing`},
		{"unknown basis", divisible(origin, issue("i2", "town", "i9", "v=1")), ErrCase, `issuance "i2": basis "i9" is not among`},
		{"basis twice", divisible(origin, issue("i2", "town", "i1 i1", "v=1")), ErrCase, `issuance "i2" names basis "i1" twice`},
		{"merge", divisible(origin.merged("max")), ErrCase, `issuance "i1": merge is "max"`},
		{"union of amounts", divisible(origin.merged("union")), ErrMerge, `issuance "i1"`},
		{"no lines", divisible(CaseIssuance{ID: "i1", Issuer: "a"}), ErrCase, `issuance "i1" has 0 lines`},
		{"too many lines", divisible(issue("i1", "a", "", many...)), ErrCase, `issuance "i1" has 2001 lines`},
		{"to nobody", divisible(issue("i1", "a", "", "=1")), ErrCase, `issuance "i1", lines[0]: to is missing`},
		{"two lines to one unit", divisible(issue("i1", "a", "", "b=1", "b=2")), ErrCase, `issuance "i1" has two lines to "b"`},
		{"a line to itself", divisible(issue("i1", "a", "", "a=1")), ErrCase, `issuance "i1" has a line to its own issuer`},
		{"no value", divisible(issue("i1", "a", "", "b=")), ErrCase, `issuance "i1", line to "b": value is missing`},
		{"negative value", divisible(issue("i1", "a", "", "b=-1")), ErrCase, "cannot be below 0"},
		{"negative base", divisible(issue("i1", "a", "", "b=1|-1")), ErrCase, "base is -1"},
		{"negative retained", divisible(origin.retain("-1")), ErrCase, `issuance "i1": retained is -1`},
		{"no number", divisible(issue("i1", "a", "", "b=1e3")), exact.ErrNotNumber, `issuance "i1", line to "b": value "1e3"`},
		{"too precise", divisible(issue("i1", "a", "", "b=0.1234567")), exact.ErrTooPrecise, `line to "b"`},
		{"long number", divisible(issue("i1", "a", "", "b="+strings.Repeat("9", 65))), ErrCase, "longer than 64"},
		{"keeps more than it got", divisible(origin, issue("i2", "town", "i1", "v=1").retain("100.5")), ErrCase, `issuance "i2": its issuer retains 100.5 but received 100`},
		{"keeps more together", divisible(origin, issue("i2", "town", "i1", "v=1").retain("60"), issue("i3", "town", "i1", "w=1").retain("41")), ErrCase, "retains 101 but received 100"},
		{"overlapping bases", divisible(origin, issue("x", "bureau", "", "town=1"), issue("i2", "town", "i1", "v=1"), issue("i3", "town", "i1 x", "w=1")), ErrCase, `issuance "i3" shares basis "i1" with issuance "i2"`},
		{"two merges of one group", divisible(origin, issue("i2", "town", "i1", "v=1"), issue("i3", "town", "i1", "w=1").merged("strictest")), ErrCase, `issuance "i3" merges`},
		{"its own basis", divisible(issue("i1", "a", "i1", "b=1")), ErrCycle, `issuance "i1"`},
		{"a cycle", divisible(issue("low", "z", "i2", "q=1"), issue("i1", "a", "i2", "b=1"), issue("i2", "b", "i1", "a=1")), ErrCycle, `issuance "i`},
		{"base of an intensity", Case{Kind: "intensity", Harder: "lower", Issuances: []CaseIssuance{issue("i1", "a", "", "b=1|1")}}, ErrCase, "base goes with"},
		{"retained of an intensity", Case{Kind: "intensity", Harder: "lower", Issuances: []CaseIssuance{origin.retain("1")}}, ErrCase, "retained"},
		{"items of an amount", divisible(CaseIssuance{ID: "i1", Issuer: "a", Lines: []CaseLine{{To: "b", Value: "1", Items: []string{"x"}}}}), ErrCase, "items go with"},
		{"value of a set", Case{Kind: "set", Issuances: []CaseIssuance{origin}}, ErrCase, "give items"},
		{"item twice", set("x", "x"), ErrCase, `item "x" stands twice`},
		{"item without a name", set("x", ""), ErrCase, "items[1] is missing"},
		{"no such line", Case{Kind: "divisible", Issuances: []CaseIssuance{origin}, At: []Place{{"i1", "village"}}}, ErrNoLine, `issuance "i1", line to "village"`},
		{"no line to the issuer", Case{Kind: "divisible", Issuances: []CaseIssuance{origin}, At: []Place{{"i1", "county"}}}, ErrNoLine, `line to "county"`},
	} {
		if a, err := Attribute(x.c); !errors.Is(err, x.is) || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, %v; want %v with %q", x.name, a, err, x.is, x.says)
		}
	}
	for _, merge := range []string{"sum", "strictest"} {
		c := set("x")
		c.Issuances[0].Merge = merge
		if _, err := Attribute(c); !errors.Is(err, ErrMerge) {
			t.Errorf("%s of sets: %v", merge, err)
		}
	}
	if _, err := Attribute(intensity); err != nil {
		t.Error(err)
	}
}

func TestRepeatedDiamondsEnd(t *testing.T) {
	c := divisible(issue("m0", "u0", "", "a0=1", "b0=1"))
	for i := range 30 {
		c.Issuances = append(c.Issuances,
			issue(fmt.Sprint("a", i), fmt.Sprint("a", i), fmt.Sprint("m", i), fmt.Sprint("u", i+1, "=1")),
			issue(fmt.Sprint("b", i), fmt.Sprint("b", i), fmt.Sprint("m", i), fmt.Sprint("u", i+1, "=1")),
			issue(fmt.Sprint("m", i+1), fmt.Sprint("u", i+1), fmt.Sprint("a", i, " b", i), fmt.Sprint("a", i+1, "=1"), fmt.Sprint("b", i+1, "=1")))
	}
	if _, err := Attribute(c); !errors.Is(err, ErrTooDeep) {
		t.Errorf("divisible: %v", err)
	}
	c.Kind, c.Harder = "intensity", "higher"
	if _, err := Attribute(c); err != nil { // the strictest governs alone
		t.Errorf("intensity: %v", err)
	}
	for i := range c.Issuances {
		for k := range c.Issuances[i].Lines {
			c.Issuances[i].Lines[k] = CaseLine{To: c.Issuances[i].Lines[k].To, Items: []string{"x"}}
		}
	}
	c.Kind = "set"
	if _, err := Attribute(c); !errors.Is(err, ErrTooDeep) {
		t.Errorf("set: %v", err)
	}
}

func TestChainLength(t *testing.T) {
	chain := func(n int) Case {
		c := divisible()
		for i := range n {
			basis := ""
			if i > 0 {
				basis = fmt.Sprint("i", i-1)
			}
			c.Issuances = append(c.Issuances, issue(fmt.Sprint("i", i), fmt.Sprint("u", i), basis, fmt.Sprint("u", i+1, "=", 1000+i*37%11, ".000001"), fmt.Sprint("v", i, "=7.5")))
		}
		return c
	}
	if _, err := Attribute(chain(MaxDepth)); err != nil {
		t.Error(err)
	}
	if _, err := Attribute(chain(MaxDepth + 1)); !errors.Is(err, ErrTooDeep) {
		t.Error(err)
	}
}

// loop is a Book nobody checked.
type loop struct{}

func (loop) Issuer(i int32) int32           { return i }
func (loop) Basis(i int32) []int32          { return []int32{1 - i} }
func (loop) Merge(int32) Merge              { return MergeDefault }
func (loop) Totals(int32) Totals            { return Totals{} }
func (loop) Line(int32, int32) (Line, bool) { return Line{Value: exact.FromInt(1)}, true }
func (loop) Items(int32, int32) []int32     { return []int32{1} }

func TestUncheckedCycle(t *testing.T) {
	for _, kind := range []Kind{Divisible, Intensity, Set} {
		if trace, err := TraceLine(loop{}, kind, HarderLower, 0, 1); !errors.Is(err, ErrCycle) || trace.Steps != nil {
			t.Errorf("kind %d: %v, %v", kind, trace, err)
		}
	}
	for _, kind := range []Kind{0, Intensity, 9} {
		if _, err := TraceLine(loop{}, kind, 0, 0, 1); !errors.Is(err, ErrKind) {
			t.Errorf("kind %d without direction: %v", kind, err)
		}
	}
}
