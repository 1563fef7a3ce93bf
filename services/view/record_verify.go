package view

import (
	"slices"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome/evidence"
	"suyuan/services/view/dossier"
)

// Recomputed is the last version of a finding beside what the log gives for it
// again, as it was known then.
type Recomputed struct {
	Version     finding.Version
	Stage       finding.Stage
	Method      int // that the case takes now
	Hash        string
	Shares      []finding.Share
	Outcome     string // liability.NoShortfall, or empty
	Refused     string // the rule by which the evidence allows no division, or empty
	Originating string
	Provisional bool
	Flags       []string
	Standing    []finding.Share // as the finding has them since it was issued
	Left        []finding.Share // as what its appeals removed leaves them
	Unvoted     []int           // appeals that were decided otherwise than two of the panel voted
	Events      []uint64        // that the explanation rests on, by their ordinals, in order
}

// OtherMethod reports whether the finding was explained by an older method than
// this program takes for its case, or by a newer one than it knows, so that
// what comes out here says nothing about it.
func (x Recomputed) OtherMethod() bool {
	return x.Version.Method < x.Method || x.Version.Method > evidence.Method
}

// Same reports whether all of it is what the finding says.
func (x Recomputed) Same() bool {
	v := x.Version
	return v.Method == x.Method && x.Hash == v.Hash && x.Outcome == v.Outcome && x.Refused == v.Refused && x.Originating == v.Originating && x.Provisional == v.Provisional &&
		slices.Equal(x.Flags, v.Flags) && slices.Equal(x.Shares, v.Computed) && (v.Override != nil || slices.Equal(v.Shares, v.Computed)) && slices.Equal(x.Standing, x.Left) && len(x.Unvoted) == 0
}

// voted is how many voted for what an appeal was decided to be.
func voted(votes []dossier.Vote, appeal int, a dossier.Appeal) int {
	who := map[string]bool{}
	for _, v := range votes {
		if v.Appeal == appeal && v.Result == a.Result && slices.Equal(v.Removals, a.Removals) {
			who[v.Account] = true
		}
	}
	return len(who)
}

// Recompute divides again what a finding divided, from the log as it was known
// then, and takes away again what its appeals removed.
func (r *Rows) Recompute(id string) (Recomputed, error) {
	f, ok := r.dossier.Finding(id)
	if !ok {
		return Recomputed{}, ledger.Errorf(ledger.NotFound, "finding.unknown", "没有编号为“%s”的认定。", "There is no finding %q.", id).At("finding")
	}
	v := f.State.Current()
	out := Recomputed{Version: v, Stage: f.State.Stage, Standing: f.State.Standing}
	if out.Standing != nil {
		out.Left = v.Shares
	}
	for i, a := range f.Appeals {
		if a.Decided.IsZero() {
			continue
		}
		out.Left = a.Result.Leaves(out.Left, a.Removals)
		if voted(f.Votes, i+1, a) < finding.Panel {
			out.Unvoted = append(out.Unvoted, i+1)
		}
	}
	e, err := r.Explanation(f.State.Outcome, v.Policy, v.Known)
	out.Method = e.Method()
	if v.Refused != "" && ledger.IsCode(err, ledger.Refused) {
		out.Refused, out.Shares = ledger.AsError(err).Rule, []finding.Share{{Unit: liability.Unattributed, Points: finding.Whole}}
		return out, nil
	}
	if err != nil {
		return out, err
	}
	x, err := kept(e, v.Known)
	if err != nil {
		return out, err
	}
	out.Hash, out.Outcome, out.Shares, out.Originating, out.Provisional, out.Flags = x.Hash, x.Outcome, x.Shares, x.Originating, x.Provisional, x.Flags
	for _, p := range e.Evidence.Points {
		for _, x := range p.Events {
			out.Events = append(out.Events, x.Ordinal)
		}
	}
	slices.Sort(out.Events)
	out.Events = slices.Compact(out.Events)
	return out, nil
}
