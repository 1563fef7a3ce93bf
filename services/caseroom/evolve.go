package caseroom

import "slices"

// Evolve opens the case.
func (e Opened) Evolve(s *State) {
	s.Opened = &e
	s.Complaints = slices.Clone(e.Complaints)
}

// Evolve adds to it.
func (e Linked) Evolve(s *State) {
	s.Complaints = slices.Concat(s.Complaints, e.Complaints)
	s.Documents = slices.Concat(s.Documents, e.Documents)
	s.Issuances = slices.Concat(s.Issuances, e.Issuances)
}

// Evolve lets the account in.
func (e Assigned) Evolve(s *State) { s.Accounts = slices.Concat(s.Accounts, []string{e.Account}) }

// Evolve takes it out.
func (e Unassigned) Evolve(s *State) {
	s.Accounts = slices.DeleteFunc(slices.Clone(s.Accounts), func(a string) bool { return a == e.Account })
}

// Evolve takes an account or a unit out for good.
func (e Recused) Evolve(s *State) { s.Recusals = slices.Concat(s.Recusals, []Recused{e}) }

// Evolve counts the note.
func (Noted) Evolve(s *State) { s.Notes++ }

// Evolve counts the request.
func (RecordsRequested) Evolve(s *State) { s.Requests++ }

// Evolve ends the case.
func (Closed) Evolve(s *State) { s.Closed = true }
