package view

import (
	"reflect"
	"time"

	"suyuan/services/clarification"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/reward"
	"suyuan/services/rule"
	"suyuan/services/view/dossier"
)

// dossierFolds hand the events of policies, outcomes, findings, rewards and
// clarifications to the dossier.
func dossierFolds(add func(reflect.Type, fold)) {
	for _, list := range [][]ledger.Def{policy.Events, outcome.Events, finding.Events, reward.Events, clarification.Events} {
		for _, d := range list {
			add(d.Type, func(r *Rows, m moment, event any) {
				r.dossier.Apply(dossier.Event{
					Ordinal: m.ordinal, Type: d.Name, Stream: r.streams[r.events[m.ordinal-1].stream].name, At: m.Recorded, By: m.Actor, Body: event,
				})
			})
		}
	}
}

// Policy is the newest version of a policy that holds on a day.
func (f facts) Policy(name string, on ledger.Date) (policy.Adopted, bool) {
	p, ok := f.r.dossier.Policy(name, on)
	return p.Adopted, ok
}

// PolicyVersion is a version of a policy by its number.
func (f facts) PolicyVersion(name string, version int) (policy.Adopted, bool) {
	p, ok := f.r.dossier.PolicyVersion(name, version)
	return p.Adopted, ok
}

// HasRule reports whether a rule of this id may be cited.
func (f facts) HasRule(id string) bool {
	_, ok := rule.Find(id)
	return ok
}

// IssuerOf is the unit that a document on record comes from.
func (f facts) IssuerOf(document string) (string, bool) {
	h := f.r.documentAt.of(document)
	if h == none {
		return "", false
	}
	return f.r.code(f.r.documents[h].issuer), true
}

// RaisedAt is when an objection came on record.
func (f facts) RaisedAt(issuance, unit, objection string) (time.Time, bool) {
	h := f.r.fateOf(f.r.issuanceAt.of(issuance), f.r.unitOf(unit))
	if h == none {
		return time.Time{}, false
	}
	for _, o := range f.r.assignments[h].objections {
		if row := &f.r.objections[o]; row.id == objection {
			return f.r.recorded(row.raised), true
		}
	}
	return time.Time{}, false
}

// Outcome is what a decision may know of an outcome.
func (f facts) Outcome(id string) (outcome.Fact, bool) {
	o, ok := f.r.dossier.Outcome(id)
	if !ok {
		return outcome.Fact{}, false
	}
	return o.State().Fact()
}

// HasFinding reports whether an outcome has a finding that was not withdrawn
// or overturned.
func (f facts) HasFinding(id string) bool {
	for _, x := range f.r.dossier.Rounds(id) {
		if s := x.State.Stage; s != finding.Dropped && s != finding.Overturned {
			return true
		}
	}
	return false
}

// Subject is what a decision about a finding has to know of its outcome.
func (f facts) Subject(id string) (finding.Subject, bool) {
	o, ok := f.r.dossier.Outcome(id)
	if !ok {
		return finding.Subject{}, false
	}
	return finding.Subject{Executor: o.Penalised().Unit, Into: o.State().Into}, true
}

// Rounds are all findings about an outcome, by round.
func (f facts) Rounds(id string) []finding.Fact {
	var list []finding.Fact
	for _, x := range f.r.dossier.Rounds(id) {
		list = append(list, x.State.Fact())
	}
	return list
}
