package liability

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"suyuan/services/exact"
)

// chain is a random quantity case. It has everything a case can have.
func chain(r *rand.Rand) Case {
	n := 2 + r.IntN(6)
	c := Case{Kind: Quantity}
	for i := range n {
		c.Units = append(c.Units, fmt.Sprintf("u%d", i))
	}
	if r.IntN(4) == 0 {
		c.Others = []string{"beside"}
	}
	number := func(most int64) exact.Rat {
		x, _ := exact.NewRat(r.Int64N(most), 1+r.Int64N(3))
		return x
	}
	maybe := func(most int64) *exact.Rat {
		if r.IntN(3) == 0 {
			return nil
		}
		x := number(most)
		return &x
	}
	for range n - 1 {
		c.Issued = append(c.Issued, number(60))
	}
	c.Verified, c.Capacity, c.ReceivedByFirst = held(number(60)), maybe(60), maybe(60)
	some := func(odds int) (out []string) {
		for _, u := range c.Units {
			if r.IntN(odds) == 0 {
				out = append(out, u)
			}
		}
		return out
	}
	c.Silent, c.Authorised, c.IllegalOrder = some(3), some(4), some(4)
	c.CoOwned, c.Adequacy = fraction(r), fraction(r)
	all := slices.Concat(c.Units, c.Others)
	c.Overruled = map[string]string{}
	for i, u := range c.Units {
		if i > 0 && r.IntN(4) == 0 {
			c.Overruled[u] = all[r.IntN(i)] // upwards only: a way round is refused, and tested elsewhere
		}
	}
	if r.IntN(3) == 0 {
		c.Owner = &all[r.IntN(len(all))]
	}
	if r.IntN(4) == 0 {
		c.ExecutorOverruledBy = &all[r.IntN(n-1)]
	}
	if c.Falsified = r.IntN(3) == 0; c.Falsified && r.IntN(2) == 0 {
		c.Falsifier = all[r.IntN(len(all))]
	}
	for _, u := range c.Units {
		if !slices.Contains(c.Authorised, u) && r.IntN(4) == 0 {
			if c.Approved == nil {
				c.Approved = map[string]exact.Rat{}
			}
			c.Approved[u] = number(20)
		}
	}
	return c
}

func fraction(r *rand.Rand) *exact.Rat {
	if r.IntN(4) == 0 {
		return nil
	}
	x, _ := exact.NewRat(r.Int64N(5), 4)
	return &x
}

// domain: shares are never negative and make up the whole, and the three
// masses make up the gap.
func TestRandomChains(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(100_000) {
		c := chain(rand.New(rand.NewPCG(seed, 1)))
		result, err := Divide(c, Proposed())
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if result.Outcome == NoShortfall {
			seen["none"]++
			continue
		}
		if !result.Additions.Add(*result.Infeasible).Add(*result.Execution).Equal(*result.Shortfall) {
			t.Fatalf("seed %d: %s + %s + %s is not %s", seed, result.Additions, result.Infeasible, result.Execution, result.Shortfall)
		}
		for name, m := range map[string]*exact.Rat{"GA": result.Additions, "GI": result.Infeasible, "GE": result.Execution} {
			if m.Sign() < 0 {
				t.Fatalf("seed %d: %s is %s", seed, name, m)
			}
			if m.Sign() > 0 {
				seen[name]++
			}
		}
		var points int64
		var mass exact.Rat
		for _, s := range result.Shares {
			if s.Points < 0 || s.Mass.Sign() < 0 {
				t.Fatalf("seed %d: %s bears %d, %s", seed, s.Unit, s.Points, s.Mass)
			}
			points, mass = points+s.Points, mass.Add(s.Mass)
			if s.Unit == Unattributed {
				seen[Unattributed]++
			}
		}
		want := *result.Shortfall
		if c.Falsified {
			seen["falsified"]++
			want = want.Add(want.Mul(Proposed().FalsificationMass))
		}
		if points != Whole || !mass.Equal(want) {
			t.Fatalf("seed %d: shares add up to %d and %s of %s", seed, points, mass, want)
		}
	}
	for _, what := range []string{"none", "GA", "GI", "GE", "falsified", Unattributed} {
		if seen[what] < 1000 {
			t.Errorf("only %d chains with %s: the property says little", seen[what], what)
		}
	}
}

