package view

import (
	"time"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/unit"
	"suyuan/services/view/dossier"
)

// Outcomes and findings as one actor may see them: every way in takes the
// actor. See sight.

// Penalty is an outcome that a unit was penalised for, as it stands on record
// now. KnownSince is nil where the reader may not know who answers for it.
type Penalty struct {
	ID         string
	Kind       outcome.Kind
	Title      string
	Mandate    *Mandate
	Measure    *Measure
	Executor   Unit
	Occurred   time.Time
	Required   *string
	Verified   *string
	Capacity   *StatedCapacity
	Penalties  []PenaltyTaken
	KnownSince *time.Time
	Document   *Document
	Fictional  bool
	Assumed    []string
	Events     []EventRef

	by   ledger.Actor
	o    *dossier.Outcome
	s    outcome.State
	as   Weighed // as of when the reader is told what counts
	told bool    // the reader is told it at all
}

// StatedCapacity is how much the executor could do, and where that figure
// comes from.
type StatedCapacity struct {
	Value    string
	From     string
	Document *Document
}

// PenaltyTaken is a measure taken against the executor. Rule is the id of a
// rule, empty where the body named none.
type PenaltyTaken struct {
	Form     outcome.Form
	Body     Unit
	Rule     string `graphql:"-"`
	On       ledger.Date
	Document *Document
	Text     *string
}

// PenaltyCorrection put something right that was recorded.
type PenaltyCorrection struct {
	At       time.Time
	Reason   string
	Document *Document
	Event    EventRef
}

// Warning is a unit that was told of a danger, and what it did.
type Warning struct {
	Unit       Unit
	At         time.Time
	Channel    *string
	Answer     *string
	AnsweredAt *time.Time
	Did        *string
	DidAt      *time.Time
	Power      *string
	Document   *Document
}

// Statement is what a reviewer stated and holds.
type Statement struct {
	Point    outcome.Point
	Unit     *Unit
	Value    *string
	By       *Unit
	OnPaper  *ledger.Date
	Reason   string
	Document *Document
	Event    EventRef
}

// PenaltyQuery narrows the list of outcomes; Within is a unit and all below it.
type PenaltyQuery struct {
	Unit, Mandate, Within string
	Kind                  outcome.Kind
}

func (q PenaltyQuery) takes(p *outcome.Penalised) bool {
	return (q.Unit == "" || p.Unit == q.Unit) && (q.Mandate == "" || p.Mandate == q.Mandate) && (q.Kind == "" || p.Kind == q.Kind) &&
		(q.Within == "" || unit.Contains(q.Within, p.Unit))
}

// Penalties lists outcomes, those recorded last first. What was recorded twice
// is there once.
func (r *Rows) Penalties(by ledger.Actor, q PenaltyQuery, p Paging) (Page[Penalty], error) {
	var found []*dossier.Outcome
	for o := range r.dossier.Outcomes() {
		if q.takes(o.Penalised()) && !o.Joined() {
			found = append(found, o)
		}
	}
	return page(p, found, func(o *dossier.Outcome) Penalty { return r.penaltyValue(by, o) })
}

// Penalty finds an outcome; nil where there is none.
func (r *Rows) Penalty(by ledger.Actor, id string) *Penalty {
	o, ok := r.dossier.Outcome(id)
	if !ok {
		return nil
	}
	p := r.penaltyValue(by, o)
	return &p
}

func (r *Rows) penaltyValue(by ledger.Actor, o *dossier.Outcome) Penalty {
	s := o.State()
	x := s.Penalised
	p := Penalty{
		ID: x.ID, Kind: x.Kind, Title: x.Title, Mandate: r.Mandate(x.Mandate, Now), Measure: r.measureNamed(x.Measure), Executor: r.unitCalled(x.Unit), Occurred: x.OccurredAt.UTC(),
		Required: some(x.Required), Verified: some(x.Verified), Penalties: []PenaltyTaken{}, Document: r.Document(x.Document), Fictional: x.Fictional,
		Assumed: append([]string{}, x.Assumed...), Events: []EventRef{}, by: by, o: o, s: s,
	}
	if x.Capacity != "" {
		p.Capacity = &StatedCapacity{x.Capacity, x.CapacityFrom, r.Document(x.CapacityDocument)}
	}
	for _, t := range x.Penalties {
		p.Penalties = append(p.Penalties, PenaltyTaken{t.Form, r.unitCalled(t.Body), t.Rule, t.On, r.Document(t.Document), some(t.Text)})
	}
	if p.as, p.told = r.weighs(by, o); p.told {
		p.KnownSince = p.weighed().Penalised.KnownSince
	}
	for _, t := range o.Told {
		p.Events = append(p.Events, EventRef{t.Ordinal})
	}
	return p
}

