package view

import (
	"errors"
	"slices"
	"strconv"

	"suyuan/services/attribution"
	"suyuan/services/exact"
	"suyuan/services/ledger"
	"suyuan/services/mandate"
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
	Flags       []Flag
	AsOf        string
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
	Document   *Document
	Issuance   Issuance
	Events     []EventRef
}

// Traces answers for every line by which a mandate reached a unit, measure by
// measure. measure is a key or an id; empty takes them all.
func (r *Rows) Traces(mandateID, code, measure string, at AsOf) ([]Trace, error) {
	m, u := find(r.mandateAt, mandateID), r.unitOf(code)
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
		lines := r.linesOf(u, x, at)
		for _, line := range lines {
			t, err := r.trace(m, u, x, line, at)
			if err != nil {
				return nil, err
			}
			traces = append(traces, t)
		}
	}
	return traces, nil
}

// linesOf lists the lines in force that ask a unit for a measure, oldest first.
func (r *Rows) linesOf(u, measure int32, at AsOf) []int32 {
	var lines []int32
	for line := r.units[u].received; line != none; line = r.lines[line].next {
		if _, ok := r.amountIn(r.versionAt(line, at), measure); ok && r.inForce(r.lines[line].issuance, at) {
			lines = append(lines, line)
		}
	}
	slices.Reverse(lines)
	return lines
}

