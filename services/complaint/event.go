// Package complaint holds a sealed report and its handling, from registration
// to the end of review (登记 … 终结). It decides who may do what with it, and
// when; what is in the report it never sees: the claim is sealed, the
// narrative is a blob, and who is named comes to it as Facts.
//
// It must never tell somebody who is recused that a complaint exists, and no
// event may say more of the reporter than the day of a cut.
package complaint

import (
	"time"

	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// Events of the stream complaint-<id>.
var Events = []ledger.Def{
	ledger.Event[Filed]("complaint.filed", "A cut put a sealed report on record.", "收件登记：一份密封反映入册。"),
	ledger.Event[Replied]("complaint.replied", "The reporter wrote again.", "反映人补充来信。"),
	ledger.Event[Withdrawn]("complaint.withdrawn", "The reporter took the report back.", "反映人撤回反映。"),
	ledger.Event[Rated]("complaint.rated", "The reporter rated the answer.", "反映人评价答复。"),
	ledger.Event[ReviewAsked]("complaint.review_asked", "The reporter asked for the answer to be reviewed.", "反映人申请复查。"),
	ledger.Event[FinalReviewAsked]("complaint.final_review_asked", "The reporter asked for the final review.", "反映人申请复核。"),
	ledger.Event[RetaliationReported]("complaint.retaliation_reported", "The reporter said that retaliation began.", "反映人报告遭到打击报复。"),

	ledger.Event[Accepted]("complaint.accepted", "The complaint was taken on.", "受理。"),
	ledger.Event[NotAccepted]("complaint.not_accepted", "The complaint was not taken on; the right way was told.", "不予受理，并告知途径。"),
	ledger.Event[Merged]("complaint.merged", "The complaint goes on within another about the same matter.", "并单：与同一事项合并办理。"),
	ledger.Event[Dispatched]("complaint.dispatched", "The complaint went to the unit that handles it; the clock started.", "派单，开始计时。"),
	ledger.Event[Returned]("complaint.returned", "The unit sent it back as not its own.", "退单。"),
	ledger.Event[Ruled]("complaint.ruled", "Who handles it was settled; it cannot be sent back again.", "裁定承办单位，不得再退。"),
	ledger.Event[Recalled]("complaint.recalled", "The complaint was taken from the unit that had it, to be dispatched anew.", "收回：由原承办单位收回，另行派单。"),
	ledger.Event[SignedFor]("complaint.signed_for", "The handling unit signed for it.", "签收。"),
	ledger.Event[Paused]("complaint.paused", "The clock was stopped for a reason.", "暂停计时，并说明理由。"),
	ledger.Event[Resumed]("complaint.resumed", "The clock runs on.", "恢复计时。"),
	ledger.Event[Extended]("complaint.extended", "More time was approved.", "批准延期。"),
	ledger.Event[Asked]("complaint.asked", "The investigator asked the reporter something.", "核查员向反映人提问。"),
	ledger.Event[Answered]("complaint.answered", "The handling unit answered.", "答复。"),
	ledger.Event[FollowedUp]("complaint.followed_up", "An investigator looked whether the answer holds.", "回访核实。"),
	ledger.Event[Redone]("complaint.redone", "It has to be handled again.", "责令重办。"),
	ledger.Event[Closed]("complaint.closed", "The complaint is closed.", "办结。"),
	ledger.Event[ReviewDecided]("complaint.review_decided", "The review was decided.", "复查决定。"),
	ledger.Event[FinalReviewDecided]("complaint.final_review_decided", "The final review was decided.", "复核决定。"),
	ledger.Event[Exhausted]("complaint.exhausted", "All ways are exhausted; the same facts are not taken on again.", "终结：同一事实不再受理。"),
	ledger.Event[RetaliationTaken]("complaint.retaliation_taken", "A unit above the named one took the retaliation up.", "由被反映单位以上的单位受理打击报复情况。"),
	ledger.Event[RetaliationAnswered]("complaint.retaliation_answered", "What was done about the retaliation was answered.", "打击报复情况的处理答复。"),

	ledger.Event[Reminded]("complaint.reminded", "Part of the time is over: the handling unit was reminded.", "催办：期限已过一部分。"),
	ledger.Event[Supervised]("complaint.supervised", "The time is over: the complaint is under supervision.", "督办：期限已满。"),
	ledger.Event[Escalated]("complaint.escalated", "It is overdue: the next level was told.", "提级督办。"),
	ledger.Event[Breached]("complaint.breached", "Those whose turn it was let the time pass.", "逾期未办：应办一方超过规定时限。"),

	ledger.Event[ClaimVerified]("complaint.claim_verified", "What was reported is borne out by a document on record.", "反映内容经文件核实。"),
	ledger.Event[ClaimDisproved]("complaint.claim_disproved", "What was reported is contradicted by a document on record.", "反映内容与文件不符。"),
	ledger.Event[Recusal]("complaint.recused", "An account or a unit takes no part in it.", "回避。"),
	ledger.Event[Summarised]("complaint.summarised", "A reviewer wrote what may be published of it.", "可公开的摘要。"),
}

// Lane is how a report came in.
type Lane string

// Anybody may take the open lane; the verified one takes a token or a card.
const (
	Open     Lane = "open"
	Verified Lane = "verified"
)

// Blob names something sealed that lies in the vault. Class is the size class
// it came in; empty for messages of staff, which have one size.
type Blob struct {
	ID    string `json:"id"`   // 32 hex digits
	Hash  string `json:"hash"` // salted, 64 hex digits
	Class string `json:"class,omitempty"`
}

// The size classes of what a reporter sends.
const (
	ClassText     = "text"
	ClassPictures = "pictures"
)

// Filed is all that a cut records of a report. The claim is sealed under the
// claims key; the narrative is a blob that only investigators open.
type Filed struct {
	ID        string      `json:"id"`      // IDOf the box
	Day       ledger.Date `json:"day"`     // of the cut
	Box       string      `json:"box"`     // SHA-256 of the box's id, 64 hex digits
	Signer    string      `json:"signer"`  // the reporter's Ed25519 key, 64 hex digits
	Replies   string      `json:"replies"` // age1…: where messages to the reporter are sealed to
	Lane      Lane        `json:"lane"`
	Key       string      `json:"key,omitempty"`       // issuer key of the verified lane
	Nullifier string      `json:"nullifier,omitempty"` // 64 hex digits; the card's hash for a card
	Claim     string      `json:"claim"`
	Narrative Blob        `json:"narrative"`
}

// Letter is what every follow-up from the box has.
type Letter struct {
	Letter    string      `json:"letter"` // the envelope's id, 64 hex digits
	Day       ledger.Date `json:"day"`    // of the cut
	Narrative Blob        `json:"narrative"`
}

// Replied: Act is what the letter asked for where that was not open at the
// time, which the box then says; empty for a plain reply.
type Replied struct {
	Letter
	Act claim.Act `json:"act,omitempty"`
}

// Withdrawn is followed by Closed: at once, or when nobody else goes on in it.
type Withdrawn struct{ Letter }

// Rated is the reporter's judgement of the last answer.
type Rated struct {
	Letter
	Solved    bool `json:"solved"`
	Satisfied bool `json:"satisfied"`
}

// ReviewAsked asks for 复查.
type ReviewAsked struct{ Letter }

// FinalReviewAsked asks for 复核.
type FinalReviewAsked struct{ Letter }

// RetaliationReported opens a track of its own.
type RetaliationReported struct{ Letter }

// Accepted takes the complaint on; one that was merged and is not answered where
// it went on, to go on alone.
type Accepted struct {
	At time.Time `json:"at"`
}

// NotAccepted: Advice is where the matter belongs.
type NotAccepted struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Advice string    `json:"advice"`
}

