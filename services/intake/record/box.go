package record

import (
	"slices"
	"time"

	"suyuan/services/complaint"
	"suyuan/services/intake"
	"suyuan/services/ledger"
	"suyuan/services/view/docket"
)

// box is what the docket holds of a complaint that its reporter may see. One
// that goes on in another is shown as far as that one has come, from the day on
// which it was merged, and nowhere that it was: a merger tells whoever sent the
// one that the other is there. For the same reason one that was taken back is
// shown closed, though it may go on for others.
func (l *Ledger) box(d *docket.Docket, c *docket.Complaint) intake.Box {
	now := l.clock()
	s := &c.State
	state, handler, timing := s.Stage, s.Handler, s.Timing
	if into := d.Into(c); into != nil && s.Stage == complaint.Joined {
		since, _ := c.Together()
		state, handler, timing = into.State.Stage, into.State.Handler, into.State.Timing
		if since.After(timing.Clock.Started) {
			timing.Clock.Started = since // as if it had been sent with the others
		}
	}
	if s.Withdrew {
		state, handler, timing = complaint.Ended, handlerWhen(c, takenBack(c)), complaint.Timing{}
	}
	out := intake.Box{
		Complaint: c.ID, Filed: c.Day(), Ordinal: c.Ordinal, Lane: string(s.Filed.Lane), State: string(state), Unread: c.Untold,
		Unit: handler, Clock: l.running(timing, now),
	}
	along := d.Along(c)
	for _, step := range along.Open(ledger.DateOf(now)) {
		out.May = append(out.May, intake.May{Act: string(step.Act), Until: step.By})
	}
	for _, s := range steps(d, c) {
		told, shown := forReporters[s.What]
		if !shown {
			continue
		}
		step := intake.Step{What: s.What, Day: ledger.DateOf(s.At), Unit: s.To, Word: s.Word}
		if told {
			step.Text = s.Text
		}
		if s.What == "complaint.claim_verified" {
			step.Unit = ""
			out.Changed = append(out.Changed, intake.Change{What: "claim_verified", ID: s.To, Day: step.Day})
		}
		out.History = append(out.History, step)
	}
	return out
}

// steps are those that a reporter is told of, in order.
func steps(d *docket.Docket, c *docket.Complaint) []docket.Step {
	list := c.Steps
	if into := d.Into(c); into != nil {
		since, until := c.Together()
		list = inCommon(c, into, since, until)
	}
	if back := takenBack(c); !back.IsZero() {
		list = slices.DeleteFunc(slices.Clone(list), func(s docket.Step) bool {
			return s.What == "complaint.closed" || s.At.After(back) && !own[s.What]
		})
		at := slices.IndexFunc(list, func(s docket.Step) bool { return s.What == "complaint.withdrawn" })
		list = slices.Insert(list, at+1, docket.Step{What: "complaint.closed", At: back, Word: string(complaint.ByWithdrawal)})
	}
	return list
}

// own are the steps that a reporter takes, and what is told of retaliation,
// which is a track of its own.
var own = map[string]bool{
	"complaint.replied": true, "complaint.withdrawn": true, "complaint.retaliation_reported": true, "complaint.asked": true,
	"complaint.retaliation_taken": true, "complaint.retaliation_answered": true,
}

// takenBack is when the reporter took a complaint back; zero where that was
// not.
func takenBack(c *docket.Complaint) (at time.Time) {
	for _, s := range c.Steps {
		if s.What == "complaint.withdrawn" {
			at = s.At
		}
	}
	return at
}

// handlerWhen is who had a complaint at a moment.
func handlerWhen(c *docket.Complaint, at time.Time) (code string) {
	for _, s := range c.Steps {
		if (s.What == "complaint.dispatched" || s.What == "complaint.ruled") && !s.At.After(at) {
			code = s.To
		}
	}
	return code
}

