// Package record is the read model as a reporter's box looks at it: what is on
// record of one box, who may be written to, which keys vouch.
//
// It must never show a box anything that the docket keeps from its reporter:
// who was recused, what staff noted for each other, whose turn somebody let
// pass.
package record

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"suyuan/services/calendar"
	"suyuan/services/complaint"
	"suyuan/services/complaint/claim"
	"suyuan/services/intake"
	"suyuan/services/intake/receipt"
	"suyuan/services/intake/token"
	"suyuan/services/ledger"
	"suyuan/services/store/blob"
	"suyuan/services/unit"
	"suyuan/services/view"
	"suyuan/services/view/docket"
)

// Ledger implements intake.Ledger. It is used by many goroutines at once.
type Ledger struct {
	view     *view.View
	calendar *calendar.Calendar
	clock    ledger.Clock

	mu      sync.Mutex
	ring    *token.Ring
	keys    int // published and revoked when the ring was made
	readers []intake.Recipient
	at      uint64 // ordinal at which readers were listed
	issued  issued
}

// New looks at a view. Days are what its clocks run by.
func New(v *view.View, days *calendar.Calendar, clock ledger.Clock) *Ledger {
	return &Ledger{view: v, calendar: days, clock: clock}
}

// Unit implements complaint.Units.
func (l *Ledger) Unit(code string) (fact unit.Fact, ok bool) {
	l.view.Look(func(facts any, _ uint64) { fact, ok = facts.(complaint.Units).Unit(code) })
	return fact, ok
}

// Spent implements intake.Ledger.
func (l *Ledger) Spent(nullifier [32]byte) (id string, ok bool) {
	l.view.Docket(func(d *docket.Docket) { id, ok = d.Spent(nullifier) })
	return id, ok
}

// Ring implements intake.Ledger. What was left out of it is a fault of what
// was published, which pages for staff show.
func (l *Ledger) Ring() *token.Ring {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.view.Docket(func(d *docket.Docket) {
		n := 0
		var listed []token.Listed
		for _, k := range d.Keys() {
			n++
			if k.Revoked {
				n++
				continue
			}
			entry := token.Listed{ID: k.ID, County: k.County, Quarter: k.Quarter, N: k.N, Cards: k.Hashes}
			if k.SPKI != "" { // a command has checked it
				entry.SPKI, _ = base64.StdEncoding.DecodeString(k.SPKI)
			}
			listed = append(listed, entry)
		}
		if l.ring == nil || n != l.keys {
			l.ring, _ = token.NewRing(listed)
			l.keys = n
		}
	})
	return l.ring
}

// Recipients implements intake.Ledger.
func (l *Ledger) Recipients() []intake.Recipient {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := l.view.Position().Ordinal; l.readers == nil || at != l.at {
		var list []intake.Recipient
		l.view.Docket(func(d *docket.Docket) {
			for _, r := range d.Recipients() {
				if !r.Retired {
					list = append(list, intake.Recipient{ID: r.ID, Account: r.Account, Unit: r.Unit, Key: r.Recipient})
				}
			}
		})
		l.view.Look(func(facts any, _ uint64) {
			for i := range list {
				list[i].Up = up(list[i].Unit, facts.(complaint.Units))
			}
		})
		l.readers, l.at = list, at
	}
	return l.readers
}

// up is a unit and those above it.
func up(code string, units complaint.Units) (line []intake.Above) {
	for len(line) < 16 {
		u, ok := units.Unit(code)
		if !ok {
			break
		}
		line = append(line, intake.Above{Code: u.Code, Level: u.Level.String()})
		code = u.Parent
	}
	return line
}

