package evidence

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

var update = flag.Bool("update", false, "write testdata/told.txt anew")

// Everything that is said, left out and asked of the scenes, with the events it
// rests on, is as testdata/told.txt has it. What changes there for a case on
// record changes its hash: see Method.
func TestTold(t *testing.T) {
	var got strings.Builder
	for _, x := range told() {
		e := x.of.explain(t).Evidence
		fmt.Fprintf(&got, "%s\n", x.name)
		for _, p := range e.Points {
			fmt.Fprintf(&got, "  + %s\n", line(p))
		}
		for _, p := range e.Ignored {
			fmt.Fprintf(&got, "  - %s\n", line(p))
		}
		for _, q := range e.Questions {
			fmt.Fprintf(&got, "  ? %s %s %s by=%s value=%s\n", q.Point, q.Unit, q.Why, q.By, q.Value)
		}
	}
	const path = "testdata/told.txt"
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Split(string(want), "\n")
	for i, now := range strings.Split(got.String(), "\n") {
		if i >= len(old) || old[i] != now {
			t.Fatalf("%s differs at line %d (-update writes it anew):\n%s", path, i+1, now)
		}
	}
	if got.String() != string(want) {
		t.Fatalf("%s says more (-update writes it anew)", path)
	}
}

func line(p Point) string {
	var from []string
	for _, e := range p.Events {
		from = append(from, fmt.Sprint(e.Ordinal))
	}
	text := fmt.Sprintf("%s %s %s by=%s value=%s amount=%s from=%s paper=%s rule=%s", p.Field, p.Unit, p.Says, p.By, p.Value, p.Amount, strings.Join(from, ","), p.Document, p.Rule)
	if p.Stated {
		text += " stated"
	}
	return text
}

type toldOf struct {
	name string
	of   *scene
}

