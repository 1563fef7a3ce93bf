// Package finding holds how the causes of one penalised outcome were found to
// divide, from the draft to the end of appeals (起草、复核、告知与陈述申辩、合议、
// 决定、申诉). It decides who may do what with it, and when; what JRA-1 makes
// of the evidence comes to it as Facts.
//
// It must never charge a unit that had no notice of it, let an appeal raise a
// share, or let somebody act on what he is tied to.
package finding

import (
	"time"

	"suyuan/services/ledger"
)

// Events of the stream finding-<outcome>-<round>.
var Events = []ledger.Def{
	ledger.Event[Drafted]("finding.drafted", "A finding was drafted from the evidence on record.", "依据在案证据起草认定意见。"),
	ledger.Event[Recomputed]("finding.recomputed", "The shares were computed anew.", "重新计算责任份额。"),
	ledger.Event[Overridden]("finding.overridden", "A reviewer set other shares than were computed; both are kept.", "审议员另定份额，写明理由和依据，两个版本都保留。"),
	ledger.Event[Checked]("finding.checked", "Another reviewer checked the draft.", "同级复核。"),
	ledger.Event[Recused]("finding.recused", "An account or a unit takes no part in it.", "回避。"),
	ledger.Event[Notified]("finding.notified", "Units were given notice of their share; the period to reply began.", "告知拟认定的份额，开始陈述申辩期。"),
	ledger.Event[Replied]("finding.replied", "A unit replied to its notice.", "单位陈述申辩。"),
	ledger.Event[Extended]("finding.extended", "A unit was given more time to reply.", "延长陈述申辩期。"),
	ledger.Event[HearingHeld]("finding.hearing_held", "A hearing was held.", "举行听证。"),
	ledger.Event[ReplyAnswered]("finding.reply_answered", "A reply was accepted, or rejected with reasons.", "对陈述申辩作出答复：采纳，或者说明理由不予采纳。"),
	ledger.Event[MirrorAnswered]("finding.mirror_answered", "A unit answered the mirrored item.", "单位就同步问责事项作出回应。"),
	ledger.Event[Unanswered]("finding.unanswered", "A unit let the time for the mirrored item pass.", "同步问责事项期满未回应。"),
	ledger.Event[Voted]("finding.voted", "A member of the panel voted.", "合议表决。"),
	ledger.Event[SentBack]("finding.sent_back", "The panel sent it back to be drafted anew.", "合议不通过，退回重新起草。"),
	ledger.Event[Issued]("finding.issued", "The finding was issued; the period to appeal began.", "作出认定决定，开始申诉期。"),
	ledger.Event[WithdrawalProposed]("finding.withdrawal_proposed", "A reviewer asked that the finding be withdrawn; another has to agree.", "一名审议员提议撤回，须另一名审议员同意。"),
	ledger.Event[Withdrawn]("finding.withdrawn", "The finding was withdrawn before it was issued.", "作出决定之前撤回。"),
	ledger.Event[Appealed]("finding.appealed", "A unit appealed.", "单位提出申诉。"),
	ledger.Event[AppealVoted]("finding.appeal_voted", "A member of the new panel voted on the appeal.", "申诉合议表决。"),
	ledger.Event[AppealDecided]("finding.appeal_decided", "The appeal was decided.", "作出申诉决定。"),
	ledger.Event[AppealOverdue]("finding.appeal_overdue", "The time to decide the appeal passed.", "申诉逾期未决定。"),
	ledger.Event[AppealPeriodExpired]("finding.appeal_period_expired", "Nobody appealed in time; the finding stands.", "申诉期满无申诉，认定生效。"),
	ledger.Event[MarkedForReview]("finding.marked_for_review", "Facts that came on record late would change what was computed.", "迟到的事实会改变计算结果，标记待复查。"),
	ledger.Event[Superseded]("finding.superseded", "A later finding about the same outcome took its place.", "被同一事项的新认定取代。"),
}

// Share is what one unit, or liability.Unattributed, bears: basis points, and
// the exact mass behind them, which may be above 0 where the points are not.
// A share that a reviewer set has no mass, unless it is what was computed.
type Share struct {
	Unit   string `json:"unit"`
	Points int64  `json:"points"`
	Mass   string `json:"mass,omitempty"`
}

// Because says why a version was made.
type Because string

// The reasons. A draft's first version has none.
const (
	ByReply     Because = "reply"      // a reply was accepted
	ByLateFacts Because = "late_facts" // facts came on record since
	ByStatement Because = "statement"  // a reviewer stated what the ledger cannot know, or looked again
)

