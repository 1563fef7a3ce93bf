package outcome

import (
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Fact is what a decision may know of an outcome besides its stream.
type Fact struct {
	ID         string
	Kind       Kind
	Unit       string // the executor
	Mandate    string
	Issuance   string // that the outcome names, or empty
	OccurredAt time.Time
	Document   string   // that records it
	Bodies     []string // that took the measures
	Into       string   // the outcome it was joined to, empty while it stands alone
}

// Fact is how others see the outcome; false before it is recorded.
func (s State) Fact() (Fact, bool) {
	p := s.Penalised
	if p == nil {
		return Fact{}, false
	}
	f := Fact{ID: p.ID, Kind: p.Kind, Unit: p.Unit, Mandate: p.Mandate, Issuance: p.Issuance, OccurredAt: p.OccurredAt, Document: p.Document, Into: s.Into}
	for _, x := range p.Penalties {
		f.Bodies = append(f.Bodies, x.Body)
	}
	return f, true
}

// Units finds units by their code.
type Units interface {
	Unit(code string) (unit.Fact, bool)
}

// Facts is the look at the read model that decisions about outcomes take.
type Facts interface {
	Units
	HasDocument(id string) bool
	Mandate(id string) (issuance.MandateFact, bool)
	// Addressed reports whether an issuance has a line to a unit, in force or not.
	Addressed(issuance, unit string) bool
	// HasRule reports whether a rule is among the rules on record.
	HasRule(id string) bool
	// Outcome finds an outcome by its id.
	Outcome(id string) (Fact, bool)
	// HasFinding reports whether an outcome has a finding that was not
	// withdrawn or overturned.
	HasFinding(outcome string) bool
	// Concerned are all units that the record around an outcome names: those the
	// task came down through, who began and who leads it, who objected and who
	// insisted, whoever set its conditions.
	Concerned(outcome string) []string
}

// maxMergers bounds a walk along units that were merged one into the next.
const maxMergers = 16

// Tied reports whether an actor must keep out of what concerns the units: its
// own unit is one of them or lies inside one, each under the unit that stands
// for it now. An actor of no unit is tied to none.
func Tied(by ledger.Actor, units []string, f Units) bool {
	if by.Unit == "" {
		return false
	}
	own := names(by.Unit, f)
	for _, code := range units {
		for _, concerned := range names(code, f) {
			for _, mine := range own {
				if unit.Contains(concerned, mine) {
					return true
				}
			}
		}
	}
	return false
}

// names are a unit's code and those of the units it was merged into in turn;
// none of no unit.
func names(code string, f Units) []string {
	if code == "" {
		return nil // it would contain everything
	}
	list := []string{code}
	for range maxMergers {
		u, ok := f.Unit(code)
		if !ok || u.Into == "" {
			break
		}
		code = u.Into
		list = append(list, code)
	}
	return list
}
