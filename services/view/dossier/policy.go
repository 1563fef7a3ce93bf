package dossier

import (
	"suyuan/services/clarification"
	"suyuan/services/ledger"
	"suyuan/services/policy"
	"suyuan/services/reward"
)

// Policy is one version of a policy.
type Policy struct {
	policy.Adopted
	Ordinal uint64
}

// Reward is a reward that was raised.
type Reward struct {
	reward.Uplifted
	Ordinal uint64
}

// Clarification is a unit cleared of what it was accused of.
type Clarification struct {
	clarification.Issued
	Ordinal uint64
}

// Policies are all versions of all policies, in the order of their adoption.
func (d *Dossier) Policies() []Policy { return d.policies }

// Policy is the newest version of a policy that holds on a day.
func (d *Dossier) Policy(name string, on ledger.Date) (Policy, bool) {
	found := -1
	for i, p := range d.policies {
		if p.Name == name && p.From <= on && (found < 0 || d.policies[found].From <= p.From) {
			found = i
		}
	}
	if found < 0 {
		return Policy{}, false
	}
	return d.policies[found], true
}

// PolicyVersion is a version of a policy by its number.
func (d *Dossier) PolicyVersion(name string, version int) (Policy, bool) {
	for _, p := range d.policies {
		if p.Name == name && p.Version == version {
			return p, true
		}
	}
	return Policy{}, false
}

// Rewards are those raised, in the order of the log.
func (d *Dossier) Rewards() []Reward { return d.rewards }

// Clarifications are those issued, in the order of the log.
func (d *Dossier) Clarifications() []Clarification { return d.clarifications }

// UnitOf is the unit that a reward or a clarification is about, by the stream
// category and the id; empty where there is none.
func (d *Dossier) UnitOf(category, id string) string {
	switch category {
	case "reward":
		for i := range d.rewards {
			if d.rewards[i].ID == id {
				return d.rewards[i].Unit
			}
		}
	case "clarification":
		for i := range d.clarifications {
			if d.clarifications[i].ID == id {
				return d.clarifications[i].Unit
			}
		}
	}
	return ""
}
