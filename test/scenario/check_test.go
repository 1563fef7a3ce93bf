package scenario

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"suyuan/seeds"
	"suyuan/services/graph"
)

// check holds one expectation against the graph.
func (w *world) check(t *testing.T, i int, e seeds.Expectation) {
	t.Helper()
	var got, want any
	switch {
	case e.Trace != nil:
		got, want = w.traced(t, *e.Trace), []seeds.Trace{*e.Trace}
	case e.Set != nil:
		got, want = w.set(t, e.Set.Place), []seeds.Set{*e.Set}
	case e.NodeAddition != nil:
		got, want = w.addition(t, e.NodeAddition.Place), []seeds.Addition{*e.NodeAddition}
	case e.Objection != nil:
		got, want = w.objections(t, *e.Objection), []seeds.Objection{*e.Objection}
	case e.Handoff != nil:
		got, want = w.handoff(t, *e.Handoff), []seeds.Handoff{*e.Handoff}
	case e.Finding != nil:
		got, want = w.finding(t, e.Finding.ID, e.Finding.By), *e.Finding
	case e.Query != nil:
		var variables map[string]any
		if e.Query.Variables != nil {
			must(t, json.Unmarshal(e.Query.Variables, &variables))
		}
		must(t, json.Unmarshal(e.Query.Answer, &want))
		w.ask(t, e.Query.Text, variables, &got)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("expect[%d]:\n got %s\nwant %s", i, show(got), show(want))
	}
}

func show(v any) string {
	b, _ := json.Marshal(v) // plain values
	return string(b)
}

type code struct{ Code string }

type flag struct{ Code string }

type part struct {
	Unit   code
	Amount string
	Ratio  string
}

type item struct {
	Item  string
	Unit  code
	Units []code
}

type trace struct {
	Measure     struct{ ID string }
	Value       string
	Provisional bool
	Reference   *struct {
		Unit  code
		Value string
	}
	Steps, Layers  []part
	Originating    *code
	Items, Reliefs []item
	Flags          []flag
}

// traces asks for all traces of one measure at one unit.
func (w *world) traces(t *testing.T, at seeds.Place) []trace {
	t.Helper()
	var answer struct{ Trace []trace }
	w.ask(t, `query($m: ID!, $u: ID!, $k: ID) { trace(mandate: $m, unit: $u, measure: $k) {
		measure { id } value provisional reference { unit { code } value }
		steps { unit { code } amount ratio } layers { unit { code } amount ratio } originating { code }
		items { item units { code } } reliefs { item unit { code } } flags { code }
	} }`, map[string]any{"m": at.Mandate, "u": at.Unit, "k": at.Measure}, &answer)
	return answer.Trace
}

func (w *world) traced(t *testing.T, want seeds.Trace) []seeds.Trace {
	t.Helper()
	var out []seeds.Trace
	for _, got := range w.traces(t, want.Place) {
		one := seeds.Trace{
			Place: seeds.Place{Mandate: want.Mandate, Unit: want.Unit, Measure: got.Measure.ID},
			Value: got.Value, Steps: parts(got.Steps), Flags: flags(got.Flags), Provisional: got.Provisional,
		}
		if got.Reference != nil {
			one.Reference = &seeds.Part{Unit: got.Reference.Unit.Code, Amount: got.Reference.Value}
		}
		if want.Layers != nil { // said only where it is the point
			one.Layers = parts(got.Layers)
		}
		if got.Originating != nil {
			one.Originating = got.Originating.Code
		}
		out = append(out, one)
	}
	return out
}

func (w *world) set(t *testing.T, at seeds.Place) []seeds.Set {
	t.Helper()
	var out []seeds.Set
	for _, got := range w.traces(t, at) {
		one := seeds.Set{Place: at, Items: []seeds.Item{}, Flags: flags(got.Flags), Provisional: got.Provisional}
		for _, x := range got.Items {
			one.Items = append(one.Items, seeds.Item{Item: x.Item, Units: codes(x.Units)})
		}
		for _, x := range got.Reliefs {
			one.Reliefs = append(one.Reliefs, seeds.Item{Item: x.Item, Units: []string{x.Unit.Code}})
		}
		out = append(out, one)
	}
	return out
}