// Box implements intake.Ledger.
func (l *Ledger) Box(hash [32]byte) (out intake.Record, ok bool) {
	var facts claim.Facts
	l.view.Docket(func(d *docket.Docket) {
		c, found := d.Box(hash)
		if ok = found; !ok {
			return
		}
		filed := c.State.Filed
		out = intake.Record{
			Stored:    receipt.Stored{Box: hash, Replies: filed.Replies},
			Narrative: filed.Narrative.ID, Letters: append([]string(nil), c.State.Letters...), Named: c.Named(),
			Box: l.box(d, c),
		}
		_, _ = hex.Decode(out.Stored.Signer[:], []byte(filed.Signer))
		for _, letter := range c.Letters {
			out.Sealed = append(out.Sealed, blob.Ref{ID: letter.Blob.ID, Hash: letter.Blob.Hash})
		}
		for _, m := range c.Messages {
			out.Notes = append(out.Notes, intake.Note{What: m.What, Day: ledger.DateOf(m.At), Blob: blob.Ref{ID: m.Blob.ID, Hash: m.Blob.Hash}})
		}
		facts = c.Claim
	})
	// As much is looked up where there is no such box.
	l.view.Read(func(r *view.Rows) {
		if e, found := r.Event(out.Box.Ordinal); found {
			out.Box.Hash = e.Hash
		}
		for _, ordinal := range r.Amended(facts.Mandate, out.Box.Ordinal) {
			if e, found := r.Event(ordinal); found && ok {
				out.Box.Changed = append(out.Box.Changed, intake.Change{What: "mandate_amended", ID: facts.Mandate, Day: ledger.DateOf(e.Recorded)})
			}
		}
		for _, f := range l.findings(r, facts.Mandate) {
			if ok && f.Ordinal > out.Box.Ordinal && concerns(facts, f) {
				out.Box.Changed = append(out.Box.Changed, intake.Change{What: "finding_issued", ID: f.ID, Day: f.Day})
			}
		}
	})
	return out, ok
}

// box is what the docket holds of a complaint that its reporter may see. One
// that goes on in another is shown as far as that one has come, from the day on
// which it was merged, and nowhere that it was: a merger tells whoever sent the
// one that the other is there.
func (l *Ledger) box(d *docket.Docket, c *docket.Complaint) intake.Box {
	now := l.clock()
	s, steps := &c.State, c.Steps
	state, handler, timing := s.Stage, s.Handler, s.Timing
	if into := d.Into(c); into != nil {
		s := &into.State
		joined := joinedOn(c)
		state, handler, timing = s.Stage, s.Handler, s.Timing
		if joined.After(timing.Clock.Started) {
			timing.Clock.Started = joined // as if it had been sent with the others
		}
		steps = inCommon(c, into, joined)
	}
	out := intake.Box{
		Complaint: c.ID, Filed: c.Day(), Ordinal: c.Ordinal, Lane: string(s.Filed.Lane), State: string(state), Unread: !c.Readable,
		Unit: handler, Clock: l.running(timing, now),
	}
	for _, step := range s.Open(ledger.DateOf(now)) {
		out.May = append(out.May, intake.May{Act: string(step.Act), Until: step.By})
	}
	for _, s := range steps {
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

// joinedOn is when a complaint was merged.
func joinedOn(c *docket.Complaint) (at time.Time) {
	for _, s := range c.Steps {
		if s.What == "complaint.merged" {
			at = s.At
		}
	}
	return at
}

// inCommon are the steps of a complaint with those of the one that it goes on
// in, without a reason: that was written about the other.
func inCommon(c, into *docket.Complaint, joined time.Time) []docket.Step {
	steps := slices.Clone(c.Steps)
	accepted := slices.ContainsFunc(steps, func(s docket.Step) bool { return s.What == "complaint.accepted" })
	for _, s := range into.Steps {
		if !handled[s.What] || accepted && s.What == "complaint.accepted" {
			continue
		}
		s.Text = ""
		if s.What == "complaint.closed" {
			s.Word = "" // by what the other's reporter did, perhaps
		}
		if s.At.Before(joined) {
			s.At = joined
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b docket.Step) int { return a.At.Compare(b.At) })
	return steps
}

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
	if used, err := t.Clock.Used(l.calendar, now); err == nil {
		out.Used = used
	}
	if due, err := t.Clock.LastDay(l.calendar); err == nil && !out.Paused {
		out.Due = due
	}
	return out
}

var _ intake.Ledger = (*Ledger)(nil)
