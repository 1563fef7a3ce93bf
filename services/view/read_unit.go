package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/search"
	"suyuan/services/unit"
)

// Unit is a body that can be held to account.
type Unit struct {
	Code   string
	Name   string
	Level  unit.Level
	Kind   unit.Kind
	Line   *string
	People *string
	Staff  *string
	h      int32
}

// Duty is an item on a unit's list.
type Duty struct {
	Item     string
	Title    string
	Class    unit.Class
	Skills   []string
	Document *Document
	Events   []EventRef
}

// Capacity is what a unit can do or has.
type Capacity struct {
	Of       string
	Measure  *Measure
	Value    string
	AsOf     ledger.Date
	Verified bool
	Document *Document
	Events   []EventRef
}

func (r *Rows) unitValue(h int32) Unit {
	u := &r.units[h]
	more := u.rest()
	return Unit{
		Code: u.code, Name: u.name, Level: u.level, Kind: unitKinds[u.kind], Line: some(more.line), People: someCount(more.people), Staff: someCount(more.staff), h: h,
	}
}

// unitThen is a unit under the name it had at a moment.
func (r *Rows) unitThen(h int32, at AsOf) Unit {
	u := r.unitValue(h)
	if at != Now {
		u.Name = r.nameAt(r.units[h].rest().names, u.Name, at)
	}
	return u
}

// nameAt is the last of some names that was known at a moment; now is that of
// what was never renamed.
func (r *Rows) nameAt(names []nameRow, now string, at AsOf) string {
	for i, n := range names {
		if i == 0 || r.sees(at, n.event) {
			now = n.name
		}
	}
	return now
}

func (r *Rows) unitPtr(h int32) *Unit {
	if h == none {
		return nil
	}
	u := r.unitValue(h)
	return &u
}

// Unit finds a unit by code; nil where there is none.
func (r *Rows) Unit(code string) *Unit { return r.unitPtr(r.unitOf(code)) }

// UnitQuery narrows the list of units.
type UnitQuery struct {
	Search string
	Level  *unit.Level
	Within string
}

// Units lists units in code order.
func (r *Rows) Units(q UnitQuery, p Paging) (Page[Unit], error) {
	from, to := 0, len(r.order)
	if q.Within != "" {
		from, to = r.territory(q.Within)
	}
	words, err := search.Parse(q.Search)
	if err != nil {
		return Page[Unit]{}, err
	}
	if from == to {
		return page(p, nil, r.unitValue)
	}
	var keep func(int32) bool
	if q.Level != nil {
		keep = func(h int32) bool { return r.units[h].level == *q.Level }
	}
	if !words.Empty() {
		in := search.Page{Order: &search.Order{At: r.order, Rank: r.ranks}, Low: from, High: to, Keep: keep}
		if code := strings.TrimSpace(q.Search); strings.Trim(code, "0123456789") == "" {
			in.AlsoLow, in.AlsoHigh = r.coded(code)
		}
		return found(p, r.finder.units, words, in, r.unitValue)
	}
	all := r.order[from:to]
	if keep != nil {
		all = slices.DeleteFunc(slices.Clone(all), func(h int32) bool { return !keep(h) })
	}
	return page(p, all, r.unitValue)
}

// coded is the range of ranks of the codes that begin with some digits.
func (r *Rows) coded(digits string) (from, to int) {
	compare := func(h int32, c string) int { return strings.Compare(r.units[h].code, c) }
	from, _ = slices.BinarySearchFunc(r.order, digits, compare)
	to, _ = slices.BinarySearchFunc(r.order, digits+":", compare) // ':' sorts behind every digit
	return from, to
}

// Parent is the unit's superior.
func (r *Rows) Parent(u Unit) *Unit { return r.unitPtr(r.units[u.h].parent) }

// Path is the chain of superiors from the top down.
func (r *Rows) Path(u Unit) []Unit {
	var path []Unit
	for h := r.units[u.h].parent; h != none && len(path) < 16; h = r.units[h].parent {
		path = append(path, r.unitValue(h))
	}
	slices.Reverse(path)
	return path
}

// MergedInto is the unit that took over.
func (r *Rows) MergedInto(u Unit) *Unit { return r.unitPtr(r.units[u.h].into) }

// Children are the units whose superior it is, in code order.
func (r *Rows) Children(u Unit, p Paging) (Page[Unit], error) {
	var found []int32
	for h := r.units[u.h].child; h != none; h = r.units[h].sibling {
		found = append(found, h)
	}
	slices.SortFunc(found, func(a, b int32) int { return cmp.Compare(r.ranks[a], r.ranks[b]) })
	return page(p, found, r.unitValue)
}

