package finding

import (
	"suyuan/services/ledger"
)

// Commands of the stream finding-<outcome>-<round>.
var Commands = []ledger.CommandDef{
	ledger.Command[Begin]("finding.draft", "Draft a finding from the evidence on record. Role: reviewer."),
	ledger.Command[Recompute]("finding.recompute", "Compute the shares anew. Role: reviewer; or the system, for late facts."),
	ledger.Command[SetShares]("finding.override", "Set other shares than were computed, with a reason and a rule. Role: reviewer."),
	ledger.Command[Check]("finding.check", "Check a draft. Role: reviewer, not the one who drafted."),
	ledger.Command[Recuse]("finding.recuse", "Take an account or a unit out. Role: reviewer."),
	ledger.Command[Notify]("finding.notify", "Give notice to every unit that has to have it. Role: reviewer."),
	ledger.Command[Respond]("finding.reply", "Reply to a notice. Role: clerk of a unit that was given notice."),
	ledger.Command[Extend]("finding.extend", "Give a unit more time to reply, once for each notice. Role: reviewer."),
	ledger.Command[HoldHearing]("finding.hold_hearing", "Put a hearing on record. Role: reviewer."),
	ledger.Command[AnswerReply]("finding.answer_reply", "Accept a reply, or reject it with reasons. Role: reviewer."),
	ledger.Command[AnswerMirror]("finding.answer_mirror", "Answer the mirrored item. Role: clerk of the unit on which the penalty is mirrored."),
	ledger.Command[CastVote]("finding.vote", "Vote in the panel; the second vote for it issues the finding. Role: reviewer."),
	ledger.Command[Withdraw]("finding.withdraw", "Withdraw a finding that is not issued; once units had notice, another reviewer has to agree. Role: reviewer."),
	ledger.Command[Contest]("finding.appeal", "Appeal, within the period. Role: clerk of a unit that answers for something."),
	ledger.Command[VoteAppeal]("finding.vote_appeal", "Vote on an appeal; two votes that say the same decide it. Role: reviewer who took no part before."),

	ledger.Command[MarkUnanswered]("finding.mark_unanswered", "Record that a mirrored item was not answered in time. Role: the system."),
	ledger.Command[LetStand]("finding.let_stand", "Record that nobody appealed in time. Role: the system."),
	ledger.Command[MarkOverdue]("finding.mark_overdue", "Record that an appeal was not decided in time. Role: the system."),
	ledger.Command[MarkReview]("finding.mark_review", "Mark an issued finding that late facts would change. Role: the system."),
	ledger.Command[Supersede]("finding.supersede", "Record that a later finding took its place. Role: the system."),
}

// Begin drafts round n about an outcome. The version of JRA-1 is the one that
// holds on the day.
type Begin struct {
	Outcome string `json:"outcome"`
	Round   int    `json:"round"`
}

// Recompute adds a version, under the policy of the first one. Reply is the
// accepted reply that it follows.
type Recompute struct {
	ID      string  `json:"id"`
	Because Because `json:"because"`
	Reply   int     `json:"reply,omitempty"`
}

// SetShares adds a version of a reviewer's. A unit that is left out bears
// nothing; liability.Unattributed may be named.
type SetShares struct {
	ID     string `json:"id"`
	Shares []Part `json:"shares"`
	Reason string `json:"reason"`
	Rule   string `json:"rule"`
	Reply  int    `json:"reply,omitempty"` // the accepted reply that it follows
}

// Part is what a reviewer wants one unit to bear.
type Part struct {
	Unit   string `json:"unit"`
	Points int64  `json:"points"`
}

// Check passes a draft or does not. Version is the one that was looked at.
type Check struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Passed  bool   `json:"passed"`
	Reason  string `json:"reason,omitempty"`
}

// Recuse takes out one of the two.
type Recuse struct {
	ID      string `json:"id"`
	Account string `json:"account,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Reason  string `json:"reason"`
}

// Notify gives notice. Who gets it is no choice.
type Notify struct {
	ID string `json:"id"`
}

// Respond replies.
type Respond struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Document string `json:"document,omitempty"`
	Hearing  bool   `json:"hearing,omitempty"`
}

// Extend gives a unit more time.
type Extend struct {
	ID     string `json:"id"`
	Unit   string `json:"unit"`
	Reason string `json:"reason"`
}

// HoldHearing records one.
type HoldHearing struct {
	ID       string      `json:"id"`
	On       ledger.Date `json:"on"`
	Units    []string    `json:"units"`
	Absent   []string    `json:"absent,omitempty"`
	Record   string      `json:"record"`
	Document string      `json:"document"`
}

// AnswerReply answers reply n.
type AnswerReply struct {
	ID       string `json:"id"`
	Reply    int    `json:"reply"`
	Accepted bool   `json:"accepted"`
	Reason   string `json:"reason"`
}

// AnswerMirror answers for the clerk's unit.
type AnswerMirror struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Document string `json:"document,omitempty"`
}

// CastVote: Version is the one that was looked at.
type CastVote struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Agrees  bool   `json:"agrees"`
	Reason  string `json:"reason,omitempty"`
}

// Withdraw takes it back.
type Withdraw struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Contest appeals for the clerk's unit.
type Contest struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Document string `json:"document,omitempty"`
}

// VoteAppeal votes on the appeal that runs. Removals are given where the
// result is Vary, and there only; Correction where anything is taken away: that
// of the vote that decides is published.
type VoteAppeal struct {
	ID         string       `json:"id"`
	Result     Result       `json:"result"`
	Removals   []Removal    `json:"removals,omitempty"`
	Reason     string       `json:"reason"`
	Correction *ledger.Text `json:"correction,omitempty"`
}

// MarkUnanswered is about the mirrored item that was opened with a version.
type MarkUnanswered struct {
	ID      string `json:"id"`
	Unit    string `json:"unit"`
	Version int    `json:"version"`
}

// LetStand ends the period to appeal.
type LetStand struct {
	ID string `json:"id"`
}

// MarkOverdue is about appeal n.
type MarkOverdue struct {
	ID     string `json:"id"`
	Appeal int    `json:"appeal"`
}

// MarkReview marks it where what is on record now gives another explanation.
type MarkReview struct {
	ID string `json:"id"`
}

// Supersede names the finding that takes its place.
type Supersede struct {
	ID string `json:"id"`
	By string `json:"by"`
}

func stream(id string) string { return "finding-" + id }

// Stream names the finding's stream.
func (c Begin) Stream() string { return stream(ID(c.Outcome, c.Round)) }

// Stream names the finding's stream.
func (c Recompute) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c SetShares) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Check) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Recuse) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Notify) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Respond) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Extend) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c HoldHearing) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c AnswerReply) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c AnswerMirror) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c CastVote) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Withdraw) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Contest) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c VoteAppeal) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c MarkUnanswered) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c LetStand) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c MarkOverdue) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c MarkReview) Stream() string { return stream(c.ID) }

// Stream names the finding's stream.
func (c Supersede) Stream() string { return stream(c.ID) }
