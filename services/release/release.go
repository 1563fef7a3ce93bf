package release

import (
	"time"

	"suyuan/services/ledger"
)

// Every is how many days lie between two releases at least.
const Every = 7

// Events of the stream release-<date>.
var Events = []ledger.Def{
	ledger.Event[Published]("release.published", "Figures about reports were released to the public.", "公布反映情况的数字。"),
}

// Published is one part of a release. A release has as many as it needs; the
// last one says so.
type Published struct {
	Date    ledger.Date   `json:"date"`
	Part    int           `json:"part"` // from 1
	Last    bool          `json:"last,omitempty"`
	Reports []Batch       `json:"reports,omitempty"`
	Answers []AnswerBatch `json:"answers,omitempty"`
}

// Batch is a number of reports with a label.
type Batch struct {
	Lane Lane `json:"lane"`
	Cell
	Count   int     `json:"count"`
	Members Members `json:"members"`
}

// AnswerBatch is a number of settled complaints, by who handled them. A part
// that is left out may not be told.
type AnswerBatch struct {
	Lane      Lane     `json:"lane"`
	Unit      string   `json:"unit,omitempty"`  // who handled
	Place     string   `json:"place,omitempty"` // where it lies, if it is not named
	Count     int      `json:"count"`
	Responded *Part    `json:"responded,omitempty"` // of all
	Rated     *Part    `json:"rated,omitempty"`     // of those responded to
	Solved    *Part    `json:"solved,omitempty"`    // of those rated
	Satisfied *Part    `json:"satisfied,omitempty"` // of those rated
	Days      []Period `json:"days,omitempty"`      // of those responded to
	Members   Members  `json:"members"`
}

// Part is so many of so many.
type Part struct {
	Yes int `json:"yes"`
	Of  int `json:"of"`
}

// Period is how many were answered within some working days: from more than
// From up to To, 0 for no end.
type Period struct {
	From  int `json:"from"`
	To    int `json:"to,omitempty"`
	Count int `json:"count"`
}

// State is what of a release is on record.
type State struct {
	Parts int
	Last  bool
	told  map[Tag]bool // tags of reports and of answers never meet
}

// Evolve remembers what was released.
func (e Published) Evolve(s *State) {
	s.Parts, s.Last = e.Part, e.Last
	if s.told == nil {
		s.told = map[Tag]bool{}
	}
	for _, b := range e.Reports {
		for _, t := range b.Members.Tags() {
			s.told[t] = true
		}
	}
	for _, b := range e.Answers {
		for _, t := range b.Members.Tags() {
			s.told[t] = true
		}
	}
}

// Commands of the stream release-<date>.
var Commands = []ledger.CommandDef{
	ledger.Command[Publish]("release.publish", "Release the figures that may be told. Asked by the ledger's own watch, again until the last part is out."),
}

// Publish releases what may be told on a date. Part is the next part's
// number, from 1.
type Publish struct {
	Date ledger.Date `json:"date"`
	Part int         `json:"part"`
}

// Stream names the release's stream.
func (c Publish) Stream() string { return "release-" + string(c.Date) }

// Decide makes the batches.
func (c Publish) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	panic("not written yet")
}
