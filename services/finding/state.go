package finding

import (
	"slices"
	"time"

	"suyuan/services/liability"
)

// Stage is where a finding stands.
type Stage string

// The stages.
const (
	Draft      Stage = "draft"      // 起草
	Passed     Stage = "checked"    // 复核通过, notice is to be given
	Hearing    Stage = "hearing"    // 陈述申辩, then the panel
	Decided    Stage = "issued"     // 已作出决定
	OnAppeal   Stage = "appealed"   // 申诉中
	Upheld     Stage = "upheld"     // 维持
	Varied     Stage = "varied"     // 变更
	Overturned Stage = "overturned" // 撤销
	Final      Stage = "final"      // 申诉期满
	Replaced   Stage = "superseded" // 被取代
	Dropped    Stage = "withdrawn"  // 撤回
)

// Stages lists every stage in the order of the way through.
var Stages = []Stage{Draft, Passed, Hearing, Decided, OnAppeal, Upheld, Varied, Overturned, Final, Replaced, Dropped}

// Underway reports whether the finding is not issued yet and still can be.
func (x Stage) Underway() bool { return x == Draft || x == Passed || x == Hearing }

// Public reports whether everybody may read a finding at this stage.
func (x Stage) Public() bool { return x != "" && !x.Underway() && x != Dropped }

// Stands reports whether an issued finding holds at this stage, for all or
// for part.
func (x Stage) Stands() bool {
	return x == Decided || x == OnAppeal || x == Upheld || x == Varied || x == Final
}

// State is what decisions about one finding look at. A read model may hold it
// as it is: events share nothing with it.
type State struct {
	ID       string
	Outcome  string
	Round    int
	Executor string
	Replaces string
	Charged  []string // units that answer for something by what it replaces
	Caps     []Cap
	Stage    Stage

	Drafter  string    // account
	Checker  Vote      // of who checked the draft last and passed it
	Versions []Version // in order; the last counts
	Rejected int       // the newest version that did not pass a check or the panel; 0: none
	Hands    []string  // accounts that took part in making it, who decide no appeal

	Notices  []Notice // by unit, in the order of the first notice
	Mirrors  []Mirror // likewise
	Replies  []Reply  // Replies[n-1] is number n
	Hearings int
	Votes    []Vote // on the last version
	Leaving  Vote   // of who asked that the last version be withdrawn

	Issued      time.Time
	AppealDays  int     // calendar days from then
	Standing    []Share // as they stand since it was issued
	Appeals     []Appeal
	AppealVotes []AppealVote // on the appeal that runs; the last one of an account counts
	Relieved    []string     // units from which appeals took something
	Marked      bool         // for review
	Mark        MarkedForReview
	Weighed     []Share // what was computed last, by the mark or before
	Settled     []Share // what was, when it was issued or the last appeal decided

	Recusals []Recused
	Timing   Timing
}

// Notice is the last one that a unit was given.
type Notice struct {
	Unit     string
	Version  int
	Points   int64
	At       time.Time
	Days     int // working days to reply, an extension included
	Extended bool
	Renew    bool  // it is charged more than at some time since: it needs another
	Least    int64 // the points it was charged at least since; -1: nothing
	Before   int   // replies that there were already
}

// MirrorState is how far a mirrored item has come.
type MirrorState string

// The states. What is lifted was opened and is not called for any more.
const (
	MirrorPending    MirrorState = "pending"
	MirrorDone       MirrorState = "answered"
	MirrorUnanswered MirrorState = "unanswered" // 未回应
	MirrorLifted     MirrorState = "lifted"
)

// Mirror is the executor's penalty as it is mirrored on a unit.
type Mirror struct {
	Unit    string
	Points  int64
	Origin  bool
	Version int // that it was opened with
	Opened  time.Time
	Days    int // working days to answer
	State   MirrorState
	Reply   int // the reply that answered it; 0: an answer of its own, or none
}

// ReplyState is how far a reply has come.
type ReplyState string

// The states.
const (
	ReplyPending  ReplyState = "pending"
	ReplyAccepted ReplyState = "accepted"
	ReplyRejected ReplyState = "rejected"
)

// Reply is a unit's statement.
type Reply struct {
	Unit     string
	At       time.Time
	State    ReplyState
	Hearing  bool // was asked for
	Heard    bool // and held, or the unit stayed away
	Followed bool // by a version, where it was accepted
}

// Vote is a member's of the panel, or the checker's.
type Vote struct {
	Account string
	Unit    string
	Agrees  bool
}

// Appeal is one, with all who joined it.
type Appeal struct {
	Units   []string
	At      time.Time
	Days    int // calendar days to decide it
	Overdue bool
	Result  Result // empty: it runs
}

// AppealVote is a member's of the new panel.
type AppealVote struct {
	Account  string
	Unit     string
	Result   Result
	Removals []Removal // in the order of the shares
}

// Current is the version that counts; the zero Version where there is none.
func (s State) Current() Version {
	if len(s.Versions) == 0 {
		return Version{}
	}
	return s.Versions[len(s.Versions)-1]
}

// Shares are those that count: the last version's, or once it is issued those
// that stand.
func (s State) Shares() []Share {
	if s.Standing != nil {
		return s.Standing
	}
	return s.Current().Shares
}

// Bears reports whether a share is a unit's and not nothing.
func (x Share) Bears() bool {
	return x.Unit != liability.Unattributed && (x.Points > 0 || x.Mass != "" && x.Mass != "0")
}

// of is a unit's share; one of nothing where it has none.
func of(shares []Share, unit string) Share {
	for _, x := range shares {
		if x.Unit == unit {
			return x
		}
	}
	return Share{Unit: unit}
}

// weight orders shares: none, one below a point, and by points.
func (x Share) weight() int64 {
	if !x.Bears() {
		return -1
	}
	return x.Points
}

// Bearing are the units that answer for something, in order.
func (v Version) Bearing() (units []string) {
	for _, x := range v.Shares {
		if x.Bears() {
			units = append(units, x.Unit)
		}
	}
	return units
}

// nobody reports whether there is nobody whom the last version charges.
func (v Version) nobody() bool { return v.Outcome == liability.NoShortfall || len(v.Bearing()) == 0 }

// clears reports whether the last version takes away, and charges nobody with,
// what an issued finding charged.
func (s State) clears() bool { return len(s.Charged) > 0 && s.Current().nobody() }

// Concerned are all units that the finding is about: the executor, those that
// the finding it replaces charged, and in any version all units of the case,
// those that bear nothing too, since they issued or passed it on, and the one
// where it began. Nobody tied to one of them takes part.
func (s State) Concerned() []string {
	units := []string{s.Executor}
	add := func(u string) {
		if u != "" && u != liability.Unattributed && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	for _, u := range s.Charged {
		add(u)
	}
	for _, v := range s.Versions {
		for _, x := range v.Computed {
			add(x.Unit)
		}
		for _, x := range v.Shares {
			add(x.Unit)
		}
		add(v.Originating)
	}
	return units
}

// Fact is what a decision may know of another finding.
type Fact struct {
	ID      string
	Outcome string
	Round   int
	Stage   Stage
	Marked  bool     // for review
	Charged []string // units that answer for something by it, once it is issued
	Caps    []Cap    // for the round that follows
}

// Fact is the finding as other decisions see it.
func (s State) Fact() Fact {
	return Fact{ID: s.ID, Outcome: s.Outcome, Round: s.Round, Stage: s.Stage, Marked: s.Marked, Charged: s.charged(), Caps: s.caps()}
}

// charged are those that answer for something as it stands.
func (s State) charged() []string { return Version{Shares: s.Standing}.Bearing() }
