package view

import (
	"slices"
	"strings"

	"suyuan/services/calendar"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate/assignment"
	"suyuan/services/mandate/issuance"
	"suyuan/services/outcome"
	"suyuan/services/outcome/evidence"
	"suyuan/services/policy"
)

// fates are what became of the lines of the chain: of the executor's own all
// of it, of those above what somebody objected to, did or answered.
func (g *gathering) fates() {
	r := g.r
	for _, h := range g.path {
		for _, to := range g.receivers(h) {
			if fate := r.fateOf(h, to); fate != none {
				g.fate(&r.assignments[fate])
			}
		}
	}
	g.rivals()
	if g.line == none {
		return
	}
	g.authority()
	if fate := r.fateOf(r.lines[g.line].issuance, g.executor); fate != none {
		g.own(&r.assignments[fate])
	}
}

// receivers of an issuance on the chain: the executor, and who passed it on.
func (g *gathering) receivers(h int32) []int32 {
	var to []int32
	if g.r.lineTo(h, g.executor) != none {
		to = append(to, g.executor)
	}
	for _, x := range g.path {
		if row := &g.r.issuances[x]; slices.Contains(row.basis, h) {
			to = append(to, row.issuer)
		}
	}
	return once(to)
}

func (g *gathering) fate(a *assignmentRow) {
	r, code := g.r, g.r.code(a.unit)
	for _, o := range a.objections {
		if row := &r.objections[o]; g.sees(row.raised) && g.about(row.measure) {
			g.out.Objections = append(g.out.Objections, g.objection(row))
		}
	}
	for _, x := range a.acts {
		if g.sees(x.event) {
			g.out.Acts = append(g.out.Acts, evidence.Act{
				Unit: x.E.Unit, Kind: x.E.Kind, Power: x.E.Power, Channel: x.E.Channel, KnownAt: x.E.KnownAt, At: x.E.At, Document: x.E.Document, Event: r.evidenceOf(x.event),
			})
		}
	}
	for _, x := range a.stops {
		if g.sees(x.event) {
			g.out.Stops = append(g.out.Stops, g.stop(a, x))
		}
	}
	if g.sees(a.acknowledged) {
		g.out.Acks = append(g.out.Acks, evidence.Ack{Unit: code, At: someTime(a.acknowledgedAt), Event: r.evidenceOf(a.acknowledged)})
	}
}

// about reports whether what was said of a measure, or of all of them, is about
// the outcome's: tasks compete from several mandates, see asked.
func (g *gathering) about(measure int32) bool {
	return measure == none || g.measure == none || measure == g.measure || g.p.Kind == outcome.Competing && g.r.sameMeasure(measure, g.measure)
}

func (g *gathering) objection(row *objectionRow) evidence.Objection {
	r := g.r
	o := evidence.Objection{
		Unit: r.code(row.unit), Issuance: r.issuances[row.issuance].id, ID: row.id, Ground: row.ground, Constraint: row.constraint, OwedBy: r.code(row.owedBy),
		Raised: r.evidenceOf(row.raised), OnPaper: row.onPaper, Stated: row.stated, Document: r.documentID(row.document),
	}
	if due, ok, err := assignment.LapsesAt(r.recorded(row.raised), asKnown{r, g.known.Ordinal}); ok && err == nil {
		o.Due = &due
	}
	if g.sees(row.decided) {
		decided := r.evidenceOf(row.decided)
		o.Decision, o.DecidedBy, o.Decided, o.ClearlyIllegal = row.decision, r.code(row.decidedBy), &decided, row.illegal
	}
	return o
}

func (g *gathering) stop(a *assignmentRow, x eventOf[assignment.StopRequested]) evidence.Stop {
	s := evidence.Stop{Unit: g.r.code(a.unit), ID: x.E.ID, OwedBy: x.E.OwedBy, At: x.E.At, Requested: g.r.evidenceOf(x.event)}
	for _, d := range a.stopDecisions {
		if d.E.ID == x.E.ID && g.sees(d.event) {
			answered := g.r.evidenceOf(d.event)
			s.Answered, s.Granted, s.DecidedBy, s.ClearlyIllegal = &answered, d.E.Granted, d.E.By, d.E.ClearlyIllegal
		}
	}
	return s
}

// asKnown are the periods as they were known at an ordinal.
type asKnown struct {
	r       *Rows
	ordinal uint64
}

// Calendar implements assignment.Terms.
func (k asKnown) Calendar() *calendar.Calendar { return k.r.calendar }

// Policy implements assignment.Terms.
func (k asKnown) Policy(name string, on ledger.Date) (found policy.Adopted, ok bool) {
	for _, p := range k.r.dossier.Policies() {
		if p.Ordinal <= k.ordinal && p.Name == name && p.From <= on && (!ok || found.From <= p.From) {
			found, ok = p.Adopted, true
		}
	}
	return found, ok
}

// PolicyVersion implements assignment.Terms.
func (k asKnown) PolicyVersion(name string, version int) (policy.Adopted, bool) {
	p, ok := k.r.dossier.PolicyVersion(name, version)
	return p.Adopted, ok && p.Ordinal <= k.ordinal
}

