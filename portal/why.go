package portal

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"suyuan/portal/chart"
	"suyuan/services/figure"
)

// division is an explanation as people read it: who carries which part, and
// why, sentence by sentence.
type division struct {
	Shares  []sharePart
	Picture template.HTML
	Steps   []whyStep
	Flags   []string
	Hash    string
	Kind    string // of the outcome; pages say what an amount is by it
	Nothing bool   // nothing is missing, so there is nothing to divide
	Unsure  bool   // part of it goes back to a document that is not on record
	points  []evidencePoint
}

// sharePart is a unit's line in the table of shares.
type sharePart struct {
	share
	Key     string // the same in the picture and in the table
	N       int
	Label   string
	Level   string
	Percent string
	Carries string   // its mass, in the words of the measure
	Because []string // what it carries that for, in short
}

// whyStep is one part of the explanation, with its heading.
type whyStep struct {
	Key     string // of the words
	Lines   []whyLine
	Closing string // how what is carried becomes shares, "" elsewhere
}

// whyLine is one clause in a sentence, with what stands behind it.
type whyLine struct {
	Text    template.HTML
	Clause  string
	Formula string // with letters
	Figured string // with numbers
	Terms   []whyTerm
	Rule    *ruleRef
	Points  []evidencePoint
}

type whyTerm struct{ Letter, Key, Value string }

// explained is an explanation on the way into words.
type explained struct {
	*Page
	explanation
	kind     string
	measure  *measure
	executor string
	units    []share
	acts     map[string]actOnRecord
	facts    caseOnRecord
}

// caseOnRecord is of a case what no line tells, because it moved nothing.
type caseOnRecord struct {
	Units     []string               `json:"units"`
	Owner     string                 `json:"owner"`
	Overruled map[string]string      `json:"overruled"`
	Conduct   map[string]actOnRecord `json:"conduct"`
}

// actOnRecord is what a case says about how a unit behaved.
type actOnRecord struct {
	Power       int    `json:"power"`
	Knew        bool   `json:"knew"`
	Effective   bool   `json:"effective"`
	OverruledBy string `json:"overruledBy"`
}

// divide puts an explanation into words. The shares are those that count, which
// may be others than were computed; kind, measure and executor are the outcome's.
func (p *Page) divide(id string, x explanation, shares []share, kind string, m *measure, executor string, title string) *division {
	e := &explained{Page: p, explanation: x, kind: kind, measure: m, executor: executor, units: shares}
	if json.Unmarshal([]byte(x.Case), &e.facts) == nil {
		e.acts = e.facts.Conduct
	}
	d := &division{Hash: x.Hash, Kind: kind, Nothing: x.NoShortfall, Unsure: x.Provisional, points: x.Points}
	for _, flag := range x.Flags {
		d.Flags = append(d.Flags, e.named("liabilityFlag", flag))
	}
	for i, s := range shares {
		d.Shares = append(d.Shares, e.part(id, i, s))
	}
	for _, step := range whySteps {
		var lines []whyLine
		for _, l := range x.Lines {
			if slices.Contains(step.clauses, l.Clause) {
				lines = append(lines, e.line(l))
			}
		}
		slices.SortStableFunc(lines, func(a, b whyLine) int { return pressed(a.Clause) - pressed(b.Clause) })
		if lines != nil {
			d.Steps = append(d.Steps, whyStep{Key: e.heading(step.key), Lines: lines})
		}
	}
	if n := len(d.Steps) - 1; n >= 0 && !x.NoShortfall {
		d.Steps[n].Lines = append(d.Steps[n].Lines, e.sparedLines()...)
		d.Steps[n].Closing = e.closing()
	}
	d.Picture = d.draw(p, id, title)
	return d
}

// whySteps are the parts of the explanation, in JRA-1's order.
var whySteps = []struct {
	key     string
	clauses []string
}{
	{"asked", []string{"1.layer"}},
	{"missing", []string{"2.G", "2.GA", "2.GI", "2.GE"}},
	{"carried", []string{"3.1.adder", "3.2.author", "3.2.silent", "3.2.authors", "3.2.demands", "3.3.executor", "3.3.owner", "3.4.falsifier", "3.4.inducer",
		"conduct.P", "conduct.group", "overruled", "retained", "unattributed"}},
}

// pressed puts those who pressed for false figures after who reported them:
// what they share in is told first.
func pressed(clause string) int {
	if clause == "3.4.inducer" {
		return 1
	}
	return 0
}

// heading is the key of a part's heading: where nothing is missing by measure
// it is about all of it.
func (e *explained) heading(key string) string {
	switch {
	case key == "carried" && e.kind == "CONDUCT":
		return "stopped"
	case key == "carried" && e.kind == "CONTRADICTION":
		return "contradicted"
	}
	return e.named("whyStep", key)
}

