// Package claim is the vocabulary of a report's facts: what a reporter tapped,
// never what they typed. At the cut the engine reads the facts and records
// them sealed; whoever holds the claims key opens them again.
//
// The package must never show a claim in an error, and never give two claims
// sealed texts of different length.
package claim

import (
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// Version is the only one there is of Facts and FollowUp.
const Version = 1

// MaxJSON bounds the facts and the follow-ups as they travel, in bytes.
const MaxJSON = 1400

// Facts is a claim. Who added stands either as a unit or as a level; what was
// handed down either as a mandate on record or as a paper's number. All but V
// may be left out where Check does not ask for it.
type Facts struct {
	V         int               `json:"v"`
	Mandate   string            `json:"mandate,omitempty"`
	Paper     string            `json:"paper,omitempty"`  // a document's number as described, at most 40 characters
	Issuer    string            `json:"issuer,omitempty"` // code of the unit that added
	Level     string            `json:"level,omitempty"`  // or its level: one of Levels
	Within    string            `json:"within,omitempty"` // where it was received: a county or above, never below
	Dimension mandate.Dimension `json:"dimension"`
	Measure   string            `json:"measure,omitempty"`  // <mandate>/<key>, of the mandate on record
	CameDown  string            `json:"cameDown,omitempty"` // an exact decimal, or a frequency written 1/7
	Asked     string            `json:"asked,omitempty"`
	Due       ledger.Date       `json:"due,omitempty"`
	Minutes   int               `json:"minutes,omitempty"` // a week, that it costs
	Forms     []string          `json:"forms,omitempty"`   // each of Forms at most once
	Motive    string            `json:"motive,omitempty"`  // one of Motives
}

// FollowUp is what a reporter does with an open box. Solved and Satisfied go
// with Rate and with nothing else.
type FollowUp struct {
	V         int   `json:"v"`
	Act       Act   `json:"act"`
	Solved    *bool `json:"solved,omitempty"`
	Satisfied *bool `json:"satisfied,omitempty"`
}

// Act is what a follow-up does.
type Act string

// The acts.
const (
	Reply       Act = "reply"       // write to the investigator
	Withdraw    Act = "withdraw"    // take the report back
	Rate        Act = "rate"        // say whether the answer solved it, and satisfied
	Review      Act = "review"      // ask for 复查, and after that for 复核
	Retaliation Act = "retaliation" // say that retaliation began
)

// Acts lists every act.
var Acts = []Act{Reply, Withdraw, Rate, Review, Retaliation}

// Levels are the words for who added where the unit is not named, from the
// top; their place is the unit.Level.
var Levels = []string{"CENTRAL", "PROVINCE", "CITY", "COUNTY", "TOWNSHIP", "VILLAGE"}

// What a burden looked like (S0-7) and what it was for (S0-8).
const (
	FormFilling = "form_filling" // 填表式
	Photo       = "photo"        // 留影式
	FileSummary = "file_summary" // 卷宗式
	Exempt      = "exempt"       // 求痕: traces that exempt from blame
	Show        = "show"         // 晒痕: traces to show off
	Fabricate   = "fabricate"    // 造痕: traces made up
)

// Forms and Motives list the taxonomy's words.
var (
	Forms   = []string{FormFilling, Photo, FileSummary}
	Motives = []string{Exempt, Show, Fabricate}
)