// Merged names the complaint that it goes on in.
type Merged struct {
	At     time.Time `json:"at"`
	Into   string    `json:"into"`
	Reason string    `json:"reason,omitempty"`
}

// Dispatched starts the clock of a round: so many working days.
type Dispatched struct {
	At   time.Time `json:"at"`
	To   string    `json:"to"`
	Days int       `json:"days"`
}

// Returned says why it is not the unit's.
type Returned struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Ruled is Dispatched without a way back.
type Ruled struct {
	At     time.Time `json:"at"`
	To     string    `json:"to"`
	Days   int       `json:"days"`
	Reason string    `json:"reason"`
}

// Recalled says why the unit that has it, or answered it, shall handle it no
// more. After an answer it stands for a redo.
type Recalled struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// SignedFor changes no clock: that started with the dispatch.
type SignedFor struct {
	At time.Time `json:"at"`
}

// Paused stops the clock until the end of its last day, which those recorded
// before there was one lack.
type Paused struct {
	At     time.Time   `json:"at"`
	Reason string      `json:"reason"`
	Until  ledger.Date `json:"until,omitempty"`
}

// Resumed lets it run on: before the pause's last day is over, or, from the
// system, once it is.
type Resumed struct {
	At time.Time `json:"at"`
}

// Extended adds working days.
type Extended struct {
	At         time.Time `json:"at"`
	Days       int       `json:"days"`
	ApprovedBy string    `json:"approvedBy"` // unit
	Reason     string    `json:"reason"`
	Reached    int       `json:"reached,omitempty"` // percent of the longer period over by then: 0, 50, 80
}

