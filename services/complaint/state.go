package complaint

import (
	"time"

	"suyuan/services/calendar"
)

// Stage is where a complaint stands (domain: 办理流程).
type Stage string

// The stages. Retaliation and a paused clock are beside them, not among them.
const (
	Registered  Stage = "registered"   // 登记
	Taken       Stage = "accepted"     // 受理, to be dispatched
	Declined    Stage = "not_accepted" // 不予受理
	Joined      Stage = "merged"       // 并单
	Sent        Stage = "dispatched"   // 派单
	SentBack    Stage = "returned"     // 退单, to be dispatched again or ruled on
	Handling    Stage = "handling"     // 办理
	Replying    Stage = "answered"     // 答复
	Visited     Stage = "followed_up"  // 回访
	Ended       Stage = "closed"       // 办结
	InReview    Stage = "review"       // 复查
	ReviewGiven Stage = "reviewed"     // 复查 decided
	InFinal     Stage = "final_review" // 复核
	Over        Stage = "exhausted"    // 终结
)

// Stages lists every stage in the order of the way through.
var Stages = []Stage{Registered, Taken, Declined, Joined, Sent, SentBack, Handling, Replying, Visited, Ended, InReview, ReviewGiven, InFinal, Over}

// State is what decisions about one complaint look at. A read model may hold
// it as it is: events share nothing with it.
type State struct {
	Filed    *Filed
	Stage    Stage
	Handler  string // unit that has it, or had it last
	Returns  int
	Redos    int
	Recalled string  // unit that it was recalled from, until it is dispatched
	Ruled    bool    // the handler of this round cannot send it back
	Extended bool    // this round
	Outcome  Outcome // of the last answer
	Rating   *Rating // of the last answer
	Checked  *bool   // what the follow-up of the last answer found
	Reviewed bool    // a first review was decided: the next one is final
	Reviewer string  // account that decided it
	Into     string  // the complaint it was merged into, whether or not it goes on in it still
	Withdrew bool    // the reporter took it back; it may go on for the sake of others
	How      How     // of the last closing

	Retaliation Retaliated
	Timing      Timing

	Letters   []string // that were heard
	Messages  int      // that staff sent to the reporter
	Issuances []string // that bear the claim out
	Documents []string // that contradict it
	Recusals  []Recusal
}

// Rating is what the reporter said of the last answer.
type Rating struct{ Solved, Satisfied bool }

// Content reports whether the reporter has nothing left to ask for.
func (r *Rating) Content() bool { return r != nil && r.Solved && r.Satisfied }

// Retaliated is how far the track of reported retaliation has come.
type Retaliated string

// Nothing was reported, or it was, or a unit above the named one took it up,
// or answered it. A new report begins anew.
const (
	NoRetaliation       Retaliated = ""
	RetaliationOpen     Retaliated = "reported"
	RetaliationHeld     Retaliated = "taken"
	RetaliationResolved Retaliated = "answered"
)

// Timing is everything of a complaint that runs out. A State holds it, and so
// may a list of what is running.
type Timing struct {
	Round       int            // how often it was dispatched, ruled on or redone; 0: never
	Clock       calendar.Clock // of the round
	Running     bool           // the round is not answered or sent back
	Held        bool           // a pause is on record that was not resumed from, on record, since
	Reminded    int            // percent reminded of in this round: 0, 50, 80
	Supervised  bool
	Escalations int
	Levels      int // above the handler, to which it can be escalated

	Turn  Turn // who owes a step where no round runs; empty: nobody
	Since time.Time
	Late  bool // that was found a breach,
	Lates int  // this often: once for every period that goes by
	Turns int  // how many turns were owed in all, this one and every such period included

	Last   time.Time // of the last answer or review decision; zero: none
	Given  int       // how many of those there were
	Silent bool      // the reporter's silence about it closes the complaint

	Attacked time.Time // retaliation was reported, or taken up, and no more was done since; zero: none
	Attacks  int       // how often that was owed, every period that went by included
	Unheeded bool      // that it was left lying was found a breach,
	Neglects int       // this often
}
