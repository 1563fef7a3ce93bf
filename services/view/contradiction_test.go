package view

import (
	"testing"

	"pgregory.net/rapid"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// A contradiction is reported only where no plan exists: held against every
// plan over small numbers.
func TestContradictionIsNeverInvented(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		quantities := []string{"a", "b", "c"}
		small := rapid.IntRange(0, 9)
		var constraints []mandate.Constraint
		for range rapid.IntRange(1, 4).Draw(t, "constraints") {
			c := mandate.Constraint{Key: "k", Is: rapid.SampledFrom([]string{"at_least", "at_most", "exactly"}).Draw(t, "is"), Value: int64(small.Draw(t, "value"))}
			for range rapid.IntRange(1, 3).Draw(t, "terms") {
				c.Terms = append(c.Terms, mandate.Term{Quantity: rapid.SampledFrom(quantities).Draw(t, "quantity"), Times: int64(rapid.IntRange(1, 3).Draw(t, "times"))})
			}
			constraints = append(constraints, c)
		}
		most := map[string]int64{}
		for _, q := range quantities {
			if rapid.Bool().Draw(t, "limited") {
				most[q] = int64(small.Draw(t, "capacity"))
			}
		}
		b := bookOf(constraints, most)
		reported := len(b.contradiction(0, 0)) > 0
		if reported && plannable(constraints, most) {
			t.Fatalf("a plan exists: %+v, capacities %v", constraints, most)
		}
		if reported {
			found++
		}
	})
	if found == 0 {
		t.Error("no contradiction was ever found")
	}
}

// bookOf is a unit with capacities under a mandate with conditions.
func bookOf(constraints []mandate.Constraint, most map[string]int64) book {
	r := (&Rows{}).anew()
	r.catalogue, _ = ledger.NewCatalogue([]ledger.Def{ledger.Event[mandate.Issued]("mandate.issued", "", "")})
	r.events = make([]eventRow, 1)
	m := mandateRow{id: "m"}
	for _, c := range constraints {
		m.constraints = append(m.constraints, constraintRow{Constraint: c, event: 1})
	}
	r.mandates, r.measures, r.issuances = []mandateRow{m}, []measureRow{{id: "m/x"}}, []issuanceRow{{made: 1}}
	u := unitRow{parent: none, more: &unitMore{}}
	for q, v := range most {
		u.more.capacities = append(u.more.capacities, capacityRow{of: "m/" + q, value: exact.Decimal(v*1_000_000 + 999_999), verified: true, event: 1})
	}
	r.units = []unitRow{u}
	return r.book(0, Now)
}

// plannable tries every plan; beyond 12 no condition is met that is not met
// by then.
func plannable(constraints []mandate.Constraint, most map[string]int64) bool {
	var plan [3]int64
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(plan) {
			return meets(constraints, plan)
		}
		top := int64(12)
		if m, ok := most[string(rune('a'+i))]; ok {
			top = m
		}
		for plan[i] = 0; plan[i] <= top; plan[i]++ {
			if try(i + 1) {
				return true
			}
		}
		return false
	}
	return try(0)
}

func meets(constraints []mandate.Constraint, plan [3]int64) bool {
	for _, c := range constraints {
		var sum int64
		for _, t := range c.Terms {
			sum += plan[t.Quantity[0]-'a'] * t.Times
		}
		if c.Is != "at_most" && sum < c.Value || c.Is != "at_least" && sum > c.Value {
			return false
		}
	}
	return true
}

// The largest figures the record takes do not overflow into a contradiction.
func TestContradictionDoesNotOverflow(t *testing.T) {
	c := mandate.Constraint{Key: "k", Is: "at_least", Value: 1_000_000_000}
	for range 20 {
		c.Terms = append(c.Terms, mandate.Term{Quantity: "a", Times: 1_000_000})
	}
	if got := bookOf([]mandate.Constraint{c}, map[string]int64{"a": 9_000_000_000_000}).contradiction(0, 0); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