func (r *Rows) trace(m, u, measure, line int32, at AsOf) (Trace, error) {
	h := r.lines[line].issuance
	b := r.book(measure, at)
	got, err := attribution.TraceLine(b, r.kind(measure), r.harder(measure), h, u)
	if err != nil {
		return Trace{}, tooMuch(err)
	}
	t := Trace{
		Mandate: r.mandateValue(m), Unit: r.unitValue(u), Measure: r.measureValue(measure), Issuance: r.issuanceValue(h),
		Steps: []Step{}, Layers: []Step{}, Items: []SetItem{}, Reliefs: []Relief{}, AsOf: r.asOf(at),
	}
	path := r.chain(h, b)
	w := walk{r, b, path, u}
	switch r.kind(measure) {
	case attribution.Set:
		t.Items, t.Reliefs = w.items(got.Items), w.reliefs(got.Reliefs)
	case attribution.Intensity:
		t.Value = some(got.Value.String())
		t.Reference = &Reference{r.unitValue(got.Reference.Unit), got.Reference.Value.String(), r.documentPtr(r.issuances[got.Reference.Issuance].document), w.events(got.Reference.Issuance)}
		t.Steps = each(got.Steps, w.step)
	default:
		t.Value = some(got.Value.String())
		t.Steps, t.Layers = each(got.Steps, w.step), each(got.Layers, w.layer)
		if origin, ok := attribution.Originating(got.Layers); ok {
			t.Originating = r.unitPtr(origin)
		}
	}
	t.Provisional = slices.ContainsFunc(path, func(x int32) bool { return r.originOfRecord(x, b) })
	t.Flags = w.flags(line, got)
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

// chain lists the issuances above one, itself last, each once.
func (r *Rows) chain(h int32, b book) []int32 {
	var order []int32
	seen := map[int32]bool{}
	var up func(h int32)
	up = func(h int32) { // bounded: TraceLine has walked the same chain within its bounds
		if seen[h] {
			return
		}
		seen[h] = true
		for _, x := range b.Basis(h) {
			if _, ok := b.Line(x, r.issuances[h].issuer); ok {
				up(x)
			}
		}
		order = append(order, h)
	}
	up(h)
	return order
}

// originOfRecord: the issuer stands at the start for want of a recorded basis.
func (r *Rows) originOfRecord(h int32, b book) bool {
	return len(b.Basis(h)) == 0 && r.mandates[r.measures[b.measure].mandate].origin != r.issuances[h].issuer
}

// walk turns what attribution found along a path into what people read.
type walk struct {
	r    *Rows
	b    book
	path []int32
	to   int32
}

func (w walk) step(s attribution.Step) Step {
	out := w.plain(s)
	out.Ratio = stepRatio(s)
	origin := len(w.b.Basis(s.Issuance)) == 0
	switch sign := s.Amount.Sign(); {
	case origin && w.r.kind(w.b.measure) == attribution.Divisible:
		out.Kind = Origin
	case sign > 0:
		out.Kind = Adds
	case sign < 0:
		out.Kind = Relieves
	default:
		out.Kind = Unchanged
	}
	out.Authorised = out.Kind != Adds || w.authorised(s)
	return out
}

// layer is what is left of an addition: never a cut.
func (w walk) layer(s attribution.Step) Step {
	out := w.step(s)
	out.Ratio = nil
	return out
}

func (w walk) plain(s attribution.Step) Step {
	row := &w.r.issuances[s.Issuance]
	return Step{
		Unit: w.r.unitValue(s.Unit), Level: w.r.units[s.Unit].level, Amount: s.Amount.String(), Source: row.source,
		Document: w.r.documentPtr(row.document), Issuance: w.r.issuanceValue(s.Issuance), Events: w.events(s.Issuance),
	}
}

// authorised: the addition is covered by an approval that brought the means.
// Of divisible measures the whole group's addition counts, of intensities the
// step's.
func (w walk) authorised(s attribution.Step) bool {
	r := w.r
	if r.kind(w.b.measure) != attribution.Divisible {
		return r.coveredBy(s.Issuance, w.b.measure, true).Cmp(s.Amount) >= 0
	}
	addition, err := attribution.NodeAddition(w.b, s.Issuance)
	if err != nil {
		return false
	}
	return r.covered(r.groupOf(s.Issuance, w.b.measure), w.b.at).Cmp(addition) >= 0
}

// events of a figure: the issuance, its line along this path, its approval's
// paper speaks through the issuance itself.
func (w walk) events(h int32) []EventRef {
	ordinals := []uint64{w.r.issuances[h].made}
	for _, to := range w.receivers(h) {
		if line := w.r.lineTo(h, to); line != none {
			if v := w.r.versionAt(line, w.b.at); v != none {
				ordinals = append(ordinals, w.r.versions[v].event)
			}
		}
	}
	return w.r.eventRefs(ordinals...)
}

// receivers of an issuance along the path: the unit traced, or the issuers of
// what rests on it.
func (w walk) receivers(h int32) []int32 {
	if h == w.path[len(w.path)-1] {
		return []int32{w.to}
	}
	var to []int32
	for _, x := range w.path {
		if slices.Contains(w.r.issuances[x].basis, h) {
			to = append(to, w.r.issuances[x].issuer)
		}
	}
	return to
}

func (w walk) items(items []attribution.Owned) []SetItem {
	return each(items, func(o attribution.Owned) SetItem {
		out := SetItem{Item: w.r.items[o.Item], Units: []Unit{}, Documents: []Document{}}
		for _, a := range o.Owners {
			out.Units = append(out.Units, w.r.unitValue(a.Unit))
			if d := w.r.documentPtr(w.r.issuances[a.Issuance].document); d != nil {
				out.Documents = append(out.Documents, *d)
			}
			out.Events = append(out.Events, w.events(a.Issuance)...)
		}
		return out
	})
}

func (w walk) reliefs(reliefs []attribution.Relief) []Relief {
	return each(reliefs, func(x attribution.Relief) Relief {
		return Relief{w.r.items[x.Item], w.r.unitValue(x.By.Unit), w.r.documentPtr(w.r.issuances[x.By.Issuance].document), w.events(x.By.Issuance)}
	})
}

// demand is all that is asked of a unit of a divisible measure: the merge of
// its lines.
func (r *Rows) demand(u, measure int32, at AsOf) exact.Sum {
	var sum exact.Sum
	for _, line := range r.linesOf(u, measure, at) {
		a, _ := r.amountIn(r.versionAt(line, at), measure)
		sum.Add(a.value)
	}
	return sum
}

// isSum reports whether values of a measure add up.
func (r *Rows) isSum(measure int32) bool { return r.measures[measure].def.Kind == mandate.Divisible }
