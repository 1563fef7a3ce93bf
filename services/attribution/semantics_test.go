package attribution

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suyuan/services/exact"
)

// face writes a result on one line.
func face(r Result) string {
	var b strings.Builder
	if r.Reference != nil {
		fmt.Fprintf(&b, "from %s=%v: ", r.Reference.Unit, r.Reference.Value)
	}
	for _, s := range r.Steps {
		fmt.Fprintf(&b, "%s=%v ", s.Unit, s.Amount)
	}
	if r.Layers != nil {
		b.WriteString("| ")
		for _, s := range r.Layers {
			fmt.Fprintf(&b, "%s=%v ", s.Unit, s.Amount)
		}
	}
	for _, o := range r.Items {
		fmt.Fprintf(&b, "%s:%s ", o.Item, strings.Join(o.Units, "+"))
	}
	for _, f := range r.Reliefs {
		fmt.Fprintf(&b, "-%s:%s ", f.Item, f.Unit)
	}
	b.WriteString(strings.Join(r.Flags, " "))
	return strings.TrimSpace(b.String())
}

func intensity(harder string, issuances ...CaseIssuance) Case {
	return Case{Kind: "intensity", Harder: harder, Issuances: issuances}
}

// sets reads a value as items: "b=photo+log".
func sets(issuances ...CaseIssuance) Case {
	for i := range issuances {
		for k := range issuances[i].Lines {
			l := &issuances[i].Lines[k]
			l.Items = strings.FieldsFunc(l.Value, func(r rune) bool { return r == '+' })
			l.Items, l.Value = append([]string{}, l.Items...), ""
		}
	}
	return Case{Kind: "set", Issuances: issuances}
}

func TestSettledReadings(t *testing.T) {
	a, b := issue("a", "bureau-a", "", "county=60"), issue("b", "bureau-b", "", "county=100")
	for _, x := range []struct {
		name string
		c    Case
		want string // of the last line of the last issuance
	}{
		{"a basis without a line to the issuer brings nothing", divisible(a, issue("b", "bureau-b", "", "city=100"), issue("m", "county", "a b", "town=66")),
			"bureau-a=60 county=6 | bureau-a=60 county=6"},
		{"the largest basis governs alone", divisible(a, b, issue("m", "county", "a b", "town=110").merged("strictest")),
			"bureau-b=100 county=10 | bureau-b=100 county=10"},
		{"of equal bases the first", divisible(issue("a", "bureau-a", "", "county=100"), b, issue("m", "county", "b a", "town=90").merged("strictest")),
			"bureau-b=100 county=-10 | bureau-b=90"},
		{"bases of nothing on record come to nothing", divisible(a, issue("m", "county", "a", "town=70|0")), "bureau-a=0 county=70 | county=70 BASE_MISMATCH"},
		{"values of nothing share nothing", divisible(a, issue("m", "county", "a", "town=0")), "bureau-a=0 county=0 |"},
		{"a base is scaled up too", divisible(a, issue("m", "county", "a", "town=70|30")), "bureau-a=60 county=10 | bureau-a=60 county=10 BASE_MISMATCH"},
		{"an origin cannot record a base", divisible(issue("a", "bureau-a", "", "county=60|50")), "bureau-a=60 | bureau-a=60 BASE_MISMATCH"},
		{"an origin's own document is its own", divisible(issue("a", "bureau-a", "", "county=60")), "bureau-a=60 | bureau-a=60"},
		{"all kept", divisible(a, issue("m", "county", "a", "town=5").retain("60")), "bureau-a=0 county=5 | county=5"},
		{"of nothing received nothing is carried", divisible(a, issue("m", "county", "a", "town=0"), issue("n", "town", "m", "v=5")), "bureau-a=0 county=0 town=5 | town=5"},
		{"not even what was cut to nothing", divisible(a, issue("m", "county", "a", "town=0|60"), issue("n", "town", "m", "v=0")), "bureau-a=0 county=0 town=0 |"},
		{"a unit that stands twice keeps two steps", divisible(issue("a", "x", "", "y=10"), issue("b", "y", "a", "z=12"), issue("c", "z", "b", "x=15"), issue("d", "x", "c", "w=19")),
			"x=10 y=2 z=3 x=4 | x=10 y=2 z=3 x=4"},
		{"a cut through two merges", divisible(issue("a", "a", "", "m=30"), issue("b", "b", "", "m=10"), issue("c", "c", "", "n=20"),
			issue("m", "m", "a b", "n=40"), issue("n", "n", "m c", "t=60"), issue("t", "t", "n", "v=30")),
			"a=30 b=10 m=0 c=20 n=0 t=-30 | a=15 b=5 c=10"},
		{"intensity without a basis", intensity("lower", issue("a", "x", "", "y=10")), "from x=10:"},
		{"intensity with nothing received", intensity("lower", issue("a", "x", "", "q=10"), issue("b", "y", "a", "z=5")), "from y=5:"},
		{"more often is stricter", intensity("higher", issue("a", "a", "", "m=1"), issue("b", "b", "", "m=30/7"), issue("m", "m", "a b", "t=30")), "from b=30/7: m=180/7"},
		{"sum, higher is harder", intensity("higher", issue("a0", "o", "", "a=1"), issue("a", "a", "a0", "m=2"), issue("b0", "p", "", "b=3"), issue("b", "b", "b0", "m=5"),
			issue("m", "m", "a b", "t=10").merged("sum")), "from o=1: a=1 p=3 b=2 m=3"},
		{"sum, lower is harder", intensity("lower", issue("a", "a", "", "m=2"), issue("b", "b", "", "m=5"), issue("m", "m", "a b", "t=4").merged("sum")),
			"from a=2: b=-5 m=3"},
		{"relief stays down the chain", sets(issue("a", "a", "", "b=x+y+z"), issue("b", "b", "a", "c=x+z"), issue("c", "c", "b", "d=x")), "x:a -y:b -z:c"},
		{"no relief while another branch asks", sets(issue("o", "o", "", "a=x+y"), issue("a", "a", "o", "m=x"), issue("b", "b", "", "m=y"), issue("m", "m", "a b", "t=x+y")), "x:o y:b"},
		{"dropped after the other branch asked", sets(issue("o", "o", "", "a=x+y"), issue("a", "a", "o", "m=x"), issue("b", "b", "", "m=y"), issue("m", "m", "a b", "t=x")), "x:o -y:m"},
		{"one origin by two branches is one owner", sets(issue("o", "o", "", "a=x", "b=x"), issue("a", "a", "o", "m=x"), issue("b", "b", "o", "m=x"), issue("m", "m", "b a", "t=x")), "x:o"},
		{"owners in the order of bases", sets(issue("a", "a", "", "m=x"), issue("b", "b", "", "m=x+y"), issue("m", "m", "b a", "t=y+x")), "y:b x:b+a"},
		{"all dropped", sets(issue("a", "a", "", "b=x+y"), issue("b", "b", "a", "c=")), "-x:b -y:b"},
	} {
		answer, err := Attribute(x.c)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if got := face(answer.Results[len(answer.Results)-1]); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.name, got, x.want)
		}
	}
}

