package view

import (
	"slices"
	"strconv"
	"time"

	"suyuan/services/finding"
	"suyuan/services/ledger"
	"suyuan/services/unit"
	"suyuan/services/view/dossier"
)

// Finding is how the causes of one outcome were found to divide, for a reader
// who may know. Shares are those that count now, in the order of the case's
// units.
type Finding struct {
	ID           string
	Round        int
	Stage        finding.Stage
	Caps         []ShareCap
	Current      FindingVersion
	Versions     []FindingVersion
	Shares       []finding.Share `graphql:"-"`
	Originating  *Unit
	Drafted      time.Time
	Notified     *time.Time
	Issued       *time.Time
	Marked       *time.Time
	Hands        []string // accounts, for whom they are to know
	Correction   *ledger.Text
	Recusals     []FindingRecusal
	Events       []EventRef
	Replaces     string `graphql:"-"` // ids; empty for none
	SupersededBy string `graphql:"-"`
	Outcome      string `graphql:"-"`

	by   ledger.Actor
	part bool // the reader takes part: see takesPart
	who  bool // and may know who acted
	f    *dossier.Finding
}

// FindingVersion is a finding as it was computed at one time, and perhaps
// decided otherwise. Policy is the number of the version of jra-1.
type FindingVersion struct {
	N           int
	Made        time.Time
	Cause       *finding.Because
	Reply       *int
	Known       string
	Policy      int `graphql:"-"`
	Hash        string
	NoShortfall bool
	Computed    []finding.Share   `graphql:"-"`
	Shares      []finding.Share   `graphql:"-"`
	Override    *finding.Override `graphql:"-"`
	Originating *Unit
	Provisional bool
	Flags       []string
	Outcome     string `graphql:"-"` // the id of the outcome it is about
	known       uint64
}

// KnownOrdinal is Known as a number.
func (v FindingVersion) KnownOrdinal() uint64 { return v.known }

// ShareCap is the most that a unit can be charged in a round.
type ShareCap struct {
	Unit   *Unit
	Points int64
}

// FindingRecusal is an account or a unit that takes no part.
type FindingRecusal struct {
	Account *string
	Unit    *Unit
	Reason  string
	At      time.Time
}

// FindingQuery narrows the list of findings. Unit is the executor, has a share
// or was given notice; Within is a unit and all below it, of the executor.
type FindingQuery struct {
	Unit, Within string
	Stage        finding.Stage
	Marked       bool // for review, and no others
}

func (q FindingQuery) takes(s *finding.State) bool {
	return (q.Stage == "" || s.Stage == q.Stage) && (!q.Marked || s.Marked) &&
		(q.Within == "" || unit.Contains(q.Within, s.Executor)) && (q.Unit == "" || concernsUnit(s, q.Unit))
}

func concernsUnit(s *finding.State, code string) bool {
	return s.Executor == code || slices.ContainsFunc(s.Shares(), func(x finding.Share) bool { return x.Unit == code && x.Bears() }) ||
		slices.ContainsFunc(s.Notices, func(n finding.Notice) bool { return n.Unit == code })
}

// Findings lists those that the reader may see, by the day on which they were
// issued, or drafted as long as they were not, the newest first.
func (r *Rows) Findings(by ledger.Actor, q FindingQuery, p Paging) (Page[Finding], error) {
	var found []findingPlace
	for f := range r.dossier.Findings() {
		if q.takes(&f.State) && r.mayReadFinding(by, f) {
			found = append(found, placeOf(f))
		}
	}
	return listFindings(p, found, func(f *dossier.Finding) Finding { return r.findingValue(by, f) })
}

// Finding finds one that the reader may see; nil where there is none.
func (r *Rows) Finding(by ledger.Actor, id string) *Finding {
	f, ok := r.dossier.Finding(id)
	if !ok || !r.mayReadFinding(by, f) {
		return nil
	}
	value := r.findingValue(by, f)
	return &value
}

func (r *Rows) findingValue(by ledger.Actor, f *dossier.Finding) Finding {
	s := &f.State
	v := Finding{
		ID: s.ID, Round: s.Round, Stage: s.Stage, Caps: []ShareCap{}, Versions: []FindingVersion{}, Shares: s.Shares(), Drafted: f.Drafted.UTC(), Notified: someInstant(f.Notified),
		Issued: someInstant(s.Issued), Hands: []string{}, Recusals: []FindingRecusal{}, Events: []EventRef{}, Replaces: s.Replaces, SupersededBy: f.Superseded,
		Outcome: s.Outcome, by: by, part: r.takesPart(by, f), who: r.knowsAccounts(by, f), f: f,
	}
	if v.Shares == nil {
		v.Shares = []finding.Share{}
	}
	if s.Marked {
		v.Marked = someInstant(f.Marked)
	}
	for _, c := range s.Caps {
		v.Caps = append(v.Caps, ShareCap{r.Unit(c.Unit), c.Points})
	}
	for _, x := range s.Versions {
		v.Versions = append(v.Versions, r.versionValue(s.Outcome, x))
	}
	v.Current = v.Versions[len(v.Versions)-1]
	v.Originating = v.Current.Originating
	if v.who {
		v.Hands = append(v.Hands, s.Hands...)
		for _, x := range s.Recusals {
			v.Recusals = append(v.Recusals, FindingRecusal{some(x.Account), r.Unit(x.Unit), x.Reason, x.At.UTC()})
		}
	}
	for i := range f.Appeals {
		if c := f.Appeals[i].Correction; c != nil {
			v.Correction = c
		}
	}
	for _, x := range f.Steps {
		v.Events = append(v.Events, EventRef{x.Ordinal})
	}
	return v
}

func (r *Rows) versionValue(outcome string, x finding.Version) FindingVersion {
	v := FindingVersion{
		N: x.N, Made: x.At.UTC(), Cause: spoken(x.Because), Known: strconv.FormatUint(x.Known, 10), Policy: x.Policy, Hash: x.Hash, NoShortfall: x.Outcome != "",
		Computed: append([]finding.Share{}, x.Computed...), Shares: append([]finding.Share{}, x.Shares...), Override: x.Override, Originating: r.Unit(x.Originating),
		Provisional: x.Provisional, Flags: append([]string{}, x.Flags...), Outcome: outcome, known: x.Known,
	}
	if x.Reply > 0 {
		v.Reply = &x.Reply
	}
	return v
}

func someInstant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// FindingPenalty is the outcome it is about.
func (r *Rows) FindingPenalty(f Finding) Penalty { return *r.Penalty(f.by, f.Outcome) }

// FindingReplaces is the finding of the round before, where that was issued.
func (r *Rows) FindingReplaces(f Finding) *Finding { return r.Finding(f.by, f.Replaces) }

// FindingSupersededBy is the finding that took its place.
func (r *Rows) FindingSupersededBy(f Finding) *Finding { return r.Finding(f.by, f.SupersededBy) }

// FindingState is the finding as decisions see it, for forms that offer what
// the reader can do.
func (r *Rows) FindingState(f Finding) finding.State { return f.f.State }

// TakesPart reports whether the reader may read what was said in the course of
// it and who acted: see takesPart.
func (f Finding) TakesPart() bool { return f.part }
