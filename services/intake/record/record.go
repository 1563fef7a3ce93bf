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
	"sync"

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
		for _, m := range messages(d, c, l.clock()) {
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

var _ intake.Ledger = (*Ledger)(nil)