// told are scenes in which, all together, everything is said that can be.
func told() []toldOf {
	heard := over().objects(town, county, assignment.Infeasible, -24*20, decides(assignment.Accepted, county, -24*10))
	open := over().objects(town, county, assignment.Infeasible, -24*20, nil).objects(village, town, assignment.Unresourced, -24*9, decides(assignment.Insisted, town, 1))
	illegal := ordered(-24*20, func(o *Objection) { insisted(county)(o); o.ClearlyIllegal = true })
	lapsed := ordered(-24*20, func(o *Objection) {
		o.Due = hoursPtr(-1)
		o.Decision, o.Decided = assignment.Lapsed, p(event(75, "assignment.lapsed", 5))
	})
	later := ordered(1, insisted(county))
	sure := over().set(func(r *Record) {
		r.Lead, r.LeadFrom, r.OriginFrom = lead, []Event{event(2, "mandate.revised", -24*40)}, []Event{event(1, "mandate.issued", -24*50)}
		found := found200("2022-07-30", 24)
		found.Parts = []Event{event(302, "assignment.verified", 23), event(301, "assignment.verified", 22), event(302, "assignment.verified", 23)}
		r.Verified = []Figure{found}
		r.Acknowledged = &Receipt{At: hoursPtr(-2), Event: event(41, "assignment.acknowledged", -2)}
	})
	origin := over().set(func(r *Record) { r.OriginFrom = []Event{event(1, "mandate.issued", -24*50)} })
	late := over().set(func(r *Record) {
		r.Delivered, r.Acknowledged = &Receipt{At: hoursPtr(1), Event: event(98, "assignment.delivered", 24)}, &Receipt{Event: event(99, "assignment.acknowledged", 24)}
		r.Given = append(r.Given, Resource{Kind: "people", Amount: n("1"), Event: event(50, "assignment.resource_granted", -1)}, Resource{Kind: "money", Amount: n("9"), Event: event(51, "assignment.resource_granted", 1)})
		r.Needed = append(r.Needed, Resource{Kind: "people", Amount: n("4"), Event: event(30, "issuance.made", -24*20)})
		r.Authority = p(false)
	})
	fakes := over().set(func(r *Record) {
		r.Falsifications = []Falsification{faked(village, "10", 24), faked(town, "12", 25), faked(town, "", 26)}
	})
	approved := over().set(func(r *Record) { r.Steps[1].Approved, r.Steps[1].Document = n("15"), "approval" })
	eased := quantity(village, "190", step(county, "200"), step(town, "-20"), step(office, "30")).own()
	able := small()
	objects := small().objects(village, town, assignment.Infeasible, -24*3, nil)
	said := ordered(-24*20, insisted(county)).state(outcome.Stated{Point: outcome.ClearlyIllegal, Unit: town, Value: "yes"}).state(outcome.Stated{Point: outcome.Duty, Unit: village, Value: outcome.DutyCooperate}).
		state(outcome.Stated{Point: outcome.Notice, Unit: village, Value: "no"}).state(outcome.Stated{Point: outcome.GrantedNeeded, Unit: village, Value: "2/5"}).state(outcome.Stated{Point: outcome.Owner, Unit: village, By: lead}).
		state(outcome.Stated{Point: outcome.Capacity, Unit: village, Value: "205"}).state(knows(town, "yes"))
	stop := func(how func(*Stop)) *scene {
		x := Stop{Unit: contractor, ID: "s1", OwedBy: housing, Requested: event(71, "assignment.stop_requested", -1)}
		if how != nil {
			how(&x)
		}
		return site(nil).set(func(r *Record) { r.Stops = []Stop{x} })
	}
	answered := func(h int, granted, against bool) func(*Stop) {
		return func(x *Stop) {
			x.Answered, x.DecidedBy, x.Granted, x.ClearlyIllegal = p(event(72, "assignment.stop_decided", h)), housing, granted, against
		}
	}
	unsaid := site(nil)
	unsaid.o.Penalised.KnownSince = nil
	acted := site(func(a, b *outcome.Warning) {
		a.Did, a.DidAt, b.Channel = "reply", hoursPtr(-1), "chat_group"
	}).set(func(r *Record) {
		r.Acts = []Act{
			{Unit: housing, Kind: "remedy", Power: "coordinate", KnownAt: hoursPtr(-1), Document: "log", Event: event(74, "assignment.acted", -1)},
			{Unit: housing, Kind: "stop_order", Power: "supervise", KnownAt: hoursPtr(-1), Event: event(75, "assignment.acted", 1)},
			{Unit: patrol, Kind: "reply", Power: "none", Event: event(76, "assignment.acted", -1)},
		}
		r.Acks = []Ack{{Unit: patrol, Event: event(73, "assignment.acknowledged", -1)}}
	})
	return []toldOf{
		{"plain", over()}, {"an objection that was heard", heard}, {"objections that were open", open}, {"a clearly illegal order", illegal}, {"an objection left to lapse", lapsed},
		{"an objection of afterwards", later}, {"a lead, what was verified in parts, a receipt", sure}, {"an origin", origin}, {"late notice, scarce means, no power", late}, {"falsified", fakes},
		{"approved in part", approved}, {"eased", eased}, {"a capacity", able}, {"an objection that reached a relay", objects}, {"stated", said},
		{"handed over with approval", half60(func(r *Record) { r.Duties, r.Split = nil, approvedSplit(-24*20) })}, {"without", half60(func(r *Record) {
			r.Duties, r.Split = nil, &Split{By: lead, Events: []Event{event(33, "issuance.made", -24*20)}}
		})},
		{"a frequency", weekly("1/60")}, {"branches", merge("190", nil)}, {"a contradiction", funds()}, {"competing", competing("1", "1", "1", county, town)},
		{"an accident", site(nil)}, {"without the hour it was known", unsaid}, {"acts", acted}, {"a stop that was asked for", stop(nil)}, {"refused", stop(answered(-1, false, false))},
		{"refused against the law", stop(answered(-1, false, true))}, {"granted", stop(answered(-1, true, false))}, {"answered too late", stop(answered(1, true, false))},
	}
}
