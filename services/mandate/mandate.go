// Package mandate holds the tasks that are handed down: what is measured, who
// asked for it first, under which conditions. How a mandate travels is in
// mandate/issuance, what one unit does with what it got in
// mandate/assignment.
package mandate

import (
	"strings"

	"suyuan/services/ledger"
)

// Kind says how a measure is attributed: amounts divide, intensities carry
// over, sets unite.
type Kind string

// The three kinds of measure.
const (
	Divisible Kind = "divisible"
	Intensity Kind = "intensity"
	Set       Kind = "set"
)

// Dimension is the sort of burden a measure measures (domain: typology of
// add-ons).
type Dimension string

// The dimensions.
const (
	Quantity    Dimension = "quantity"
	Split       Dimension = "split"
	Scope       Dimension = "scope"
	Deadline    Dimension = "deadline"
	Frequency   Dimension = "frequency"
	Trace       Dimension = "trace"
	Meetings    Dimension = "meetings"
	Channels    Dimension = "channels"
	Inspection  Dimension = "inspection"
	Ranking     Dimension = "ranking"
	Letters     Dimension = "letters"
	Standard    Dimension = "standard"
	Transfer    Dimension = "transfer"
	Feasibility Dimension = "feasibility"
)

// Dimensions lists every dimension.
var Dimensions = []Dimension{Quantity, Split, Scope, Deadline, Frequency, Trace, Meetings, Channels, Inspection, Ranking, Letters, Standard, Transfer, Feasibility}

// Measure is one thing a mandate asks for. Its id everywhere is
// `<mandate>/<key>`.
type Measure struct {
	Key       string    `json:"key"`
	Name      string    `json:"name"`
	Kind      Kind      `json:"kind"`
	Dimension Dimension `json:"dimension"`
	Unit      string    `json:"unit,omitempty"`   // unit of measure, 亩
	Harder    string    `json:"harder,omitempty"` // higher (the default) or lower
	Hours     string    `json:"hours,omitempty"`  // clock or working, for deadlines and lead times
	Limit     string    `json:"limit,omitempty"`  // people: cannot exceed the receiver's population
}

// IsFrequency reports whether values are a count per days, written 1/7.
func (m Measure) IsFrequency() bool { return m.Kind == Intensity && m.Dimension == Frequency }

// Constraint is a condition, with the unit that set it: the sum of its terms
// is at least, at most or exactly a whole number. Quantities are counted in
// whole things and are never negative.
type Constraint struct {
	Key    string `json:"key"`
	Author string `json:"author"`
	Text   string `json:"text"`
	Terms  []Term `json:"terms,omitempty"` // none: a condition in words only
	Is     string `json:"is,omitempty"`    // at_least, at_most, exactly
	Value  int64  `json:"value,omitempty"`
}

// Term is a quantity of the mandate, counted so many times. A unit's capacity
// of `<mandate>/<quantity>` bounds it from above.
type Term struct {
	Quantity string `json:"quantity"`
	Times    int64  `json:"times"`
}

// Events of the stream mandate-<id>.
var Events = []ledger.Def{
	ledger.Event[Issued]("mandate.issued", "A task was set: what is measured, who asks for it, under which conditions.", "任务确立：指标、起点单位、条件。"),
	ledger.Event[Revised]("mandate.revised", "A task was changed by the unit that set it.", "任务由起点单位变更。"),
	ledger.Event[Withdrawn]("mandate.withdrawn", "A task was taken back.", "任务撤回。"),
}

// Issued sets a task.
type Issued struct {
	ID          string       `json:"id"`
	Title       string       `json:"title"`
	Field       string       `json:"field"`
	Origin      string       `json:"origin"`
	Lead        string       `json:"lead,omitempty"`
	Duty        string       `json:"duty,omitempty"` // item of the duty lists
	Document    string       `json:"document,omitempty"`
	Measures    []Measure    `json:"measures"`
	Constraints []Constraint `json:"constraints,omitempty"`
	Fictional   bool         `json:"fictional,omitempty"` // a published case played in an invented division
	Assumed     []string     `json:"assumed,omitempty"`   // what the published report leaves open
}

// Revised adds measures and conditions, or changes title and lead unit where
// they are given.
type Revised struct {
	Title       string       `json:"title,omitempty"`
	Lead        string       `json:"lead,omitempty"`
	Duty        string       `json:"duty,omitempty"`
	Document    string       `json:"document"`
	Measures    []Measure    `json:"measures,omitempty"`    // added
	Constraints []Constraint `json:"constraints,omitempty"` // added
}

// Withdrawn takes the task back.
type Withdrawn struct {
	Reason   string `json:"reason"`
	Document string `json:"document,omitempty"`
}

// State is what decisions about one mandate look at.
type State struct {
	Issued      bool
	Origin      string
	Withdrawn   bool
	Measures    []Measure
	Constraints []Constraint
}

// Evolve sets the task.
func (e Issued) Evolve(s *State) {
	s.Issued, s.Origin, s.Measures, s.Constraints = true, e.Origin, e.Measures, e.Constraints
}

// Evolve adds what is new. The lists are copied: events share nothing.
func (e Revised) Evolve(s *State) {
	s.Measures = append(s.Measures[:len(s.Measures):len(s.Measures)], e.Measures...)
	s.Constraints = append(s.Constraints[:len(s.Constraints):len(s.Constraints)], e.Constraints...)
}

// Evolve closes the task.
func (Withdrawn) Evolve(s *State) { s.Withdrawn = true }

// MeasureID joins a mandate and a key.
func MeasureID(mandate, key string) string { return mandate + "/" + key }

// SplitMeasure takes a measure's id apart.
func SplitMeasure(id string) (mandate, key string, ok bool) {
	mandate, key, ok = strings.Cut(id, "/")
	return mandate, key, ok && ledger.ValidID(mandate) && ledger.ValidID(key)
}
