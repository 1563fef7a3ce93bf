package evidence

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"suyuan/services/exact"
	"suyuan/services/liability"
	"suyuan/services/outcome"
)

// dated is a deadline of thirty days that the city set, by way of units each of
// which took days off or gave some back; the village kept another.
func dated(kept string, steps ...Step) *scene {
	s := quantity(village, kept, slices.Concat([]Step{step(city, "0")}, steps)...).own()
	return s.set(func(r *Record) {
		r.Reference, r.Lower = p(exact.FromInt(30)), true
		for i, x := range r.Steps {
			r.Linear = r.Linear && x.Unit != village && !slices.ContainsFunc(r.Steps[:i], func(y Step) bool { return y.Unit == x.Unit })
		}
	})
}

// A date that passed one unit twice is taken apart by issuance: each of its
// additions is a layer, and what later units gave back is taken from the
// nearest.
func TestADateThatPassedOneUnitTwice(t *testing.T) {
	approved := func(s Step, amount string) Step { s.Approved = n(amount); return s }
	needs := func(days string) func(*Record) {
		return func(r *Record) { r.Capacities = []Figure{able(village, days)} }
	}
	for _, c := range []struct {
		name string
		of   *scene
		want string
	}{
		{"both of its additions are its own", dated("25", step(county, "5"), step(town, "3"), step(county, "2")), county + ":7000 " + town + ":3000"},
		{"what another gave back is taken from the nearest", dated("27", step(county, "5"), step(town, "-2"), step(county, "4")), county + ":10000"},
		{"who gives more back than was added has eased it", dated("30", step(county, "1"), step(town, "-3"), step(county, "4")), county + ":10000"},
		{"from beginning to end", dated("34", step(county, "1"), step(town, "-3"), step(county, "4")), county + ":6667 " + village + ":3333"},
		{"what was approved counts as base", dated("25", step(county, "5"), step(town, "3"), approved(step(county, "2"), "2")), county + ":6250 " + town + ":3750"},
		{"and is cut last", dated("27", approved(step(county, "5"), "3"), step(town, "-2"), step(county, "4")), county + ":10000"},
		{"a statement covers its layers in order", dated("25", step(county, "5"), step(town, "3"), step(county, "2")).state(outcome.Stated{Point: outcome.Approved, Unit: county, Value: "6", OnPaper: "2022-07-01"}), county + ":2000 " + town + ":6000 " + village + ":2000"},
		{"the city's date could not be kept either", dated("33", step(county, "5"), step(town, "3"), step(county, "2")).set(needs("32")), city + ":1077 " + county + ":5538 " + town + ":2462 " + village + ":923"},
		{"which the county did not know", dated("33", step(county, "0"), step(town, "3"), step(county, "2")).set(needs("32")).state(knows(county, "no")), city + ":2000 " + county + ":2500 " + town + ":4000 " + village + ":1500"},
		{"who passed on what could be kept did not keep silent", dated("33", step(office, "0"), approved(step(county, "2"), "2"), step(town, "3"), step(county, "2")).set(needs("29")), county + ":2800 " + town + ":3100 " + village + ":4100"},
		{"the executor stood above itself", dated("25", step(county, "5"), step(village, "3"), step(county, "2")), county + ":7000 " + village + ":3000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := c.of.explain(t)
			if got := shares(e); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if e.Evidence.Originating != city || len(e.Evidence.Case.Layers) == 0 {
				t.Errorf("it began with %s, by layers %v", e.Evidence.Originating, e.Evidence.Case.Layers)
			}
		})
	}
	e := dated("25", step(county, "5"), step(town, "3"), step(county, "2")).explain(t)
	if x, ok := e.Evidence.says(SaysBegan, city); !ok || x.Value != "30" || x.Field != "layers[0]" {
		t.Errorf("where it began is told as %+v", x)
	}
}

// What the first unit had received from above is no unit's here, and what it
// took off itself is its own, as where each unit stands once.
func TestADateFromAboveThatPassedOneUnitTwice(t *testing.T) {
	above := func(s *scene, days string) *scene {
		return s.state(outcome.Stated{Point: outcome.Above, Unit: city, Value: days})
	}
	twice := func(kept string) *scene {
		return dated(kept, step(county, "5"), step(town, "3"), step(county, "2"))
	}
	needs := func(r *Record) {
		r.Capacities = []Figure{able(village, "45")}
		r.Capacities[0].Event.Recorded = hours(-1)
	}
	for _, c := range []struct {
		name     string
		of       *scene
		began    string
		want     string
		question bool
	}{
		{"stated", above(twice("40"), "40"), city, city + ":5000 " + county + ":3500 " + town + ":1500", false},
		{"on record", twice("40").set(func(r *Record) { r.Above = p(n("40")) }), city, city + ":5000 " + county + ":3500 " + town + ":1500", false},
		{"stated otherwise than on record", above(twice("40"), "40").set(func(r *Record) { r.Above = p(n("35")) }), city, city + ":5000 " + county + ":3500 " + town + ":1500", false},
		{"not known", twice("40").set(func(r *Record) { r.Provisional = true }), city, county + ":3500 " + town + ":1500 " + village + ":5000", true},
		{"as much as it asked", above(twice("30"), "30"), county, county + ":7000 " + town + ":3000", false},
		{"it gave days back", above(twice("30"), "28"), county, county + ":7000 " + town + ":3000", false},
		{"it added most", above(twice("40"), "60"), city, city + ":7500 " + county + ":1750 " + town + ":750", false},
		{"approved of its own", above(twice("40"), "40").state(outcome.Stated{Point: outcome.Approved, Unit: city, Value: "10", OnPaper: "2022-07-01"}), city, county + ":3500 " + town + ":1500 " + village + ":5000", false},
		{"that could not be kept either", above(twice("44"), "40").set(needs), city, city + ":4167 " + county + ":2917 " + town + ":1250 " + village + ":166 " + liability.Unattributed + ":1500", false},
	} {
		e := c.of.explain(t)
		_, asked := e.Evidence.asks(outcome.Above, city)
		if got := shares(e); got != c.want || e.Evidence.Originating != c.began || asked != c.question {
			t.Errorf("%s: %s, began with %s, asked %v, provisional %v", c.name, got, e.Evidence.Originating, asked, e.Evidence.Provisional)
		}
		if c.question {
			continue
		}
		told := 0
		for _, x := range e.Evidence.Points {
			if x.Field == "layers[0]" {
				told++
			}
		}
		if x, ok := e.Evidence.says(SaysAbove, city); !ok || x.Field != "layers[0]" || told != 1 {
			t.Errorf("%s: what came from above is told %d times, as %+v", c.name, told, x)
		}
		if len(e.Evidence.Ignored) > 0 {
			t.Errorf("%s: %+v does not count", c.name, e.Evidence.Ignored)
		}
	}
}

