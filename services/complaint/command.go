package complaint

import (
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// Commands of the stream complaint-<id>.
var Commands = []ledger.CommandDef{
	ledger.Command[File]("complaint.file", "Put a sealed report on record. Role: the system, at a cut."),
	ledger.Command[Hear]("complaint.hear", "Put a follow-up from the reporter's box on record. Role: the system, at a cut."),

	ledger.Command[Accept]("complaint.accept", "Take a complaint on. Role: investigator."),
	ledger.Command[Decline]("complaint.decline", "Do not take a complaint on, and say where it belongs. Role: investigator."),
	ledger.Command[Merge]("complaint.merge", "Let a complaint go on within another about the same matter. Role: investigator."),
	ledger.Command[Dispatch]("complaint.dispatch", "Send a complaint to the unit that handles it. Role: investigator."),
	ledger.Command[Rule]("complaint.rule", "Settle who handles a complaint that came back twice. Role: investigator."),
	ledger.Command[Return]("complaint.return", "Send a complaint back as not one's own, within 5 working days. Role: clerk of the handling unit."),
	ledger.Command[Recall]("complaint.recall", "Take a complaint from the unit that has it, to dispatch it anew. Role: investigator."),
	ledger.Command[SignFor]("complaint.sign_for", "Sign for a complaint. Role: clerk of the handling unit."),
	ledger.Command[Pause]("complaint.pause", "Stop the clock for a reason, until a last day. Role: investigator."),
	ledger.Command[Resume]("complaint.resume", "Let the clock run on. Role: investigator."),
	ledger.Command[Extend]("complaint.extend", "Approve more time, once a round. Role: reviewer."),
	ledger.Command[Ask]("complaint.ask", "Ask the reporter something. Role: investigator."),
	ledger.Command[Answer]("complaint.answer", "Answer the complaint. Role: clerk of the handling unit."),
	ledger.Command[FollowUp]("complaint.follow_up", "Say whether an answer was found true. Role: investigator."),
	ledger.Command[Redo]("complaint.redo", "Order to handle it again, at most twice. Role: investigator."),
	ledger.Command[Close]("complaint.close", "Close a complaint that was rated and followed up. Role: investigator."),
	ledger.Command[DecideReview]("complaint.decide_review", "Decide the review or the final review that was asked for. Role: reviewer."),
	ledger.Command[TakeRetaliation]("complaint.take_retaliation", "Take reported retaliation up. Role: investigator or reviewer of a unit above the named one."),
	ledger.Command[AnswerRetaliation]("complaint.answer_retaliation", "Answer what was done about retaliation. Role: as for take_retaliation."),
	ledger.Command[VerifyClaim]("complaint.verify_claim", "Bear a claim out by an issuance of source verified. Role: investigator."),
	ledger.Command[DisproveClaim]("complaint.disprove_claim", "Contradict a claim by a document. Role: investigator."),
	ledger.Command[Recuse]("complaint.recuse", "Take an account or a unit out. Role: investigator, reviewer."),
	ledger.Command[Summarise]("complaint.summarise", "Write what may be published. Role: reviewer."),

	ledger.Command[Remind]("complaint.remind", "Remind at 50 or 80 percent. Role: the system."),
	ledger.Command[Supervise]("complaint.supervise", "Put under supervision at 100 percent. Role: the system."),
	ledger.Command[Escalate]("complaint.escalate", "Tell the next level. Role: the system."),
	ledger.Command[CloseUnrated]("complaint.close_unrated", "Close after 30 days of silence. Role: the system."),
	ledger.Command[Breach]("complaint.breach", "Record that a turn was let pass. Role: the system."),
	ledger.Command[RunOn]("complaint.run_on", "Record that a pause is over. Role: the system."),
	ledger.Command[Settle]("complaint.settle", "End what everybody took back, and let go on alone what no answer comes to from where it was merged. Role: the system."),
}

// File puts a report on record.
type File Filed

// Hear puts a letter from the box on record. One that asks for what is not
// open at the time is kept as a reply that names the act; it is never lost.
type Hear struct {
	ID        string      `json:"id"`
	Letter    string      `json:"letter"`
	Day       ledger.Date `json:"day"`
	Act       claim.Act   `json:"act"`
	Solved    *bool       `json:"solved,omitempty"`
	Satisfied *bool       `json:"satisfied,omitempty"`
	Narrative Blob        `json:"narrative"`
}

// Accept takes it on.
type Accept struct {
	ID string `json:"id"`
}

// Decline does not.
type Decline struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
	Advice string `json:"advice"`
}

// Merge lets it go on in another.
type Merge struct {
	ID     string `json:"id"`
	Into   string `json:"into"`
	Reason string `json:"reason,omitempty"`
}

