// Package liability is JRA-1: it divides the cause of one penalised outcome
// between the units of its chain, in basis points, and explains every point.
// Shares say how the causes divide, never how severe a measure should be.
//
// It is pure and exact: the same case under the same parameters gives the same
// shares, the same explanation and the same hash on every machine. It must
// never round before the last step, ask a clock, or look anything up: what it
// knows of an outcome stands in the Case, and each line of the explanation
// names what in the case it rests on.
package liability

import (
	"suyuan/services/exact"
)

// Unattributed takes what no unit of the case answers for.
const Unattributed = "UNATTRIBUTED"

// NoShortfall is the outcome of a case in which nothing is missing.
const NoShortfall = "NO_SHORTFALL"

// Whole is all basis points.
const Whole = 10_000

// A Result is a case divided.
type Result struct {
	// Outcome is NoShortfall, with no shares, or "".
	Outcome string
	// The masses of step 2, nil where the kind of case has none.
	Shortfall, Additions, Infeasible, Execution *exact.Rat
	// Shares are in the order of the case's units, those that bear nothing
	// included, Unattributed last and only where it has mass. Where nobody
	// bears anything it is the only one.
	Shares []Share
	// Provisional: part of it goes back to a document above the recorded
	// chain, so the result is to be computed anew once that is on record.
	Provisional bool
	Flags       []Flag
	Lines       []Line
}

// A Share is what one unit bears. A mass above 0 may be below one point: the
// unit has notice of it all the same.
type Share struct {
	Unit   string    `json:"unit"`
	Mass   exact.Rat `json:"mass"`
	Points int64     `json:"points"`
}

// A Flag is put to the reviewer: something was not on record, or contradicts
// what is.
type Flag string

// What is flagged.
const (
	CapacityUnknown   Flag = "CAPACITY_UNKNOWN"   // GI is 0 for want of a figure
	CapacityDisproved Flag = "CAPACITY_DISPROVED" // more was delivered than the capacity on record
	DutyUnknown       Flag = "DUTY_UNKNOWN"       // λ is the parameter's default
	AdequacyUnknown   Flag = "ADEQUACY_UNKNOWN"   // a is 1
	AuthorityUnknown  Flag = "AUTHORITY_UNKNOWN"  // of a, the power to do it counts as there
	NoticeUnknown     Flag = "NOTICE_UNKNOWN"     // of a, notice counts as given
	ResourcesUnknown  Flag = "RESOURCES_UNKNOWN"  // of a, the means count as granted
	WindowUnknown     Flag = "WINDOW_UNKNOWN"     // w is 1
	FirstBaseAbove    Flag = "BASE_ABOVE_CHAIN"   // what the first unit received is on no document here
)

// A Line is one step of the explanation, in the order in which it was taken.
type Line struct {
	Clause Clause `json:"clause"`
	Unit   string `json:"unit,omitempty"` // whom it charges, or whose layer it is
	By     string `json:"by,omitempty"`   // from whom a charge moved here
	Terms  []Term `json:"terms,omitempty"`
	// Amount is what came out.
	Amount exact.Rat `json:"amount"`
	// From names what of the case it rests on: "issued[1]", "overruled.town".
	From []string `json:"from,omitempty"`
}

// A Term is a number that a clause's formula took, under its letter there.
type Term struct {
	Name  string    `json:"name"`
	Value exact.Rat `json:"value"`
}

// A Clause is a place in JRA-1. What each says in words is data of the rules.
type Clause string

// The clauses, in the order of the algorithm's steps.
const (
	ClauseLayer      Clause = "1.layer"      // a unit's part of the demand, as far as no later cut took it back
	ClauseShortfall  Clause = "2.G"          // G = D − q
	ClauseAdditions  Clause = "2.GA"         // GA = min(G, Σ unauthorised layers)
	ClauseInfeasible Clause = "2.GI"         // GI = clamp(base − C, 0, G − GA); competing: clamp(Σd − C, 0, G)
	ClauseExecution  Clause = "2.GE"         // GE = G − GA − GI
	ClauseAdder      Clause = "3.1.adder"    // GA pro rata to the layers
	ClauseAuthor     Clause = "3.2.author"   // GI to base layers, the latest first
	ClauseSilent     Clause = "3.2.silent"   // min(π·n, cap) of GI in equal parts
	ClauseConstraint Clause = "3.2.authors"  // contradiction: by number of constraints
	ClauseDemand     Clause = "3.2.demands"  // competing: by what each asked
	ClauseExecutor   Clause = "3.3.executor" // λ·a·GE
	ClauseOwner      Clause = "3.3.owner"    // the rest of GE
	ClauseFalsifier  Clause = "3.4.falsifier"
	ClauseInducer    Clause = "3.4.inducer"
	ClauseConduct    Clause = "conduct.P"     // P = 100·s·k·(1−e)·w
	ClauseGroup      Clause = "conduct.group" // +100
	ClauseOverruled  Clause = "overruled"     // a charge moves to who overruled
	ClauseRetained   Clause = "retained"      // κ stays: the order was clearly illegal
	ClauseNobody     Clause = "unattributed"
)

// Divide runs JRA-1. Parameters and case are checked first; an error names the
// field at fault, and wraps ErrCycle where overrulers lead back to themselves.
func Divide(c Case, p Parameters) (Result, error) {
	if err := p.Check(); err != nil {
		return Result{}, err
	}
	if err := c.Check(); err != nil {
		return Result{}, err
	}
	d := newDivision(c, p)
	switch c.Kind {
	case Quantity:
		d.quantity()
	case Contradiction:
		d.contradiction()
	case Competing:
		d.competing()
	case Conduct:
		d.conduct()
	}
	return d.result, nil
}
