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
// that was merged is shown as it would stand alone, and nowhere that it was: a
// merger tells whoever sent the one that the other is there. For the same
// reason one that was taken back is shown closed, though it may go on for
// others.
func (l *Ledger) box(d *docket.Docket, c *docket.Complaint) intake.Box {
	now := l.clock()
	alone := d.Alone(c, now)
	s := &alone.State
	state, handler, timing := s.Stage, s.Handler, s.Timing
	if s.Withdrew {
		state, handler, timing = complaint.Ended, handlerWhen(alone.Steps[:withdrawn(alone.Steps)+1]), complaint.Timing{}
	}
	out := intake.Box{
		Complaint: c.ID, Filed: c.Day(), Ordinal: c.Ordinal, Lane: string(s.Filed.Lane), State: string(state), Unread: c.Untold,
		Unit: handler, Clock: l.running(timing, now),
	}
	for _, step := range s.Open(ledger.DateOf(now)) {
		out.May = append(out.May, intake.May{Act: string(step.Act), Until: step.By})
	}
	for _, s := range steps(c, alone) {
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
func steps(c *docket.Complaint, alone docket.Alone) []docket.Step {
	list := alone.Steps
	if back := takenBack(c); !back.IsZero() {
		at := withdrawn(list)
		kept := func(s docket.Step) bool { return s.What != "complaint.closed" }
		list = slices.Concat(only(list[:at+1], kept),
			[]docket.Step{{What: "complaint.closed", At: back, Word: string(complaint.ByWithdrawal)}},
			only(list[at+1:], func(s docket.Step) bool { return own[s.What] }))
	}
	return list
}

func only(list []docket.Step, kept func(docket.Step) bool) (out []docket.Step) {
	for _, s := range list {
		if kept(s) {
			out = append(out, s)
		}
	}
	return out
}

// withdrawn is which of the steps took it back last.
func withdrawn(list []docket.Step) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].What == "complaint.withdrawn" {
			return i
		}
	}
	return -1
}

// own are the steps that a reporter takes, and what is told of retaliation,
// which is a track of its own.
var own = map[string]bool{
	"complaint.replied": true, "complaint.withdrawn": true, "complaint.retaliation_reported": true, "complaint.asked": true,
	"complaint.retaliation_taken": true, "complaint.retaliation_answered": true,
}

// takenBack is when the reporter took a complaint back; zero where that was
// not, or was asked for a review after, as once could be.
func takenBack(c *docket.Complaint) (at time.Time) {
	for _, s := range c.Steps {
		switch s.What {
		case "complaint.withdrawn":
			at = s.At
		case "complaint.review_asked", "complaint.final_review_asked":
			at = time.Time{}
		}
	}
	return at
}

// handlerWhen is who had a complaint after some of its steps.
func handlerWhen(steps []docket.Step) (code string) {
	for _, s := range steps {
		if s.What == "complaint.dispatched" || s.What == "complaint.ruled" {
			code = s.To
		}
	}
	return code
}

// messages are those to the reporter, oldest first. After a complaint was taken
// back there are none but about retaliation, and questions.
func messages(d *docket.Docket, c *docket.Complaint, now time.Time) []docket.Message {
	list := d.Alone(c, now).Messages
	if back := takenBack(c); !back.IsZero() {
		late := func(m docket.Message) bool { return m.At.After(back) && !own[m.What] }
		list = slices.DeleteFunc(slices.Clone(list), func(m docket.Message) bool { return late(m) && slices.Contains(c.Messages, m) })
	}
	return list
}

// forReporters are the steps that a box shows, and of which the reason too. Why
// the clock was stopped or more time was given is written about one of those
// that are handled together: shown to one alone, it would tell the others apart.
var forReporters = map[string]bool{
	"complaint.filed": false, "complaint.replied": false, "complaint.withdrawn": false, "complaint.rated": false,
	"complaint.review_asked": false, "complaint.final_review_asked": false, "complaint.retaliation_reported": false,
	"complaint.accepted": false, "complaint.not_accepted": true, "complaint.dispatched": false,
	"complaint.returned": false, "complaint.ruled": false, "complaint.recalled": false, "complaint.signed_for": false, "complaint.paused": false, "complaint.resumed": false,
	"complaint.extended": false, "complaint.asked": false, "complaint.answered": false, "complaint.followed_up": false, "complaint.redone": true,
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
