package finding

import (
	"slices"
	"time"

	"suyuan/services/ledger"
)

// Decide counts a vote of the panel, once everybody had notice, was heard and
// was answered. The second one for it issues the finding; one against it sends
// it back.
func (c CastVote) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.reviewer(c.ID, f, by, Hearing), s.same(c.Version), ledger.CheckText("reason", c.Reason, maxReason, !c.Agrees), s.ready(f, at),
	); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(s.Votes, func(v Vote) bool { return v.Account == by.Account }) {
		return nil, ledger.Errorf(ledger.Conflict, "finding.voted_already", "您已经表决，须由另一位审议员表决。", "You voted already; another reviewer has to.")
	}
	voted := Voted{at, by.Account, by.Unit, c.Version, c.Agrees, c.Reason}
	switch {
	case !c.Agrees:
		return []ledger.Evolver[State]{voted, SentBack{c.Version, c.Reason}}, nil
	case len(s.Votes)+1 < Panel:
		return []ledger.Evolver[State]{voted}, nil
	case s.made(by.Account) && s.made(s.Votes[0].Account):
		return nil, ledger.Errorf(ledger.Forbidden, "finding.makers_only", "合议二人中起草或者改定份额的至多一人，请由没有起草的审议员表决。", "At most one of the two who decide may have drafted or set the shares; a reviewer who did not has to vote.")
	}
	terms, err := periods(f, at)
	if err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{voted, Issued{at, c.Version, terms.AppealDays}}, nil
}

// made reports whether an account drafted, or made a version.
func (s State) made(account string) bool {
	return account == s.Drafter || slices.ContainsFunc(s.Versions, func(v Version) bool { return v.By == account })
}

// ready refuses a vote for as long as a unit still has to be told, heard or
// answered.
func (s State) ready(f Facts, at time.Time) error {
	if err := s.somebody(); err != nil {
		return err
	}
	if owed := s.owed(); len(owed) > 0 {
		return ledger.Refuse("finding.notice_owed", "%s 还没有被告知现在的份额，须先告知并等待陈述申辩。", "%s had no notice of its share as it is now; give notice and wait for replies first.", owed[0].Unit)
	}
	for _, n := range s.Notices {
		if s.replied(n) {
			continue
		}
		over, err := n.over(f.Calendar(), at)
		if err != nil {
			return err
		}
		if !over {
			return ledger.Refuse("finding.period_runs", "%s 的陈述申辩期未满，也还没有陈述。", "The period of %s to reply still runs, and it did not reply yet.", n.Unit)
		}
	}
	for i, r := range s.Replies {
		switch {
		case r.State == ReplyPending:
			return ledger.Refuse("finding.reply_unanswered", "第 %d 号陈述申辩还没有答复。", "Reply %d is not answered yet.", i+1)
		case r.State == ReplyAccepted && !r.Followed:
			return ledger.Refuse("finding.reply_not_followed", "第 %d 号陈述申辩已被采纳，须据此重新计算或者另定份额。", "Reply %d was accepted: compute anew or set other shares for it first.", i+1)
		case r.Hearing && !r.Heard:
			return ledger.Refuse("finding.hearing_owed", "%s 申请听证，须先举行听证。", "%s asked for a hearing; hold it first.", r.Unit)
		}
	}
	for _, m := range s.Mirrors {
		if m.State == MirrorPending {
			return ledger.Refuse("finding.mirror_pending", "%s 还没有就同步问责事项回应，期限也未满。", "%s did not answer the mirrored item yet, and its time is not over.", m.Unit)
		}
	}
	e, err := explain(f, s.Outcome, s.Versions[0].Policy, s.Charged)
	if err != nil {
		return err
	}
	if !s.current(e) {
		return ledger.Refuse("finding.late_facts", "起草之后又有事实入册，会改变计算依据；请先重新计算。", "Facts came on record since that change what it rests on; compute anew first.")
	}
	for _, r := range f.Rounds(s.Outcome) {
		if r.Round < s.Round && r.Stage == OnAppeal {
			return ledger.Refuse("finding.prior_on_appeal", "前一轮认定 %s 正在申诉，申诉决定之后再行表决。", "An appeal against %s runs; vote once it is decided.", r.ID)
		}
	}
	return nil
}

// Decide takes the finding back before it is issued. Once units had notice it
// is theirs too: then one reviewer asks for it and another agrees.
func (c Withdraw) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.reviewer(c.ID, f, by, underway...), checkReason(c.Reason)); err != nil {
		return nil, err
	}
	switch {
	case len(s.Notices) == 0:
	case s.Leaving.Account == by.Account:
		return nil, ledger.Errorf(ledger.Conflict, "finding.withdrawal_proposed", "您已经提议撤回，须由另一位审议员同意。", "You asked that it be withdrawn; another reviewer has to agree.")
	case s.Leaving.Account == "":
		return []ledger.Evolver[State]{WithdrawalProposed{at, by.Account, by.Unit, s.Current().N, c.Reason}}, nil
	}
	return []ledger.Evolver[State]{Withdrawn{at, by.Account, c.Reason}}, nil
}
