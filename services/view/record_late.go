package view

import (
	"cmp"
	"slices"
	"strings"

	"suyuan/services/finding"
	"suyuan/services/view/dossier"
)

// mostTouched is how many events are looked at one by one; of more it is
// cheaper to take every finding.
const mostTouched = 50_000

// Touched lists the findings that may rest on what came on record after an
// ordinal: those that are under way or issued. What it lists may have stayed
// as it was; what it leaves out has. It answers up to which ordinal it looked.
func (r *Rows) Touched(after uint64) (ids []string, upto uint64) {
	upto = r.position.Ordinal
	if after >= upto {
		return nil, upto
	}
	t := touched{r: r, mandates: map[int32]bool{}, units: map[int32]bool{}, outcomes: map[string]bool{}, all: after == 0 || upto-after > mostTouched}
	for o := after + 1; o <= upto && !t.all; o++ {
		t.event(o)
	}
	if !t.all && len(t.mandates)+len(t.units)+len(t.outcomes) == 0 {
		return nil, upto
	}
	for f := range r.dossier.Findings() {
		if looked(f) && t.concerns(f) {
			ids = append(ids, f.ID())
		}
	}
	slices.Reverse(ids) // the oldest first
	return ids, upto
}

// looked reports whether late facts matter to a finding.
func looked(f *dossier.Finding) bool {
	s := f.State.Stage
	return s.Underway() || s.Public() && s != finding.Replaced
}

// touched are the subjects of some events, as far as findings can rest on them.
type touched struct {
	r        *Rows
	mandates map[int32]bool
	units    map[int32]bool
	outcomes map[string]bool
	all      bool
}

func (t *touched) event(ordinal uint64) {
	r := t.r
	s := &r.streams[r.events[ordinal-1].stream]
	category, id, _ := strings.Cut(s.name, "-")
	switch category {
	case "outcome":
		t.outcomes[id] = true
	case "finding":
		if of, _, ok := finding.Split(id); ok {
			t.outcomes[of] = true
		}
	case "mandate":
		t.mandates[r.mandateAt.of(id)] = true
	case "issuance":
		t.issuance(r.issuanceAt.of(id))
	case "assignment":
		issuance, _ := splitAssignment(id)
		t.issuance(r.issuanceAt.of(issuance))
	case "unit":
		t.units[r.unitOf(id)] = true
	case "handoff":
		if h := r.handoffAt.of(id); h != none {
			t.units[r.handoffs[h].to] = true
		}
	case "policy": // may set the day on which what was objected to lapses
		t.all = true
	}
}

func (t *touched) issuance(h int32) {
	if h == none {
		return
	}
	for _, m := range t.r.issuances[h].mandates {
		t.mandates[m] = true
	}
}

// concerns reports whether a finding is about any of it.
func (t *touched) concerns(f *dossier.Finding) bool {
	s := &f.State
	if t.all || t.outcomes[s.Outcome] || t.units[t.r.unitOf(s.Executor)] {
		return true
	}
	for _, x := range s.Current().Computed { // every unit of the case, those that bear nothing too
		if h := t.r.unitOf(x.Unit); h != none && t.units[h] {
			return true
		}
	}
	o, ok := t.r.dossier.Outcome(s.Outcome)
	if !ok {
		return false
	}
	p := o.Penalised()
	if h := t.r.mandateAt.of(p.Mandate); h != none && t.mandates[h] {
		return true
	}
	return slices.ContainsFunc(p.Competing, func(id string) bool {
		h := t.r.issuanceAt.of(id)
		return h != none && slices.ContainsFunc(t.r.issuances[h].mandates, func(m int32) bool { return t.mandates[m] })
	})
}

// Outdated is a finding that rests on another explanation than what is on
// record now gives. Hash is that of the new one, or the rule by which there is
// none.
type Outdated struct {
	ID      string
	Version int    // its last
	Weighed uint64 // the ordinal up to which that, or the last mark, was told
	Hash    string
	Issued  bool // it is to be marked, not computed anew
}

// Outdated tells of one finding; false where nothing would change, or where
// the evidence allows no explanation any more of one that is not issued, which
// its reviewers see.
func (r *Rows) Outdated(id string) (Outdated, bool) {
	f, ok := r.dossier.Finding(id)
	if !ok || !looked(f) {
		return Outdated{}, false
	}
	s, last := &f.State, f.State.Current()
	x, err := r.explained(s.Outcome, s.Versions[0].Policy, r.position.Ordinal)
	if !s.Stage.Underway() {
		mark, ok := s.Review(x, err)
		return Outdated{ID: id, Version: last.N, Weighed: max(last.Known, s.Mark.Known), Hash: cmp.Or(mark.Hash, mark.Refused), Issued: true}, ok
	}
	if err != nil || x.Hash == last.Hash {
		return Outdated{}, false
	}
	return Outdated{ID: id, Version: last.N, Weighed: last.Known, Hash: x.Hash}, true
}
