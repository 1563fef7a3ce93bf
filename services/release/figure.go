package release

import (
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// Metric is what is counted.
type Metric string

// The metrics. All but Reports are shares of a denominator.
const (
	Reports   Metric = "REPORTS"   // reports that were released
	Responded Metric = "RESPONDED" // 响应率: answered, of those dispatched and settled
	Rated     Metric = "RATED"     // rated by the reporter, of those answered
	Solved    Metric = "SOLVED"    // 解决率: of those rated
	Satisfied Metric = "SATISFIED" // 满意率: of those rated
	Days      Metric = "DAYS"      // answered within some working days, of those answered
)

// Grouping is by what.
type Grouping string

// The groupings. For answers: Whole, ByUnit (who handled), ByWeek, and for Days
// every grouping is within its periods.
const (
	Whole       Grouping = "WHOLE"
	ByLevel     Grouping = "LEVEL"
	ByDimension Grouping = "DIMENSION"
	ByBoth      Grouping = "LEVEL_AND_DIMENSION"
	ByUnit      Grouping = "UNIT"
	ByMandate   Grouping = "MANDATE"
	ByChange    Grouping = "CHANGE"
	ByClaim     Grouping = "CLAIM" // unit, mandate, measure, dimension and figures: what stands beside a trace
	ByWeek      Grouping = "RELEASE"
)

// Query asks for figures.
type Query struct {
	Metric   Metric
	GroupBy  Grouping
	Within   string      // a place, or one unit that added (or handled); empty: the country
	Mandate  string      // only of this mandate
	From, To ledger.Date // dates of release, both included; empty: no bound
}

// Figure is one row of a table: Count of Of. What is empty in a row of a
// grouping was not told for these reports.
type Figure struct {
	Lane      Lane
	Unit      string
	Level     string
	Dimension mandate.Dimension
	Mandate   string
	Measure   string
	CameDown  string // exact figures, or
	Asked     string
	Change    Change      // between which shares
	Period    *Period     // of Days: its Count is Count
	Release   ledger.Date // of ByWeek
	Count     int64
	Of        int64 // denominator: for Reports, all released of the lane that the query covers
}

// Figures adds up what was published. parts are the parts of releases in the
// order of the ledger. Rows come in the order of levels, dimensions, codes,
// never by size; a row is left out where nothing was released.
func Figures(parts []Published, q Query) []Figure {
	panic("not written yet")
}
