package intake

import (
	"bytes"
	"encoding/json"
	"errors"

	"suyuan/services/ledger"
)

// PollSize is the length of every answer to Poll and of every Box.Padded, in bytes.
const PollSize = 64 << 10

// Messages is how many of the newest messages a box shows, and how many are
// read for every box that is asked for, there or not.
const Messages = 8

// Box is what the holder of a receipt is shown. The zero Box is what a wrong
// receipt opens.
type Box struct {
	Known   bool        `json:"known"`   // there is such a box, in the ledger or waiting
	Waiting bool        `json:"waiting"` // the report is kept safely and will be entered at the next cut
	Cut     ledger.Date `json:"cut"`     // the day of the next cut, said to everybody

	Complaint string      `json:"complaint,omitempty"` // its id in the ledger
	Filed     ledger.Date `json:"filed,omitempty"`
	Ordinal   uint64      `json:"ordinal,string,omitempty"` // of the event that filed it
	Hash      string      `json:"hash,omitempty"`           // of that event
	Lane      string      `json:"lane,omitempty"`           // open, verified
	State     string      `json:"state,omitempty"`          // in the ledger's words
	Unread    bool        `json:"unread,omitempty"`         // its facts part could not be read: investigators of no unit alone see it
	Unit      string      `json:"unit,omitempty"`           // who handles it
	Clock     Clock       `json:"clock"`

	May           []May       `json:"may"`                // what the reporter may do now, and until when
	Pending       int         `json:"pending"`            // letters of this box that wait for the next cut
	History       []Step      `json:"history,omitempty"`  // oldest first
	Messages      []Message   `json:"messages,omitempty"` // oldest first, the newest of them all
	Changed       []Change    `json:"changed,omitempty"`
	Investigators []Recipient `json:"investigators,omitempty"` // who can read what is sent into this box
	Above         []Recipient `json:"above,omitempty"`         // who can read what is said of retaliation
}

// Padded gives a box as JSON with spaces and a newline behind it, PollSize
// bytes for every box there could be: where there is more than fits, the oldest
// is left out.
func (b Box) Padded() ([]byte, error) {
	for {
		out, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		if len(out) < PollSize {
			return append(out, append(bytes.Repeat([]byte(" "), PollSize-len(out)-1), '\n')...), nil
		}
		if !b.shorten() {
			return nil, errors.New("intake: a box that does not fit")
		}
	}
}

// shorten leaves out the oldest of what there is much of.
func (b *Box) shorten() bool {
	switch {
	case len(b.History) > 20:
		b.History = b.History[len(b.History)/2:]
	case len(b.Changed) > 20:
		b.Changed = b.Changed[len(b.Changed)/2:]
	case len(b.Messages) > 1:
		b.Messages = b.Messages[1:]
	case len(b.History) > 1: // long reasons
		b.History = b.History[1:]
	default:
		return false
	}
	return true
}

// Clock is the handling period; the zero Clock has not begun.
type Clock struct {
	Days   int         `json:"days,omitempty"`
	Used   int         `json:"used,omitempty"`
	Due    ledger.Date `json:"due,omitempty"` // "" while it is paused without a last day, or where no calendar says
	Paused bool        `json:"paused,omitempty"`
	Until  ledger.Date `json:"until,omitempty"` // the last day of the pause
}

// May is something the reporter may do: reply, withdraw, rate, review,
// retaliation.
type May struct {
	Act   string      `json:"act"`
	Until ledger.Date `json:"until,omitempty"` // the last day; "" without end
}

// Step is something that happened to the complaint, in the ledger's words.
type Step struct {
	What string      `json:"what"` // the event's name: complaint.dispatched
	Day  ledger.Date `json:"day"`
	Unit string      `json:"unit,omitempty"`
	Word string      `json:"word,omitempty"` // outcome, decision, advice or way of closing, in the ledger's words
	Text string      `json:"text,omitempty"` // a reason that staff gave for it
}

// Message is from whoever handles the complaint to the reporter.
type Message struct {
	What   string      `json:"what"` // complaint.asked, complaint.answered
	Day    ledger.Date `json:"day"`
	Sealed []byte      `json:"sealed,omitempty"` // for a browser with scripts
	Text   string      `json:"-"`                // opened, for one without
	Broken bool        `json:"broken,omitempty"` // it cannot be read any more
}

// Change is what the report led to.
type Change struct {
	What string      `json:"what"` // claim_verified, mandate_amended, finding_issued
	ID   string      `json:"id"`   // of the issuance, mandate or finding
	Day  ledger.Date `json:"day"`
}

// Recipient is an investigator to whom reports are sealed.
type Recipient struct {
	ID      string  `json:"id"`
	Account string  `json:"-"` // of whoever has the other half; where there is none the id stands for it
	Unit    string  `json:"unit"`
	Key     string  `json:"key"`          // age1…
	Up      []Above `json:"up,omitempty"` // the unit itself and those above it, nearest first
}

// Above is a unit on the way up.
type Above struct {
	Code  string `json:"code"`
	Level string `json:"level"`
}
