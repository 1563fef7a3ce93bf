package view

import (
	"slices"
	"strconv"

	"suyuan/services/issuerkey"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/release"
	"suyuan/services/unit"
	"suyuan/services/view/docket"
)

// Figure is one row of what was released to the public: Count of Of.
type Figure struct {
	Lane      release.Lane
	Unit      *Unit
	Level     *unit.Level
	Dimension *mandate.Dimension
	Mandate   *Mandate
	Measure   *Measure
	CameDown  *string
	Asked     *string
	Change    *release.Change
	Days      *Period
	Release   *ledger.Date
	Count     string
	Of        string
}

// Period is a number of working days: more than From, up to To; nil: no end.
type Period struct {
	From int
	To   *int
}

// Release is a day on which figures were released.
type Release struct {
	Date   ledger.Date
	Events []EventRef
}

// IssuerKey is a key for tokens or a batch of paper cards.
type IssuerKey struct {
	ID      string
	Kind    issuerkey.Kind
	County  string
	Unit    *Unit
	Quarter string
	N       int
	SPKI    *string `graphql:"spki"`
	Cards   *string
	Day     ledger.Date
	Revoked bool
	Event   EventRef
}

// Recipient is a key that reports may be sealed to.
type Recipient struct {
	ID      string
	Unit    *Unit
	Key     string
	Purpose string
	Day     ledger.Date
	Retired bool
	Event   EventRef
}

// Statistics are figures from what was released, and from nothing else.
func (r *Rows) Statistics(q release.Query) ([]Figure, error) {
	if q.Within != "" && r.unitOf(q.Within) == none {
		return nil, ledger.Errorf(ledger.NotFound, "unit.unknown", "没有代码为“%s”的单位。", "There is no unit %q.", q.Within).At("within")
	}
	if q.Mandate != "" && r.mandateAt.of(q.Mandate) == none {
		return nil, ledger.Errorf(ledger.NotFound, "mandate.unknown", "没有编号为“%s”的任务。", "There is no mandate %q.", q.Mandate).At("mandate")
	}
	return r.figures(r.docket.Published(), q)
}

func (r *Rows) figures(parts []release.Published, q release.Query) ([]Figure, error) {
	rows := release.Figures(parts, q)
	if len(rows) > maxFigures {
		return nil, ledger.Errorf(ledger.Refused, "statistics.too_wide", "统计结果超过%[1]d行；请用 within、mandate 或日期缩小范围。",
			"More than %[1]d rows; narrow it with within, mandate or dates.", maxFigures).At("within")
	}
	figures := make([]Figure, len(rows))
	for i, f := range rows {
		figures[i] = r.figureValue(f)
	}
	return figures, nil
}

// ReleaseFigures are the figures of one release alone.
func (r *Rows) ReleaseFigures(x Release, metric release.Metric, groupBy release.Grouping) ([]Figure, error) {
	var parts []release.Published
	for _, part := range r.docket.Releases() {
		if part.Date == x.Date {
			parts = append(parts, part.Published)
		}
	}
	return r.figures(parts, release.Query{Metric: metric, GroupBy: groupBy})
}

// BatchCount is how many batches Statistics looks at.
func (r *Rows) BatchCount() int {
	n := 0
	for _, part := range r.docket.Releases() {
		n += len(part.Reports) + len(part.Answers)
	}
	return n
}

// maxFigures bounds an answer; a table by unit or claim may be long.
const maxFigures = 5000

func (r *Rows) figureValue(f release.Figure) Figure {
	v := Figure{
		Lane: f.Lane, Unit: r.Unit(f.Unit), Level: levelNamed(f.Level), Dimension: spoken(f.Dimension), Mandate: r.Mandate(f.Mandate, Now), Measure: r.measureNamed(f.Measure),
		CameDown: some(f.CameDown), Asked: some(f.Asked), Change: spoken(f.Change), Release: spoken(f.Release),
		Count: strconv.FormatInt(f.Count, 10), Of: strconv.FormatInt(f.Of, 10),
	}
	if f.Period != nil {
		v.Days = &Period{From: f.Period.From}
		if f.Period.To != 0 {
			v.Days.To = &f.Period.To
		}
	}
	return v
}

// Releases are the days on which figures were released, the newest first.
func (r *Rows) Releases(p Paging) (Page[Release], error) {
	var list []Release
	for _, part := range r.docket.Releases() {
		if n := len(list); n == 0 || list[n-1].Date != part.Date {
			list = append(list, Release{Date: part.Date})
		}
		last := &list[len(list)-1]
		last.Events = append(last.Events, EventRef{part.Ordinal})
	}
	slices.Reverse(list)
	return page(p, list, func(x Release) Release { return x })
}

// IssuerKeys lists keys and batches in the order in which they were published,
// of a county or a quarter where those are given.
func (r *Rows) IssuerKeys(county, quarter string, p Paging) (Page[IssuerKey], error) {
	var found []*docket.IssuerKey
	all := r.docket.Keys()
	for i := range all {
		if k := &all[i]; (county == "" || k.County == county) && (quarter == "" || k.Quarter == quarter) {
			found = append(found, k)
		}
	}
	return page(p, found, func(k *docket.IssuerKey) IssuerKey {
		v := IssuerKey{
			ID: k.ID, Kind: k.Kind, County: k.County, Unit: r.Unit(k.County), Quarter: k.Quarter, N: k.N, SPKI: some(k.SPKI), Day: k.Day, Revoked: k.Revoked, Event: EventRef{k.Ordinal},
		}
		if k.Kind == issuerkey.Cards {
			v.Cards = some(strconv.Itoa(len(k.Hashes)))
		}
		return v
	})
}

// Recipients lists the keys that reports may be sealed to; also retired ones.
func (r *Rows) Recipients(p Paging) (Page[Recipient], error) {
	return page(p, r.docket.Recipients(), func(x docket.Recipient) Recipient {
		return Recipient{x.ID, r.Unit(x.Unit), x.Recipient, x.Purpose, x.Day, x.Retired, EventRef{x.Ordinal}}
	})
}

// UnreadableClaims is how many complaints nobody can see because their claims
// cannot be opened here.
func (r *Rows) UnreadableClaims() string { return strconv.Itoa(r.docket.Unreadable()) }
