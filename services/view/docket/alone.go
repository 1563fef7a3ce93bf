package docket

import (
	"math"
	"slices"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/ledger"
)

// Alone is a complaint as its reporter may know it: as it could stand had it
// never been merged. One that was goes the way of what it goes on in from that
// day up to the first answer after it, with clocks of its own; from there
// nothing that is done for another reporter, or by one, is told.
type Alone struct {
	State    complaint.State
	Steps    []Step
	Messages []Message
}

// Alone tells how a complaint stands for its reporter at a moment.
func (d *Docket) Alone(c *Complaint, now time.Time) Alone {
	merged := c.mergedAt()
	if merged < 0 {
		return Alone{c.State, c.Steps, c.Messages}
	}
	f := d.follow(c, true)
	out := Alone{State: c.State, Messages: slices.Clone(c.Messages)}
	after := c.Steps[merged+1:]
	if c.State.Stage == complaint.Joined {
		f.run(now)
		f.silent(now)
		out.State = f.State
	} else if at := left(after); at < len(after) {
		f.run(after[at].At)
		after = f.withoutTold(after, at)
	}
	if m := f.answer; m != nil {
		out.Messages = slices.DeleteFunc(out.Messages, func(own Message) bool { return own.Blob.ID == m.Blob.ID })
		out.Messages = append(out.Messages, *m)
		slices.SortStableFunc(out.Messages, func(a, b Message) int { return a.At.Compare(b.At) })
	}
	out.Steps = slices.Clone(c.Steps[:merged])
	for _, s := range f.steps {
		for len(after) > 0 && after[0].before(s) {
			out.Steps, after = append(out.Steps, after[0]), after[1:]
		}
		out.Steps = append(out.Steps, s)
	}
	out.Steps = append(out.Steps, after...)
	return out
}

// before reports whether a step was taken before another, of which there may be
// no event: what the cut brings is dated by the start of its day.
func (s *Step) before(other Step) bool {
	if other.Ordinal == 0 {
		return s.At.Before(other.At)
	}
	return s.Ordinal < other.Ordinal
}

// Awaiting are the complaints that go on in one whose reporters wait for the
// first answer still, those that were merged first before the others: to them
// its next answer is given as well.
func (d *Docket) Awaiting(c *Complaint) (list []*Complaint) {
	for _, other := range d.Going(c) {
		if d.follow(other, false).answer == nil {
			list = append(list, other)
		}
	}
	return list
}

// mergedAt is which of its steps was the last merger, -1 for none.
func (c *Complaint) mergedAt() int {
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if c.Steps[i].What == "complaint.merged" {
			return i
		}
	}
	return -1
}

// left is which of the steps after a merger sets a complaint on its way alone
// again, all of their number for none.
func left(after []Step) int {
	for i, s := range after {
		switch s.What {
		case "complaint.accepted", "complaint.dispatched", "complaint.closed":
			return i
		}
	}
	return len(after)
}

// withoutTold leaves out of the steps with which a complaint goes on alone what
// was told before.
func (f *follower) withoutTold(after []Step, at int) []Step {
	told := func(i int, what string) bool {
		before := f.accepted && what == "complaint.accepted"
		return i < len(after) && after[i].What == what && (before || slices.ContainsFunc(f.steps, func(s Step) bool { return s.What == what }))
	}
	to := at
	for _, what := range []string{"complaint.accepted", "complaint.dispatched", "complaint.signed_for"} {
		if told(to, what) {
			to++
		}
	}
	own := slices.ContainsFunc(f.c.Messages, func(m Message) bool { return f.answer != nil && m.Blob.ID == f.answer.Blob.ID })
	if own && told(to, toldAnswer) { // ledgers of before hold later answers
		to++
	}
	return append(slices.Clone(after[:at]), after[to:]...)
}

// follower goes the way of what a complaint goes on in.
type follower struct {
	d        *Docket
	c        *Complaint
	clocks   bool // what runs out is told
	accepted bool
	round    round
	over     bool

	State  complaint.State
	steps  []Step
	answer *Message
	given  *complaint.Answered
}

