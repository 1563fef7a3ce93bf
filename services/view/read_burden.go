package view

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
)

// OriginTotal is what one unit added of one measure over a time.
type OriginTotal struct {
	Unit    Unit
	Measure Measure
	Mandate Mandate
	Added   *string // signed; nil where amounts of the measure do not add up
	Times   string  // how many of its passing-downs made it harder
}

// addedBy sums groups of one issuer and one measure.
type addedBy struct {
	added exact.Rat
	times int32
}

// BurdenQuery narrows the totals by origin: to issuers within a unit's
// territory, a measure (by id), a dimension, and days of effect from and to,
// both included.
type BurdenQuery struct {
	Within    string
	Measure   string
	Dimension *mandate.Dimension
	From, To  ledger.Date
}

// BurdenByOrigin lists who added most: of one measure the largest amount
// first, of several the most often first, since mu and households do not add
// up. Units that added nothing are left out. Rows must be ranked.
func (r *Rows) BurdenByOrigin(q BurdenQuery, first int) ([]OriginTotal, error) {
	if _, _, err := (Paging{First: first}).window(0); err != nil {
		return nil, err
	}
	measure := none
	if q.Measure != "" {
		if measure = r.measureAt.of(q.Measure); measure == none {
			return nil, ledger.Errorf(ledger.NotFound, "measure.unknown", "没有编号为“%s”的指标；编号写作“任务/指标”。", "There is no measure %q; an id reads mandate/key.", q.Measure).At("measure")
		}
	}
	low, high := 0, len(r.order)
	if q.Within != "" {
		if r.unitOf(q.Within) == none {
			return nil, ledger.Errorf(ledger.NotFound, "unit.unknown", "没有代码为“%s”的单位。", "There is no unit %q.", q.Within).At("within")
		}
		low, high = r.territory(q.Within)
	}
	from, to, err := q.days()
	if err != nil {
		return nil, err
	}
	groups := r.measuresGroups(measure)
	totals := make(map[[2]int32]addedBy, min(len(groups), 1<<12))
	for _, g := range groups {
		row := &r.groups[g]
		if rank := int(r.ranks[row.issuer]); rank < low || rank >= high || q.Dimension != nil && r.measures[row.measure].def.Dimension != *q.Dimension {
			continue
		}
		if sum := row.between(from, to); !sum.added.IsZero() || sum.times != 0 {
			key := [2]int32{row.issuer, row.measure}
			t := totals[key]
			totals[key] = addedBy{t.added.Add(sum.added), t.times + sum.times}
		}
	}
	return r.topOrigins(totals, first, measure != none), nil
}

// measuresGroups are a measure's groups, or with none everybody's.
func (r *Rows) measuresGroups(measure int32) []int32 {
	if measure != none {
		return r.measures[measure].groups
	}
	all := make([]int32, len(r.groups))
	for g := range all {
		all[g] = int32(g)
	}
	return all
}

// GroupCount is how many groups BurdenByOrigin looks at for a measure, or for
// all of them.
func (r *Rows) GroupCount(measure string) int {
	if measure == "" {
		return len(r.groups)
	}
	if x := r.measureAt.of(measure); x != none {
		return len(r.measures[x].groups)
	}
	return 0
}

// days are the bounds as numbers of days.
func (q BurdenQuery) days() (from, to int32, err error) {
	from, to = math.MinInt32, math.MaxInt32
	if q.From != "" {
		from = dayOf(q.From.Time())
	}
	if q.To != "" {
		to = dayOf(q.To.Time())
	}
	if from > to {
		err = ledger.Errorf(ledger.Invalid, "burden.dates", "起始日期 %s 晚于截止日期 %s；请调换。", "The first day, %s, is after the last, %s; swap them.", q.From, q.To).At("from")
	}
	return from, to, err
}

