package release

import (
	"cmp"
	"slices"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
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
//
// Every row is a sum over batches: no choice of query can give anything else.
func Figures(parts []Published, q Query) []Figure {
	t := table{rows: map[row]*Figure{}, of: map[row]int64{}}
	for _, p := range parts {
		if q.From != "" && p.Date < q.From || q.To != "" && p.Date > q.To {
			continue
		}
		if q.Metric == Reports {
			t.reports(p, q)
		} else {
			t.answers(p, q)
		}
	}
	return t.sorted()
}

// row is what tells the rows of a table apart.
type row struct {
	lane     Lane
	cell     Cell
	period   bool
	from, to int
	release  ledger.Date
}

type table struct {
	rows map[row]*Figure
	of   map[row]int64 // denominators, where they are those of several rows
}

// base is the row whose denominator a row shares: for reports all of the lane,
// for periods all that are told how long they took.
func (at row) base() row {
	if at.period {
		return row{lane: at.lane, cell: at.cell, release: at.release, period: true, from: -1}
	}
	return row{lane: at.lane}
}

func (t *table) add(at row, count, of int) {
	f := t.rows[at]
	if f == nil {
		c := at.cell
		f = &Figure{
			Lane: at.lane, Unit: c.Unit, Level: c.Level, Dimension: c.Dimension, Mandate: c.Mandate, Measure: c.Measure,
			CameDown: c.CameDown, Asked: c.Asked, Change: c.Change, Release: at.release,
		}
		t.rows[at] = f
	}
	f.Count += int64(count)
	f.Of += int64(of)
}

func (t *table) reports(p Published, q Query) {
	for _, b := range p.Reports {
		if !covers(q.Within, b.Unit, b.Place) || q.Mandate != "" && b.Mandate != q.Mandate {
			continue
		}
		t.of[row{lane: b.Lane}.base()] += int64(b.Count)
		c, ok := b.Cell.by(q.GroupBy)
		if !ok {
			continue
		}
		at := row{lane: b.Lane, cell: c}
		if q.GroupBy == ByWeek {
			at.release = p.Date
		}
		t.add(at, b.Count, 0)
	}
}

// by is what a grouping keeps of a label; false where a label has no row in
// it.
func (c Cell) by(g Grouping) (Cell, bool) {
	switch g {
	case Whole, ByWeek:
		return Cell{}, true
	case ByLevel:
		return Cell{Level: c.Level}, true
	case ByDimension:
		return Cell{Dimension: c.Dimension}, true
	case ByBoth:
		return Cell{Level: c.Level, Dimension: c.Dimension}, true
	case ByUnit:
		return Cell{Unit: c.Unit, Level: c.Level}, c.Unit != ""
	case ByMandate:
		return Cell{Mandate: c.Mandate}, c.Mandate != ""
	case ByChange:
		return Cell{Change: c.change()}, c.Mandate != ""
	case ByClaim:
		return c, c.Mandate != ""
	}
	return Cell{}, false
}

// change is the share told, worked out from exact figures where those were
// told.
func (c Cell) change() Change {
	if c.Change != "" {
		return c.Change
	}
	return changeOf(figureOf(c.CameDown), figureOf(c.Asked))
}

func (t *table) answers(p Published, q Query) {
	for _, b := range p.Answers {
		at := row{lane: b.Lane}
		switch q.GroupBy {
		case Whole:
		case ByUnit:
			at.cell.Unit = b.Unit
		case ByWeek:
			at.release = p.Date
		default:
			continue
		}
		if !covers(q.Within, b.Unit, b.Place) || q.Mandate != "" || q.GroupBy == ByUnit && b.Unit == "" {
			continue
		}
		if q.Metric == Days {
			t.periods(at, b)
			continue
		}
		part := map[Metric]*Part{Responded: b.Responded, Rated: b.Rated, Solved: b.Solved, Satisfied: b.Satisfied}[q.Metric]
		if part != nil && part.Of > 0 {
			t.add(at, part.Yes, part.Of)
		}
	}
}

func (t *table) periods(at row, b AnswerBatch) {
	for _, d := range b.Days {
		at.period, at.from, at.to = true, d.From, d.To
		t.add(at, d.Count, 0)
		t.of[at.base()] += int64(d.Count)
		t.rows[at].Period = &Period{From: d.From, To: d.To}
	}
}

// covers reports whether what a batch names lies within a place or is that
// unit.
func covers(within, code, place string) bool {
	if within == "" || within == unit.CentralCode {
		return true
	}
	if code == "" {
		code = place
	}
	return unit.Contains(within, code)
}

func (t *table) sorted() []Figure {
	order := slices.SortedFunc(keys(t.rows), func(a, b row) int {
		return cmp.Or(-cmp.Compare(a.lane, b.lane), compareCells(a.cell, b.cell), cmp.Compare(a.from, b.from), compareEnds(a.to, b.to), cmp.Compare(a.release, b.release))
	})
	figures := make([]Figure, len(order))
	for i, at := range order {
		figures[i] = *t.rows[at]
		if of := t.of[at.base()]; of > 0 {
			figures[i].Of = of
		}
		if p := figures[i].Period; p != nil {
			p.Count = int(figures[i].Count)
		}
	}
	return figures
}

// compareEnds puts no end last.
func compareEnds(a, b int) int { return cmp.Or(last(a == 0, b == 0), cmp.Compare(a, b)) }
