package release

import (
	"slices"
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
	parts []Published
}

// Evolve remembers what was released.
func (e Published) Evolve(s *State) {
	s.Parts, s.Last = e.Part, e.Last
	s.parts = append(s.parts, e)
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

// Bounds of one part, so that its event stays below what a log takes, of one
// command, and of a release.
const (
	partMembers = 16_000
	partBatches = 700
	parts       = 2    // so that an append stays below a cluster's megabyte
	maxParts    = 4000 // of one release
)

// Decide makes the batches, and puts as many on record as two parts hold. What
// was told in an earlier part is left out, whether or not the read model shows
// it yet.
func (c Publish) Decide(s State, f Facts, by ledger.Actor, at time.Time) ([]ledger.Evolver[State], error) {
	if by.Account != ledger.System {
		return nil, ledger.Errorf(ledger.Forbidden, "release.system_only", "公布由系统按周进行。", "Figures are released by the ledger itself, week by week.")
	}
	if err := ledger.CheckDate("date", c.Date, true); err != nil {
		return nil, err
	}
	if c.Date.Time().After(at) {
		return nil, ledger.Refuse("release.early", "公布日期还没有到。", "The date of the release has not come yet.").At("date")
	}
	if s.Last {
		return nil, ledger.Refuse("release.done", "这一期已经公布完毕。", "This release is complete.")
	}
	if c.Part != s.Parts+1 || c.Part > maxParts {
		return nil, ledger.Refuse("release.part", "下一部分应为第 %d 部分。", "The next part is number %d.", s.Parts+1).At("part")
	}
	pool := f.ReleasePool(c.Date)
	if n := len(pool.Before); s.Parts == 0 && n > 0 && !waited(pool.Before[n-1].Date, c.Date, Every) {
		return nil, ledger.Refuse("release.too_soon", "距上一期公布（%s）不足 %d 天。", "The release before (%s) is less than %d days back.", pool.Before[n-1].Date, Every).At("date")
	}
	places := newPlaces(f)
	reports := slices.DeleteFunc(slices.Clone(pool.Reports), func(r Report) bool { return s.told[r.Tag] })
	p := packing{command: c}
	for _, b := range reportBatches(reports, slices.Concat(pool.Before, s.parts), places, c.Date) {
		if !p.room(b.Count) {
			return p.events(false), nil
		}
		e := p.part()
		e.Reports = append(e.Reports, b)
	}
	answers := slices.DeleteFunc(slices.Clone(pool.Answers), func(a Answer) bool { return s.told[a.Tag] })
	for _, b := range answerBatches(answers, places, c.Date) {
		if !p.room(b.Count) {
			return p.events(false), nil
		}
		e := p.part()
		e.Answers = append(e.Answers, b)
	}
	if s.Parts == 0 && len(p.parts) == 0 {
		return nil, ledger.Refuse("release.nothing", "本期没有可以公布的数字。", "There is nothing that may be told this time.")
	}
	return p.events(true), nil
}

// packing puts batches into the parts of one command, in their order.
type packing struct {
	command          Publish
	parts            []Published
	members, batches int // of the last part
}

// room begins another part where a batch does not fit into the last; false
// where there may be none.
func (p *packing) room(count int) bool {
	p.members, p.batches = p.members+count, p.batches+1
	if len(p.parts) > 0 && p.members <= partMembers && p.batches <= partBatches {
		return true
	}
	if len(p.parts) == parts {
		return false
	}
	p.parts = append(p.parts, Published{Date: p.command.Date, Part: p.command.Part + len(p.parts)})
	p.members, p.batches = count, 1
	return true
}

func (p *packing) part() *Published { return &p.parts[len(p.parts)-1] }

// events are the parts; the last one says so if nothing is left over. Where a
// part before promised more and nothing is left by now, an empty one ends the
// release.
func (p *packing) events(all bool) (events []ledger.Evolver[State]) {
	if len(p.parts) == 0 {
		p.room(0)
	}
	p.part().Last = all
	for _, e := range p.parts {
		events = append(events, e)
	}
	return events
}
