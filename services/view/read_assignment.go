package view

import (
	"iter"
	"slices"
	"strconv"
	"time"

	"suyuan/services/mandate/assignment"
)

// Objection is a unit's word that something cannot be done as asked.
type Objection struct {
	ID        string
	Unit      Unit
	Mandate   Mandate
	Issuance  Issuance
	Measure   *Measure
	Ground    assignment.Ground
	Reason    string
	Raised    time.Time
	OwedBy    Unit
	State     string // open, or the decision
	DecidedBy *Unit
	Decided   *time.Time
	Answer    *string
	Document  *Document
	Events    []EventRef
}

// ObjectionQuery narrows the list of objections.
type ObjectionQuery struct {
	Unit, Mandate string
	State         string
}

// Objections lists objections, newest first.
func (r *Rows) Objections(q ObjectionQuery, first int) ([]Objection, error) {
	if _, _, err := (Paging{First: first}).window(0); err != nil {
		return nil, err
	}
	out := []Objection{}
	m := r.mandateAt.of(q.Mandate)
	for h := range r.newestOf(q.Unit, len(r.objections), func(u *unitMore) []int32 { return u.objections }) {
		if len(out) == first {
			break
		}
		o := &r.objections[h]
		if q.State != "" && o.state() != q.State || q.Mandate != "" && !r.objectsTo(o, m) {
			continue
		}
		out = append(out, r.objectionValue(h))
	}
	return out, nil
}

// newestOf yields the rows of a unit, or all n of them where none is named,
// the newest first.
func (r *Rows) newestOf(code string, n int, of func(*unitMore) []int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if code == "" {
			for h := int32(n) - 1; h >= 0 && yield(h); h-- {
			}
			return
		}
		u := r.unitOf(code)
		if u == none {
			return
		}
		for _, h := range slices.Backward(of(r.units[u].rest())) {
			if !yield(h) {
				return
			}
		}
	}
}

func (o *objectionRow) state() string {
	if o.decision == "" {
		return "open"
	}
	return string(o.decision)
}

func (r *Rows) objectionValue(h int32) Objection {
	o := &r.objections[h]
	out := Objection{
		ID: o.id, Unit: r.unitValue(o.unit), Issuance: r.issuanceValue(o.issuance), Measure: r.measurePtr(o.measure), Ground: o.ground, Reason: o.reason,
		Raised: r.recorded(o.raised), OwedBy: r.unitValue(o.owedBy), State: o.state(), DecidedBy: r.unitPtr(o.decidedBy), Answer: some(o.answer),
		Document: r.documentPtr(o.document), Events: r.eventRefs(o.raised, o.decided),
	}
	mandate := r.issuances[o.issuance].mandates[0]
	if o.measure != none {
		mandate = r.measures[o.measure].mandate
	}
	out.Mandate = r.mandateValue(mandate)
	if o.decided != 0 {
		t := r.recorded(o.decided)
		out.Decided = &t
	}
	return out
}

// objectsTo reports whether an objection is about a mandate: its measure's, or
// where it names none, all that the issuance carries.
func (r *Rows) objectsTo(o *objectionRow, m int32) bool {
	if o.measure != none {
		return r.measures[o.measure].mandate == m
	}
	return slices.Contains(r.issuances[o.issuance].mandates, m)
}

func (r *Rows) recorded(ordinal uint64) time.Time {
	return time.UnixMilli(r.events[ordinal-1].recorded).UTC()
}

// ObjectionsOf lists a unit's objections, newest first.
func (r *Rows) ObjectionsOf(u Unit, first int) ([]Objection, error) {
	return r.Objections(ObjectionQuery{Unit: u.Code}, first)
}

// Handoff is a duty moved from one unit to another.
type Handoff struct {
	ID         string
	From, To   Unit
	Duty       string
	Title      string
	Mandate    *Mandate
	Authority  bool
	People     string
	Money      string
	Basis      *string
	ApprovedBy *Unit
	Document   *Document
	State      string
	Reason     *string
	Flags      []Flag
	Events     []EventRef
}

// HandoffQuery narrows the list of handoffs.
type HandoffQuery struct{ Unit, Mandate string }

// Handoffs lists handoffs, newest first.
func (r *Rows) Handoffs(q HandoffQuery, first int) ([]Handoff, error) {
	if _, _, err := (Paging{First: first}).window(0); err != nil {
		return nil, err
	}
	out := []Handoff{}
	m := r.mandateAt.of(q.Mandate)
	for h := range r.newestOf(q.Unit, len(r.handoffs), func(u *unitMore) []int32 { return u.handoffs }) {
		if len(out) == first {
			break
		}
		row := &r.handoffs[h]
		if q.Mandate != "" && (m == none || row.mandate != m) {
			continue
		}
		out = append(out, r.handoffValue(h))
	}
	return out, nil
}

func (r *Rows) handoffValue(h int32) Handoff {
	row := &r.handoffs[h]
	money := row.money
	if money == "" {
		money = "0"
	}
	out := Handoff{
		ID: row.id, From: r.unitValue(row.from), To: r.unitValue(row.to), Duty: row.duty, Title: row.title, Authority: row.authority,
		People: strconv.FormatInt(row.people, 10), Money: money, Basis: some(row.basis), ApprovedBy: r.unitPtr(row.approvedBy),
		Document: r.documentPtr(row.document), State: row.state, Reason: some(row.reason), Flags: []Flag{}, Events: r.eventRefs(r.history(row.stream)...),
	}
	if row.mandate != none {
		m := r.mandateValue(row.mandate)
		out.Mandate = &m
	}
	if !row.means || row.approvedBy == none && r.units[row.to].level > r.units[row.from].level {
		out.Flags = append(out.Flags, r.flag(Transfer, row.from, none, "", "", r.began(row.stream)))
	}
	return out
}
