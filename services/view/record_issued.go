package view

import (
	"slices"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/liability"
)

// Issued is a finding that was issued, with what it is about.
type Issued struct {
	Ordinal  uint64 // of the event that issued it
	ID       string
	Day      ledger.Date
	Mandate  string
	Executor string
	Charged  []string // units that answer for something, by the finding as it stood when it was asked for
}

// Issued lists the findings issued after an ordinal, in order, and tells up to
// which ordinal it looked. Everybody may know of them.
func (r *Rows) Issued(after uint64) (list []Issued, upto uint64) {
	kind := r.catalogue.Number("finding.issued")
	for o := after + 1; o <= r.position.Ordinal; o++ {
		e := &r.events[o-1]
		if e.kind != kind {
			continue
		}
		f, ok := r.dossier.Finding(r.streams[e.stream].name[len("finding-"):])
		if !ok {
			continue
		}
		x := Issued{Ordinal: o, ID: f.ID(), Day: ledger.DateOf(r.recorded(o)), Executor: f.State.Executor}
		if about, ok := r.dossier.Outcome(f.State.Outcome); ok {
			x.Mandate = about.Penalised().Mandate
		}
		for _, s := range f.State.Standing {
			if bears(s) && s.Unit != liability.Unattributed {
				x.Charged = append(x.Charged, s.Unit)
			}
		}
		slices.Sort(x.Charged)
		list = append(list, x)
	}
	return list, r.position.Ordinal
}

// bears: less than one point is still something.
func bears(s finding.Share) bool { return s.Points > 0 || s.Mass != "" && s.Mass != "0" }