// Version is one way in which the whole divides. Shares count; they are what
// was Computed, in the order of the case's units, unless there is an Override.
type Version struct {
	N           int       `json:"n"`  // from 1
	By          string    `json:"by"` // the account that made it
	At          time.Time `json:"at"`
	Known       uint64    `json:"known"`             // ordinal up to which the record was read
	Policy      int       `json:"policy"`            // version of jra-1
	Method      int       `json:"method"`            // by which facts became the case, and the case the explanation
	Hash        string    `json:"hash"`              // of the explanation
	Outcome     string    `json:"outcome,omitempty"` // liability.NoShortfall: no shares
	Refused     string    `json:"refused,omitempty"` // the rule by which the evidence allows no division: all is nobody's
	Computed    []Share   `json:"computed,omitempty"`
	Shares      []Share   `json:"shares,omitempty"`
	Override    *Override `json:"override,omitempty"`
	Originating string    `json:"originating,omitempty"` // unit
	Provisional bool      `json:"provisional,omitempty"`
	Flags       []string  `json:"flags,omitempty"`
	Because     Because   `json:"because,omitempty"`
	Reply       int       `json:"reply,omitempty"` // the accepted reply that it follows
}

// Override is why shares were set otherwise.
type Override struct {
	Reason string `json:"reason"`
	Rule   string `json:"rule"` // id
}

// Cap is the most that a unit can be charged in a round that follows an
// appeal which took shares away, where no facts are new.
type Cap struct {
	Unit   string `json:"unit"`
	Points int64  `json:"points"`
}

// Drafted begins round n of an outcome. Executor is the unit that was
// penalised; Replaces the finding of the round before, where that was issued,
// and Charged are those who answer for something by it.
type Drafted struct {
	ID       string   `json:"id"`
	Outcome  string   `json:"outcome"`
	Round    int      `json:"round"`
	Executor string   `json:"executor"`
	Replaces string   `json:"replaces,omitempty"`
	Charged  []string `json:"charged,omitempty"` // units
	Caps     []Cap    `json:"caps,omitempty"`
	Version  Version  `json:"version"`
}

// Recomputed adds a version as computed. Before the notice it has to be
// checked anew.
type Recomputed struct {
	Version Version `json:"version"`
}

// Overridden adds a version with shares of a reviewer's.
type Overridden struct {
	Version Version `json:"version"`
}

// Checked: what did not pass needs another version. Unit is the checker's,
// empty where it has none.
type Checked struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"` // account
	Unit    string    `json:"unit,omitempty"`
	Version int       `json:"version"`
	Passed  bool      `json:"passed"`
	Reason  string    `json:"reason,omitempty"` // there where it did not pass
}

// Recused: one of account and unit. A unit stands for all in its territory,
// and in that of what it was merged into; Undone are the accounts whose check
// or vote falls with it.
type Recused struct {
	At      time.Time `json:"at"`
	Account string    `json:"account,omitempty"`
	Unit    string    `json:"unit,omitempty"`
	Undone  []string  `json:"undone,omitempty"`
	Reason  string    `json:"reason"`
}

// Noticed is what one unit was told. Origin: the addition began with it.
// Mirror: the penalty is mirrored on it.
type Noticed struct {
	Unit   string `json:"unit"`
	Points int64  `json:"points"`
	Origin bool   `json:"origin,omitempty"`
	Mirror bool   `json:"mirror,omitempty"`
}

// Notified begins, for each of the units, its working days to reply, and
// those of the mirrored items that it opens.
type Notified struct {
	At         time.Time `json:"at"`
	Version    int       `json:"version"`
	Units      []Noticed `json:"units"`
	Days       int       `json:"days"`
	MirrorDays int       `json:"mirrorDays"`
}

// Replied is a statement in defence (陈述申辩). It answers the unit's mirrored
// item, too.
type Replied struct {
	At       time.Time `json:"at"`
	N        int       `json:"n"` // from 1
	Unit     string    `json:"unit"`
	Text     string    `json:"text"`
	Document string    `json:"document,omitempty"`
	Hearing  bool      `json:"hearing,omitempty"` // a hearing is asked for
}

// Extended adds working days to a unit's period.
type Extended struct {
	At     time.Time `json:"at"`
	Unit   string    `json:"unit"`
	Days   int       `json:"days"`
	Reason string    `json:"reason"`
}

