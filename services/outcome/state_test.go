package outcome

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"suyuan/services/ledger"
)

// The same outcome recorded twice meets its own stream, whatever else is said
// of it; another task, measure, unit or day is another.
func TestOneStream(t *testing.T) {
	same := short()
	for name, c := range map[string]Penalise{
		"another hour":  with(short(), func(c *Penalise) { c.OccurredAt = occurred.Add(14 * time.Hour) }),
		"another zone":  with(short(), func(c *Penalise) { c.OccurredAt = occurred.UTC() }),
		"another title": with(short(), func(c *Penalise) { c.Title, c.Verified, c.Penalties = "", "7", nil }),
	} {
		if c.Stream() != same.Stream() {
			t.Errorf("%s: %s, not %s", name, c.Stream(), same.Stream())
		}
	}
	for name, c := range map[string]Penalise{
		"day":     with(short(), func(c *Penalise) { c.OccurredAt = occurred.Add(15 * time.Hour) }), // 00:00 of the next
		"mandate": with(short(), func(c *Penalise) { c.Mandate = "area-601" }),
		"measure": with(short(), func(c *Penalise) { c.Measure = "area-600/houses" }),
		"unit":    with(short(), func(c *Penalise) { c.Unit = town }),
		"serial":  with(short(), func(c *Penalise) { c.Serial = 2 }),
	} {
		if c.Stream() == same.Stream() {
			t.Errorf("another %s, the same stream", name)
		}
	}
	if second := with(short(), func(c *Penalise) { c.Serial = 2 }); second.id() == with(second, func(c *Penalise) { c.Serial = 3 }).id() || len(second.id()) != len(same.id()) {
		t.Errorf("the second of a day is %s", second.id())
	}
	if code, day, ok := SplitID(same.id()); !ok || code != village || day != "2022-08-01" {
		t.Errorf("%s is of %s on %s, %v", same.id(), code, day, ok)
	}
	if code, _, ok := SplitID(ID("m", "", inspection, occurred)); !ok || code != inspection {
		t.Errorf("a department's is of %s, %v", code, ok)
	}
	for _, id := range []string{"", "x", "990101-20220801", "990101-20220801-ABCDEF12", "990101-20220801-abcdef1", "990101-20221301-abcdef12", "99x-20220801-abcdef12", "990101-2022080-abcdef12"} {
		if _, _, ok := SplitID(id); ok {
			t.Errorf("%q passes for an outcome's id", id)
		}
	}
}

