package view

import (
	"strconv"
	"time"

	"suyuan/services/attribution"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// FlagCode names what the record shows to be out of order.
type FlagCode string

// The flags; design.md, Attribution.
const (
	SkipLevel    FlagCode = "SKIP_LEVEL"
	NoBasis      FlagCode = "NO_BASIS"
	BaseMismatch FlagCode = "BASE_MISMATCH"
	SumMismatch  FlagCode = "SUM_MISMATCH"
	OverReceived FlagCode = "OVER_RECEIVED"
	Unauthorised FlagCode = "UNAUTHORISED"
	Infeasible   FlagCode = "INFEASIBLE"
	OffList      FlagCode = "OFF_LIST"
	ShortNotice  FlagCode = "SHORT_NOTICE"
	SameDay      FlagCode = "SAME_DAY"
	Concurrent   FlagCode = "CONCURRENT"
	Transfer     FlagCode = "TRANSFER"
)

// FlagCodes lists every flag.
var FlagCodes = []FlagCode{SkipLevel, NoBasis, BaseMismatch, SumMismatch, OverReceived, Unauthorised, Infeasible, OffList, ShortNotice, SameDay, Concurrent, Transfer}

// shortNotice is the lead under which a deadline counts as short: version 1
// of the policy, until policies are recorded in the ledger.
const shortNotice = 24 * time.Hour

// Flag is a place to look, with the events it rests on. Found and Expected
// are exact numbers where the flag compares two.
type Flag struct {
	Code     FlagCode
	Unit     Unit
	Issuance *Issuance
	Found    *string
	Expected *string
	Events   []EventRef
}

func (r *Rows) flag(code FlagCode, u, h int32, found, expected string, events ...uint64) Flag {
	f := Flag{Code: code, Unit: r.unitValue(u), Found: some(found), Expected: some(expected), Events: r.eventRefs(events...)}
	if h != none {
		i := r.issuanceValue(h)
		f.Issuance = &i
	}
	return f
}

// flags of a trace: those of every issuance on the path, upstream first, then
// those of the receiver's own line.
func (w walk) flags(line int32, got attribution.Trace) []Flag {
	r := w.r
	flags := []Flag{}
	mismatch := map[int32]bool{}
	for _, s := range got.Steps {
		mismatch[s.Issuance] = mismatch[s.Issuance] || s.BaseMismatch
	}
	for _, h := range w.path {
		for _, to := range w.receivers(h) {
			flags = append(flags, r.skipLevel(h, to)...)
		}
		flags = append(flags, r.issuanceFlags(h, w.b)...)
		if mismatch[h] {
			flags = append(flags, r.flag(BaseMismatch, r.issuances[h].issuer, h, "", "", r.issuances[h].events...))
		}
	}
	return append(flags, r.lineFlags(line, w.b)...)
}

func (r *Rows) skipLevel(h, to int32) []Flag {
	row := &r.issuances[h]
	if r.units[to].level-r.units[row.issuer].level <= 1 {
		return nil
	}
	return []Flag{r.flag(SkipLevel, row.issuer, h, "", "", row.made)}
}

// issuanceFlags are those an issuance has for a measure whoever received it.
func (r *Rows) issuanceFlags(h int32, b book) []Flag {
	row := &r.issuances[h]
	var flags []Flag
	if r.originOfRecord(h, b) {
		events := []uint64{row.made}
		for _, x := range row.basis { // a basis that was taken back
			events = append(events, r.issuances[x].withdrawn)
		}
		flags = append(flags, r.flag(NoBasis, row.issuer, h, "", "", events...))
	}
	if len(row.concurrent) > 0 {
		flags = append(flags, r.flag(Concurrent, row.issuer, h, "", "", append([]uint64{row.made}, row.concurrent...)...))
	}
	if !r.isSum(b.measure) {
		return flags
	}
	for _, s := range row.stated {
		if sum := r.total(h, b.measure, b.at); s.measure == b.measure && sum.Rat().Cmp(exact.FromDecimal(s.value)) != 0 {
			flags = append(flags, r.flag(SumMismatch, row.issuer, h, s.value.String(), sum.String(), row.made))
		}
	}
	return append(flags, r.approvalFlags(h, b)...)
}

// approvalFlags: more was passed down than received without an approval, or
// beyond what the approval covers.
func (r *Rows) approvalFlags(h int32, b book) []Flag {
	row := &r.issuances[h]
	g := r.groupOf(h, b.measure)
	if g == none || len(b.Basis(h)) == 0 {
		return nil
	}
	addition, err := attribution.NodeAddition(b, h)
	if err != nil || addition.Sign() <= 0 {
		return nil
	}
	received, _ := attribution.Received(b, h)
	var events []uint64
	approved, covered := false, exact.Rat{}
	for _, x := range r.groups[g].members {
		if r.inForce(x, b.at) {
			events = append(events, r.issuances[x].made)
			approved = approved || r.issuances[x].approval != nil
			covered = covered.Add(r.coveredBy(x, b.measure, false))
		}
	}
	if !approved {
		return []Flag{r.flag(OverReceived, row.issuer, h, received.Add(addition).String(), received.String(), events...)}
	}
	if covered.Cmp(addition) < 0 {
		return []Flag{r.flag(Unauthorised, row.issuer, h, addition.String(), covered.String(), events...)}
	}
	return nil
}

// lineFlags are those of the receiver's own line.
func (r *Rows) lineFlags(line int32, b book) []Flag {
	l := r.lines[line]
	flags := r.notice(line, b.at)
	m := &r.mandates[r.measures[b.measure].mandate]
	u := &r.units[l.to]
	if m.duty != "" && len(u.duties) > 0 && !u.onList(m.duty) {
		events := []uint64{r.issuances[l.issuance].made}
		for _, d := range u.duties {
			if d.item == m.duty {
				events = append(events, d.events...)
			}
		}
		flags = append(flags, r.flag(OffList, l.to, l.issuance, "", "", events...))
	}
	return append(flags, r.infeasible(l.to, l.issuance, b)...)
}

func (u *unitRow) onList(item string) bool {
	for _, d := range u.duties {
		if d.item == item {
			return d.class != unit.Recalled
		}
	}
	return false
}

// notice: the time between getting the task and its due date.
func (r *Rows) notice(line int32, at AsOf) []Flag {
	l := r.lines[line]
	v := r.versionAt(line, at)
	if v == none || r.versions[v].extra == none || r.extras[r.versions[v].extra].due == 0 {
		return nil
	}
	due, got := time.UnixMilli(r.extras[r.versions[v].extra].due), r.receivedAt(l)
	if got.IsZero() {
		return nil
	}
	lead := due.Sub(got)
	hours, ok := exact.FromInt(int64(lead / time.Second)).Quo(exact.FromInt(3600))
	if !ok {
		return nil
	}
	limit := strconv.Itoa(int(shortNotice / time.Hour))
	events := []uint64{r.issuances[l.issuance].made, r.versions[v].event}
	var flags []Flag
	if ledger.DateOf(due) == ledger.DateOf(got) {
		flags = append(flags, r.flag(SameDay, r.issuances[l.issuance].issuer, l.issuance, hours.String(), limit, events...))
	}
	if lead < shortNotice {
		flags = append(flags, r.flag(ShortNotice, r.issuances[l.issuance].issuer, l.issuance, hours.String(), limit, events...))
	}
	return flags
}

// receivedAt is when a line reached its receiver, as exactly as the record
// has it.
func (r *Rows) receivedAt(l lineRow) time.Time {
	if a, ok := r.assignmentAt[lineKey{l.issuance, l.to}]; ok && r.assignments[a].deliveredAt != 0 {
		return time.UnixMilli(r.assignments[a].deliveredAt)
	}
	if sent := r.issuances[l.issuance].sent; sent != 0 {
		return time.UnixMilli(sent)
	}
	return time.Time{}
}

// infeasible: more is asked than the unit verifiably can do or has, or the
// mandate's conditions leave no plan.
func (r *Rows) infeasible(u, h int32, b book) []Flag {
	var flags []Flag
	def := r.measures[b.measure].def
	if r.isSum(b.measure) {
		demand := r.demand(u, b.measure, b.at)
		if c, ok := r.capacity(u, r.measures[b.measure].id, b.at); ok && demand.Rat().Cmp(exact.FromDecimal(c.value)) > 0 {
			flags = append(flags, r.flag(Infeasible, u, h, demand.String(), c.value.String(), r.issuances[h].made, c.event))
		}
		people := exact.FromInt(r.units[u].people)
		if def.Limit == "people" && r.units[u].people > 0 && demand.Rat().Cmp(people) > 0 {
			flags = append(flags, r.flag(Infeasible, u, h, demand.String(), people.String(), r.issuances[h].made, r.units[u].events[0]))
		}
	}
	return append(flags, r.contradiction(u, h, b)...)
}

// capacity is the newest verified capacity of a unit.
func (r *Rows) capacity(u int32, of string, at AsOf) (capacityRow, bool) {
	rows := r.units[u].capacities
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].of == of && rows[i].verified && r.sees(at, rows[i].event) {
			return rows[i], true
		}
	}
	return capacityRow{}, false
}

