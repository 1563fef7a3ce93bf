package evidence

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"suyuan/services/exact"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

// Records as the ledger would hold them give the worked examples' objects
// exactly, with units under the examples' names.
func TestWorkedExamples(t *testing.T) {
	expect := worked(t)
	plain := map[string]string{province: "province", city: "city", county: "county", town: "town", village: "village", lead: "lead", office: "office", street: "street"}
	mu := func(verified string) *scene {
		return quantity(village, verified, step(county, "200"), step(town, "20")).own()
	}
	licang := func(steps ...Step) *scene {
		return quantity(street, "60", steps...).own().set(func(r *Record) {
			r.Duties[0].Class, r.Lead = "", lead
			r.Split = &Split{Approved: true, By: county, Document: "approval", Events: []Event{event(31, "issuance.made", -24*20)}}
		})
	}
	funds := func() *scene {
		return penalised(outcome.Penalised{Kind: outcome.Contradiction, Mandate: "funds", Unit: town}).set(func(r *Record) {
			r.Origin, r.Infeasible = county, true
			for i, key := range []string{"three-firms", "no-change", "no-holding"} {
				r.Constraints = append(r.Constraints, Constraint{Key: key, Author: county, Text: key, Event: event(uint64(3+i), "mandate.issued", -24*40)})
			}
		})
	}
	population := func() *scene {
		s := quantity(town, "7000", step(county, "12000")).own()
		return s.set(func(r *Record) { r.Capacities = []Figure{able(town, "9000")} })
	}
	days := func(kept string) *scene {
		s := quantity(town, kept, step(city, "0"), step(county, "5")).own()
		return s.set(func(r *Record) { r.Reference, r.Lower = p(exact.FromInt(30)), true })
	}
	insisted := func() *scene {
		s := quantity(village, "200", step(county, "200"), step(town, "100")).own()
		s.r.Steps[1].DirectedBy = county
		return s.objects(town, county, assignment.Infeasible, -24*29, decides(assignment.Insisted, county, -24*28))
	}
	for _, c := range []struct {
		name  string
		of    *scene
		names map[string]string
	}{
		{"the shortfall is no larger than the addition", mu("200"), nil},
		{"the shortfall exceeds the addition", mu("190"), nil},
		{"delivered more than asked", mu("225"), nil},
		{"an authorised addition counts as base", mu("190").set(func(r *Record) { r.Steps[1].Approved = n("20") }), nil},
		{"the executor alone falls short", quantity(village, "80", step(county, "100"), step(town, "0")).own(), nil},
		{"three levels added", quantity(village, "500", step(province, "500"), step(city, "50"), step(county, "50"), step(town, "60")).own(), nil},
		{"one level cut what another added", quantity(village, "500", step(province, "500"), step(city, "100"), step(county, "-50"), step(town, "30")).own(), nil},
		{"infeasible base, two silent relays", quantity(village, "60", step(province, "100"), step(county, "0"), step(town, "0")).own().set(func(r *Record) {
			r.Capacities = []Figure{able(village, "70")}
		}).state(outcome.Stated{Point: outcome.Knew, Unit: village, Value: "no"}), nil},
		{"lead unit and street, approved split, fully resourced", licang(step(lead, "100")), nil},
		{"lead unit and street, 40 % resourced", licang(step(lead, "100")).set(func(r *Record) { r.Given[0].Amount = n("40") }), nil},
		{"lead unit and street, not approved", licang(step(lead, "100")).set(func(r *Record) { r.Split = &Split{} }), nil},
		{"not approved, through a relay office", licang(step(lead, "100"), step(office, "0")).set(func(r *Record) { r.Split = &Split{} }), nil},
		{"three funds, two firms; the town objected", funds().objects(town, county, assignment.Conflicting, -24*30, decides(assignment.Insisted, county, -24*28)), nil},
		{"three funds, two firms; the town stayed silent", funds().state(outcome.Stated{Point: outcome.Knew, Unit: town, Value: "yes"}), nil},
		{"falsified under an added quota", mu("180").set(func(r *Record) {
			r.Falsifications = []Falsification{{Who: village, OrderedBy: town, Amount: p(n("20")), Document: "report", Event: event(99, "assignment.falsification_verified", 24*30)}}
		}), nil},
		{"the town objected and was ordered to add", insisted(), nil},
		{"the same, the order clearly illegal", insisted().set(func(r *Record) { r.Objections[0].ClearlyIllegal = true }), nil},
		{"skip-level issue", quantity(village, "100", step(lead, "120")).own().set(func(r *Record) { r.Provisional, r.Above = true, p(n("100")) }), map[string]string{lead: "bureau", village: "village"}},
		{"three departments, one capacity", competing("10", "20", "20", lead, office, street), map[string]string{lead: "d1", office: "d2", street: "d3", village: "grid"}},
		{"three departments, delivery below capacity", competing("10", "16", "20", lead, office, street), map[string]string{lead: "d1", office: "d2", street: "d3", village: "grid"}},
		{"two meetings at once", competing("1", "1", "1", county, town), map[string]string{county: "A", town: "B", village: "deputy"}},
		{"registrations above the resident population, town objected", population().objects(town, county, assignment.Infeasible, -24*20, nil), nil},
		{"registrations above the resident population, town silent", population(), nil},
		{"deadline moved up five days, two days late against the new date", days("27"), nil},
		{"two days late against the original date", days("32"), nil},
		{"everyone answered 收到, nobody stopped the work", blast(), siteNames},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := c.of.explain(t)
			got, err := json.Marshal(e.Explained.Answer)
			if err != nil {
				t.Fatal(err)
			}
			names := plain
			if c.names != nil {
				names = c.names
			}
			for code, name := range names {
				got = bytes.ReplaceAll(got, []byte(`"`+code+`"`), []byte(`"`+name+`"`))
			}
			want, ok := expect[c.name]
			if !ok {
				t.Fatal("there is no such example")
			}
			if string(got) != string(want) {
				t.Errorf("got %s\nwant %s\n%+v", got, want, e.Evidence.Points)
			}
		})
	}
}

