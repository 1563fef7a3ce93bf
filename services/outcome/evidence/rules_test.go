package evidence

import (
	"fmt"
	"slices"
	"testing"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

// over is 600 mu delivered at 190: G 30, GA 20 (the town's), GE 10 (the
// village's).
func over() *scene { return quantity(village, "190", step(county, "200"), step(town, "20")).own() }

// ordered is over with the town's addition made on the county's order, to which
// it objected; how tells what became of the objection.
func ordered(h int, how func(*Objection)) *scene {
	s := over()
	s.r.Steps[1].DirectedBy = county
	return s.objects(town, county, assignment.Infeasible, h, how)
}

// small is a base that could not be done: of 100 asked 70 could be, 60 were.
func small() *scene {
	return quantity(village, "60", step(province, "100"), step(county, "0"), step(town, "0")).own().set(func(r *Record) {
		r.Capacities = []Figure{able(village, "70")}
	})
}

const (
	plain   = town + ":6667 " + village + ":3333"
	charged = county + ":6667 " + village + ":3333" // the town's part went to the county
)

func knows(unit, value string) outcome.Stated {
	return outcome.Stated{Point: outcome.Knew, Unit: unit, Value: value}
}

func found200(asOf string, h int) Figure {
	return Figure{Unit: village, Of: measure, Value: n("200"), Verified: true, AsOf: ledger.Date(asOf), Document: "check", Event: event(uint64(300+h), "assignment.verified", h)}
}

func faked(who, amount string, h int) Falsification {
	f := Falsification{Who: who, Document: "report", Event: event(uint64(200+h), "assignment.falsification_verified", h)}
	if amount != "" {
		f.Amount = p(n(amount))
	}
	return f
}

// half60 is S2-19: a street delivered 60 of the 100 that the lead asked of it.
func half60(how func(*Record)) *scene {
	s := quantity(street, "60", step(lead, "100")).own()
	if how != nil {
		how(&s.r)
	}
	return s
}

// relayed is the same through an office, the task recalled from the street.
func relayed(how func(*Record)) *scene {
	s := quantity(street, "60", step(county, "100"), step(office, "0")).own()
	s.r.Duties[0].Class = "recalled"
	if how != nil {
		how(&s.r)
	}
	return s
}

func approvedSplit(h int) *Split {
	return &Split{Approved: true, By: county, Document: "approval", Events: []Event{event(33, "issuance.made", h)}}
}

// weekly is a patrol once in 30 days that the county made weekly.
func weekly(verified string) *scene {
	s := penalised(outcome.Penalised{Kind: outcome.Quantity, Mandate: "farmland-600", Measure: measure, Unit: village, Required: "1/7", Verified: verified})
	return s.set(func(r *Record) {
		r.Steps = []Step{{Unit: city, Root: true, Events: []Event{event(10, "issuance.made", -24*30)}}, {Unit: county, Amount: n("23/7"), Events: []Event{event(11, "issuance.made", -24*29)}}}
		r.Reference, r.Frequency, r.Linear, r.Origin = p(n("1")), true, true, city
	}).own()
}

// merge is a village that the town asked for 220: 100 came from the province's
// office by way of the office, which added 5 that a later cut took 1 from, 96
// from the county, and 20 are the town's own.
func merge(verified string, how func(*Record)) *scene {
	s := penalised(outcome.Penalised{Kind: outcome.Quantity, Mandate: "farmland-600", Measure: measure, Unit: village, Required: "220", Verified: verified}).own()
	made := []Event{event(10, "issuance.made", -24*30)}
	s.r.Steps = []Step{
		{Unit: province, Amount: n("100"), Root: true, Events: made}, {Unit: office, Amount: n("4"), Events: made},
		{Unit: county, Amount: n("96"), Root: true, Events: made}, {Unit: town, Amount: n("20"), Events: made},
	}
	s.r.Layers, s.r.Origin = slices.Clone(s.r.Steps), province
	if how != nil {
		how(&s.r)
	}
	return s
}

// What counts, and from when. Each case differs from another of the same
// scene by one fact, and each rule has a case on either side.
func TestWhatCounts(t *testing.T) {
	insisted := decides(assignment.Insisted, county, -24*10)
	due := func(h int) func(*Objection) { return func(o *Objection) { o.Due = hoursPtr(h) } }
	both := func(hows ...func(*Objection)) func(*Objection) {
		return func(o *Objection) {
			for _, how := range hows {
				how(o)
			}
		}
	}
	onPaper := func(day string) func(*Objection) {
		return func(o *Objection) { o.Stated, o.OnPaper, o.Document = true, ledger.Date(day), "letter" }
	}
	state := func(s *scene, x outcome.Stated) *scene { return s.state(x) }
	approvedBy := func(h int) *scene {
		return over().set(func(r *Record) { r.Steps[1].Approved, r.Steps[1].Events[0].Recorded = n("20"), hours(h) })
	}
	for _, c := range []struct {
		name string
		of   *scene
		want string
	}{
		// Objections.
		{"nobody objected", over(), plain},
		{"the town objected, was ordered and overruled", ordered(-24*20, insisted), charged},
		{"an objection recorded after the outcome changes nothing", ordered(1, both(insisted, func(o *Objection) { o.Decided.Recorded = hours(2) })), plain},
		{"nor does one recorded at the very moment", ordered(0, both(insisted, func(o *Objection) { o.Decided.Recorded = hours(2) })), plain},
		{"though it be dated before", ordered(1, func(o *Objection) { o.OnPaper, o.Due = "2022-07-01", hoursPtr(-24) }), plain},
		{"nor on paper, entered by a reviewer after the outcome", ordered(24*9, both(onPaper("2022-07-31"), due(-1))), plain},
		{"entered by a reviewer before it, it counts like any other", ordered(-24*20, both(onPaper("2022-07-01"), insisted)), charged},
		{"answered only after the outcome, it was open", ordered(-24*20, decides(assignment.Insisted, county, 1)), plain},
		{"left to lapse before the outcome", ordered(-24*20, due(-1)), charged},
		{"lapsed as the system records it", ordered(-24*20, decides(assignment.Lapsed, "", -1)), charged},
		{"recorded as lapsed afterwards, due before", ordered(-24*20, both(due(-1), decides(assignment.Lapsed, "", 5))), charged},
		{"not due yet", ordered(-24*20, due(1)), plain},
		{"accepted, nobody was overruled", ordered(-24*20, both(due(-24*5), decides(assignment.Accepted, county, -24))), plain},
		{"changed, nobody was overruled", ordered(-24*20, decides(assignment.Modified, county, -24)), plain},
		{"what the town added of its own stays its own", ordered(-24*20, insisted).set(func(r *Record) { r.Steps[1].DirectedBy = "" }), plain},
		{"what another ordered is not the county's", ordered(-24*20, insisted).set(func(r *Record) { r.Steps[1].DirectedBy = city }), plain},
		{"of several the one who ordered it", ordered(-24*20, insisted).objects(town, city, assignment.OffList, -24*19, decides(assignment.Insisted, city, -24*9)), charged},
		{"whichever came last", over().set(func(r *Record) { r.Steps[1].DirectedBy = county }).objects(town, city, assignment.OffList, -24*20, decides(assignment.Insisted, city, -24*9)).objects(town, county, assignment.Infeasible, -24*19, insisted), charged},
		{"unless a reviewer states who ordered it", state(ordered(-24*20, insisted).set(func(r *Record) { r.Steps[1].DirectedBy = "" }), outcome.Stated{Point: outcome.OverruledBy, Unit: town, By: county}), charged},
		{"the overruler is followed upwards", ordered(-24*20, insisted).objects(county, city, assignment.Infeasible, -24*25, decides(assignment.Insisted, city, -24*22)).set(func(r *Record) {
			r.Steps[0].DirectedBy = city
		}), village + ":3333 " + city + ":6667"},
		{"a clearly illegal order leaves κ", ordered(-24*20, both(insisted, func(o *Objection) { o.ClearlyIllegal = true })), county + ":4667 " + town + ":2000 " + village + ":3333"},
		{"as a reviewer states it", state(ordered(-24*20, insisted), outcome.Stated{Point: outcome.ClearlyIllegal, Unit: town, Value: "yes"}), county + ":4667 " + town + ":2000 " + village + ":3333"},
		{"or denies it", state(ordered(-24*20, both(insisted, func(o *Objection) { o.ClearlyIllegal = true })), outcome.Stated{Point: outcome.ClearlyIllegal, Unit: town, Value: "no"}), charged},
		{"whoever is stated to have insisted on it", state(ordered(-24*20, both(insisted, func(o *Objection) { o.ClearlyIllegal = true })), outcome.Stated{Point: outcome.OverruledBy, Unit: town, By: county}), county + ":4667 " + town + ":2000 " + village + ":3333"},
		{"no order that was let lapse is illegal", ordered(-24*20, both(due(-1), func(o *Objection) { o.ClearlyIllegal = true })), charged},
		{"an objection stated with who insisted", state(over(), outcome.Stated{Point: outcome.Objected, Unit: town, Value: "yes", By: county, OnPaper: "2022-07-01"}), charged},
		{"stated that there was none", state(ordered(-24*20, insisted), outcome.Stated{Point: outcome.Objected, Unit: town, Value: "no"}), plain},
		{"stated that nobody insisted", state(ordered(-24*20, insisted), outcome.Stated{Point: outcome.OverruledBy, Unit: town, Value: "no"}), plain},
		{"and taken back", state(state(ordered(-24*20, insisted), outcome.Stated{Point: outcome.OverruledBy, Unit: town, Value: "no"}), outcome.Stated{Point: outcome.OverruledBy, Unit: town, Value: "unknown"}), charged},

		// The executor's own objection.
		{"its objection to missing means moves its part", over().objects(village, town, assignment.Unresourced, -24*10, decides(assignment.Insisted, town, -24*9)), town + ":10000"},
		{"another ground does not", over().objects(village, town, assignment.Infeasible, -24*10, decides(assignment.Insisted, town, -24*9)), plain},
		{"nor does one recorded afterwards", over().objects(village, town, assignment.Unresourced, 1, decides(assignment.Insisted, town, 2)), plain},
		{"κ holds for it too", over().objects(village, town, assignment.Unresourced, -24*10, both(decides(assignment.Insisted, town, -24*9), func(o *Objection) { o.ClearlyIllegal = true })), town + ":9000 " + village + ":1000"},
		{"of several that to missing means moves it", over().objects(village, town, assignment.Unresourced, -24*10, decides(assignment.Insisted, town, -24*9)).objects(village, county, assignment.OffList, -24*8, decides(assignment.Insisted, county, -24*7)), town + ":10000"},
		{"whichever came first", over().objects(village, county, assignment.OffList, -24*10, decides(assignment.Insisted, county, -24*9)).objects(village, town, assignment.Unresourced, -24*8, decides(assignment.Insisted, town, -24*7)), town + ":10000"},
		{"open, it moves once a reviewer states who insisted", state(over().objects(village, town, assignment.Unresourced, -24*10, nil), outcome.Stated{Point: outcome.OverruledBy, Unit: village, By: town}), town + ":10000"},
		{"on another ground it does not", state(over().objects(village, town, assignment.Infeasible, -24*10, nil), outcome.Stated{Point: outcome.OverruledBy, Unit: village, By: town}), plain},
		{"nor where no ground is known", state(over(), outcome.Stated{Point: outcome.OverruledBy, Unit: village, By: town}), plain},
		{"a reviewer can state the ground with it", state(over(), outcome.Stated{Point: outcome.Objected, Unit: village, Value: "unresourced", By: town}), town + ":10000"},
		{"or another", state(over(), outcome.Stated{Point: outcome.Objected, Unit: village, Value: "yes", By: town}), plain},
		{"a ground on record stays", state(over().objects(village, town, assignment.Unresourced, -24*10, nil), outcome.Stated{Point: outcome.Objected, Unit: village, Value: "yes", By: town}), town + ":10000"},
		{"unless it is stated that there was none", state(state(over().objects(village, town, assignment.Unresourced, -24*10, nil), outcome.Stated{Point: outcome.Objected, Unit: village, Value: "no"}), outcome.Stated{Point: outcome.OverruledBy, Unit: village, By: town}), plain},

		// Approval.
		{"an approval with means makes it base", approvedBy(-24 * 20), village + ":10000"},
		{"one recorded after the outcome does not", approvedBy(1), plain},
		{"it covers what was approved and no more", over().set(func(r *Record) { r.Steps[1].Approved = n("15") }), town + ":1667 " + village + ":8333"},
		{"as a reviewer states it, and not as recorded", state(approvedBy(-24*20), outcome.Stated{Point: outcome.Approved, Unit: town, Value: "15"}), town + ":1667 " + village + ":8333"},

		// Verified delivery.
		{"what an investigator verified counts, whenever it was recorded", over().set(func(r *Record) { r.Verified = []Figure{found200("2022-07-30", 24*40)} }), town + ":10000"},
		{"not for a day after the outcome", over().set(func(r *Record) { r.Verified = []Figure{found200("2022-08-02", 24*40)} }), plain},
		{"nor another unit's", over().set(func(r *Record) { r.Verified = []Figure{found200("2022-07-30", 24)}; r.Verified[0].Unit = town }), plain},
		{"the latest date counts", over().set(func(r *Record) {
			old := found200("2022-07-01", 24*50)
			old.Value = n("100")
			r.Verified = []Figure{found200("2022-07-30", 24), old}
		}), town + ":10000"},
		{"of one date the one recorded last", over().set(func(r *Record) {
			first := found200("2022-07-30", 24)
			first.Value, first.Event.Ordinal = n("100"), 200
			r.Verified = []Figure{found200("2022-07-30", 48), first}
		}), town + ":10000"},
		{"a correction of the outcome counts", over().happens(outcome.Corrected{Verified: p("200")}), town + ":10000"},

		// Capacity.
		{"no capacity, nothing is infeasible", small().set(func(r *Record) { r.Capacities = nil }), village + ":10000"},
		{"an investigator's, from before", state(state(state(small(), knows(county, "no")), knows(town, "no")), knows(village, "no")), province + ":7500 " + village + ":2500"},
		{"one recorded after the outcome is none", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(1) }), village + ":10000"},
		{"nor is one for a later day", small().set(func(r *Record) { r.Capacities[0].AsOf = "2022-08-02" }), village + ":10000"},
		{"nor what the unit says of itself", small().set(func(r *Record) { r.Capacities[0].Verified = false }), village + ":10000"},
		{"nor one of something else", small().set(func(r *Record) { r.Capacities[0].Of = "farmland-600/houses" }), village + ":10000"},
		{"nor another unit's", small().set(func(r *Record) { r.Capacities[0].Unit = town }), village + ":10000"},
		{"the outcome's own counts before it", state(state(state(small(), knows(county, "no")), knows(town, "no")), knows(village, "no")).happens(outcome.Corrected{Capacity: p("80")}), province + ":5000 " + village + ":5000"},
		{"and a reviewer's before that", state(state(state(state(small(), knows(county, "no")), knows(town, "no")), knows(village, "no")).happens(outcome.Corrected{Capacity: p("80")}), outcome.Stated{Point: outcome.Capacity, Unit: village, Value: "90"}), province + ":2500 " + village + ":7500"},

		// Silence.
		{"who passed it on with the capacity on record was silent", small(), province + ":5250 " + county + ":750 " + town + ":750 " + village + ":3250"},
		{"not who passed it on before", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = r.Steps[1].Events[0].Recorded.Add(1) }), province + ":6000 " + town + ":750 " + village + ":3250"},
		{"nor who knew only after the outcome, though its paper was entered later still", small().happens(outcome.Corrected{Capacity: p("70")}).set(func(r *Record) {
			r.Capacities[0].Event.Recorded, r.Steps[1].Events[0].Recorded = hours(1), hours(5)
		}), province + ":7500 " + village + ":2500"},
		{"a later order of it is passing it on again", small().set(func(r *Record) {
			r.Capacities[0].Event.Recorded = r.Steps[1].Events[0].Recorded.Add(1)
			r.Steps[1].Events = append(r.Steps[1].Events, event(50, "issuance.line_amended", -24*5))
		}), province + ":5250 " + county + ":750 " + town + ":750 " + village + ":3250"},
		{"not who objected, though nobody answered", small().objects(town, county, assignment.Infeasible, -24*20, nil), province + ":6000 " + county + ":750 " + village + ":3250"},
		{"who objected afterwards was silent", small().objects(town, county, assignment.Infeasible, 1, nil), province + ":5250 " + county + ":750 " + town + ":750 " + village + ":3250"},
		{"stated as not having known", state(small(), knows(town, "no")), province + ":6000 " + county + ":750 " + village + ":3250"},
		{"stated as having known", state(small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }), knows(town, "yes")), province + ":6000 " + town + ":750 " + village + ":3250"},
		{"its own figure tells a unit, though nobody verified it", small().set(func(r *Record) {
			r.Capacities[0].Event.Recorded = hours(-1) // when all had passed it on
			r.Capacities = append(r.Capacities, Figure{Unit: county, Of: measure, Value: n("70"), AsOf: "2022-06-01", Event: event(8, "unit.capacity_declared", -24*50)})
		}), province + ":6000 " + county + ":750 " + village + ":3250"},
		{"but tells those above it nothing", small().set(func(r *Record) {
			r.Capacities[0].Event.Recorded = hours(-1)
			r.Capacities = append(r.Capacities, Figure{Unit: village, Of: measure, Value: n("70"), AsOf: "2022-06-01", Event: event(8, "unit.capacity_declared", -24*50)})
		}), province + ":6750 " + village + ":3250"},
		{"nor does a figure of something else", small().set(func(r *Record) {
			r.Capacities[0].Event.Recorded = hours(-1)
			other := able(village, "5")
			other.Of = "farmland-600/houses"
			r.Capacities = append(r.Capacities, other)
		}), province + ":6750 " + village + ":3250"},
		{"a capacity that would do tells nobody anything", small().set(func(r *Record) {
			late := able(village, "70")
			late.Event = event(9, "unit.capacity_verified", -1)
			r.Capacities = []Figure{able(village, "100"), late}
		}), province + ":6750 " + village + ":3250"},
		{"an objection reached it", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }).objects(village, town, assignment.Infeasible, -24*3, nil), province + ":6750 " + town + ":750 " + village + ":2500"},
		{"or one that the demands conflict", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }).objects(village, town, assignment.Conflicting, -24*3, nil), province + ":6750 " + town + ":750 " + village + ":2500"},
		{"not one to other means", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }).objects(village, town, assignment.OffList, -24*3, nil), province + ":7500 " + village + ":2500"},
		{"nor one recorded afterwards", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }).objects(village, town, assignment.Infeasible, 1, nil), province + ":6750 " + village + ":3250"},
		{"who decided on it knew as well", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }).objects(village, town, assignment.Infeasible, -24*3, decides(assignment.Insisted, county, -24)), province + ":6000 " + county + ":750 " + town + ":750 " + village + ":2500"},
		{"not if it decided afterwards", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }).objects(village, town, assignment.Infeasible, -24*3, decides(assignment.Insisted, county, 1)), province + ":6750 " + town + ":750 " + village + ":2500"},

		// λ: whose task it was.
		{"basic on its list: its own", half60(nil), street + ":10000"},
		{"to cooperate in: half", half60(func(r *Record) { r.Duties[0].Class = "cooperate" }), lead + ":5000 " + street + ":5000"},
		{"recalled: not at all", half60(func(r *Record) { r.Duties[0].Class = "recalled" }), lead + ":10000"},
		{"recalled, though a split was approved", half60(func(r *Record) { r.Duties[0].Class, r.Split = "recalled", approvedSplit(-24) }), lead + ":10000"},
		{"not on its list: not at all", half60(func(r *Record) { r.Duties[0] = Duty{Unit: street, HasList: true} }), lead + ":10000"},
		{"not on its list, the split approved: half", half60(func(r *Record) { r.Duties[0], r.Split = Duty{Unit: street, HasList: true}, approvedSplit(-24) }), lead + ":5000 " + street + ":5000"},
		{"the approval recorded afterwards is none", half60(func(r *Record) { r.Duties[0], r.Split = Duty{Unit: street, HasList: true}, approvedSplit(1) }), lead + ":10000"},
		{"no list, the split not approved: not at all", half60(func(r *Record) { r.Duties, r.Split = nil, &Split{} }), lead + ":10000"},
		{"no list: not known, half by the parameter", half60(func(r *Record) { r.Duties = nil }), lead + ":5000 " + street + ":5000"},
		{"a list entered afterwards says nothing", half60(func(r *Record) { r.Duties[0].Event.Recorded = hours(1) }), lead + ":5000 " + street + ":5000"},
		{"nor does another unit's", half60(func(r *Record) { r.Duties[0].Unit = town }), lead + ":5000 " + street + ":5000"},
		{"nor one where the task names no item", half60(func(r *Record) { r.Duty, r.Duties[0] = "", Duty{Unit: street, HasList: true} }), lead + ":5000 " + street + ":5000"},
		{"as a reviewer states it", state(half60(nil), outcome.Stated{Point: outcome.Duty, Unit: street, Value: outcome.DutyUnapproved}), lead + ":10000"},

		// a: what it had to do it with.
		{"no power, nothing is its own", half60(func(r *Record) { r.Authority = p(false) }), lead + ":10000"},
		{"power not on record counts as there", half60(func(r *Record) { r.Authority = nil }), street + ":10000"},
		{"as a reviewer states it of the power", state(half60(nil), outcome.Stated{Point: outcome.Authority, Unit: street, Value: "no"}), lead + ":10000"},
		{"no receipt on record counts as notice", half60(func(r *Record) { r.Delivered = nil }), street + ":10000"},
		{"one that says it came too late is none", half60(func(r *Record) { r.Delivered.At = hoursPtr(1) }), lead + ":10000"},
		{"entered afterwards, and too late by its own date", half60(func(r *Record) { r.Delivered = &Receipt{At: hoursPtr(1), Event: event(70, "assignment.delivered", 2)} }), lead + ":10000"},
		{"at the very moment is too late", half60(func(r *Record) { r.Delivered.At = hoursPtr(0) }), lead + ":10000"},
		{"entered afterwards, it says nothing", half60(func(r *Record) {
			r.Delivered = &Receipt{At: hoursPtr(-24), Event: event(70, "assignment.delivered", 1)}
		}), street + ":10000"},
		{"the receiver's own word goes before the issuer's", half60(func(r *Record) {
			r.Acknowledged, r.Delivered.At = &Receipt{Event: event(41, "assignment.acknowledged", -24)}, hoursPtr(1)
		}), street + ":10000"},
		{"as a reviewer states it of the notice", state(half60(nil), outcome.Stated{Point: outcome.Notice, Unit: street, Value: "no"}), lead + ":10000"},
		{"two fifths of the means", half60(func(r *Record) { r.Given[0].Amount = n("40") }), lead + ":6000 " + street + ":4000"},
		{"what was given adds up", half60(func(r *Record) {
			r.Given[0].Amount = n("20")
			r.Given = append(r.Given, Resource{Kind: "money", Amount: n("20"), Event: event(50, "assignment.resource_granted", -1)})
		}), lead + ":6000 " + street + ":4000"},
		{"but not what came after the outcome", half60(func(r *Record) {
			r.Given[0].Amount = n("40")
			r.Given = append(r.Given, Resource{Kind: "money", Amount: n("60"), Event: event(50, "assignment.resource_granted", 1)})
		}), lead + ":6000 " + street + ":4000"},
		{"more than was needed is enough", half60(func(r *Record) { r.Given[0].Amount = n("400") }), street + ":10000"},
		{"the newest word on what is needed counts", half60(func(r *Record) {
			r.Needed = append(r.Needed, Resource{Kind: "money", Amount: n("250"), Event: event(50, "assignment.resource_granted", -1)})
		}), lead + ":6000 " + street + ":4000"},
		{"not one of after the outcome", half60(func(r *Record) {
			r.Needed = append(r.Needed, Resource{Kind: "money", Amount: n("250"), Event: event(50, "assignment.resource_granted", 1)})
		}), street + ":10000"},
		{"what one event needs of a kind adds up", half60(func(r *Record) {
			r.Needed = append(r.Needed, Resource{Kind: "money", Amount: n("150"), Event: r.Needed[0].Event})
		}), lead + ":6000 " + street + ":4000"},
		{"of several kinds the scarcest decides", half60(func(r *Record) {
			r.Needed = append(r.Needed, Resource{Kind: "people", Amount: n("5"), Event: r.Needed[0].Event}, Resource{Kind: "equipment", Amount: n("2"), Event: r.Needed[0].Event})
			r.Given = append(r.Given, Resource{Kind: "people", Amount: n("2"), Event: r.Needed[0].Event}, Resource{Kind: "equipment", Amount: n("2"), Event: r.Needed[0].Event})
		}), lead + ":6000 " + street + ":4000"},
		{"nothing of a kind that was needed", half60(func(r *Record) { r.Needed[0].Kind = "people" }), lead + ":10000"},
		{"nothing was needed", half60(func(r *Record) { r.Needed[0].Amount, r.Given = n("0"), nil }), street + ":10000"},
		{"as a reviewer states it of the means", state(half60(nil), outcome.Stated{Point: outcome.GrantedNeeded, Unit: street, Value: "2/5"}), lead + ":6000 " + street + ":4000"},
		{"more than all is all", state(half60(nil), outcome.Stated{Point: outcome.GrantedNeeded, Unit: street, Value: "7/5"}), street + ":10000"},
		{"the least of the three", half60(func(r *Record) { r.Given[0].Amount, r.Delivered.At = n("40"), hoursPtr(1) }), lead + ":10000"},

		// Who owns the task.
		{"the lead of record", relayed(func(r *Record) { r.Lead = lead }), lead + ":10000"},
		{"else the origin", relayed(nil), county + ":10000"},
		{"else the direct issuer", relayed(func(r *Record) { r.Origin = "" }), office + ":10000"},
		{"of a line that passed it twice too", merge("190", func(r *Record) {
			again := r.Steps[1]
			again.Unit, again.Amount = county, exact.Rat{}
			r.Steps = []Step{r.Steps[0], r.Steps[2], r.Steps[3], r.Steps[1], again}
			r.Origin, r.Duties[0].Class = "", "recalled"
		}), county + ":2000 " + town + ":6667 " + office + ":1333"},
		{"before all as a reviewer states it", state(relayed(func(r *Record) { r.Lead = lead }), outcome.Stated{Point: outcome.Owner, Unit: street, By: town}), town + ":10000"},
		{"taken back, as before", state(state(relayed(func(r *Record) { r.Lead = lead }), outcome.Stated{Point: outcome.Owner, Unit: street, By: town}), outcome.Stated{Point: outcome.Owner, Unit: street, Value: "no"}), lead + ":10000"},

		// Falsification.
		{"half of G on top, whenever it was verified", over().set(func(r *Record) { r.Falsifications = []Falsification{faked(village, "20", 24*90)} }), town + ":5444 " + village + ":4556"},
		{"the one it names bears it", over().set(func(r *Record) { r.Falsifications = []Falsification{faked(town, "20", 24)} }), town + ":7778 " + village + ":2222"},
		{"of several the worst", over().set(func(r *Record) {
			r.Falsifications = []Falsification{faked(village, "20", 24), faked(town, "30", 48), faked(office, "", 60)}
		}), town + ":7778 " + village + ":2222"},
		{"of equals the one found out first", over().set(func(r *Record) { r.Falsifications = []Falsification{faked(town, "20", 24), faked(village, "20", 48)} }), town + ":7778 " + village + ":2222"},
		{"by one beside the chain", over().set(func(r *Record) { r.Falsifications = []Falsification{faked(office, "20", 24)} }), town + ":5445 " + village + ":2222 " + office + ":2333"},

		// Other measures, other chains.
		{"a frequency is counted per 30 days", weekly("1/10"), county + ":10000"},
		{"as it was verified", weekly("1/60"), county + ":8679 " + village + ":1321"},
		{"a capacity of it is written like it", weekly("1/60").happens(outcome.Corrected{Capacity: p("1/60")}), city + ":1321 " + county + ":8679"},
		{"a bare number is times per 30 days, as it used to be", weekly("1/60").happens(outcome.Corrected{Capacity: p("0.5")}), city + ":1321 " + county + ":8679"},
		{"as a reviewer states it", weekly("1/60").state(outcome.Stated{Point: outcome.Capacity, Unit: village, Value: "1/60"}), city + ":1321 " + county + ":8679"},
		{"in either way", weekly("1/60").state(outcome.Stated{Point: outcome.Capacity, Unit: village, Value: "0.5"}), city + ":1321 " + county + ":8679"},
		{"what was approved of it too", weekly("1/60").state(outcome.Stated{Point: outcome.Approved, Unit: county, Value: "23/210", OnPaper: "2022-07-01"}), village + ":10000"},
		{"or came from above", weekly("1/60").state(outcome.Stated{Point: outcome.Above, Unit: city, Value: "1/60"}), city + ":1321 " + county + ":8679"},
		{"a base from above the chain is nobody's", small().set(func(r *Record) {
			r.Capacities[0].Event.Recorded, r.Provisional, r.Above = hours(-1), true, p(n("100"))
		}), village + ":3250 UNATTRIBUTED:6750"},
		{"of a deadline too", quantity(town, "27", step(city, "0")).own().set(func(r *Record) { r.Reference, r.Lower, r.Provisional, r.Above = p(n("25")), true, true, p(n("30")) }), city + ":10000"},
		{"as a reviewer states what came from above", state(quantity(village, "100", step(lead, "120")).own(), outcome.Stated{Point: outcome.Above, Unit: lead, Value: "100"}), lead + ":10000"},
		{"and an approval of what was added to it", state(quantity(village, "100", step(lead, "120")).own().set(func(r *Record) { r.Steps[0].Approved = n("20") }), outcome.Stated{Point: outcome.Above, Unit: lead, Value: "100"}), village + ":10000"},
		{"branches that merged: additions by their layers", merge("190", nil), office + ":1333 " + town + ":6667 " + village + ":2000"},
		{"an approval covers a layer as far as it goes", merge("190", func(r *Record) { r.Layers[3].Approved = n("15") }), office + ":1333 " + town + ":1667 " + village + ":7000"},
		{"more than the layer is the layer", merge("190", func(r *Record) { r.Layers[3].Approved = n("500") }), office + ":1333 " + village + ":8667"},
		{"a statement covers a unit's layers in order", state(merge("190", func(r *Record) { r.Layers[1].Unit = town }), outcome.Stated{Point: outcome.Approved, Unit: town, Value: "10"}), town + ":4667 " + village + ":5333"},
		{"what began with it needs no approval", state(merge("190", func(r *Record) { r.Layers[2].Unit = town }), outcome.Stated{Point: outcome.Approved, Unit: town, Value: "15"}), office + ":1333 " + town + ":1667 " + village + ":7000"},
		{"the executor stood above itself too", merge("190", func(r *Record) { r.Steps[1].Unit, r.Layers[1].Unit = village, village }), plain},
		{"what could not be done goes back to both origins", merge("190", func(r *Record) {
			r.Capacities = []Figure{able(village, "190")}
			r.Capacities[0].Event.Recorded = hours(-1)
		}), province + ":918 " + office + ":1333 " + county + ":882 " + town + ":6667 " + village + ":200"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shares(c.of.explain(t)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// An approval of the whole addition is written as that, one of a part as so
// much.
func TestApprovedInCase(t *testing.T) {
	for value, want := range map[string]string{"20": "[990101001] map[]", "25": "[990101001] map[]", "15": "[] map[990101001:15]", "0": "[] map[]"} {
		c := over().state(outcome.Stated{Point: outcome.Approved, Unit: town, Value: value}).explain(t).Evidence.Case
		if got := fmt.Sprint(c.Authorised, c.Approved); got != want {
			t.Errorf("%s approved: %s, want %s", value, got, want)
		}
	}
}
