// Package issuance holds the documents by which one unit passes mandates down
// to others: what it received, what it hands to whom, what it keeps. It
// decides what may be recorded; who added what is left to attribution.
package issuance

import (
	"time"

	"suyuan/services/ledger"
)

// MaxLines bounds one issuance; a larger sheet becomes parts k of n.
const MaxLines = 2000

// Source says who vouches for an issuance.
type Source string

// Declared by the issuer's clerk, or verified by an investigator with the
// document. What is reported anonymously is never an issuance.
const (
	Declared Source = "declared"
	Verified Source = "verified"
)

// Events of the stream issuance-<id>.
var Events = []ledger.Def{
	ledger.Event[Made]("issuance.made", "A unit passed mandates down: on which basis, how much of what to whom, what it keeps.", "下达任务：依据、给谁、各多少、自留多少。"),
	ledger.Event[LineAmended]("issuance.line_amended", "What one receiver was asked for was changed.", "对一个接收单位的要求作了变更。"),
	ledger.Event[Withdrawn]("issuance.withdrawn", "The issuance was taken back.", "下达撤回。"),
}

// Made is one document by which one unit passes one or more mandates down.
type Made struct {
	ID       string            `json:"id"`
	Issuer   string            `json:"issuer"`
	Document string            `json:"document,omitempty"`
	Basis    []string          `json:"basis,omitempty"`  // issuances it received, in the document's order
	Origin   bool              `json:"origin,omitempty"` // the issuer declares that it begins this itself
	Merge    map[string]string `json:"merge,omitempty"`  // measure → sum, strictest, union, where the kind's default is wrong
	Lines    []Line            `json:"lines"`
	Retained []Amount          `json:"retained,omitempty"` // kept by the issuer itself
	Approval *Approval         `json:"approval,omitempty"`
	Channel  string            `json:"channel,omitempty"` // document (the default), meeting, chat_group, phone
	Reserve  []Amount          `json:"reserve,omitempty"` // declared over-allocation (冗余预留)
	Stated   []Amount          `json:"stated,omitempty"`  // totals as the paper states them
	Sent     *time.Time        `json:"sent,omitempty"`    // when it reached the receivers, if known to the hour
	Part     *Part             `json:"part,omitempty"`
	Source   Source            `json:"source"`
}

// Line is what one receiver is asked for.
type Line struct {
	To         string     `json:"to"`
	Amounts    []Amount   `json:"amounts"`
	Due        *time.Time `json:"due,omitempty"`
	DirectedBy string     `json:"directedBy,omitempty"` // unit whose order the issuer carries out; it then owes decisions on objections
	Authority  *bool      `json:"authority,omitempty"`  // whether the power to do it was given along; unknown if absent
	Given      []Resource `json:"given,omitempty"`
	Needed     []Resource `json:"needed,omitempty"`
}

// Amount is how much of one measure: Value is a decimal of at most six
// places, or for a frequency a whole count per whole days (1/7); a set has
// Items instead. Base is what the receiver stands for in what the issuer
// received, where the record says so.
type Amount struct {
	Measure string   `json:"measure"` // <mandate>/<key>
	Value   string   `json:"value,omitempty"`
	Base    string   `json:"base,omitempty"`
	Items   []string `json:"items,omitempty"`
}

// Resource is money, people or things, by kind: money is in yuan.
type Resource struct {
	Kind   string `json:"kind"` // money, people, equipment, other
	Amount string `json:"amount"`
}

// Approval allows an addition: by whom, under which competence, for how much.
type Approval struct {
	By         string      `json:"by"`
	Competence string      `json:"competence"`
	Date       ledger.Date `json:"date"`
	Document   string      `json:"document,omitempty"`
	Covers     []Amount    `json:"covers"`
	Resourced  bool        `json:"resourced,omitempty"` // the means for it came along
}

// Part is one of n pieces of a sheet over MaxLines; none counts before all
// are in.
type Part struct {
	Of string `json:"of"`
	K  int    `json:"k"`
	N  int    `json:"n"`
}

// LineAmended replaces one receiver's line; without amounts it is taken back.
type LineAmended struct {
	Line     Line   `json:"line"`
	Document string `json:"document,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Source   Source `json:"source"`
}

// Withdrawn takes the issuance back.
type Withdrawn struct {
	Reason   string `json:"reason"`
	Document string `json:"document,omitempty"`
}

// State is what decisions about one issuance look at.
type State struct {
	Made      *Made
	Withdrawn bool
}

// Evolve records the document.
func (e Made) Evolve(s *State) { s.Made = &e }

// Evolve replaces the line in a copy: events share nothing.
func (e LineAmended) Evolve(s *State) {
	made := *s.Made
	made.Lines = append([]Line(nil), made.Lines...)
	for i := range made.Lines {
		if made.Lines[i].To == e.Line.To {
			made.Lines[i] = e.Line
			s.Made = &made
			return
		}
	}
	made.Lines = append(made.Lines, e.Line)
	s.Made = &made
}

// Evolve closes the issuance.
func (Withdrawn) Evolve(s *State) { s.Withdrawn = true }