// A unit that stands twice on a chain of dates bears what two units in its
// places would bear together, and a relay that adds nothing changes nothing.
func TestOneUnitTwiceIsTwoInOne(t *testing.T) {
	for seed := range uint64(2_000) {
		r := rand.New(rand.NewPCG(seed, 6))
		names := []string{county, town, office, street, "990101003"}
		var apart, twice []Step
		first, second := r.IntN(2), 2+r.IntN(3)
		for i, unit := range names {
			s := step(unit, fmt.Sprint(r.IntN(9)-3))
			if s.Approved = exact.FromInt(int64(r.IntN(4))); s.Amount.Cmp(s.Approved) < 0 {
				s.Approved = exact.Rat{}
			}
			apart = append(apart, s)
			if i == second {
				s.Unit = names[first]
			}
			twice = append(twice, s)
		}
		kept := fmt.Sprint(20 + r.IntN(25))
		able := func(x *Record) {
			if seed%2 == 0 {
				x.Capacities = []Figure{able(village, fmt.Sprint(20+r.IntN(20)))}
				x.Capacities[0].Event.Recorded = hours(-1) // nobody knew but the village: how many kept silent is another matter
			}
		}
		one := dated(kept, apart...).set(able)
		two := dated(kept, twice...)
		two.r.Capacities = one.r.Capacities
		switch days := exact.FromInt(int64(20 + r.IntN(25))); seed % 3 {
		case 1:
			one.r.Above, two.r.Above = &days, &days
		case 2:
			for _, x := range []*scene{one, two} {
				x.state(outcome.Stated{Point: outcome.Above, Unit: city, Value: days.String()})
			}
		}
		if !one.r.Linear || two.r.Linear {
			t.Fatal("the chains are not what they should be")
		}
		want, got := map[string]exact.Rat{}, map[string]exact.Rat{}
		a, b := one.explain(t).Explained, two.explain(t).Explained
		for _, m := range a.Masses {
			if m.Unit == names[second] {
				m.Unit = names[first]
			}
			want[m.Unit] = want[m.Unit].Add(m.Mass)
		}
		sum := int64(0)
		for _, m := range b.Masses {
			got[m.Unit] = got[m.Unit].Add(m.Mass)
			sum += m.Points
		}
		for _, unit := range append(names, city, village, liability.Unattributed) {
			if !want[unit].Equal(got[unit]) {
				t.Fatalf("seed %d: %s bears %s of it, and %s as two units\n%v\n%v", seed, unit, got[unit], want[unit], twice, apart)
			}
		}
		if b.Answer.Outcome != a.Answer.Outcome || b.Answer.Outcome == "" && sum != liability.Whole {
			t.Fatalf("seed %d: %s, %s, in all %d", seed, a.Answer.Outcome, b.Answer.Outcome, sum)
		}
		at := 1 + r.IntN(len(twice))
		three := dated(kept, slices.Insert(slices.Clone(twice), at, step("990101-nyj", "0"))...)
		three.r.Capacities = one.r.Capacities
		three.o, three.r.Own, three.r.Above = two.o, two.r.Own, two.r.Above
		if x, y := shares(three.explain(t)), shares(Explanation{Explained: b}); x != y {
			t.Fatalf("seed %d: with a relay %s, without %s", seed, x, y)
		}
	}
}

// Who passed on what had come from above, and could be kept, kept silent about
// nothing: what the first unit took off itself, without approval, is no base.
func TestSilentOfADateFromAbove(t *testing.T) {
	given := step(county, "8")
	given.Approved = given.Amount
	s := dated("40", step(office, "0"), given, step(town, "3"), step(county, "2")).
		state(outcome.Stated{Point: outcome.Above, Unit: city, Value: "40"}).
		set(func(r *Record) { r.Capacities = []Figure{able(village, "35")} })
	if silent := s.explain(t).Evidence.Case.Silent; slices.Contains(silent, office) || !slices.Contains(silent, county) {
		t.Errorf("silent are %v", silent)
	}
}
