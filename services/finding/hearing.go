package finding

import (
	"slices"
	"time"

	"suyuan/services/ledger"
	"suyuan/services/unit"
)

func unknownUnit(field, code string) error { return unit.Unknown(code).At("%s", field) }

// Decide gives notice to all who have to have it, with the periods that hold
// on the day. Who that is, is no choice.
func (c Notify) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.reviewer(c.ID, f, by, Passed, Hearing), s.somebody(), s.capped()); err != nil {
		return nil, err
	}
	owed := s.owed()
	if len(owed) == 0 {
		return nil, ledger.Refuse("finding.nobody_to_notify", "应当告知的单位都已告知，份额没有增加。", "Every unit that has to have notice had it, and none is charged more since.")
	}
	terms, err := periods(f, at)
	if err != nil {
		return nil, err
	}
	if f.Calendar() == nil {
		return nil, errNoCalendar
	}
	return []ledger.Evolver[State]{Notified{at, s.Current().N, owed, terms.NoticeDays, terms.MirrorDays}}, nil
}

// capped: what an appeal took from a unit is not charged to it again by the
// next round, unless facts are new.
func (s State) capped() error {
	for _, c := range s.Caps {
		if of(s.Current().Shares, c.Unit).Points > c.Points {
			return ledger.Refuse("finding.relieved", "申诉已经减去 %[1]s 的份额，没有新的事实，本轮不能超过 %[2]d；请另定份额。", "An appeal took from what %[1]s bears; without new facts it cannot be charged more than %[2]d now. Set other shares.", c.Unit, c.Points)
		}
	}
	return nil
}

// running refuses what comes after a unit's period.
func (n Notice) running(f Facts, at time.Time) error {
	over, err := n.over(f.Calendar(), at)
	if err == nil && over {
		err = ledger.Refuse("finding.reply_late", "%s 的陈述申辩期已满。", "The period of %s to reply is over.", n.Unit)
	}
	return err
}

// Decide keeps a unit's statement in defence, within its period.
func (c Respond) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	code, err := s.party(c.ID, f, by, s.noticed())
	if err != nil {
		return nil, err
	}
	notice, _ := s.notice(code)
	if err := ledger.First(s.at(underway...), notice.running(f, at), checkStatement(f, c.Text, c.Document)); err != nil {
		return nil, err
	}
	n := 1
	for _, r := range s.Replies {
		if r.Unit == code {
			n++
		}
	}
	if n > maxReplies {
		return nil, ledger.Refuse("finding.too_many_replies", "一个单位最多陈述 %d 次；其余意见请在听证时提出。", "A unit can reply %d times; bring what is left to a hearing.", maxReplies)
	}
	return []ledger.Evolver[State]{Replied{at, len(s.Replies) + 1, code, c.Text, c.Document, c.Hearing}}, nil
}

// Decide gives a unit more time, once for each notice and while it runs.
func (c Extend) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.reviewer(c.ID, f, by, underway...), checkReason(c.Reason)); err != nil {
		return nil, err
	}
	notice, ok := s.notice(c.Unit)
	if !ok {
		return nil, notNoticed(c.Unit).At("unit")
	}
	if notice.Extended {
		return nil, ledger.Refuse("finding.extended_already", "%s 的陈述申辩期已经延长过一次。", "The period of %s was extended once already.", c.Unit).At("unit")
	}
	terms, err := periods(f, at)
	if err := ledger.First(notice.running(f, at), err); err != nil {
		return nil, err
	}
	return []ledger.Evolver[State]{Extended{at, c.Unit, terms.ExtensionDays, c.Reason}}, nil
}

func notNoticed(code string) *ledger.Error {
	return ledger.Refuse("finding.not_noticed", "%s 未被告知，不是本件的当事单位。", "%s had no notice and is no party here.", code)
}

// Decide puts a hearing on record, of units that had notice.
func (c HoldHearing) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(
		s.reviewer(c.ID, f, by, underway...),
		ledger.CheckCount("hearings", s.Hearings+1, 1, maxHearings),
		ledger.CheckCount("units", len(c.Units), 1, maxShares), ledger.CheckDate("on", c.On, true),
		ledger.CheckText("record", c.Record, maxText, true), unit.CheckDocument(f, "document", c.Document, true),
	); err != nil {
		return nil, err
	}
	for i, code := range c.Units {
		if _, ok := s.notice(code); !ok || slices.Contains(c.Units[:i], code) {
			return nil, notNoticed(code).At("units[%d]", i)
		}
	}
	for i, code := range c.Absent {
		if !slices.Contains(c.Units, code) || slices.Contains(c.Absent[:i], code) {
			return nil, ledger.Refuse("finding.absent_unasked", "%s 不在通知参加听证的单位之内，不能记为缺席。", "%s was not asked to the hearing and cannot have stayed away.", code).At("absent[%d]", i)
		}
	}
	if c.On.Time().After(at) || c.On.Time().Before(ledger.DateOf(s.Notices[0].At).Time()) {
		return nil, ledger.Refuse("finding.hearing_day", "听证日期应在首次告知之后，且不晚于今天。", "A hearing lies after the first notice and not in the future.").At("on")
	}
	return []ledger.Evolver[State]{HearingHeld{at, by.Account, c.On, c.Units, c.Absent, c.Record, c.Document}}, nil
}

// Decide accepts a reply, which a version has then to follow, or rejects it
// with reasons.
func (c AnswerReply) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if err := ledger.First(s.reviewer(c.ID, f, by, underway...), checkReason(c.Reason)); err != nil {
		return nil, err
	}
	switch {
	case c.Reply < 1 || c.Reply > len(s.Replies):
		return nil, ledger.Errorf(ledger.NotFound, "finding.reply_unknown", "没有第 %d 号陈述申辩。", "There is no reply %d.", c.Reply).At("reply")
	case s.Replies[c.Reply-1].State != ReplyPending:
		return nil, ledger.Errorf(ledger.Conflict, "finding.reply_answered", "第 %d 号陈述申辩已经答复。", "Reply %d was answered already.", c.Reply).At("reply")
	}
	return []ledger.Evolver[State]{ReplyAnswered{at, by.Account, c.Reply, c.Accepted, c.Reason}}, nil
}

// Decide keeps what a unit says about its own part, also when it is late.
func (c AnswerMirror) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	var units []string
	for _, m := range s.Mirrors {
		if m.State != MirrorLifted {
			units = append(units, m.Unit)
		}
	}
	code, err := s.party(c.ID, f, by, units)
	if err := ledger.First(err, s.at(Draft, Passed, Hearing, Decided, OnAppeal, Upheld, Varied, Final), checkStatement(f, c.Text, c.Document)); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(s.Mirrors, func(m Mirror) bool { return m.Unit == code && m.State == MirrorDone }) {
		return nil, ledger.Errorf(ledger.Conflict, "finding.mirror_answered", "%s 已经回应。", "%s answered already.", code)
	}
	return []ledger.Evolver[State]{MirrorAnswered{at, code, c.Text, c.Document}}, nil
}
