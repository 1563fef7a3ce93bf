package breakdown

import (
	"context"
	"slices"
	"strings"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

// Options say what a sheet itself may leave open.
type Options struct {
	Sheet        string            // the sheet's name; empty: the only one with content
	Measures     []Measure         // that the sheet may hand down
	Measure      string            // key or id of the one meant by 任务数; empty where there is only one
	Unit         string            // what figures are in where neither cell nor heading nor a line 单位：亩 says
	Due          *time.Time        // for rows without a deadline
	Recorded     []issuance.Amount // totals that the issuance on record states, which the sheet may repeat
	AcceptTotals bool              // totals that are not the sum of their rows are taken as stated
}

// Sheet is a breakdown sheet that was read without a problem.
type Sheet struct {
	Name    string
	Rows    []Row
	Kept    *Row                  // what the issuer keeps itself
	Stated  map[int]Stated        // by measure: the total as stated, where it is not the sum
	Totals  map[int]exact.Decimal // by measure: the total of all rows, where the sheet has it
	Columns map[int]columnSet     // by measure
	HasDue  bool                  // deadlines have a column
	Notices []Problem             // what a person should know; nothing to stop for
	opt     Options
	heads   []column
}

// columnSet is what the sheet has of a measure.
type columnSet struct{ value, base int } // columns, -1: none

// Stated is a total as the paper has it.
type Stated struct {
	Value exact.Decimal
	Row   int
}

// Row is one receiver's row.
type Row struct {
	At      int // from 1, as the spreadsheet program shows it
	Code    string
	Name    string
	Within  []within // superiors that the sheet itself names
	Figures []figures
	Due     *time.Time
}

// within is a superior's name and whether a column of its own gives it; a
// heading between the rows may be anything.
type within struct {
	name   string
	col    int
	strict bool
}

// figures is what a row has of one measure.
type figures struct {
	measure int
	value   string   // canonical; empty for a set
	items   []string // of a set
	base    string
	exact   exact.Decimal // of a value that divides
}

// Read reads a file. The problems are those of the whole sheet; the error
// tells why it could not be read at all.
func Read(ctx context.Context, name string, data []byte, o Options) (*Sheet, *Problems, error) {
	g, err := open(ctx, name, data, o.Sheet)
	if err != nil {
		return nil, nil, err
	}
	r := &reader{g: g, s: &Sheet{Name: g.name, Stated: map[int]Stated{}, Totals: map[int]exact.Decimal{}, Columns: map[int]columnSet{}, opt: o}}
	if !r.heads() {
		return nil, &r.problems, nil
	}
	r.body()
	r.addUp()
	r.countRounded()
	if r.problems.Count() == 0 && len(r.s.Rows) == 0 {
		r.problem(-1, -1, "表头下面没有任何单位。", "There is no receiver below the headings.")
	}
	return r.s, &r.problems, nil
}

// reader reads one grid.
type reader struct {
	g        *grid
	h        head
	s        *Sheet
	problems Problems
	who      []int    // columns that name receivers, the name itself last
	inherits []within // superiors the rows above named, for blank cells
	section  *within
	totals   []totalRow
	rounded  int          // figures that show fewer decimals than they hold
	spoilt   map[int]bool // columns with a figure that could not be read
}

func (r *reader) place(row, col int) Problem {
	p := Problem{Sheet: r.g.name, Row: row + 1, Col: col + 1}
	if col >= 0 && col < len(r.h.columns) {
		p.Heading = strings.Join(strings.Fields(r.h.columns[col].heading), "")
	}
	return p
}

func (r *reader) problem(row, col int, zh, en string, args ...any) {
	p := r.place(row, col)
	p.Text = say(zh, en, args...)
	r.problems.Add(p)
}

func (r *reader) notice(row, col int, zh, en string, args ...any) {
	if len(r.s.Notices) < maxTold {
		p := r.place(row, col)
		p.Text = say(zh, en, args...)
		r.s.Notices = append(r.s.Notices, p)
	}
}

// heads finds the headings and what each column is for.
func (r *reader) heads() bool {
	h, ok := r.g.findHead(r.s.opt.Measures)
	if !ok {
		names := make([]string, 0, len(r.s.opt.Measures))
		for _, m := range r.s.opt.Measures {
			names = append(names, seen(m.Name))
		}
		r.problem(-1, -1, "没有认出表头：应有一行写明单位（单位名称、村、代码）和任务（任务数、下达数，或指标名称：%[1]s）。",
			"No headings were recognised: one row must name the receivers (单位名称, 村, code) and the figures (任务数, value, or a measure's name: %[1]s).", whole(strings.Join(names[:min(len(names), maxTold)], "、")))
		return false
	}
	r.h, r.spoilt = h, map[int]bool{}
	r.identify()
	if r.s.opt.Measure != "" && r.meant() < 0 {
		r.problem(-1, -1, "--measure 写的“%[1]s”不在任务的指标之中：%[2]s。", "--measure %[1]q is none of the mandate's measures: %[2]s.", r.s.opt.Measure, keysOf(r.s.opt.Measures))
		return false
	}
	for col := range h.columns {
		r.assign(col)
	}
	r.s.heads = h.columns
	r.s.HasDue = slices.ContainsFunc(h.columns, func(c column) bool { return c.role == roleDue })
	for measure, set := range r.s.Columns {
		if set.value < 0 {
			r.problem(h.bottom, set.base, "有基数而没有任务数一列。", "There is a base but no column with what is asked for.")
			delete(r.s.Columns, measure)
		}
	}
	if r.problems.Count() == 0 {
		r.settleUnits()
	}
	return r.problems.Count() == 0
}

// identify orders the columns that say who: a name of its own, else the
// lowest level; the levels above give the superiors.
func (r *reader) identify() {
	name, level := -1, -1
	for col, c := range r.h.columns {
		if c.role == roleName && name < 0 {
			name = col
		}
		if c.role == roleLevel {
			r.who = append(r.who, col)
			if level < 0 || c.level >= r.h.columns[level].level {
				level = col
			}
		}
	}
	if name < 0 {
		name = level
	}
	r.who = append(slices.DeleteFunc(r.who, func(col int) bool { return col == name }), name) // -1: codes only
}

// assign gives a column of figures to its measure.
func (r *reader) assign(col int) {
	c := &r.h.columns[col]
	switch {
	case c.role == roleNone:
		r.notice(r.h.bottom, col, "没有认出这一列，已略过。", "This column was not recognised and is passed over.")
		return
	case !c.counts():
		return
	}
	if c.measure < 0 {
		if c.measure = r.meant(); c.measure < 0 {
			r.problem(r.h.bottom, col, "任务有几项指标，看不出是哪一项；请用 --measure 写明，或把表头写成指标名称。", "The mandate has several measures and this could be any; say which with --measure, or name it in the heading.")
			return
		}
	}
	m := r.s.opt.Measures[c.measure]
	set, ok := r.s.Columns[c.measure]
	if !ok {
		set = columnSet{-1, -1}
	}
	at := &set.value
	if c.role == roleBase {
		at = &set.base
	}
	switch {
	case *at >= 0:
		r.problem(r.h.bottom, col, "与 %[1]s 列写的是同一项，请只留一列。", "This is the same as column %[1]s; keep one of them.", columnName(*at))
	case c.role == roleBase && m.Kind != mandate.Divisible:
		r.problem(r.h.bottom, col, "指标“%s”不是可分数量，没有基数。", "Measure %q does not divide; it has no base.", m.Name)
	case r.g.hiddenCols[col]:
		r.problem(r.h.bottom, col, "这一列是隐藏的；请取消隐藏，核对后再报。", "This column is hidden; show it and check it.")
	}
	*at = col
	r.s.Columns[c.measure] = set
}

// keysOf are the keys of measures, for a message.
func keysOf(measures []Measure) whole {
	var keys []string
	for _, m := range measures[:min(len(measures), maxTold)] {
		keys = append(keys, m.Key)
	}
	return whole(strings.Join(keys, ", "))
}

// meant is the measure that headings mean which name none.
func (r *reader) meant() int {
	if asked := r.s.opt.Measure; asked != "" {
		return slices.IndexFunc(r.s.opt.Measures, func(m Measure) bool { return m.Key == asked || m.ID() == asked })
	}
	if len(r.s.opt.Measures) == 1 {
		return 0
	}
	return -1
}

// due is a row's deadline where its own cell gives none.
func (o Options) due() *time.Time {
	if o.Due == nil {
		return nil
	}
	t := o.Due.In(ledger.Beijing)
	return &t
}
