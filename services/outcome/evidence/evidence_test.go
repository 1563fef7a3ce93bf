package evidence

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/mandate/assignment"
	"suyuan/services/outcome"
)

func insisted(by string) func(*Objection) { return decides(assignment.Insisted, by, -24*10) }

// What cannot be divided is refused under a rule, with what to do, and with
// what was found and what is asked so far.
func TestRefused(t *testing.T) {
	cycle := over().objects(town, county, assignment.Infeasible, -24*20, insisted(county)).objects(county, town, assignment.Infeasible, -24*20, insisted(town))
	cycle.r.Steps[0].DirectedBy, cycle.r.Steps[1].DirectedBy = town, county
	amended := func(kind string, h int) *scene {
		return over().set(func(r *Record) { r.Steps[1].Events = append(r.Steps[1].Events, event(80, kind, h)) })
	}
	for _, c := range []struct {
		name, rule string
		of         *scene
	}{
		{"overrulers that lead back to themselves", "evidence.cycle", cycle},
		{"an executor overruled by itself", "evidence.cycle", over().objects(village, village, assignment.Unresourced, -24*20, insisted(village))},
		{"nothing was asked on record", "evidence.no_chain", over().set(func(r *Record) { r.Steps = nil })},
		{"branches without layers", "evidence.no_chain", over().set(func(r *Record) { r.Linear = false })},
		{"a line amended after the outcome", "evidence.changed_afterwards", amended("issuance.line_amended", 1)},
		{"or at the very moment", "evidence.changed_afterwards", amended("issuance.line_amended", 0)},
		{"a line taken back after the outcome", "evidence.changed_afterwards", amended("issuance.withdrawn", 1)},
		{"a layer amended after the outcome", "evidence.changed_afterwards", merge("190", func(r *Record) { r.Layers[0].Events = []Event{event(80, "issuance.line_amended", 1)} })},
		{"a demand amended after the outcome", "evidence.changed_afterwards", competing("1", "1", "1", county, town).set(func(r *Record) {
			r.Demands[0].Events = append(r.Demands[0].Events, event(80, "issuance.line_amended", 1))
		})},
		{"no conditions", "evidence.no_constraints", funds().set(func(r *Record) { r.Constraints = nil })},
		{"conditions that a plan meets", "evidence.plan_exists", funds().set(func(r *Record) { r.Infeasible = false })},
		{"as a reviewer states it", "evidence.plan_exists", funds().state(outcome.Stated{Point: outcome.Contradictory, Value: "no"})},
		{"nothing competed", "evidence.no_demands", competing("1", "1", "1")},
		{"a unit that is no unit", "evidence.not_divisible", quantity(village, "1", step(liability.Unattributed, "2"))},
	} {
		e, err := Explain(c.of.o, c.of.r, jra1)
		own, ok := errors.AsType[*ledger.Error](err)
		if !ok || own.Rule != c.rule || own.Code != ledger.Refused {
			t.Errorf("%s: %v, not %s", c.name, err, c.rule)
			continue
		}
		if (c.rule == "evidence.cycle") != errors.Is(err, liability.ErrCycle) {
			t.Errorf("%s: %v", c.name, err)
		}
		if !strings.HasSuffix(own.Text.Zh, "。") || !strings.HasSuffix(own.Text.En, ".") {
			t.Errorf("%s says %+v", c.name, own.Text)
		}
		if e.Outcome != c.of.o.Penalised.ID || c.rule == "evidence.cycle" && len(e.Evidence.Points) == 0 {
			t.Errorf("%s: nothing of it is left: %+v", c.name, e)
		}
	}
	e, _ := Explain(funds().o, funds().set(func(r *Record) { r.Infeasible = false }).r, jra1)
	if _, ok := e.Evidence.asks(outcome.Contradictory, ""); !ok || len(e.Evidence.Points) != 3 {
		t.Errorf("with the refusal come %+v", e.Evidence)
	}
	for name, s := range map[string]*scene{
		"another unit":             over().set(func(r *Record) { r.Executor = town }),
		"another time":             over().set(func(r *Record) { r.At = hours(1) }),
		"other events":             over().set(func(r *Record) { r.Own = nil }),
		"no outcome":               {},
		"broken figure":            over().happens(outcome.Corrected{Verified: p("many")}),
		"broken ability":           over().happens(outcome.Corrected{Capacity: p("many")}),
		"a frequency that is none": over().set(func(r *Record) { r.Frequency = true }),
	} {
		if _, err := Explain(s.o, s.r, jra1); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := Build(over().o, over().set(func(r *Record) { r.Executor = town }).r); err == nil {
		t.Error("a record of another outcome was taken")
	}
	bad := jra1
	bad.Parameters.SilentCap = n("2")
	if _, err := Explain(over().o, over().r, bad); err == nil {
		t.Error("parameters that nobody could adopt were taken")
	}
}

// An amendment before the outcome is part of the chain.
func TestAmendedBefore(t *testing.T) {
	s := over().set(func(r *Record) { r.Steps[1].Events = append(r.Steps[1].Events, event(80, "issuance.line_amended", -1)) })
	e := s.explain(t)
	if p, _ := e.Evidence.says(SaysAdded, town); len(p.Events) != 2 || shares(e) != plain {
		t.Errorf("%s from %+v", shares(e), p)
	}
}

// What no event says is asked, once, and not any more when it was stated.
func TestQuestions(t *testing.T) {
	bare := func() *scene { return quantity(village, "60", step(county, "100"), step(town, "0")) }
	stateAll := func(s *scene) *scene {
		for _, x := range []outcome.Stated{
			{Point: outcome.Authority, Unit: village, Value: "yes"}, {Point: outcome.Notice, Unit: village, Value: "yes"}, {Point: outcome.GrantedNeeded, Unit: village, Value: "1"},
			{Point: outcome.Duty, Unit: village, Value: "basic"}, {Point: outcome.Capacity, Unit: village, Value: "100"},
		} {
			s.state(x)
		}
		return s
	}
	open := func() *scene { return over().objects(town, county, assignment.Infeasible, -24*20, nil) }
	for _, c := range []struct {
		name string
		of   *scene
		want string // points and units asked, with why
	}{
		{"a chain without anything else", bare(), "capacity/990101001001/no_capacity duty/990101001001/no_duty_list authority/990101001001/not_on_record notice/990101001001/no_receipt granted_needed/990101001001/no_need_on_record"},
		{"all of it stated", stateAll(bare()), ""},
		{"all of it on record, but for the capacity", over(), "capacity/990101001001/no_capacity"},
		{"an objection recorded afterwards", over().objects(town, county, assignment.Infeasible, 1, nil), "capacity/990101001001/no_capacity objected/990101001/objected_late"},
		{"and stated from a paper", over().objects(town, county, assignment.Infeasible, 1, nil).state(outcome.Stated{Point: outcome.Objected, Unit: town, Value: "no"}), "capacity/990101001001/no_capacity"},
		{"what was required is another number", over().happens(outcome.Corrected{Required: p("200")}), "required_amount/990101001001/other_demand capacity/990101001001/no_capacity"},
		{"an investigator verified another delivery", over().set(func(r *Record) { r.Verified = []Figure{found200("2022-07-30", 24)} }), "verified_delivery/990101001001/other_delivery capacity/990101001001/no_capacity"},
		{"the same delivery", over().happens(outcome.Corrected{Verified: p("200")}).set(func(r *Record) { r.Verified = []Figure{found200("2022-07-30", 24)} }), "capacity/990101001001/no_capacity"},
		{"it reported more than was found", over().set(func(r *Record) { r.Reported = []Figure{found200("2022-07-30", -24)} }), "capacity/990101001001/no_capacity falsification/990101001001/reported_more"},
		{"not if that was verified as false", over().set(func(r *Record) {
			r.Reported, r.Falsifications = []Figure{found200("2022-07-30", -24)}, []Falsification{faked(village, "10", 24)}
		}), "capacity/990101001001/no_capacity"},
		{"nor if it reported so of a later day", over().set(func(r *Record) { r.Reported = []Figure{found200("2022-08-02", 24)} }), "capacity/990101001001/no_capacity"},
		{"a capacity that only the unit declares", small().set(func(r *Record) { r.Capacities[0].Verified = false }), "capacity/990101001001/capacity_only_declared"},
		{"whether who passed it on knew", small().set(func(r *Record) { r.Capacities[0].Event.Recorded = hours(-1) }), "knew/990101/knew_of_infeasibility knew/990101001/knew_of_infeasibility"},
		{"not where everything could be done", small().set(func(r *Record) { r.Capacities[0].Value = n("100") }), ""},
		{"an objection that was open", open(), "capacity/990101001001/no_capacity overruled_by/990101001/objection_open"},
		{"until it is stated who insisted", open().state(outcome.Stated{Point: outcome.Objected, Unit: town, Value: "yes"}), "capacity/990101001001/no_capacity"},
		{"an addition of its own motion", over().objects(town, county, assignment.Infeasible, -24*20, insisted(county)), "capacity/990101001001/no_capacity overruled_by/990101001/own_motion"},
		{"an order that was called illegal, and whether means were missing", over().objects(village, town, assignment.Illegal, -24*20, insisted(town)), "capacity/990101001001/no_capacity clearly_illegal/990101001001/called_illegal objected/990101001001/other_ground"},
		{"an approval that came late", over().set(func(r *Record) { r.Steps[1].Approved, r.Steps[1].Events[0].Recorded = n("20"), hours(1) }), "approved/990101001/approved_late capacity/990101001001/no_capacity"},
		{"what the first unit had received", over().set(func(r *Record) { r.Provisional = true }), "above/990101/no_origin capacity/990101001001/no_capacity"},
		{"not once it is on record", over().set(func(r *Record) { r.Provisional, r.Above = true, p(n("200")) }), "capacity/990101001001/no_capacity"},
		{"nobody to ask in a contradiction but who passed it on", funds(), "knew/990101001/knew_of_infeasibility"},
		{"nor whether who was overruled in one lacked means", funds().objects(town, county, assignment.Conflicting, -24*20, insisted(county)), ""},
		{"an accident of which nothing is known", penalised(outcome.Penalised{Kind: outcome.Conduct, Unit: contractor}), "power/990101-cj/not_on_record knew/990101-cj/knew_of_danger window_minutes//no_window"},
		{"a danger told in a chat group to who supervises", site(func(a, b *outcome.Warning) { b.Channel = "chat_group" }), "group_instead_of_site/990101-jl/chat_group"},
		{"not to who only coordinates", site(func(a, b *outcome.Warning) { b.Channel, b.Power = "chat_group", "coordinate" }), ""},
		{"an act entered afterwards", site(nil).set(func(r *Record) {
			r.Acts = []Act{{Unit: contractor, Kind: "stop_order", Power: "stop", At: hoursPtr(-1), Event: event(70, "assignment.acted", 1)}}
		}), "effective/990101-cj/acted_late"},
		{"not one that would not have cleared it", site(nil).set(func(r *Record) {
			r.Acts = []Act{{Unit: contractor, Kind: "reply", Power: "stop", At: hoursPtr(-1), Event: event(70, "assignment.acted", 1)}}
		}), ""},
		{"a request to stop without an answer", site(nil).set(func(r *Record) {
			r.Stops = []Stop{{Unit: contractor, OwedBy: supervisor, Requested: event(71, "assignment.stop_requested", -1)}}
		}), "overruled_by/990101-cj/stop_open"},
	} {
		e := c.of.explain(t).Evidence
		var got []string
		for _, q := range e.Questions {
			got = append(got, string(q.Point)+"/"+q.Unit+"/"+string(q.Why))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: asks %s, want %s", c.name, text, c.want)
		}
	}
}

// Whatever counts names the event it rests on, or the document of a statement;
// whatever lies after the outcome and does not count is shown as that.
func TestEveryFactHasItsEvent(t *testing.T) {
	full := ordered(-24*20, insisted(county)).set(func(r *Record) {
		r.OriginFrom, r.Lead, r.LeadFrom = []Event{event(1, "mandate.issued", -24*50)}, county, []Event{event(2, "mandate.revised", -24*40)}
		r.Falsifications, r.Capacities = []Falsification{faked(village, "10", 24)}, []Figure{able(village, "200")}
	}).state(knows(town, "yes"))
	for _, s := range []*scene{full, small(), funds(), blast(), merge("190", nil), competing("1", "1", "1", county, town), weekly("1/60")} {
		s.r.OriginFrom = []Event{event(1, "mandate.issued", -24*50)}
		for _, x := range s.explain(t).Evidence.Points {
			if len(x.Events) == 0 {
				t.Errorf("%+v rests on nothing", x)
			}
			if x.Field == "" || x.Stated && x.Document == "" {
				t.Errorf("%+v says not where it stands or what shows it", x)
			}
		}
	}
	late := over().objects(town, county, assignment.Infeasible, 1, nil).set(func(r *Record) {
		r.Given = append(r.Given, Resource{Kind: "money", Amount: n("5"), Event: event(50, "assignment.resource_granted", 1)})
		r.Acknowledged = &Receipt{At: hoursPtr(-1), Event: event(41, "assignment.acknowledged", 1)}
		r.Steps[1].Approved, r.Steps[1].Events[0].Recorded = n("20"), hours(1)
		r.Capacities = []Figure{able(village, "200")}
		r.Capacities[0].Verified = false
	}).explain(t).Evidence
	for _, x := range []struct {
		says Says
		unit string
	}{{SaysObjectedLate, town}, {SaysMeansLate, village}, {SaysNotice, village}, {SaysApproved, town}, {SaysCapacityOwn, village}} {
		if _, ok := late.leaves(x.says, x.unit); !ok {
			t.Errorf("%s of %s is not shown among what does not count: %+v", x.says, x.unit, late.Ignored)
		}
		if _, ok := late.says(x.says, x.unit); ok && x.says != SaysNotice {
			t.Errorf("%s of %s counts", x.says, x.unit)
		}
	}
	accident := site(nil).set(func(r *Record) {
		r.Acts = []Act{{Unit: contractor, Kind: "stop_order", Power: "stop", Event: event(70, "assignment.acted", 1)}}
		r.Stops = []Stop{{Unit: contractor, OwedBy: supervisor, Requested: event(71, "assignment.stop_requested", 1)}}
	}).explain(t).Evidence
	for _, says := range []Says{SaysDid, SaysStopLate} {
		if _, ok := accident.leaves(says, contractor); !ok {
			t.Errorf("%s is not shown among what does not count: %+v", says, accident.Ignored)
		}
	}
	if _, ok := funds().set(func(r *Record) { r.Constraints[0].Event = event(40, "mandate.revised", 1) }).explain(t).Evidence.leaves(SaysSet, county); !ok {
		t.Error("a condition of after the outcome is not shown")
	}
}

// More means than were needed are all that were needed.
func TestMeansAreAPart(t *testing.T) {
	e := half60(func(r *Record) { r.Given[0].Amount = n("400") }).explain(t).Evidence
	if x, _ := e.says(SaysMeans, street); x.Value != "1" || x.Amount != "money 400/100" {
		t.Errorf("%+v", x)
	}
}

// The lines of an explanation name facts that are there, each with its event.
func TestLinesFindTheirFacts(t *testing.T) {
	scenes := []*scene{
		over(), small(), funds().state(knows(town, "yes")), blast(), merge("190", nil), competing("1", "1", "1", county, town), weekly("1/60"), half60(nil),
		ordered(-24*20, func(o *Objection) { insisted(county)(o); o.ClearlyIllegal = true }),
		over().set(func(r *Record) { r.Falsifications = []Falsification{faked(village, "10", 24)} }),
		over().objects(village, town, assignment.Unresourced, -24*10, insisted(town)),
		over().set(func(r *Record) {
			r.Provisional, r.Above, r.Capacities = true, p(n("150")), []Figure{able(village, "120")}
		}),
	}
	for _, s := range scenes {
		s.r.OriginFrom = []Event{event(1, "mandate.issued", -24*50)}
		e := s.explain(t)
		at := map[string]bool{"layers": true, "demands": true, "executor": true}
		for _, x := range e.Evidence.Points {
			at[x.Field] = true
		}
		at["executorOverruledBy"] = at["overruled."+s.r.Executor]
		for _, l := range e.Explained.Lines {
			for _, from := range l.From {
				if !at[from] {
					t.Errorf("%s of %s rests on %s, of which the evidence says nothing", l.Clause, l.Unit, from)
				}
			}
		}
	}
}

// The same facts have the same hash, whatever was asked and whatever came to
// light that does not count; another fact, policy or event has another.
func TestHash(t *testing.T) {
	hash := func(s *scene, with Policy) string {
		e, err := Explain(s.o, s.r, with)
		if err != nil {
			t.Fatal(err)
		}
		h, err := e.Hash()
		if err != nil || len(h) != 64 {
			t.Fatal(h, err)
		}
		return h
	}
	was := hash(over(), jra1)
	for name, s := range map[string]*scene{
		"the same again":             over(),
		"an objection recorded late": over().objects(town, county, assignment.Infeasible, 1, nil),
		"a figure of another day":    over().set(func(r *Record) { r.Verified = []Figure{found200("2022-08-09", 24*9)} }),
		"means that came afterwards": over().set(func(r *Record) {
			r.Given = append(r.Given, Resource{Kind: "money", Amount: n("5"), Event: event(50, "x", 1)})
		}),
		"a report that raises questions": over().set(func(r *Record) { r.Reported = []Figure{found200("2022-07-30", -24)} }),
	} {
		if hash(s, jra1) != was {
			t.Errorf("%s: another hash", name)
		}
	}
	later, loose := jra1, jra1
	later.Version = 2
	loose.Parameters.SilentPassThrough = n("1/5")
	for name, h := range map[string]string{
		"another version":                   hash(over(), later),
		"other parameters":                  hash(over(), loose),
		"another delivery":                  hash(over().set(func(r *Record) { r.Verified = []Figure{found200("2022-07-30", 24)} }), jra1),
		"an event with another hash":        hash(over().set(func(r *Record) { r.Steps[0].Events[0].Hash = strings.Repeat("f", 64) }), jra1),
		"another ordinal":                   hash(over().set(func(r *Record) { r.Steps[0].Events[0].Ordinal = 11 }), jra1),
		"a statement that changes no share": hash(over().state(outcome.Stated{Point: outcome.Authority, Unit: village, Value: "yes"}), jra1),
	} {
		if h == was {
			t.Errorf("%s: the same hash", name)
		}
	}
}

// Where it began: the largest layer, a department where the department is
// known; of an intensity who asked first; of an accident who leads.
func TestOriginating(t *testing.T) {
	for _, c := range []struct {
		name, want  string
		of          *scene
		provisional bool
	}{
		{"the largest layer", county, over(), false},
		{"after cuts", town, quantity(village, "10", step(county, "200"), step(lead, "-150"), step(town, "60")), false},
		{"a cut that goes through a layer", county, quantity(village, "10", step(county, "50"), step(office, "60"), step(lead, "10"), step(town, "-40")), false},
		{"of equals the one upstream", county, quantity(village, "10", step(county, "50"), step(town, "50")), false},
		{"layers of one unit summed", town, merge("190", func(r *Record) { r.Layers[2].Unit = town }), false},
		{"of a deadline who set it", city, quantity(village, "20", step(city, "0"), step(county, "5")).set(func(r *Record) { r.Reference, r.Lower = p(n("30")), true }), false},
		{"most conditions", county, funds().set(func(r *Record) { r.Constraints[0].Author = city }), false},
		{"the largest demand", town, competing("1", "1", "1", county, town).set(func(r *Record) { r.Demands[1].Amount = n("2") }), false},
		{"who leads the task of an accident", lead, site(nil).set(func(r *Record) { r.Lead, r.Origin = lead, county }), false},
		{"else its origin", county, site(nil).set(func(r *Record) { r.Origin = county }), false},
		{"or nobody on record", "", site(nil), false},
		{"above the recorded chain", county, over().set(func(r *Record) { r.Provisional = true }), true},
		{"merged, above the recorded chain", province, merge("190", func(r *Record) { r.Provisional = true }), true},
		{"what came from above is nobody's here", town, over().set(func(r *Record) { r.Above, r.Capacities = p(n("200")), []Figure{able(village, "100")} }), true},
	} {
		e := c.of.explain(t).Evidence
		if e.Originating != c.want || e.Provisional != c.provisional {
			t.Errorf("%s: %s, provisional %v", c.name, e.Originating, e.Provisional)
		}
	}
}

// Every fact and every question is a sentence in both languages, with units by
// the names they are given.
func TestWords(t *testing.T) {
	check := func(what string, text ledger.Text) {
		if strings.ContainsAny(text.Zh+text.En, "{}") || !strings.HasSuffix(strings.ReplaceAll(text.Zh, "？", "。"), "。") || !strings.HasSuffix(strings.ReplaceAll(text.En, "?", "."), ".") ||
			!strings.ContainsFunc(text.Zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s is said as %+v", what, text)
		}
	}
	for key := range sentences {
		says, rest, _ := strings.Cut(key, ".")
		rest, also, _ := strings.Cut(rest, ".")
		x := Point{Says: Says(says), Unit: "a", Value: rest, Amount: "money 1/2"}
		if also == "by" {
			x.By = "b"
		}
		switch rest {
		case "by":
			x.Value, x.By = "1", "b"
		case "value":
			x.Value = "收到"
		case "all":
			x.Value, x.Amount = "1/2", ""
		}
		if says == string(SaysMeansLate) {
			x.Amount = "people"
		}
		check(key, x.Words(nil, Measured{}))
		if want := sentences[key].En[:3]; !strings.HasPrefix(want, "{") && !strings.HasPrefix(x.Words(nil, Measured{}).En, want) {
			t.Errorf("%s is said by another sentence: %s", key, x.Words(nil, Measured{}).En)
		}
	}
	for why := range questions {
		check(string(why), Question{Why: why, Unit: "a", By: "b", Value: "1"}.Words(nil, Measured{}))
	}
	names := func(code string) string { return map[string]string{town: "大柳镇", county: "青禾县"}[code] }
	if x := (Point{Says: SaysKnew, Unit: town, Value: "no", Stated: true}).Words(names, Measured{}); x.Zh != "审议员依据文件认定：大柳镇 事前不知情。" {
		t.Error(x)
	}
	// Whatever a scene says and asks has its sentence.
	for _, s := range []*scene{over(), small(), half60(nil), half60(func(r *Record) { r.Split, r.Duties = &Split{}, nil }), funds(), blast(), merge("190", nil), competing("1", "1", "1", county, town)} {
		e := s.explain(t).Evidence
		for _, x := range append(e.Points, e.Ignored...) {
			if _, ok := x.sentence(Measured{}); !ok {
				t.Errorf("%s has no sentence", x.Says)
			}
		}
		for _, q := range e.Questions {
			if _, ok := questions[q.Why]; !ok {
				t.Errorf("%s has no sentence", q.Why)
			}
		}
	}
}

// Building changes nothing of the record, and does the same every time.
func TestPure(t *testing.T) {
	for _, s := range []*scene{over(), small(), blast(), funds(), merge("190", nil), half60(nil)} {
		first := s.explain(t)
		for range 20 {
			again := s.explain(t)
			x, _ := first.Hash()
			if y, _ := again.Hash(); x != y || len(first.Evidence.Questions) != len(again.Evidence.Questions) || len(first.Evidence.Ignored) != len(again.Evidence.Ignored) {
				t.Fatal("the same record came out otherwise")
			}
		}
	}
}

func BenchmarkExplain(b *testing.B) {
	s := ordered(-24*20, insisted(county)).set(func(r *Record) { r.Capacities = []Figure{able(village, "195")} })
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Explain(s.o, s.r, jra1); err != nil {
			b.Fatal(err)
		}
	}
}