// between is what a group's days from one to another come to.
func (g *groupRow) between(from, to int32) addedBy {
	if len(g.days) > 0 && from <= g.days[0].day && g.days[len(g.days)-1].day <= to {
		sum := addedBy{added: g.amount}
		if g.harder {
			sum.times = 1
		}
		return sum
	}
	var sum addedBy
	for _, d := range g.days {
		if from <= d.day && d.day <= to {
			sum.added, sum.times = sum.added.Add(d.added), sum.times+d.adding
		}
	}
	return sum
}

// topOrigins are the first of those that added anything.
func (r *Rows) topOrigins(totals map[[2]int32]addedBy, first int, byAmount bool) []OriginTotal {
	type total struct {
		key [2]int32
		addedBy
	}
	var all []total
	for key, t := range totals {
		if t.added.Sign() > 0 || t.times > 0 {
			all = append(all, total{key, t})
		}
	}
	slices.SortFunc(all, func(a, b total) int {
		amount, times := b.added.Cmp(a.added), cmp.Compare(b.times, a.times)
		if !byAmount {
			amount = 0
		}
		return cmp.Or(amount, times, cmp.Compare(r.ranks[a.key[0]], r.ranks[b.key[0]]), cmp.Compare(a.key[1], b.key[1]))
	})
	out := []OriginTotal{}
	for _, t := range all[:min(first, len(all))] {
		issuer, measure := t.key[0], t.key[1]
		o := OriginTotal{
			Unit: r.unitValue(issuer), Measure: r.measureValue(measure), Mandate: r.mandateValue(r.measures[measure].mandate), Times: strconv.Itoa(int(t.times)),
		}
		if r.isSum(measure) {
			o.Added = some(t.added.String())
		}
		out = append(out, o)
	}
	return out
}

// maxTotalEvents bounds the events listed for one total.
const maxTotalEvents = 200

// OriginEvents are the events a total rests on, the first of them where there
// are very many.
func (r *Rows) OriginEvents(t OriginTotal) []EventRef {
	var events []uint64
	for h := r.units[t.Unit.h].issued; h != none && len(events) < maxTotalEvents; h = r.issuances[h].before {
		if r.groupOf(h, t.Measure.h) != none {
			events = append(events, r.history(r.issuances[h].stream)...)
		}
	}
	slices.Sort(events)
	return r.eventRefs(events[:min(len(events), maxTotalEvents)]...)
}

// Obligation is something a unit was asked for by a date.
type Obligation struct {
	Due      time.Time
	Received Received
}

// Obligations lists what a unit is to do by when, the earliest first: lines in
// force with a due date from one day to another, both included.
func (r *Rows) Obligations(code string, from, to ledger.Date, first int) ([]Obligation, error) {
	if _, _, err := (Paging{First: first}).window(0); err != nil {
		return nil, err
	}
	u := r.unitOf(code)
	if u == none {
		return nil, ledger.Errorf(ledger.NotFound, "unit.unknown", "没有代码为“%s”的单位。", "There is no unit %q.", code).At("unit")
	}
	low, high, err := BurdenQuery{From: from, To: to}.days()
	if err != nil {
		return nil, err
	}
	type owed struct {
		due          int64
		line, amount int32
	}
	var all []owed
	for line := r.units[u].received; line != none; line = r.lines[line].next {
		v := r.versions[r.lines[line].version]
		if v.extra == none || r.extras[v.extra].due == 0 || !r.inForce(r.lines[line].issuance, Now) {
			continue
		}
		due := r.extras[v.extra].due
		if day := dayOf(time.UnixMilli(due)); day < low || day > high {
			continue
		}
		for a := v.first; a < v.first+v.count; a++ {
			all = append(all, owed{due, line, a})
		}
	}
	slices.SortFunc(all, func(a, b owed) int { return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.amount, b.amount)) })
	out := []Obligation{}
	for _, o := range all[:min(first, len(all))] {
		out = append(out, Obligation{time.UnixMilli(o.due).UTC(), r.receivedValue(o.line, o.amount)})
	}
	return out, nil
}