// contradiction holds the mandate's conditions and the unit's verified
// capacities together. Every quantity has a range; a condition whose left
// side cannot reach its value within the ranges leaves no plan. This finds
// no contradiction that is not there; one that only arises from several sums
// together it may miss.
func (r *Rows) contradiction(u, h int32, b book) []Flag {
	m := &r.mandates[r.measures[b.measure].mandate]
	most := map[string]int64{}
	events := []uint64{r.issuances[h].made}
	for _, c := range m.constraints {
		if !r.sees(b.at, c.event) || len(c.Terms) == 0 {
			continue
		}
		events = append(events, c.event)
		for _, t := range c.Terms {
			if row, ok := r.capacity(u, mandate.MeasureID(m.id, t.Quantity), b.at); ok {
				bound(most, t.Quantity, int64(row.value)/1_000_000) // whole things only
				events = append(events, row.event)
			}
			if c.Is != "at_least" { // no other term is below 0
				bound(most, t.Quantity, c.Value/t.Times)
			}
		}
	}
	for _, c := range m.constraints {
		if c.Is == "at_most" || len(c.Terms) == 0 || !r.sees(b.at, c.event) {
			continue
		}
		if reach, bounded := reach(c.Terms, most); bounded && reach < c.Value {
			return []Flag{r.flag(Infeasible, u, h, strconv.FormatInt(reach, 10), strconv.FormatInt(c.Value, 10), events...)}
		}
	}
	return nil
}

