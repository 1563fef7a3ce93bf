// Package seeds holds scenarios: published cases written down as dated
// commands, with what is expected to come of them, and a player that submits
// them through the desk like anybody else.
//
// Scenarios live in an invented division (codes beginning with 99) and know
// units and roles only. The package never appends to a log, never looks at
// the read model, and never writes for a unit of the real world.
package seeds

import (
	"embed"
	"fmt"

	"suyuan/services/ledger"
)

//go:embed *.json
var embedded embed.FS

// All is every scenario that comes with the program, in playing order: the
// division first, then the case of the 600 mu.
func All() ([]Scenario, error) {
	all, err := Load(embedded)
	if err != nil {
		return nil, fmt.Errorf("embedded scenarios: %w", err)
	}
	return all, nil
}

// Demonstration is what a first look begins with.
type Demonstration struct {
	Mandate, Measure, Unit string         // whose trace is printed
	Actors                 []ledger.Actor // one per role, in the order of ledger.Roles
}

// Demo names the average village of the 600-mu case, and for each role an
// actor who has something to do there.
func Demo() Demonstration {
	return Demonstration{
		Mandate: "farmland-600", Measure: "farmland-600/area", Unit: "990101001002",
		Actors: []ledger.Actor{
			By{Role: ledger.Clerk, Unit: "990101001"}.Actor(),
			By{Role: ledger.Investigator, Unit: "9901-jw"}.Actor(), // of the city: the county is what the case is about
			By{Role: ledger.Reviewer, Unit: "9901-jw"}.Actor(),
			By{Role: ledger.Auditor, Unit: "99-sjt"}.Actor(),
			By{Role: ledger.Admin, Unit: "99-bb"}.Actor(),
		},
	}
}