// A correction replaces what it names and leaves the rest, and the state knows
// which event said what; a state kept from before stays as it was.
func TestStateKeepsPlaces(t *testing.T) {
	var s State
	onRecord(accident()).Evolve(&s)
	kept := s
	Stated{ID: "knew." + town, Point: Knew, Unit: town, Value: "yes"}.Evolve(&s)
	before := s
	again := s
	Stated{ID: "knew." + town, Point: Knew, Unit: town, Value: "no"}.Evolve(&again)
	if said, _ := before.On(Knew, town); said.Value != "yes" {
		t.Error("a statement made anew reached into a state kept from before")
	}
	Corrected{KnownSince: hours(-1), Penalties: &[]Penalty{{Form: Circular}}}.Evolve(&s)
	Stated{ID: "power." + town, Point: Power, Unit: town, Value: "none"}.Evolve(&s)
	Stated{ID: "knew." + town, Point: Knew, Unit: town, Value: "no"}.Evolve(&s)
	Corrected{OccurredAt: hours(2), Required: p("1"), Verified: p("2"), Capacity: p("3"), CapacityFrom: p("4"), CapacityDocument: p("5"), Warned: &[]Warning{}}.Evolve(&s)

	if s.Length() != 6 || kept.Length() != 1 {
		t.Errorf("%d events, and %d before", s.Length(), kept.Length())
	}
	for f, want := range map[Field]int{
		FieldKnownSince: 2, FieldPenalties: 2, FieldOccurredAt: 5, FieldRequired: 5, FieldVerified: 5, FieldCapacity: 5, FieldWarned: 5, "title": 0,
	} {
		if got := s.Place(f); got != want {
			t.Errorf("%s was said by event %d, not %d", f, got, want)
		}
	}
	x := s.Penalised
	if !x.KnownSince.Equal(*hours(-1)) || x.Penalties[0].Form != Circular || !x.OccurredAt.Equal(*hours(2)) || x.Required+x.Verified+x.Capacity+x.CapacityFrom+x.CapacityDocument != "12345" || len(x.Warned) != 0 || x.Title != "配重块坠落" {
		t.Errorf("corrected to %+v", x)
	}
	if said, ok := s.On(Knew, town); !ok || said.Value != "no" || said.Place != 4 {
		t.Errorf("the last statement is %+v, %v", said, ok)
	}
	if said, ok := before.On(Knew, town); !ok || said.Value != "yes" || said.Place != 1 {
		t.Errorf("a state kept from before says %+v, %v", said, ok)
	}
	if !kept.Penalised.KnownSince.Equal(*hours(-3)) || len(kept.Said) != 0 || before.Place(FieldWarned) != 0 {
		t.Error("a state kept from before was changed")
	}
	if _, ok := s.On(Knew, village); ok {
		t.Error("what is stated of one unit is not of another")
	}
	Stated{ID: "knew." + town, Point: Knew, Unit: town, Value: Unknown}.Evolve(&s)
	if _, ok := s.On(Knew, town); ok {
		t.Error("what was taken back does not hold")
	}
	Joined{Into: "x", Reason: "y"}.Evolve(&s)
	if f, ok := s.Fact(); !ok || f.Into != "x" || f.Unit != town || f.Kind != Conduct || !slices.Equal(f.Bodies, []string{""}) || !f.OccurredAt.Equal(*hours(2)) {
		t.Errorf("others see %+v, %v", f, ok)
	}
	if _, ok := (State{}).Fact(); ok {
		t.Error("there is something to see before the first event")
	}
}

// The events are read back from their JSON as they were.
func TestEventsComeBack(t *testing.T) {
	for _, e := range []any{onRecord(short()), onRecord(accident())} {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back Penalised
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(back); string(again) != string(text) {
			t.Errorf("%s came back as %s", text, again)
		}
	}
}

// Who belongs to a unit that is concerned, or to one inside it, keeps out; a
// merger on either side changes nothing.
func TestTied(t *testing.T) {
	for _, c := range []struct {
		name, own string
		units     []string
		tied      bool
	}{
		{"the unit itself", town, []string{village, town}, true},
		{"a department of it", inspection, []string{county}, true},
		{"a unit below it", village, []string{county}, true},
		{"one above", county, []string{town}, false},
		{"one beside", "990103", []string{county}, false},
		{"a department beside", inspection, []string{"990101-zjj"}, false},
		{"of no unit", "", []string{"0", county}, false},
		{"none is concerned", county, nil, false},
		{"an empty name", county, []string{""}, false},
		{"its unit was merged into one", merged, []string{county}, true},
		{"one was merged into its unit", county, []string{merged}, true},
		{"its unit went into one that went into it", earlier, []string{county}, true},
		{"one it had been merged into on the way", earlier, []string{merged}, true},
		{"below the unit that one was merged into", town, []string{merged}, true},
	} {
		if got := Tied(actor(ledger.Reviewer, c.own), c.units, world{}); got != c.tied {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Every point can be stated of some kind, and Points and the checks agree.
func TestPoints(t *testing.T) {
	all := map[Point]bool{}
	for _, k := range Kinds {
		for _, p := range Points(k) {
			all[p] = true
		}
	}
	if len(all) != len(points) {
		t.Errorf("%d points are listed, %d can be stated", len(all), len(points))
	}
	for _, p := range []Point{VerifiedDelivery, RequiredAmount, Falsification} {
		if all[p] {
			t.Errorf("%s cannot be stated", p)
		}
	}
}

// Others see of an outcome which document records it.
func TestFactNamesTheDocument(t *testing.T) {
	var s State
	onRecord(short()).Evolve(&s)
	if f, ok := s.Fact(); !ok || f.Document != "paper" || f.ID != s.Penalised.ID {
		t.Errorf("%+v", f)
	}
}
