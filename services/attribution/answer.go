package attribution

import (
	"fmt"
	"slices"

	"suyuan/services/exact"
)

const (
	// maxAnswer bounds the steps, layers, items and reliefs of one answer together, maxAnswerWork what they may cost.
	maxAnswer     = 1 << 21
	maxAnswerWork = 1 << 24
)

// Answer is what Attribute finds. It is written as JSON by the usual encoder; turn HTML escaping off for plain names.
type Answer struct {
	Results []Result `json:"results"`
	// NodeAdditions is, of a divisible measure, what the group of each issuance with a basis adds in all; else nil.
	NodeAdditions map[string]exact.Rat `json:"nodeAdditions,omitzero"`
}

// Result takes one line apart. Of the fields after Unit only those of its kind are set: Value, Steps, Layers and Flags;
// Value, Reference and Steps; or Items and Reliefs.
type Result struct {
	Issuance  string       `json:"issuance"`
	Unit      string       `json:"unit"`
	Value     *exact.Rat   `json:"value,omitempty"`
	Reference *CaseOrigin  `json:"reference,omitempty"`
	Steps     []CaseStep   `json:"steps,omitzero"`
	Layers    []CaseStep   `json:"layers,omitzero"`
	Items     []CaseItem   `json:"items,omitzero"`
	Reliefs   []CaseRelief `json:"reliefs,omitzero"`
	Flags     []string     `json:"flags,omitzero"`
}

// CaseStep is a step or a layer by name.
type CaseStep struct {
	Unit   string    `json:"unit"`
	Amount exact.Rat `json:"amount"`
}

// CaseOrigin is a reference by name.
type CaseOrigin struct {
	Unit  string    `json:"unit"`
	Value exact.Rat `json:"value"`
}

// CaseItem is an item with its owners by name, each once.
type CaseItem struct {
	Item  string   `json:"item"`
	Units []string `json:"units"`
}

// CaseRelief is an item somebody dropped.
type CaseRelief struct {
	Item string `json:"item"`
	Unit string `json:"unit"`
}

// FlagBaseMismatch is the one flag that arithmetic sets: the bases recorded in the line's group did not add up to what
// there was to pass on, and were scaled to it.
const FlagBaseMismatch = "BASE_MISMATCH"

// Attribute answers a case: for the lines it names, or for all. Its errors are those of NewMemory, and ErrNoLine or
// ErrTooDeep with the place named.
func Attribute(c Case) (Answer, error) {
	m, err := NewMemory(c)
	if err != nil {
		return Answer{}, err
	}
	places := c.At
	if places == nil {
		places = m.places()
	}
	answer := Answer{Results: make([]Result, 0, len(places))}
	work, room := maxAnswerWork, maxAnswer
	for _, p := range places {
		issuance, to, known := m.Find(p)
		if !known {
			return Answer{}, fmt.Errorf("issuance %.40q, line to %.40q: %w: correct the names in at", p.Issuance, p.Unit, ErrNoLine)
		}
		trace, spent, err := traceWithin(min(work, maxWork), m, m.kind, m.harder, issuance, to)
		if err != nil {
			return Answer{}, fmt.Errorf("issuance %.40q, line to %.40q: %w", p.Issuance, p.Unit, err)
		}
		work -= spent
		if room -= trace.size(); room < 0 {
			return Answer{}, fmt.Errorf("%w: the answer would have more than %d entries: name fewer lines in at", ErrTooDeep, maxAnswer)
		}
		answer.Results = append(answer.Results, m.result(p, trace))
	}
	answer.NodeAdditions, err = m.nodeAdditions()
	return answer, err
}

func (m *Memory) places() []Place {
	var places []Place
	for i := range m.issuances {
		for _, l := range m.issuances[i].lines {
			places = append(places, Place{m.issuances[i].id, m.units.all[l.to]})
		}
	}
	return places
}

func (m *Memory) nodeAdditions() (map[string]exact.Rat, error) {
	if m.kind != Divisible {
		return nil, nil
	}
	sums := map[string]exact.Rat{}
	for i := range m.issuances {
		if len(m.issuances[i].basis) == 0 {
			continue
		}
		sum, err := NodeAddition(m, int32(i))
		if err != nil {
			return nil, fmt.Errorf("issuance %q: %w", m.issuances[i].id, err)
		}
		sums[m.issuances[i].id] = sum
	}
	return sums, nil
}

func (t *Trace) size() int {
	n := 1 + len(t.Steps) + len(t.Layers) + len(t.Reliefs)
	for _, o := range t.Items {
		n += 1 + len(o.Owners)
	}
	return n
}

func (m *Memory) result(p Place, t Trace) Result {
	r := Result{Issuance: p.Issuance, Unit: p.Unit}
	switch m.kind {
	case Divisible:
		r.Value, r.Steps, r.Layers, r.Flags = &t.Value, m.steps(t.Steps), m.steps(t.Layers), []string{}
		if t.BaseMismatch {
			r.Flags = append(r.Flags, FlagBaseMismatch)
		}
	case Intensity:
		r.Value, r.Steps = &t.Value, m.steps(t.Steps)
		r.Reference = &CaseOrigin{m.units.all[t.Reference.Unit], t.Reference.Value}
	case Set:
		r.Items, r.Reliefs = make([]CaseItem, 0, len(t.Items)), make([]CaseRelief, 0, len(t.Reliefs))
		for _, o := range t.Items {
			r.Items = append(r.Items, CaseItem{m.items.all[o.Item], m.owners(o.Owners)})
		}
		for _, f := range t.Reliefs {
			r.Reliefs = append(r.Reliefs, CaseRelief{m.items.all[f.Item], m.units.all[f.By.Unit]})
		}
	}
	return r
}

func (m *Memory) steps(steps []Step) []CaseStep {
	named := make([]CaseStep, 0, len(steps))
	for _, s := range steps {
		named = append(named, CaseStep{m.units.all[s.Unit], s.Amount})
	}
	return named
}

func (m *Memory) owners(owners []Author) []string {
	named := make([]string, 0, len(owners))
	for _, o := range owners {
		if name := m.units.all[o.Unit]; !slices.Contains(named, name) {
			named = append(named, name)
		}
	}
	return named
}