// mustTrace traces a place of a case that is known to be right.
func mustTrace(t testing.TB, c Case, issuance, unit string) (*Memory, Trace) {
	t.Helper()
	m, err := NewMemory(c)
	if err != nil {
		t.Fatal(err)
	}
	i, u, ok := m.Find(Place{issuance, unit})
	if !ok {
		t.Fatalf("no %s to %s", issuance, unit)
	}
	trace, err := TraceLine(m, m.Kind(), m.Harder(), i, u)
	if err != nil {
		t.Fatal(err)
	}
	return m, trace
}

func TestRatioIsToTheUnitsOwnBase(t *testing.T) {
	c := divisible(issue("i1", "county", "", "town=600"), issue("i2", "town", "i1", "v1=288|240", "v2=220|200", "v3=160|160"), issue("i3", "v1", "i2", "g1=100", "g2=200"))
	m, trace := mustTrace(t, c, "i3", "g1")
	var got []string
	for _, s := range trace.Steps {
		got = append(got, fmt.Sprint(m.UnitName(s.Unit), " ", m.IssuanceID(s.Issuance), " ", s.Amount, " ", s.Ratio, " ", s.HasRatio))
	}
	want := []string{"county i1 80 0 false", "town i2 16 0.2 true", "v1 i3 4 1/24 true"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	nothing := divisible(issue("i1", "county", "", "town=0"), issue("i2", "town", "i1", "v=6"))
	if _, trace := mustTrace(t, nothing, "i2", "v"); trace.Steps[1].HasRatio {
		t.Error("a ratio to nothing received")
	}
}

func TestMismatchAboveIsOnItsStep(t *testing.T) {
	c := divisible(issue("i1", "a", "", "b=10"), issue("i2", "b", "i1", "c=12|12"), issue("i3", "c", "i2", "d=12"))
	_, trace := mustTrace(t, c, "i3", "d")
	if trace.BaseMismatch || !trace.Steps[1].BaseMismatch || trace.Steps[0].BaseMismatch || trace.Steps[2].BaseMismatch {
		t.Errorf("%+v", trace)
	}
}

func TestOriginating(t *testing.T) {
	step := func(unit int32, n int64) Step { return Step{Unit: unit, Issuance: unit * 10, Amount: exact.FromInt(n)} }
	for _, x := range []struct {
		layers []Step
		want   int32
		ok     bool
	}{
		{nil, 0, false},
		{[]Step{step(1, 5), step(2, 5)}, 1, true},
		{[]Step{step(1, 5), step(2, 6)}, 2, true},
		{[]Step{step(1, 5), step(2, 6), step(1, 1)}, 1, true},
		{[]Step{step(3, 4), step(2, 3), step(1, 6), step(2, 3)}, 2, true},
	} {
		if unit, ok := Originating(x.layers); unit != x.want || ok != x.ok {
			t.Errorf("%v: %d, %v; want %d, %v", x.layers, unit, ok, x.want, x.ok)
		}
	}
	sums := SumByUnit([]Step{step(1, 5), step(2, 6), {Unit: 1, Issuance: 99, Amount: exact.FromInt(-2), BaseMismatch: true}})
	if len(sums) != 2 || sums[0].Unit != 1 || sums[0].Issuance != 10 || !sums[0].Amount.Equal(exact.FromInt(3)) || !sums[0].BaseMismatch {
		t.Errorf("%+v", sums)
	}
}

// TestAmendedBelowRetained: the record may lower what was received after part of it was kept.
func TestAmendedBelowRetained(t *testing.T) {
	totals := Totals{Value: exact.FromInt(5), ValueWithoutBase: exact.FromInt(5), Retained: exact.FromInt(20)}
	base, mismatch := totals.base(Line{Value: exact.FromInt(5)}, exact.FromInt(10))
	if !base.IsZero() || mismatch {
		t.Errorf("base %v, %v", base, mismatch)
	}
}
