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
	at        *AsOf // the moment it is told as of, and all that is asked of it
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
	at       *AsOf
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

// mandateThen is a mandate as it stood at a moment.
func (r *Rows) mandateThen(h int32, at AsOf) Mandate {
	m := r.mandateValue(h)
	if at == Now {
		return m
	}
	row := &r.mandates[h]
	m.at, m.Title, m.Origin = carry(at), r.nameAt(row.titles, m.Title, at), r.unitThen(row.origin, at)
	lead, duty := r.chargeAt(h, at)
	m.Lead, m.Duty = r.unitPtrThen(lead, at), some(duty)
	m.Withdrawn = m.Withdrawn && r.sees(at, row.withdrawn)
	return m
}

// chargeAt is the unit that led a mandate at a moment, and the duty it
// belonged to.
func (r *Rows) chargeAt(h int32, at AsOf) (lead int32, duty string) {
	row := &r.mandates[h]
	if at == Now || len(row.revisions) == 0 {
		return row.lead, row.duty
	}
	lead, duty = row.revisions[0].lead, row.revisions[0].duty
	for _, x := range row.revisions[1:] {
		if !r.changes(at, x.event) {
			continue
		}
		if x.lead != none {
			lead = x.lead
		}
		if x.duty != "" {
			duty = x.duty
		}
	}
	return lead, duty
}

// Receivers counts the units that received a mandate; of several measures the
// one that reached most. For a moment of the past they are counted from the
// lines, up to a bound.
func (r *Rows) Receivers(m Mandate) (string, error) {
	at, most, left := m.at.then(), int32(0), maxWalked
	for _, x := range r.mandates[m.h].measures {
		row := &r.measures[x]
		if at != Now && !row.settledBy(at) {
			n, ok := r.book(x, at).receivers(&left)
			if !ok {
				return "", ledger.Errorf(ledger.Refused, "mandate.too_many_lines",
					"这一时点收到该任务的单位太多，无法当场清点；请去掉 units 一项，或查询当前数据。",
					"Too many units had received the mandate to count them for that moment; leave out units, or ask for now.").At("asOf")
			}
			most = max(most, n)
			continue
		}
		n := int32(0)
		for _, l := range row.levels {
			n += l.units
		}
		most = max(most, n)
	}
	return strconv.Itoa(int(most)), nil
}

// receivers counts the units that lines in force ask for the measure; false
// where there are more lines than left.
func (b book) receivers(left *int) (n int32, ok bool) {
	r := b.rows
	units := unitSets.Get().(*unitSet)
	defer unitSets.Put(units)
	units.clear(len(r.units))
	for _, g := range r.measures[b.measure].groups {
		for _, h := range b.standing(r.groups[g].members) {
			for line := range r.linesIn(h) {
				if *left--; *left < 0 {
					return 0, false
				}
				if _, asks := b.amountOf(line); asks && units.add(r.lines[line].to) {
					n++
				}
			}
		}
	}
	return n, true
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
	return Document{ID: d.id, Number: d.number, Issuer: r.unitValue(d.issuer), Date: d.date, Title: d.title, SHA256: some(d.sha256), Redacted: d.redacted, h: h}
}

func (r *Rows) documentPtr(h int32) *Document { return r.documentThen(h, Now) }

// documentThen is a document as it stood at a moment, nil for none. The only
// event of a document after its first is that its file was destroyed.
func (r *Rows) documentThen(h int32, at AsOf) *Document {
	if h == none {
		return nil
	}
	d := r.documentValue(h)
	if at != Now {
		d.at, d.Issuer = carry(at), r.unitThen(r.documents[h].issuer, at)
		d.Redacted = d.Redacted && r.sees(at, r.streams[r.documents[h].stream].last)
	}
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
func (r *Rows) MandateDocument(m Mandate) *Document {
	return r.documentThen(r.mandates[m.h].document, m.at.then())
}

// Measures lists what a mandate asks for.
func (r *Rows) Measures(m Mandate) []Measure {
	at := m.at.then()
	known := those(r.mandates[m.h].measures, at, func(x int32) bool { return r.sees(at, r.measures[x].event) })
	return each(known, r.measureValue)
}

// Constraints lists a mandate's conditions.
func (r *Rows) Constraints(m Mandate) []Constraint {
	at := m.at.then()
	known := those(r.mandates[m.h].constraints, at, func(c constraintRow) bool { return r.sees(at, c.event) })
	return each(known, func(c constraintRow) Constraint {
		return Constraint{c.Key, r.unitThen(c.author, at), c.Text, r.eventRefs(c.event)}
	})
}

// MandateIssuances lists the issuances that carry a mandate, oldest first.
func (r *Rows) MandateIssuances(m Mandate, p Paging) (Page[Issuance], error) {
	at := m.at.then()
	carrying := those(r.mandates[m.h].issuances, at, func(h int32) bool { return r.carried(h, m.h, at) })
	return page(p, carrying, func(h int32) Issuance { return r.issuanceThen(h, at) })
}

// MandateEvents is a mandate's own history.
func (r *Rows) MandateEvents(m Mandate) []EventRef {
	return r.historyThen(r.mandates[m.h].stream, m.at.then())
}

// DocumentIssuances and DocumentMandates are what rests on a paper.
func (r *Rows) DocumentIssuances(d Document) []Issuance {
	at := d.at.then()
	made := those(r.documents[d.h].issuances, at, func(h int32) bool { return r.sees(at, r.issuances[h].made) })
	return each(made, func(h int32) Issuance { return r.issuanceThen(h, at) })
}

// DocumentMandates lists the mandates a paper set or changed.
func (r *Rows) DocumentMandates(d Document) []Mandate {
	at, handles := d.at.then(), slices.Clone(r.documents[d.h].mandates)
	slices.Sort(handles)
	known := those(slices.Compact(handles), at, func(h int32) bool { return r.setOrChanged(h, d.h, at) })
	return each(known, func(h int32) Mandate { return r.mandateThen(h, at) })
}

// setOrChanged reports whether a paper had set or changed a mandate by a moment.
func (r *Rows) setOrChanged(h, document int32, at AsOf) bool {
	row := &r.mandates[h]
	return r.sees(at, row.issued) && (row.document == document ||
		slices.ContainsFunc(row.revisions, func(x revisionRow) bool { return x.document == document && r.sees(at, x.event) }))
}

// DocumentEvents is its history.
func (r *Rows) DocumentEvents(d Document) []EventRef {
	return r.historyThen(r.documents[d.h].stream, d.at.then())
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