// follow goes the whole way, up to the first answer or to where the complaint
// left. With clocks it tells what ran out until then.
func (d *Docket) follow(c *Complaint, clocks bool) *follower {
	f := &follower{d: d, c: c, clocks: clocks, State: c.State}
	f.State.Stage, f.State.Returns = complaint.Registered, 0
	f.State.Timing.Running = false
	at := c.mergedAt()
	if at < 0 {
		return f
	}
	for _, s := range c.Steps[:at] {
		switch s.What {
		case "complaint.accepted":
			f.accepted, f.State.Stage = true, complaint.Taken
		case "complaint.returned":
			f.State.Returns++
		}
	}
	since, until := c.Steps[at], uint64(math.MaxUint64)
	if after := c.Steps[at+1:]; left(after) < len(after) {
		until = after[left(after)].Ordinal
	}
	for x, hops := c, maxMergers; hops > 0 && !f.over; hops-- {
		into, ok := d.Find(x.State.Into)
		if !ok {
			break
		}
		next := into.mergedAt()
		f.goAlong(into, since, until, next)
		if next < 0 || into.Steps[next].Ordinal < since.Ordinal || into.Steps[next].Ordinal > until {
			break
		}
		x, since = into, into.Steps[next]
	}
	return f
}

// goAlong follows one complaint, from the merger into it until the complaint
// left or that one was merged itself.
func (f *follower) goAlong(into *Complaint, since Step, until uint64, merged int) {
	f.round = round{}
	joined := false
	for i, s := range into.Steps {
		if s.Ordinal > since.Ordinal && !joined {
			f.join(into, i, since)
			joined = true
		}
		switch {
		case f.over || s.Ordinal > until || joined && i == merged:
			return
		case joined:
			f.tell(into, i)
		}
	}
	if !joined {
		f.join(into, len(into.Steps), since)
	}
}

// round is the handling that a complaint is in when another joins it.
type round struct {
	handler, by                    string
	days, more                     int
	sent, signed, extended, paused bool
}

func (r *round) take(s Step) {
	switch s.What {
	case "complaint.dispatched", "complaint.ruled":
		*r = round{handler: s.To, days: s.Days, sent: true}
	case "complaint.redone":
		*r = round{handler: r.handler, days: s.Days, sent: true, signed: true}
	case "complaint.returned", "complaint.recalled", toldAnswer, "complaint.closed":
		r.sent = false
	case "complaint.signed_for":
		r.signed = true
	case "complaint.extended":
		r.extended, r.more, r.by = true, s.Days, s.To
	case "complaint.paused":
		r.paused = true
	case "complaint.resumed":
		r.paused = false
	}
}

// join tells where the other stands, in the round that it is in, as if all of
// that had been done on the day of the merger.
func (f *follower) join(into *Complaint, from int, since Step) {
	last := -1
	for i, s := range into.Steps[:from] {
		if f.round.take(s); s.What == "complaint.paused" {
			last = i
		}
	}
	f.do(Step{What: "complaint.accepted", At: since.At, Ordinal: since.Ordinal}, "")
	r := f.round
	if !r.sent {
		return
	}
	f.do(Step{What: "complaint.dispatched", At: since.At, Ordinal: since.Ordinal, To: r.handler, Days: r.days}, "")
	if r.extended {
		f.do(Step{What: "complaint.extended", At: since.At, Ordinal: since.Ordinal, To: r.by, Days: r.more}, "")
	}
	if r.signed {
		f.do(Step{What: "complaint.signed_for", At: since.At, Ordinal: since.Ordinal}, "")
	}
	if r.paused {
		f.do(Step{What: "complaint.paused", At: since.At, Ordinal: since.Ordinal}, into.heldUntil(last))
	}
}

// heldUntil is the last day of the pause that a step began, where its clock
// stands in that one still.
func (c *Complaint) heldUntil(step int) ledger.Date {
	for _, s := range c.Steps[step+1:] {
		switch s.What {
		case "complaint.resumed", "complaint.paused", "complaint.dispatched", "complaint.ruled", "complaint.redone", "complaint.returned", "complaint.recalled", toldAnswer:
			return ""
		}
	}
	return c.State.Timing.PausedUntil()
}

// tell tells a step of the other's.
func (f *follower) tell(into *Complaint, i int) {
	s := into.Steps[i]
	f.round.take(s)
	switch s.What {
	case "complaint.redone":
		f.do(Step{Ordinal: s.Ordinal, What: "complaint.dispatched", At: s.At, To: f.round.handler, Days: s.Days}, "")
		f.do(Step{Ordinal: s.Ordinal, What: "complaint.signed_for", At: s.At}, "")
	case "complaint.paused":
		f.do(s, into.heldUntil(i))
	case toldAnswer:
		nth := 0
		for _, before := range into.Steps[:i] {
			if before.What == toldAnswer {
				nth++
			}
		}
		f.answered(into, s, nth)
	default:
		f.do(s, "")
	}
}

