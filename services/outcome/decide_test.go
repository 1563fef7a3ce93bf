package outcome

import (
	"strings"
	"testing"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/ledger/ledgertest"
)

type (
	tried  = ledgertest.Case[State, Facts]
	events = []ledger.Evolver[State]
)

func TestDecide(t *testing.T) {
	id := ID("area-600", "area-600/area", village, occurred)
	twice := ID("area-600", "area-600/area", village, occurred.AddDate(0, 0, 1))
	other := ID("other", "", village, occurred)
	gone := ID("area-600", "area-600/area", village, occurred.AddDate(0, 0, 2))
	w := world{outcomes: map[string]Fact{
		twice: {ID: twice, Kind: Quantity, Unit: village, Mandate: "area-600"},
		other: {ID: other, Kind: Quantity, Unit: village, Mandate: "other"},
		gone:  {ID: gone, Kind: Quantity, Unit: village, Mandate: "area-600", Into: id},
	}}
	given := events{onRecord(short())}
	fell := events{onRecord(accident())}
	lies := with(short(), func(c *Penalise) { c.Kind, c.Measure, c.Required, c.Verified = Contradiction, "", "", "" })
	busy := with(short(), func(c *Penalise) { c.Kind, c.Competing = Competing, []string{"sheet-a", "sheet-b"} })
	penalise := func(how func(*Penalise)) Penalise { return with(short(), how) }
	harm := func(how func(*Penalise)) Penalise { return with(accident(), how) }
	first := func(how func(*Penalty)) Penalise {
		return penalise(func(c *Penalise) { c.Penalties = []Penalty{with(c.Penalties[0], how)} })
	}
	warned := func(how func(*Warning)) Penalise {
		return harm(func(c *Penalise) { c.Warned = []Warning{with(c.Warned[0], how)} })
	}
	correct := func(how func(*Corrected)) Correct {
		return Correct{id, with(Corrected{Reason: "复测", Document: "paper"}, how)}
	}
	to190 := correct(func(c *Corrected) { c.Verified = p("190") })
	say := func(how func(*Say)) Say {
		return with(Say{ID: id, Point: Knew, Unit: town, Value: "yes", Reason: "会议纪要", Document: "paper"}, how)
	}
	objected := say(func(s *Say) { s.Point, s.By, s.OnPaper = Objected, county, "2022-07-31" })
	weekly := func(capacity string) Penalise {
		return penalise(func(c *Penalise) {
			c.Measure, c.Required, c.Verified, c.Capacity, c.CapacityFrom, c.CapacityDocument = "area-600/patrols", "1/7", "1/30", capacity, "土地调查", "survey"
		})
	}
	patrols := events{onRecord(weekly("1/14"))}
	able := func(value string) Say { return say(func(s *Say) { s.Point, s.Unit, s.Value = Capacity, "", value }) }
	join := Join{id, Joined{twice, "同一结果"}}
	joined := events{onRecord(short()), join.Joined}
	early, second := accident().nth(1), accident().nth(2)
	later := harm(func(c *Penalise) { c.Serial, c.OccurredAt = 2, *hours(4) })
	third := with(later, func(c *Penalise) { c.Serial, c.OccurredAt = 3, *hours(5) })
	morning := world{outcomes: map[string]Fact{early: {ID: early, Kind: Conduct, OccurredAt: occurred}}}
	both := world{outcomes: map[string]Fact{early: morning.outcomes[early], second: {ID: second, Kind: Conduct, OccurredAt: *hours(4)}}}
	recorded := Fact{ID: id, Kind: Quantity, Unit: village, Mandate: "area-600", OccurredAt: occurred, Document: "paper"}
	midday := func(how func(*Penalise)) Penalise {
		return with(penalise(func(c *Penalise) { c.Serial, c.OccurredAt = 2, *hours(1) }), how)
	}
	noon := events{onRecord(midday(func(c *Penalise) { c.Document = "survey" }))}
	middays := midday(func(*Penalise) {}).id()
	onto := func(of Correct, at time.Time) Correct {
		of.ID, of.OccurredAt = middays, &at
		return of
	}
	old := events{onRecord(weekly("2"))} // as it could be recorded once
	slower := Correct{onRecord(weekly("2")).ID, Corrected{Verified: p("1/60"), Reason: "复测", Document: "paper"}}
	many := events{onRecord(short())}
	for i := range MaxStatements {
		many = append(many, Stated{ID: strings.Repeat("x", i+1), Point: Knew})
	}

	seen := ledgertest.Run[State, Facts](t, w, []tried{
		{Name: "an investigator records an outcome", By: investigator, When: short(), Then: given},
		{Name: "so does the body that took the measure", By: actor(ledger.Clerk, county), When: short(), Then: given},
		{Name: "the penalised unit does not", By: actor(ledger.Clerk, village), When: short(), Refused: "forbidden outcome.recorders"},
		{Name: "nor the unit below, of the one above it", By: actor(ledger.Clerk, village), When: penalise(func(c *Penalise) { c.Unit, c.Penalties[0].Body = county, village }), Refused: "forbidden outcome.not_above at penalties[0].body"},
		{Name: "nor a neighbour", By: actor(ledger.Clerk, "990103"), When: first(func(p *Penalty) { p.Body = "990103" }), Refused: "forbidden outcome.not_above at penalties[0].body"},
		{Name: "nor anybody of itself", By: actor(ledger.Clerk, village), When: first(func(p *Penalty) { p.Body = village }), Refused: "forbidden outcome.not_above at penalties[0].body"},
		{Name: "nor a bureau of its own government", By: actor(ledger.Clerk, inspection), When: harm(func(c *Penalise) {
			c.Unit, c.Penalties = county, []Penalty{{Form: Circular, Body: inspection, On: "2022-08-03"}}
		}), Refused: "forbidden outcome.not_above at penalties[0].body"},
		{Name: "a bureau of the county may, of what lies in it", By: actor(ledger.Clerk, inspection), When: first(func(p *Penalty) { p.Body = inspection }), Then: events{onRecord(first(func(p *Penalty) { p.Body = inspection }))}},
		{Name: "nor a reviewer", By: reviewer, When: short(), Refused: "forbidden outcome.recorders"},
		{Name: "nor an investigator from elsewhere", By: actor(ledger.Investigator, "9902-jw"), When: short(), Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "nor who belongs to no unit as a clerk", By: actor(ledger.Clerk, ""), When: short(), Refused: "forbidden outcome.recorders"},
		{Name: "the same outcome is recorded once", By: investigator, Given: given, When: short(), Refused: "conflict outcome.already_recorded"},
		{Name: "whatever else is said of it", By: actor(ledger.Clerk, county), Given: given, When: penalise(func(c *Penalise) { c.Title, c.Verified, c.OccurredAt = "少交", "150", *hours(5) }), Refused: "conflict outcome.already_recorded"},
		{Name: "another accident of the day is the second", By: investigator, Facts: morning, When: later, Then: events{onRecord(later)}},
		{Name: "of the same moment it is the first", By: investigator, Facts: morning, When: harm(func(c *Penalise) { c.Serial = 2 }), Refused: "conflict outcome.same_moment at occurredAt"},
		{Name: "unless it is of another kind", By: investigator, Facts: world{outcomes: map[string]Fact{early: {ID: early, Kind: Quantity, OccurredAt: occurred}}}, When: harm(func(c *Penalise) { c.Serial = 2 }), Then: events{onRecord(harm(func(c *Penalise) { c.Serial = 2 }))}},
		{Name: "or by another issuance", By: investigator, Facts: world{outcomes: map[string]Fact{id: {ID: id, Kind: Quantity, Issuance: "sheet-a", OccurredAt: occurred}}},
			When: penalise(func(c *Penalise) { c.Serial, c.Issuance = 2, "sheet-b" }), Then: events{onRecord(penalise(func(c *Penalise) { c.Serial, c.Issuance = 2, "sheet-b" }))}},
		{Name: "nor is it another a second later", By: investigator, Facts: world{outcomes: map[string]Fact{id: recorded}}, When: penalise(func(c *Penalise) { c.Serial, c.OccurredAt = 2, occurred.Add(time.Second) }), Refused: "conflict outcome.same_paper at document"},
		{Name: "unless by another issuance", By: investigator, Facts: world{outcomes: map[string]Fact{id: recorded}}, When: midday(func(c *Penalise) { c.Issuance = "sheet-b" }), Then: events{onRecord(midday(func(c *Penalise) { c.Issuance = "sheet-b" }))}},
		{Name: "or from another document", By: investigator, Facts: world{outcomes: map[string]Fact{id: recorded}}, When: midday(func(c *Penalise) { c.Document = "survey" }), Then: events{onRecord(midday(func(c *Penalise) { c.Document = "survey" }))}},
		{Name: "at the same moment not even that", By: investigator, Facts: world{outcomes: map[string]Fact{id: recorded}}, When: midday(func(c *Penalise) { c.Document, c.OccurredAt = "survey", occurred }), Refused: "conflict outcome.same_moment at occurredAt"},
		{Name: "an accident of an hour later is another, in one document", By: investigator, Facts: world{outcomes: map[string]Fact{early: {ID: early, Kind: Conduct, OccurredAt: occurred, Document: "paper"}}}, When: later, Then: events{onRecord(later)}},
		{Name: "the second comes after the first", By: investigator, Facts: world{}, When: later, Refused: "refused outcome.serial_gap at serial"},
		{Name: "the third after the second", By: investigator, Facts: morning, When: with(later, func(c *Penalise) { c.Serial = 3 }), Refused: "refused outcome.serial_gap at serial"},
		{Name: "the third is neither of the two", By: investigator, Facts: both, When: with(later, func(c *Penalise) { c.Serial = 3 }), Refused: "conflict outcome.same_moment at occurredAt"},
		{Name: "and has its own time", By: investigator, Facts: both, When: third, Then: events{onRecord(third)}},
		{Name: "the second is recorded once too", By: investigator, Facts: morning, Given: events{onRecord(later)}, When: later, Refused: "conflict outcome.already_recorded"},
		{Name: "the first has no number", By: investigator, When: penalise(func(c *Penalise) { c.Serial = 1 }), Refused: "invalid outcome.serial at serial"},
		{Name: "nothing has one below", By: investigator, When: penalise(func(c *Penalise) { c.Serial = -1 }), Refused: "invalid outcome.serial at serial"},
		{Name: "nor one without end", By: investigator, When: penalise(func(c *Penalise) { c.Serial = 10 }), Refused: "invalid outcome.serial at serial"},
		{Name: "of a kind", By: investigator, When: penalise(func(c *Penalise) { c.Kind = "bad" }), Refused: "invalid input.word at kind"},
		{Name: "with a title", By: investigator, When: penalise(func(c *Penalise) { c.Title = "" }), Refused: "invalid input.missing at title"},
		{Name: "of a unit on record", By: investigator, When: penalise(func(c *Penalise) { c.Unit = "990101-lost" }), Refused: "refused unit.unknown at unit"},
		{Name: "under its code", By: investigator, When: penalise(func(c *Penalise) { c.Unit = "村" }), Refused: "invalid unit.code at unit"},
		{Name: "that may be merged away by now", By: actor(ledger.Clerk, county), When: harm(func(c *Penalise) { c.Unit = merged }), Then: events{onRecord(harm(func(c *Penalise) { c.Unit = merged }))}},
		{Name: "at a time", By: investigator, When: penalise(func(c *Penalise) { c.OccurredAt = time.Time{} }), Refused: "invalid outcome.moment at occurredAt"},
		{Name: "that has come", By: investigator, When: penalise(func(c *Penalise) { c.OccurredAt = ledgertest.At.Add(time.Second) }), Refused: "refused outcome.in_future at occurredAt"},
		{Name: "from a document", By: investigator, When: penalise(func(c *Penalise) { c.Document = "" }), Refused: "invalid document.required at document"},
		{Name: "that is there", By: investigator, When: penalise(func(c *Penalise) { c.Document = "lost" }), Refused: "refused document.unknown at document"},
		{Name: "what is assumed is said in words", By: investigator, When: penalise(func(c *Penalise) { c.Assumed = []string{""} }), Refused: "invalid input.missing at assumed[0]"},
		{Name: "and not without end", By: investigator, When: penalise(func(c *Penalise) { c.Assumed = make([]string, 21) }), Refused: "invalid input.count at assumed"},

		{Name: "with a measure taken", By: investigator, When: penalise(func(c *Penalise) { c.Penalties = nil }), Refused: "invalid input.count at penalties"},
		{Name: "of a form", By: investigator, When: first(func(p *Penalty) { p.Form = "fine" }), Refused: "invalid input.word at penalties[0].form"},
		{Name: "another form in words", By: investigator, When: first(func(p *Penalty) { p.Form = OtherForm }), Refused: "invalid input.missing at penalties[0].text"},
		{Name: "by a body on record", By: investigator, When: first(func(p *Penalty) { p.Body = "99-lost" }), Refused: "refused unit.unknown at penalties[0].body"},
		{Name: "on a day", By: investigator, When: first(func(p *Penalty) { p.On = "" }), Refused: "invalid input.date at penalties[0].on"},
		{Name: "not before the outcome", By: investigator, When: first(func(p *Penalty) { p.On = "2022-07-31" }), Refused: "refused outcome.penalty_date at penalties[0].on"},
		{Name: "on its very day at the earliest", By: investigator, When: first(func(p *Penalty) { p.On = "2022-08-01" }), Then: events{onRecord(first(func(p *Penalty) { p.On = "2022-08-01" }))}},
		{Name: "not ahead", By: investigator, When: first(func(p *Penalty) { p.On = "2022-08-10" }), Refused: "refused outcome.penalty_date at penalties[0].on"},
		{Name: "under a rule on record", By: investigator, When: first(func(p *Penalty) { p.Rule = "made-up" }), Refused: "refused outcome.rule_unknown at penalties[0].rule"},
		{Name: "or none", By: investigator, When: first(func(p *Penalty) { p.Rule = "" }), Then: events{onRecord(first(func(p *Penalty) { p.Rule = "" }))}},
		{Name: "with a document that is there", By: investigator, When: first(func(p *Penalty) { p.Document = "lost" }), Refused: "refused document.unknown at penalties[0].document"},

		{Name: "a shortfall is of a task", By: investigator, When: penalise(func(c *Penalise) { c.Mandate = "" }), Refused: "invalid outcome.without_mandate at mandate"},
		{Name: "that is on record", By: investigator, When: penalise(func(c *Penalise) { c.Mandate = "other" }), Refused: "refused mandate.unknown at mandate"},
		{Name: "of one of its measures", By: investigator, When: penalise(func(c *Penalise) { c.Measure = "area-600/houses" }), Refused: "refused outcome.measure at measure"},
		{Name: "not of another task's", By: investigator, When: penalise(func(c *Penalise) { c.Measure = "other/area" }), Refused: "refused outcome.measure at measure"},
		{Name: "not of a list", By: investigator, When: penalise(func(c *Penalise) { c.Measure = "area-600/photos" }), Refused: "refused outcome.measure at measure"},
		{Name: "a shortfall has a measure", By: investigator, When: penalise(func(c *Penalise) { c.Measure = "" }), Refused: "invalid outcome.measure_or_none at measure"},
		{Name: "a contradiction none", By: investigator, When: with(lies, func(c *Penalise) { c.Measure = "area-600/area" }), Refused: "invalid outcome.measure_or_none at measure"},
		{Name: "a contradiction", By: investigator, When: lies, Then: events{onRecord(lies)}},
		{Name: "has no figures", By: investigator, When: with(lies, func(c *Penalise) { c.Verified = "1" }), Refused: "invalid outcome.figures_of_nothing at required"},
		{Name: "by an issuance that reached the unit", By: investigator, When: penalise(func(c *Penalise) { c.Issuance = "note" }), Refused: "refused outcome.not_addressed at issuance"},
		{Name: "as named", By: investigator, When: penalise(func(c *Penalise) { c.Issuance = "sheet-600" }), Then: events{onRecord(penalise(func(c *Penalise) { c.Issuance = "sheet-600" }))}},
		{Name: "what was required is a number", By: investigator, When: penalise(func(c *Penalise) { c.Required = "all" }), Refused: "invalid outcome.number at required"},
		{Name: "what was verified too", By: investigator, When: penalise(func(c *Penalise) { c.Verified = "-1" }), Refused: "invalid outcome.number at verified"},
		{Name: "and is not left out", By: investigator, When: penalise(func(c *Penalise) { c.Verified = "" }), Refused: "invalid outcome.number at verified"},
		{Name: "a frequency is times per days", By: investigator, When: penalise(func(c *Penalise) { c.Measure, c.Required, c.Verified = "area-600/patrols", "1/7", "3" }), Refused: "invalid outcome.frequency at verified"},
		{Name: "as that", By: investigator, When: penalise(func(c *Penalise) { c.Measure, c.Required, c.Verified = "area-600/patrols", "1/7", "1/30" }),
			Then: events{onRecord(penalise(func(c *Penalise) { c.Measure, c.Required, c.Verified = "area-600/patrols", "1/7", "1/30" }))}},
		{Name: "a capacity says where it comes from", By: investigator, When: penalise(func(c *Penalise) { c.Capacity, c.CapacityDocument = "210", "survey" }), Refused: "invalid input.missing at capacityFrom"},
		{Name: "and shows it", By: investigator, When: penalise(func(c *Penalise) { c.Capacity, c.CapacityFrom = "210", "土地调查" }), Refused: "invalid document.required at capacityDocument"},
		{Name: "and is a number", By: investigator, When: penalise(func(c *Penalise) { c.Capacity, c.CapacityFrom, c.CapacityDocument = "some", "土地调查", "survey" }), Refused: "invalid outcome.number at capacity"},
		{Name: "of a frequency as the frequency is written", By: investigator, When: weekly("1/14"), Then: events{onRecord(weekly("1/14"))}},
		{Name: "not otherwise", By: investigator, When: weekly("2"), Refused: "invalid outcome.frequency at capacity"},
		{Name: "so what is stated of it", By: reviewer, Given: patrols, When: able("1/14"), Then: events{Stated{ID: "capacity." + village, Point: Capacity, Unit: village, Value: "1/14", Reason: "会议纪要", Document: "paper"}}},
		{Name: "and only so", By: reviewer, Given: patrols, When: able("2"), Refused: "invalid outcome.frequency at value"},
		{Name: "of what is none a number", By: reviewer, Given: given, When: able("1/14"), Refused: "invalid outcome.number at value"},
		{Name: "no source without it", By: investigator, When: penalise(func(c *Penalise) { c.CapacityFrom = "土地调查" }), Refused: "invalid outcome.capacity_missing at capacity"},
		{Name: "in full", By: investigator, When: penalise(func(c *Penalise) { c.Capacity, c.CapacityFrom, c.CapacityDocument = "210", "土地调查", "survey" }),
			Then: events{onRecord(penalise(func(c *Penalise) { c.Capacity, c.CapacityFrom, c.CapacityDocument = "210", "土地调查", "survey" }))}},

		{Name: "several asked at once", By: investigator, When: busy, Then: events{onRecord(busy)}},
		{Name: "at least two", By: investigator, When: with(busy, func(c *Penalise) { c.Competing = []string{"sheet-a"} }), Refused: "invalid input.count at competing"},
		{Name: "each once", By: investigator, When: with(busy, func(c *Penalise) { c.Competing = []string{"sheet-a", "sheet-a"} }), Refused: "refused outcome.competing_twice at competing[1]"},
		{Name: "each of the unit", By: investigator, When: with(busy, func(c *Penalise) { c.Competing = []string{"sheet-a", "note"} }), Refused: "refused outcome.not_addressed at competing[1]"},
		{Name: "of what adds up", By: investigator, When: with(busy, func(c *Penalise) { c.Measure, c.Required, c.Verified = "area-600/patrols", "2/7", "1/7" }), Refused: "refused outcome.not_additive at measure"},
		{Name: "nothing competes in a shortfall", By: investigator, When: penalise(func(c *Penalise) { c.Competing = []string{"sheet-a", "sheet-b"} }), Refused: "invalid outcome.not_competing at competing"},

		{Name: "an accident, without a task", By: investigator, When: accident(), Then: fell},
		{Name: "or with one", By: investigator, When: harm(func(c *Penalise) { c.Mandate = "area-600" }), Then: events{onRecord(harm(func(c *Penalise) { c.Mandate = "area-600" }))}},
		{Name: "has no capacity", By: investigator, When: harm(func(c *Penalise) { c.Capacity = "3" }), Refused: "invalid outcome.figures_of_nothing at required"},
		{Name: "nobody is warned of a shortfall", By: investigator, When: penalise(func(c *Penalise) { c.KnownSince = hours(-1) }), Refused: "invalid outcome.warned_of_nothing at warned"},
		{Name: "a danger is known before", By: investigator, When: harm(func(c *Penalise) { c.KnownSince = hours(1) }), Refused: "refused outcome.warned_after at knownSince"},
		{Name: "and told before", By: investigator, When: warned(func(w *Warning) { w.At = *hours(1) }), Refused: "refused outcome.warned_after at warned[0].at"},
		{Name: "to a unit on record", By: investigator, When: warned(func(w *Warning) { w.Unit = "990101-lost" }), Refused: "refused unit.unknown at warned[0].unit"},
		{Name: "through a channel", By: investigator, When: warned(func(w *Warning) { w.Channel = "pigeon" }), Refused: "invalid input.word at warned[0].channel"},
		{Name: "that did what has a word", By: investigator, When: warned(func(w *Warning) { w.Did = "nothing" }), Refused: "invalid input.word at warned[0].did"},
		{Name: "with a power that has one", By: investigator, When: warned(func(w *Warning) { w.Power = "all" }), Refused: "invalid input.word at warned[0].power"},
		{Name: "an act at a time", By: investigator, When: warned(func(w *Warning) { w.DidAt = nil }), Refused: "invalid outcome.said_when at warned[0]"},
		{Name: "an answer too", By: investigator, When: warned(func(w *Warning) { w.Answer = "" }), Refused: "invalid outcome.said_when at warned[0]"},
		{Name: "an act that is not ahead", By: investigator, When: warned(func(w *Warning) { w.DidAt = p(ledgertest.At.Add(time.Hour)) }), Refused: "refused outcome.in_future at warned[0].didAt"},
		{Name: "an answer that is not ahead", By: investigator, When: warned(func(w *Warning) { w.AnsweredAt = p(ledgertest.At.Add(time.Hour)) }), Refused: "refused outcome.in_future at warned[0].answeredAt"},
		{Name: "with a document that is on record", By: investigator, When: warned(func(w *Warning) { w.Document = "lost" }), Refused: "refused document.unknown at warned[0].document"},
		{Name: "and not without end", By: investigator, When: harm(func(c *Penalise) { c.Warned = make([]Warning, 51) }), Refused: "invalid input.count at warned"},

		{Name: "what was verified is corrected", By: investigator, Given: given, When: to190, Then: events{to190.Corrected}},
		{Name: "by the body too", By: actor(ledger.Clerk, county), Given: given, When: to190, Then: events{to190.Corrected}},
		{Name: "not by the body once a finding may charge it", By: actor(ledger.Clerk, county), Given: given, Facts: world{findings: map[string]bool{id: true}}, When: to190, Refused: "forbidden outcome.party_corrects"},
		{Name: "nor by an investigator of a unit that it may charge", By: investigator, Given: given, Facts: world{findings: map[string]bool{id: true}}, When: to190, Refused: "forbidden outcome.party_corrects"},
		{Name: "by one of the city still", By: actor(ledger.Investigator, "9901-jw"), Given: given, Facts: world{findings: map[string]bool{id: true}}, When: to190, Then: events{to190.Corrected}},
		{Name: "or of no unit", By: actor(ledger.Investigator, ""), Given: given, Facts: world{findings: map[string]bool{id: true}}, When: to190, Then: events{to190.Corrected}},
		{Name: "not by a reviewer", By: reviewer, Given: given, When: to190, Refused: "forbidden outcome.recorders"},
		{Name: "of an outcome on record", By: investigator, When: to190, Refused: "not_found outcome.unknown at id"},
		{Name: "that stands alone", By: investigator, Given: joined, When: to190, Refused: "refused outcome.joined"},
		{Name: "with a reason", By: investigator, Given: given, When: with(to190, func(c *Correct) { c.Reason = "" }), Refused: "invalid input.missing at reason"},
		{Name: "and a document", By: investigator, Given: given, When: with(to190, func(c *Correct) { c.Document = "" }), Refused: "invalid document.required at document"},
		{Name: "something is corrected", By: investigator, Given: given, When: correct(func(*Corrected) {}), Refused: "invalid outcome.corrects_nothing"},
		{Name: "to what could be recorded", By: investigator, Given: given, When: correct(func(c *Corrected) { c.Verified = p("") }), Refused: "invalid outcome.number at verified"},
		{Name: "penalties as they could be recorded", By: investigator, Given: given, When: correct(func(c *Corrected) { c.Penalties = &[]Penalty{} }), Refused: "invalid input.count at penalties"},
		{Name: "warnings as well", By: investigator, Given: given, When: correct(func(c *Corrected) { c.KnownSince = hours(-1) }), Refused: "invalid outcome.warned_of_nothing at warned"},
		{Name: "the hour", By: investigator, Given: given, When: correct(func(c *Corrected) { c.OccurredAt = hours(3) }), Then: events{Corrected{OccurredAt: hours(3), Reason: "复测", Document: "paper"}}},
		{Name: "not onto another of that day", By: investigator, Given: noon, Facts: world{outcomes: map[string]Fact{id: recorded}}, When: onto(to190, occurred), Refused: "conflict outcome.same_moment at occurredAt"},
		{Name: "nor the first onto the second", By: investigator, Given: given, Facts: world{outcomes: map[string]Fact{id: recorded, middays: {ID: middays, Kind: Quantity, OccurredAt: *hours(1)}}}, When: correct(func(c *Corrected) { c.OccurredAt = hours(1) }), Refused: "conflict outcome.same_moment at occurredAt"},
		{Name: "beside it", By: investigator, Given: noon, Facts: world{outcomes: map[string]Fact{id: recorded}}, When: onto(to190, occurred.Add(time.Minute)), Then: events{onto(to190, occurred.Add(time.Minute)).Corrected}},
		{Name: "onto one of another issuance", By: investigator, Given: noon, Facts: world{outcomes: map[string]Fact{id: with(recorded, func(f *Fact) { f.Issuance = "sheet-a" })}}, When: onto(to190, occurred), Then: events{onto(to190, occurred).Corrected}},
		{Name: "onto one that was joined", By: investigator, Given: noon, Facts: world{outcomes: map[string]Fact{id: with(recorded, func(f *Fact) { f.Into = middays })}}, When: onto(to190, occurred), Then: events{onto(to190, occurred).Corrected}},
		{Name: "where it stood already it may stay", By: investigator, Given: noon, Facts: world{outcomes: map[string]Fact{id: with(recorded, func(f *Fact) { f.OccurredAt = *hours(1) })}}, When: onto(to190, *hours(1)), Then: events{onto(to190, *hours(1)).Corrected}},
		{Name: "what was recorded beside a capacity of before", By: investigator, Given: old, When: slower, Then: events{slower.Corrected}},
		{Name: "where that figure is from", By: investigator, Given: old, When: with(slower, func(c *Correct) { c.CapacityFrom = p("普查") }), Then: events{with(slower, func(c *Correct) { c.CapacityFrom = p("普查") }).Corrected}},
		{Name: "which is still to be said", By: investigator, Given: old, When: with(slower, func(c *Correct) { c.CapacityFrom = p("") }), Refused: "invalid input.missing at capacityFrom"},
		{Name: "a new capacity is a frequency", By: investigator, Given: old, When: with(slower, func(c *Correct) { c.Capacity = p("3") }), Refused: "invalid outcome.frequency at capacity"},
		{Name: "not the day", By: investigator, Given: given, When: correct(func(c *Corrected) { c.OccurredAt = hours(24) }), Refused: "refused outcome.another_day at occurredAt"},
		{Name: "nor an hour that has not come", By: investigator, Given: given, At: *hours(1), When: correct(func(c *Corrected) { c.OccurredAt = hours(2) }), Refused: "refused outcome.in_future at occurredAt"},

		{Name: "a reviewer states what the ledger cannot know", By: reviewer, Given: given, When: say(func(*Say) {}),
			Then: events{Stated{ID: "knew." + town, Point: Knew, Unit: town, Value: "yes", Reason: "会议纪要", Document: "paper"}}},
		{Name: "an investigator does not", By: investigator, Given: given, When: say(func(*Say) {}), Refused: "forbidden outcome.reviewers_state"},
		{Name: "nor one of the unit it is about", By: actor(ledger.Reviewer, town), Given: given, When: say(func(*Say) {}), Refused: "forbidden outcome.tied"},
		{Name: "nor one inside the unit that insisted", By: actor(ledger.Reviewer, inspection), Given: given, When: objected, Refused: "forbidden outcome.tied"},
		{Name: "nor one of the executor", By: actor(ledger.Reviewer, village), Given: given, When: say(func(s *Say) { s.Unit = "990103" }), Refused: "forbidden outcome.tied"},
		{Name: "nor one of a unit that the task came down through", By: actor(ledger.Reviewer, county), Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.Value = Duty, "", DutyBasic }), Refused: "forbidden outcome.tied"},
		{Name: "nor one of the unit that leads it", By: actor(ledger.Reviewer, "9901-cj"), Given: given, When: say(func(*Say) {}), Refused: "forbidden outcome.tied"},
		{Name: "on an outcome on record", By: reviewer, When: say(func(*Say) {}), Refused: "not_found outcome.unknown at id"},
		{Name: "that stands", By: reviewer, Given: joined, When: say(func(*Say) {}), Refused: "refused outcome.joined"},
		{Name: "a point there is", By: reviewer, Given: given, When: say(func(s *Say) { s.Point = "weather" }), Refused: "invalid input.word at point"},
		{Name: "one that this kind turns on", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Value = Power, "stop" }), Refused: "invalid input.word at point"},
		{Name: "in a word it takes", By: reviewer, Given: given, When: say(func(s *Say) { s.Value = "perhaps" }), Refused: "invalid input.word at value"},
		{Name: "or as unknown again", By: reviewer, Given: given, When: say(func(s *Say) { s.Value = Unknown }), Then: events{Stated{ID: "knew." + town, Point: Knew, Unit: town, Value: Unknown, Reason: "会议纪要", Document: "paper"}}},
		{Name: "of a unit on record", By: reviewer, Given: given, When: say(func(s *Say) { s.Unit = "99-lost" }), Refused: "refused unit.unknown at unit"},
		{Name: "with a reason to state it", By: reviewer, Given: given, When: say(func(s *Say) { s.Reason = "" }), Refused: "invalid input.missing at reason"},
		{Name: "and a document to show it", By: reviewer, Given: given, When: say(func(s *Say) { s.Document = "" }), Refused: "invalid document.required at document"},
		{Name: "of the executor without naming it", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.Value = Duty, "", DutyBasic }),
			Then: events{Stated{ID: "duty." + village, Point: Duty, Unit: village, Value: DutyBasic, Reason: "会议纪要", Document: "paper"}}},
		{Name: "of nobody else there", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Value = Duty, DutyBasic }), Refused: "invalid outcome.about at unit"},
		{Name: "nor of anybody of the matter itself", By: reviewer, Given: fell, When: say(func(s *Say) { s.Point, s.Value = WindowMinutes, "120" }), Refused: "invalid outcome.about at unit"},
		{Name: "a part", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.Value = GrantedNeeded, "", "some" }), Refused: "invalid outcome.part at value"},
		{Name: "not below nothing", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.Value = GrantedNeeded, "", "-2/5" }), Refused: "invalid outcome.part at value"},
		{Name: "minutes", By: reviewer, Given: fell, When: say(func(s *Say) { s.Point, s.Unit, s.Value = WindowMinutes, "", "2h" }), Refused: "invalid outcome.minutes at value"},
		{Name: "a number", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.Value = Capacity, "", "many" }), Refused: "invalid outcome.number at value"},
		{Name: "the owner is named", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.Value = Owner, "", "" }), Refused: "invalid outcome.by_missing at by"},
		{Name: "and is all there is to say", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.By = Owner, "", county }), Refused: "invalid input.word at value"},
		{Name: "and may be the executor", By: reviewer, Given: given, When: say(func(s *Say) { s.Point, s.Unit, s.Value, s.By = Owner, "", "", village }),
			Then: events{Stated{ID: "owner." + village, Point: Owner, Unit: village, By: village, Reason: "会议纪要", Document: "paper"}}},
		{Name: "nobody is named where nobody belongs", By: reviewer, Given: given, When: say(func(s *Say) { s.By = county }), Refused: "invalid outcome.by_nobody at by"},
		{Name: "nobody overrules itself", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.By = town }), Refused: "invalid outcome.by_nobody at by"},
		{Name: "who insisted is on record", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.By = "99-lost" }), Refused: "refused unit.unknown at by"},
		{Name: "nobody insisted on no objection", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.Value = "no" }), Refused: "invalid outcome.by_nobody at by"},
		{Name: "an objection on paper from before", By: reviewer, Given: given, When: objected,
			Then: events{Stated{ID: "objected." + town, Point: Objected, Unit: town, Value: "yes", By: county, OnPaper: "2022-07-31", Reason: "会议纪要", Document: "paper"}}},
		{Name: "dated", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.OnPaper = "" }), Refused: "invalid input.date at onPaper"},
		{Name: "not of the outcome's day", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.OnPaper = "2022-08-01" }), Refused: "refused outcome.paper_after at onPaper"},
		{Name: "unless it is an accident, where hours decide", By: reviewer, Given: fell, When: with(objected, func(s *Say) { s.OnPaper, s.By = "2022-08-01", city }),
			Then: events{Stated{ID: "objected." + town, Point: Objected, Unit: town, Value: "yes", By: city, OnPaper: "2022-08-01", Reason: "会议纪要", Document: "paper"}}},
		{Name: "nor of a later day there", By: reviewer, Given: fell, When: with(objected, func(s *Say) { s.OnPaper, s.By = "2022-08-02", city }), Refused: "refused outcome.paper_after at onPaper"},
		{Name: "a paper that is not ahead", By: reviewer, Given: given, When: say(func(s *Say) { s.OnPaper = "2022-08-10" }), Refused: "refused outcome.in_future at onPaper"},
		{Name: "none is needed to deny it", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.Value, s.By, s.OnPaper = "no", "", "" }),
			Then: events{Stated{ID: "objected." + town, Point: Objected, Unit: town, Value: "no", Reason: "会议纪要", Document: "paper"}}},
		{Name: "nor to take it back", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.Value, s.By, s.OnPaper = Unknown, "", "" }),
			Then: events{Stated{ID: "objected." + town, Point: Objected, Unit: town, Value: Unknown, Reason: "会议纪要", Document: "paper"}}},
		{Name: "who insisted, taken back, names nobody", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.Point, s.Value, s.By, s.OnPaper = OverruledBy, Unknown, "", "" }),
			Then: events{Stated{ID: "overruled_by." + town, Point: OverruledBy, Unit: town, Value: Unknown, Reason: "会议纪要", Document: "paper"}}},
		{Name: "and cannot name anybody", By: reviewer, Given: given, When: with(objected, func(s *Say) { s.Point, s.Value = OverruledBy, Unknown }), Refused: "invalid outcome.by_nobody at by"},
		{Name: "not without end", By: reviewer, Given: many, When: say(func(*Say) {}), Refused: "refused outcome.too_many_statements"},
		{Name: "what was stated can be stated anew", By: reviewer, Given: append(many[:len(many)-1:len(many)-1], Stated{ID: "knew." + town}), When: say(func(*Say) {}),
			Then: events{Stated{ID: "knew." + town, Point: Knew, Unit: town, Value: "yes", Reason: "会议纪要", Document: "paper"}}},

		{Name: "recorded twice, it goes on as the other", By: investigator, Given: given, When: join, Then: events{join.Joined}},
		{Name: "an investigator says so", By: reviewer, Given: given, When: join, Refused: "forbidden outcome.investigators_join"},
		{Name: "one of the place", By: actor(ledger.Investigator, "9902-jw"), Given: given, When: join, Refused: "forbidden unit.outside_jurisdiction"},
		{Name: "once", By: investigator, Given: joined, When: join, Refused: "refused outcome.joined"},
		{Name: "for a reason", By: investigator, Given: given, When: Join{id, Joined{Into: twice}}, Refused: "invalid input.missing at reason"},
		{Name: "into an outcome", By: investigator, Given: given, When: Join{id, Joined{"x", "同一结果"}}, Refused: "invalid outcome.id at into"},
		{Name: "that is on record", By: investigator, Given: given, When: Join{id, Joined{ID("x", "", town, occurred), "同一结果"}}, Refused: "not_found outcome.unknown at into"},
		{Name: "not into one that was joined itself", By: investigator, Given: given, When: Join{id, Joined{gone, "同一结果"}}, Refused: "refused outcome.joins_nowhere at into"},
		{Name: "nor into itself", By: investigator, Given: given, Facts: world{outcomes: map[string]Fact{id: {Kind: Quantity, Unit: village, Mandate: "area-600"}}}, When: Join{id, Joined{id, "同一结果"}}, Refused: "refused outcome.joins_nowhere at into"},
		{Name: "nor into another kind's", By: investigator, Given: given, Facts: world{outcomes: map[string]Fact{twice: {Kind: Competing, Unit: village, Mandate: "area-600"}}}, When: join, Refused: "refused outcome.not_the_same at into"},
		{Name: "nor into another unit's", By: investigator, Given: given, Facts: world{outcomes: map[string]Fact{twice: {Kind: Quantity, Unit: town, Mandate: "area-600"}}}, When: join, Refused: "refused outcome.not_the_same at into"},
		{Name: "nor into another task's", By: investigator, Given: given, When: Join{id, Joined{other, "同一结果"}}, Refused: "refused outcome.not_the_same at into"},
		{Name: "not while there is a finding on it", By: investigator, Given: given, Facts: world{outcomes: w.outcomes, findings: map[string]bool{id: true}}, When: join, Refused: "refused outcome.has_finding"},
	})
	ledgertest.Complete(t, seen)
}
