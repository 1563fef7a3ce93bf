package docket

import (
	"errors"
	"time"

	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/ledger"
)

// Complaint is a report with all that happened to it. State is what decisions
// look at; its Filed has no Claim, which is opened here where the key is.
type Complaint struct {
	ID       string
	Ordinal  uint64 // of the event that filed it
	State    complaint.State
	Claim    claim.Facts `pack:"-"` // zero where it is not Readable
	Readable bool
	Untold   bool // the report came without facts that could be read: there is no claim
	Steps    []Step
	Letters  []Letter  // from the reporter, the report itself first
	Messages []Message // to the reporter

	Summary string // what a reviewer wrote for publication

	Sent     time.Time // first dispatched
	Round    time.Time // dispatched for the round that the first answer ended
	Answered time.Time // first answered
	Closed   time.Time // last closed or exhausted
}

// Step is something that happened to a complaint or a case. Which of the rest
// there is depends on What, the event's name.
type Step struct {
	Ordinal uint64 // of the event
	What    string
	At      time.Time // the start of the day for what came from the reporter
	Role    ledger.Role
	Unit    string // the actor's
	To      string // unit it went to, issuance, document
	Word    string // outcome, decision, way of closing, percentage
	Text    string // reason, advice, note
	Days    int
}

// Letter is something sealed that the reporter sent. Act is what it asked for
// where it was kept as a reply, or what it is.
type Letter struct {
	ID   string // the envelope's; empty for the report itself
	Day  ledger.Date
	Act  claim.Act // empty for the report itself
	Blob complaint.Blob
}

// Message is something sealed to the reporter.
type Message struct {
	What string // the event's name
	At   time.Time
	Blob complaint.Blob
}

// Day is that of the cut which filed it.
func (c *Complaint) Day() ledger.Date { return c.State.Filed.Day }

// Named is who may know nothing of it, as the claim and the recusals say.
func (c *Complaint) Named() complaint.Named {
	switch {
	case c.Untold:
		return complaint.Named{Untold: true}.Besides(c.State.Recusals)
	case !c.Readable:
		return complaint.Named{Unreadable: true}
	}
	return complaint.NamedBy(c.Claim).Besides(c.State.Recusals)
}

// Counts reports whether its claim still stands as one: neither taken back nor
// turned down.
func (c *Complaint) Counts() bool {
	return c.Readable && !c.State.Withdrew && c.State.Stage != complaint.Declined
}

func (c *Complaint) runs() bool {
	t := &c.State.Timing
	return t.Running || t.Turn != "" || t.Silent || !t.Attacked.IsZero()
}

func (d *Docket) filed(e Event, body complaint.Filed) {
	at := int32(len(d.complaints))
	c := Complaint{ID: body.ID, Ordinal: e.Ordinal, Letters: []Letter{{Day: body.Day, Blob: body.Narrative}}}
	if d.key != nil {
		facts, err := d.key.Open(body.ID, body.Claim)
		if err == nil {
			c.Claim, c.Readable = d.interned(facts), true
		}
		c.Untold = errors.Is(err, claim.ErrNone)
	}
	box := digest(body.Box)
	body.Claim = "" // long, and read
	body.Key = d.once(body.Key)
	body.Evolve(&c.State)
	c.Steps = append(c.Steps, Step{Ordinal: e.Ordinal, What: d.once(e.Type), At: e.At.UTC()})
	d.complaints = append(d.complaints, c)
	d.byID[c.ID], d.byBox[box] = at, at
	d.enter(at)
}

// enter keeps what is made from a row once it is there.
func (d *Docket) enter(at int32) {
	c := &d.complaints[at]
	if !c.Readable && !c.Untold {
		d.unreadable++
	}
	if c.Claim.Mandate != "" {
		d.byMandate[c.Claim.Mandate] = append(d.byMandate[c.Claim.Mandate], at)
	}
}

func (d *Docket) interned(f claim.Facts) claim.Facts {
	for _, s := range []*string{&f.Mandate, &f.Paper, &f.Issuer, &f.Level, &f.Within, &f.Measure, &f.CameDown, &f.Asked, &f.Motive, (*string)(&f.Dimension), (*string)(&f.Due)} {
		*s = d.once(*s)
	}
	for i := range f.Forms {
		f.Forms[i] = d.once(f.Forms[i])
	}
	return f
}

