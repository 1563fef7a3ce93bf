package view

import (
	"slices"
	"strings"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/view/dossier"
)

// What of outcomes and findings an actor is shown is decided here and nowhere
// else. What happened, and what measure followed, is everybody's; who answers
// for it is not, before it is found.

// mayReadFinding: as finding.MayRead says. Whom it is hidden from is told
// nothing of it but that its events are there.
func (r *Rows) mayReadFinding(by ledger.Actor, f *dossier.Finding) bool {
	return finding.MayRead(f.State, by, facts{r})
}

// takesPart reports whether the actor may read what was said in the course of
// a finding and who acted in it: those who could read it before it was issued,
// and nobody else afterwards.
func (r *Rows) takesPart(by ledger.Actor, f *dossier.Finding) bool {
	if by.Anonymous() {
		return false
	}
	s := f.State
	s.Stage = finding.Draft
	return finding.MayRead(s, by, facts{r})
}

// Weighed says as of when a reader is told what counts for who answers for an
// outcome, and under which version of jra-1. Zero stands for all that is on
// record, and for the version in force.
type Weighed struct {
	Known  uint64
	Policy int
}

// weighs reports whether the actor may know what counts for who answers for an
// outcome, and as of when. Those who take part in the newest finding about it
// read all that is on record, of one that is issued staff alone; before there
// is any, staff not tied to the executor. Everybody else is told what the last
// finding that was issued rests on, whatever came on record since: that
// another round has begun, and what it rests on, would show in anything newer.
func (r *Rows) weighs(by ledger.Actor, o *dossier.Outcome) (as Weighed, may bool) {
	rounds := r.dossier.Rounds(o.ID)
	if len(rounds) == 0 {
		return Weighed{}, staff(by) && !outcome.Tied(by, []string{o.Penalised().Unit}, facts{r})
	}
	newest := rounds[len(rounds)-1]
	for _, f := range slices.Backward(rounds) {
		if f.State.Stage != finding.Dropped {
			newest = f
			break
		}
	}
	if r.knowsAccounts(by, newest) || !newest.State.Stage.Public() && r.takesPart(by, newest) {
		return Weighed{}, true
	}
	for _, f := range slices.Backward(rounds) {
		if f.State.Stage.Public() {
			v := f.State.Current()
			return Weighed{v.Known, v.Policy}, true
		}
	}
	return Weighed{}, false
}

func staff(by ledger.Actor) bool {
	return !by.Anonymous() && by.Is(ledger.Investigator, ledger.Reviewer, ledger.Auditor)
}

// knowsAccounts reports whether the actor may read the accounts of those who
// acted in a finding: staff that takes part, also where it records for a unit
// that was given notice.
func (r *Rows) knowsAccounts(by ledger.Actor, f *dossier.Finding) bool {
	by.Roles = slices.DeleteFunc(slices.Clone(by.Roles), func(x ledger.Role) bool { return x == ledger.Clerk })
	return r.takesPart(by, f)
}

// MayReadEvent reports whether the actor, who is shown the contents of events
// at all, may read that of one: of a finding's those who take part, of an
// outcome's those who may weigh it. A sealed one is nobody's.
func (r *Rows) MayReadEvent(by ledger.Actor, ordinal uint64) bool {
	if ordinal == 0 || ordinal > uint64(len(r.events)) {
		return false
	}
	e := &r.events[ordinal-1]
	if r.sealed(e) {
		return false
	}
	category, id, _ := strings.Cut(r.streams[e.stream].name, "-")
	switch category {
	case "finding":
		f, ok := r.dossier.Finding(id)
		return ok && r.takesPart(by, f)
	case "outcome":
		o, ok := r.dossier.Outcome(id)
		if !ok {
			return false
		}
		as, may := r.weighs(by, o)
		return may && (as.Known == 0 || ordinal <= as.Known)
	}
	return true
}

// TellsWho reports whether the actor may be told by whom an event was made: not
// of a finding that it may not see, for only units that were given notice write
// to it.
func (r *Rows) TellsWho(by ledger.Actor, ordinal uint64) bool {
	category, id, _ := strings.Cut(r.streams[r.events[ordinal-1].stream].name, "-")
	if category != "finding" {
		return true
	}
	f, ok := r.dossier.Finding(id)
	return ok && r.mayReadFinding(by, f)
}