// own is what became of the executor's line.
func (g *gathering) own(a *assignmentRow) {
	r := g.r
	if g.sees(a.delivered) && a.delivered != a.acknowledged { // else it is only known from its being acknowledged
		g.out.Delivered = &evidence.Receipt{At: someTime(a.deliveredAt), Event: r.evidenceOf(a.delivered)}
	}
	if g.sees(a.acknowledged) {
		g.out.Acknowledged = &evidence.Receipt{At: someTime(a.acknowledgedAt), Event: r.evidenceOf(a.acknowledged)}
	}
	for _, x := range a.resources {
		if !g.sees(x.event) {
			continue
		}
		event := r.evidenceOf(x.event)
		g.out.Given = append(g.out.Given, evidence.Resource{Kind: x.E.Kind, Amount: exact.FromDecimal(decimal(x.E.Amount)), By: x.E.By, Event: event})
		if x.E.Needed != "" {
			g.out.Needed = append(g.out.Needed, evidence.Resource{Kind: x.E.Kind, Amount: exact.FromDecimal(decimal(x.E.Needed)), By: x.E.By, Event: event})
		}
	}
	g.out.Reported = g.figures(a.reported, a.unit, false)
	g.out.Verified = g.figures(a.verified, a.unit, true)
	for _, x := range a.falsifications {
		if f := g.falsification(x); g.sees(x.event) && f.Amount != nil {
			g.out.Falsifications = append(g.out.Falsifications, f)
		}
	}
}

// rivals are what was verified of the lines that competed: of all together, as
// no figure of one line is what the executor did in all. Where one was never
// verified the outcome's own figure stands.
func (g *gathering) rivals() {
	var all evidence.Figure
	for _, line := range g.competing {
		l := g.r.lines[line]
		var last *reportRow
		if fate := g.r.fateOf(l.issuance, l.to); fate != none {
			said := g.r.assignments[fate].verified
			for i := range said {
				x := &said[i]
				if x.measure != none && g.about(x.measure) && g.sees(x.event) && x.asOf <= ledger.DateOf(g.p.OccurredAt) && (last == nil || x.asOf >= last.asOf) {
					last = x
				}
			}
		}
		if last == nil {
			return
		}
		all.Value = all.Value.Add(g.r.rate(last.value, last.days))
		all.Parts = append(all.Parts, g.r.evidenceOf(last.event))
		if all.AsOf <= last.asOf {
			all.AsOf, all.Document, all.Event = last.asOf, g.r.documentID(last.document), g.r.evidenceOf(last.event)
		}
	}
	if len(g.competing) > 0 {
		all.Unit, all.Of, all.Verified = g.p.Unit, g.r.measures[g.measure].id, true
		g.out.Verified = []evidence.Figure{all}
	}
}

// figures are those of the outcome's measure.
func (g *gathering) figures(said []reportRow, u int32, verified bool) (out []evidence.Figure) {
	for _, x := range said {
		if x.measure == g.measure && g.measure != none && g.sees(x.event) {
			out = append(out, evidence.Figure{
				Unit: g.r.code(u), Of: g.r.measures[x.measure].id, Value: g.r.rate(x.value, x.days), Verified: verified, AsOf: x.asOf,
				Document: g.r.documentID(x.document), Event: g.r.evidenceOf(x.event),
			})
		}
	}
	return out
}

// falsification has no amount where another measure was falsified.
func (g *gathering) falsification(x eventOf[assignment.FalsificationVerified]) evidence.Falsification {
	f := evidence.Falsification{Who: x.E.Who, OrderedBy: x.E.OrderedBy, Document: x.E.Document, Event: g.r.evidenceOf(x.event)}
	for _, d := range x.E.Amounts {
		if g.measure != none && d.Measure == g.r.measures[g.measure].id {
			amount := g.r.rate(figure(d.Value))
			f.Amount = &amount
		}
	}
	return f
}

// authority is what the executor's line said of powers and means, and whether
// somebody approved that the executor has the task.
func (g *gathering) authority() {
	r, l := g.r, g.r.lines[g.line]
	row := &r.issuances[l.issuance]
	v := r.versionAt(g.line, g.at)
	made := r.evidenceOf(row.made)
	from := []evidence.Event{made}
	if e := r.versions[v].event; e != row.made {
		from = append(from, r.evidenceOf(e))
	}
	if x := g.extra(l.issuance, l.to); x != nil {
		last := from[len(from)-1]
		g.out.Given, g.out.Needed = g.means(x.given, row, last), g.means(x.needed, row, last)
		if x.authority != nil {
			yes := *x.authority
			g.out.Authority, g.out.AuthorityFrom = &yes, from
		}
	}
	if a := row.approval; a != nil {
		g.out.Split = &evidence.Split{Approved: true, By: r.code(a.by), Document: r.documentID(a.document), Events: []evidence.Event{made}}
		return
	}
	g.handedOver()
}

