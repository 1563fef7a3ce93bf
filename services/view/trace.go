package view

import (
	"errors"
	"slices"
	"strconv"

	"suyuan/services/attribution"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate/issuance"
	"suyuan/services/unit"
)

// Trace is what one line asks of a unit and who added which part.
type Trace struct {
	Mandate     Mandate
	Unit        Unit
	Measure     Measure
	Issuance    Issuance
	Value       *string
	Provisional bool
	Reference   *Reference
	Steps       []Step
	Layers      []Step
	Originating *Unit
	Items       []SetItem
	Reliefs     []Relief
	AsOf        string

	// what TraceFlags looks at
	line  int32
	at    AsOf
	path  []int32
	steps []attribution.Step
}

// TraceFlags are what is out of order along a trace: the flags of every
// issuance on its path, upstream first, then those of the receiver's own line.
func (r *Rows) TraceFlags(t Trace) []Flag {
	return walk{r, r.book(t.Measure.h, t.at), t.path, t.line}.flags(t.steps)
}

// Reference is where an intensity began.
type Reference struct {
	Unit     Unit
	Value    string
	Document *Document
	Events   []EventRef
}

// SetItem is an item with the units that began asking for it.
type SetItem struct {
	Item      string
	Units     []Unit
	Documents []Document
	Events    []EventRef
}

// Relief is an item that a unit dropped.
type Relief struct {
	Item     string
	Unit     Unit
	Document *Document
	Events   []EventRef
}

// StepKind says what a unit did with what it received.
type StepKind string

// The kinds of step.
const (
	Origin    StepKind = "origin"
	Adds      StepKind = "addition"
	Unchanged StepKind = "unchanged"
	Relieves  StepKind = "relief"
)

// Step is one unit's part in a demand.
type Step struct {
	Unit       Unit
	Level      unit.Level
	Amount     string
	Ratio      *string
	Kind       StepKind
	Authorised bool
	Source     issuance.Source
	Events     []EventRef
	issuance   int32
	at         *AsOf
}

// StepIssuance is the issuance by which a unit took its step.
func (r *Rows) StepIssuance(s Step) Issuance { return r.issuanceThen(s.issuance, s.at.then()) }

// StepDocument is that issuance's paper.
func (r *Rows) StepDocument(s Step) *Document {
	return r.documentThen(r.issuances[s.issuance].document, s.at.then())
}

// Traces answers for every line by which a mandate reached a unit, measure by
// measure. measure is a key or an id; empty takes them all.
func (r *Rows) Traces(mandateID, code, measure string, at AsOf) ([]Trace, error) {
	m, u := r.mandateAt.of(mandateID), r.unitOf(code)
	if m == none {
		return nil, ledger.Errorf(ledger.NotFound, "mandate.unknown", "没有编号为“%s”的任务。", "There is no mandate %q.", mandateID).At("mandate")
	}
	if u == none {
		return nil, ledger.Errorf(ledger.NotFound, "unit.unknown", "没有代码为“%s”的单位。", "There is no unit %q.", code).At("unit")
	}
	traces := []Trace{}
	for _, x := range r.mandates[m].measures {
		if measure != "" && r.measures[x].def.Key != measure && r.measures[x].id != measure {
			continue
		}
		b := r.book(x, at)
		for _, line := range b.linesOf(u) {
			t, err := b.trace(line)
			if err != nil {
				return nil, err
			}
			traces = append(traces, t)
		}
	}
	return traces, nil
}

// linesOf lists the lines in force that ask a unit for a measure, oldest first.
func (b book) linesOf(u int32) []int32 {
	r := b.rows
	var lines []int32
	for line := range r.asking(u, b.measure) {
		if _, ok := b.amountOf(line); ok && r.inForce(r.lines[line].issuance, b.at) {
			lines = append(lines, line)
		}
	}
	slices.Reverse(lines)
	return lines
}

func (b book) trace(line int32) (Trace, error) {
	b.known = &bases{}
	r, h, u := b.rows, b.rows.lines[line].issuance, b.rows.lines[line].to
	got, err := attribution.TraceLine(b, r.kind(b.measure), r.harder(b.measure), h, u)
	if err != nil {
		return Trace{}, tooMuch(err)
	}
	t := Trace{
		Mandate: r.mandateThen(r.measures[b.measure].mandate, b.at), Unit: r.unitThen(u, b.at), Measure: r.measureValue(b.measure), Issuance: r.issuanceThen(h, b.at),
		Steps: []Step{}, Layers: []Step{}, Items: []SetItem{}, Reliefs: []Relief{}, AsOf: r.asOf(b.at),
	}
	w := newWalk(b, got, line)
	switch r.kind(b.measure) {
	case attribution.Set:
		t.Items, t.Reliefs = w.items(got.Items), w.reliefs(got.Reliefs)
	case attribution.Intensity:
		t.Value = some(got.Value.String())
		t.Reference = &Reference{r.unitThen(got.Reference.Unit, b.at), got.Reference.Value.String(), r.documentThen(r.issuances[got.Reference.Issuance].document, b.at), w.events(got.Reference.Issuance)}
		t.Steps = each(got.Steps, w.step)
	default:
		t.Value = some(got.Value.String())
		t.Steps = each(got.Steps, w.step)
		t.Layers = each(got.Layers, func(l attribution.Step) Step { return layer(l, t.Steps) })
		if origin, ok := attribution.Originating(got.Layers); ok {
			began := r.unitThen(origin, b.at)
			t.Originating = &began
		}
	}
	t.Provisional = slices.ContainsFunc(w.path, b.originOfRecord)
	t.line, t.at, t.path, t.steps = line, b.at, w.path, got.Steps
	return t, nil
}

// asOf is the ordinal an answer was read at.
func (r *Rows) asOf(at AsOf) string {
	if at.Ordinal != 0 && at.Ordinal < r.position.Ordinal {
		return strconv.FormatUint(at.Ordinal, 10)
	}
	return r.ordinal()
}

func tooMuch(err error) error {
	if errors.Is(err, attribution.ErrTooDeep) || errors.Is(err, attribution.ErrCycle) {
		return ledger.Errorf(ledger.Refused, "trace.too_deep", "这条链条过长或有循环，无法逐级溯源；请核查依据关系。", "This chain is too long or circular to trace; check what rests on what.").Because(err)
	}
	return err
}

// originOfRecord: the issuer stands at the start for want of a recorded basis.
func (b book) originOfRecord(h int32) bool {
	return len(b.Basis(h)) == 0 && b.rows.mandates[b.rows.measures[b.measure].mandate].origin != b.rows.issuances[h].issuer
}

// demand is all that is asked of a unit of a divisible measure: the merge of
// its lines, with the events it rests on.
func (b book) demand(u int32) (sum exact.Sum, events []uint64) {
	for _, line := range b.linesOf(u) {
		v := b.rows.versionAt(line, b.at)
		a, _ := b.rows.amountIn(v, b.measure)
		sum.Add(a.value)
		events = append(events, b.rows.issuances[b.rows.lines[line].issuance].made, b.rows.versions[v].event)
	}
	return sum, events
}