func bound(most map[string]int64, quantity string, value int64) {
	if old, ok := most[quantity]; !ok || value < old {
		most[quantity] = value
	}
}

// reach is the most a sum of terms can come to; false where a quantity has no
// upper bound.
func reach(terms []mandate.Term, most map[string]int64) (int64, bool) {
	var sum int64
	for _, t := range terms {
		top, ok := most[t.Quantity]
		if !ok {
			return 0, false
		}
		sum += top * t.Times // both are bounded where they are recorded
	}
	return sum, true
}

// IssuanceFlags are an issuance's flags over all its measures and receivers,
// each kind once a unit.
func (r *Rows) IssuanceFlags(i Issuance) []Flag {
	flags := []Flag{}
	row := &r.issuances[i.h]
	skipped := false
	r.allLines(i.h, func(line int32) {
		if found := r.skipLevel(i.h, r.lines[line].to); len(found) > 0 && !skipped {
			flags, skipped = append(flags, found...), true
		}
	})
	seen := map[FlagCode]bool{}
	for _, g := range row.groups {
		measure := r.groups[g].measure
		for _, f := range r.issuanceFlags(i.h, r.book(measure, Now)) {
			if measureFlag := f.Found != nil; measureFlag || !seen[f.Code] {
				flags = append(flags, f)
			}
			seen[f.Code] = true
		}
		if r.mismatched(i.h, g) {
			flags = append(flags, r.flag(BaseMismatch, row.issuer, i.h, "", "", row.events...))
		}
	}
	return flags
}

// mismatched asks attribution about the first line of a group's issuance.
func (r *Rows) mismatched(h, g int32) bool {
	measure := r.groups[g].measure
	if !r.isSum(measure) || !r.inForce(h, Now) {
		return false
	}
	found := false
	done := false
	r.allLines(h, func(line int32) {
		if _, ok := r.amountIn(r.lines[line].version, measure); !ok || done {
			return
		}
		done = true
		t, err := attribution.TraceLine(r.book(measure, Now), attribution.Divisible, r.harder(measure), h, r.lines[line].to)
		found = err == nil && t.BaseMismatch
	})
	return found
}
