package view

import (
	"strconv"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// lineFlags are those of the receiver's own line.
func (b book) lineFlags(line int32) []Flag {
	return append(append(b.notice(line), b.offList(line)...), b.infeasible(line)...)
}

// offList: the mandate's duty is not on the receiver's list, or no longer.
func (b book) offList(line int32) []Flag {
	r, l := b.rows, b.rows.lines[line]
	_, duty := r.chargeAt(r.measures[b.measure].mandate, b.at)
	u := r.units[l.to].rest()
	events, listed := []uint64{r.issuances[l.issuance].made}, false
	for i := range u.duties {
		known := r.seen(b.at, u.duties[i].events)
		listed = listed || len(known) > 0
		if u.duties[i].item != duty || len(known) == 0 {
			continue
		}
		if u.duties[i].classAt(r, b.at) != unit.Recalled {
			return nil
		}
		events = append(events, known...)
	}
	if duty == "" || !listed { // a unit without a list has nothing to be off
		return nil
	}
	return []Flag{r.flag(OffList, l.to, l.issuance, "", "", events...)}
}

// classAt is a listed duty's class at a moment.
func (d *dutyRow) classAt(r *Rows, at AsOf) unit.Class {
	class := unit.Recalled
	for i, o := range d.events {
		if r.sees(at, o) {
			class = d.classes[i]
		}
	}
	return class
}

// notice: the time between getting the task and its due date.
func (b book) notice(line int32) []Flag {
	r, l := b.rows, b.rows.lines[line]
	v := &r.versions[r.versionAt(line, b.at)]
	if v.extra == none || r.extras[v.extra].due == 0 {
		return nil
	}
	got, event := b.receivedAt(l)
	if got.IsZero() {
		return nil
	}
	due := time.UnixMilli(r.extras[v.extra].due)
	lead := due.Sub(got)
	hours, _ := exact.NewRat(lead.Milliseconds(), time.Hour.Milliseconds())
	found, limit := hours.String(), strconv.Itoa(int(shortNotice/time.Hour))
	issuer, events := r.issuances[l.issuance].issuer, []uint64{r.issuances[l.issuance].made, v.event, event}
	var flags []Flag
	if ledger.DateOf(due) == ledger.DateOf(got) {
		flags = append(flags, r.flag(SameDay, issuer, l.issuance, found, limit, events...))
	}
	if lead < shortNotice {
		flags = append(flags, r.flag(ShortNotice, issuer, l.issuance, found, limit, events...))
	}
	return flags
}

// receivedAt is when a line reached its receiver, as exactly as the record
// has it, and the event that says so.
func (b book) receivedAt(l lineRow) (time.Time, uint64) {
	if h := b.rows.fateOf(l.issuance, l.to); h != none {
		a := &b.rows.assignments[h]
		if a.deliveredAt != 0 && b.rows.sees(b.at, a.delivered) {
			return time.UnixMilli(a.deliveredAt), a.delivered
		}
	}
	if sent := b.rows.issuances[l.issuance].sent; sent != 0 {
		return time.UnixMilli(sent), b.rows.issuances[l.issuance].made
	}
	return time.Time{}, 0
}

// infeasible: more is asked than the unit verifiably can do or has, or the
// mandate's conditions leave no plan.
func (b book) infeasible(line int32) []Flag {
	r, u, h := b.rows, b.rows.lines[line].to, b.rows.lines[line].issuance
	var flags []Flag
	if r.isSum(b.measure) {
		demand, events := b.demand(u)
		over := func(limit exact.Rat, event uint64) {
			if demand.Rat().Cmp(limit) > 0 {
				flags = append(flags, r.flag(Infeasible, u, h, demand.String(), limit.String(), append(events[:len(events):len(events)], event)...))
			}
		}
		if c, ok := r.capacity(u, r.measures[b.measure].id, b.at); ok {
			over(exact.FromDecimal(c.value), c.event)
		}
		if people := r.units[u].rest().people; r.measures[b.measure].def.Limit == "people" && people > 0 {
			over(exact.FromInt(people), r.began(r.units[u].stream))
		}
	}
	return append(flags, b.contradiction(u, h)...)
}

// capacity is the newest verified capacity of a unit for what adds up: of the
// latest date, of equals the one recorded last.
func (r *Rows) capacity(u int32, of string, at AsOf) (found capacityRow, ok bool) {
	for _, c := range r.units[u].rest().capacities {
		if c.of == of && c.days == 0 && c.verified && r.sees(at, c.event) && (!ok || c.asOf >= found.asOf) {
			found, ok = c, true
		}
	}
	return found, ok
}

// contradiction holds the mandate's conditions and the unit's verified
// capacities together. Every quantity has a range; a condition whose left
// side cannot reach its value within the ranges leaves no plan. This finds
// no contradiction that is not there; one that only arises from several sums
// together it may miss.
func (b book) contradiction(u, h int32) []Flag {
	r := b.rows
	m := &r.mandates[r.measures[b.measure].mandate]
	var standing []constraintRow
	for _, c := range m.constraints {
		if r.stood(b.at, m, c) && len(c.Terms) > 0 {
			standing = append(standing, c)
		}
	}
	most := limits{}
	for _, c := range standing {
		for _, t := range c.Terms {
			if row, ok := r.capacity(u, mandate.MeasureID(m.id, t.Quantity), b.at); ok {
				most.bound(t.Quantity, int64(row.value)/1_000_000, row.event) // whole things only
			}
			if c.Is != "at_least" { // no other term is below 0
				most.bound(t.Quantity, c.Value/t.Times, c.event)
			}
		}
	}
	for _, c := range standing {
		if reach, events, bounded := most.reach(c.Terms); c.Is != "at_most" && bounded && reach < c.Value {
			events = append([]uint64{r.issuances[h].made, c.event}, events...)
			return []Flag{r.flag(Infeasible, u, h, strconv.FormatInt(reach, 10), strconv.FormatInt(c.Value, 10), events...)}
		}
	}
	return nil
}

// limits is the most each quantity can be, with the event that says so.
type limits map[string]struct {
	most  int64
	event uint64
}

// beyond is more than any condition asks for; a bound above it is none, and
// sums of products stay far from overflowing.
const beyond = 1_000_000_000

func (l limits) bound(quantity string, most int64, event uint64) {
	if old, ok := l[quantity]; !ok || most < old.most {
		l[quantity] = struct {
			most  int64
			event uint64
		}{min(most, beyond), event}
	}
}

// reach is the most a sum of terms can come to; false where a quantity has no
// upper bound.
func (l limits) reach(terms []mandate.Term) (sum int64, events []uint64, bounded bool) {
	for _, t := range terms {
		top, ok := l[t.Quantity]
		if !ok {
			return 0, nil, false
		}
		sum += top.most * t.Times
		events = append(events, top.event)
	}
	return sum, events, true
}
