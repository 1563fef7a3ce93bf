package complaint

import (
	"time"

	"suyuan/services/calendar"
	"suyuan/services/issuerkey"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Fact is what a decision may know of a complaint besides its stream.
type Fact struct {
	Named  Named
	Stage  Stage
	Others int   // complaints that go on in it and were not taken back
	Took   bool  // another was merged into it, whether or not it goes on in it still
	Merged bool  // it was merged into another, whether or not it goes on in it still
	Into   *Into // what it goes on in; nil where it goes on by itself
}

// Into is the complaint that one goes on in at last, as far as its reporter
// was told of it.
type Into struct {
	State    State
	Since    time.Time // they go on together
	Answered *Answered // the last answer since then; nil for none
}

// Units finds units by their code.
type Units interface {
	Unit(code string) (unit.Fact, bool)
}

// Facts is the look at the read model that decisions about complaints take.
type Facts interface {
	Units
	HasDocument(id string) bool
	// Complaint is false for what is not folded yet, too.
	Complaint(id string) (Fact, bool)
	// Vouched is who vouches for an issuance that is in force.
	Vouched(issuance string) (issuance.Source, bool)
	IssuerKey(id string) (issuerkey.Fact, bool)
	// Spent is the complaint that a nullifier was spent for.
	Spent(nullifier string) (complaint string, ok bool)
	// Calendar is that of the working days; nil where there is none.
	Calendar() *calendar.Calendar
}
