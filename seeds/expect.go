package seeds

import "encoding/json"

// Expectation is one thing that must be found once the scenario is played.
// Exactly one field is set.
type Expectation struct {
	Trace        *Trace     `json:"trace,omitempty"`
	Set          *Set       `json:"set,omitempty"`
	NodeAddition *Addition  `json:"nodeAddition,omitempty"`
	Objection    *Objection `json:"objection,omitempty"`
	Handoff      *Handoff   `json:"handoff,omitempty"`
	Finding      *Finding   `json:"finding,omitempty"`
	Query        *Query     `json:"query,omitempty"`
}

// Place names one measure (`<mandate>/<key>`) asked of one unit.
type Place struct {
	Mandate string `json:"mandate"`
	Unit    string `json:"unit"`
	Measure string `json:"measure"`
}

// Trace is who added what to a number: exact decimals or n/d, a frequency per
// 30 days. Reference is set for intensities, Layers and Originating where the
// scenario says something of them.
type Trace struct {
	Place
	Value       string   `json:"value"`
	Reference   *Part    `json:"reference,omitempty"`
	Steps       []Part   `json:"steps"`
	Layers      []Part   `json:"layers,omitempty"`
	Originating string   `json:"originating,omitempty"`
	Flags       []string `json:"flags"` // every code, each once
	Provisional bool     `json:"provisional,omitempty"`
}

// Part is one unit's part. Ratio is empty where there is nothing to compare
// with.
type Part struct {
	Unit   string `json:"unit"`
	Amount string `json:"amount"`
	Ratio  string `json:"ratio,omitempty"`
}

// Set is who asked for which item.
type Set struct {
	Place
	Items       []Item   `json:"items"`
	Reliefs     []Item   `json:"reliefs,omitempty"`
	Flags       []string `json:"flags"`
	Provisional bool     `json:"provisional,omitempty"`
}

// Item belongs to the units that began it.
type Item struct {
	Item  string   `json:"item"`
	Units []string `json:"units"`
}

// Addition is what a unit passed down and kept beyond what it received.
type Addition struct {
	Place
	Received   string `json:"received"`
	PassedDown string `json:"passedDown"`
	Retained   string `json:"retained"`
	Amount     string `json:"amount"`
	Ratio      string `json:"ratio,omitempty"`
}

// Objection is where one ended up. State and Ground are words of the schema.
type Objection struct {
	Mandate   string `json:"mandate"`
	Unit      string `json:"unit"`
	Ground    string `json:"ground"`
	State     string `json:"state"`
	OwedBy    string `json:"owedBy"`
	DecidedBy string `json:"decidedBy,omitempty"`
}

// Handoff is where one ended up.
type Handoff struct {
	ID    string   `json:"id"`
	From  string   `json:"from"`
	To    string   `json:"to"`
	State string   `json:"state"`
	Flags []string `json:"flags"`
}

// Finding is what became of one about an outcome: whose shares stand, in basis
// points, those of nothing included, UNATTRIBUTED where it has any; whose
// burden it was from the start; on whom the penalty is mirrored and what came
// of that. Stage and states are words of the schema. By is who reads it, where
// it is not everybody's yet.
type Finding struct {
	ID          string            `json:"id"` // <outcome>-<round>
	By          *By               `json:"by,omitempty"`
	Stage       string            `json:"stage"`
	Shares      map[string]int64  `json:"shares"`
	Originating string            `json:"originating"`
	Mirrors     map[string]string `json:"mirrors"`
}

// Query is any question to the graph with its exact answer.
type Query struct {
	Text      string          `json:"text"`
	Variables json.RawMessage `json:"variables,omitempty"`
	Answer    json.RawMessage `json:"answer"`
}

// kinds counts the fields that are set.
func (e Expectation) kinds() int {
	n := 0
	for _, set := range []bool{e.Trace != nil, e.Set != nil, e.NodeAddition != nil, e.Objection != nil, e.Handoff != nil, e.Finding != nil, e.Query != nil} {
		if set {
			n++
		}
	}
	return n
}