// Duties is the unit's list.
func (r *Rows) Duties(u Unit) []Duty {
	duties := []Duty{}
	for _, d := range r.units[u.h].rest().duties {
		skills := d.skills
		if skills == nil {
			skills = []string{}
		}
		duties = append(duties, Duty{d.item, d.title, d.class(), skills, r.documentPtr(d.document), r.eventRefs(d.events...)})
	}
	return duties
}

// Capacities are what is on record of what the unit can do, newest first.
func (r *Rows) Capacities(u Unit) []Capacity {
	capacities := []Capacity{}
	rows := r.units[u.h].rest().capacities
	for i := len(rows) - 1; i >= 0; i-- {
		c := rows[i]
		capacities = append(capacities, Capacity{c.of, r.measurePtr(r.measureAt.of(c.of)), written(c.value, c.days), c.asOf, c.verified, r.documentPtr(c.document), r.eventRefs(c.event)})
	}
	return capacities
}

// UnitEvents is the unit's own history.
func (r *Rows) UnitEvents(u Unit) []EventRef { return r.eventRefs(r.history(r.units[u.h].stream)...) }

// Received is one amount a unit was asked for by one line.
type Received struct {
	Mandate  Mandate
	Measure  Measure
	Issuance Issuance
	Value    *string
	Items    []string
	Due      *time.Time
	State    string // sent, delivered, acknowledged, objected, reported, verified
	Reported *string
	Verified *string
	Events   []EventRef
}

// ReceivedBy lists what a unit was asked for, newest first.
func (r *Rows) ReceivedBy(u Unit, mandateID string, p Paging) (Page[Received], error) {
	type got struct{ line, amount int32 }
	var all []got
	only := r.mandateAt.of(mandateID)
	for line := r.units[u.h].received; line != none; line = r.lines[line].next {
		if !r.inForce(r.lines[line].issuance, Now) {
			continue
		}
		v := r.versions[r.lines[line].version]
		for a := v.first; a < v.first+v.count; a++ {
			if mandateID == "" || r.measures[r.amounts[a].measure].mandate == only {
				all = append(all, got{line, a})
			}
		}
	}
	return page(p, all, func(g got) Received { return r.receivedValue(g.line, g.amount) })
}

func (r *Rows) receivedValue(line, amount int32) Received {
	l, a := r.lines[line], r.amounts[amount]
	v := r.versions[l.version]
	out := Received{
		Mandate: r.mandateValue(r.measures[a.measure].mandate), Measure: r.measureValue(a.measure), Issuance: r.issuanceValue(l.issuance),
		Value: r.valueText(a), Items: r.itemNames(a), State: "sent", Events: r.eventRefs(r.issuances[l.issuance].made, v.event),
	}
	if v.extra != none {
		out.Due = someTime(r.extras[v.extra].due)
	}
	h := r.fateOf(l.issuance, l.to)
	if h == none {
		return out
	}
	fate := &r.assignments[h]
	out.State = fate.state(a.measure)
	if fate.stream != none {
		out.Events = append(out.Events, r.eventRefs(r.history(fate.stream)...)...)
	}
	if x, ok := latest(fate.reported, a.measure); ok {
		out.Reported = some(written(x.value, x.days))
	}
	if x, ok := latest(fate.verified, a.measure); ok {
		out.Verified = some(written(x.value, x.days))
	}
	return out
}

// state is the furthest a line has come.
func (a *assignmentRow) state(measure int32) string {
	_, verified := latest(a.verified, measure)
	_, reported := latest(a.reported, measure)
	switch {
	case verified:
		return "verified"
	case reported:
		return "reported"
	case len(a.objections) > 0:
		return "objected"
	case a.acknowledged != 0:
		return "acknowledged"
	case a.delivered != 0:
		return "delivered"
	}
	return "sent"
}

// PassedDown lists what the unit issued, newest first.
func (r *Rows) PassedDown(u Unit, mandateID string, p Paging) (Page[Issuance], error) {
	var all []int32
	only := r.mandateAt.of(mandateID)
	for h := r.units[u.h].issued; h != none; h = r.issuances[h].before {
		if mandateID == "" || slices.Contains(r.issuances[h].mandates, only) {
			all = append(all, h)
		}
	}
	return page(p, all, r.issuanceValue)
}
