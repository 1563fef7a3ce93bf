package evidence

import (
	"testing"

	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

// funds is S2-4: three conditions of the county's that two firms cannot meet.
func funds() *scene {
	return penalised(outcome.Penalised{Kind: outcome.Contradiction, Mandate: "funds", Unit: town}).set(func(r *Record) {
		r.Origin, r.Infeasible = county, true
		for i, key := range []string{"three-firms", "no-change", "no-holding"} {
			r.Constraints = append(r.Constraints, Constraint{Key: key, Author: county, Text: "条件" + key, Event: event(uint64(3+i), "mandate.issued", -24*40)})
		}
	})
}

// Contradictions and competing tasks: what counts, and from when.
func TestSeveral(t *testing.T) {
	firms := func(h int) func(*Record) {
		return func(r *Record) {
			r.Capacities = []Figure{{Unit: town, Of: "funds/firms", Value: n("2"), AsOf: "2022-06-01", Event: event(8, "unit.capacity_declared", h)}}
		}
	}
	cityOwn := func(kind string, h int) func(*Record) {
		return func(r *Record) { r.Constraints[0].Author, r.Constraints[0].Event = city, event(40, kind, h) }
	}
	chain := func(r *Record) {
		r.Steps = []Step{{Unit: city, Events: []Event{event(10, "issuance.made", -24*30)}}, {Unit: county, Events: []Event{event(11, "issuance.made", -24*29)}}}
	}
	meetings := func() *scene { return competing("1", "1", "1", county, town) }
	for _, c := range []struct {
		name string
		of   *scene
		want string
	}{
		{"whether the town knew is not on record", funds(), county + ":10000"},
		{"its own figure was, before the outcome", funds().set(firms(-24)), county + ":9000 " + town + ":1000"},
		{"not one of afterwards", funds().set(firms(1)), county + ":10000"},
		{"it objected in time", funds().set(firms(-24)).objects(town, county, assignment.Conflicting, -24*3, nil), county + ":10000"},
		{"it objected too late", funds().set(firms(-24)).objects(town, county, assignment.Conflicting, 1, nil), county + ":9000 " + town + ":1000"},
		{"another author", funds().set(cityOwn("mandate.issued", -24*40)), county + ":6667 " + city + ":3333"},
		{"though the task itself was entered late", funds().set(cityOwn("mandate.issued", 1)), county + ":6667 " + city + ":3333"},
		{"that revised the task before the outcome", funds().set(cityOwn("mandate.revised", -1)), county + ":6667 " + city + ":3333"},
		{"or after it, which changes nothing", funds().set(cityOwn("mandate.revised", 1)), county + ":10000"},
		{"a relay on the chain that did not know", funds().set(chain), county + ":10000"},
		{"a relay that did", funds().set(chain).state(knows(city, "yes")), city + ":1000 " + county + ":9000"},
		{"an author is no silent relay", funds().set(chain).state(knows(county, "yes")), county + ":10000"},
		{"an author that was overruled", funds().set(chain).objects(county, city, assignment.Conflicting, -24*20, decides(assignment.Insisted, city, -24*18)), city + ":10000"},
		{"by one beside the chain", funds().objects(county, province, assignment.Conflicting, -24*20, decides(assignment.Insisted, province, -24*18)), province + ":10000"},
		{"an author beside the chain that was overruled", funds().set(cityOwn("mandate.issued", -24*40)).objects(city, province, assignment.Conflicting, -24*20, decides(assignment.Insisted, province, -24*18)), county + ":6667 " + province + ":3333"},
		{"as a reviewer states that no plan is lawful", funds().set(func(r *Record) { r.Infeasible = false }).state(outcome.Stated{Point: outcome.Contradictory, Value: "yes"}), county + ":10000"},
		{"no task origin on record", funds().set(func(r *Record) { r.Origin = "" }), county + ":10000"},

		{"two meetings at once", meetings(), county + ":5000 " + town + ":5000"},
		{"one of them called twice", meetings().set(func(r *Record) { r.Demands = append(r.Demands, r.Demands[0]) }), county + ":6667 " + town + ":3333"},
		{"what it asks of itself is nobody else's", meetings().set(func(r *Record) { r.Demands = append(r.Demands, Demand{Unit: village, Amount: n("5")}) }), county + ":5000 " + town + ":5000"},
		{"it could have gone to both", meetings().happens(outcome.Corrected{Capacity: p("2")}), village + ":10000"},
		{"it knew, and said nothing", meetings().state(knows(village, "yes")), county + ":4500 " + town + ":4500 " + village + ":1000"},
		{"one was called on order", meetings().objects(town, city, assignment.Conflicting, -10, decides(assignment.Insisted, city, -5)), county + ":5000 " + city + ":5000"},
		{"went to both all the same", meetings().happens(outcome.Corrected{Verified: p("2")}), "NO_SHORTFALL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shares(c.of.explain(t)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
