package dossier

import (
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/outcome"
)

// Outcome is a penalised outcome: all that was told of it, the penalty first.
// Its state is made from that when it is asked for, since it is asked for as
// of many moments.
type Outcome struct {
	ID   string
	Told []Told
}

// Told is an event of an outcome's stream. One of the pointers is there.
type Told struct {
	Step
	Account   string
	Penalised *outcome.Penalised
	Corrected *outcome.Corrected
	Stated    *outcome.Stated
	Joined    *outcome.Joined
}

func (t *Told) event() ledger.Evolver[outcome.State] {
	switch {
	case t.Penalised != nil:
		return *t.Penalised
	case t.Corrected != nil:
		return *t.Corrected
	case t.Stated != nil:
		return *t.Stated
	}
	return *t.Joined
}

// Penalised is what was first recorded of it.
func (o *Outcome) Penalised() *outcome.Penalised { return o.Told[0].Penalised }

// Ordinal is that of the event which recorded it.
func (o *Outcome) Ordinal() uint64 { return o.Told[0].Ordinal }

// At is the event at a place in its stream, as outcome.State tells places.
func (o *Outcome) At(place int) *Told { return &o.Told[place] }

// State is the outcome as decisions see it.
func (o *Outcome) State() outcome.State { return o.AsKnown(1<<64 - 1) }

// AsKnown is the outcome by the events up to an ordinal: zero where it was not
// on record yet.
func (o *Outcome) AsKnown(ordinal uint64) (s outcome.State) {
	for i := range o.Told {
		if o.Told[i].Ordinal > ordinal {
			break
		}
		o.Told[i].event().Evolve(&s)
	}
	return s
}

func (d *Dossier) penalised(e Event, body ledger.Evolver[outcome.State]) {
	t := Told{Step: d.step(e), Account: d.once(e.By.Account)}
	switch x := body.(type) {
	case outcome.Penalised:
		d.shared(&x)
		x.OccurredAt, x.KnownSince, x.Warned = instant(x.OccurredAt), instants(x.KnownSince), warned(x.Warned)
		t.Penalised = &x
		d.outcomes = append(d.outcomes, Outcome{x.ID, []Told{t}})
		d.enterOutcome(int32(len(d.outcomes)) - 1)
		return
	case outcome.Corrected:
		x.OccurredAt, x.KnownSince = instants(x.OccurredAt), instants(x.KnownSince)
		if x.Warned != nil {
			list := warned(*x.Warned)
			x.Warned = &list
		}
		t.Corrected = &x
	case outcome.Stated:
		t.Stated = &x
	case outcome.Joined:
		t.Joined = &x
	default:
		return
	}
	if at, ok := d.outcomeAt[subject(e.Stream)]; ok {
		d.outcomes[at].Told = append(d.outcomes[at].Told, t)
	}
}

// instant is a time as it is kept: what was written down may be finer, and of
// another zone, than the ledger's own.
func instant(t time.Time) time.Time { return time.UnixMilli(t.UnixMilli()).UTC() }

func instants(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	kept := instant(*t)
	return &kept
}

func warned(list []outcome.Warning) []outcome.Warning {
	kept := slices.Clone(list)
	for i := range kept {
		w := &kept[i]
		w.At, w.AnsweredAt, w.DidAt = instant(w.At), instants(w.AnsweredAt), instants(w.DidAt)
	}
	return kept
}

// shared gives the texts that many outcomes have in common the same letters.
func (d *Dossier) shared(x *outcome.Penalised) {
	for _, s := range []*string{&x.Mandate, &x.Measure, &x.Unit, &x.Issuance, &x.CapacityFrom, &x.CapacityDocument, &x.Document} {
		*s = d.once(*s)
	}
	for i := range x.Penalties {
		p := &x.Penalties[i]
		p.Form, p.Body, p.Rule, p.Document = outcome.Form(d.once(string(p.Form))), d.once(p.Body), d.once(p.Rule), d.once(p.Document)
	}
}

func (d *Dossier) enterOutcome(at int32) { d.outcomeAt[d.outcomes[at].ID] = at }

// Joined reports whether it was recorded twice and goes on as another.
func (o *Outcome) Joined() bool {
	for i := range o.Told {
		if o.Told[i].Joined != nil {
			return true
		}
	}
	return false
}
