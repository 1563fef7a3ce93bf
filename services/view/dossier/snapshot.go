package dossier

import (
	"errors"

	"suyuan/services/view/pack"
)

// rows is the dossier as a snapshot has it.
type rows struct {
	Policies       []Policy
	Outcomes       []Outcome
	Findings       []Finding
	Rewards        []Reward
	Clarifications []Clarification
}

// Encode writes the dossier for a snapshot. The same dossier gives the same
// bytes.
func (d *Dossier) Encode() string {
	return string(pack.To(nil, &rows{d.policies, d.outcomes, d.findings, d.rewards, d.clarifications}))
}

// Decode reads what Encode wrote into a dossier that is empty. Where it fails
// the dossier stays empty.
func (d *Dossier) Decode(s string) error {
	var r rows
	rest, err := pack.From(s, &r)
	if err == nil && rest != "" {
		err = errors.New("dossier: it holds more than its rows")
	}
	if err != nil {
		return err
	}
	for i := range r.Outcomes {
		if len(r.Outcomes[i].Told) == 0 {
			return errors.New("dossier: an outcome was not penalised")
		}
	}
	for i := range r.Findings {
		if len(r.Findings[i].Steps) == 0 || len(r.Findings[i].State.Versions) == 0 {
			return errors.New("dossier: a finding was not drafted")
		}
	}
	d.policies, d.outcomes, d.findings, d.rewards, d.clarifications = r.Policies, r.Outcomes, r.Findings, r.Rewards, r.Clarifications
	for i := range d.outcomes {
		d.enterOutcome(int32(i))
	}
	for i := range d.findings {
		d.enterFinding(int32(i))
	}
	return nil
}