func worked(t *testing.T) map[string][]byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "test", "cases", "jra1-cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name   string
			Expect json.RawMessage
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, c := range file.Cases {
		var text bytes.Buffer
		if err := json.Compact(&text, c.Expect); err != nil {
			t.Fatal(err)
		}
		all[c.Name] = text.Bytes()
	}
	return all
}

const housing, contractor, supervisor, builder_, patrol = "990101-zjj", "990101-cj", "990101-jl", "990101-sg", "990101-xc"

var siteNames = map[string]string{housing: "housing", contractor: "contractor", supervisor: "supervisor", builder_: "builder", patrol: "patrol"}

// blast is S1-8: the danger was told in a group at nine, everybody answered,
// one drafted a penalty, nobody stopped the work; a patrol reported it up.
func blast() *scene {
	told := func(unit, power, did string) outcome.Warning {
		w := outcome.Warning{Unit: unit, At: hours(-2), Channel: "chat_group", Answer: "收到", AnsweredAt: hoursPtr(-2), Power: power, Document: "chat"}
		if did != "" {
			w.Did, w.DidAt = did, hoursPtr(-1)
		}
		return w
	}
	return penalised(outcome.Penalised{
		Kind: outcome.Conduct, Unit: contractor, KnownSince: hoursPtr(-2),
		Warned: []outcome.Warning{
			told(housing, outcome.PowerSupervise, "reply"), told(contractor, outcome.PowerStop, "drafted_penalty"), told(supervisor, outcome.PowerStop, ""),
			told(builder_, outcome.PowerStop, ""), told(patrol, outcome.PowerNone, "escalation"),
		},
	})
}

// competing is a grid worker of whom several units ask so much each, at once.
func competing(each, verified, capacity string, units ...string) *scene {
	var sum exact.Rat
	for range units {
		sum = sum.Add(n(each))
	}
	s := penalised(outcome.Penalised{
		Kind: outcome.Competing, Mandate: "meetings", Measure: measure, Unit: village, Required: sum.String(),
		Verified: verified, Capacity: capacity, CapacityFrom: "一人一时只能到一处", CapacityDocument: "roster",
	})
	for i, u := range units {
		s.r.Demands = append(s.r.Demands, Demand{Unit: u, Issuance: "call-" + u, Amount: n(each), Events: []Event{event(uint64(10+i), "issuance.made", -30)}})
	}
	return s
}