func (g *gathering) means(list []issuance.Resource, row *issuanceRow, event evidence.Event) []evidence.Resource {
	var out []evidence.Resource
	for _, x := range list {
		out = append(out, evidence.Resource{Kind: x.Kind, Amount: exact.FromDecimal(decimal(x.Amount)), By: g.r.code(row.issuer), Event: event})
	}
	return out
}

// handedOver looks for the handoff by which the executor has the duty: the
// last that it accepted before the outcome.
func (g *gathering) handedOver() {
	r := g.r
	for _, h := range slices.Backward(r.units[g.executor].rest().handoffs) {
		row := &r.handoffs[h]
		if row.to != g.executor || row.mandate != g.mandate && (row.mandate != none || row.duty == "" || row.duty != g.out.Duty) {
			continue
		}
		events, state := g.handoffThen(row)
		if state == "handoff.accepted" {
			g.out.Split = &evidence.Split{Approved: row.approvedBy != none, By: r.code(row.approvedBy), Document: r.documentID(row.document), Events: events}
			return
		}
	}
}

// handoffThen is a handoff as it stood when the outcome occurred: its events,
// and the last of them.
func (g *gathering) handoffThen(row *handoffRow) (events []evidence.Event, last string) {
	for _, o := range g.r.history(row.stream) {
		if g.r.changes(g.at, o) {
			events = append(events, g.r.evidenceOf(o))
			last = events[len(events)-1].Type
		}
	}
	return events, last
}

// duties are how the task stood on the duty lists of the executor and of those
// on the chain who have one.
func (g *gathering) duties() {
	units := []int32{g.executor}
	for _, h := range g.path {
		units = append(units, g.r.issuances[h].issuer)
	}
	for _, u := range once(units) {
		d, ok := g.duty(u)
		if ok || u == g.executor {
			g.out.Duties = append(g.out.Duties, d)
		}
	}
}

// duty counts what was listed before the outcome. A unit without any list has
// nothing to be off.
func (g *gathering) duty(u int32) (evidence.Duty, bool) {
	d := evidence.Duty{Unit: g.r.code(u)}
	list := g.r.units[u].rest().duties
	for i := range list {
		x := &list[i]
		for k, o := range x.events {
			if !g.r.changes(g.at, o) {
				continue
			}
			d.HasList = true
			if x.item == g.out.Duty && x.item != "" {
				event := g.r.evidenceOf(o)
				d.Class, d.Event = x.classes[k], &event
			}
		}
	}
	return d, d.HasList
}

// capacities are what the executor and those on the chain could do, of the
// measure and of what the mandate's conditions speak of.
func (g *gathering) capacities() {
	if g.mandate == none {
		return
	}
	r := g.r
	units := []int32{g.executor}
	for _, h := range g.path {
		units = append(units, r.issuances[h].issuer)
	}
	of := r.mandates[g.mandate].id + "/"
	for _, u := range once(units) {
		for _, c := range r.units[u].rest().capacities {
			if !g.sees(c.event) || !strings.HasPrefix(c.of, of) || g.measure != none && c.of != r.measures[g.measure].id {
				continue
			}
			if c.days > 0 && (g.measure == none || !r.measures[g.measure].def.IsFrequency()) {
				continue // so many times in some days say nothing of what is no frequency
			}
			g.out.Capacities = append(g.out.Capacities, evidence.Figure{
				Unit: r.code(u), Of: c.of, Value: r.rate(c.value, c.days), Verified: c.verified, AsOf: c.asOf, Document: r.documentID(c.document), Event: r.evidenceOf(c.event),
			})
		}
	}
	g.people()
}

// people: no more can be reached of a measure of people than there are.
func (g *gathering) people() {
	if g.measure == none || g.r.measures[g.measure].def.Limit != "people" {
		return
	}
	row := &g.r.units[g.executor]
	if people := row.rest().people; people > 0 {
		event := g.r.evidenceOf(g.r.began(row.stream))
		g.out.Capacities = append(g.out.Capacities, evidence.Figure{
			Unit: row.code, Of: g.r.measures[g.measure].id, Value: exact.FromInt(people), Verified: true, AsOf: ledger.DateOf(event.Recorded), Event: event,
		})
	}
}

// constraints are the mandate's conditions as they stood at the outcome, and
// whether they can be met together.
func (g *gathering) constraints() {
	if g.mandate == none {
		return
	}
	r, m := g.r, &g.r.mandates[g.mandate]
	for _, c := range m.constraints {
		if r.stood(g.at, m, c) {
			g.out.Constraints = append(g.out.Constraints, evidence.Constraint{Key: c.Key, Author: r.code(c.author), Text: c.Text, Event: r.evidenceOf(c.event)})
		}
	}
	if g.line != none && len(m.measures) > 0 {
		b := r.book(m.measures[0], g.at)
		g.out.Infeasible = len(b.contradiction(g.executor, r.lines[g.line].issuance)) > 0
	}
}

// stood reports whether a condition stood at a moment: one that came with the
// mandate counts by its effect, one that a revision brought by its recording.
func (r *Rows) stood(at AsOf, m *mandateRow, c constraintRow) bool {
	if c.event == m.issued {
		return r.sees(at, c.event)
	}
	return r.changes(at, c.event)
}