// messages are those to the reporter, oldest first: the ones to this complaint,
// and the answers given while it went on in another. After it was taken back
// there are none but about retaliation, and questions.
func messages(d *docket.Docket, c *docket.Complaint) []docket.Message {
	list := slices.Clone(c.Messages)
	if into := d.Into(c); into != nil {
		since, until := c.Together()
		for _, m := range into.Messages {
			again := slices.ContainsFunc(c.Messages, func(mine docket.Message) bool { return mine.Blob.ID == m.Blob.ID })
			if m.Shared() && !again && !m.At.Before(since) && (until.IsZero() || m.At.Before(until)) {
				list = append(list, m)
			}
		}
		slices.SortStableFunc(list, func(a, b docket.Message) int { return a.At.Compare(b.At) })
	}
	if back := takenBack(c); !back.IsZero() {
		list = slices.DeleteFunc(list, func(m docket.Message) bool { return m.At.After(back) && !own[m.What] })
	}
	return list
}

// inCommon are the steps of a complaint with those of the one that it went on
// in, from when until when it did, without a reason: that was written about the
// other. What set it on its way alone again tells what is told already.
func inCommon(c, into *docket.Complaint, since, until time.Time) []docket.Step {
	steps := slices.Clone(c.Steps)
	before := func(s docket.Step) bool { return handled[s.What] && (until.IsZero() || s.At.Before(until)) }
	if !until.IsZero() {
		steps = slices.DeleteFunc(steps, func(own docket.Step) bool {
			told := func(s docket.Step) bool { return s.What == own.What && before(s) }
			return caughtUp[own.What] && own.At.Equal(until) && slices.ContainsFunc(into.Steps, told)
		})
	}
	accepted := slices.ContainsFunc(steps, func(s docket.Step) bool { return s.What == "complaint.accepted" })
	for _, s := range into.Steps {
		if !before(s) || accepted && s.What == "complaint.accepted" {
			continue
		}
		s.Text = ""
		if s.What == "complaint.closed" {
			s.Word = "" // by what the other's reporter did, perhaps
		}
		if s.At.Before(since) {
			s.At = since
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b docket.Step) int { return a.At.Compare(b.At) })
	return steps
}

// caughtUp are the steps with which a complaint goes on alone.
var caughtUp = map[string]bool{"complaint.dispatched": true, "complaint.signed_for": true, "complaint.answered": true}

// handled are the steps of those who handle it, which all complaints that were
// merged have in common.
var handled = map[string]bool{
	"complaint.accepted": true, "complaint.dispatched": true, "complaint.returned": true, "complaint.ruled": true, "complaint.recalled": true, "complaint.signed_for": true,
	"complaint.paused": true, "complaint.resumed": true, "complaint.extended": true, "complaint.answered": true, "complaint.followed_up": true,
	"complaint.redone": true, "complaint.closed": true, "complaint.review_decided": true, "complaint.final_review_decided": true,
	"complaint.exhausted": true, "complaint.supervised": true, "complaint.escalated": true,
}

// forReporters are the steps that a box shows, and of which the reason too.
var forReporters = map[string]bool{
	"complaint.filed": false, "complaint.replied": false, "complaint.withdrawn": false, "complaint.rated": false,
	"complaint.review_asked": false, "complaint.final_review_asked": false, "complaint.retaliation_reported": false,
	"complaint.accepted": false, "complaint.not_accepted": true, "complaint.dispatched": false,
	"complaint.returned": false, "complaint.ruled": false, "complaint.recalled": false, "complaint.signed_for": false, "complaint.paused": true, "complaint.resumed": false,
	"complaint.extended": true, "complaint.asked": false, "complaint.answered": false, "complaint.followed_up": false, "complaint.redone": true,
	"complaint.closed": false, "complaint.review_decided": false, "complaint.final_review_decided": false, "complaint.exhausted": false,
	"complaint.retaliation_taken": false, "complaint.retaliation_answered": false, "complaint.supervised": false, "complaint.escalated": false,
	"complaint.claim_verified": false, "complaint.claim_disproved": true,
}

// running is the round's clock; what the calendar does not know is left out.
func (l *Ledger) running(t complaint.Timing, now time.Time) (out intake.Clock) {
	if !t.Running {
		return out
	}
	out.Days, out.Paused = t.Clock.Days, t.Clock.Paused(now)
	if out.Paused {
		out.Until = t.PausedUntil()
	}
	if used, err := t.Clock.Used(l.calendar, now); err == nil {
		out.Used = used
	}
	if due, err := t.Clock.LastDay(l.calendar); err == nil {
		out.Due = due
	}
	return out
}