// answered ends the way: from here the complaint has a life of its own.
func (f *follower) answered(into *Complaint, s Step, nth int) {
	for _, m := range into.Messages {
		if m.What != toldAnswer {
			continue
		}
		if nth--; nth < 0 {
			f.run(s.At)
			f.answer, f.over = &m, true
			f.given = &complaint.Answered{At: m.At, Message: m.Blob, Outcome: complaint.Outcome(s.Word)}
			f.given.Evolve(&f.State)
			f.steps = append(f.steps, Step{Ordinal: s.Ordinal, What: s.What, At: s.At, Word: s.Word})
			return
		}
	}
}

// do takes a step where it can be taken, and tells it without a reason: that
// was written about the other.
func (f *follower) do(s Step, until ledger.Date) {
	f.run(s.At)
	st := &f.State
	handled := st.Stage == complaint.Sent || st.Stage == complaint.Handling
	e, can := ledger.Evolver[complaint.State](nil), handled
	switch s.What {
	case "complaint.accepted":
		e, can, f.accepted = complaint.Accepted{At: s.At}, !f.accepted, true
	case "complaint.dispatched":
		e, can = complaint.Dispatched{At: s.At, To: s.To, Days: s.Days}, true
	case "complaint.ruled":
		e, can = complaint.Ruled{At: s.At, To: s.To, Days: s.Days}, true
		if st.Returns < 2 { // as far as this reporter was told
			s.What = "complaint.dispatched"
			e = complaint.Dispatched{At: s.At, To: s.To, Days: s.Days}
		}
	case "complaint.signed_for":
		e, can = complaint.SignedFor{At: s.At}, st.Stage == complaint.Sent
	case "complaint.returned":
		e = complaint.Returned{At: s.At}
	case "complaint.recalled":
		e = complaint.Recalled{At: s.At}
	case "complaint.extended":
		e, can = complaint.Extended{At: s.At, Days: s.Days}, handled && !st.Extended
	case "complaint.paused":
		e = complaint.Paused{At: s.At, Reason: s.What, Until: until}
		can = handled && !st.Timing.Held && (until == "" || until >= ledger.DateOf(s.At))
	case "complaint.resumed":
		e, can = complaint.Resumed{At: s.At}, handled && st.Timing.Held
	case "complaint.closed", "complaint.not_accepted": // of older logs: nobody ends it for another
		e, can, f.over = complaint.Closed{At: s.At}, true, true
		if s.What == "complaint.not_accepted" {
			e = complaint.NotAccepted{At: s.At}
		}
		s.Word = ""
	default:
		return
	}
	if can {
		e.Evolve(st)
		f.steps = append(f.steps, Step{Ordinal: s.Ordinal, What: s.What, At: s.At, To: s.To, Word: s.Word, Days: s.Days})
	}
}

// run tells what ran out on this complaint's own clock before a moment.
func (f *follower) run(now time.Time) {
	t := &f.State.Timing
	for f.clocks && !f.over && t.Running && t.Clock.Days > 0 {
		list, _ := t.Due(f.c.ID, f.d.facts.Calendar(), now)
		told := false
		for _, due := range list {
			told = f.ranOut(due, now) || told
		}
		if !told {
			return
		}
	}
}

func (f *follower) ranOut(due complaint.Due, now time.Time) bool {
	var events []ledger.Evolver[complaint.State]
	s, days := Step{}, 0
	switch c := due.Input.(type) {
	case complaint.Supervise:
		s.What = "complaint.supervised"
		events, _ = c.Decide(f.State, f.d.facts, ledger.Actor{Account: ledger.System}, now)
	case complaint.Escalate:
		s.What, days = "complaint.escalated", c.Step*complaint.EscalateEvery
		events, _ = c.Decide(f.State, f.d.facts, ledger.Actor{Account: ledger.System}, now)
	}
	for _, e := range events {
		if e, ok := e.(complaint.Escalated); ok {
			s.To = e.To
		}
		at, err := f.State.Timing.Clock.OverdueAt(f.d.facts.Calendar(), days)
		if s.At = at; err != nil {
			s.At = now
		}
		e.Evolve(&f.State)
		f.steps = append(f.steps, s)
	}
	return len(events) > 0
}

// silent closes what was answered and not judged in its days.
func (f *follower) silent(now time.Time) {
	t := &f.State.Timing
	if f.given == nil || !t.Silent {
		return
	}
	c := calendar.Clock{Kind: calendar.CalendarDays, Days: complaint.ReviewDays, Started: t.Last}
	if at, err := c.Due(nil); err == nil && !now.Before(at) {
		complaint.Closed{At: at, How: complaint.BySilence}.Evolve(&f.State)
		f.steps = append(f.steps, Step{What: "complaint.closed", At: at, Word: string(complaint.BySilence)})
	}
}
