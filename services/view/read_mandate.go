package view

import (
	"slices"
	"strconv"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/search"
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
		Withdrawn: m.withdrawn != 0, Fictional: m.fictional, Assumed: assumed, h: h,
	}
}

// Receivers counts the units that received a mandate; of several measures the
// one that reached most.
func (r *Rows) Receivers(m Mandate) string {
	most := int32(0)
	for _, x := range r.mandates[m.h].measures {
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
	h := r.mandateAt.of(id)
	if h == none || !r.sees(at, r.mandates[h].issued) {
		return nil
	}
	m := r.mandateThen(h, at)
	return &m
}

// mandateThen is a mandate under the title it had at a moment.
func (r *Rows) mandateThen(h int32, at AsOf) Mandate {
	m := r.mandateValue(h)
	if at != Now {
		m.Title = r.nameAt(r.mandates[h].titles, m.Title, at)
		m.Withdrawn = m.Withdrawn && r.sees(at, r.mandates[h].withdrawn)
	}
	return m
}

// Document finds a document.
func (r *Rows) Document(id string) *Document { return r.documentPtr(r.documentAt.of(id)) }

// MandateQuery narrows the list of mandates.
type MandateQuery struct{ Search, Origin, Within string }

// Mandates lists mandates, newest first.
func (r *Rows) Mandates(q MandateQuery, p Paging) (Page[Mandate], error) {
	keep := func(h int32) bool {
		origin := r.code(r.mandates[h].origin)
		return (q.Origin == "" || origin == q.Origin) && (q.Within == "" || Contains(q.Within, origin))
	}
	return newest(p, q.Search, r.finder.mandates, len(r.mandates), keep, r.mandateValue)
}

// newest lists rows that are called something, or all of them, newest first.
func newest[T any](p Paging, text string, x *search.Index, n int, keep func(int32) bool, value func(int32) T) (Page[T], error) {
	words, err := search.Parse(text)
	if err != nil {
		return Page[T]{}, err
	}
	if !words.Empty() {
		return found(p, x, words, search.Page{Backward: true, Keep: keep}, value)
	}
	var all []int32
	for h := int32(n) - 1; h >= 0; h-- {
		if keep(h) {
			all = append(all, h)
		}
	}
	return page(p, all, value)
}

// DocumentQuery narrows the list of documents.
type DocumentQuery struct{ Search, Issuer string }

// Documents lists documents, newest first.
func (r *Rows) Documents(q DocumentQuery, p Paging) (Page[Document], error) {
	keep := func(h int32) bool { return q.Issuer == "" || r.code(r.documents[h].issuer) == q.Issuer }
	return newest(p, q.Search, r.finder.documents, len(r.documents), keep, r.documentValue)
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
func (r *Rows) MandateEvents(m Mandate) []EventRef {
	return r.eventRefs(r.history(r.mandates[m.h].stream)...)
}

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
func (r *Rows) DocumentEvents(d Document) []EventRef {
	return r.eventRefs(r.history(r.documents[d.h].stream)...)
}

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
