// Package catalogue is the one list of every event and command Suyuan knows.
// Nothing registers itself: what is not named here does not exist.
package catalogue

import (
	"suyuan/services/checkpoint"
	"suyuan/services/document"
	"suyuan/services/handoff"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/assignment"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

//go:generate go test -count=1 -run ^TestSchema . -args -update

// Events lists every event, subject by subject.
func Events() (*ledger.Catalogue, error) {
	return ledger.NewCatalogue(unit.Events, document.Events, mandate.Events, issuance.Events, assignment.Events, handoff.Events, checkpoint.Events)
}

// Commands lists every command.
func Commands() []ledger.CommandDef {
	var all []ledger.CommandDef
	for _, list := range [][]ledger.CommandDef{unit.Commands, document.Commands, mandate.Commands, issuance.Commands, assignment.Commands, handoff.Commands, checkpoint.Commands} {
		all = append(all, list...)
	}
	return all
}

// Categories are the stream categories of this ledger; streams of any other
// category belong to other applications and are passed over.
var Categories = []string{"unit", "document", "mandate", "issuance", "assignment", "handoff", "checkpoint"}
