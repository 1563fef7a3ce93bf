package view

import (
	"slices"
	"time"

	"suyuan/services/exact"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome"
	"suyuan/services/outcome/evidence"
	"suyuan/services/policy"
	"suyuan/services/view/dossier"
)

// Explanation runs a version of jra-1 over the evidence about an outcome as it
// was known at an ordinal; 0 stands for all that is folded. The same ordinal
// of the same log always gives the same, whatever came after it. What evidence
// refuses comes with the explanation as far as it was made.
func (r *Rows) Explanation(id string, version int, known uint64) (evidence.Explanation, error) {
	p, err := r.divisor(version)
	if err != nil {
		return evidence.Explanation{}, err
	}
	o, record, err := r.gathered(id, known)
	if err != nil {
		return evidence.Explanation{}, err
	}
	return evidence.Explain(o, record, p)
}

// Explain implements finding.Facts: as of the ordinal of the facts.
func (f facts) Explain(id string, version int) (finding.Explained, error) {
	return f.r.explained(id, version, f.r.position.Ordinal)
}

// explained is what a finding keeps of an explanation.
func (r *Rows) explained(id string, version int, known uint64) (finding.Explained, error) {
	x, err := r.Explanation(id, version, known)
	if err != nil {
		return finding.Explained{Known: known, Policy: version, Method: x.Method()}, err
	}
	return kept(x, known)
}

func kept(x evidence.Explanation, known uint64) (finding.Explained, error) {
	hash, err := x.Hash()
	if err != nil {
		return finding.Explained{}, err
	}
	out := finding.Explained{
		Known: known, Policy: x.Version, Method: x.Method(), Hash: hash, Outcome: x.Explained.Answer.Outcome, Originating: x.Evidence.Originating,
		Provisional: x.Evidence.Provisional || x.Explained.Provisional, Shares: shares(x.Explained.Masses),
	}
	for _, f := range x.Explained.Flags {
		out.Flags = append(out.Flags, string(f))
	}
	return out, nil
}

// shares are masses as a finding keeps them.
func shares(masses []liability.Share) []finding.Share {
	return each(masses, func(s liability.Share) finding.Share {
		return finding.Share{Unit: s.Unit, Points: s.Points, Mass: s.Mass.String()}
	})
}

// divisor is a version of jra-1 as it was adopted.
func (r *Rows) divisor(version int) (evidence.Policy, error) {
	adopted, ok := r.dossier.PolicyVersion(policy.JRA1, version)
	if !ok {
		return evidence.Policy{}, ledger.Errorf(ledger.NotFound, "policy.unknown_version", "没有采用过第 %d 版责任划分参数。", "Version %d of the parameters of joint responsibility was never adopted.", version).At("version")
	}
	parameters, err := policy.Parameters(adopted.Adopted)
	return evidence.Policy{Name: policy.JRA1, Version: version, Parameters: parameters}, err
}

// Parameters are those of a version of jra-1 that was adopted.
func (r *Rows) Parameters(version int) (liability.Parameters, error) {
	p, err := r.divisor(version)
	return p.Parameters, err
}

// gathered is an outcome and everything on record around it, as known at an
// ordinal.
func (r *Rows) gathered(id string, known uint64) (outcome.State, evidence.Record, error) {
	if known == 0 || known > r.position.Ordinal {
		known = r.position.Ordinal
	}
	row, ok := r.dossier.Outcome(id)
	if !ok || row.Ordinal() > known {
		return outcome.State{}, evidence.Record{}, ledger.Errorf(ledger.NotFound, "outcome.unknown", "没有编号为“%s”的结果。", "There is no outcome %q.", id).At("outcome")
	}
	o := row.AsKnown(known)
	if o.Into != "" {
		return o, evidence.Record{}, ledger.Refuse("outcome.joined", "本条已并入 %s，请在那一条上办理。", "This outcome was joined to %s; go on there.", o.Into).At("outcome")
	}
	g := r.gathering(o, known)
	if err := g.all(); err != nil {
		return o, evidence.Record{}, err
	}
	g.out.Own = r.told(row, known)
	return o, g.out, nil
}

// gathering puts everything on record around one outcome together. It decides
// nothing: what counts, evidence says.
type gathering struct {
	r     *Rows
	p     *outcome.Penalised
	known AsOf // what is on record
	at    AsOf // of it, what stood when the outcome occurred
	out   evidence.Record

	executor, mandate, measure int32
	line                       int32   // the executor's, none where nothing asked it
	competing                  []int32 // its lines, of which each asked at the same time
	path                       []int32 // issuances down to it, upstream first
}

func (r *Rows) gathering(o outcome.State, known uint64) *gathering {
	p := o.Penalised
	g := &gathering{
		r: r, p: p, known: AsOf{Ordinal: known}, line: none,
		at:       AsOf{Ordinal: known, Effective: p.OccurredAt, unchanged: p.OccurredAt.UnixMilli()},
		executor: r.unitOf(p.Unit), mandate: r.mandateAt.of(p.Mandate), measure: r.measureAt.of(p.Measure),
	}
	g.out.Executor, g.out.At = p.Unit, p.OccurredAt
	return g
}

func (g *gathering) all() error {
	r := g.r
	if g.mandate != none {
		m := &r.mandates[g.mandate]
		lead, duty := r.chargeAt(g.mandate, g.at)
		g.out.Origin, g.out.Lead, g.out.Duty = r.code(m.origin), r.code(lead), duty
		g.out.OriginFrom, g.out.LeadFrom = []evidence.Event{r.evidenceOf(m.issued)}, []evidence.Event{r.evidenceOf(r.ledSince(m, g.at))}
	}
	if err := g.chain(); err != nil {
		return err
	}
	g.fates()
	g.duties()
	g.capacities()
	g.constraints()
	return nil
}

// ledSince is the event that named a mandate's lead as it stood at a moment.
func (r *Rows) ledSince(m *mandateRow, at AsOf) uint64 {
	said := m.issued
	for i, x := range m.revisions {
		if i > 0 && x.lead != none && r.changes(at, x.event) {
			said = x.event
		}
	}
	return said
}

// told are an outcome's own events up to an ordinal.
func (r *Rows) told(row *dossier.Outcome, known uint64) (own []evidence.Event) {
	for i := range row.Told {
		if o := row.Told[i].Ordinal; o <= known {
			own = append(own, r.evidenceOf(o))
		}
	}
	return own
}

// evidenceOf is an event as evidence names it.
func (r *Rows) evidenceOf(ordinal uint64) evidence.Event {
	e := &r.events[ordinal-1]
	return evidence.Event{Ordinal: ordinal, Type: r.catalogue.All()[e.kind].Name, Hash: e.hash.String(), Recorded: time.UnixMilli(e.recorded).UTC()}
}

func (r *Rows) evidenceOfAll(refs []EventRef) []evidence.Event {
	return each(refs, func(e EventRef) evidence.Event { return r.evidenceOf(e.Ordinal) })
}

// sees reports whether an event is on record.
func (g *gathering) sees(ordinal uint64) bool { return ordinal != 0 && g.r.sees(g.known, ordinal) }

// documentID is a document's id, empty for none.
func (r *Rows) documentID(h int32) string {
	if h == none {
		return ""
	}
	return r.documents[h].id
}

func smaller(a, b exact.Rat) exact.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// once is a list without repeats, in order.
func once(list []int32) []int32 {
	var out []int32
	for _, x := range list {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
