package view

import (
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
	i := r.issuanceValue(h)
	i.Withdrawn = i.Withdrawn && r.sees(at, r.issuances[h].withdrawn)
	return &i
}

// IssuanceDocument is the paper.
func (r *Rows) IssuanceDocument(i Issuance) *Document {
	return r.documentPtr(r.issuances[i.h].document)
}

// IssuanceMandates lists the mandates it carries.
func (r *Rows) IssuanceMandates(i Issuance) []Mandate {
	return each(r.issuances[i.h].mandates, r.mandateValue)
}

// Basis lists the issuances it rests on.
func (r *Rows) Basis(i Issuance) []Issuance { return each(r.issuances[i.h].basis, r.issuanceValue) }

// Approval is its approval, nil where there is none.
func (r *Rows) Approval(i Issuance) *Approval {
	a := r.issuances[i.h].approval
	if a == nil {
		return nil
	}
	return &Approval{r.unitValue(a.by), a.competence, a.date, r.documentPtr(a.document), r.measured(a.covers)}
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
	for _, g := range r.issuances[i.h].groups {
		measure := r.groups[g].measure
		if r.measures[measure].def.Kind == mandate.Divisible {
			out = append(out, MeasuredAmount{r.measureValue(measure), r.total(i.h, measure, Now).String()})
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
	type at struct{ line, amount int32 }
	var all []at
	only := r.measureAt.of(measureID)
	for line := range r.linesIn(i.h) {
		v := r.versions[r.lines[line].version]
		for a := v.first; a < v.first+v.count; a++ {
			if measureID == "" || r.amounts[a].measure == only {
				all = append(all, at{line, a})
			}
		}
	}
	return page(p, all, func(x at) Line { return r.lineValue(x.line, x.amount) })
}

func (r *Rows) lineValue(line, amount int32) Line {
	l, a := r.lines[line], r.amounts[amount]
	v := r.versions[l.version]
	out := Line{To: r.unitValue(l.to), Measure: r.measureValue(a.measure), Value: r.valueText(a), Items: r.itemNames(a), Events: r.eventRefs(r.issuances[l.issuance].made, v.event)}
	if a.hasBase {
		out.Base = some(a.base.String())
	}
	if v.extra != none {
		x := &r.extras[v.extra]
		out.Due, out.DirectedBy, out.Authority = someTime(x.due), r.unitPtr(x.directedBy), x.authority
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
	return r.eventRefs(r.history(r.issuances[i.h].stream)...)
}