func (w *world) addition(t *testing.T, at seeds.Place) []seeds.Addition {
	t.Helper()
	var answer struct {
		Unit struct {
			Added []struct {
				Mandate, Measure                              struct{ ID string }
				Received, PassedDown, Retained, Amount, Ratio string
			}
		}
	}
	w.ask(t, `query($u: ID!) { unit(code: $u) { added(first: 200) { mandate { id } measure { id } received passedDown retained amount ratio } } }`, map[string]any{"u": at.Unit}, &answer)
	var out []seeds.Addition
	for _, a := range answer.Unit.Added {
		if a.Mandate.ID == at.Mandate && a.Measure.ID == at.Measure {
			out = append(out, seeds.Addition{Place: at, Received: a.Received, PassedDown: a.PassedDown, Retained: a.Retained, Amount: a.Amount, Ratio: a.Ratio})
		}
	}
	return out
}

func (w *world) objections(t *testing.T, want seeds.Objection) []seeds.Objection {
	t.Helper()
	var answer struct {
		Objections []struct {
			Ground, State     string
			OwedBy, DecidedBy code
		}
	}
	w.ask(t, `query($u: ID!, $m: ID!) { objections(unit: $u, mandate: $m) { ground state owedBy { code } decidedBy { code } } }`, map[string]any{"u": want.Unit, "m": want.Mandate}, &answer)
	var out []seeds.Objection
	for _, o := range answer.Objections {
		out = append(out, seeds.Objection{Mandate: want.Mandate, Unit: want.Unit, Ground: o.Ground, State: o.State, OwedBy: o.OwedBy.Code, DecidedBy: o.DecidedBy.Code})
	}
	return out
}

func (w *world) handoff(t *testing.T, want seeds.Handoff) []seeds.Handoff {
	t.Helper()
	var answer struct {
		Handoffs []struct {
			ID, State string
			From, To  code
			Flags     []flag
		}
	}
	w.ask(t, `query($u: ID!) { handoffs(unit: $u) { id state from { code } to { code } flags { code } } }`, map[string]any{"u": want.To}, &answer)
	var out []seeds.Handoff
	for _, h := range answer.Handoffs {
		if h.ID == want.ID {
			out = append(out, seeds.Handoff{ID: h.ID, From: h.From.Code, To: h.To.Code, State: h.State, Flags: flags(h.Flags)})
		}
	}
	return out
}

// finding is nothing where who looks, nil for the public, cannot read it.
func (w *world) finding(t *testing.T, id string, by *seeds.By) seeds.Finding {
	t.Helper()
	var answer struct {
		Finding *struct {
			ID, Stage string
			Shares    []struct {
				Name   string
				Points int64
			}
			Originating code
			Mirrors     []struct {
				Unit  code
				State string
			}
		}
	}
	ctx := t.Context()
	if by != nil {
		ctx = graph.WithViewer(ctx, by.Actor(), "en")
	}
	w.askAs(ctx, t, `query($id: ID!) { finding(id: $id) { id stage shares { name points } originating { code } mirrors { unit { code } state } } }`, map[string]any{"id": id}, &answer)
	f := answer.Finding
	if f == nil {
		return seeds.Finding{}
	}
	out := seeds.Finding{ID: f.ID, By: by, Stage: f.Stage, Shares: map[string]int64{}, Originating: f.Originating.Code, Mirrors: map[string]string{}}
	for _, x := range f.Shares {
		out.Shares[x.Name] += x.Points
	}
	for _, m := range f.Mirrors {
		out.Mirrors[m.Unit.Code] = m.State
	}
	return out
}

func parts(list []part) []seeds.Part {
	out := []seeds.Part{}
	for _, p := range list {
		out = append(out, seeds.Part{Unit: p.Unit.Code, Amount: p.Amount, Ratio: p.Ratio})
	}
	return out
}

func codes(list []code) []string {
	out := []string{}
	for _, c := range list {
		out = append(out, c.Code)
	}
	return out
}

// flags are codes, each once, in the order of the alphabet.
func flags(list []flag) []string {
	out := []string{}
	for _, f := range list {
		out = append(out, f.Code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
