package view

import (
	"slices"

	"suyuan/services/finding"
	"suyuan/services/ledger"
)

// Recomputed is the last version of a finding beside what the log gives for it
// again, as it was known then.
type Recomputed struct {
	Version finding.Version
	Stage   finding.Stage
	Hash    string
	Shares  []finding.Share
	Outcome string   // liability.NoShortfall, or empty
	Events  []uint64 // that the explanation rests on, by their ordinals, in order
}

// Same reports whether all of it is what the finding says.
func (x Recomputed) Same() bool {
	v := x.Version
	return x.Hash == v.Hash && x.Outcome == v.Outcome && slices.Equal(x.Shares, v.Computed) && (v.Override != nil || slices.Equal(v.Shares, v.Computed))
}

// Recompute divides again what a finding divided, from the log as it was known
// then.
func (r *Rows) Recompute(id string) (Recomputed, error) {
	f, ok := r.dossier.Finding(id)
	if !ok {
		return Recomputed{}, ledger.Errorf(ledger.NotFound, "finding.unknown", "没有编号为“%s”的认定。", "There is no finding %q.", id).At("finding")
	}
	v := f.State.Current()
	out := Recomputed{Version: v, Stage: f.State.Stage}
	e, err := r.Explanation(f.State.Outcome, v.Policy, v.Known)
	if err != nil {
		return out, err
	}
	if out.Hash, err = e.Hash(); err != nil {
		return out, err
	}
	out.Outcome, out.Shares = e.Explained.Answer.Outcome, shares(e.Explained.Masses)
	for _, p := range e.Evidence.Points {
		for _, x := range p.Events {
			out.Events = append(out.Events, x.Ordinal)
		}
	}
	slices.Sort(out.Events)
	out.Events = slices.Compact(out.Events)
	return out, nil
}
