package outcome

import (
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

const (
	city, county, town, village = "9901", "990101", "990101001", "990101001001"
	inspection                  = "990101-jw"
	merged                      = "990102" // into the county
	earlier                     = "990104" // into the one that was merged
)

// world is what decisions see: the task area-600 with a measure that divides,
// one that counts times and one that lists things; other outcomes and whether
// they have findings.
type world struct {
	outcomes map[string]Fact
	findings map[string]bool
}

// Concerned: of everything in this world the village was asked by way of the
// town and the county, and a bureau of the city's leads it.
func (world) Concerned(string) []string { return []string{village, town, county, "9901-cj"} }

func (world) Unit(code string) (unit.Fact, bool) {
	f := unit.Fact{Code: code, Level: unit.LevelOf(code)}
	if code == merged {
		f.Merged, f.Into = true, county
	}
	if code == earlier {
		f.Merged, f.Into = true, merged
	}
	return f, !strings.HasSuffix(code, "-lost")
}
func (world) HasDocument(id string) bool { return id == "paper" || id == "survey" }
func (world) Mandate(id string) (issuance.MandateFact, bool) {
	return issuance.MandateFact{Origin: county, Measures: map[string]mandate.Measure{
		"area":    {Key: "area", Kind: mandate.Divisible, Dimension: mandate.Quantity},
		"patrols": {Key: "patrols", Kind: mandate.Intensity, Dimension: mandate.Frequency},
		"photos":  {Key: "photos", Kind: mandate.Set, Dimension: mandate.Trace},
	}}, id == "area-600"
}
func (world) Addressed(issuance, to string) bool {
	return strings.HasPrefix(issuance, "sheet") && to == village
}
func (world) HasRule(id string) bool { return id == "wenze-2019-8" }
func (w world) Outcome(id string) (Fact, bool) {
	f, ok := w.outcomes[id]
	return f, ok
}
func (w world) HasFinding(id string) bool { return w.findings[id] }

func actor(role ledger.Role, unit string) ledger.Actor {
	return ledger.Actor{Account: "a", Roles: []ledger.Role{role}, Unit: unit}
}

var (
	investigator = actor(ledger.Investigator, inspection)
	reviewer     = actor(ledger.Reviewer, "99-jw")
	occurred     = time.Date(2022, 8, 1, 9, 0, 0, 0, ledger.Beijing)
)

func hours(h int) *time.Time { t := occurred.Add(time.Duration(h) * time.Hour); return &t }

func p[T any](x T) *T { return &x }

// short is a village that delivered 200 of 220 mu.
func short() Penalise {
	return Penalise{
		Kind: Quantity, Title: "复垦少 20 亩", Mandate: "area-600", Measure: "area-600/area", Unit: village, OccurredAt: occurred,
		Required: "220", Verified: "200", Penalties: []Penalty{{Form: Circular, Body: county, Rule: "wenze-2019-8", On: "2022-08-03", Document: "paper"}}, Document: "paper",
	}
}

// accident is one of which the town had been told two hours before.
func accident() Penalise {
	return Penalise{
		Kind: Conduct, Title: "配重块坠落", Unit: town, OccurredAt: occurred, Penalties: []Penalty{{Form: Removal, Body: county, On: "2022-08-03"}}, Document: "paper", KnownSince: hours(-3),
		Warned: []Warning{{Unit: town, At: *hours(-2), Channel: "chat_group", Answer: "收到", AnsweredAt: hours(-2), Did: "drafted_penalty", DidAt: hours(-1), Power: PowerSupervise, Document: "paper"}},
	}
}

func with[T any](x T, how func(*T)) T { how(&x); return x }

func onRecord(c Penalise) Penalised { return c.penalised() }
