// Package dossier folds what was decided and what it was decided by: versions
// of policies, penalised outcomes, findings, rewards and clarifications. Of an
// outcome it keeps every event with its ordinal, so that it can be told as it
// was known at any of them.
//
// It hides nothing itself: who may read a finding that is not issued is
// finding's to say and the read model's to ask. The package must never change
// what it handed out, and never look anything up outside of its own events.
package dossier

import (
	"time"

	"suyuan/services/clarification"
	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/outcome"
	"suyuan/services/policy"
	"suyuan/services/reward"
)

// Event is an event of one of the dossier's streams. Body is its content as
// the catalogue decodes it.
type Event struct {
	Ordinal uint64
	Type    string // its name: finding.drafted
	Stream  string
	At      time.Time // when it was recorded
	By      ledger.MetaActor
	Body    any
}

// Dossier is the fold. Apply is called by one goroutine; everything else may
// be called by many at once while the dossier stands still. What it hands out
// belongs to it and is not to be changed.
type Dossier struct {
	policies       []Policy
	outcomes       []Outcome
	findings       []Finding
	rewards        []Reward
	clarifications []Clarification

	// Made from the above.
	outcomeAt map[string]int32
	findingAt map[string]int32
	ofOutcome map[string][]int32 // findings, in the order of their rounds
	texts     map[string]string  // each once
}

// New makes an empty dossier.
func New() *Dossier {
	return &Dossier{outcomeAt: map[string]int32{}, findingAt: map[string]int32{}, ofOutcome: map[string][]int32{}, texts: map[string]string{}}
}

// Holds reports whether events of a stream category are the dossier's.
func Holds(category string) bool {
	switch category {
	case "policy", "outcome", "finding", "reward", "clarification":
		return true
	}
	return false
}

// Apply folds an event. What is not the dossier's is passed over.
func (d *Dossier) Apply(e Event) {
	switch body := e.Body.(type) {
	case ledger.Evolver[outcome.State]:
		d.penalised(e, body)
	case ledger.Evolver[finding.State]:
		d.happened(e, body)
	case policy.Adopted:
		d.policies = append(d.policies, Policy{body, e.Ordinal})
	case reward.Uplifted:
		d.rewards = append(d.rewards, Reward{body, e.Ordinal})
	case clarification.Issued:
		d.clarifications = append(d.clarifications, Clarification{body, e.Ordinal})
	}
}

// Step is something that happened, with who did it, without the account.
type Step struct {
	Ordinal uint64
	What    string // the event's name
	At      time.Time
	Role    ledger.Role // empty: the ledger itself
	Unit    string      // the actor's
}

func (d *Dossier) step(e Event) Step {
	s := Step{Ordinal: e.Ordinal, What: d.once(e.Type), At: e.At.UTC(), Unit: d.once(e.By.Unit)}
	if len(e.By.Roles) > 0 {
		s.Role = ledger.Role(d.once(string(e.By.Roles[0])))
	}
	return s
}

// subject is what a stream is about, by its name.
func subject(stream string) string {
	for i := range len(stream) {
		if stream[i] == '-' {
			return stream[i+1:]
		}
	}
	return ""
}

// once gives equal texts the same letters: codes and words stand in many rows.
func (d *Dossier) once(s string) string {
	if kept, ok := d.texts[s]; ok || s == "" {
		return kept
	}
	if len(d.texts) >= 1<<16 {
		clear(d.texts)
	}
	d.texts[s] = s
	return s
}
