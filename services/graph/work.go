package graph

import (
	"context"

	"suyuan/services/graph/bind"
	"suyuan/services/graph/guard"
	"suyuan/services/ledger"
	"suyuan/services/search"
	"suyuan/services/view"
)

// What some fields look at, in rows, about: more than they answer with, so
// that counting answers would not bound it.
const (
	workPast   = 50_000 // what lies below a beginning, at another moment
	workBelow  = 2_000  // what lies below a unit now, which is remembered
	workSearch = 2_000
	workList   = 500
	cheapRows  = 8 // units passed over in the time of one row

	workReports = 2_000 // every complaint is looked at
	workClaims  = 100   // every claim of a mandate, every case

	workOutcomes  = 2_000  // every outcome, every finding
	workChain     = 100    // one chain from its end to its beginning
	workExplained = 1_000  // all that is on record around one outcome
	workWhatIf    = 10_000 // a case as large as may be asked about
)

// lent is what one query may use: the rows, and how many it may still look at.
type lent struct {
	rows        *view.Rows
	left, limit int
}

// allowance is how many rows the reader's queries may look at, each.
func allowance(ctx context.Context) int {
	if v, ok := viewerOf(ctx).(viewer); ok && v.Staff() {
		return guard.Staff.Work
	}
	return guard.Public.Work
}

// spend takes rows from what a query may look at, before a field looks at
// them. One field may always be asked for on its own, however large the ledger.
// Where they do not suffice the whole query ends: while it runs nothing can be
// added to the rows.
func (l *lent) spend(field string, rows int) error {
	if l.left -= min(rows, l.limit); l.left >= 0 {
		return nil
	}
	return bind.Halt(ledger.Errorf(ledger.Invalid, "query.too_much_work",
		"这次查询要查看的记录过多，最多%d行，到 %s 时已超出；请用 measure、within、under、unit 等参数缩小范围，少查历史时点，或分几次查询。",
		"The query looks at too many rows: at most %d, passed at %s. Narrow it with measure, within, under or unit, ask less about the past, or ask in several queries.",
		l.limit, field))
}

// heavy binds a field of Query whose arguments tell how many rows it will
// look at.
func heavy[A interface{ work(*view.Rows) int }, R any](name string, answer func(*view.Rows, query, A) (R, error)) bind.Binding {
	return bind.Field("Query", name, func(ctx context.Context, q query, a A) (none R, err error) {
		l, ok := ctx.Value(rowsKey{}).(*lent)
		if !ok {
			return none, errNoRows
		}
		if err := l.spend(name, a.work(l.rows)); err != nil {
			return none, err
		}
		return answer(l.rows, q, a)
	})
}

func (a unitsArgs) work(r *view.Rows) int {
	switch {
	case looksFor(a.Search):
		return workSearch
	case a.Level == nil:
		return 0
	}
	within, err := r.Units(view.UnitQuery{Within: text(a.Within)}, view.Paging{})
	if err != nil {
		return 0 // and so is the field's
	}
	return within.Total / cheapRows
}

func (a mandatesArgs) work(*view.Rows) int  { return searched(a.Search) }
func (a documentsArgs) work(*view.Rows) int { return searched(a.Search) }

func searched(s *string) int {
	if looksFor(s) {
		return workSearch
	}
	return workList
}

// looksFor reports whether there is a word to look for: where there is none,
// everything is listed.
func looksFor(s *string) bool {
	words, err := search.Parse(text(s))
	return err == nil && !words.Empty()
}

func (a cascadeArgs) work(*view.Rows) int {
	switch {
	case a.AsOf != nil:
		return workPast
	case text(a.Under) != "":
		return workBelow
	}
	return 0
}

func (a burdenArgs) work(r *view.Rows) int { return r.GroupCount(text(a.Measure)) }

func (statisticsArgs) work(r *view.Rows) int { return r.BatchCount() / cheapRows }

func (whatIfArgs) work(*view.Rows) int { return workWhatIf }

func (obligationsArgs) work(*view.Rows) int { return workList }
func (objectionsArgs) work(*view.Rows) int  { return workList }
func (handoffsArgs) work(*view.Rows) int    { return workList }