// unitCalled is a unit that a command had found before its code was recorded.
func (r *Rows) unitCalled(code string) Unit {
	if h := r.unitOf(code); h != none {
		return r.unitValue(h)
	}
	return Unit{Code: code, Name: code, h: none}
}

// Weighed tells as of when the reader may know who answers for an outcome and
// by what; false where not at all: see sight.
func (p Penalty) Weighed() (Weighed, bool) { return p.as, p.told }

// weighed is the outcome as it counts for the reader.
func (p Penalty) weighed() outcome.State {
	if p.as.Known == 0 || p.as.Known >= p.o.Told[len(p.o.Told)-1].Ordinal {
		return p.s
	}
	return p.o.AsKnown(p.as.Known)
}

// PenaltyInto is the outcome that one recorded twice goes on as.
func (r *Rows) PenaltyInto(p Penalty) *Penalty { return r.Penalty(p.by, p.s.Into) }

// PenaltyWarned are those who were told of the danger; nil where the reader may
// not know.
func (r *Rows) PenaltyWarned(p Penalty) []Warning {
	if !p.told {
		return nil
	}
	list := []Warning{}
	for _, w := range p.weighed().Penalised.Warned {
		list = append(list, Warning{
			r.unitCalled(w.Unit), w.At.UTC(), some(w.Channel), some(w.Answer), w.AnsweredAt, some(w.Did), w.DidAt, some(w.Power), r.Document(w.Document),
		})
	}
	return list
}

// PenaltyStatements are what reviewers stated and holds; nil where the reader
// may not know.
func (r *Rows) PenaltyStatements(p Penalty) []Statement {
	if !p.told {
		return nil
	}
	list := []Statement{}
	for _, x := range p.weighed().Said {
		if x.Value != outcome.Unknown {
			list = append(list, Statement{
				x.Point, r.Unit(x.Unit), some(x.Value), r.Unit(x.By), spoken(x.OnPaper), x.Reason, r.Document(x.Document), EventRef{p.o.At(x.Place).Ordinal},
			})
		}
	}
	return list
}

// PenaltyCorrections are what was put right, oldest first.
func (r *Rows) PenaltyCorrections(p Penalty) []PenaltyCorrection {
	list := []PenaltyCorrection{}
	for _, t := range p.o.Told {
		if c := t.Corrected; c != nil {
			list = append(list, PenaltyCorrection{t.At, c.Reason, r.Document(c.Document), EventRef{t.Ordinal}})
		}
	}
	return list
}

// PenaltyFindings are the findings about it that the reader may see, the
// newest first.
func (r *Rows) PenaltyFindings(p Penalty) []Finding {
	list := []Finding{}
	rounds := r.dossier.Rounds(p.ID)
	for i := len(rounds) - 1; i >= 0; i-- {
		if r.mayReadFinding(p.by, rounds[i]) {
			list = append(list, r.findingValue(p.by, rounds[i]))
		}
	}
	return list
}

// PenaltyCurrent is the newest of them that was not withdrawn; nil for none.
func (r *Rows) PenaltyCurrent(p Penalty) *Finding {
	rounds := r.dossier.Rounds(p.ID)
	for i := len(rounds) - 1; i >= 0; i-- {
		if x := rounds[i]; x.State.Stage != finding.Dropped && r.mayReadFinding(p.by, x) {
			f := r.findingValue(p.by, x)
			return &f
		}
	}
	return nil
}

// PenaltyMirrors are what the penalty opened on other units, by the current
// finding that the reader may see.
func (r *Rows) PenaltyMirrors(p Penalty) []Mirror {
	if f := r.PenaltyCurrent(p); f != nil {
		return r.FindingMirrors(*f)
	}
	return []Mirror{}
}
