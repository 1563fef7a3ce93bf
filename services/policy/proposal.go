package policy

import (
	"suyuan/services/ledger"

	"suyuan/schema"
)

// Proposed is the first version that comes with the program, of every policy
// in the order of Names. Nothing is decided under it before it is adopted.
func Proposed() ([]Proposal, error) {
	var all []Proposal
	for _, name := range Names {
		data, err := schema.Policies.ReadFile("policies/" + name + ".v1.json")
		if err != nil {
			return nil, err
		}
		var p Proposal
		if err := ledger.DecodeStrict(data, &p); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Proposal is a version nobody has adopted yet; About says what it is.
type Proposal struct {
	About  ledger.Text       `json:"about"`
	Name   string            `json:"name"`
	Title  string            `json:"title"`
	Values map[string]string `json:"values"`
}
