package view

import (
	"runtime"
	"slices"
	"sync"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/liability"
	"suyuan/services/outcome/evidence"
	"suyuan/services/policy"
	"suyuan/services/unit"
	"suyuan/services/view/dossier"
)

// Reckoned is what one outcome comes to under the parameters it is divided by
// and under others.
type Reckoned struct {
	Outcome  string
	Executor string
	Finding  string // the finding about it, not withdrawn; empty where there is none
	Stage    finding.Stage
	Version  int             // of jra-1, that it is divided under
	Before   []finding.Share // by what is on record now
	After    []finding.Share
	Moved    int64 // basis points that others would bear
	Err      error // the evidence allows no division, or the parameters none
}

// Changes reports whether any unit's share would be another.
func (x Reckoned) Changes() bool { return x.Moved > 0 }

// reckonedAtOnce bounds what is divided before anybody is told.
const reckonedAtOnce = 4096

// WhatIf divides every outcome of a territory under other parameters, beside
// those of its finding, or without one those that hold now. It tells of each
// in the order in which they were recorded, until yield returns false, and
// writes nothing. An outcome that goes on as another is left out.
func (r *Rows) WhatIf(within string, p liability.Parameters, yield func(Reckoned) bool) error {
	if r.unitOf(within) == none {
		return unit.Unknown(within).At("within")
	}
	if err := p.Check(); err != nil {
		return ledger.Errorf(ledger.Invalid, "policy.parameters", "各项比例应在 0 与 1 之间，反应时间应为 0 至 1440 分钟。", "Each part must be from 0 to 1 and the reaction time from 0 to 1440 minutes.").At("policy").Because(err)
	}
	var all []*dossier.Outcome
	for o := range r.dossier.Outcomes() {
		if unit.Contains(within, o.Penalised().Unit) {
			all = append(all, o)
		}
	}
	slices.Reverse(all)
	w := whatIf{r: r, other: p, known: map[int]liability.Parameters{}}
	if err := w.adopted(); err != nil {
		return err
	}
	for some := range slices.Chunk(all, reckonedAtOnce) {
		for _, x := range w.reckon(some) {
			if x.Outcome != "" && !yield(x) {
				return nil
			}
		}
	}
	return nil
}

// whatIf is one such question. Its rows stand still, so that many may read
// them at once.
type whatIf struct {
	r      *Rows
	other  liability.Parameters
	known  map[int]liability.Parameters // versions of jra-1
	newest int                          // that holds now, 0: none was adopted
}

func (w *whatIf) adopted() error {
	var latest ledger.Date
	today := ledger.DateOf(w.r.recorded(w.r.position.Ordinal)) // as far as the log knows
	for _, a := range w.r.dossier.Policies() {
		if a.Name != policy.JRA1 {
			continue
		}
		p, err := policy.Parameters(a.Adopted)
		if err != nil {
			return err
		}
		w.known[a.Version] = p
		if a.From >= latest && a.From <= today {
			w.newest, latest = a.Version, a.From
		}
	}
	return nil
}

// reckon divides some outcomes on all processors.
func (w *whatIf) reckon(some []*dossier.Outcome) []Reckoned {
	out := make([]Reckoned, len(some))
	n := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	for k := range n {
		all.Go(func() {
			for i := k; i < len(some); i += n {
				out[i] = w.one(some[i])
			}
		})
	}
	all.Wait()
	return out
}

func (w *whatIf) one(row *dossier.Outcome) Reckoned {
	o, record, err := w.r.gathered(row.ID, 0)
	if o.Into != "" {
		return Reckoned{}
	}
	x := Reckoned{Outcome: row.ID, Executor: row.Penalised().Unit, Version: w.newest, Err: err}
	for _, f := range w.r.dossier.Rounds(row.ID) {
		if s := &f.State; s.Stage != finding.Dropped && s.Stage != finding.Replaced {
			x.Finding, x.Stage, x.Version = f.ID(), s.Stage, s.Versions[0].Policy
		}
	}
	if x.Err != nil {
		return x
	}
	e, err := evidence.Build(o, record)
	if err != nil {
		x.Err = err
		return x
	}
	own, ok := w.known[x.Version]
	if !ok { // no version was adopted: it is compared with nothing
		own = w.other
	}
	var before, after liability.Result
	if before, x.Err = liability.Divide(e.Case, own); x.Err != nil {
		return x
	}
	if after, x.Err = liability.Divide(e.Case, w.other); x.Err != nil {
		return x
	}
	x.Before, x.After = shares(before.Shares), shares(after.Shares)
	x.Moved = moved(before.Shares, after.Shares)
	return x
}

// moved is how many basis points go from some units to others. Units stand in
// one order in both, but for Unattributed, which may be in one alone.
func moved(before, after []liability.Share) (points int64) {
	of := func(list []liability.Share, code string) int64 {
		i := slices.IndexFunc(list, func(s liability.Share) bool { return s.Unit == code })
		if i < 0 {
			return 0
		}
		return list[i].Points
	}
	for _, s := range after {
		points += max(0, s.Points-of(before, s.Unit))
	}
	return points
}
