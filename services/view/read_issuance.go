package view

import (
	"slices"
	"strings"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

// Issuance is a document by which a unit passes mandates down.
type Issuance struct {
	ID             string
	Issuer         Unit
	DeclaresOrigin bool
	Channel        string
	Source         issuance.Source
	Sent           *time.Time
	Withdrawn      bool
	Part           *Part
	h              int32
	at             *AsOf // the moment it is told as of, and all that is asked of it
}

// Part is a piece of a sheet.
type Part struct {
	Of       string
	K, N     int
	Complete bool
}

// MeasuredAmount is so much of a measure.
type MeasuredAmount struct {
	Measure Measure
	Value   string
}

// Approval is an approval as recorded.
type Approval struct {
	By         Unit
	Competence string
	Date       ledger.Date
	Document   *Document
	Covers     []MeasuredAmount
}

// Line is what one receiver is asked for, of one measure.
type Line struct {
	To              Unit
	Measure         Measure
	Value           *string
	Base            *string
	Items           []string
	Due             *time.Time
	DirectedBy      *Unit
	Authority       *bool
	ResourcesGiven  *string
	ResourcesNeeded *string
	Events          []EventRef
}

func (r *Rows) issuanceValue(h int32) Issuance {
	i := &r.issuances[h]
	out := Issuance{
		ID: i.id, Issuer: r.unitValue(i.issuer), DeclaresOrigin: i.origin, Channel: i.channel, Source: i.source, Sent: someTime(i.sent), Withdrawn: i.withdrawn != 0, h: h,
	}
	if i.part != nil {
		out.Part = &Part{i.part.Of, i.part.K, i.part.N, i.sheet.complete != 0}
	}
	return out
}

// Issuance finds an issuance that was on record at a moment.
func (r *Rows) Issuance(id string, at AsOf) *Issuance {
	h := r.issuanceAt.of(id)
	if h == none || !r.sees(at, r.issuances[h].made) {
		return nil
	}
	i := r.issuanceThen(h, at)
	return &i
}

// issuanceThen is an issuance as it stood at a moment.
func (r *Rows) issuanceThen(h int32, at AsOf) Issuance {
	i := r.issuanceValue(h)
	if at == Now {
		return i
	}
	row := &r.issuances[h]
	i.at, i.Issuer = carry(at), r.unitThen(row.issuer, at)
	i.Withdrawn = i.Withdrawn && r.sees(at, row.withdrawn)
	if i.Part != nil {
		i.Part.Complete = i.Part.Complete && r.wholeAt(row.sheet, at)
	}
	return i
}

// wholeAt reports whether every part of a complete sheet was on record at a
// moment.
func (r *Rows) wholeAt(s *sheetRow, at AsOf) bool {
	for _, part := range s.parts { // bounded by the parts a sheet may have
		if !r.sees(at, r.issuances[part].made) {
			return false
		}
	}
	return true
}

// carried reports whether an issuance had brought a mandate by a moment, in
// whatever version of a line.
func (r *Rows) carried(h, mandate int32, at AsOf) bool {
	return r.everAsked(h, at, func(measure int32) bool { return r.measures[measure].mandate == mandate })
}

// everAsked reports whether a line of an issuance asked for one of some
// measures by a moment, in whatever version.
func (r *Rows) everAsked(h int32, at AsOf, one func(measure int32) bool) bool {
	for line := range r.linesIn(h) {
		for v := r.lines[line].version; v != none; v = r.versions[v].older {
			row := r.versions[v]
			if r.sees(at, row.event) && slices.ContainsFunc(r.amounts[row.first:row.first+row.count], func(a amountRow) bool { return one(a.measure) }) {
				return true
			}
		}
	}
	return false
}

// groupsAt are the groups of the measures that an issuance had spoken of by a
// moment: asked for, or kept some back.
func (r *Rows) groupsAt(h int32, at AsOf) []int32 {
	row := &r.issuances[h]
	return those(row.groups, at, func(g int32) bool {
		measure := r.groups[g].measure
		return slices.ContainsFunc(row.retained, func(k valueRow) bool { return k.measure == measure }) ||
			r.everAsked(h, at, func(x int32) bool { return x == measure })
	})
}

// IssuanceDocument is the paper.
func (r *Rows) IssuanceDocument(i Issuance) *Document {
	return r.documentThen(r.issuances[i.h].document, i.at.then())
}

// IssuanceMandates lists the mandates it carries.
func (r *Rows) IssuanceMandates(i Issuance) []Mandate {
	at := i.at.then()
	carried := those(r.issuances[i.h].mandates, at, func(m int32) bool { return r.carried(i.h, m, at) })
	return each(carried, func(m int32) Mandate { return r.mandateThen(m, at) })
}

// Basis lists the issuances it rests on.
func (r *Rows) Basis(i Issuance) []Issuance {
	return each(r.issuances[i.h].basis, func(h int32) Issuance { return r.issuanceThen(h, i.at.then()) })
}

// Approval is its approval, nil where there is none.
func (r *Rows) Approval(i Issuance) *Approval {
	a := r.issuances[i.h].approval
	if a == nil {
		return nil
	}
	at := i.at.then()
	return &Approval{r.unitThen(a.by, at), a.competence, a.date, r.documentThen(a.document, at), r.measured(a.covers)}
}

// Retained, Reserve and Stated are what it says of them.
func (r *Rows) Retained(i Issuance) []MeasuredAmount { return r.measured(r.issuances[i.h].retained) }

// Reserve is the declared over-allocation.
func (r *Rows) Reserve(i Issuance) []MeasuredAmount { return r.measured(r.issuances[i.h].reserve) }

// Stated are the totals the paper states.
func (r *Rows) Stated(i Issuance) []MeasuredAmount { return r.measured(r.issuances[i.h].stated) }

// Totals are the sums of its lines, of divisible measures.
func (r *Rows) Totals(i Issuance) []MeasuredAmount {
	out := []MeasuredAmount{}
	at := i.at.then()
	for _, g := range r.groupsAt(i.h, at) {
		measure := r.groups[g].measure
		if r.measures[measure].def.Kind == mandate.Divisible {
			out = append(out, MeasuredAmount{r.measureValue(measure), r.total(i.h, measure, at).String()})
		}
	}
	return out
}

// total sums an issuance's lines of a measure.
func (r *Rows) total(h, measure int32, at AsOf) exact.Sum {
	var sum exact.Sum
	for line := range r.linesIn(h) {
		if a, ok := r.amountIn(r.versionAt(line, at), measure); ok {
			sum.Add(a.value)
		}
	}
	return sum
}

func (r *Rows) measured(values []valueRow) []MeasuredAmount {
	return each(values, func(v valueRow) MeasuredAmount {
		return MeasuredAmount{r.measureValue(v.measure), r.rat(amountRow{value: v.value, days: v.days}).String()}
	})
}

// Lines lists what each receiver is asked for, in the document's order.
func (r *Rows) Lines(i Issuance, measureID string, p Paging) (Page[Line], error) {
	type asked struct{ line, amount int32 }
	at := i.at.then()
	var all []asked
	only := r.measureAt.of(measureID)
	for line := range r.linesIn(i.h) {
		version := r.versionAt(line, at)
		if version == none {
			continue
		}
		v := r.versions[version]
		for a := v.first; a < v.first+v.count; a++ {
			if measureID == "" || r.amounts[a].measure == only {
				all = append(all, asked{line, a})
			}
		}
	}
	return page(p, all, func(x asked) Line { return r.lineValue(x.line, x.amount, at) })
}

func (r *Rows) lineValue(line, amount int32, at AsOf) Line {
	l, a := r.lines[line], r.amounts[amount]
	v := r.versions[r.versionAt(line, at)]
	out := Line{To: r.unitThen(l.to, at), Measure: r.measureValue(a.measure), Value: r.valueText(a), Items: r.itemNames(a), Events: r.eventRefs(r.issuances[l.issuance].made, v.event)}
	if a.hasBase {
		out.Base = some(a.base.String())
	}
	if v.extra != none {
		x := &r.extras[v.extra]
		out.Due, out.DirectedBy, out.Authority = someTime(x.due), r.unitPtrThen(x.directedBy, at), x.authority
		out.ResourcesGiven, out.ResourcesNeeded = resourceText(x.given), resourceText(x.needed)
	}
	return out
}

func resourceText(list []issuance.Resource) *string {
	var parts []string
	for _, x := range list {
		parts = append(parts, x.Kind+" "+x.Amount)
	}
	return some(strings.Join(parts, ", "))
}

// IssuanceEvents is its history.
func (r *Rows) IssuanceEvents(i Issuance) []EventRef {
	return r.historyThen(r.issuances[i.h].stream, i.at.then())
}
