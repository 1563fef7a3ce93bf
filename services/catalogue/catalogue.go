// Package catalogue is the one list of every event and command Suyuan knows.
// Nothing registers itself: what is not named here does not exist.
package catalogue

import (
	"slices"

	"suyuan/services/blank"
	"suyuan/services/caseroom"
	"suyuan/services/checkpoint"
	"suyuan/services/clarification"
	"suyuan/services/complaint"
	"suyuan/services/document"
	"suyuan/services/finding"
	"suyuan/services/handoff"
	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/assignment"
	"suyuan/services/mandate/issuance"
	"suyuan/services/nullifier"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/recipient"
	"suyuan/services/release"
	"suyuan/services/reward"
	"suyuan/services/unit"
)

//go:generate go test -count=1 -run ^TestSchema . -args -update

// Events lists every event, subject by subject.
func Events() (*ledger.Catalogue, error) {
	return ledger.NewCatalogue(
		unit.Events, document.Events, mandate.Events, issuance.Events, assignment.Events, handoff.Events, checkpoint.Events,
		recipient.Events, issuerkey.Events, nullifier.Events, complaint.Events, caseroom.Events, release.Events, blank.Events,
		policy.Events, outcome.Events, finding.Events, reward.Events, clarification.Events,
	)
}

// Commands lists every command.
func Commands() []ledger.CommandDef {
	return slices.Concat(
		unit.Commands, document.Commands, mandate.Commands, issuance.Commands, assignment.Commands, handoff.Commands, checkpoint.Commands,
		recipient.Commands, issuerkey.Commands, nullifier.Commands, complaint.Commands, caseroom.Commands, release.Commands, blank.Commands,
		policy.Commands, outcome.Commands, finding.Commands, reward.Commands, clarification.Commands,
	)
}

// Categories are the stream categories of this ledger; streams of any other
// category belong to other applications and are passed over.
var Categories = []string{
	"unit", "document", "mandate", "issuance", "assignment", "handoff", "checkpoint", "recipient", "issuerkey", "nullifier", "complaint", "case", "release", "blank",
	"policy", "outcome", "finding", "reward", "clarification",
}
