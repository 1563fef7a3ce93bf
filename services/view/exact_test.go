package view

import (
	"fmt"
	"slices"

	"suyuan/services/exact"
	"suyuan/services/mandate"
	"suyuan/services/unit"
)

// sums holds the sums by level that are kept up to date against those found
// by walking, and against a reckoning from single answers.
func (h *history) sums(r *Rows) {
	h.Helper()
	for x := range r.measures {
		b := r.book(int32(x), Now)
		walked, err := b.addUp(none, b.beginnings(), len(r.lines))
		h.must(err)
		kept, naive := r.measures[x].levels, h.naive(r, int32(x))
		for l := range kept {
			k := face(kept[l])
			if w := face(walked[l]); k != w {
				h.Fatalf("%s, level %d: kept %s, walked %s", r.measures[x].id, l, k, w)
			}
			if n := face(naive[l]); k != n {
				h.Fatalf("%s, level %d: kept %s, naive %s", r.measures[x].id, l, k, n)
			}
		}
		h.below(r, b)
	}
}

// below holds what is remembered of what lies below a unit against walking
// there, and what is taken for now against walking at that moment.
func (h *history) below(r *Rows, b book) {
	h.Helper()
	past := r.book(b.measure, AsOf{Ordinal: r.position.Ordinal})
	for u := range r.units {
		tops := b.issuedBy(int32(u))
		walked, err := b.addUp(int32(u), tops, len(r.lines))
		h.must(err)
		then, err := past.addUp(int32(u), tops, len(r.lines))
		h.must(err)
		for range 2 { // found, then remembered
			found, err := b.levelsBelow(int32(u), tops)
			h.must(err)
			for l := range found {
				if f, w, p := face(found[l]), face(walked[l]), face(then[l]); f != w || f != p {
					h.Fatalf("below %s, level %d: %s, walked %s, at the last ordinal %s", r.units[u].code, l, f, w, p)
				}
			}
		}
	}
}

func face(l levelRow) string {
	return fmt.Sprintf("%d units, received %s, added %s, %d adding", l.units, l.received.String(), l.added.String(), l.adding)
}

// naive adds a measure up from the lines that units are shown to have
// received, and from traces.
func (h *history) naive(r *Rows, x int32) [unit.Levels]levelRow {
	var levels [unit.Levels]levelRow
	m := r.measures[x]
	type parcel struct {
		passed, received exact.Rat
		harder           bool
	}
	parcels := map[string]*parcel{}
	level := map[string]unit.Level{}
	at := func(i Issuance) *parcel { // nil where it rests on nothing
		key := i.Issuer.Code
		rests := false
		var bases []string
		for _, base := range r.Basis(i) {
			bases = append(bases, base.ID)
			rests = rests || len(asked(r, base, i.Issuer, r.mandates[m.mandate].id+"/")) > 0
		}
		slices.Sort(bases)
		key += fmt.Sprint(bases)
		if !rests {
			return nil
		}
		if parcels[key] == nil {
			parcels[key], level[key] = &parcel{received: receives(r, i, m.id)}, i.Issuer.Level
		}
		return parcels[key]
	}
	for n, u := range r.units {
		received, err := r.ReceivedBy(*r.Unit(u.code), "", whole)
		h.must(err)
		counted := false
		for _, got := range received.Items {
			if got.Measure.ID != m.id {
				continue
			}
			if !counted {
				counted = true
				levels[u.level].units++
			}
			if m.def.Kind == mandate.Divisible {
				levels[u.level].received.Add(decimal(*got.Value))
			}
			if p := at(got.Issuance); p != nil {
				p.harder = p.harder || h.adds(r, got, u.code)
				if m.def.Kind == mandate.Divisible {
					p.passed = p.passed.Add(rat(*got.Value))
				}
			}
		}
		for _, h := range r.issuedBy(int32(n)) {
			for _, k := range r.Retained(r.issuanceValue(h)) {
				if k.Measure.ID == m.id && r.inForce(h, Now) && k.Value != "0" {
					if p := at(r.issuanceValue(h)); p != nil {
						p.passed = p.passed.Add(rat(k.Value))
					}
				}
			}
		}
	}
	for key, p := range parcels {
		l := &levels[level[key]]
		if m.def.Kind == mandate.Divisible {
			added := p.passed.Sub(p.received)
			l.added, p.harder = l.added.Add(added), added.Sign() > 0
		}
		if p.harder {
			l.adding++
		}
	}
	return levels
}