// HearingHeld: Units are those that were heard or, asked to come, stayed away
// (Absent).
type HearingHeld struct {
	At       time.Time   `json:"at"`
	By       string      `json:"by"` // account
	On       ledger.Date `json:"on"`
	Units    []string    `json:"units"`
	Absent   []string    `json:"absent,omitempty"`
	Record   string      `json:"record"`
	Document string      `json:"document"`
}

// ReplyAnswered: what is accepted has to be followed by a version.
type ReplyAnswered struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"` // account
	Reply    int       `json:"reply"`
	Accepted bool      `json:"accepted"`
	Reason   string    `json:"reason"`
}

// MirrorAnswered says what the unit did about its own part.
type MirrorAnswered struct {
	At       time.Time `json:"at"`
	Unit     string    `json:"unit"`
	Text     string    `json:"text"`
	Document string    `json:"document,omitempty"`
}

// Unanswered is 未回应: the mirrored item that was opened with a version.
type Unanswered struct {
	Unit    string `json:"unit"`
	Version int    `json:"version"`
}

// Voted: Unit is the voter's, empty where it has none.
type Voted struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"` // account
	Unit    string    `json:"unit,omitempty"`
	Version int       `json:"version"`
	Agrees  bool      `json:"agrees"`
	Reason  string    `json:"reason,omitempty"`
}

// SentBack follows a vote against it.
type SentBack struct {
	Version int    `json:"version"`
	Reason  string `json:"reason"`
}

// Issued follows the second vote for it. Days are calendar days to appeal.
type Issued struct {
	At      time.Time `json:"at"`
	Version int       `json:"version"`
	Days    int       `json:"days"`
}

// WithdrawalProposed asks that a finding of which units had notice be
// withdrawn as it stands in a version. Unit is the reviewer's, empty where he
// has none.
type WithdrawalProposed struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"` // account
	Unit    string    `json:"unit,omitempty"`
	Version int       `json:"version"`
	Reason  string    `json:"reason"`
}

// Withdrawn ends it before it was issued.
type Withdrawn struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"` // account
	Reason string    `json:"reason"`
}

// Appealed opens appeal N, or joins the one that runs. Days are calendar days
// to decide it, from its opening.
type Appealed struct {
	At       time.Time `json:"at"`
	N        int       `json:"n"` // from 1
	Unit     string    `json:"unit"`
	Text     string    `json:"text"`
	Document string    `json:"document,omitempty"`
	Days     int       `json:"days"`
}

// Result is what an appeal comes to.
type Result string

// The results: it stands, it stands for less, none of it stands.
const (
	Uphold   Result = "upheld"
	Vary     Result = "varied"
	Overturn Result = "overturned"
)

// Results lists every result.
var Results = []Result{Uphold, Vary, Overturn}

// Removal takes points from a unit. They become nobody's.
type Removal struct {
	Unit   string `json:"unit"`
	Points int64  `json:"points"`
}

// AppealVoted: the appeal is decided once two say the same.
type AppealVoted struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"` // account
	Unit     string    `json:"unit,omitempty"`
	Appeal   int       `json:"appeal"`
	Result   Result    `json:"result"`
	Removals []Removal `json:"removals,omitempty"`
	Reason   string    `json:"reason"`

	Correction *ledger.Text `json:"correction,omitempty"`
}

// AppealDecided: Shares are those that stand from now on. Correction is
// published as widely as the finding was.
type AppealDecided struct {
	At         time.Time    `json:"at"`
	Appeal     int          `json:"appeal"`
	Result     Result       `json:"result"`
	Removals   []Removal    `json:"removals,omitempty"`
	Shares     []Share      `json:"shares"`
	Reason     string       `json:"reason"`
	Correction *ledger.Text `json:"correction,omitempty"`
}

// AppealOverdue: the appeal is still to be decided.
type AppealOverdue struct {
	Appeal int `json:"appeal"`
}

// AppealPeriodExpired ends the period to appeal.
type AppealPeriodExpired struct{}

// MarkedForReview: what all that is on record up to Known comes to, under the
// parameters that the finding began with. Refused is the rule by which it
// allows no division any more; then there is nothing else but Known.
type MarkedForReview struct {
	Known       uint64  `json:"known"`
	Method      int     `json:"method,omitempty"`
	Hash        string  `json:"hash,omitempty"`
	Outcome     string  `json:"outcome,omitempty"` // liability.NoShortfall: no shares
	Shares      []Share `json:"shares,omitempty"`
	Originating string  `json:"originating,omitempty"` // unit
	Refused     string  `json:"refused,omitempty"`
}

// Superseded names the finding that took its place.
type Superseded struct {
	By string `json:"by"`
}
