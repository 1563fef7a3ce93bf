package view

import (
	"errors"
	"slices"

	"suyuan/services/attribution"
)

// cases tells every cascade as a document to the command line's arithmetic
// and compares.
func (h *history) cases(r *Rows) {
	h.Helper()
	for x, m := range r.measures {
		c := asCase(r, int32(x))
		if len(c.At) == 0 || overlapping(r, m.groups) {
			continue
		}
		answer, err := attribution.Attribute(c)
		if errors.Is(err, attribution.ErrCase) { // an amendment above left less than what is kept
			continue
		}
		h.must(err)
		for i, place := range c.At {
			traces, err := r.Traces(r.mandates[m.mandate].id, place.Unit, m.def.Key, Now)
			h.must(err)
			at := slices.IndexFunc(traces, func(t Trace) bool { return t.Issuance.ID == place.Issuance })
			if got, want := faceOf(traces[at]), faceOfResult(answer.Results[i]); got != want {
				h.Fatalf("%s, %+v:\nview      %s\nattribute %s", m.id, place, got, want)
			}
		}
	}
}

// overlapping: two issuances were decided at the same moment on bases that
// share a part. The view keeps them apart and flags them.
func overlapping(r *Rows, groups []int32) bool {
	type claim struct{ issuer, basis int32 }
	seen := map[claim]bool{}
	for _, g := range groups {
		for _, x := range r.groups[g].basis {
			c := claim{r.groups[g].issuer, x}
			if seen[c] {
				return true
			}
			seen[c] = true
		}
	}
	return false
}

func asCase(r *Rows, x int32) attribution.Case {
	m := &r.measures[x]
	b := r.book(x, Now)
	c := attribution.Case{Kind: string(m.def.Kind), Harder: m.def.Harder}
	for h := range r.issuances {
		h := int32(h)
		if !r.inForce(h, Now) {
			continue
		}
		row := &r.issuances[h]
		i := attribution.CaseIssuance{ID: row.id, Issuer: r.code(row.issuer), Merge: row.merge[x], Lines: []attribution.CaseLine{}}
		for _, base := range b.Basis(h) {
			i.Basis = append(i.Basis, r.issuances[base].id)
		}
		for _, k := range row.retained {
			if k.measure == x {
				i.Retained = k.value.String()
			}
		}
		for line := range r.linesIn(h) {
			if a, ok := r.amountIn(r.lines[line].version, x); ok {
				to := r.code(r.lines[line].to)
				l := attribution.CaseLine{To: to}
				if a.list != none {
					l.Items = r.itemNames(a)
				} else {
					l.Value = r.rat(a).String()
				}
				if a.hasBase {
					l.Base = a.base.String()
				}
				i.Lines = append(i.Lines, l)
				c.At = append(c.At, attribution.Place{Issuance: row.id, Unit: to})
			}
		}
		c.Issuances = append(c.Issuances, i)
	}
	return c
}

func faceOf(t Trace) string {
	s := ""
	if t.Reference != nil {
		s += t.Reference.Unit.Code + "=" + t.Reference.Value + " "
	}
	for _, x := range t.Steps {
		s += x.Unit.Code + "=" + x.Amount + " "
	}
	s += "| "
	for _, x := range t.Layers {
		s += x.Unit.Code + "=" + x.Amount + " "
	}
	for _, x := range t.Items {
		s += x.Item + ":"
		for _, u := range x.Units {
			s += u.Code + "+"
		}
	}
	for _, x := range t.Reliefs {
		s += " -" + x.Item + ":" + x.Unit.Code
	}
	return s
}

func faceOfResult(t attribution.Result) string {
	s := ""
	if t.Reference != nil {
		s += t.Reference.Unit + "=" + t.Reference.Value.String() + " "
	}
	for _, x := range t.Steps {
		s += x.Unit + "=" + x.Amount.String() + " "
	}
	s += "| "
	for _, x := range t.Layers {
		s += x.Unit + "=" + x.Amount.String() + " "
	}
	for _, x := range t.Items {
		s += x.Item + ":"
		for _, u := range x.Units {
			s += u + "+"
		}
	}
	for _, x := range t.Reliefs {
		s += " -" + x.Item + ":" + x.Unit
	}
	return s
}
