package view

// Amended lists the events behind an ordinal by which a mandate was revised or
// withdrawn.
func (r *Rows) Amended(mandate string, after uint64) (events []uint64) {
	h := r.mandateAt.of(mandate)
	if h == none {
		return nil
	}
	m := &r.mandates[h]
	for _, x := range m.revisions {
		if x.event > after {
			events = append(events, x.event)
		}
	}
	if m.withdrawn > after {
		events = append(events, m.withdrawn)
	}
	return events
}