// A relay that adds nothing and is not silent about a known infeasibility
// changes nobody's share, as long as the owner is named.
func TestRelay(t *testing.T) {
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 2))
		c := chain(r)
		if c.Owner == nil {
			c.Owner = &c.Units[0]
		}
		at := r.IntN(len(c.Issued)) + 1 // between the unit at-1 and what it issued to
		with := c
		with.Units = slices.Insert(slices.Clone(c.Units), at, "relay")
		with.Issued = slices.Insert(slices.Clone(c.Issued), at, c.Issued[at-1])
		before, after := mustDivide(t, c), mustDivide(t, with)
		after.Shares = slices.DeleteFunc(after.Shares, func(s Share) bool { return s.Unit == "relay" && s.Mass.IsZero() })
		if fmt.Sprint(before.Shares, before.Outcome) != fmt.Sprint(after.Shares, after.Outcome) {
			t.Fatalf("seed %d: a relay at %d changed\n%v into\n%v", seed, at, before.Shares, after.Shares)
		}
	}
}

func mustDivide(t *testing.T, c Case) Result {
	t.Helper()
	r, err := Divide(c, Proposed())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The same case has the same explanation; another number anywhere has another.
func TestHash(t *testing.T) {
	for seed := range uint64(300) {
		c := chain(rand.New(rand.NewPCG(seed, 3)))
		first, second := hashOf(t, c), hashOf(t, chain(rand.New(rand.NewPCG(seed, 3))))
		if first != second {
			t.Fatalf("seed %d: %s, then %s", seed, first, second)
		}
		c.Name, c.Expect = "another name", []byte(`{}`)
		if hashOf(t, c) != first {
			t.Fatalf("seed %d: the name of a worked example is part of the hash", seed)
		}
		c.Verified = held(c.Verified.Add(one))
		if hashOf(t, c) == first {
			t.Fatalf("seed %d: another delivery, the same hash", seed)
		}
	}
}

func hashOf(t *testing.T, c Case) string {
	t.Helper()
	e, err := Explain(c, Proposed())
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestRefused(t *testing.T) {
	ten := held(exact.FromInt(10))
	good := Case{Kind: Quantity, Units: []string{"a", "b"}, Issued: []exact.Rat{*ten}, Verified: held(exact.FromInt(5))}
	change := func(how func(*Case)) Case { c := good; how(&c); return c }
	for _, x := range []struct {
		says string
		c    Case
	}{
		{"kind", change(func(c *Case) { c.Kind = "" })},
		{"units", change(func(c *Case) { c.Units = nil })},
		{"units", change(func(c *Case) { c.Units = []string{"a", "a"} })},
		{"units", change(func(c *Case) { c.Units = []string{"a", Unattributed} })},
		{"at most", change(func(c *Case) { c.Units = make([]string, 100) })},
		{"issued", change(func(c *Case) { c.Issued = nil })},
		{"verified", change(func(c *Case) { c.Verified = nil })},
		{"coOwned", change(func(c *Case) { c.CoOwned = ten })},
		{"adequacy", change(func(c *Case) { c.Adequacy = held(one.Neg()) })},
		{"owner", change(func(c *Case) { c.Owner = given("x") })},
		{"silent", change(func(c *Case) { c.Silent = []string{"x"} })},
		{"approved.b", change(func(c *Case) { c.Approved = map[string]exact.Rat{"b": one.Neg()} })},
		{"falsifier", change(func(c *Case) { c.Falsifier = "a" })},
		{"CYCLE", change(func(c *Case) { c.Overruled = map[string]string{"a": "b", "b": "a"} })},
		{"CYCLE", change(func(c *Case) { c.Overruled = map[string]string{"a": "a"} })},
		{"CYCLE", change(func(c *Case) { c.ExecutorOverruledBy = given("b") })},
		{"constraints", Case{Kind: Contradiction, Units: []string{"a"}}},
		{"constraints.a", Case{Kind: Contradiction, Units: []string{"a"}, Constraints: map[string]int64{"a": -1}}},
		{"executor", Case{Kind: Competing, Units: []string{"a"}}},
		{"verified", Case{Kind: Competing, Units: []string{"a"}, Executor: "a"}},
		{"demands", Case{Kind: Competing, Units: []string{"a"}, Executor: "a", Verified: ten}},
		{"demands.a", Case{Kind: Competing, Units: []string{"a"}, Executor: "a", Verified: ten, Demands: map[string]exact.Rat{"a": one.Neg()}}},
		{"conduct", Case{Kind: Conduct, Units: []string{"a"}}},
		{"power", Case{Kind: Conduct, Units: []string{"a"}, Conduct: map[string]Act{"a": {Power: 4}}}},
		{"CYCLE", Case{Kind: Conduct, Units: []string{"a", "b"}, Conduct: map[string]Act{"a": {OverruledBy: "b"}, "b": {OverruledBy: "a"}}}},
		{"windowMinutes", Case{Kind: Conduct, Units: []string{"a"}, WindowMinutes: new(int64(-1)), Conduct: map[string]Act{"a": {}}}},
	} {
		_, err := Divide(x.c, Proposed())
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%+v: %v, which does not say %s", x.c, err, x.says)
		}
		inBoth(t, err)
		if x.says == "CYCLE" && !errors.Is(err, ErrCycle) {
			t.Errorf("%v is no ErrCycle", err)
		}
	}
	for _, text := range []string{``, `[]`, `{"kind":"quantity","units":["a"],"more":1}`, `{"kind":"conduct","units":["a"],"conduct":{"a":{}}} 1`} {
		if _, err := ReadCase(strings.NewReader(text)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
	bad := Proposed()
	bad.SilentCap = exact.FromInt(2)
	if _, err := Divide(good, bad); err == nil || !strings.Contains(err.Error(), "silentCap") {
		t.Errorf("a cap of 2: %v", err)
	}
}

// What the worked examples leave out of “Precise reading”.
func TestPreciseReading(t *testing.T) {
	n := exact.FromInt
	base := Case{Kind: Quantity, Units: []string{"county", "town", "village"}, Issued: []exact.Rat{n(100), n(100)}, Verified: held(n(60)), Capacity: held(n(70)), CoOwned: held(one), Adequacy: held(one)}
	change := func(how func(*Case)) Case { c := base; how(&c); return c }
	for _, x := range []struct {
		name, want  string
		c           Case
		provisional bool
	}{
		{"a base from above the chain is nobody's here", "map[UNATTRIBUTED:7500 county:0 town:0 village:2500]", change(func(c *Case) { c.ReceivedByFirst = held(n(100)) }), true},
		{"overruling moves a GI charge too", "map[county:0 town:7500 village:2500]", change(func(c *Case) { c.Overruled = map[string]string{"county": "town"} }), false},
		{"one that objected in time is not silent", "map[county:7500 town:0 village:2500]", change(func(c *Case) {
			c.Silent, c.Overruled = []string{"town"}, map[string]string{"town": "county"}
		}), false},
		{"an author of the infeasible part is not silent", "map[county:7500 town:0 village:2500]", change(func(c *Case) { c.Silent = []string{"county"} }), false},
		{"a silent executor bears its part", "map[county:6750 town:0 village:3250]", change(func(c *Case) { c.Silent = []string{"village"} }), false},
		{"only what was approved counts as base", "map[county:0 town:5000 village:5000]", change(func(c *Case) {
			c.Capacity, c.Issued, c.Verified, c.Approved = nil, []exact.Rat{n(100), n(130)}, held(n(90)), map[string]exact.Rat{"town": n(10)}
		}), false},
		{"κ stays with the executor too, of its own part", "map[UNATTRIBUTED:7500 county:0 town:1750 village:750]", change(func(c *Case) {
			c.ReceivedByFirst, c.ExecutorOverruledBy, c.IllegalOrder = held(n(100)), given("town"), []string{"village"}
		}), true},
		{"two authors, one of them silent about what it set", "map[county:1667 town:3333 village:5000]", change(func(c *Case) {
			c.Issued, c.Capacity, c.Authorised, c.Silent = []exact.Rat{n(100), n(120)}, held(n(90)), []string{"town"}, []string{"town"}
		}), false},
		{"an executor that objected is not silent", "map[county:7500 town:2500 village:0]", change(func(c *Case) { c.Silent, c.ExecutorOverruledBy = []string{"village"}, given("town") }), false},
		{"who overruled the executor is followed upwards", "map[county:10000 town:0 village:0]", change(func(c *Case) {
			c.ExecutorOverruledBy, c.Overruled = given("town"), map[string]string{"town": "county"}
		}), false},
		{"the owner is the direct issuer where none is known", "map[county:7500 town:1250 village:1250]", change(func(c *Case) { half, _ := exact.NewRat(1, 2); c.CoOwned = &half }), false},
		{"nobody presses for nobody's base", "map[UNATTRIBUTED:5000 county:0 town:0 village:5000]", change(func(c *Case) { c.ReceivedByFirst, c.Falsified = held(n(100)), true }), true},
		// G 60, GA 20 of the town, GI 30 of the county: of φ·60 = 30 the county has pressed for 9, alone.
		{"the falsifier does not press for itself", "map[county:4333 town:4556 village:1111]", change(func(c *Case) {
			c.Issued, c.Falsified, c.Falsifier = []exact.Rat{n(100), n(120)}, true, "town"
		}), false},
		{"a silent executor of competing tasks", "map[d1:4500 d2:4500 grid:1000]", Case{
			Kind: Competing, Units: []string{"d1", "d2", "grid"}, Executor: "grid", Demands: map[string]exact.Rat{"d1": n(10), "d2": n(10)},
			Capacity: held(n(10)), Verified: held(n(10)), Silent: []string{"grid"},
		}, false},
		// φ·40 = 20 on top; GI of 30 is at least half of 40, so 6 to the county, 14 to the town: 36, 14 and 10 of 60.
		{"the falsifier whom the verification names", "map[county:6000 town:2333 village:1667]", change(func(c *Case) { c.Falsified, c.Falsifier = true, "town" }), false},
	} {
		r := mustDivide(t, x.c)
		got := map[string]int64{}
		for _, s := range r.Shares {
			got[s.Unit] = s.Points
		}
		if fmt.Sprint(got) != x.want || r.Provisional != x.provisional {
			t.Errorf("%s: %v, provisional %v; want %s", x.name, got, r.Provisional, x.want)
		}
	}
}

// What was not on record, or contradicts what is, is flagged; what is there is
// not.
func TestFlags(t *testing.T) {
	n := exact.FromInt
	base := Case{Kind: Quantity, Units: []string{"a", "b"}, Issued: []exact.Rat{n(100)}, Verified: held(n(60)), Capacity: held(n(60)), CoOwned: held(one), Adequacy: held(one)}
	blast := Case{Kind: Conduct, Units: []string{"a"}, WindowMinutes: new(int64(30)), Conduct: map[string]Act{"a": {Power: 3, Knew: true}}}
	for _, x := range []struct {
		want string
		c    Case
		how  func(*Case)
	}{
		{"[]", base, func(*Case) {}},
		{"[CAPACITY_UNKNOWN]", base, func(c *Case) { c.Capacity = nil }},
		{"[CAPACITY_DISPROVED]", base, func(c *Case) { c.Capacity = held(n(59)) }},
		{"[DUTY_UNKNOWN]", base, func(c *Case) { c.CoOwned, c.Capacity = nil, held(n(90)) }},
		{"[ADEQUACY_UNKNOWN]", base, func(c *Case) { c.Adequacy, c.Capacity = nil, held(n(90)) }},
		{"[]", base, func(c *Case) { c.CoOwned, c.Adequacy = nil, nil }}, // nothing turns on them
		{"[BASE_ABOVE_CHAIN]", base, func(c *Case) { c.ReceivedByFirst = held(n(100)) }},
		{"[]", blast, func(*Case) {}},
		{"[WINDOW_UNKNOWN]", blast, func(c *Case) { c.WindowMinutes = nil }},
	} {
		c := x.c
		x.how(&c)
		if got := fmt.Sprint(mustDivide(t, c).Flags); got != x.want {
			t.Errorf("%+v is flagged %s, want %s", c, got, x.want)
		}
	}
}

// Fifteen minutes are enough to act in, fourteen are half enough; the hundred
// for a group in the place of the site are neither halved nor moved.
func TestWindowAndGroup(t *testing.T) {
	for _, x := range []struct {
		minutes int64
		want    string
	}{{15, "[{a 200 3333} {b 300 5000} {c 100 1667}]"}, {14, "[{a 100 2857} {b 150 4286} {c 100 2857}]"}} {
		r := mustDivide(t, Case{Kind: Conduct, Units: []string{"a", "b", "c"}, WindowMinutes: &x.minutes, Conduct: map[string]Act{
			"a": {}, "b": {Power: 3, Knew: true}, "c": {Power: 2, Knew: true, GroupInsteadOfSite: true, OverruledBy: "a"},
		}})
		if got := fmt.Sprint(r.Shares); got != x.want {
			t.Errorf("%d minutes: %s, want %s", x.minutes, got, x.want)
		}
	}
}

func BenchmarkSixLevels(b *testing.B) {
	c := Case{Kind: Quantity, Units: []string{"a", "b", "c", "d", "e", "f"}, Verified: held(exact.FromInt(400)), Capacity: held(exact.FromInt(450)), Silent: []string{"b"}, CoOwned: held(one), Adequacy: held(one), Falsified: true}
	for _, n := range []int64{500, 550, 600, 580, 640} {
		c.Issued = append(c.Issued, exact.FromInt(n))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Explain(c, Proposed()); err != nil {
			b.Fatal(err)
		}
	}
}
