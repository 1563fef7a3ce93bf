package complaint

import (
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Decide approves more time, once a round and before the time is over. The
// unit that approves is the reviewer's own, where he has one, and neither the
// one that handles it nor below that.
func (c Extend) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Reviewer), s.at(Sent, Handling), checkDays(c.Days, MaxExtension),
		ledger.CheckText("reason", c.Reason, 300, true), s.checkTarget(c.ID, f, "approvedBy", c.ApprovedBy), hasCalendar(f),
	); err != nil {
		return nil, err
	}
	if by.Unit != "" && c.ApprovedBy != by.Unit {
		return nil, ledger.Refuse("complaint.not_own_approval", "只能以本单位名义批准延期。", "Only one's own unit is named as the one that approves.").At("approvedBy")
	}
	if below(s.Handler, c.ApprovedBy) || !unit.Contains(unit.Territory(c.ApprovedBy), s.Handler) {
		return nil, ledger.Refuse("complaint.own_extension", "延期须由承办单位以外、同级或上级的单位批准。", "An extension is approved by another unit than the one that handles it, of its level or above.").At("approvedBy")
	}
	if s.Extended {
		return nil, ledger.Refuse("complaint.extended", "本轮办理已经延期一次，不能再延。", "This round was extended once; it cannot be again.")
	}
	late, err := s.Timing.Clock.Reached(f.Calendar(), at, 100)
	if err != nil {
		return nil, err
	}
	if late {
		return nil, ledger.Refuse("complaint.extend_late", "办理期限已满，不能再延期。", "The time is over; it cannot be extended any more.")
	}
	longer, reached := s.Timing.Clock, 0
	longer.Days += c.Days
	for _, p := range []int{50, 80} {
		is, err := longer.Reached(f.Calendar(), at, p)
		if err != nil {
			return nil, err
		}
		if is {
			reached = p
		}
	}
	return []ledger.Evolver[State]{Extended{at, c.Days, c.ApprovedBy, c.Reason, reached}}, nil
}

// Decide puts a question into the box. No clock hears of it.
func (c Ask) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Investigator),
		s.at(Registered, Taken, Joined, Sent, SentBack, Handling, Replying, Visited, InReview, InFinal), checkBlob("message", c.Message),
	); err != nil {
		return nil, err
	}
	if s.Messages >= MaxMessages {
		return nil, ledger.Refuse("complaint.too_many_messages", "一件最多发出 %d 条消息。", "At most %d messages go into one box.", MaxMessages)
	}
	return []ledger.Evolver[State]{Asked{at, c.Message}}, nil
}

// Decide answers what was signed for.
func (c Answer) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.handler(c.ID, f, by), s.at(Handling), checkBlob("message", c.Message), ledger.CheckWord("outcome", c.Outcome, Outcomes...)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Answered{at, c.Message, c.Outcome}}, nil
}

// Decide records, once an answer, whether it was found true: not by the unit
// that gave the answer.
func (c FollowUp) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator), s.at(Replying), ledger.CheckText("note", c.Note, 300, false)); err != nil {
		return nil, err
	}
	if err := s.notOwn(by); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{FollowedUp{at, c.Confirmed, c.Note}}, nil
}

// Decide orders another round where the reporter is not content or the
// follow-up found the answer untrue.
func (c Redo) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	days := orDefault(c.Days)
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Investigator), s.at(Replying, Visited, Ended),
		checkDays(days, MaxDays), ledger.CheckText("reason", c.Reason, 300, true),
	); err != nil {
		return nil, err
	}
	if err := s.mayRedo(); err != nil {
		return nil, err
	}
	if fact, _ := f.Complaint(c.ID); fact.Named.Untold {
		return nil, untold()
	}
	if s.checkTarget(c.ID, f, "id", s.Handler) != nil {
		return nil, ledger.Refuse("complaint.recall_first", "原承办单位须回避，或者已经并入其他单位，不能由它重办；请收回后另行派单。", "The unit that answered is recused or merged into another by now and cannot redo it; recall it and dispatch it to another.")
	}
	return []ledger.Evolver[State]{Redone{at, days, c.Reason}}, nil
}