func rat(s string) exact.Rat {
	v, err := exact.ParseRat(s)
	if err != nil {
		panic(err)
	}
	return v
}

// asked lists what an issuance asks of a unit of measures with a prefix, none
// where it does not count.
func asked(r *Rows, i Issuance, u Unit, prefix string) []Received {
	page, _ := r.ReceivedBy(u, "", whole)
	return slices.DeleteFunc(page.Items, func(g Received) bool {
		return g.Issuance.ID != i.ID || len(g.Measure.ID) < len(prefix) || g.Measure.ID[:len(prefix)] != prefix
	})
}

// receives is what an issuer got of a divisible measure by the bases of an
// issuance.
func receives(r *Rows, i Issuance, measure string) exact.Rat {
	var sum, most exact.Rat
	for _, base := range r.Basis(i) {
		for _, got := range asked(r, base, i.Issuer, measure) {
			if got.Measure.ID == measure && got.Value != nil {
				sum = sum.Add(rat(*got.Value))
				if v := rat(*got.Value); v.Cmp(most) > 0 {
					most = v
				}
			}
		}
	}
	for _, h := range r.groups[r.groupOf(i.h, r.measureAt.of(measure))].members {
		if r.inForce(h, Now) && r.issuances[h].merge[r.measureAt.of(measure)] == "strictest" {
			return most
		}
	}
	return sum
}

// adds asks the trace whether the issuer of a line made it harder.
func (h *history) adds(r *Rows, got Received, to string) bool {
	traces, err := r.Traces(got.Mandate.ID, to, got.Measure.Key, Now)
	h.must(err)
	for _, t := range traces {
		if t.Issuance.ID != got.Issuance.ID {
			continue
		}
		for _, item := range t.Items {
			for _, u := range item.Units {
				if u.Code == got.Issuance.Issuer.Code {
					return true
				}
			}
		}
		if n := len(t.Steps); n > 0 && r.StepIssuance(t.Steps[n-1]).ID == t.Issuance.ID {
			return rat(t.Steps[n-1].Amount).Sign() > 0
		}
	}
	return false
}

// steps add up to the value, exactly, and so do layers.
func (h *history) steps(r *Rows) {
	h.Helper()
	for _, m := range r.mandates {
		for _, u := range r.units {
			traces, err := r.Traces(m.id, u.code, "", Now)
			h.must(err)
			for _, t := range traces {
				h.addsUp(t)
			}
		}
	}
}

func (h *history) addsUp(t Trace) {
	h.Helper()
	var steps, layers exact.Rat
	for _, s := range t.Steps {
		steps = steps.Add(rat(s.Amount))
	}
	for _, l := range t.Layers {
		layers = layers.Add(rat(l.Amount))
		if rat(l.Amount).Sign() <= 0 {
			h.Fatalf("a layer of %s", l.Amount)
		}
	}
	switch t.Measure.Kind {
	case mandate.Set:
		return
	case mandate.Intensity:
		if t.Measure.Harder == "lower" {
			steps = steps.Neg()
		}
		steps = steps.Add(rat(t.Reference.Value))
	default:
		if !layers.Equal(rat(*t.Value)) {
			h.Fatalf("%s to %s: layers come to %s of %s", t.Issuance.ID, t.Unit.Code, layers.String(), *t.Value)
		}
	}
	if !steps.Equal(rat(*t.Value)) {
		h.Fatalf("%s to %s: steps come to %s of %s", t.Issuance.ID, t.Unit.Code, steps.String(), *t.Value)
	}
}
