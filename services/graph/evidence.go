package graph

import (
	"errors"

	"suyuan/services/ledger"
	"suyuan/services/mandate"
	"suyuan/services/outcome"
	"suyuan/services/outcome/evidence"
	"suyuan/services/policy"
	"suyuan/services/view"
)

// evidenceRow is what counts for who answers, and what has to be asked.
type evidenceRow struct {
	Points      []evidencePoint
	Questions   []evidenceQuestion
	Ignored     []evidencePoint
	Originating *view.Unit
	Provisional bool
	Refusal     *ledger.Text
}

// evidencePoint is one thing that counts.
type evidencePoint struct {
	Field    string
	Unit     *view.Unit
	Says     string
	By       *view.Unit
	Value    *string
	Text     ledger.Text
	Document *view.Document
	Rule     *ruleRow
	Stated   bool
	Events   []view.EventRef
}

type evidenceQuestion struct {
	Point outcome.Point
	Unit  *view.Unit
	By    *view.Unit
	Value *string
	Why   string
	Text  ledger.Text
}

func pointsOf(r *view.Rows, points []evidence.Point, m evidence.Measured) []evidencePoint {
	list := make([]evidencePoint, 0, len(points))
	for _, p := range points {
		row := evidencePoint{
			Field: p.Field, Unit: r.Unit(p.Unit), Says: string(p.Says), By: r.Unit(p.By), Value: given(p.Value), Text: p.Words(calls(r), m), Document: r.Document(p.Document),
			Rule: findRule(p.Rule), Stated: p.Stated, Events: []view.EventRef{},
		}
		for _, e := range p.Events {
			row.Events = append(row.Events, view.EventRef{Ordinal: e.Ordinal})
		}
		list = append(list, row)
	}
	return list
}

// measured is how the figures of an outcome are written. Where requirements
// contradict, they are of many sorts.
func measured(p view.Penalty) evidence.Measured {
	m := p.Measure
	if m == nil || p.Kind == outcome.Contradiction {
		return evidence.Measured{}
	}
	strictest := m.Kind == mandate.Intensity
	return evidence.Measured{Unit: m.Unit, Tighter: strictest, Rate: strictest && m.Dimension == mandate.Frequency}
}

// calls gives units by their names in the sentences of evidence.
func calls(r *view.Rows) func(code string) string {
	return func(code string) string {
		if u := r.Unit(code); u != nil {
			return u.Name
		}
		return code
	}
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// evidenceOf is what the record says of an outcome, as far as the reader may
// know it.
func evidenceOf(r *view.Rows, p view.Penalty) (*evidenceRow, error) {
	as, may := p.Weighed()
	if !may {
		return nil, nil
	}
	under := r.Policy(policy.JRA1, as.Policy)
	if under == nil {
		return nil, nil
	}
	x, err := r.Explanation(p.ID, under.Version, as.Known)
	refusal, err := refused(err)
	if err != nil {
		return nil, err
	}
	e, m := x.Evidence, measured(p)
	row := evidenceRow{
		Points: pointsOf(r, e.Points, m), Questions: []evidenceQuestion{}, Ignored: pointsOf(r, e.Ignored, m), Originating: r.Unit(e.Originating), Provisional: e.Provisional, Refusal: refusal,
	}
	for _, q := range e.Questions {
		row.Questions = append(row.Questions, evidenceQuestion{q.Point, r.Unit(q.Unit), r.Unit(q.By), given(q.Value), string(q.Why), q.Words(calls(r), m)})
	}
	return &row, nil
}

// refused takes apart what the field refuses, which is told, and what went
// wrong, which is not.
func refused(err error) (*ledger.Text, error) {
	if own, ok := errors.AsType[*ledger.Error](err); ok && own.Code != ledger.Internal {
		return &own.Text, nil
	}
	return nil, err
}

// explanationNow is what comes out on what the reader may know now; null where
// nothing can be computed.
func explanationNow(r *view.Rows, p view.Penalty, version *int) (*explanation, error) {
	as, may := p.Weighed()
	if !may {
		return nil, nil
	}
	under := r.Policy(policy.JRA1, as.Policy)
	if version != nil {
		if under = r.Policy(policy.JRA1, *version); under == nil || *version == 0 {
			return nil, noVersion(*version)
		}
	}
	if under == nil {
		return nil, nil
	}
	x, err := r.Explanation(p.ID, under.Version, as.Known)
	if refusal, err := refused(err); refusal != nil || err != nil {
		return nil, err
	}
	e, err := explanationOf(r, x)
	return &e, err
}

// explanationThen is a version's, as it was computed.
func explanationThen(r *view.Rows, v view.FindingVersion) (*explanation, error) {
	x, err := r.Explanation(v.Outcome, v.Policy, v.KnownOrdinal())
	if err != nil {
		return nil, err
	}
	e, err := explanationOf(r, x)
	return &e, err
}

func explanationOf(r *view.Rows, x evidence.Explanation) (explanation, error) {
	hash, err := x.Hash()
	if err != nil {
		return explanation{}, err
	}
	e, err := explained(r, x.Explained, hash, r.Policy(policy.JRA1, x.Version))
	e.Originating, e.Provisional = r.Unit(x.Evidence.Originating), e.Provisional || x.Evidence.Provisional
	m := evidence.Measured{}
	if p := r.Penalty(ledger.Actor{}, x.Outcome); p != nil {
		m = measured(*p)
	}
	e.Points, e.Ignored = pointsOf(r, x.Evidence.Points, m), pointsOf(r, x.Evidence.Ignored, m)
	return e, err
}

func noVersion(n int) error {
	return ledger.Errorf(ledger.NotFound, "policy.unknown_version", "没有采用过第 %d 版责任划分参数。", "Version %d of the parameters of joint responsibility was never adopted.", n).At("version")
}
