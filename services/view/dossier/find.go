package dossier

import "iter"

// Outcome finds an outcome by its id.
func (d *Dossier) Outcome(id string) (*Outcome, bool) {
	at, ok := d.outcomeAt[id]
	if !ok {
		return nil, false
	}
	return &d.outcomes[at], true
}

// Outcomes are all of them, the newest first.
func (d *Dossier) Outcomes() iter.Seq[*Outcome] { return backward(d.outcomes) }

// Finding finds a finding by its id.
func (d *Dossier) Finding(id string) (*Finding, bool) {
	at, ok := d.findingAt[id]
	if !ok {
		return nil, false
	}
	return &d.findings[at], true
}

// Findings are all of them, the newest first.
func (d *Dossier) Findings() iter.Seq[*Finding] { return backward(d.findings) }

// Rounds are the findings about an outcome, by round.
func (d *Dossier) Rounds(outcome string) []*Finding {
	list := make([]*Finding, 0, len(d.ofOutcome[outcome]))
	for _, at := range d.ofOutcome[outcome] {
		list = append(list, &d.findings[at])
	}
	return list
}

// Running are the findings in which some time runs, in the order in which they
// were drafted.
func (d *Dossier) Running() iter.Seq[*Finding] {
	return func(yield func(*Finding) bool) {
		for i := range d.findings {
			if f := &d.findings[i]; f.State.Timing.Runs() && !yield(f) {
				return
			}
		}
	}
}

// Size is how many outcomes and findings there are.
func (d *Dossier) Size() (outcomes, findings int) { return len(d.outcomes), len(d.findings) }

func backward[T any](all []T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := len(all) - 1; i >= 0; i-- {
			if !yield(&all[i]) {
				return
			}
		}
	}
}