func (d *Docket) handled(e Event, body ledger.Evolver[complaint.State]) {
	at, ok := d.byID[subject(e.Stream)]
	if !ok {
		return // no command writes to a complaint that was not filed
	}
	c := &d.complaints[at]
	s := Step{Ordinal: e.Ordinal, What: d.once(e.Type), At: e.At.UTC(), Unit: d.once(e.By.Unit)}
	if len(e.By.Roles) > 0 {
		s.Role = ledger.Role(d.once(string(e.By.Roles[0])))
	}
	c.tell(&s, body)
	s.To, s.Word = d.once(s.To), d.once(s.Word)
	body.Evolve(&c.State)
	c.Steps = append(c.Steps, s)
	if c.State.Into != "" && s.What == "complaint.merged" {
		d.byInto[c.State.Into] = append(d.byInto[c.State.Into], at)
	}
}

// tell takes in what an event says besides what it does to the state.
func (c *Complaint) tell(s *Step, body any) {
	switch e := body.(type) {
	case complaint.Replied:
		act := e.Act
		if act == "" {
			act = claim.Reply
		}
		c.letter(e.Letter, act)
	case complaint.Withdrawn:
		c.letter(e.Letter, claim.Withdraw)
	case complaint.Rated:
		c.letter(e.Letter, claim.Rate)
	case complaint.ReviewAsked:
		c.letter(e.Letter, claim.Review)
	case complaint.FinalReviewAsked:
		c.letter(e.Letter, claim.Review)
	case complaint.RetaliationReported:
		c.letter(e.Letter, claim.Retaliation)
	case complaint.NotAccepted:
		s.Word, s.Text, c.Closed = e.Advice, e.Reason, s.At
	case complaint.Merged:
		s.Text = e.Reason // what it goes on in is told by the state, to whom that is shown
	case complaint.Dispatched:
		s.To, s.Days = e.To, e.Days
		at := earlier(e.At, s.At) // before, where it went on in another: since then at the earliest
		if since, _ := c.Together(); since.After(at) {
			at = since
		}
		c.sent(at)
	case complaint.Ruled:
		s.To, s.Days, s.Text = e.To, e.Days, e.Reason
		c.sent(s.At)
	case complaint.Returned:
		s.Text = e.Reason
	case complaint.Recalled:
		s.Text = e.Reason
	case complaint.Paused:
		s.Text = e.Reason
	case complaint.Extended:
		s.To, s.Days, s.Text = e.ApprovedBy, e.Days, e.Reason
	case complaint.Asked:
		c.message(s, e.Message)
	case complaint.Answered:
		s.Word = string(e.Outcome)
		c.message(s, e.Message)
		if c.Answered.IsZero() {
			c.Answered = earlier(e.At, s.At)
		}
	case complaint.FollowedUp:
		s.Text = e.Note
		s.Word = "not_confirmed"
		if e.Confirmed {
			s.Word = "confirmed"
		}
	case complaint.Redone:
		s.Days, s.Text = e.Days, e.Reason
		c.sent(s.At)
	case complaint.Closed:
		s.Word, c.Closed = string(e.How), s.At
	case complaint.ReviewDecided:
		s.Word = string(e.Decision)
		c.message(s, e.Message)
	case complaint.FinalReviewDecided:
		s.Word = string(e.Decision)
		c.message(s, e.Message)
	case complaint.Exhausted:
		c.Closed = s.At
	case complaint.RetaliationTaken:
		s.To = e.By
	case complaint.RetaliationAnswered:
		c.message(s, e.Message)
	case complaint.Reminded:
		s.Days = e.Percent
	case complaint.Escalated:
		s.To = e.To
	case complaint.Breached:
		s.Word = string(e.Turn)
	case complaint.ClaimVerified:
		s.To = e.Issuance
	case complaint.ClaimDisproved:
		s.To, s.Text = e.Document, e.Reason
	case complaint.Recusal:
		s.To, s.Text = e.Unit, e.Reason
	case complaint.Summarised:
		c.Summary = e.Text
	}
}

func (c *Complaint) letter(l complaint.Letter, act claim.Act) {
	c.Letters = append(c.Letters, Letter{l.Letter, l.Day, act, l.Narrative})
}

func (c *Complaint) message(s *Step, b complaint.Blob) {
	c.Messages = append(c.Messages, Message{s.What, s.At, b})
}

// earlier is when something was done that a later event tells of.
func earlier(done, told time.Time) time.Time {
	if done.IsZero() || told.Before(done) {
		return told
	}
	return done.UTC()
}

// sent: a round begins.
func (c *Complaint) sent(at time.Time) {
	if c.Sent.IsZero() {
		c.Sent = at
	}
	if c.Answered.IsZero() {
		c.Round = at
	}
}
