package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/mandate/issuance"
)

// Mandate is a task.
type Mandate struct {
	ID        string
	Title     string
	Field     string
	Origin    Unit
	Lead      *Unit
	Duty      *string
	Withdrawn bool
	Fictional bool
	Assumed   []string
	Units     string // how many received it
	h         int32
}

// Measure is one thing a mandate asks for.
type Measure struct {
	ID        string
	Key       string
	Name      string
	Kind      mandate.Kind
	Dimension mandate.Dimension
	Unit      string
	Harder    string
	Hours     *string
	h         int32
}

// Constraint is a condition with its author.
type Constraint struct {
	Key    string
	Author Unit
	Text   string
	Events []EventRef
}

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

// Document is a paper's particulars.
type Document struct {
	ID       string
	Number   string
	Issuer   Unit
	Date     ledger.Date
	Title    string
	SHA256   *string
	Redacted bool
	h        int32
}

func (r *Rows) mandateValue(h int32) Mandate {
	m := &r.mandates[h]
	assumed := m.assumed
	if assumed == nil {
		assumed = []string{}
	}
	return Mandate{
		ID: m.id, Title: m.title, Field: m.field, Origin: r.unitValue(m.origin), Lead: r.unitPtr(m.lead), Duty: some(m.duty),
		Withdrawn: m.withdrawn != 0, Fictional: m.fictional, Assumed: assumed, Units: r.receivers(h), h: h,
	}
}

// receivers counts the units that received a mandate; of several measures the
// one that reached most.
func (r *Rows) receivers(h int32) string {
	most := int32(0)
	for _, x := range r.mandates[h].measures {
		n := int32(0)
		for _, l := range r.measures[x].levels {
			n += l.units
		}
		most = max(most, n)
	}
	return strconv.Itoa(int(most))
}

func (r *Rows) measureValue(h int32) Measure {
	m := &r.measures[h]
	return Measure{m.id, m.def.Key, m.def.Name, m.def.Kind, m.def.Dimension, m.def.Unit, m.def.Harder, some(m.def.Hours), h}
}

func (r *Rows) measurePtr(h int32) *Measure {
	if h == none {
		return nil
	}
	m := r.measureValue(h)
	return &m
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

func (r *Rows) documentValue(h int32) Document {
	d := &r.documents[h]
	return Document{d.id, d.number, r.unitValue(d.issuer), d.date, d.title, some(d.sha256), d.redacted, h}
}

func (r *Rows) documentPtr(h int32) *Document {
	if h == none {
		return nil
	}
	d := r.documentValue(h)
	return &d
}

// Mandate finds a mandate that was on record at a moment.
func (r *Rows) Mandate(id string, at AsOf) *Mandate {
	h := find(r.mandateAt, id)
	if h == none || !r.sees(at, r.mandates[h].events[0]) {
		return nil
	}
	m := r.mandateValue(h)
	m.Withdrawn = m.Withdrawn && r.sees(at, r.mandates[h].withdrawn)
	return &m
}

// Issuance finds an issuance that was on record at a moment.
func (r *Rows) Issuance(id string, at AsOf) *Issuance {
	h := find(r.issuanceAt, id)
	if h == none || !r.sees(at, r.issuances[h].made) {
		return nil
	}
	i := r.issuanceValue(h)
	i.Withdrawn = i.Withdrawn && r.sees(at, r.issuances[h].withdrawn)
	return &i
}

// Document finds a document.
func (r *Rows) Document(id string) *Document { return r.documentPtr(find(r.documentAt, id)) }

// MandateQuery narrows the list of mandates.
type MandateQuery struct{ Search, Origin, Within string }

// Mandates lists mandates, newest first.
func (r *Rows) Mandates(q MandateQuery, p Paging) (Page[Mandate], error) {
	var found []int32
	for h := int32(len(r.mandates)) - 1; h >= 0; h-- {
		m := &r.mandates[h]
		origin := r.code(m.origin)
		if (q.Search == "" || strings.Contains(m.title, q.Search) || strings.Contains(m.field, q.Search) || m.id == q.Search) &&
			(q.Origin == "" || origin == q.Origin) && (q.Within == "" || Contains(q.Within, origin)) {
			found = append(found, h)
		}
	}
	return page(p, found, r.mandateValue)
}

// DocumentQuery narrows the list of documents.
type DocumentQuery struct{ Search, Issuer string }

// Documents lists documents, newest first.
func (r *Rows) Documents(q DocumentQuery, p Paging) (Page[Document], error) {
	var found []int32
	for h := int32(len(r.documents)) - 1; h >= 0; h-- {
		d := &r.documents[h]
		if (q.Search == "" || strings.Contains(d.title, q.Search) || strings.Contains(d.number, q.Search)) && (q.Issuer == "" || r.code(d.issuer) == q.Issuer) {
			found = append(found, h)
		}
	}
	return page(p, found, r.documentValue)
}

// MandateDocument is the paper that set the task.
func (r *Rows) MandateDocument(m Mandate) *Document { return r.documentPtr(r.mandates[m.h].document) }

// Measures lists what a mandate asks for.
func (r *Rows) Measures(m Mandate) []Measure { return each(r.mandates[m.h].measures, r.measureValue) }

// Constraints lists a mandate's conditions.
func (r *Rows) Constraints(m Mandate) []Constraint {
	return each(r.mandates[m.h].constraints, func(c constraintRow) Constraint {
		return Constraint{c.Key, r.unitValue(c.author), c.Text, r.eventRefs(c.event)}
	})
}

// MandateIssuances lists the issuances that carry a mandate, oldest first.
func (r *Rows) MandateIssuances(m Mandate, p Paging) (Page[Issuance], error) {
	return page(p, r.mandates[m.h].issuances, r.issuanceValue)
}

// MandateEvents is a mandate's own history.
func (r *Rows) MandateEvents(m Mandate) []EventRef { return r.eventRefs(r.mandates[m.h].events...) }

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
	only := find(r.measureAt, measureID)
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
func (r *Rows) IssuanceEvents(i Issuance) []EventRef { return r.eventRefs(r.issuances[i.h].events...) }

// DocumentIssuances and DocumentMandates are what rests on a paper.
func (r *Rows) DocumentIssuances(d Document) []Issuance {
	return each(r.documents[d.h].issuances, r.issuanceValue)
}

// DocumentMandates lists the mandates a paper set or changed.
func (r *Rows) DocumentMandates(d Document) []Mandate {
	handles := slices.Clone(r.documents[d.h].mandates)
	slices.Sort(handles)
	return each(slices.Compact(handles), r.mandateValue)
}

// DocumentEvents is its history.
func (r *Rows) DocumentEvents(d Document) []EventRef { return r.eventRefs(r.documents[d.h].events...) }

func (r *Rows) valueText(a amountRow) *string {
	if a.list != none {
		return nil
	}
	s := r.rat(a).String()
	return &s
}

func (r *Rows) itemNames(a amountRow) []string {
	if a.list == none {
		return []string{}
	}
	return each(r.lists[a.list], func(h int32) string { return r.items[h] })
}

func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}