// Asked: Message is sealed to the reporter and to investigators.
type Asked struct {
	At      time.Time `json:"at"`
	Message Blob      `json:"message"`
}

// Outcome is what an answer says became of the matter.
type Outcome string

// The outcomes.
const (
	Solved    Outcome = "solved"
	Partly    Outcome = "partly"
	NotSolved Outcome = "not_solved"
	Unfounded Outcome = "unfounded"
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{Solved, Partly, NotSolved, Unfounded}

// Answered ends the round's clock.
type Answered struct {
	At      time.Time `json:"at"`
	Message Blob      `json:"message"`
	Outcome Outcome   `json:"outcome"`
}

// FollowedUp: Confirmed says that what the answer claims was found so.
type FollowedUp struct {
	At        time.Time `json:"at"`
	Confirmed bool      `json:"confirmed"`
	Note      string    `json:"note,omitempty"`
}

// Redone starts a round of its own with the same unit.
type Redone struct {
	At     time.Time `json:"at"`
	Days   int       `json:"days"`
	Reason string    `json:"reason"`
}

// How says what closed a complaint.
type How string

// The ways.
const (
	ByRating     How = "rated"   // the reporter rated the answer
	BySilence    How = "unrated" // 办结（未评价）
	ByWithdrawal How = "withdrawn"
	ByReview     How = "reviewed" // the review's decision stood for its time
)

// Closed ends the handling; what is still open to the reporter stays so until
// its day.
type Closed struct {
	At  time.Time `json:"at"`
	How How       `json:"how"`
}

// Decision is what a review comes to.
type Decision string

// The decisions. Only a first review can order to handle it again.
const (
	Upheld  Decision = "upheld"  // 维持
	Changed Decision = "changed" // 变更
	Again   Decision = "again"   // 责令重新办理
)

// ReviewDecided is 复查. Message is sealed to the reporter. By is the account
// that decided, which does not decide the 复核 too.
type ReviewDecided struct {
	At       time.Time `json:"at"`
	Decision Decision  `json:"decision"`
	Message  Blob      `json:"message"`
	By       string    `json:"by,omitempty"`
}

// FinalReviewDecided is 复核. It is followed by Exhausted.
type FinalReviewDecided struct {
	At       time.Time `json:"at"`
	Decision Decision  `json:"decision"`
	Message  Blob      `json:"message"`
}

// Exhausted is 终结.
type Exhausted struct {
	At time.Time `json:"at"`
}

// RetaliationTaken: By is the unit, above the named one; empty for staff of no
// unit.
type RetaliationTaken struct {
	At time.Time `json:"at"`
	By string    `json:"by,omitempty"`
}

// RetaliationAnswered: Message is sealed to the reporter.
type RetaliationAnswered struct {
	At      time.Time `json:"at"`
	Message Blob      `json:"message"`
}

// Reminded at 50 or 80 percent of a round's time.
type Reminded struct {
	Round   int `json:"round"`
	Percent int `json:"percent"`
}

// Supervised at 100 percent.
type Supervised struct {
	Round int `json:"round"`
}

// Escalated 7 days later to the first level above the handling unit, 7 days
// on to the second, and so on.
type Escalated struct {
	Round int    `json:"round"`
	Step  int    `json:"step"` // 1 is the next level
	To    string `json:"to"`
}

// Turn is what somebody other than the reporter has to do next.
type Turn string

// The turns that have a time.
const (
	Assigning  Turn = "assignment"   // to take it on and dispatch it; being with nobody is itself a breach
	Redoing    Turn = "redo"         // to order a redo, or to close, after dissatisfaction
	Reviewing  Turn = "review"       // to decide the 复查
	Finalising Turn = "final_review" // to decide the 复核
	Protecting Turn = "retaliation"  // to take retaliation up, then to answer it
)

// Breached: the N-th turn of this complaint, counted from 1; of Protecting,
// the N-th time that something was owed about retaliation. A turn that is let
// pass counts anew with every such period.
type Breached struct {
	Turn Turn `json:"turn"`
	N    int  `json:"n"`
}

// ClaimVerified names the issuance, of source verified.
type ClaimVerified struct {
	At       time.Time `json:"at"`
	Issuance string    `json:"issuance"`
}

// ClaimDisproved names the document.
type ClaimDisproved struct {
	At       time.Time `json:"at"`
	Document string    `json:"document"`
	Reason   string    `json:"reason"`
}

// Recusal: one of the two. A unit stands for all below it.
type Recusal struct {
	Account string `json:"account,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Reason  string `json:"reason"`
}

// Summarised: at most 300 characters, which no narrative is copied into.
type Summarised struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}