// Dispatch sends it; Days are working days, DefaultDays where left out.
type Dispatch struct {
	ID   string `json:"id"`
	To   string `json:"to"`
	Days int    `json:"days,omitempty"`
}

// Rule settles who handles it.
type Rule struct {
	ID     string `json:"id"`
	To     string `json:"to"`
	Days   int    `json:"days,omitempty"`
	Reason string `json:"reason"`
}

// Return sends it back.
type Return struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Recall takes it from the unit that has it, or that answered what has to be
// redone.
type Recall struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// SignFor signs for it.
type SignFor struct {
	ID string `json:"id"`
}

// Pause stops the clock until the end of a day; the last one there can be where
// none is given.
type Pause struct {
	ID     string      `json:"id"`
	Reason string      `json:"reason"`
	Until  ledger.Date `json:"until,omitempty"`
}

// Resume lets it run on.
type Resume struct {
	ID string `json:"id"`
}

// Extend adds working days.
type Extend struct {
	ID         string `json:"id"`
	Days       int    `json:"days"`
	ApprovedBy string `json:"approvedBy"`
	Reason     string `json:"reason"`
}

// Ask asks; the message is in the vault before.
type Ask struct {
	ID      string `json:"id"`
	Message Blob   `json:"message"`
}

// Answer answers.
type Answer struct {
	ID      string  `json:"id"`
	Message Blob    `json:"message"`
	Outcome Outcome `json:"outcome"`
}

// FollowUp says what was found.
type FollowUp struct {
	ID        string `json:"id"`
	Confirmed bool   `json:"confirmed"`
	Note      string `json:"note,omitempty"`
}

// Redo orders another round.
type Redo struct {
	ID     string `json:"id"`
	Days   int    `json:"days,omitempty"`
	Reason string `json:"reason"`
}

// Close closes it.
type Close struct {
	ID string `json:"id"`
}

// DecideReview decides whichever review is under way.
type DecideReview struct {
	ID       string   `json:"id"`
	Decision Decision `json:"decision"`
	Message  Blob     `json:"message"`
}

// TakeRetaliation takes it up.
type TakeRetaliation struct {
	ID string `json:"id"`
}

// AnswerRetaliation answers it.
type AnswerRetaliation struct {
	ID      string `json:"id"`
	Message Blob   `json:"message"`
}

// VerifyClaim bears it out.
type VerifyClaim struct {
	ID       string `json:"id"`
	Issuance string `json:"issuance"`
}

// DisproveClaim contradicts it.
type DisproveClaim struct {
	ID       string `json:"id"`
	Document string `json:"document"`
	Reason   string `json:"reason"`
}

// Recuse takes one of the two out.
type Recuse struct {
	ID      string `json:"id"`
	Account string `json:"account,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Reason  string `json:"reason"`
}

// Summarise writes a summary; the newest one holds.
type Summarise struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Remind reminds of a round once for each percentage.
type Remind struct {
	ID      string `json:"id"`
	Round   int    `json:"round"`
	Percent int    `json:"percent"`
}

// Supervise supervises a round once.
type Supervise struct {
	ID    string `json:"id"`
	Round int    `json:"round"`
}

// Escalate takes a round one level up.
type Escalate struct {
	ID    string `json:"id"`
	Round int    `json:"round"`
	Step  int    `json:"step"`
}

// CloseUnrated closes after the silence that follows the N-th answer.
type CloseUnrated struct {
	ID string `json:"id"`
	N  int    `json:"n"`
}

// Breach records the N-th time that a turn was owed and let pass.
type Breach struct {
	ID   string `json:"id"`
	Turn Turn   `json:"turn"`
	N    int    `json:"n"`
}

// RunOn ends the N-th pause of a round, whose last day is over.
type RunOn struct {
	ID    string `json:"id"`
	Round int    `json:"round"`
	N     int    `json:"n"`
}

// Settle does what a merger left to be done.
type Settle struct {
	ID string `json:"id"`
}

// Stream names the complaint's stream.
func (c Settle) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c RunOn) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c File) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Hear) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Accept) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Decline) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Merge) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Dispatch) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Rule) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Return) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Recall) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c SignFor) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Pause) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Resume) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Extend) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Ask) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Answer) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c FollowUp) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Redo) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Close) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c DecideReview) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c TakeRetaliation) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c AnswerRetaliation) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c VerifyClaim) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c DisproveClaim) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Recuse) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Summarise) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Remind) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Supervise) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Escalate) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c CloseUnrated) Stream() string { return stream(c.ID) }

// Stream names the complaint's stream.
func (c Breach) Stream() string { return stream(c.ID) }

func stream(id string) string { return "complaint-" + id }
