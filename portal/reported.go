package portal

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suyuan/services/ledger"
)

// figureRow is one row of what was released: Count of Of. What is empty was
// not told of these reports.
type figureRow struct {
	Lane             string
	Unit             *unitRef
	Level, Dimension string
	Mandate          *mandateRef
	Measure          *measure
	CameDown, Asked  string
	Change           string
	Days             *period
	Release          string
	Count, Of        string
}

// period is a number of working days: more than From, up to To.
type period struct {
	From int
	To   *int
}

// Share is how much of the denominator the row counts, in per cent with one
// decimal; "" where there is no denominator.
func (f figureRow) Share() string {
	n, of := whole(f.Count), whole(f.Of)
	if of == 0 {
		return ""
	}
	tenths := (2000*n/of + 1) / 2
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}

// whole reads a count; 0 where it is none.
func whole(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// reportedPage is what was released of reports: everywhere, in a place, or of
// one unit.
type reportedPage struct {
	*Page
	Filter   *burdenFilter // its Within alone
	Unit     *unitRef      // whose page this is
	Place    *unitRef      // within which, Unit or what was searched for
	Told     bool          // the figures were asked for
	Verified figureRow     // in all
	Open     *figureRow    // of the open lane, in all
	Matrix   *matrix       // nil where nothing was released
	Units    []figureRow
	Claims   []figureRow
	Weeks    []figureRow
	Rates    []rate
	Periods  []figureRow
	Finding  string
	AsOf     string
}

// rate is one of the shares of answers, by lane; a nil one was not told.
type rate struct {
	Key            string
	Verified, Open *figureRow
}

// matrix is the table of dimensions by levels, both in their fixed order; the
// last row and the last column are what was not told apart.
type matrix struct {
	Levels []string
	Rows   []matrixRow
	Totals []int64 // by level
	All    int64
	most   int64
}

type matrixRow struct {
	Dimension string // "" for what was not told apart
	Cells     []int64
	Sum       int64
}

// Heat is how deep a cell is tinted, 0 to 5, beside the largest.
func (m *matrix) Heat(n int64) int64 {
	if n == 0 || m.most == 0 {
		return 0
	}
	return min(5, 1+5*(n-1)/m.most)
}

func matrixOf(rows []figureRow) *matrix {
	cells := map[[2]string]int64{}
	for _, f := range rows {
		if f.Lane == "VERIFIED" {
			cells[[2]string{f.Dimension, f.Level}] += whole(f.Count)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	m := &matrix{Levels: append(slices.Clone(levels), ""), Totals: make([]int64, len(levels)+1)}
	for _, dimension := range append(slices.Clone(enums["dimension"]), "") {
		row := matrixRow{Dimension: dimension}
		for i, level := range m.Levels {
			n := cells[[2]string{dimension, level}]
			row.Cells = append(row.Cells, n)
			row.Sum += n
			m.Totals[i] += n
			m.most = max(m.most, n)
		}
		if row.Sum > 0 {
			m.Rows = append(m.Rows, row)
			m.All += row.Sum
		}
	}
	return m
}

// reported is the page of everything, or of what lies within a place.
func (s *site) reported(p *Page) (reply, error) {
	typed, err := p.text("within", mostID)
	if err != nil {
		return reply{}, err
	}
	f := &burdenFilter{Within: input{Name: "within", Typed: typed}}
	if err := p.findWithin(f); err != nil {
		return reply{}, err
	}
	p.Title = p.say("reported.title")
	p.Crumbs = []Crumb{{Text: p.Title}}
	view := reportedPage{Page: p, Filter: f, Place: f.Unit}
	if !f.ready() {
		status := 0
		if f.Within.Fault != "" {
			status = 400
		}
		return reply{page: "reported", data: view, status: status}, nil
	}
	return view.answer()
}

// unitReported is the page of one unit; a department's counts itself, a
// division's all that lies in it.
func (s *site) unitReported(p *Page) (reply, error) {
	code, err := p.id("code")
	if err != nil {
		return reply{}, err
	}
	got, err := ask[struct{ Unit *unitRef }](p.r.Context(), s, "actor", map[string]any{"code": code})
	if err != nil {
		return reply{}, err
	}
	if got.Unit == nil {
		return reply{}, missing(ledger.Text{Zh: "没有这个单位。", En: "There is no such unit."})
	}
	p.Title = p.say("reported.ofUnit", "unit", got.Unit.Name)
	p.Crumbs = []Crumb{{p.say("units.title"), p.To("units")}, {got.Unit.Name, p.To("units", code)}, {Text: p.say("reported.title")}}
	return reportedPage{Page: p, Filter: &burdenFilter{}, Unit: got.Unit, Place: got.Unit}.answer()
}

type reportedAnswer struct {
	Whole, Matrix, Units, Claims, Weeks []figureRow
	Ledger                              struct{ Ordinal string }
}

type reportedAnswers struct{ Responded, Rated, Solved, Satisfied, Days []figureRow }

func (v reportedPage) answer() (reply, error) {
	p := v.Page
	within := map[string]any{"within": nil}
	if v.Place != nil {
		within["within"] = v.Place.Code
	}
	got, err := ask[reportedAnswer](p.r.Context(), p.s, "reported", within)
	if err != nil {
		return reply{}, err
	}
	answers, err := ask[reportedAnswers](p.r.Context(), p.s, "reported_answers", within)
	if err != nil {
		return reply{}, err
	}
	for _, f := range got.Whole {
		if f.Lane == "VERIFIED" {
			v.Verified = f
		} else {
			v.Open = &f
		}
	}
	v.Matrix, v.Units, v.Claims, v.Weeks, v.AsOf = matrixOf(got.Matrix), got.Units, got.Claims, got.Weeks, got.Ledger.Ordinal
	for _, r := range []struct {
		key  string
		rows []figureRow
	}{{"RESPONDED", answers.Responded}, {"RATED", answers.Rated}, {"SOLVED", answers.Solved}, {"SATISFIED", answers.Satisfied}} {
		v.Rates = append(v.Rates, rateOf(r.key, r.rows))
	}
	v.Periods, v.Told = answers.Days, true
	v.Finding = v.finding()
	if sheet := v.sheet(); sheet != nil {
		return reply{sheet: sheet}, nil
	}
	p.Title = cmp.Or(v.Finding, p.Title)
	return reply{page: "reported", data: v}, nil
}

func rateOf(key string, rows []figureRow) rate {
	r := rate{Key: key}
	for _, f := range rows {
		if f.Lane == "VERIFIED" {
			r.Verified = &f
		} else {
			r.Open = &f
		}
	}
	return r
}

// HasRates reports whether any share was told.
func (v reportedPage) HasRates() bool {
	return slices.ContainsFunc(v.Rates, func(r rate) bool { return r.Verified != nil || r.Open != nil })
}

// finding is the page in a sentence.
func (v reportedPage) finding() string {
	n := whole(v.Verified.Count)
	if n == 0 {
		return ""
	}
	if v.Place != nil {
		return v.say("reported.findingOf", "unit", v.Place.Name, "n", n)
	}
	return v.say("reported.finding", "n", n)
}

// Working says a period of working days.
func (v reportedPage) Working(d *period) (string, error) {
	switch {
	case d == nil:
		return "", nil
	case d.To == nil && d.From == 0:
		return v.T("reported.anyTime")
	case d.To == nil:
		return v.T("reported.longer", "from", d.From)
	case d.From == 0:
		return v.T("reported.upTo", "to", *d.To)
	}
	return v.T("reported.between", "from", d.From+1, "to", *d.To)
}

// Claimed says the figures of a claim: exact, or the share of what came down, or
// that they were not told.
func (p *Page) Claimed(m *measure, came, asked, change string) (string, error) {
	switch {
	case change != "":
		return p.Enum("change", change)
	case asked == "":
		return p.T("reported.noFigures")
	case came == "":
		asked, err := p.asReported(m, asked)
		if err != nil {
			return "", err
		}
		return p.T("reported.asks", "asked", asked)
	}
	came, err := p.asReported(m, came)
	if err != nil {
		return "", err
	}
	if asked, err = p.asReported(m, asked); err != nil {
		return "", err
	}
	return p.T("reported.exactly", "came", came, "asked", asked)
}

// asReported says a figure as it was reported: a decimal, or a count per days.
func (p *Page) asReported(m *measure, s string) (string, error) {
	if times, days, often := strings.Cut(s, "/"); often {
		if days == "1" {
			return p.T("rate.daily", "times", times)
		}
		return p.T("rate.days", "times", times, "days", days)
	}
	if m == nil || m.Frequency() {
		return p.Num(s), nil
	}
	return p.Amount(*m, s)
}