// notOwn keeps staff of the unit that answered from judging the answer.
func (s State) notOwn(by ledger.Actor) error {
	if by.Unit == "" || !below(s.Handler, by.Unit) {
		return nil
	}
	return ledger.Errorf(ledger.Forbidden, "complaint.own_answer", "承办单位及其下级不能回访、办结自己的答复。", "A unit does not follow up or close what it answered itself, nor does one below it.")
}

// mayRedo: the answer did not do, and it was not redone too often.
func (s State) mayRedo() error {
	switch {
	case s.Redos >= MaxRedos:
		return ledger.Refuse("complaint.redone_twice", "已经重办 %d 次；反映人仍不满意的，可以申请复查。", "It was redone %d times; who is still not content can ask for a review.", MaxRedos)
	case s.Timing.Turn != Redoing:
		return ledger.Refuse("complaint.not_dissatisfied", "反映人没有表示不满意，回访也没有发现不实，不需要重办。", "Neither is the reporter dissatisfied nor was the answer found untrue; there is nothing to redo.")
	}
	return nil
}

// Decide closes what was rated and followed up. What is not rated is closed
// by silence alone; what the reporter is not content with, or was found
// untrue, is redone first. The unit that answered closes nothing.
func (c Close) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator), s.at(Visited), s.notOwn(by)); err != nil {
		return nil, err
	}
	switch {
	case s.Rating == nil:
		return nil, ledger.Refuse("complaint.not_rated", "反映人还没有评价；满 %d 天没有回音，系统自动办结。", "The reporter has not rated the answer; after %d days of silence it closes by itself.", ReviewDays)
	case !(*s.Checked && s.Rating.Content()) && s.Redos < MaxRedos:
		return nil, ledger.Refuse("complaint.redo_first", "反映人不满意，或者回访发现答复不实，须先重办。", "The reporter is not content, or the answer was found untrue; it has to be redone first.")
	}
	return []ledger.Evolver[State]{Closed{At: at, How: ByRating}}, nil
}

// Decide bears the claim out: by a document that an investigator entered as
// an issuance, never by a report.
func (c VerifyClaim) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Investigator), ledger.CheckID("issuance", c.Issuance), checkRoom(len(s.Issuances))); err != nil {
		return nil, err
	}
	switch source, ok := f.Vouched(c.Issuance); {
	case !ok || source != issuance.Verified:
		return nil, ledger.Refuse("complaint.not_verified", "下达 %s 没有由核查员凭文件录入；请先录入，再核实。", "Issuance %s is not one that an investigator entered from its document; enter it first.", c.Issuance).At("issuance")
	case slices.Contains(s.Issuances, c.Issuance):
		return nil, ledger.Refuse("complaint.linked", "已经登记，不必重复。", "That is on record already.").At("issuance")
	}
	return []ledger.Evolver[State]{ClaimVerified{at, c.Issuance}}, nil
}

// Decide contradicts the claim by a document.
func (c DisproveClaim) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.staff(c.ID, f, by, ledger.Investigator), unit.CheckDocument(f, "document", c.Document, true),
		ledger.CheckText("reason", c.Reason, 300, true), checkRoom(len(s.Documents)),
	); err != nil {
		return nil, err
	}
	if slices.Contains(s.Documents, c.Document) {
		return nil, ledger.Refuse("complaint.linked", "已经登记，不必重复。", "That is on record already.").At("document")
	}
	return []ledger.Evolver[State]{ClaimDisproved{at, c.Document, c.Reason}}, nil
}

func checkRoom(n int) error {
	if n < maxLinks {
		return nil
	}
	return ledger.Refuse("complaint.too_many_links", "一件最多登记 %d 项。", "At most %d go on record for one complaint.", maxLinks)
}

// Decide writes what may be published.
func (c Summarise) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.staff(c.ID, f, by, ledger.Reviewer), ledger.CheckText("text", c.Text, 300, true)); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Summarised{at, c.Text}}, nil
}
