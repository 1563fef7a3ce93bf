package view

// Concerned implements outcome.Facts. Where the record cannot be gathered, as
// when a chain is too long to measure, it is what was found until then.
func (f facts) Concerned(id string) []string {
	row, ok := f.r.dossier.Outcome(id)
	if !ok || row.State().Into != "" {
		return nil
	}
	g := f.r.gathering(row.State(), f.r.position.Ordinal)
	_ = g.all() // what it refuses to divide names its units all the same
	return g.out.Units()
}
