// Package policy holds the numbers that may be set otherwise: the parameters
// of JRA-1 and the periods of objections and findings. Each version is
// adopted by an admin, from a day on and never for the days before it; none
// is ever changed. They are this product's policy and not law.
//
// It never says which version a decision is under: that is the asker's, by
// the day that counts there.
package policy

import (
	"suyuan/services/ledger"
)

// The policies there are.
const (
	JRA1    = "jra-1" // the parameters of joint responsibility
	Periods = "terms" // how long an objection, a reply, an appeal may take
)

// Names lists them.
var Names = []string{JRA1, Periods}

// Events of the stream policy-<name>.
var Events = []ledger.Def{
	ledger.Event[Adopted]("policy.adopted", "A version of a policy holds from a day on.", "采用一版政策参数，自某日起施行。"),
}

// Adopted is one version. Versions of a name count from 1, in the order of
// From; each holds until the next one's From. Values are the numbers by name,
// as they are written on paper: whole, decimal or n/d.
type Adopted struct {
	Name     string            `json:"name"`
	Version  int               `json:"version"`
	From     ledger.Date       `json:"from"`
	Title    string            `json:"title"`
	Values   map[string]string `json:"values"`
	Document string            `json:"document"`
}

// State is what decisions about one policy look at.
type State struct {
	Last Adopted // its Version is 0 while there is none
}

// Evolve puts the version on top.
func (e Adopted) Evolve(s *State) { s.Last = e }
