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
// it as it is: events evolve it and share nothing with it.
type State struct {
	Filed    *Filed
	Stage    Stage
	Handler  string // unit that has it, or had it last
	Returns  int
	Ruled    bool // the handler cannot send it back any more
	Redos    int
	Extended bool // this round
	Rating   *Rating
	Checked  *bool // the follow-up of this answer: whether it was confirmed
	Outcome  Outcome
	Reviewed bool // a first review was decided, so that the next is the final one
	Into     string
	How      How // of the last closing
	Letters  []string
	Asks     int // messages to the reporter
	Recusals []Recusal
	Held     string // unit that took the last retaliation up
	Timing   Timing
}

// Rating is what the reporter said of the last answer.
type Rating struct{ Solved, Satisfied bool }

// Content reports whether the reporter has nothing left to ask for.
func (r *Rating) Content() bool { return r != nil && r.Solved && r.Satisfied }

// Timing is everything of a complaint that runs out. Days are whole; the zero
// time is none.
type Timing struct {
	Round       int            // how often it was dispatched, ruled on or redone
	Clock       calendar.Clock // of the round
	Running     bool           // the clock counts; false once the round is answered
	Reminded    int            // percent reminded of in this round: 0, 50, 80
	Supervised  bool
	Escalations int

	Turn     Turn // who owes the next step where no clock of a round runs; empty: nobody
	Since    time.Time
	Turns    [5]int // how often each of Turns was owed, this one included
	Breached bool

	Silence  time.Time // since when the reporter is silent about an answer or a decision; zero: no time runs
	Answers  int       // answers and review decisions so far
	Attacked time.Time // retaliation that nobody took up, since
	Unheeded bool      // and that was found a breach
}
