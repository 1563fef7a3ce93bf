package view

import (
	"slices"
	"time"
)

// PenaltyAssignment is what the executor had received: one line.
type PenaltyAssignment struct {
	Issuance     Issuance
	Value        *string
	Due          *time.Time
	State        string // sent, delivered, acknowledged, objected, reported, verified
	Delivered    *time.Time
	Acknowledged *time.Time
	Events       []EventRef
}

// then is the moment of an outcome: what was in effect when it occurred, as it
// is on record now.
func (p Penalty) then() AsOf {
	at := p.s.Penalised.OccurredAt
	return AsOf{Effective: at, unchanged: at.UnixMilli()}
}

// lineOf is the line by which the executor was asked, as in force when the
// outcome occurred, or none. Where the outcome does not say which, it is the
// only one, or the one that came last.
func (r *Rows) lineOf(p Penalty) int32 {
	x, at := p.s.Penalised, p.then()
	u := r.unitOf(x.Unit)
	if u == none {
		return none
	}
	if h := r.issuanceAt.of(x.Issuance); h != none {
		return r.lineTo(h, u)
	}
	m := r.mandateAt.of(x.Mandate)
	measure := r.measureAt.of(x.Measure)
	for line := r.units[u].received; line != none; line = r.lines[line].next {
		if h := r.lines[line].issuance; !r.inForce(h, at) || m == none || !slices.Contains(r.issuances[h].mandates, m) {
			continue
		}
		v := r.versionAt(line, at)
		if v == none {
			continue
		}
		if _, ok := r.amountIn(v, measure); ok || measure == none {
			return line
		}
	}
	return none
}

// PenaltyAssignment is the line that the executor received, as in force when
// the outcome occurred; nil where none is on record.
func (r *Rows) PenaltyAssignment(p Penalty) *PenaltyAssignment {
	line, at := r.lineOf(p), p.then()
	if line == none {
		return nil
	}
	l, v := r.lines[line], r.versionAt(line, at)
	out := PenaltyAssignment{Issuance: r.issuanceThen(l.issuance, at), State: "sent", Events: r.eventRefs(r.issuances[l.issuance].made)}
	measure := r.measureAt.of(p.s.Penalised.Measure)
	if v != none {
		if a, ok := r.amountIn(v, measure); ok {
			out.Value = r.valueText(a)
		}
		if x := r.versions[v].extra; x != none {
			out.Due = someTime(r.extras[x].due)
		}
		out.Events = r.eventRefs(r.issuances[l.issuance].made, r.versions[v].event)
	}
	if h := r.fateOf(l.issuance, l.to); h != none {
		fate := &r.assignments[h]
		out.State, out.Delivered, out.Acknowledged = fate.state(measure), r.happened(fate.delivered, fate.deliveredAt), r.happened(fate.acknowledged, fate.acknowledgedAt)
		if fate.stream != none {
			out.Events = append(out.Events, r.eventRefs(r.history(fate.stream)...)...)
		}
	}
	return &out
}

// happened is when something happened: where no hour was told, when it was
// recorded; nil where it did not.
func (r *Rows) happened(event uint64, milliseconds int64) *time.Time {
	if event == 0 || milliseconds != 0 {
		return someTime(milliseconds)
	}
	at := r.recorded(event)
	return &at
}

// PenaltyChain is who added what to the line that the executor received, as in
// force when the outcome occurred; nil for what has no measure, and where no
// line is on record.
func (r *Rows) PenaltyChain(p Penalty) (*Trace, error) {
	line, measure := r.lineOf(p), r.measureAt.of(p.s.Penalised.Measure)
	if line == none || measure == none {
		return nil, nil
	}
	b := r.book(measure, p.then())
	if _, ok := b.amountOf(line); !ok || !r.inForce(r.lines[line].issuance, b.at) {
		return nil, nil
	}
	t, err := b.trace(line)
	if err != nil {
		return nil, err
	}
	return &t, nil
}

// PenaltyIssuances are those from which the task came, from the one that
// reached the executor upwards; of competing demands each one of these.
func (r *Rows) PenaltyIssuances(p Penalty) []Issuance {
	at := p.then()
	list := []Issuance{}
	var begin []int32
	for _, id := range p.s.Penalised.Competing {
		if h := r.issuanceAt.of(id); h != none {
			begin = append(begin, h)
		}
	}
	if line := r.lineOf(p); line != none && len(begin) == 0 {
		begin = append(begin, r.lines[line].issuance)
	}
	only := r.mandateAt.of(p.s.Penalised.Mandate)
	seen := map[int32]bool{}
	for len(begin) > 0 && len(list) < longestChain { // ends: each is taken once
		h := begin[0]
		begin = begin[1:]
		if seen[h] || !r.inForce(h, at) {
			continue
		}
		seen[h] = true
		if list = append(list, r.issuanceThen(h, at)); only == none {
			continue
		}
		for _, x := range r.issuances[h].basis {
			if slices.Contains(r.issuances[x].mandates, only) && len(p.s.Penalised.Competing) == 0 {
				begin = append(begin, x)
			}
		}
	}
	return list
}

// longestChain bounds what is told of the issuances above an outcome.
const longestChain = 200

// PenaltyOrigin is the unit where the task began: the mandate's origin.
func (r *Rows) PenaltyOrigin(p Penalty) *Unit {
	if p.Mandate == nil {
		return nil
	}
	origin := p.Mandate.Origin
	return &origin
}