func (d *division) draw(p *Page, id, title string) template.HTML {
	if len(d.Shares) == 0 {
		return ""
	}
	s := chart.Shares{ID: id, Title: title}
	var words []string
	for _, part := range d.Shares {
		portion := chart.Portion{Key: part.Key, Name: part.Label, Level: part.Level, Points: part.Points, Words: part.Percent}
		if part.Unit != nil {
			portion.Link = chart.Link{Title: itoa(part.N) + " " + part.Label + " " + part.Percent, Href: p.To("units", part.Unit.Code)}
		}
		portion.Nobody = part.Name == unattributed
		if part.Unit != nil && part.Unit.Kind == "ENTERPRISE" {
			portion.Level = "" // the level of who founded it says nothing of a company
		}
		s.Portions = append(s.Portions, portion)
		words = append(words, part.Label+" "+part.Percent)
	}
	s.Desc = strings.Join(words, p.say("list.clause"))
	return s.HTML()
}

// label is how a unit of the case is called.
func (p *Page) label(name string, u *unitRef) string {
	switch {
	case name == unattributed:
		return p.say("share.nobody")
	case u != nil && u.Name != "":
		return u.Name
	}
	return name
}

// percent is a share in per cent, two places at most.
func percent(points int) string {
	return strings.TrimPrefix(figure.Parse(ratio(points, 10_000)).Percent(), "+")
}

func (e *explained) part(id string, i int, s share) sharePart {
	out := sharePart{share: s, Key: id + "-" + itoa(i), N: i + 1, Label: e.label(s.Name, s.Unit), Percent: percent(s.Points)}
	if s.Unit != nil {
		out.Level = s.Unit.Level
	}
	mass := figure.Parse(s.Mass)
	if s.Points == 0 && mass.Sign() > 0 {
		out.Percent = e.say("share.below")
	}
	if mass.Sign() > 0 && e.kind != "CONTRADICTION" && !e.inParts(mass) { // there it is the percentage again
		out.Carries = e.size(mass)
	}
	for _, l := range e.Lines {
		if l.Clause == "unattributed" { // of no size
			out.Because, out.Carries = []string{e.because(l)}, ""
			break
		}
		if l.Charges && l.Name == s.Name {
			if e.kind == "CONTRADICTION" && e.charges(s.Name) == 1 {
				out.Because = append(out.Because, e.because(l))
				continue
			}
			out.Because = append(out.Because, e.chargedFor(l))
		}
	}
	if out.Because == nil {
		out.Because = []string{e.spared(s)}
	}
	return out
}

// charges is how many lines charge a unit.
func (e *explained) charges(name string) (n int) {
	for _, l := range e.Lines {
		if l.Charges && l.Name == name {
			n++
		}
	}
	return n
}

// because is what a line charges its unit for, in short.
func (e *explained) because(l explanationLine) string {
	switch {
	case l.Clause == "overruled":
		return e.say("because.overruled", "by", e.label(l.ByName, l.By))
	case l.Clause == "3.2.author" && l.Name == unattributed:
		return e.say("because.above")
	}
	return e.enum("because", e.named("because", clauseKeys[l.Clause]))
}

// spared is why nothing is charged to a unit.
func (e *explained) spared(s share) string {
	if act, ok := e.acts[s.Name]; ok {
		switch {
		case act.OverruledBy != "":
			return e.say("spared.stopped")
		case act.Effective:
			return e.say("spared.effective")
		case act.Power == 0:
			return e.say("spared.powerless")
		case !act.Knew:
			return e.say("spared.unaware")
		}
	}
	for _, l := range e.Lines {
		if l.Clause == "overruled" && l.ByName == s.Name {
			return e.say("spared.objected")
		}
	}
	if s.Name == unattributed {
		return e.enum("because", "unattributed")
	}
	if e.facts.Overruled[s.Name] != "" {
		return e.say("spared.insisted")
	}
	layer := slices.IndexFunc(e.Lines, func(l explanationLine) bool { return l.Clause == "1.layer" && l.Name == s.Name })
	switch {
	case s.Unit != nil && s.Unit.Name == e.executor || s.Name == e.executor:
		return e.say("spared.executor")
	case e.kind != "QUANTITY":
		return e.say("spared.none")
	case layer >= 0 && e.began(e.Lines[layer]):
		return e.says("spared.origin")
	case layer < 0 && slices.Contains(e.facts.Units, s.Name):
		return e.say("spared.passed")
	case e.facts.Owner == s.Name:
		return e.say("spared.lead")
	}
	return e.say("spared.none")
}

// began reports whether a line of what was asked is the figure it began with.
func (e *explained) began(l explanationLine) bool {
	first := e.Lines[0]
	return first.Clause == l.Clause && first.Name == l.Name && first.Amount == l.Amount && slices.Equal(first.From, l.From) && slices.Contains(l.From, "issued[0]")
}
