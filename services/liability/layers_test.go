package liability

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"suyuan/services/exact"
)

// apart writes a chain's demand as the layers it is made of.
func apart(c Case) Case {
	d := newDivision(c, Proposed())
	out := c
	out.Issued, out.ReceivedByFirst, out.Authorised, out.Approved = nil, nil, nil, nil
	for _, l := range d.stack() {
		unit := d.name(l.unit)
		if unit == Unattributed {
			unit = ""
		}
		x := Layer{Unit: unit, Amount: l.amount, Root: l.root}
		if l.authorised && !l.root {
			x.Approved = l.amount
		}
		out.Layers = append(out.Layers, x)
	}
	return out
}

// earlier is a chain of dates: every number lies below 0, by as much.
func earlier(c Case, by exact.Rat) Case {
	c.Issued = slices.Clone(c.Issued)
	for i := range c.Issued {
		c.Issued[i] = c.Issued[i].Sub(by)
	}
	for _, x := range []**exact.Rat{&c.ReceivedByFirst, &c.Verified, &c.Capacity} {
		if *x != nil {
			*x = held((**x).Sub(by))
		}
	}
	return c
}

// A demand given as its layers divides as the chain it was taken from.
func TestLayersAreTheChain(t *testing.T) {
	below := 0
	for seed := range uint64(5_000) {
		c := chain(rand.New(rand.NewPCG(seed, 4)))
		if seed%2 == 1 {
			c = earlier(c, exact.FromInt(1_000_000))
		}
		with := apart(c)
		if slices.ContainsFunc(with.Layers, func(l Layer) bool { return l.Amount.Sign() < 0 }) {
			below++ // as a date is, or the whole base was cut away
		}
		before, after := mustDivide(t, c), mustDivide(t, with)
		if fmt.Sprint(before.Shares, before.Outcome, before.Provisional, before.Flags) != fmt.Sprint(after.Shares, after.Outcome, after.Provisional, after.Flags) {
			t.Fatalf("seed %d: as layers\n%v became\n%v", seed, before.Shares, after.Shares)
		}
	}
	if below < 2_000 {
		t.Errorf("only %d chains begin below 0: the property says little of dates", below)
	}
}

// What no chain can say: origins beside each other, and a unit with two layers.
func TestLayers(t *testing.T) {
	n := exact.FromInt
	base := Case{
		Kind: Quantity, Units: []string{"a", "b", "town", "village"}, Verified: held(n(90)), CoOwned: held(one), Adequacy: held(one), Owner: given("a"),
		Layers: []Layer{{Unit: "a", Amount: n(60), Root: true}, {Unit: "b", Amount: n(30), Root: true}, {Unit: "town", Amount: n(10), Approved: n(4)}},
	}
	change := func(how func(*Case)) Case {
		c := base
		c.Layers = slices.Clone(c.Layers)
		how(&c)
		return c
	}
	for _, x := range []struct {
		name, want string
		c          Case
	}{
		{"what was not approved is an addition", "map[a:0 b:0 town:6000 village:4000]", base},
		{"all of a root is base", "map[a:0 b:0 town:0 village:10000]", change(func(c *Case) { c.Layers[2].Root = true })},
		// G 30: GA 6, GI 24 of a base of 94: first the 4 approved, then 20 of both origins, two to one.
		{"the latest base first, then the origins by what each brought", "map[a:4445 b:2222 town:3333 village:0]", change(func(c *Case) { c.Verified, c.Capacity = held(n(70)), held(n(50)) })},
		{"origins of nothing: the first", "map[a:4000 b:0 town:6000 village:0]", change(func(c *Case) {
			c.Layers = []Layer{{Unit: "a", Root: true}, {Unit: "b", Root: true}, {Unit: "town", Amount: n(6)}}
			c.Verified, c.Capacity = held(n(-4)), held(n(-9))
		})},
		{"a unit with two layers bears both", "map[a:0 b:2000 town:8000 village:0]", change(func(c *Case) {
			c.Layers = append(c.Layers, Layer{Unit: "b", Amount: n(2)}, Layer{Unit: "town", Amount: n(2)})
			c.Verified = held(n(94))
		})},
		{"from above the recorded chain", "map[UNATTRIBUTED:3333 a:0 b:1667 town:5000 village:0]", change(func(c *Case) {
			c.Layers[0].Unit = ""
			c.Verified, c.Capacity = held(n(80)), held(n(60))
		})},
	} {
		r := mustDivide(t, x.c)
		got := map[string]int64{}
		for _, s := range r.Shares {
			got[s.Unit] = s.Points
		}
		if fmt.Sprint(got) != x.want {
			t.Errorf("%s: %v, want %s", x.name, got, x.want)
		}
	}
	for _, x := range []struct {
		says string
		c    Case
	}{
		{"leave issued", change(func(c *Case) { c.Issued = []exact.Rat{n(1), n(1), n(1)} })},
		{"leave issued", change(func(c *Case) { c.ReceivedByFirst = held(n(1)) })},
		{"leave issued", change(func(c *Case) { c.Authorised = []string{"a"} })},
		{"leave issued", change(func(c *Case) { c.Approved = map[string]exact.Rat{"a": n(1)} })},
		{"root", change(func(c *Case) { c.Layers = c.Layers[2:] })},
		{"at most", change(func(c *Case) { c.Layers = slices.Repeat(c.Layers, 100) })},
		{"layers[1]", change(func(c *Case) { c.Layers[1].Amount = n(-1) })},
		{"layers[0]", change(func(c *Case) { c.Layers[0].Amount = n(-1) })},
		{"layers[2]", change(func(c *Case) { c.Layers[1].Root, c.Layers[2].Amount = false, n(-1) })},
		{"layers[0]", change(func(c *Case) { c.Layers[0].Approved = n(61) })},
		{"layers[2]", change(func(c *Case) { c.Layers[2].Approved = n(-1) })},
		{"layers[2]", change(func(c *Case) { c.Layers[2].Approved = n(11) })},
		{"layers[1]", change(func(c *Case) { c.Layers[1].Unit = "x" })},
		{"verified", change(func(c *Case) { c.Verified = nil })},
	} {
		_, err := Divide(x.c, Proposed())
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%v: %v, which does not say %s", x.c.Layers, err, x.says)
		}
		inBoth(t, err)
	}
}

// A cut that takes a whole layer leaves no layer of nothing behind.
func TestCutAway(t *testing.T) {
	n := exact.FromInt
	r := mustDivide(t, Case{Kind: Quantity, Units: []string{"a", "b", "c", "d"}, Issued: []exact.Rat{n(100), n(130), n(100)}, Verified: held(n(90))})
	var layers []string
	for _, l := range r.Lines {
		if l.Clause == ClauseLayer {
			layers = append(layers, l.Unit+" "+l.Amount.String())
		}
	}
	if fmt.Sprint(layers) != "[a 100]" {
		t.Errorf("the layers left are %v", layers)
	}
}
