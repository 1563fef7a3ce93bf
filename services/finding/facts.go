package finding

import (
	"fmt"
	"strconv"
	"strings"

	"suyuan/services/calendar"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/unit"
)

// Subject is what a decision has to know of the outcome that a finding is
// about. Into names the outcome that it was joined into; that one is found
// about, not this.
type Subject struct {
	Executor string // the unit that was penalised
	Into     string
}

// Explained is what JRA-1 makes of the evidence about an outcome.
type Explained struct {
	Known       uint64 // ordinal up to which the record was read
	Policy      int    // version of jra-1
	Method      int    // of evidence and of explaining it: another one may come to another hash from the same facts
	Hash        string // of the explanation: the same for as long as nothing changes in it
	Outcome     string // liability.NoShortfall, or empty
	Refused     string // the rule by which the evidence allows no division: all is nobody's
	Shares      []Share
	Originating string
	Provisional bool
	Flags       []string
}

// Units finds units by their code.
type Units interface {
	Unit(code string) (unit.Fact, bool)
}

// Facts is the look at the read model that decisions about findings take.
type Facts interface {
	Units
	HasDocument(id string) bool
	HasRule(id string) bool
	// Calendar is that of the working days; nil where there is none.
	Calendar() *calendar.Calendar
	// Policy is the newest version of a policy that holds on a day.
	Policy(name string, on ledger.Date) (policy.Adopted, bool)
	// Subject is false for an outcome that is not on record.
	Subject(outcome string) (Subject, bool)
	// Rounds are all findings about an outcome, by round.
	Rounds(outcome string) []Fact
	// Explain runs a version of jra-1 over the evidence about an outcome as it
	// stands at the ordinal of these facts. What the evidence refuses to divide
	// comes back as that refusal, with Known, Policy and Method.
	Explain(outcome string, version int) (Explained, error)
}

// ID names round n, from 1, of the findings about an outcome.
func ID(outcome string, n int) string { return fmt.Sprintf("%s-%d", outcome, n) }

// Split is the outcome and the round that a finding's id names; false for what
// is no such id.
func Split(id string) (of string, round int, ok bool) {
	at := strings.LastIndexByte(id, '-')
	if at < 1 {
		return "", 0, false
	}
	round, err := strconv.Atoi(id[at+1:])
	if err != nil || round < 1 || round > maxRounds || ID(id[:at], round) != id {
		return "", 0, false
	}
	_, _, ok = outcome.SplitID(id[:at])
	return id[:at], round, ok
}
